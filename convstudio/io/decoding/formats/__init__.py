"""One module for each kind of picture file: it reads the header, and says what unpacks the pixels.

What an extra library decodes is asked for in `extras`. All of it happens in the decoding process.
"""

__all__ = ["arrays", "bmp", "floating", "heic", "jpeg", "jpeg2000", "netpbm", "pillow", "png", "tiff", "webp"]
