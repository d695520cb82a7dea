"""The page of keys tells the truth: the kernel, the pictures and the flow take what it lists, and nothing else.

What a key does is tested beside the widget that takes it.
"""

import re
import string
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.display.pictures import picture_of_bytes
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation
from convstudio.core.view.shown import Selection, show
from convstudio.views.flow import keys as flow_keys
from convstudio.views.flow.flow import LayerFlow
from convstudio.views.kernel import keys as kernel_keys
from convstudio.views.kernel.grid import KernelGrid
from convstudio.views.pictures.canvas import keys as picture_keys
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.pictures.canvas.placement import Link
from convstudio.views.pictures.canvas.wipe import Wipe
from convstudio.views.search.keys_page import Keys

SEVERAL = {"Arrows": ("Left", "Right", "Up", "Down"), "0 … 9": tuple(string.digits), "−": ("-",), "Enter": ("Return",)}
AS_WELL = {"Backspace": "Del", "=": "+", ".": "0", ",": "0"}  # does what the other one does, and is not listed
PLAIN = (
    *string.ascii_uppercase, *string.digits, *"+-=.,/", *(f"F{number}" for number in range(1, 13)),
    "Left", "Right", "Up", "Down", "Home", "End", "PgUp", "PgDown", "Ins", "Del", "Backspace", "Return", "Space",
)  # fmt: skip
MODIFIERS = {
    "": Qt.KeyboardModifier.NoModifier,
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
WITH_CONTROL = tuple(f"Ctrl+{letter}" for letter in string.ascii_uppercase)


def listed(keys: Keys) -> set[str]:
    """Every key of a table, as Qt writes it; the wheel is none."""
    names = [name for row, _ in keys for name in re.split(r", |  ", row) if name != "Wheel"]
    split = [name.rpartition("+") if len(name) > 1 else ("", "", name) for name in names]
    texts = [f"{modifier}{plus}{key}" for modifier, plus, name in split for key in SEVERAL.get(name, (name,))]
    return {QKeySequence(text).toString() for text in texts}


def is_taken(widget: QWidget, text: str) -> bool:
    """Whether a widget keeps a key for itself."""
    modifier, _, key = text.rpartition("+") if len(text) > 1 else ("", "", text)
    code = int(QKeySequence(key)[0].key())  # type: ignore[index]  # the stubs leave the operator out
    event = QKeyEvent(QEvent.Type.KeyPress, code, MODIFIERS[modifier], text.lower() if len(text) == 1 else "")
    widget.event(event)
    return event.isAccepted()


def kernel() -> QWidget:
    grid = KernelGrid()
    grid.show_plane(np.arange(9.0).reshape(3, 3), 10.0, None)
    copied = QMimeData()
    copied.setText("1 2\n3 4")
    QGuiApplication.clipboard().setMimeData(copied)
    return grid


def pictures() -> QWidget:
    canvas, picture = Canvas(), picture_of_bytes(np.zeros((8, 8, 3), np.uint8))
    canvas.show_picture(picture, None)
    canvas.show_channels(3)
    canvas.show_wipe(Wipe(picture, Link(1, 1, 0, 0), "before", "after"))
    return canvas


def flow() -> QWidget:
    row = LayerFlow()
    frame = Frame(np.zeros((8, 8, 3), np.uint8), white=255, name="Coffee")
    row.show_shown(show(evaluate(Document((Activation(), Activation()), selected=1), frame), Selection()))
    return row


@pytest.fixture
def widget(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[QWidget]:
    made: QWidget = request.param()
    qtbot.addWidget(made)
    made.resize(300, 300)
    with qtbot.waitExposed(made):
        made.show()
    yield made  # noqa: PT022  # the widget lives as long as this frame


@pytest.mark.parametrize(
    ("widget", "keys"),
    [(kernel, kernel_keys.KEYS), (pictures, picture_keys.KEYS), (flow, flow_keys.KEYS)],
    indirect=["widget"],
    ids=["kernel", "pictures", "flow"],
)
def test_what_the_page_of_keys_lists_is_taken_and_nothing_else(widget: QWidget, keys: Keys) -> None:
    expected = listed(keys)

    ignored = {text for text in sorted(expected) if not is_taken(widget, text)}
    taken = {text for text in (*PLAIN, *WITH_CONTROL) if is_taken(widget, text)}

    assert ignored == set()
    assert {AS_WELL.get(text, text) for text in taken} <= expected
