"""What a layer costs dense, locally connected and as a convolution, for whoever asks without a picture."""

__all__ = ["report", "what_if"]
