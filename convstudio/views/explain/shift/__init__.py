"""The shift test as a panel."""

__all__ = ["panel"]
