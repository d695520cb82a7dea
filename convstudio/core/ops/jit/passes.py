"""One pass over numbers, to be made machine code: the memory is then all that it waits for.

A large result is written around the cache: it would not stay there, and the processor would read each line before it
writes it. Other programs keep their lines, and a third less is moved.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convstudio.core.ops.jit.crew import make_all, parts
from convstudio.core.ops.jit.native import (
    ADDRESS,
    COUNT,
    NUMBER,
    Code,
    Processor,
    every,
    made,
    spread,
    written_out,
)
from convstudio.core.stopping import check
from convstudio.core.threads import cut

Numbers = NDArray[np.float32]
AT_ONCE = 2**24  # numbers of one bout, between which work can be given up
LEAST = 2**17  # numbers of a part that is worth handing over
VECTORS = 2  # at a time
SINGLE = re.compile(r"%(?!factor|addend)([\w.]+)")  # what each vector of a pass has its own of
LARGE = 2_000_000  # numbers that are written around the cache: 8 MB

# In LLVM's language. `%made` goes to `%to`, around the cache if it may; the next one after `%i.wanted` begins where a
# line of the cache does, seen from `%out.at`. So do all vectors but the first and the last; these lie over others.
STORED = """
  %to.at = ptrtoint ptr %to to i64
  %to.rest = and i64 %to.at, $rest
  %to.is.aligned = icmp eq i64 %to.rest, 0
  %is.around = and i1 %to.is.aligned, %may.around
  br i1 %is.around, label %around, label %through

around:
  store $vector %made, ptr %to, align $bytes, !nontemporal !0
  br label %written

through:
  store $vector %made, ptr %to, align 4
  br label %written

written:
  %i.bytes = shl i64 %i.wanted, 2
  %i.at = add i64 %out.at, %i.bytes
  %i.rest = and i64 %i.at, $rest
  %i.over = lshr i64 %i.rest, 2
  %i.after = add i64 %i.wanted, $lanes
  %i.next = sub i64 %i.after, %i.over
"""
# Between the first vector and the last several are taken at a time: counting costs about as much as computing.
LOOP = """
define void @run(ptr noalias %out, ptr noalias %in, i64 %count, float %factor.number, float %addend.number,
    i64 %wants.around) {
start:
  %out.at = ptrtoint ptr %out to i64
  %may.around = icmp ne i64 %wants.around, 0
  %last = sub i64 %count, $lanes
  %last.several = sub i64 %count, $numbers
SPREAD
  br label %one

one:
  %i.wanted = phi i64 [0, %start], [%left, %few]
  %i = call i64 @llvm.smin.i64(i64 %i.wanted, i64 %last)
  %from = getelementptr float, ptr %in, i64 %i
  %x = load $vector, ptr %from, align 4
ONE
  %to = getelementptr float, ptr %out, i64 %i
STORED
  br label %between

between:
  %left = phi i64 [%i.next, %written], [%i.far, %several.written]
  %is.several = icmp sle i64 %left, %last.several
  br i1 %is.several, label %several, label %few

few:
  %is.more = icmp slt i64 %left, %count
  br i1 %is.more, label %one, label %end

several:
  %from.left = getelementptr float, ptr %in, i64 %left
  %to.left = getelementptr float, ptr %out, i64 %left
v  %from.$v = getelementptr $vector, ptr %from.left, i64 $v
v  %x.$v = load $vector, ptr %from.$v, align 4
SEVERAL
v  %to.$v = getelementptr $vector, ptr %to.left, i64 $v
  %i.far = add i64 %left, $numbers
  br i1 %may.around, label %several.around, label %several.through

several.around:
v  store $vector %made.$v, ptr %to.$v, align $bytes, !nontemporal !0
  br label %several.written

several.through:
v  store $vector %made.$v, ptr %to.$v, align 4
  br label %several.written

several.written:
  br label %between

end: ; what was written around the cache is there for other threads
  fence seq_cst
  ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare $vector @llvm.fabs.$kind($vector)
declare i64 @llvm.smin.i64(i64, i64)
!0 = !{i32 1}
"""
AFFINE = """
  %made = call $vector @llvm.fma.$kind($vector %x, $vector %factor, $vector %addend)
"""


def one_pass(found: Processor, body: str, words: Mapping[str, float]) -> Code:
    """The pass that makes `%made` of `%x`, of `%factor` and `%addend`.

    Its arguments are where to write, where to read, how many numbers (a vector at least), the factor, the addend, and
    whether to write around the cache.
    """
    lanes = found.lanes
    known = {name: every(lanes, value) for name, value in words.items()} | {"bytes": 4 * lanes, "rest": 4 * lanes - 1}
    kinds = ADDRESS, ADDRESS, COUNT, NUMBER, NUMBER, COUNT
    several = "\n".join(SINGLE.sub(rf"%\1.{v}", body) for v in range(VECTORS))
    text = LOOP.replace("SPREAD", spread("factor", "addend")).replace("STORED", STORED)
    text = text.replace("ONE", body).replace("SEVERAL", several)
    return made(written_out(text, lanes, known | {"numbers": VECTORS * lanes}, {"v": VECTORS}), *kinds)


@cache
def affine(found: Processor) -> Code:
    """factor · input + addend, rounded once."""
    return one_pass(found, AFFINE, {})


def over(
    code: Code, given: Numbers, out: Numbers, found: Processor, factor: float, addend: float = 0.0, large: int = LARGE
) -> None:
    """Take one pass, on all cores where there are many numbers.

    Parameters
    ----------
    code
        What `one_pass` made for the processor `found`.
    given, out
        (count,) numbers each, which share no memory.
    factor, addend
        What the pass may use.
    large
        From how many numbers on the result is written around the cache.
    """
    count, to, source = given.size, out.ctypes.data, given.ctypes.data
    if count < found.lanes:
        room = np.zeros((2, found.lanes), np.float32)
        room[0, :count] = given
        over(code, room[0], room[1], found, factor, addend, large)
        out[:] = room[1, :count]
        return
    for begin in range(0, count, AT_ONCE):
        check()
        end = count if count - begin < 2 * AT_ONCE else begin + AT_ONCE
        edges = cut(begin, end, parts(end - begin, LEAST))
        make_all(
            [
                [code.call(to + 4 * start, source + 4 * start, stop - start, factor, addend, int(count >= large))]
                for start, stop in pairwise(edges)
            ]
        )
        if end == count:
            break
