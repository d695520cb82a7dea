"""The parameters compared as a panel."""

__all__ = ["panel"]
