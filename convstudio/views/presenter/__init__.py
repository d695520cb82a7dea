"""What a class sees beside the picture: kernel and sentence, a ring around the pointer, and panels that slide away."""

__all__ = ["column", "pointer", "slide"]
