"""Maps that learn a filter from examples: dense, locally connected and shared, fitted by least squares."""

__all__ = ["edit", "fit", "places", "pupils", "teach", "wanted"]
