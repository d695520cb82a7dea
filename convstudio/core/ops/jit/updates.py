"""Changed weights added to an output by machine code: each band of a plane by one call after the other."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from convstudio.core import buffers
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops.jit import passes
from convstudio.core.ops.jit.crew import make_all
from convstudio.core.ops.jit.native import Processor
from convstudio.core.ops.jit.shifted import shifted_sum
from convstudio.core.ops.updates import Band, Update, bands, reach

Planes = NDArray[np.float32]


def updated(
    old: Planes, out: Planes, x: Planes, updates: Sequence[Update], window: SlidingWindow, cpu: Processor
) -> None:
    """Fill `out` with the updated planes of `old`: each band by one call after the other.

    None may write where it reads, so they write here and there in turns.
    """
    (_, height, width), (_, x_height, x_width) = old.shape, x.shape
    shifted, rescaled = shifted_sum(cpu), passes.affine(cpu)
    is_chain = any(len(update.taps) + update.rescales > 1 for update in updates)
    between = buffers.empty(old.shape) if is_chain else out
    rooms = out.ctypes.data, between.ctypes.data
    is_large = int(old.size >= passes.LARGE)

    def calls(band: Band) -> Iterator[bytes]:
        number, rows = band
        update, count = updates[number], rows.stop - rows.start
        skip = 4 * (number * height + rows.start) * width
        before, left = old.ctypes.data + skip, len(update.taps)
        if update.rescales or not left:
            to, around = rooms[left % 2] + skip, is_large and not left
            yield rescaled.call(to, before, count * width, update.scale, update.offset, around)
            before = to
        for tap in update.taps:
            left -= 1
            to, around = rooms[left % 2] + skip, is_large and not left
            down = reach(window, 0, tap.row, height, x_height)
            across = reach(window, 1, tap.column, width, x_width)
            yield shifted.call(
                to, before, x[tap.source].ctypes.data, x_width, down.address + 8 * rows.start, across.address,
                count, width, across.start, across.stop, tap.amount, around,
            )  # fmt: skip
            before = to

    make_all([list(calls(band)) for band in bands(old)])
