"""The flow of layers: a list with what each makes, and the ways to change it."""

__all__ = ["choices", "panel"]
