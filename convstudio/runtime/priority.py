"""Who goes first: the window's own thread, before those that compute."""

import os
import sys
import threading

BEHIND = 5  # of the 19 steps that Linux has below the usual: a quarter of the time where others want it


def give_way() -> None:
    """Let every other thread go before this one, and before those that it starts.

    Where the cores are taken by computing, a window's thread otherwise waits for its turn. Nothing is slower for it
    while a core is free. Linux alone has priorities of single threads; elsewhere this does nothing.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(BEHIND, os.getpriority(os.PRIO_PROCESS, thread)))
