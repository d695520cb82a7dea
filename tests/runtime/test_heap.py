"""Whether the memory of pictures serves the next ones, or is had from the system anew, which counts as page faults."""

import subprocess
import sys

FAULTS = """
import sys
import threading
from resource import RUSAGE_THREAD, getrusage
import numpy as np
from PySide6.QtWidgets import QApplication
from convstudio.app import quiet_qt

all_hold = threading.Barrier(2)
faults = []

def pictures():
    return [np.full(6_000_000, 1, np.float32) for _ in range(3)]

def count():
    held = pictures()
    all_hold.wait()
    del held
    before = getrusage(RUSAGE_THREAD).ru_minflt
    for _ in range(20):
        pictures()
    faults.append(getrusage(RUSAGE_THREAD).ru_minflt - before)

qt = {"ours": quiet_qt, "bare": QApplication}[sys.argv[1]](["test"])
threads = [threading.Thread(target=count) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sum(faults))
"""


def test_pictures_of_threads_use_the_same_memory_again() -> None:
    ours, bare = (
        int(subprocess.run([sys.executable, "-c", FAULTS, which], check=True, capture_output=True, text=True).stdout)
        for which in ("ours", "bare")
    )
    assert ours < 100 <= bare
