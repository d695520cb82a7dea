"""The weight matrix: a layer as one matrix, and beside it the inputs, the kernel and the outputs it joins.

`cells` is how one place looks, `links` what lights up with it.
"""

__all__ = ["cells", "panel"]
