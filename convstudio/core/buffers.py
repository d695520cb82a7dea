"""Buffers for large arrays, recycled once nobody holds the array that was in them.

The system clears memory before it hands it out, page by page, which for many filters takes a fifth of the whole call.
Small results need nothing of the kind: the C library keeps their memory by itself. From 4 MB on it depends on what the
rest of the program did before: with other libraries beside, a call for 33 MB took a third longer.
"""

from collections import deque
from math import prod
from typing import Any
from weakref import finalize

import numpy as np
from numpy.typing import DTypeLike, NDArray

Planes = NDArray[np.float32]
Memory = NDArray[np.uint8]

LEAST, MOST = 2**22, 2**27  # bytes of one result; the allocator of the C library does smaller ones
LINE = 16  # float32 in a cache line
LINE_BYTES = 64
MOST_IDLE = 2  # buffers of results; older ones go back to the system


class Recycler:
    """Hands out buffers, and takes each one back when its array and all views of it are gone.

    Parameters
    ----------
    most_idle
        How many buffers wait to be used again; older ones go back to the system.

    Examples
    --------
    >>> recycler = Recycler(most_idle=2)
    >>> recycler.array((2, 3), np.uint8).shape
    (2, 3)
    >>> recycler.idle
    1
    """

    def __init__(self, *, most_idle: int) -> None:
        self._idle: deque[Memory] = deque(maxlen=most_idle)  # its methods are atomic: a finaliser waits for no lock

    @property
    def idle(self) -> int:
        """How many buffers wait to be used again."""
        return len(self._idle)

    def array(self, shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
        """An array that begins where a cache line does; what is in it is not defined."""
        size = prod(shape) * np.dtype(dtype).itemsize
        memory = self._recycled(size)
        return np.asarray(
            _Lease(_aligned_bytes(size) if memory is None else memory, shape, np.dtype(dtype), self._idle)
        )

    def _recycled(self, size: int) -> Memory | None:
        """An idle buffer of so many bytes that is not much larger; None where there is none."""
        for _ in range(len(self._idle)):
            try:
                memory = self._idle.popleft()
            except IndexError:  # another thread was quicker
                return None
            if size <= memory.nbytes <= 2 * size:
                return memory
            self._idle.append(memory)
        return None


class _Lease:
    """Holds a buffer for an array and every view of it, and goes with the last of them."""

    def __init__(self, memory: Memory, shape: tuple[int, ...], dtype: np.dtype[Any], idle: deque[Memory]) -> None:
        address = memory.ctypes.data, False  # not read-only
        self.__array_interface__ = {"data": address, "shape": shape, "typestr": dtype.str, "version": 3}
        finalize(self, idle.append, memory).atexit = False


_results = Recycler(most_idle=MOST_IDLE)


def empty(shape: tuple[int, ...]) -> Planes:
    """Memory for a result; what is in it is not defined.

    Examples
    --------
    >>> empty((2, 3, 4)).shape
    (2, 3, 4)
    """
    if not LEAST <= prod(shape) * 4 <= MOST:
        return np.empty(shape, np.float32)
    return _results.array(tuple(shape), np.float32)


def aligned(count: int) -> Planes:
    """So many numbers from the beginning of a cache line on: BLAS then reads one line at a time, not two.

    Examples
    --------
    >>> aligned(100).ctypes.data % 64, aligned(100).shape
    (0, (100,))
    """
    return _aligned_bytes(4 * count).view(np.float32)


def _aligned_bytes(size: int) -> Memory:
    memory = np.empty(size + LINE_BYTES, np.uint8)
    start = -memory.ctypes.data % LINE_BYTES
    return memory[start : start + size]
