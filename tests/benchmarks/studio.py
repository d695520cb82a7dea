"""The application as the benchmarks open it."""

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QEventLoop

from convstudio.app import Application, quiet_qt
from convstudio.core.ops.jit import is_compiled, usable

PATIENCE = 10  # milliseconds of waiting between two looks at what is made meanwhile


def opened() -> Application:
    """The window, with all that is made on other threads a second after the start."""
    application = Application(quiet_qt(sys.argv[:1]), Path(tempfile.mkdtemp()) / "settings.json")
    application.window.resize(1440, 900)
    application.window.show()
    application.settle()
    while usable() and not is_compiled():
        application.qt.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, PATIENCE)
    return application
