"""The optional compiled path: loops made machine code by LLVM for the processor at hand, where llvmlite is installed.

Everything is computed without it, too.
"""

__all__ = ["colour_pass", "compiled", "crew", "curves", "microkernel", "native", "passes", "readiness", "shifted"]
