"""Changed weights added to an output: factor · an input plane, shifted, for each of them.

The loop goes through whole rows, with what stands in the padding beside the shifted plane: both lie in the same cache
lines, to which large results are written by non-temporal stores, as in `elementwise`.
"""

from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from convstudio.core import buffers
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops.jit import elementwise
from convstudio.core.ops.jit.elementwise import STORE
from convstudio.core.ops.jit.llvm import (
    ADDRESS,
    COUNT,
    NUMBER,
    Code,
    Processor,
    broadcast,
    compile_code,
    fill_template,
)
from convstudio.core.ops.jit.thread_pool import run_all
from convstudio.core.ops.strips import PlaneStrip
from convstudio.core.ops.updates import TapSources, Update, plane_strips, tap_sources

Planes = NDArray[np.float32]


def updated(
    old: Planes, out: Planes, x: Planes, updates: Sequence[Update], window: SlidingWindow, cpu: Processor
) -> None:
    """Fill `out` with the updated planes of `old`: each strip by one call after the other.

    No call may write where it reads, so they alternate between two buffers.
    """
    (_, height, width), (_, x_height, x_width) = old.shape, x.shape
    shifted, rescaled = shifted_sum(cpu), elementwise.affine(cpu)
    is_chain = any(len(update.taps) + update.rescales > 1 for update in updates)
    between = buffers.empty(old.shape) if is_chain else out
    targets = out.ctypes.data, between.ctypes.data
    is_large = int(old.size >= elementwise.LARGE)
    sources: list[TapSources] = []  # held until the calls that read them are done

    def calls(strip: PlaneStrip) -> Iterator[bytes]:
        update, count = updates[strip.plane], strip.bottom - strip.top
        skip = 4 * (strip.plane * height + strip.top) * width
        before, left = old.ctypes.data + skip, len(update.taps)
        if update.rescales or not left:
            to, is_nontemporal = targets[left % 2] + skip, is_large and not left
            yield rescaled.call(to, before, count * width, update.scale, update.offset, is_nontemporal)
            before = to
        for tap in update.taps:
            left -= 1
            to, is_nontemporal = targets[left % 2] + skip, is_large and not left
            down = tap_sources(window, 0, tap.row, height, x_height)
            across = tap_sources(window, 1, tap.column, width, x_width)
            sources.extend((down, across))
            yield shifted.call(
                to, before, x[tap.source].ctypes.data, x_width, down.address + 8 * strip.top, across.address,
                count, width, across.start, across.stop, tap.amount, is_nontemporal,
            )  # fmt: skip
            before = to

    run_all([list(calls(strip)) for strip in plane_strips(old)])


# In LLVM's language; l counts the lanes of a vector whose sources do not all lie side by side. A source before the
# first is a zero of the padding, which adds nothing. The last vector of a row may overlap with the one before.
LOOP = """
define void @run(ptr noalias %out, ptr noalias %before, ptr noalias %in, i64 %in.row, ptr noalias %sources.down,
    ptr noalias %sources.across, i64 %rows, i64 %columns, i64 %start, i64 %stop, float %factor.number,
    i64 %asks.nontemporal) {
begin:
   %apart.at = alloca $vector, align $bytes
l  %apart.at.$l = getelementptr float, ptr %apart.at, i64 $l
   %may.bypass = icmp ne i64 %asks.nontemporal, 0
   %last = sub i64 %columns, $lanes
BROADCAST
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
   br label %vector

vector:
   %i.asked = phi i64 [0, %row], [%i.next, %written]
   %i = call i64 @llvm.smin.i64(i64 %i.asked, i64 %last)
   %old.at = getelementptr float, ptr %before.y, i64 %i
   %old = load $vector, ptr %old.at, align 4
   br i1 %is.above, label %store, label %read

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
   %sum.together = call $vector @llvm.fma.$kind($vector %number.together, $vector %factor, $vector %old)
   br label %store

apart:
l  %across.at.$l = getelementptr i64, ptr %across.at, i64 $l
l  %across.$l = load i64, ptr %across.at.$l
l  %across.used.$l = call i64 @llvm.smax.i64(i64 %across.$l, i64 0)
l  %number.at.$l = getelementptr float, ptr %in.y, i64 %across.used.$l
l  %number.$l = load float, ptr %number.at.$l
l  store float %number.$l, ptr %apart.at.$l
   %number.apart = load $vector, ptr %apart.at, align $bytes
   %sum.apart = call $vector @llvm.fma.$kind($vector %number.apart, $vector %factor, $vector %old)
   %places = load <$lanes x i64>, ptr %across.at, align 8
   %is.inside = icmp sge <$lanes x i64> %places, zeroinitializer
   %sum.inside = select $bits %is.inside, $vector %sum.apart, $vector %old
   br label %store

store:
   %result = phi $vector [%old, %vector], [%sum.together, %together], [%sum.inside, %apart]
   %to = getelementptr float, ptr %out.y, i64 %i
STORE
   %is.row = icmp slt i64 %i.next, %columns
   br i1 %is.row, label %vector, label %row.end

row.end:
   %y.next = add i64 %y, 1
   %is.more = icmp slt i64 %y.next, %rows
   br i1 %is.more, label %row, label %end

end: ; other threads see non-temporal stores only after a fence
   fence seq_cst
   ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare i64 @llvm.smin.i64(i64, i64)
declare i64 @llvm.smax.i64(i64, i64)
!0 = !{i32 1}
"""


@cache
def shifted_sum(cpu: Processor) -> Code:
    """The loop for a processor: factor · shifted input + what was before, rounded once.

    Its arguments are where to write, where what was before lies, the input and how long its rows are; the row and the
    column of the input (int64) that each row and column of the output reads, below 0 for none; rows, columns (a vector
    at least); the first column from which on sources lie side by side, and the one before which they end; the factor;
    and whether to use non-temporal stores.
    """
    lanes = cpu.lanes
    kinds = ADDRESS, ADDRESS, ADDRESS, COUNT, ADDRESS, ADDRESS, COUNT, COUNT, COUNT, COUNT, NUMBER, COUNT
    text = LOOP.replace("BROADCAST", broadcast("factor")).replace("STORE", STORE)
    return compile_code(fill_template(text, lanes, {"bytes": 4 * lanes, "rest": 4 * lanes - 1}, {"l": lanes}), *kinds)
