"""The stage LEARN: three networks learn to read digits before one's eyes, and are asked about moved and drawn ones."""

__all__ = ["panel"]
