"""Set up and run everything that must pass: python3 packaging/test.py [--thorough] [PYTEST ARGUMENTS].

By default a part of the random cases is drawn, on all cores; --thorough draws all of them. What else stands there goes
to pytest, which then runs what it names in one process. With --bench first it measures instead of testing:
python3 packaging/test.py --bench [NAME …] [--json FILE].
"""

import os
import subprocess
import sys
from pathlib import Path

import environment

QUICK_CHECKS = ["ruff", "check"], ["ruff", "format", "--check"]
TYPES = ["mypy"]  # takes a core for a while, so it runs beside the tests
MOST_WORKERS = 4  # each has threads for every core


def main(arguments: list[str]) -> int:
    """Run the checks and the tests on virtual screens; 0 when all pass."""
    if arguments[:1] == ["--bench"]:
        return bench(arguments[1:])
    python = environment.prepare(extras=["test"], with_window=True, with_virtual_screen=True)
    failed = [check[0] for check in QUICK_CHECKS if run(python, *check)]
    types = subprocess.Popen(
        [str(python), "-m", *TYPES], cwd=environment.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    status = test(python, arguments)
    complaints, _ = types.communicate()
    environment.say(complaints.strip())
    if types.returncode:
        failed += TYPES
    if failed:
        environment.say(f"The tests ended with {status}, but these checks failed: {', '.join(failed)}.")
    return status or len(failed)


def test(python: Path, arguments: list[str]) -> int:
    """Run the tests: side by side on a screen each, and then, one by one, those that need the machine for themselves.

    Where arguments say what to run, it is run in one process, as pytest alone would.
    """
    options = ["--hypothesis-profile=thorough"] if "--thorough" in arguments else []
    selection = [argument for argument in arguments if argument != "--thorough"]
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    with environment.virtual_screens(1 if selection else workers) as variables:
        if selection:
            return run(python, "pytest", *options, *selection, variables=variables)
        side_by_side = ["-n", str(workers), "--dist", "worksteal", "-m", "not alone"]
        together = run(python, "pytest", *options, *side_by_side, variables=variables)
        alone = run(python, "pytest", *options, "-m", "alone", variables=variables)
    return together or alone


def run(python: Path, *command: str, variables: dict[str, str] | None = None) -> int:
    """Run a module of Python's, and say how it ended."""
    return subprocess.run([str(python), "-m", *command], check=False, cwd=environment.ROOT, env=variables).returncode


def bench(arguments: list[str]) -> int:
    """Measure speed and memory beside other libraries, which are installed for this alone."""
    python = environment.prepare(extras=["test", "bench"], with_window=True, with_virtual_screen=True)
    with environment.virtual_screens(1) as variables:
        return run(python, "tests.benchmarks", *arguments, variables=variables)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
