"""Cameras, network streams and videos as live sources, read in a process of its own that can be killed."""

__all__ = ["cameras", "capture"]
