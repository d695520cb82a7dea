"""The optional compiled path: loops made machine code just in time by LLVM, where llvmlite is installed.

This file is its door: whoever computes asks here whether there is code, and calls it with arrays. Everything is
computed without it, too. The thread crew behind it works without Python's global interpreter lock (GIL).
"""

from convstudio.core.ops.jit.colour_pass import Look, coloured
from convstudio.core.ops.jit.compiled import convolve, reads_in_place, rows_together, suits, teams
from convstudio.core.ops.jit.curves import CURVES, activated
from convstudio.core.ops.jit.microkernel import vectors
from convstudio.core.ops.jit.native import Processor
from convstudio.core.ops.jit.readiness import is_made, is_ready, make, usable
from convstudio.core.ops.jit.updates import updated

__all__ = [
    "CURVES",
    "Look",
    "Processor",
    "activated",
    "coloured",
    "convolve",
    "is_made",
    "is_ready",
    "make",
    "reads_in_place",
    "rows_together",
    "suits",
    "teams",
    "updated",
    "usable",
    "vectors",
]
