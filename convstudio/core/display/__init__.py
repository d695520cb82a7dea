"""Numbers made pixels: display ranges, colour maps, and sheets of maps.

Only here are values clipped.
"""

__all__ = ["colouring", "colours", "histogram", "montage", "pictures", "ranges", "reduction"]
