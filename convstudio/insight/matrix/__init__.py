"""The weight matrix: a layer unrolled for a window of its picture, its ties and its zeros."""

__all__ = ["entries", "submatrix", "weight_matrix"]
