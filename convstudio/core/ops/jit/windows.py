"""Where windows find their numbers in memory: in the planes as they lie, or in a copy of the few rows that they cover.

A window is the address of its first number, and a table of how far the others lie from it, in the order of the
weights. Windows side by side must find theirs side by side, so a stride along the rows asks for a copy with the columns
sorted, and windows that reach into the padding for one with zeros around.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.buffers import aligned
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops.borders import fetch

Planes = NDArray[np.float32]


class Table(NamedTuple):
    """How far the numbers of a window lie from its first."""

    distances: NDArray[np.int64]
    address: int

    @property
    def length(self) -> int:
        """Numbers of a window."""
        return len(self.distances)


class Windows(NamedTuple):
    """Numbers in memory, and how windows find theirs."""

    address: int  # of the first number of the first window
    row: int  # numbers from one row of planes to the next
    table: Table


class Room(NamedTuple):
    """Memory for what some windows cover: as it is fetched, and with the columns sorted."""

    fetched: Planes  # (rows, channels, columns)
    laid: Planes  # (rows, channels, columns modulo the stride, others)
    windows: Windows


def in_place(planes: Planes, channels: int, high: int, window: SlidingWindow) -> Windows:
    """Windows of some channels and `high` rows of the kernel over planes; they begin where the planes do."""
    _, height, width = planes.shape
    return Windows(planes.ctypes.data, width, _table((channels, high), (height * width, width, 1), window))


def room(channels: int, high: int, size: tuple[int, int], window: SlidingWindow) -> Room:
    """Memory for `size` windows of `high` rows of the kernel, rows first."""
    (down, step), span = window.stride, window.span
    rows, lane = (size[0] - 1) * down + span.vertical, size[1] + (span.horizontal - 1) // step
    fetched = aligned(rows * channels * lane * step).reshape(rows, channels, lane * step)
    laid = fetched[:, :, None] if step == 1 else aligned(fetched.size).reshape(rows, channels, step, lane)
    row = channels * lane * step
    return Room(
        fetched, laid, Windows(laid.ctypes.data, row, _table((channels, high), (lane * step, row, lane), window))
    )


def fill(target: Room, planes: Planes, corner: tuple[int, int], window: SlidingWindow) -> None:
    """Bring what windows cover into a room; the first begins at a corner that may lie outside of the planes."""
    fetch(planes, range(corner[0], corner[0] + len(target.fetched)), corner[1], target.fetched)
    step = window.stride.horizontal
    if step > 1:
        for first in range(step):
            target.laid[:, :, first] = target.fetched[:, :, first::step]


def _table(counts: tuple[int, int], distances: tuple[int, int, int], window: SlidingWindow) -> Table:
    """For channels and rows of the kernel; `distances` are from one channel to the next, from one row to the next, and
    between columns that the stride takes to different windows.
    """
    (channels, high), (plane, row, lane), step = counts, distances, window.stride.horizontal
    columns = np.arange(window.kernel.horizontal) * window.dilation.horizontal
    sides = columns // step + columns % step * lane if step > 1 else columns
    down = np.arange(high)[:, None] * window.dilation.vertical * row
    found = np.ascontiguousarray(np.arange(channels)[:, None, None] * plane + down + sides, np.int64).reshape(-1)
    return Table(found, found.ctypes.data)
