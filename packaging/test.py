"""Set up and run everything that must pass: python3 packaging/test.py [PYTEST ARGUMENTS].

With --bench first it measures instead of testing: python3 packaging/test.py --bench [NAME …] [--json FILE].
"""

import subprocess
import sys

import environment

CHECKS = (
    ["ruff", "check"],
    ["ruff", "format", "--check"],
    ["mypy"],
)
TESTS = ["pytest", "--doctest-modules", "convstudio/core", "convstudio/insight", "tests"]


def main(arguments: list[str]) -> int:
    """Run the checks, then the tests on a virtual screen; 0 when all pass."""
    if arguments[:1] == ["--bench"]:
        return bench(arguments[1:])
    python = environment.prepare(extras=["test"], with_window=True, with_virtual_screen=True)
    failed = [
        check[0]
        for check in CHECKS
        if subprocess.run([str(python), "-m", *check], check=False, cwd=environment.ROOT).returncode
    ]
    with environment.virtual_screen() as variables:
        command = [str(python), "-m", *TESTS, *arguments]
        status = subprocess.run(command, check=False, cwd=environment.ROOT, env=variables).returncode
    if failed:
        environment.say(f"The tests ended with {status}, but these checks failed: {', '.join(failed)}.")
    return status or len(failed)


def bench(arguments: list[str]) -> int:
    """Measure speed and memory beside other libraries, which are installed for this alone."""
    python = environment.prepare(extras=["test", "bench"], with_window=True, with_virtual_screen=True)
    command = [str(python), "-m", "tests.benchmarks", *arguments]
    with environment.virtual_screen() as variables:
        return subprocess.run(command, check=False, cwd=environment.ROOT, env=variables).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
