"""The sigmoid 1 / (1 + e⁻ˣ) in one pass over its numbers, to be made machine code.

It is made of e to the power of −|x|, which never overflows: 1 / (1 + e⁻ˣ) where x is not negative, eˣ / (1 + eˣ) where
it is. The power is 2ⁿ times a polynomial over half an octave (the Cephes library's, good to 2 parts of 10⁷).
"""

from functools import cache

from convstudio.core.ops.native import ADDRESS, COUNT, Code, Processor, every, made, written_out

# In LLVM's language. Adding 1.5 · 2²³ rounds to a whole number, which then stands in the last bits; 2ⁿ is two factors,
# for n may be below the least exponent. The last vector may lie over the one before.
LOOP = """
define void @run(ptr noalias %out, ptr noalias %in, i64 %count) {
start:
  %last = sub i64 %count, $lanes
  br label %some

some:
  %i.wanted = phi i64 [0, %start], [%i.next, %some]
  %i = call i64 @llvm.smin.i64(i64 %i.wanted, i64 %last)
  %from = getelementptr float, ptr %in, i64 %i
  %x = load $vector, ptr %from, align 4
  %size = call $vector @llvm.fabs.$kind($vector %x)
  %is.large = fcmp ogt $vector %size, $limit
  %size.used = select $bits %is.large, $vector $limit, $vector %size
  %minus = fneg $vector %size.used
  %n.moved = call $vector @llvm.fma.$kind($vector %minus, $vector $log2e, $vector $rounder)
  %n = fsub $vector %n.moved, $rounder
  %r.near = call $vector @llvm.fma.$kind($vector %n, $vector $ln2_high, $vector %minus)
  %r = call $vector @llvm.fma.$kind($vector %n, $vector $ln2_low, $vector %r.near)
  %p5 = call $vector @llvm.fma.$kind($vector $c6, $vector %r, $vector $c5)
  %p4 = call $vector @llvm.fma.$kind($vector %p5, $vector %r, $vector $c4)
  %p3 = call $vector @llvm.fma.$kind($vector %p4, $vector %r, $vector $c3)
  %p2 = call $vector @llvm.fma.$kind($vector %p3, $vector %r, $vector $c2)
  %p1 = call $vector @llvm.fma.$kind($vector %p2, $vector %r, $vector $c1)
  %p0 = call $vector @llvm.fma.$kind($vector %p1, $vector %r, $vector $one)
  %p = call $vector @llvm.fma.$kind($vector %p0, $vector %r, $vector $one)
  %n.bits = bitcast $vector %n.moved to $integers
  %n.whole = sub $integers %n.bits, $rounder_bits
  %n.half = ashr $integers %n.whole, $unit
  %n.rest = sub $integers %n.whole, %n.half
  %half.moved = add $integers %n.half, $bias
  %rest.moved = add $integers %n.rest, $bias
  %half.bits = shl $integers %half.moved, $mantissa
  %rest.bits = shl $integers %rest.moved, $mantissa
  %half = bitcast $integers %half.bits to $vector
  %rest = bitcast $integers %rest.bits to $vector
  %p.half = fmul $vector %p, %half
  %e = fmul $vector %p.half, %rest
  %below = fadd $vector %e, $one
  %is.negative = fcmp olt $vector %x, zeroinitializer
  %above = select $bits %is.negative, $vector %e, $vector $one
  %made = fdiv $vector %above, %below
  %to = getelementptr float, ptr %out, i64 %i
  store $vector %made, ptr %to, align 4
  %i.next = add i64 %i.wanted, $lanes
  %is.more = icmp slt i64 %i.next, %count
  br i1 %is.more, label %some, label %end

end:
  ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare $vector @llvm.fabs.$kind($vector)
declare i64 @llvm.smin.i64(i64, i64)
"""
LARGEST = 104.0  # e to the power of −104 is nothing in float32
ROUNDER, ROUNDER_BITS = 12582912.0, 0x4B400000
FLOATS = {
    "limit": LARGEST,
    "rounder": ROUNDER,
    "one": 1.0,
    "log2e": 1.44269504088896341,
    "ln2_high": -0.693359375,
    "ln2_low": 2.12194440e-4,
    "c1": 5.0000001201e-1,
    "c2": 1.6666665459e-1,
    "c3": 4.1665795894e-2,
    "c4": 8.3334519073e-3,
    "c5": 1.3981999507e-3,
    "c6": 1.9875691500e-4,
}
WHOLES = {"rounder_bits": ROUNDER_BITS, "unit": 1, "bias": 127, "mantissa": 23}


@cache
def sigmoid(found: Processor) -> Code:
    """The pass for a processor: where to write, where to read, and how many numbers, of which there is a vector."""
    words = {name: every(found.lanes, value) for name, value in {**FLOATS, **WHOLES}.items()}
    return made(written_out(LOOP, found.lanes, words, {}), ADDRESS, ADDRESS, COUNT)
