"""Kernels as data and as text: presets by name, planes of weights and their edits, sizes, reading and writing.

`edits` puts them into layers.
"""

__all__ = ["choices", "locks", "planes", "preset", "presets", "recognition", "size", "text"]
