"""The innermost loop of a convolution with as many filters as a vector has numbers, to be made machine code.

A tile is as many pixels of one row as there are filters. A vector holds one pixel's sums for all the filters; a number
that is read is added at once to the sums of every pixel whose window it lies in, and the weights of one row of the
kernel stay in registers meanwhile. So a fraction is read of what the loop of `microkernel` reads, which counts most
where another program shares the core. In return the columns of the kernel must lie side by side. The finished tile is
turned in rounds of shuffles, so that the numbers of each filter lie together. Arguments are those of a `Microkernel`.
"""

from functools import cache
from itertools import chain

from convstudio.core.ops.jit.microkernel import PART
from convstudio.core.ops.jit.native import ADDRESS, COUNT, Code, Processor, made, written_out

FEWEST_COLUMNS = 3  # of a kernel that gains: with fewer, a number is read for nearly every product

# In LLVM's language; p counts the pixels of a tile and its filters, k columns of the kernel, q all pixels under those.
LOOP = """
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

tile: ; the last one of a row may lie over the one before
   %x.wanted = phi i64 [0, %row], [%x.next, %tile.end]
   %x = call i64 @llvm.smin.i64(i64 %x.wanted, i64 %last)
   %window = getelementptr float, ptr %in.y, i64 %x
   %out.x = getelementptr float, ptr %out.y, i64 %x
   br label %part

part:
   %begin = phi i64 [0, %tile], [%number.next, %part.end]
   %is.first = icmp eq i64 %begin, 0
   %stop.wanted = add i64 %begin, $part
   %stop = call i64 @llvm.smin.i64(i64 %stop.wanted, i64 %length)
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
p  %known.$p = load $vector, ptr %total.at.$p, align 64
p  %total.$p = fadd $vector %known.$p, %sum.$p.$wide
p  store $vector %total.$p, ptr %total.at.$p, align 64
   br label %part.end

part.end:
   %is.window = icmp slt i64 %number.next, %length
   br i1 %is.window, label %part, label %tile.end

tile.end:
p  %turned.$p.0 = load $vector, ptr %total.at.$p, align 64
$turns
p  %plane.skip.$p = mul i64 %plane, $p
p  %target.$p = getelementptr float, ptr %out.x, i64 %plane.skip.$p
p  store $vector %turned.$p.$turned, ptr %target.$p, align 4
   %x.next = add i64 %x.wanted, $lanes
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
# A number at every place of a vector.
SPREAD = """
  %pixel.number.$q = load float, ptr %pixel.at.$q
  %pixel.first.$q = insertelement $vector poison, float %pixel.number.$q, i64 0
  %pixel.$q = shufflevector $vector %pixel.first.$q, $vector poison, $first
"""
PRODUCT = "  %sum.$p.$next = call $vector @llvm.fma.$kind($vector %pixel.$q, $vector %weight.$k, $vector %sum.$p.$k)"
# Numbers of two vectors by turns: those of the first halves, and those of the second.
TURN = """
  %turned.$even.$next = shufflevector $vector %turned.$i.$turn, $vector %turned.$j.$turn, $integers <$low>
  %turned.$odd.$next = shufflevector $vector %turned.$i.$turn, $vector %turned.$j.$turn, $integers <$high>
"""


def columns_together(found: Processor, wide: int) -> int:
    """How many columns of a kernel the loop takes at a time: the most that divide its width and leave registers.

    Examples
    --------
    >>> avx = Processor(lanes=16, registers=32, sums=24, filters=8)
    >>> columns_together(avx, 5), columns_together(avx, 15), columns_together(avx, 17)
    (5, 5, 1)
    """
    most = found.registers - found.lanes - 2  # one for a pixel, one to spare
    return max(count for count in range(1, most + 1) if wide % count == 0)


@cache
def square(found: Processor, wide: int) -> Code:
    """The loop for a processor and so many columns of the kernel; it takes the arguments of a `Microkernel`'s loops.

    The table's offsets must be side by side for as many columns; rows must be as long as a vector at least.
    """
    lanes = found.lanes
    words = {
        "wide": wide, "part": PART // wide * wide, "turned": lanes.bit_length() - 1,
        "products": _products(lanes, wide), "turns": _turns(lanes),
    }  # fmt: skip
    kinds = ADDRESS, COUNT, COUNT, ADDRESS, COUNT, ADDRESS, ADDRESS, COUNT, COUNT, COUNT, ADDRESS
    return made(written_out(LOOP, lanes, words, {"p": lanes, "k": wide, "q": lanes + wide - 1}), *kinds)


def _products(lanes: int, wide: int) -> str:
    """Each pixel, and what it adds to the sums of the windows that it lies in."""
    return "\n".join(
        chain.from_iterable(
            [
                written_out(SPREAD, lanes, {"q": q}, {}),
                *(
                    written_out(PRODUCT, lanes, {"q": q, "p": q - k, "k": k, "next": k + 1}, {})
                    for k in range(wide)
                    if 0 <= q - k < lanes
                ),
            ]
            for q in range(lanes + wide - 1)
        )
    )


def _turns(lanes: int) -> str:
    """The rounds after which the first numbers of all vectors are in the first, and so on."""
    half = lanes // 2
    low, high = (
        ", ".join(f"i32 {first + place // 2 + place % 2 * lanes}" for place in range(lanes)) for first in (0, half)
    )
    return "\n".join(
        written_out(
            TURN, lanes,
            {"turn": turn, "next": turn + 1, "i": i, "j": i + half, "even": 2 * i, "odd": 2 * i + 1,
             "low": low, "high": high}, {},
        )
        for turn in range(lanes.bit_length() - 1)
        for i in range(half)
    )  # fmt: skip
