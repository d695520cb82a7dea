"""What layers cost: dense, locally connected and as convolutions.

`report` is what `convstudio count` prints, `what_if` the numbers of other sizes and groups.
"""

__all__ = ["report", "what_if"]
