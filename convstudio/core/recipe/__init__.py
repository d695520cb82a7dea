"""The recipe: layers, the document that holds them, its history, its plan, its counts, receptive fields and text.

Values and integers only: no arrays of pixels, no OpenCV.
"""

__all__ = [
    "channel_adaptation",
    "counts",
    "document",
    "first_recipes",
    "history",
    "layers",
    "limits",
    "naming",
    "new_layers",
    "own_kernels",
    "plan",
    "text",
]
