"""The drawings on the card of the argument: one filter at three places, and two sums."""

__all__ = ["drawings"]
