"""The weight matrix as a panel."""

__all__ = ["panel"]
