"""The innermost loops of a convolution, which GEMM libraries call microkernels.

Each computes a tile, filters × pixels of one row, so small that its sums stay in registers. Every number that is read
serves the whole tile (Goto and van de Geijn 2008, for matrices). A table of offsets says how far from a window's first
number its others lie, so stride, dilation, channels and groups are none of a loop's business. Nothing here knows what a
convolution is, nor where its borders are.

The pixel microkernel has pixels in the lanes of a vector, and suits any window and few filters. The filter microkernel
has as many filters there as a vector has lanes. It adds each pixel that it reads to the sums of every window that the
pixel lies in, while the weights of one row of the kernel stay in registers. So it reads a fraction of what the other
one reads, which counts most where another program shares the core. In return the columns of the kernel must lie side by
side, and shuffles transpose the finished tile, so that the numbers of each filter lie together.

A sum takes 128 products at a time and adds these up, so that rounding does not grow with the window.
"""

from functools import cache
from itertools import chain
from typing import NamedTuple

from convstudio.core.ops.jit.llvm import ADDRESS, COUNT, Code, Processor, compile_code, fill_template

PART = 128  # products in one sum; all roundings to one side come to (128 + length / 128) · 2⁻²⁴ of the magnitudes
MOST_VECTORS = 8

# In LLVM's language; f counts the filters, v the vectors of pixels.
PIXEL_LOOP = """
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

tile: ; the last one of a row may overlap with the one before
   %x.asked = phi i64 [0, %row], [%x.next, %tile.end]
   %x = call i64 @llvm.smin.i64(i64 %x.asked, i64 %last)
   %window = getelementptr float, ptr %in.y, i64 %x
f  %plane.skip.$f = mul i64 %plane, $f
f  %plane.y.$f = getelementptr float, ptr %out.y, i64 %plane.skip.$f
f  %plane.x.$f = getelementptr float, ptr %plane.y.$f, i64 %x
fv %target.$f.$v = getelementptr $vector, ptr %plane.x.$f, i64 $v
   br label %part

part:
   %begin = phi i64 [0, %tile], [%number.next, %part.end]
   %is.first = icmp eq i64 %begin, 0
   %stop.asked = add i64 %begin, $part
   %stop = call i64 @llvm.smin.i64(i64 %stop.asked, i64 %length)
f  %start.$f = select i1 %is.first, $vector %bias.$f, $vector zeroinitializer
   br label %product

product:
   %number = phi i64 [%begin, %part], [%number.next, %product]
fv %sum.$f.$v = phi $vector [%start.$f, %part], [%sum.next.$f.$v, %product]
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
   br i1 %is.part, label %product, label %sums

sums:
   br i1 %is.first, label %write, label %add

write:
fv store $vector %sum.next.$f.$v, ptr %target.$f.$v, align 4
   br label %part.end

add:
fv %before.$f.$v = load $vector, ptr %target.$f.$v, align 4
fv %total.$f.$v = fadd $vector %before.$f.$v, %sum.next.$f.$v
fv store $vector %total.$f.$v, ptr %target.$f.$v, align 4
   br label %part.end

part.end:
   %is.window = icmp slt i64 %number.next, %length
   br i1 %is.window, label %part, label %tile.end

tile.end:
   %x.next = add i64 %x.asked, $pixels
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
    """The loops for a number of filters at once, in two widths.

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


