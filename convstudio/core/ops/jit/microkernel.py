"""The innermost loop of a convolution, to be made machine code.

A tile is some filters times some pixels of one row, few enough that its sums stay in the processor's registers. Every
number that is read serves the whole tile: a weight all its pixels, a pixel all its filters (Goto and van de Geijn 2008,
for matrices). Stride, dilation, channels and groups are none of the loop's business: a table says how far from the
window's first number each of its others lies. Nothing here knows what a convolution is, nor where its borders are.

A sum takes 128 products at a time and adds these up, so that rounding does not grow with the window.
"""

from functools import cache
from typing import NamedTuple

from convstudio.core.ops.jit.native import ADDRESS, COUNT, Code, Processor, made, written_out

PART = 128  # products in one sum; all roundings to one side come to (128 + length / 128) · 2⁻²⁴ of the magnitudes
MOST_VECTORS = 8

# In LLVM's language; f counts the filters, v the vectors of pixels.
LOOP = """
define void @run(ptr noalias %out, i64 %plane, i64 %out.row, ptr noalias %in, i64 %in.row, ptr noalias %offsets,
    ptr noalias %weights, i64 %length, i64 %rows, i64 %columns, ptr noalias %bias) {
start:
   %last = sub i64 %columns, $pixels
f  %bias.at.$f = getelementptr float, ptr %bias, i64 $f
f  %bias.number.$f = load float, ptr %bias.at.$f
f  %bias.first.$f = insertelement $vector poison, float %bias.number.$f, i64 0
f  %bias.$f = shufflevector $vector %bias.first.$f, $vector poison, $first
   br label %row

row:
   %y = phi i64 [0, %start], [%y.next, %row.end]
   %out.skip = mul i64 %y, %out.row
   %out.y = getelementptr float, ptr %out, i64 %out.skip
   %in.skip = mul i64 %y, %in.row
   %in.y = getelementptr float, ptr %in, i64 %in.skip
   br label %tile

tile: ; the last one of a row may lie over the one before
   %x.wanted = phi i64 [0, %row], [%x.next, %tile.end]
   %x = call i64 @llvm.smin.i64(i64 %x.wanted, i64 %last)
   %window = getelementptr float, ptr %in.y, i64 %x
f  %plane.skip.$f = mul i64 %plane, $f
f  %plane.y.$f = getelementptr float, ptr %out.y, i64 %plane.skip.$f
f  %plane.x.$f = getelementptr float, ptr %plane.y.$f, i64 %x
fv %target.$f.$v = getelementptr $vector, ptr %plane.x.$f, i64 $v
   br label %part

part:
   %begin = phi i64 [0, %tile], [%number.next, %part.end]
   %is.first = icmp eq i64 %begin, 0
   %stop.wanted = add i64 %begin, $part
   %stop = call i64 @llvm.smin.i64(i64 %stop.wanted, i64 %length)
f  %start.$f = select i1 %is.first, $vector %bias.$f, $vector zeroinitializer
   br label %one

one:
   %number = phi i64 [%begin, %part], [%number.next, %one]
fv %sum.$f.$v = phi $vector [%start.$f, %part], [%sum.next.$f.$v, %one]
   %offset.at = getelementptr i64, ptr %offsets, i64 %number
   %offset = load i64, ptr %offset.at
   %pixels = getelementptr float, ptr %window, i64 %offset
v  %pixel.at.$v = getelementptr $vector, ptr %pixels, i64 $v
v  %pixel.$v = load $vector, ptr %pixel.at.$v, align 4
   %weight.skip = mul i64 %number, $filters
   %weights.here = getelementptr float, ptr %weights, i64 %weight.skip
f  %weight.at.$f = getelementptr float, ptr %weights.here, i64 $f
f  %weight.number.$f = load float, ptr %weight.at.$f
f  %weight.first.$f = insertelement $vector poison, float %weight.number.$f, i64 0
f  %weight.$f = shufflevector $vector %weight.first.$f, $vector poison, $first
fv %sum.next.$f.$v = call $vector @llvm.fma.$kind($vector %pixel.$v, $vector %weight.$f, $vector %sum.$f.$v)
   %number.next = add i64 %number, 1
   %is.part = icmp slt i64 %number.next, %stop
   br i1 %is.part, label %one, label %sums

sums:
   br i1 %is.first, label %write, label %add

write:
fv store $vector %sum.next.$f.$v, ptr %target.$f.$v, align 4
   br label %part.end

add:
fv %known.$f.$v = load $vector, ptr %target.$f.$v, align 4
fv %total.$f.$v = fadd $vector %known.$f.$v, %sum.next.$f.$v
fv store $vector %total.$f.$v, ptr %target.$f.$v, align 4
   br label %part.end

part.end:
   %is.window = icmp slt i64 %number.next, %length
   br i1 %is.window, label %part, label %tile.end

tile.end:
   %x.next = add i64 %x.wanted, $pixels
   %is.row = icmp slt i64 %x.next, %columns
   br i1 %is.row, label %tile, label %row.end

row.end:
   %y.next = add i64 %y, 1
   %is.block = icmp slt i64 %y.next, %rows
   br i1 %is.block, label %row, label %end

end:
   ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare i64 @llvm.smin.i64(i64, i64)
"""


class Microkernel(NamedTuple):
    """A loop for some filters at once, in two widths.

    It takes addresses and counts of float32 numbers: where to write, numbers from one output plane and row to the
    next, where to read, numbers from one row of windows to the next, a table of 64-bit offsets, the weights (filters of
    one number of the window side by side), the length of both tables, rows, columns, and a bias for each filter.
    """

    columns: int  # the fewest that the wide one can be asked for; for the narrow one it is a vector
    wide: Code
    narrow: Code

    def loop(self, columns: int) -> Code:
        """The one for rows of so many columns."""
        return self.wide if columns >= self.columns else self.narrow


def vectors(found: Processor, filters: int) -> int:
    """How many vectors of pixels a tile of so many filters has.

    Examples
    --------
    >>> vectors(Processor(lanes=16, registers=32, sums=24, filters=8), filters=8)
    3
    """
    return min(found.sums // filters, MOST_VECTORS)


@cache
def microkernel(found: Processor, filters: int) -> Microkernel:
    """The loop for a processor and so many filters at once."""
    wide = vectors(found, filters)
    return Microkernel(wide * found.lanes, _code(found.lanes, filters, wide), _code(found.lanes, filters, 1))


def _code(lanes: int, filters: int, wide: int) -> Code:
    words = {"filters": filters, "pixels": wide * lanes, "part": PART}
    kinds = ADDRESS, COUNT, COUNT, ADDRESS, COUNT, ADDRESS, ADDRESS, COUNT, COUNT, COUNT, ADDRESS
    return made(written_out(LOOP, lanes, words, {"f": filters, "v": wide}), *kinds)
