"""The heap: freed memory of pictures stays with the process and is used again."""

import ctypes
import sys

# options of mallopt, from malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGEST = (
    2**25
)  # bytes of one array on the heap, the most that glibc allows: a map of 8 megapixels; larger ones are mmapped
TRIM_THRESHOLD = 2**28  # bytes that may be free at the top of the heap before it is trimmed


def keep_freed_memory() -> None:
    """Return no memory of usual pictures to Linux while the process lives. To be called before any thread starts.

    By default glibc unmaps a large array as soon as a thread frees it, and maps new pages for the next one. Unmapping
    invalidates the TLB of every core (a TLB shootdown). The window's thread stands still meanwhile, on virtual
    machines for tens of milliseconds. Elsewhere this does nothing.
    """
    if sys.platform != "linux":
        return
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # not the GNU C library
        return
    set_option(M_ARENA_MAX, 1)  # one heap for all threads: an arena of a thread's own is unmapped as a whole
    set_option(M_MMAP_THRESHOLD, LARGEST)
    set_option(M_TRIM_THRESHOLD, TRIM_THRESHOLD)
