"""One plane of a kernel examined without a picture: its name, its character, its frequency response."""

__all__ = ["character", "examined", "names", "response"]
