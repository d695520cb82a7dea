"""TIFF files in: the directory (and EXIF's, which has the same form), what it means for the pixels, and their numbers.

Whatever is not unpacked here is left to OpenCV, or named in a refusal.
"""

__all__ = ["directory", "header"]
