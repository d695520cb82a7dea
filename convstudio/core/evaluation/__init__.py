"""A plan executed on a frame: whole, after a change, for a region, tile by tile.

Which operations compute is `ops`; what is shown of the result is `view`.
"""

__all__ = ["evaluate", "method", "needs", "reading", "region", "tiles"]
