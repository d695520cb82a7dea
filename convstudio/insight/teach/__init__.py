"""Three models learn a filter from examples: a convolution, a locally connected layer and a dense one.

`targets` says what to learn, `sampling` chooses examples, `models` fits them by least squares, and `training` runs all.
"""

__all__ = ["models", "own_layer", "sampling", "targets", "training"]
