"""The recipe: layers, the document that holds them, its history, its plan, its counts, receptive fields and text.

Values and integers only: no arrays of pixels, no OpenCV.
"""

__all__ = [
    "adapt",
    "counts",
    "document",
    "history",
    "layers",
    "new_layers",
    "plan",
    "samples",
    "text",
]
