"""How much of the picture one output sees: the cone of the layers, the measured field, the share of padding."""

__all__ = ["panel"]
