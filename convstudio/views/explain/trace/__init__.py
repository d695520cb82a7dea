"""The arithmetic of one output: its products as grids, its sum in words, and controls that step to the next one.

`drawing` draws one step for a slide or a film.
"""

__all__ = ["drawing", "panel", "text"]
