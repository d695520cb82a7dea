"""A window that walks over numbers: its input, kernel and outputs as grids, the sum, and cards of pinned outputs.

`panel` is the stage. `drawing` draws one step for a slide or a film. `text` says it in words.
"""

__all__ = ["drawing", "panel", "text"]
