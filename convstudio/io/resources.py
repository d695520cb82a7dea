"""Where the files that come with the program lie. The person's own files do not live here."""

from pathlib import Path

import convstudio


def _resources() -> Path:
    """The folder inside the installed package, or the one beside it in a source checkout."""
    package = Path(convstudio.__file__).resolve().parent
    installed = package / "resources"
    return installed if installed.is_dir() else package.parent / "resources"


RESOURCES = _resources()
