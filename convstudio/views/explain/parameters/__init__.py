"""What a layer costs dense, locally connected and as a convolution: counts, two charts, and a size to suppose."""

__all__ = ["panel"]
