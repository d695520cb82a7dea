"""The whole application in a real window, driven with real events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from convstudio.app import Application
from convstudio.core.view.shown import Shown
from convstudio.wiring.recipe import RecipeWiring
from tests.pictures import write_png
from tests.pointer import point_at

REST = 10
WAIT = 15_000  # milliseconds that a step may take on a busy machine


@dataclass
class Studio:
    """The application and the ways in which a person touches it."""

    application: Application
    qtbot: QtBot
    monkeypatch: pytest.MonkeyPatch

    @property
    def window(self) -> QWidget:
        return self.application.window

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait for what a person would wait for."""
        self.qtbot.waitUntil(condition, timeout=WAIT)

    def settled(self) -> Shown:
        """Wait until the screen shows the present recipe on the present frame."""
        commands = self.application.commands

        def is_settled() -> bool:
            latest = commands.looking.latest
            return (
                latest is not None
                and not self.application.engine.is_busy
                and latest.result.document is commands.recipe.document
                and latest.result.frame is commands.sources.feed.frame
            )

        self.until(is_settled)
        assert commands.looking.latest is not None
        return commands.looking.latest

    def told(self) -> None:
        """Wait until the panels have been told of the recipe and the picture."""
        recipe = self.window.findChild(RecipeWiring)
        assert recipe is not None
        self.until(lambda: not any(timer.isActive() for timer in recipe.findChildren(QTimer)))

    def at_rest(self, reading: Callable[[], object]) -> None:
        """Wait until something on the screen has its place: it reads the same for ten turns of the event loop."""
        readings = [reading()]

        def is_at_rest() -> bool:
            readings.append(reading())
            return len(readings) > REST and all(other == readings[-1] for other in readings[-REST:])

        self.until(is_at_rest)

    def opened(self, name: str) -> Shown:
        """Wait until the picture of that name is on the screen."""
        feed = self.application.feed
        self.until(lambda: feed.frame is not None and feed.frame.name == name)
        return self.settled()

    def settled_on_a_picture(self) -> Shown:
        """Open a small photograph that comes with the program, and wait for it."""
        self.application.commands.sources.open_sample("camera")
        return self.opened("Camera man")

    def type_into_cell(self, row: int, column: int, text: str) -> Shown:
        """Type a number into the kernel."""
        grid = self.application.panels.kernel.grid
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(row, column).center().toPoint())
        QTest.keyClicks(grid, text[0])
        QTest.keyClicks(grid.editor, text[1:])
        QTest.keyClick(grid.editor, Qt.Key.Key_Return)
        return self.settled()

    def answer_questions(self, answer: str) -> list[str]:
        """Answer every question with a button; the list grows with the questions asked."""
        questions: list[str] = []

        def answering(_: QWidget, title: str, text: str, *__: object) -> QMessageBox.StandardButton:
            questions.append(text)
            return QMessageBox.StandardButton[answer]

        self.monkeypatch.setattr(QMessageBox, "question", answering)  # a modal loop of its own
        return questions

    def find(self, name: str, kind: type = QWidget) -> QWidget:
        """The widget of that object name."""
        widget: QWidget | None = self.window.findChild(kind, name)
        assert widget is not None, name
        return widget

    def text(self, name: str) -> str:
        """What a label says."""
        return str(self.find(name).property("text"))

    def click(self, name: str) -> None:
        """Press the left button in the middle of a widget."""
        QTest.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def press(self, keys: str) -> None:
        """Press a key combination of an action, by the keyboard."""
        action = next(action for action in self.window.findChildren(QAction) if action.shortcut().toString() == keys)
        QTest.keySequence(self.window, action.shortcut())

    def save(self, keys: str = "Ctrl+S") -> str:
        """Save by the keyboard; what the window says of it."""
        said: list[str] = []
        self.application.commands.sessions.said.connect(said.append)
        self.press(keys)
        self.until(lambda: any(sentence.startswith("Saved") for sentence in said))
        self.application.commands.sessions.said.disconnect(said.append)
        return next(sentence for sentence in said if sentence.startswith("Saved"))

    def sentences(self) -> list[str]:
        """What the commands say from now on; the list grows."""
        sentences: list[str] = []
        for subject in self.application.commands.subjects:
            subject.said.connect(sentences.append)
        return sentences

    def drop(self, *sources: Path | str) -> None:
        """Drag files or addresses over the window and let them go."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(it)) if isinstance(it, Path) else QUrl(it) for it in sources])
        place = self.window.rect().center()
        actions, buttons = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
        modifiers = Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(place, actions, data, buttons, modifiers)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted()
        drop = QDropEvent(QPointF(place), actions, data, buttons, modifiers, QEvent.Type.Drop)
        QApplication.sendEvent(self.window, drop)

    def hover(self, widget: QWidget, place: QPoint) -> None:
        """Move the mouse to a place in a widget, and wait until the screen's server has told the widget."""
        point_at(widget, place)


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    """The application in a window of 1440×900, on its first sample."""
    application = Application(qapp, tmp_path / "settings.json")
    application.window.resize(1440, 900)
    application.window.show()
    with qtbot.waitActive(application.window):
        application.window.activateWindow()
    yield Studio(application, qtbot, monkeypatch)
    application.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def photograph(tmp_path: Path) -> tuple[Path, NDArray[np.uint8]]:
    """A small colourful file, and its pixels."""
    rows, columns = np.mgrid[0:48, 0:64]
    pixels = np.stack([columns * 4 % 256, rows * 5 % 256, (rows + columns) * 2 % 256], axis=2).astype(np.uint8)
    path = tmp_path / "photograph.png"
    write_png(path, pixels)
    return path, pixels
