"""How much of the picture an output sees: its receptive field, computed and measured, and its share of padding."""

__all__ = ["effective", "padding_share", "theoretical"]
