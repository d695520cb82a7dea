"""Who goes first: the window's own thread, before those that compute."""

import ctypes
import os
import platform
import sys
import threading

BEHIND = 5  # of the 19 steps that Linux has below the usual: a quarter of the time where others want it
SLICE = 200_000  # nanoseconds that the window's thread asks for at a time; Linux gives 3,000,000 unless asked
SET_ATTRIBUTES = {"x86_64": 314, "aarch64": 274}  # Linux's numbers of sched_setattr, which glibc lacks before 2.41


class _Attributes(ctypes.Structure):
    """struct sched_attr of sched(7), as far as usual threads need it."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime", ctypes.c_uint64),
        ("deadline", ctypes.c_uint64),
        ("period", ctypes.c_uint64),
    )


def go_first() -> None:
    """Let this thread interrupt others that compute, as soon as it has something to do.

    Linux from 6.12 on lets a thread that asks for short turns begin them at once; it gets no more of the processor for
    it. Threads that it starts ask for the same. Elsewhere this does nothing.
    """
    _take_turns(SLICE)


def give_way() -> None:
    """Let every other thread go before this one, and before those that it starts.

    Where the cores are taken by computing, a window's thread otherwise waits for its turn. Nothing is slower for it
    while a core is free. Linux alone has priorities of single threads; elsewhere this does nothing.
    """
    if sys.platform == "linux":
        _take_turns(0)
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(BEHIND, os.getpriority(os.PRIO_PROCESS, thread)))


def _take_turns(nanoseconds: int) -> None:
    """Ask for turns of such a length, or with 0 of the usual one."""
    number = SET_ATTRIBUTES.get(platform.machine()) if sys.platform == "linux" else None
    if number is None:
        return
    nice = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    attributes = _Attributes(size=ctypes.sizeof(_Attributes), nice=nice, runtime=nanoseconds)
    ctypes.CDLL(None).syscall(number, 0, ctypes.byref(attributes), 0)  # a refusal changes nothing
