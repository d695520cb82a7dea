"""Input and output side by side, the galleries of their maps, and how numbers become colours in words."""

__all__ = ["clipboard", "pair"]
