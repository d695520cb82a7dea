"""What one changed weight adds to a plane, to be made machine code: factor · another plane, shifted under it.

Rows are gone through from end to end, with what stands in the padding beside the shifted ones: it lies in the same
lines of the cache, which large results are written around, as by `passes`.
"""

from functools import cache

from convstudio.core.ops.jit.native import (
    ADDRESS,
    COUNT,
    NUMBER,
    Code,
    Processor,
    made,
    spread,
    written_out,
)
from convstudio.core.ops.jit.passes import STORED

# In LLVM's language; l counts the numbers of a vector whose sources do not all lie side by side. A source before the
# first is a zero of the padding, which adds nothing. The last vector of a row may lie over the one before.
LOOP = """
define void @run(ptr noalias %out, ptr noalias %before, ptr noalias %in, i64 %in.row, ptr noalias %sources.down,
    ptr noalias %sources.across, i64 %rows, i64 %columns, i64 %start, i64 %stop, float %factor.number,
    i64 %wants.around) {
begin:
   %apart.at = alloca $vector, align $bytes
l  %apart.at.$l = getelementptr float, ptr %apart.at, i64 $l
   %may.around = icmp ne i64 %wants.around, 0
   %last = sub i64 %columns, $lanes
SPREAD
   br label %row

row:
   %y = phi i64 [0, %begin], [%y.next, %row.end]
   %skip = mul i64 %y, %columns
   %out.y = getelementptr float, ptr %out, i64 %skip
   %out.at = ptrtoint ptr %out.y to i64
   %before.y = getelementptr float, ptr %before, i64 %skip
   %down.at = getelementptr i64, ptr %sources.down, i64 %y
   %down = load i64, ptr %down.at
   %is.above = icmp slt i64 %down, 0
   %down.used = call i64 @llvm.smax.i64(i64 %down, i64 0)
   %in.skip = mul i64 %down.used, %in.row
   %in.y = getelementptr float, ptr %in, i64 %in.skip
   br label %some

some:
   %i.wanted = phi i64 [0, %row], [%i.next, %written]
   %i = call i64 @llvm.smin.i64(i64 %i.wanted, i64 %last)
   %known.at = getelementptr float, ptr %before.y, i64 %i
   %known = load $vector, ptr %known.at, align 4
   br i1 %is.above, label %chosen, label %read

read:
   %across.at = getelementptr i64, ptr %sources.across, i64 %i
   %i.end = add i64 %i, $lanes
   %is.started = icmp sge i64 %i, %start
   %is.going.on = icmp sle i64 %i.end, %stop
   %is.together = and i1 %is.started, %is.going.on
   br i1 %is.together, label %together, label %apart

together:
   %across = load i64, ptr %across.at
   %together.at = getelementptr float, ptr %in.y, i64 %across
   %number.together = load $vector, ptr %together.at, align 4
   %sum.together = call $vector @llvm.fma.$kind($vector %number.together, $vector %factor, $vector %known)
   br label %chosen

apart:
l  %across.at.$l = getelementptr i64, ptr %across.at, i64 $l
l  %across.$l = load i64, ptr %across.at.$l
l  %across.used.$l = call i64 @llvm.smax.i64(i64 %across.$l, i64 0)
l  %number.at.$l = getelementptr float, ptr %in.y, i64 %across.used.$l
l  %number.$l = load float, ptr %number.at.$l
l  store float %number.$l, ptr %apart.at.$l
   %number.apart = load $vector, ptr %apart.at, align $bytes
   %sum.apart = call $vector @llvm.fma.$kind($vector %number.apart, $vector %factor, $vector %known)
   %places = load <$lanes x i64>, ptr %across.at, align 8
   %is.inside = icmp sge <$lanes x i64> %places, zeroinitializer
   %sum.inside = select $bits %is.inside, $vector %sum.apart, $vector %known
   br label %chosen

chosen:
   %made = phi $vector [%known, %some], [%sum.together, %together], [%sum.inside, %apart]
   %to = getelementptr float, ptr %out.y, i64 %i
STORED
   %is.row = icmp slt i64 %i.next, %columns
   br i1 %is.row, label %some, label %row.end

row.end:
   %y.next = add i64 %y, 1
   %is.more = icmp slt i64 %y.next, %rows
   br i1 %is.more, label %row, label %end

end: ; what was written around the cache is there for other threads
   fence seq_cst
   ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
!0 = !{i32 1}
"""


@cache
def shifted_sum(found: Processor) -> Code:
    """The loop for a processor: factor · shifted input + what was before, rounded once.

    Its arguments are where to write, where what was before lies, the input and how long its rows are; the row and the
    column of the input (int64) that each row and column of the output reads, below 0 for none; rows, columns (a vector
    at least); the first column from which on sources lie side by side, and the one before which they end; the factor;
    and whether to write around the cache.
    """
    lanes = found.lanes
    kinds = ADDRESS, ADDRESS, ADDRESS, COUNT, ADDRESS, ADDRESS, COUNT, COUNT, COUNT, COUNT, NUMBER, COUNT
    text = LOOP.replace("SPREAD", spread("factor")).replace("STORED", STORED)
    return made(written_out(text, lanes, {"bytes": 4 * lanes, "rest": 4 * lanes - 1}, {"l": lanes}), *kinds)
