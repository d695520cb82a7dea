"""The integers of a sliding window: shapes, padding, borders, sizes of outputs, and regions of planes.

It knows no layers and no arrays of pixels.
"""

__all__ = ["borders", "connections", "padding", "regions", "resampling", "shapes", "sizes", "window"]
