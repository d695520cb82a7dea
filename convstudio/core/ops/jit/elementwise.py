"""Elementwise operations: one compiled loop over all numbers, which waits for memory alone.

Non-temporal stores write a large result around the cache: it would not stay there, and the processor would read each
line before it writes it. Other programs keep their cache lines, and a third less is moved.
"""

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
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

Numbers = NDArray[np.float32]
AT_ONCE = 2**24  # numbers between two checks whether the work is still wanted
LEAST = 2**17  # numbers of a part that is worth handing over
VECTORS = 2  # at a time
VECTOR_NAMES = re.compile(r"%(?!factor|addend)([\w.]+)")  # of which each of several vectors has its own
LARGE = 2_000_000  # numbers from which on stores are non-temporal: 8 MB

# In LLVM's language. `%result` goes to `%to`, by a non-temporal store if that is allowed and aligned. The next vector
# after `%i.asked` begins where a cache line does, seen from `%out.at`. So do all vectors but the first and the last;
# these overlap with others.
STORE = """
  %to.at = ptrtoint ptr %to to i64
  %to.rest = and i64 %to.at, $rest
  %to.is.aligned = icmp eq i64 %to.rest, 0
  %is.bypass = and i1 %to.is.aligned, %may.bypass
  br i1 %is.bypass, label %bypass, label %cached

bypass:
  store $vector %result, ptr %to, align $bytes, !nontemporal !0
  br label %written

cached:
  store $vector %result, ptr %to, align 4
  br label %written

written:
  %i.bytes = shl i64 %i.asked, 2
  %i.at = add i64 %out.at, %i.bytes
  %i.rest = and i64 %i.at, $rest
  %i.over = lshr i64 %i.rest, 2
  %i.after = add i64 %i.asked, $lanes
  %i.next = sub i64 %i.after, %i.over
"""
# Between the first vector and the last several are taken at a time: counting costs about as much as computing.
LOOP = """
define void @run(ptr noalias %out, ptr noalias %in, i64 %count, float %factor.number, float %addend.number,
    i64 %asks.nontemporal) {
start:
  %out.at = ptrtoint ptr %out to i64
  %may.bypass = icmp ne i64 %asks.nontemporal, 0
  %last = sub i64 %count, $lanes
  %last.several = sub i64 %count, $numbers
BROADCAST
  br label %single

single:
  %i.asked = phi i64 [0, %start], [%left, %few]
  %i = call i64 @llvm.smin.i64(i64 %i.asked, i64 %last)
  %from = getelementptr float, ptr %in, i64 %i
  %x = load $vector, ptr %from, align 4
SINGLE
  %to = getelementptr float, ptr %out, i64 %i
STORE
  br label %between

between:
  %left = phi i64 [%i.next, %written], [%i.far, %several.written]
  %is.several = icmp sle i64 %left, %last.several
  br i1 %is.several, label %several, label %few

few:
  %is.more = icmp slt i64 %left, %count
  br i1 %is.more, label %single, label %end

several:
  %from.left = getelementptr float, ptr %in, i64 %left
  %to.left = getelementptr float, ptr %out, i64 %left
v  %from.$v = getelementptr $vector, ptr %from.left, i64 $v
v  %x.$v = load $vector, ptr %from.$v, align 4
SEVERAL
v  %to.$v = getelementptr $vector, ptr %to.left, i64 $v
  %i.far = add i64 %left, $numbers
  br i1 %may.bypass, label %several.bypass, label %several.cached

several.bypass:
v  store $vector %result.$v, ptr %to.$v, align $bytes, !nontemporal !0
  br label %several.written

several.cached:
v  store $vector %result.$v, ptr %to.$v, align 4
  br label %several.written

several.written:
  br label %between

end: ; other threads see non-temporal stores only after a fence
  fence seq_cst
  ret void
}
declare $vector @llvm.fma.$kind($vector, $vector, $vector)
declare $vector @llvm.fabs.$kind($vector)
declare i64 @llvm.smin.i64(i64, i64)
!0 = !{i32 1}
"""
AFFINE = """
  %result = call $vector @llvm.fma.$kind($vector %x, $vector %factor, $vector %addend)
"""


def elementwise_loop(cpu: Processor, body: str, words: Mapping[str, float]) -> Code:
    """The loop that makes `%result` of `%x`, of `%factor` and `%addend`.

    Its arguments are where to write, where to read, how many numbers (a vector at least), the factor, the addend, and
    whether to use non-temporal stores.
    """
    lanes = cpu.lanes
    constants = {name: splat(lanes, value) for name, value in words.items()} | {
        "bytes": 4 * lanes,
        "rest": 4 * lanes - 1,
    }
    kinds = ADDRESS, ADDRESS, COUNT, NUMBER, NUMBER, COUNT
    several = "\n".join(VECTOR_NAMES.sub(rf"%\1.{v}", body) for v in range(VECTORS))
    text = LOOP.replace("BROADCAST", broadcast("factor", "addend")).replace("STORE", STORE)
    text = text.replace("SINGLE", body).replace("SEVERAL", several)
    return compile_code(fill_template(text, lanes, constants | {"numbers": VECTORS * lanes}, {"v": VECTORS}), *kinds)


@cache
def affine(cpu: Processor) -> Code:
    """factor · input + addend, rounded once."""
    return elementwise_loop(cpu, AFFINE, {})


def run_elementwise(
    code: Code, values: Numbers, out: Numbers, cpu: Processor, factor: float, addend: float = 0.0, large: int = LARGE
) -> None:
    """Run an elementwise loop, on all cores where there are many numbers.

    Parameters
    ----------
    code
        From `elementwise_loop`, for the processor `cpu`.
    values, out
        (count,) numbers each, which share no memory.
    factor, addend
        What the loop may use.
    large
        From how many numbers on stores are non-temporal.
    """
    count, to, source = values.size, out.ctypes.data, values.ctypes.data
    if count < cpu.lanes:
        vectors = np.zeros((2, cpu.lanes), np.float32)
        vectors[0, :count] = values
        run_elementwise(code, vectors[0], vectors[1], cpu, factor, addend, large)
        out[:] = vectors[1, :count]
        return
    for begin in range(0, count, AT_ONCE):
        check()
        end = count if count - begin < 2 * AT_ONCE else begin + AT_ONCE
        edges = cut(begin, end, part_count(end - begin, LEAST))
        run_all(
            [
                [code.call(to + 4 * start, source + 4 * start, stop - start, factor, addend, int(count >= large))]
                for start, stop in pairwise(edges)
            ]
        )
        if end == count:
            break
