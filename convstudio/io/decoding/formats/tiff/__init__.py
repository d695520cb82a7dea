"""TIFF files in, read by tifffile: which pages are pictures, what is in them, and what its numbers mean."""

__all__ = ["numbers", "reading"]
