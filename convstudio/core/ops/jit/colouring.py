"""Numbers to the colours of a screen, counted on the way, in one compiled loop: each number is read once.

Three planes are red, green and blue, or their mean is looked up in a colour map; the levels of a single one are greys,
or are looked up. The level of a NaN is 0, as OpenCV has it.
"""

from enum import StrEnum
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convstudio.core.ops.jit.elementwise import LEAST
from convstudio.core.ops.jit.llvm import (
    ADDRESS,
    COUNT,
    NUMBER,
    Code,
    Processor,
    broadcast,
    compile_code,
    fill_template,
    splat,
)
from convstudio.core.ops.jit.thread_pool import part_count, run_all
from convstudio.core.threads import cut

Planes = NDArray[np.float32]

# In LLVM's language; c counts planes, l the lanes of a vector. The last vector may overlap with the one before; what
# is not new in it is not counted again.
LOOP = """
define void @run(ptr noalias %out, ptr noalias %plane.0, ptr noalias %plane.1, ptr noalias %plane.2, ptr noalias %table,
    i64 %count, float %gain.number, float %shift.number, float %low.number, float %high.number, i64 %asks.magnitude,
    ptr noalias %counts) {
start:
   %levels.at = alloca $integers, align 64
   %is.absolute = icmp ne i64 %asks.magnitude, 0
   %last = sub i64 %count, $lanes
BROADCAST
   br label %vectors

vectors:
   %i.asked = phi i64 [0, %start], [%i.next, %vectors]
   %least.0 = phi $vector [$infinity, %start], [%least.$channels, %vectors]
   %most.0 = phi $vector [$minus_infinity, %start], [%most.$channels, %vectors]
   %negative.0 = phi $integers [zeroinitializer, %start], [%negative.$channels, %vectors]
   %outside.0 = phi $integers [zeroinitializer, %start], [%outside.$channels, %vectors]
   %total.0 = phi $vector [zeroinitializer, %start], [%total.$channels, %vectors]
   %i = call i64 @llvm.smin.i64(i64 %i.asked, i64 %last)
   %old = sub i64 %i.asked, %i
   %old.small = trunc i64 %old to i32
   %old.first = insertelement $integers poison, i32 %old.small, i64 0
   %old.every = shufflevector $integers %old.first, $integers poison, $first
   %is.new = icmp sge $integers $places, %old.every
$planes
$colours
   %to = getelementptr i32, ptr %out, i64 %i
   store $integers %colours, ptr %to, align 4
   %i.next = add i64 %i.asked, $lanes
   %is.more = icmp slt i64 %i.next, %count
   br i1 %is.more, label %vectors, label %end

end:
   store $vector %least.$channels, ptr %counts, align 4
   %most.at = getelementptr $vector, ptr %counts, i64 1
   store $vector %most.$channels, ptr %most.at, align 4
   %negative.at = getelementptr $vector, ptr %counts, i64 2
   store $integers %negative.$channels, ptr %negative.at, align 4
   %outside.at = getelementptr $vector, ptr %counts, i64 3
   store $integers %outside.$channels, ptr %outside.at, align 4
   %total.at = getelementptr $vector, ptr %counts, i64 4
   store $vector %total.$channels, ptr %total.at, align 4
   ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare $vector @llvm.fabs.$kind($vector)
declare $vector @llvm.rint.$kind($vector)
declare i64 @llvm.smin.i64(i64, i64)
"""
LOADED = """
  %from.$c = getelementptr float, ptr %plane.$c, i64 %i
  %x.$c = load $vector, ptr %from.$c, align 4
"""
MEAN = """
  %red.from = getelementptr float, ptr %plane.0, i64 %i
  %red.number = load $vector, ptr %red.from, align 4
  %green.from = getelementptr float, ptr %plane.1, i64 %i
  %green.number = load $vector, ptr %green.from, align 4
  %blue.from = getelementptr float, ptr %plane.2, i64 %i
  %blue.number = load $vector, ptr %blue.from, align 4
  %red.and.green = fadd $vector %red.number, %green.number
  %sum = fadd $vector %red.and.green, %blue.number
  %x.$c = fmul $vector %sum, $third
"""  # before it is divided it is summed, so that what cancels is 0
PLANE = """
  %size.$c = call $vector @llvm.fabs.$kind($vector %x.$c)
  %used.$c = select i1 %is.absolute, $vector %size.$c, $vector %x.$c
  %scaled.$c = call $vector @llvm.fma.$kind($vector %used.$c, $vector %gain, $vector %shift)
  %is.positive.$c = fcmp ogt $vector %scaled.$c, zeroinitializer
  %above.$c = select $bits %is.positive.$c, $vector %scaled.$c, $vector zeroinitializer
  %is.less.$c = fcmp olt $vector %above.$c, $full
  %between.$c = select $bits %is.less.$c, $vector %above.$c, $vector $full
  %whole.$c = call $vector @llvm.rint.$kind($vector %between.$c)
  %level.$c = fptosi $vector %whole.$c to $integers
  %is.least.$c = fcmp olt $vector %x.$c, %least.$c
  %least.$next = select $bits %is.least.$c, $vector %x.$c, $vector %least.$c
  %is.most.$c = fcmp ogt $vector %x.$c, %most.$c
  %most.$next = select $bits %is.most.$c, $vector %x.$c, $vector %most.$c
  %total.$next = fadd $vector %total.$c, %x.$c
  %is.below.$c = fcmp olt $vector %x.$c, zeroinitializer
  %is.negative.$c = and $bits %is.below.$c, %is.new
  %count.negative.$c = zext $bits %is.negative.$c to $integers
  %negative.$next = add $integers %negative.$c, %count.negative.$c
  %is.low.$c = fcmp olt $vector %x.$c, %low
  %is.high.$c = fcmp ogt $vector %x.$c, %high
  %is.clipped.$c = or $bits %is.low.$c, %is.high.$c
  %is.outside.$c = and $bits %is.clipped.$c, %is.new
  %count.outside.$c = zext $bits %is.outside.$c to $integers
  %outside.$next = add $integers %outside.$c, %count.outside.$c
"""
RED_GREEN_BLUE = """
   %red = shl $integers %level.0, $two_bytes
   %green = shl $integers %level.1, $one_byte
   %red.green = or $integers %red, %green
   %levels = or $integers %red.green, %level.2
   %colours = or $integers %levels, $opaque
"""
GREY = """
   %grey = mul $integers %level.0, $three_bytes
   %colours = or $integers %grey, $opaque
"""
MAPPED = """
   store $integers %level.0, ptr %levels.at, align 64
l  %level.at.$l = getelementptr i32, ptr %levels.at, i64 $l
l  %level.of.$l = load i32, ptr %level.at.$l
l  %colour.at.$l = getelementptr i32, ptr %table, i32 %level.of.$l
l  %colour.of.$l = load i32, ptr %colour.at.$l
l  store i32 %colour.of.$l, ptr %level.at.$l
   %colours = load $integers, ptr %levels.at, align 64
"""


