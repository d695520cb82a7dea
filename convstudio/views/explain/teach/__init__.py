"""Maps that learn as a panel."""

__all__ = ["panel"]
