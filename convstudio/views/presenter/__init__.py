"""What a class sees beside the picture: the kernel, large, a sentence, a ring around the pointer, and how panels leave."""

__all__ = ["column", "pointer", "slide"]
