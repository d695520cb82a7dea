"""The operations on arrays, fast; `ops.reference` has the same names, slow and obvious. No layers, no plans."""

from convstudio.core.ops.convolution import conv2d
from convstudio.core.ops.pointwise import (
    activate,
    dense,
    dense_weights,
    dense_weights_from,
    magnitude,
    scale_shift,
    softmax,
)
from convstudio.core.ops.pooling import avg_pool2d, max_pool2d, min_pool2d, rank_pool2d
from convstudio.core.ops.resizing import resampled, resize, resized
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
    "magnitude",
    "max_pool2d",
    "methods",
    "min_pool2d",
    "rank_pool2d",
    "reference",
    "resampled",
    "resize",
    "resized",
    "scale_shift",
    "softmax",
    "updates",
]
