"""Numbers made pixels: display ranges, colour maps, and sheets of maps.

Only here are values clipped.
"""

__all__ = ["colouring", "colours", "montage", "pictures", "ranges", "reduction"]
