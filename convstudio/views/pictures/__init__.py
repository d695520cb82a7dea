"""Input and output side by side, with galleries of their maps, colour bars, and what the display range does in words.

`pair` is all of it. `canvas` paints one picture. `clipboard` converts between Qt's images and frames.
"""

__all__ = ["clipboard", "pair"]
