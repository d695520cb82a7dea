"""One picture as it is painted, zoomed, probed and marked."""

__all__ = ["canvas", "images", "marks", "parts", "placement", "wipe"]
