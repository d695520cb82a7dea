"""The kernel examined as a panel."""

__all__ = ["panel", "text"]
