"""What is measured: one row for each operation, picture and set of weights. Nothing is timed here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.activations import ActivationKind

Planes = NDArray[np.float32]

FULL, HALF = (1080, 1920), (540, 960)


class Operation(StrEnum):
    """The public names of `core.ops`, an activation by its own."""

    CONV = "conv2d"
    TRANSPOSED = "conv_transpose2d"
    MAX_POOL = "max_pool2d"
    AVG_POOL = "avg_pool2d"
    RELU = "relu"
    LEAKY_RELU = "leaky relu"
    SIGMOID = "sigmoid"
    TANH = "tanh"


@dataclass(frozen=True)
class Row:
    """One operation on one picture."""

    name: str
    operation: Operation
    channels: int
    size: tuple[int, int] = FULL
    weight: Planes = field(default_factory=lambda: np.empty(0, np.float32))
    window: int = 0
    stride: int = 1
    dilation: int = 1
    groups: int = 1

    @property
    def span(self) -> int:
        """Pixels under one window on each axis."""
        return self.dilation * (int(self.weight.shape[-1]) - 1) + 1


def source(row: Row) -> Planes:
    """The picture of a row: noise, the same every time."""
    return np.random.default_rng(1).normal(size=(row.channels, *row.size)).astype(np.float32)


def ours(row: Row, x: Planes) -> Callable[[], Planes]:
    """The call a person would write, checks included."""
    match row.operation:
        case Operation.CONV:
            return lambda: ops.conv2d(x, row.weight, padding="same", dilation=row.dilation, groups=row.groups)
        case Operation.TRANSPOSED:
            return lambda: ops.conv_transpose2d(x, row.weight, stride=row.stride)
        case Operation.MAX_POOL:
            return lambda: ops.max_pool2d(x, row.window, stride=row.stride)
        case Operation.AVG_POOL:
            return lambda: ops.avg_pool2d(x, row.window, stride=row.stride)
        case Operation.RELU | Operation.LEAKY_RELU | Operation.SIGMOID | Operation.TANH:
            return lambda: ops.activate(x, ActivationKind(row.operation.value))


def multiply_adds(row: Row, out: Planes) -> int:
    """How many products the operation's definition adds up; none in pooling and activations."""
    match row.operation:
        case Operation.CONV:
            return int(out.size) * int(row.weight[0].size)
        case Operation.TRANSPOSED:
            return row.channels * row.size[0] * row.size[1] * int(row.weight[0].size)
        case _:
            return 0


def rows() -> list[Row]:
    """Every row, in the order in which they are printed."""
    return [
        *(_conv(f"grey {n}×{n}", 1, _random(1, 1, n, n)) for n in (3, 5, 15, 31)),
        *(_conv(f"grey Gaussian {n}×{n}", 1, _gaussian(n)) for n in (15, 31)),
        _conv("grey Sobel 3×3", 1, np.outer([1, 2, 1], [-1, 0, 1])[None, None].astype(np.float32)),
        *(_conv(f"rgb each channel {n}×{n}", 3, _random(3, 1, n, n), groups=3) for n in (3, 7)),
        _conv("rgb→6 5×5", 3, _random(6, 3, 5, 5)),
        _conv("rgb→6 5×5 dilation 2", 3, _random(6, 3, 5, 5), dilation=2),
        _conv("6→16 5×5 half size", 6, _random(16, 6, 5, 5), size=HALF),
        _conv("rgb→64 7×7 half size", 3, _random(64, 3, 7, 7), size=HALF),
        Row("max pool 2×2", Operation.MAX_POOL, 3, window=2, stride=2),
        Row("max pool 3×3 stride 1", Operation.MAX_POOL, 3, window=3),
        Row("avg pool 3×3 stride 1", Operation.AVG_POOL, 3, window=3),
        Row("avg pool 2×2", Operation.AVG_POOL, 3, window=2, stride=2),
        Row("relu", Operation.RELU, 3),
        Row("leaky relu", Operation.LEAKY_RELU, 3),
        Row("sigmoid", Operation.SIGMOID, 3),
        Row("tanh", Operation.TANH, 3),
        Row("transposed 4×4 stride 2", Operation.TRANSPOSED, 3, size=HALF, weight=_random(3, 3, 4, 4), stride=2),
    ]


def _conv(name: str, channels: int, weight: Planes, **options: Any) -> Row:
    return Row(name, Operation.CONV, channels, weight=weight, **options)


def _random(*shape: int) -> Planes:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def _gaussian(size: int) -> Planes:
    """A bell curve that has died away at the kernel's edge, on both axes."""
    place = np.arange(size) - size // 2
    bell = np.exp(-(place**2) / (2 * (size / 6) ** 2))
    planes: Planes = (np.outer(bell, bell) / bell.sum() ** 2)[None, None].astype(np.float32)
    return planes
