"""The inspector: the panel that fits the selected layer."""

__all__ = ["inspector", "wording"]
