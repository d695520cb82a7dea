"""The operations on arrays, fast; `ops.reference` has the same names, slow and obvious. No layers, no plans."""

from convstudio.core.ops.convolution import conv2d
from convstudio.core.ops.pointwise import activate, dense, dense_weights, dense_weights_from
from convstudio.core.ops.pooling import avg_pool2d, max_pool2d
from convstudio.core.ops.transposition import conv_transpose2d

__all__ = [  # the operations, and the modules that others may use
    "activate",
    "avg_pool2d",
    "conv2d",
    "conv_transpose2d",
    "dense",
    "dense_weights",
    "dense_weights_from",
    "increment",
    "jit",
    "max_pool2d",
    "methods",
    "reference",
    "updates",
]
