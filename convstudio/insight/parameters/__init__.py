"""What layers cost: dense, locally connected and as convolutions.

`report` is what `convstudio count` prints, `what_if` the numbers of other
sizes and groups, and `sparsity_pattern` where the connections are.
"""

__all__ = ["report", "sparsity_pattern", "what_if"]
