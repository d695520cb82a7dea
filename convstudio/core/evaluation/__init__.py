"""A plan executed on a frame: whole, after a change, for a region, tile by tile.

The operations live in `ops`; `view` says what is shown of the result.
"""

__all__ = ["evaluate", "method_text", "needed_regions", "region", "tiles", "values"]
