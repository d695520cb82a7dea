"""The question before files are written over that nobody has been asked about. Choosing names is done elsewhere."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget


def may_write(window: QWidget, files: Iterable[Path], *, named: Path) -> bool:
    """Whether files may be written; the chooser has asked about the one that was named in it, and about no other."""
    existing = [file.name for file in files if file != named and file.exists()]
    if not existing:
        return True
    there = f"There is already a file {existing[0]}"
    if len(existing) > 1:
        there = f"There are already {len(existing)} such files, {existing[0]} to {existing[-1]}"
    buttons = QMessageBox.StandardButton
    answer = QMessageBox.question(
        window, "ConvStudio", f"{there}. Write over what is there?", buttons.Yes | buttons.Cancel
    )
    return answer is buttons.Yes
