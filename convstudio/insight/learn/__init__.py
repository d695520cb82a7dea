"""Three small networks learn to read handwritten digits: what a dense one must be shown again, a convolution shares.

`layers` are forward and backward passes, `networks` are the three, `training` shows them examples, `moving` moves the
digits that they never saw, and `study` does all of it for the three at once.
"""

__all__ = ["layers", "moving", "networks", "study", "training"]
