"""Maps that learn a filter from examples: what each makes of one example, the learned kernel, the learning curve.

`canvas` is where a person paints what shall come out.
"""

__all__ = ["panel"]
