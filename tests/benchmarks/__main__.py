"""Everything that is claimed of speed and memory, measured: python3 packaging/test.py --bench [NAME …] [--json FILE].

NAME picks a part (operations, agreement, learning, increments, frame, camera, start, window, large, huge, explanations)
or the rows of the operations whose names contain it (x stands for ×); all of it without.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.benchmarks import (
    agreement,
    camera,
    explanations,
    frame,
    huge_image,
    increments,
    large_view,
    learning,
    machine,
    operations,
    rows,
    start,
    window,
)
from tests.benchmarks.claims import Claim

PARTS: dict[str, Callable[[], Iterator[Claim]]] = {
    "increments": increments.measure,
    "frame": frame.measure,
    "camera": camera.measure,
    "start": start.measure,
    "large": large_view.measure,
    "huge": huge_image.measure,
    "window": window.measure,
    "explanations": explanations.measure,
}


def main() -> None:
    """Measure what was asked for, print it, and write it down."""
    options = _options()
    parts = {name.lower() for name in options.names}
    names = {name.replace("x", "×") for name in parts - {*PARTS, "operations", "agreement", "learning"}}
    described = machine.describe()
    print(f"{described.processor}, {described.cores} cores, {described.system}, Python {described.python}")
    print(", ".join(f"{name} {version}" for name, version in described.libraries.items()))
    report: dict[str, Any] = {"machine": asdict(described)}
    everything = not parts or "operations" in parts
    chosen = [row for row in rows.rows() if everything or any(_says(row.name, name) for name in names)]
    if chosen:
        report |= operations.measure(chosen, options.rounds, described)
    for part, measure in PARTS.items():
        if not parts or part in parts:
            report[part] = _claims(part, measure)
    if not parts or "agreement" in parts:
        report["agreement"] = agreement.measure(against_pytorch=options.agreement, against_reference=options.reference)
    if not parts or "learning" in parts:
        report["learning"] = learning.measure()
    if options.json:
        options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="packaging/test.py --bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="parts, or words of rows; all without")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything to this file")
    parser.add_argument("--rounds", type=int, default=15, help="how many turns everybody gets (15)")
    parser.add_argument("--agreement", type=int, default=10_000, help="random cases compared with PyTorch (10000)")
    parser.add_argument("--reference", type=int, default=100_000, help="random cases compared with float64 (100000)")
    return parser.parse_args()


def _says(title: str, words: str) -> bool:
    return words in title.lower().replace("x", "×")


def _claims(part: str, measure: Callable[[], Iterator[Claim]]) -> list[dict[str, Any]]:
    print(f"\n{part}")
    rows_of_part: list[dict[str, Any]] = []
    for claim in measure():
        print(claim, flush=True)
        rows_of_part.append(asdict(claim) | {"share": claim.share, "holds": claim.holds})
    return rows_of_part


if __name__ == "__main__":
    main()
