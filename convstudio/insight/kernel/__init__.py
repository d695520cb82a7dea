"""One plane of a kernel examined without a picture: its name, its character, its frequency response."""

__all__ = ["analysis", "character", "frequency_response", "nearest_preset"]
