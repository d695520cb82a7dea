"""Buffers for large results, recycled once nobody holds the result that was in them.

The system clears memory before it hands it out, page by page, which for many filters takes a fifth of the whole call.
Small results need nothing of the kind: the C library keeps their memory by itself. From 4 MB on it depends on what the
rest of the program did before: with other libraries beside, a call for 33 MB took a third longer.
"""

from collections import deque
from math import prod
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

Planes = NDArray[np.float32]

LEAST, MOST = 2**22, 2**27  # bytes of one result; the allocator of the C library does smaller ones
LINE = 16  # float32 in a cache line of 64 bytes
MOST_IDLE = 2  # buffers; older ones go back to the system

_idle: deque[Planes] = deque(maxlen=MOST_IDLE)  # what is done to it is atomic: no lock that a finaliser could wait for


class _Lease:
    """Holds memory for an array and every view of it, and goes with the last of them."""

    def __init__(self, memory: Planes, shape: tuple[int, ...]) -> None:
        self.__array_interface__ = {**memory[: prod(shape)].__array_interface__, "shape": tuple(shape)}
        finalize(self, _idle.append, memory).atexit = False


def aligned(count: int) -> Planes:
    """So many numbers from the beginning of a cache line on: BLAS then reads one line at a time, not two.

    Examples
    --------
    >>> aligned(100).ctypes.data % 64, aligned(100).shape
    (0, (100,))
    """
    memory = np.empty(count + LINE, np.float32)
    start = -memory.ctypes.data // memory.itemsize % LINE
    return memory[start : start + count]


def empty(shape: tuple[int, ...]) -> Planes:
    """Memory for a result; what is in it is not defined.

    Examples
    --------
    >>> empty((2, 3, 4)).shape
    (2, 3, 4)
    """
    count = prod(shape)
    if not LEAST <= count * 4 <= MOST:
        return np.empty(shape, np.float32)
    memory = _recycled(count)
    return np.asarray(_Lease(aligned(count) if memory is None else memory, shape))


def _recycled(count: int) -> Planes | None:
    """An idle buffer for so many numbers that is not much larger; None where there is none."""
    for _ in range(len(_idle)):
        try:
            memory = _idle.popleft()
        except IndexError:  # another thread was quicker
            return None
        if count <= memory.size <= 2 * count:
            return memory
        _idle.append(memory)
    return None
