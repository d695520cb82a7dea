"""Maps that learn a filter from examples: dense, locally connected and shared, fitted by least squares."""

__all__ = ["models", "own_layer", "sampling", "targets", "training"]