class ColourMode(StrEnum):
    """What levels become."""

    RGB = "rgb"  # of three planes
    GREY = "grey"
    MAP = "colour map"
    MEAN_MAP = "colour map of the mean of three planes"


TEXTS = {ColourMode.RGB: RED_GREEN_BLUE, ColourMode.GREY: GREY, ColourMode.MAP: MAPPED, ColourMode.MEAN_MAP: MAPPED}


@cache
def colour_loop(cpu: Processor, mode: ColourMode) -> Code:
    """The loop over three planes, their mean, or one.

    Its arguments are where to write the colours (int32: blue, green, red and 255 in the order of their bytes), the
    three planes (one alone is the first), the colour map of 256 colours if there is one, how many numbers each plane
    has (a vector at least), gain and shift (level = gain · number + shift), the numbers below and above which one
    counts as outside, whether sizes alone are coloured, and where to write, in a vector each, the least and the
    greatest numbers (float32), how many are negative and outside (int32), and their sums, which are NaN if a number is.
    """
    lanes, channels = cpu.lanes, 3 if mode is ColourMode.RGB else 1
    words = {
        "channels": channels, "full": splat(lanes, 255.0), "infinity": splat(lanes, float("inf")),
        "minus_infinity": splat(lanes, float("-inf")), "one_byte": splat(lanes, 8), "two_bytes": splat(lanes, 16),
        "three_bytes": splat(lanes, 0x010101), "opaque": splat(lanes, 0xFF << 24),
        "third": splat(lanes, 1 / 3),
        "places": f"<{', '.join(f'i32 {place}' for place in range(lanes))}>",
    }  # fmt: skip
    plane = (MEAN if mode is ColourMode.MEAN_MAP else LOADED) + PLANE
    planes = [fill_template(plane, lanes, words | {"c": c, "next": c + 1}, {}) for c in range(channels)]
    parts = {"planes": "\n".join(planes), "colours": fill_template(TEXTS[mode], lanes, words, {"l": lanes})}
    kinds = [ADDRESS] * 5 + [COUNT] + [NUMBER] * 4 + [COUNT, ADDRESS]
    text = LOOP.replace("BROADCAST", broadcast("gain", "shift", "low", "high"))
    return compile_code(fill_template(text, lanes, words | parts, {}), *kinds)


