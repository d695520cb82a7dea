"""How fast the operations are beside other libraries.

A row says what one call costs, what it costs the peers, and what it would cost at the machine's limits. The ratio is
ours over the quickest peer's, taken within each round.
"""

from collections.abc import Callable, Sequence
from math import exp, log
from statistics import median
from typing import Any

import numpy as np

from convstudio.core.ops.jit import compile_all
from convstudio.core.ops.methods import Method, only
from tests.benchmarks import machine, peers, rounds, rows
from tests.benchmarks.rows import Operation, Planes, Row

OURS, PLAIN, COPY = "ConvStudio", "without machine code", "copy"
TOLERANCE = 1e-4  # of the largest number: the contestants compute the same thing


def measure(chosen: Sequence[Row], count: int, limits: machine.Machine) -> dict[str, Any]:
    """Measure rows for so many rounds and print each as it comes."""
    print(f"matrix product {limits.gigaflops:.0f} GFLOP/s, copying {limits.gigabytes_per_second:.1f} GB/s")
    for name in peers.missing():
        print(f"{name} is not installed, so it is left out.")
    heads = f"{'milliseconds':24} {'ours':>8} {'best peer':>23} {'ratio':>6} {PLAIN:>15.15} {'limit':>8}"
    print(f"\n{heads}        every peer (ratio to it)")
    measured = [_measured(row, count, limits) for row in chosen]
    convolutions = [row for row in measured if row["operation"] == Operation.CONV]
    means = {
        "of all rows": _mean(measured),
        "of the convolutions": _mean(convolutions),
        "of the convolutions without machine code": _mean(convolutions, "ratio without machine code"),
    }
    for what, mean in means.items():
        if mean is not None:
            print(f"Geometric mean {what}: {mean:.2f}")
    return {"rows": measured, "geometric mean": means}


def _mean(measured: list[dict[str, Any]], of: str = "ratio") -> float | None:
    return exp(sum(log(row[of]) for row in measured) / len(measured)) if measured else None


def _without_machine_code(work: Callable[[], Planes]) -> Callable[[], Planes]:
    """The same call where llvmlite is not installed."""

    def plain() -> Planes:
        with only(*(kind for kind in Method if kind is not Method.COMPILED)):
            return work()

    return plain


def _measured(row: Row, count: int, limits: machine.Machine) -> dict[str, Any]:
    x = rows.source(row)
    compile_all()
    work, others = rows.ours(row, x), peers.peers(row, x)
    out = work()
    for name, other in others.items():
        error = np.abs(other() - out).max() / np.abs(out).max()
        if error > TOLERANCE:
            raise SystemExit(f"{name} computes something else in the row “{row.name}”: it differs by {error:.1e}.")
    moved = x.nbytes + out.nbytes + row.weight.nbytes
    times = rounds.take_turns(
        {OURS: work, PLAIN: _without_machine_code(work), **others, COPY: machine.copier(moved)}, count
    )
    medians = {name: median(values) for name, values in times.items()}
    best = min(others, key=lambda name: medians[name])
    arithmetic = 2 * rows.multiply_adds(row, out) / limits.gigaflops / 1e6
    measured: dict[str, Any] = {
        "name": row.name,
        "operation": row.operation,
        "ours ms": medians[OURS],
        "without machine code ms": medians[PLAIN],
        "ratio without machine code": rounds.ratio(times[PLAIN], times[best]),
        "peers ms": {name: medians[name] for name in others},
        "best": best,
        "ratio": rounds.ratio(times[OURS], times[best]),
        "ratios": {name: rounds.ratio(times[OURS], times[name]) for name in others},
        "bytes moved": moved,
        "copy ms": medians[COPY],
        "arithmetic ms": arithmetic,
    }
    limit, what = max((medians[COPY], "bytes"), (arithmetic, "sums"))
    everybody = ", ".join(f"{name} {medians[name]:.2f} ({measured['ratios'][name]:.2f})" for name in others)
    print(
        f"{row.name:24} {medians[OURS]:8.2f} {best:>14} {medians[best]:8.2f} {measured['ratio']:6.2f} "
        f"{medians[PLAIN]:8.2f} {measured['ratio without machine code']:6.2f} "
        f"{limit:8.2f} {what:5}  {everybody}",
        flush=True,
    )
    return measured
