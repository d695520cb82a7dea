"""Other processes of this package: how to start one. Imported before NumPy is, so that they start meanwhile."""

import os
import sys
from pathlib import Path

import convstudio


def python_command(module: str) -> tuple[list[str], dict[str, str]]:
    """How to run a module of this very package in another process: the command and its environment.

    The folder that the person happens to be in is not searched, so that a `cv2.py` lying there is not run.
    """
    command, environment = [sys.executable, "-P", "-m", module], dict(os.environ)
    root = Path(convstudio.__file__).resolve().parent.parent
    if root.name not in ("site-packages", "dist-packages"):  # a checkout, which the other process may not find
        paths = [str(root), os.environ.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return command, environment
