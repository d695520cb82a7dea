"""How other libraries filter the same picture: a table of them, and how one of them differs from this layer."""

__all__ = ["panel"]
