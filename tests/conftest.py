"""What every test stands on: a screen for each process, how many random cases are drawn, and no leaked threads."""

import os
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings
from PySide6.QtCore import QDir
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from convstudio.io.resources import RESOURCES
from convstudio.views import theme
from tests.amounts import QUICK, THOROUGH

if (worker := os.environ.get("PYTEST_XDIST_WORKER")) and (screens := os.environ.get("CONVSTUDIO_SCREENS", "").split()):
    os.environ["DISPLAY"] = screens[int(worker.removeprefix("gw")) % len(screens)]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen" if not os.environ.get("DISPLAY") else "xcb")

settings.register_profile("quick", max_examples=QUICK, deadline=None)
settings.register_profile("thorough", max_examples=THOROUGH, deadline=None)  # --hypothesis-profile=thorough
settings.load_profile("quick")

STAYING = "convstudio-strips", "convstudio-jit"


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application with the pictures of its style sheet, and the screen's own pointer where no window is."""
    QDir.setSearchPaths(theme.PICTURES_PREFIX, [str(RESOURCES / "controls")])
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
