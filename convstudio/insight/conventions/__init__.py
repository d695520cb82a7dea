"""How other libraries filter one picture with one kernel, and how far each result is from this program's.

`libraries` is the table of their defaults, `emulation` computes what follows from them, and `comparison` compares.
"""

__all__ = ["comparison", "emulation", "libraries"]
