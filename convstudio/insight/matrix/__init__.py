"""The weight matrix: a layer unrolled into one matrix, with tied weights and zeros.

`submatrix` chooses the outputs and inputs that fit the screen, `entries` says which weight stands where, and
`weight_matrix` multiplies it with the inputs.
"""

__all__ = ["entries", "submatrix", "weight_matrix"]
