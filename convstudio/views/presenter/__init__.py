"""What a class sees beside the picture: the kernel, large, a sentence, and a ring around the pointer."""

__all__ = ["column", "pointer"]
