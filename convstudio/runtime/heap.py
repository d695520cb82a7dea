"""Memory of pictures that are no longer needed stays with the process, for those that come."""

import ctypes
import sys

# of malloc.h
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGEST = 2**25  # bytes of one array that is kept, the most that the C library allows: a map of 8 megapixels
KEPT = 2**28  # bytes at the end of the heap that are kept


def keep_freed_memory() -> None:
    """Give no memory of usual pictures back to the system while the process lives. To be called before any thread.

    The C library of Linux otherwise gives a large array's pages back as soon as a thread frees it, and gets others for
    the next. For that the processor forgets where memory is, that of all threads: the window's then stands still, for
    tens of milliseconds on virtual machines. Elsewhere this does nothing.
    """
    if sys.platform != "linux":
        return
    try:
        set_option = ctypes.CDLL(None).mallopt
    except AttributeError:  # not the GNU C library
        return
    set_option(M_ARENA_MAX, 1)  # one heap for all threads: those of threads are given back whole
    set_option(M_MMAP_THRESHOLD, LARGEST)
    set_option(M_TRIM_THRESHOLD, KEPT)
