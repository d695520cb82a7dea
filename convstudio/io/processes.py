"""Other processes of this package: how to start one before NumPy is imported, and which of them live."""

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


def is_alive(process: int) -> bool:
    """Whether there is a process of that number. Windows cannot be asked without harm, and keeps open files anyway."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True
