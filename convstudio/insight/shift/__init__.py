"""The shift test: does the output move with the input (equivariance), or stay as it is (invariance)?"""

__all__ = ["baseline", "comparison", "equivariance", "translation", "what_if"]
