"""How fast the operations are beside others: python3 packaging/test.py --bench [NAME …] [--json FILE].

A row says what one call costs, what it costs the peers, and what it would cost at the machine's limits. The ratio is
ours over the quickest peer's, taken within each round. NAME picks the rows whose names contain it (x stands for ×);
`agreement` is one of them.
"""

import argparse
import json
from dataclasses import asdict
from math import exp, log
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from tests.benchmarks import agreement, machine, peers, rounds, rows
from tests.benchmarks.rows import Operation, Row

OURS, COPY = "ConvStudio", "copy"
TOLERANCE = 1e-4  # of the largest number: the contestants compute the same thing


def main() -> None:
    """Measure the rows that were asked for, print them, and write them down."""
    wishes = _wishes()
    names = [name.lower().replace("x", "×") for name in wishes.names]
    found = machine.describe()
    _print_machine(found)
    chosen = [row for row in rows.rows() if not names or any(_says(row.name, name) for name in names)]
    measured = [_measured(row, wishes.rounds, found) for row in chosen]
    means = {
        "of all rows": _mean(measured),
        "of the convolutions": _mean([row for row in measured if row["operation"] == Operation.CONV]),
    }
    for what, mean in means.items():
        if mean is not None:
            print(f"Geometric mean {what}: {mean:.2f}")
    agreed = None
    if not names or "agreement" in names:
        agreed = agreement.measure(against_pytorch=wishes.agreement, both_roads=wishes.roads)
    if wishes.json:
        report = {"machine": asdict(found), "rows": measured, "geometric mean": means, "agreement": agreed}
        wishes.json.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")


def _mean(measured: list[dict[str, Any]]) -> float | None:
    return exp(sum(log(row["ratio"]) for row in measured) / len(measured)) if measured else None


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="packaging/test.py --bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="rows whose name contains this; all without")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything to this file")
    parser.add_argument("--rounds", type=int, default=15, help="how many turns everybody gets (15)")
    parser.add_argument("--agreement", type=int, default=10_000, help="random cases compared with PyTorch (10000)")
    parser.add_argument("--roads", type=int, default=100_000, help="random cases against float64 (100000)")
    return parser.parse_args()


def _says(title: str, wanted: str) -> bool:
    return wanted in title.lower().replace("x", "×")


def _print_machine(found: machine.Machine) -> None:
    print(f"{found.processor}, {found.cores} cores, {found.system}, Python {found.python}")
    print(", ".join(f"{name} {version}" for name, version in found.libraries.items()))
    print(f"matrix product {found.gigaflops:.0f} GFLOP/s, copying {found.gigabytes_per_second:.1f} GB/s")
    for name in peers.missing():
        print(f"{name} is not installed, so it is left out.")
    print(
        f"\n{'milliseconds':24} {'ours':>8} {'best peer':>23} {'ratio':>6} {'limit':>8}        every peer (ratio to it)"
    )


def _measured(row: Row, count: int, limits: machine.Machine) -> dict[str, Any]:
    x = rows.source(row)
    work, others = rows.ours(row, x), peers.peers(row, x)
    out = work()
    for name, other in others.items():
        error = np.abs(other() - out).max() / np.abs(out).max()
        if error > TOLERANCE:
            raise SystemExit(f"{name} computes something else in the row “{row.name}”: it differs by {error:.1e}.")
    moved = x.nbytes + out.nbytes + row.weight.nbytes
    times = rounds.take_turns({OURS: work, **others, COPY: machine.copier(moved)}, count)
    medians = {name: median(values) for name, values in times.items()}
    best = min(others, key=lambda name: medians[name])
    arithmetic = 2 * rows.multiply_adds(row, out) / limits.gigaflops / 1e6
    made: dict[str, Any] = {
        "name": row.name,
        "operation": row.operation,
        "ours ms": medians[OURS],
        "peers ms": {name: medians[name] for name in others},
        "best": best,
        "ratio": rounds.ratio(times[OURS], times[best]),
        "ratios": {name: rounds.ratio(times[OURS], times[name]) for name in others},
        "bytes moved": moved,
        "copy ms": medians[COPY],
        "arithmetic ms": arithmetic,
    }
    limit, what = max((medians[COPY], "bytes"), (arithmetic, "sums"))
    everybody = ", ".join(f"{name} {medians[name]:.2f} ({made['ratios'][name]:.2f})" for name in others)
    print(
        f"{row.name:24} {medians[OURS]:8.2f} {best:>14} {medians[best]:8.2f} {made['ratio']:6.2f} "
        f"{limit:8.2f} {what:5}  {everybody}",
        flush=True,
    )
    return made


if __name__ == "__main__":
    main()
