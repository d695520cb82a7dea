"""Priorities of threads: the scheduler runs the window's thread before those that compute."""

import ctypes
import os
import platform
import sys
import threading

NICE = 5  # of Linux's 19 steps below the default: a quarter of a core that another thread wants, too
SLICE = 200_000  # nanoseconds, the time slice of the window's thread; Linux's default is 3,000,000
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
    """Let this thread preempt others that compute, as soon as it has something to do.

    From 6.12 on, Linux's scheduler (EEVDF) runs a thread with a short time slice sooner, but gives it no more of the
    processor in all. Threads that this one starts inherit the slice. Elsewhere this does nothing.
    """
    _set_slice(SLICE)


def give_way() -> None:
    """Lower the priority of this thread, and of those that it starts.

    Otherwise the window's thread waits for its turn where all cores compute. While a core is free nothing is slower
    for it. Linux alone has nice values of single threads; elsewhere this does nothing.
    """
    if sys.platform == "linux":
        _set_slice(0)
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(NICE, os.getpriority(os.PRIO_PROCESS, thread)))


def _set_slice(nanoseconds: int) -> None:
    """Ask for a time slice; 0 is the default one."""
    number = SET_ATTRIBUTES.get(platform.machine()) if sys.platform == "linux" else None
    if number is None:
        return
    nice = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    attributes = _Attributes(size=ctypes.sizeof(_Attributes), nice=nice, runtime=nanoseconds)
    ctypes.CDLL(None).syscall(number, 0, ctypes.byref(attributes), 0)  # a refusal changes nothing
