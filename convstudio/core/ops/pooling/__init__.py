"""One number for each window: the largest, the smallest, the mean, or the one of a rank."""

from convstudio.core.ops.pooling.ranking import rank_pool2d
from convstudio.core.ops.pooling.reduction import avg_pool2d, max_pool2d, min_pool2d

__all__ = ["avg_pool2d", "max_pool2d", "min_pool2d", "rank_pool2d"]
