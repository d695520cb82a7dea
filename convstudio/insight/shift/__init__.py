"""The shift test: does the output move with the input (equivariance), or stay as it is (invariance)?

`comparison` answers questions. It moves the input (`translation`) of the recipe, or of a supposed one (`what_if`), and
compares the output with the moved output of the `baseline`; `equivariance` measures how far the two are apart.
"""

__all__ = ["baseline", "comparison", "equivariance", "translation", "what_if"]
