"""The folder of the files that come with the program."""

from pathlib import Path

import convstudio


def _resources() -> Path:
    """The folder inside the installed package, or the one beside it in a source checkout."""
    package = Path(convstudio.__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


RESOURCES = _resources()
