"""One pass over numbers, to be made machine code: the memory is then all that it waits for.

A large result is written around the cache: it would not stay there, and the processor would read each line before it
writes it. Other programs keep their lines, and a third less is moved.
"""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.ops.native import ADDRESS, COUNT, NUMBER, Code, Processor, every, made, spread, written_out
from convstudio.core.ops.workers import cores, cut, share

Numbers = NDArray[np.float32]
FEWEST = 2**18  # numbers that are worth sharing among the cores
PARTS = 2  # for each core
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
LOOP = """
define void @run(ptr noalias %out, ptr noalias %in, i64 %count, float %factor.number, float %addend.number,
    i64 %wants.around) {
start:
  %out.at = ptrtoint ptr %out to i64
  %may.around = icmp ne i64 %wants.around, 0
  %last = sub i64 %count, $lanes
SPREAD
  br label %some

some:
  %i.wanted = phi i64 [0, %start], [%i.next, %written]
  %i = call i64 @llvm.smin.i64(i64 %i.wanted, i64 %last)
  %from = getelementptr float, ptr %in, i64 %i
  %x = load $vector, ptr %from, align 4
BODY
  %to = getelementptr float, ptr %out, i64 %i
STORED
  %is.more = icmp slt i64 %i.next, %count
  br i1 %is.more, label %some, label %end

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
    text = LOOP.replace("SPREAD", spread("factor", "addend")).replace("BODY", body).replace("STORED", STORED)
    return made(written_out(text, lanes, known, {}), *kinds)


@cache
def affine(found: Processor) -> Code:
    """factor · input + addend, rounded once."""
    return one_pass(found, AFFINE, {})


class Sweep(NamedTuple):
    """How passes go over a result: by the code for a processor, and around the cache if all of it is large."""

    found: Processor
    is_large: bool

    def take(self, code: Code, given: Numbers, out: Numbers, *, factor: float = 1.0, addend: float = 0.0) -> None:
        """Take one pass on this thread; (count,) numbers each, of which none shares memory with `out`."""
        count, least = given.size, self.found.lanes
        if count >= least:
            code(out.ctypes.data, given.ctypes.data, count, factor, addend, int(self.is_large))
            return
        room = np.zeros((2, least), np.float32)
        room[0, :count] = given
        self.take(code, room[0], room[1], factor=factor, addend=addend)
        out[:] = room[1, :count]


def over(code: Code, given: Numbers, out: Numbers, found: Processor, factor: float) -> None:
    """Take one pass that needs no other numbers, on all cores where there are many."""
    sweep, count = Sweep(found, given.size >= LARGE), given.size

    def work(part: tuple[int, int]) -> None:
        some = slice(*part)
        sweep.take(code, given[some], out[some], factor=factor)

    share(lambda: work, pairwise(cut(0, count, 1 if count < FEWEST else PARTS * cores())))