def vectors_per_tile(cpu: Processor, filters: int) -> int:
    """How many vectors of pixels a tile of so many filters has.

    Examples
    --------
    >>> vectors_per_tile(Processor(lanes=16, registers=32, sums=24, filters=8), filters=8)
    3
    """
    return min(cpu.sums // filters, MOST_VECTORS)


@cache
def pixel_microkernel(cpu: Processor, filters: int) -> Microkernel:
    """The loops for a processor and so many filters at once."""
    wide = vectors_per_tile(cpu, filters)
    return Microkernel(wide * cpu.lanes, _pixel_loop(cpu.lanes, filters, wide), _pixel_loop(cpu.lanes, filters, 1))


def _pixel_loop(lanes: int, filters: int, wide: int) -> Code:
    words = {"filters": filters, "pixels": wide * lanes, "part": PART}
    kinds = ADDRESS, COUNT, COUNT, ADDRESS, COUNT, ADDRESS, ADDRESS, COUNT, COUNT, COUNT, ADDRESS
    return compile_code(fill_template(PIXEL_LOOP, lanes, words, {"f": filters, "v": wide}), *kinds)


FEWEST_COLUMNS = 3  # of a kernel that gains: with fewer, a number is read for nearly every product

# In LLVM's language; p counts the pixels of a tile and its filters, k columns of the kernel, q all pixels under those.
FILTER_LOOP = """
define void @run(ptr noalias %out, i64 %plane, i64 %out.row, ptr noalias %in, i64 %in.row, ptr noalias %offsets,
    ptr noalias %weights, i64 %length, i64 %rows, i64 %columns, ptr noalias %bias) {
start:
   %totals = alloca [$lanes x $vector], align 64
p  %total.at.$p = getelementptr $vector, ptr %totals, i64 $p
   %last = sub i64 %columns, $lanes
   %biases = load $vector, ptr %bias, align 4
   br label %row

row:
   %y = phi i64 [0, %start], [%y.next, %row.end]
   %out.skip = mul i64 %y, %out.row
   %out.y = getelementptr float, ptr %out, i64 %out.skip
   %in.skip = mul i64 %y, %in.row
   %in.y = getelementptr float, ptr %in, i64 %in.skip
   br label %tile

tile: ; the last one of a row may overlap with the one before
   %x.asked = phi i64 [0, %row], [%x.next, %tile.end]
   %x = call i64 @llvm.smin.i64(i64 %x.asked, i64 %last)
   %window = getelementptr float, ptr %in.y, i64 %x
   %out.x = getelementptr float, ptr %out.y, i64 %x
   br label %part

part:
   %begin = phi i64 [0, %tile], [%number.next, %part.end]
   %is.first = icmp eq i64 %begin, 0
   %stop.asked = add i64 %begin, $part
   %stop = call i64 @llvm.smin.i64(i64 %stop.asked, i64 %length)
   %sum.first = select i1 %is.first, $vector %biases, $vector zeroinitializer
   br label %kernel.row

kernel.row:
   %number = phi i64 [%begin, %part], [%number.next, %kernel.row]
p  %sum.$p.0 = phi $vector [%sum.first, %part], [%sum.$p.$wide, %kernel.row]
   %offset.at = getelementptr i64, ptr %offsets, i64 %number
   %offset = load i64, ptr %offset.at
   %pixels = getelementptr float, ptr %window, i64 %offset
   %weights.here = getelementptr $vector, ptr %weights, i64 %number
k  %weight.at.$k = getelementptr $vector, ptr %weights.here, i64 $k
k  %weight.$k = load $vector, ptr %weight.at.$k, align 4
q  %pixel.at.$q = getelementptr float, ptr %pixels, i64 $q
$products
   %number.next = add i64 %number, $wide
   %is.part = icmp slt i64 %number.next, %stop
   br i1 %is.part, label %kernel.row, label %sums

sums:
   br i1 %is.first, label %write, label %add

write:
p  store $vector %sum.$p.$wide, ptr %total.at.$p, align 64
   br label %part.end

add:
p  %before.$p = load $vector, ptr %total.at.$p, align 64
p  %total.$p = fadd $vector %before.$p, %sum.$p.$wide
p  store $vector %total.$p, ptr %total.at.$p, align 64
   br label %part.end

part.end:
   %is.window = icmp slt i64 %number.next, %length
   br i1 %is.window, label %part, label %tile.end

tile.end:
p  %shuffled.$p.0 = load $vector, ptr %total.at.$p, align 64
$shuffles
p  %plane.skip.$p = mul i64 %plane, $p
p  %target.$p = getelementptr float, ptr %out.x, i64 %plane.skip.$p
p  store $vector %shuffled.$p.$rounds, ptr %target.$p, align 4
   %x.next = add i64 %x.asked, $lanes
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
# A number in every lane of a vector.
BROADCAST = """
  %pixel.number.$q = load float, ptr %pixel.at.$q
  %pixel.first.$q = insertelement $vector poison, float %pixel.number.$q, i64 0
  %pixel.$q = shufflevector $vector %pixel.first.$q, $vector poison, $first
"""
PRODUCT = "  %sum.$p.$next = call $vector @llvm.fma.$kind($vector %pixel.$q, $vector %weight.$k, $vector %sum.$p.$k)"
# Numbers of two vectors interleaved: those of the first halves, and those of the second.
INTERLEAVE = """
  %shuffled.$even.$next = shufflevector $vector %shuffled.$i.$round, $vector %shuffled.$j.$round, $integers <$low>
  %shuffled.$odd.$next = shufflevector $vector %shuffled.$i.$round, $vector %shuffled.$j.$round, $integers <$high>
"""


def columns_at_once(cpu: Processor, wide: int) -> int:
    """How many columns of a kernel the loop takes at a time: the most that divide its width and leave registers.

    Examples
    --------
    >>> avx = Processor(lanes=16, registers=32, sums=24, filters=8)
    >>> columns_at_once(avx, 5), columns_at_once(avx, 15), columns_at_once(avx, 17)
    (5, 5, 1)
    """
    most = cpu.registers - cpu.lanes - 2  # one for a pixel, one to spare
    return max(count for count in range(1, most + 1) if wide % count == 0)


@cache
def filter_microkernel(cpu: Processor, wide: int) -> Microkernel:
    """The loop for a processor and so many columns of the kernel, in one width.

    The table's offsets must be side by side for as many columns; rows must be as long as a vector at least.
    """
    lanes = cpu.lanes
    words = {
        "wide": wide, "part": PART // wide * wide, "rounds": lanes.bit_length() - 1,
        "products": _products(lanes, wide), "shuffles": _shuffles(lanes),
    }  # fmt: skip
    kinds = ADDRESS, COUNT, COUNT, ADDRESS, COUNT, ADDRESS, ADDRESS, COUNT, COUNT, COUNT, ADDRESS
    code = compile_code(
        fill_template(FILTER_LOOP, lanes, words, {"p": lanes, "k": wide, "q": lanes + wide - 1}), *kinds
    )
    return Microkernel(lanes, code, code)


def _products(lanes: int, wide: int) -> str:
    """Each pixel, and what it adds to the sums of the windows that it lies in."""
    return "\n".join(
        chain.from_iterable(
            [
                fill_template(BROADCAST, lanes, {"q": q}, {}),
                *(
                    fill_template(PRODUCT, lanes, {"q": q, "p": q - k, "k": k, "next": k + 1}, {})
                    for k in range(wide)
                    if 0 <= q - k < lanes
                ),
            ]
            for q in range(lanes + wide - 1)
        )
    )


def _shuffles(lanes: int) -> str:
    """The rounds after which the first numbers of all vectors are in the first, and so on."""
    half = lanes // 2
    low, high = (
        ", ".join(f"i32 {first + place // 2 + place % 2 * lanes}" for place in range(lanes)) for first in (0, half)
    )
    return "\n".join(
        fill_template(
            INTERLEAVE, lanes,
            {"round": number, "next": number + 1, "i": i, "j": i + half, "even": 2 * i, "odd": 2 * i + 1,
             "low": low, "high": high}, {},
        )
        for number in range(lanes.bit_length() - 1)
        for i in range(half)
    )  # fmt: skip
