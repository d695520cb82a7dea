"""Kernels as data and as text: presets by name, planes of weights and their edits, sizes, reading and writing.

What a layer does with them is in `edits`.
"""

__all__ = ["planes", "preset", "presets", "size", "text"]
