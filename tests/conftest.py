"""What every test stands on: no leaked threads, and icons that can be found."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

STAYING = "convstudio-strips", "convstudio-crew"


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application, with the screen's own pointer where no window is: its moves are no test's."""
    QCursor.setPos(qapp.primaryScreen().geometry().bottomRight())
    return qapp


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """A test that leaves a thread of ours behind fails; those that wait for strips and calls stay."""
    before = set(threading.enumerate())
    yield
    left = [
        thread.name
        for thread in threading.enumerate()
        if thread not in before and thread.is_alive() and not thread.name.startswith(("Dummy", *STAYING))
    ]
    assert left == []
