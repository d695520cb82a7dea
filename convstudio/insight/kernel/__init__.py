"""One plane of a kernel examined without a picture.

`analysis` answers with its sums, symmetries and rank, its `frequency_response`, its `character` (what it does to
pictures) and its `nearest_preset`.
"""

__all__ = ["analysis", "character", "edges", "frequency_response", "nearest_preset"]
