"""Numbers made pixels: display ranges, colour maps, sheets of maps, and what opacity hides.

Only here are values clipped.
"""

__all__ = ["colouring", "colours", "histogram", "montage", "opacity", "pictures", "ranges", "reduction"]