def coloured(
    planes: Planes,
    mode: ColourMode,
    *,
    gain: float,
    shift: float,
    low: float,
    high: float,
    is_absolute: bool,
    table: NDArray[np.uint8],
    cpu: Processor,
) -> tuple[NDArray[np.uint8], tuple[float, float, int, int], bool]:
    """Colours of one plane or three, and what is counted on the way; on all cores.

    Parameters
    ----------
    planes
        (1, H, W) or (3, H, W) with a vector's numbers at least.
    gain, shift
        Level = gain · number + shift, from 0 to 255; of sizes alone where `is_absolute`.
    low, high
        Numbers below and above count as outside.
    table
        (256, 4) colours of the levels, for `ColourMode.MAP` and `ColourMode.MEAN_MAP`.

    Returns
    -------
    (H, W, 4) uint8: blue, green, red and 255; the least and the greatest number (NaN where there is none), how many are
    negative, and how many outside, of the mean where that is shown; and whether there may be a NaN. There may be none
    where numbers are infinite, or too large to be summed.
    """
    screen = np.empty((*planes.shape[1:], 4), np.uint8)
    single = [np.ascontiguousarray(plane, np.float32) for plane in planes]
    code, count = colour_loop(cpu, mode), single[0].size
    edges = cut(0, count, part_count(planes.size, LEAST))
    counts = np.empty((len(edges) - 1, 5, cpu.lanes), np.float32)
    addresses = [single[0].ctypes.data, single[len(single) // 2].ctypes.data, single[-1].ctypes.data]
    run_all(
        [
            [
                code.call(
                    screen.ctypes.data + 4 * start, *(plane + 4 * start for plane in addresses), table.ctypes.data,
                    stop - start, gain, shift, low, high, int(is_absolute),
                    counts.ctypes.data + part * counts[0].nbytes,
                )
            ]
            for part, (start, stop) in enumerate(pairwise(edges))
        ]
    )  # fmt: skip
    least, greatest = float(counts[:, 0].min()), float(counts[:, 1].max())
    if least > greatest:  # there is no number
        least = greatest = np.nan
    negative, outside = counts[:, 2:4].view(np.int32).sum(axis=(0, 2), dtype=np.int64).tolist()
    return screen, (least, greatest, negative, outside), bool(np.isnan(counts[:, 4]).any())
