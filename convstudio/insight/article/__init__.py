"""What the two drawings of the argument show: `one_filter` at several places, and the `sums` 156 and 456."""

__all__ = ["drawings", "one_filter", "sums"]
