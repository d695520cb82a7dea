"""How much of the picture an output sees.

`theoretical` is the receptive field by the plan, `effective` what changing the picture shows, and `padding_share` how
much of each output comes from padding.
"""

__all__ = ["effective", "padding_share", "theoretical"]
