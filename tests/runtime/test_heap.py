"""Whether the memory of a picture serves the next one, or is had from the system anew, which counts as page faults."""

import subprocess
import sys

FAULTS = """
import sys
import threading
from resource import RUSAGE_THREAD, getrusage
import numpy as np
from convstudio.runtime.heap import keep_freed_memory

def fill():
    np.full(6_000_000, 1, np.float32)

def count():
    fill()
    before = getrusage(RUSAGE_THREAD).ru_minflt
    for _ in range(20):
        fill()
    print(getrusage(RUSAGE_THREAD).ru_minflt - before)

if sys.argv[1] == "keep":
    keep_freed_memory()
thread = threading.Thread(target=count)
thread.start()
thread.join()
"""


def test_a_thread_s_pictures_use_the_same_memory_again() -> None:
    kept, given_back = (
        int(subprocess.run([sys.executable, "-c", FAULTS, how], check=True, capture_output=True, text=True).stdout)
        for how in ("keep", "give back")
    )
    assert kept < 20 <= given_back
