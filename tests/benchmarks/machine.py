"""The machine that numbers were measured on: its processor, its libraries, and the two limits no program passes."""

import platform
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import numpy as np

from convstudio.core.threads import cores

LIBRARIES = ("numpy", "opencv-python", "torch", "onnxruntime", "scipy")
SIDE = 1536  # of the matrices whose product is timed


@dataclass(frozen=True)
class Machine:
    """What the numbers depend on."""

    processor: str
    cores: int
    system: str
    python: str
    libraries: dict[str, str]
    gigaflops: float
    gigabytes_per_second: float


def describe() -> Machine:
    """This machine, its limits measured now."""
    return Machine(
        processor=_processor(),
        cores=cores(),
        system=platform.platform(terse=True),
        python=platform.python_version(),
        libraries={name: _version(name) for name in LIBRARIES},
        gigaflops=_gigaflops(),
        gigabytes_per_second=_gigabytes_per_second(2**28),
    )


def copier(size: int) -> Callable[[], object]:
    """A copy that reads and writes `size` bytes in all, on every core."""
    count = max(size // 8, cores())  # float32 numbers, read once and written once
    source, target = np.ones(count, np.float32), np.zeros(count, np.float32)
    parts = [(target[part], source[part]) for part in _cut(count)]
    pool = ThreadPoolExecutor(cores())
    return lambda: list(pool.map(lambda pair: np.copyto(*pair), parts))


def _cut(count: int) -> list[slice]:
    edges = np.linspace(0, count, cores() + 1).astype(int)
    return [slice(start, stop) for start, stop in pairwise(edges)]


def _gigaflops() -> float:
    """Billions of multiplications and additions a second in NumPy's matrix product."""
    matrix = np.ones((SIDE, SIDE), np.float32)
    return 2 * SIDE**3 / _quickest(lambda: matrix @ matrix) / 1e9


def _gigabytes_per_second(size: int) -> float:
    return size / _quickest(copier(size)) / 1e9


def _quickest(work: Callable[[], object], runs: int = 10) -> float:
    times = []
    for _ in range(runs):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def _processor() -> str:
    table = Path("/proc/cpuinfo")
    lines = table.read_text(encoding="utf-8").splitlines() if table.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"
