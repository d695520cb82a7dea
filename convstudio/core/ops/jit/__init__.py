"""The optional JIT: loops that LLVM compiles just in time for this processor, where llvmlite is installed.

This file is its door: callers ask here whether there is code, and call it with arrays; nobody else imports the modules
behind it. Everything is computed without it, too. Its thread pool needs no GIL, Python's global interpreter lock.
"""

from convstudio.core.ops.jit.activations import ACTIVATIONS, activated
from convstudio.core.ops.jit.colouring import ColourMode, coloured
from convstudio.core.ops.jit.convolution import convolve, filters_per_tile, reads_in_place, rows_at_once, suits
from convstudio.core.ops.jit.increment import updated
from convstudio.core.ops.jit.llvm import Processor
from convstudio.core.ops.jit.microkernels import vectors_per_tile
from convstudio.core.ops.jit.readiness import compile_all, is_compiled, is_ready, usable

__all__ = [
    "ACTIVATIONS",
    "ColourMode",
    "Processor",
    "activated",
    "coloured",
    "compile_all",
    "convolve",
    "filters_per_tile",
    "is_compiled",
    "is_ready",
    "reads_in_place",
    "rows_at_once",
    "suits",
    "updated",
    "usable",
    "vectors_per_tile",
]
