"""Other libraries' conventions as a panel."""

__all__ = ["panel"]
