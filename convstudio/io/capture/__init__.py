"""Cameras, network streams and videos as live sources.

A child process (`reader_process`) opens and plays each source. `capture` is a source as the window holds it; `cameras`
lists those of this computer.
"""

__all__ = ["cameras", "capture"]
