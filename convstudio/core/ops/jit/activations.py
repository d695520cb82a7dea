"""Activation functions as elementwise loops.

The sigmoid is computed from e to the power of −|x|, which never overflows: 1 / (1 + e⁻ˣ) where x is not negative,
eˣ / (1 + eˣ) where it is. The power is 2ⁿ times a polynomial over half an octave (the Cephes library's, good to 2 parts
of 10⁷). The hyperbolic tangent is a quotient of polynomials (the Eigen library's, good to 3 parts of 10⁷), and is 1 for
float32 where that ends.
"""

from functools import cache

from convstudio.core.activations import ActivationKind
from convstudio.core.ops.jit.elementwise import Numbers, elementwise_loop, run_elementwise
from convstudio.core.ops.jit.llvm import Code, Processor

# In LLVM's language, for `elementwise`.
RELU = """
  %is.negative = fcmp olt $vector %x, zeroinitializer
  %result = select $bits %is.negative, $vector zeroinitializer, $vector %x
"""
LEAKY_RELU = """
  %is.positive = fcmp ogt $vector %x, zeroinitializer
  %less = fmul $vector %x, %factor
  %result = select $bits %is.positive, $vector %x, $vector %less
"""
# Adding 1.5 · 2²³ + 64 rounds to a whole number, which then stands in the last bits, 64 too large: so the exponent is
# in its range for any n, and what is smaller than float32 can be is rounded by the last product. A NaN's bits would
# become those of some number, so it is left as it is.
SIGMOID = """
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
  %n.exponent = shl $integers %n.bits, $mantissa
  %p.bits = bitcast $vector %p to $integers
  %e.bits = add $integers %p.bits, %n.exponent
  %e.large = bitcast $integers %e.bits to $vector
  %e = fmul $vector %e.large, $small
  %below = fadd $vector %e, $one
  %is.negative = fcmp olt $vector %x, zeroinitializer
  %above = select $bits %is.negative, $vector %e, $vector $one
  %quotient = fdiv $vector %above, %below
  %is.number = fcmp ord $vector %x, %x
  %result = select $bits %is.number, $vector %quotient, $vector %x
"""
# Numerator and denominator are 2⁸ times as large, so that the smallest x are not lost.
TANH = """
  %is.over = fcmp ogt $vector %x, $end
  %x.below = select $bits %is.over, $vector $end, $vector %x
  %is.under = fcmp olt $vector %x.below, $minus_end
  %x.used = select $bits %is.under, $vector $minus_end, $vector %x.below
  %xx = fmul $vector %x.used, %x.used
  %p11 = call $vector @llvm.fma.$kind($vector %xx, $vector $a13, $vector $a11)
  %p9 = call $vector @llvm.fma.$kind($vector %xx, $vector %p11, $vector $a9)
  %p7 = call $vector @llvm.fma.$kind($vector %xx, $vector %p9, $vector $a7)
  %p5 = call $vector @llvm.fma.$kind($vector %xx, $vector %p7, $vector $a5)
  %p3 = call $vector @llvm.fma.$kind($vector %xx, $vector %p5, $vector $a3)
  %p1 = call $vector @llvm.fma.$kind($vector %xx, $vector %p3, $vector $a1)
  %p = fmul $vector %p1, %x.used
  %q4 = call $vector @llvm.fma.$kind($vector %xx, $vector $b6, $vector $b4)
  %q2 = call $vector @llvm.fma.$kind($vector %xx, $vector %q4, $vector $b2)
  %q = call $vector @llvm.fma.$kind($vector %xx, $vector %q2, $vector $b0)
  %result = fdiv $vector %p, %q
"""
ACTIVATIONS = {
    ActivationKind.RELU: RELU,
    ActivationKind.LEAKY_RELU: LEAKY_RELU,
    ActivationKind.SIGMOID: SIGMOID,
    ActivationKind.TANH: TANH,
}
LARGEST = 104.0  # e to the power of −104 is nothing in float32
ROUNDER = 1.5 * 2**23 + 64
FLOATS = {
    # of the sigmoid
    "limit": LARGEST,
    "rounder": ROUNDER,
    "small": 2.0**-64,
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
    # of the hyperbolic tangent
    "end": 7.90531110763549805,
    "minus_end": -7.90531110763549805,
    "a1": 4.89352455891786e-03 * 2**8,
    "a3": 6.37261928875436e-04 * 2**8,
    "a5": 1.48572235717979e-05 * 2**8,
    "a7": 5.12229709037114e-08 * 2**8,
    "a9": -8.60467152213735e-11 * 2**8,
    "a11": 2.00018790482477e-13 * 2**8,
    "a13": -2.76076847742355e-16 * 2**8,
    "b0": 4.89352518554385e-03 * 2**8,
    "b2": 2.26843463243900e-03 * 2**8,
    "b4": 1.18534705686654e-04 * 2**8,
    "b6": 1.19825839466702e-06 * 2**8,
}
WHOLES = {"mantissa": 23}


@cache
def activation_loop(cpu: Processor, kind: ActivationKind) -> Code:
    """The loop of one of `ACTIVATIONS`; its factor is the leaky ReLU's slope."""
    return elementwise_loop(cpu, ACTIVATIONS[kind], {**FLOATS, **WHOLES})


def activated(kind: ActivationKind, values: Numbers, out: Numbers, cpu: Processor, slope: float) -> None:
    """Fill `out` with the function of (count,) values, on all cores where there are many."""
    run_elementwise(activation_loop(cpu, kind), values, out, cpu, slope)
