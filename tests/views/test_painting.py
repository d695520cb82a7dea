"""A paint function never raises, and its painter is always ended: what cannot be drawn is said in words."""

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QListWidget, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from convstudio.views.painting import drawing, painting, painting_item

Index = QModelIndex | QPersistentModelIndex
VIEWS = Path(__file__).resolve().parents[2] / "convstudio" / "views"
GUARDS = {"paintEvent": "painting", "paint": "painting_item"}
ITEMS = ("QStyledItemDelegate", "QIconEngine")


class Broken(QWidget):
    """Its number cannot be drawn while it is no number."""

    number = float("nan")

    def paintEvent(self, _event: QPaintEvent) -> None:
        with painting(self) as painter:
            painter.save()
            painter.translate(1000, 1000)
            painter.drawText(0, round(self.number), "so high")
            painter.restore()


class BrokenRows(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, _index: Index) -> None:
        with painting_item(painter, option.rect, option.widget):
            painter.setOpacity(0.0)
            painter.drawText(0, round(float("inf")), "so high")


def image_of(widget: QWidget) -> QImage:
    return widget.grab().toImage()


def colours_in(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


@pytest.mark.qt_log_ignore("saved states", extend=True)
def test_a_widget_that_cannot_be_drawn_says_so_and_can_be_drawn_again(qtbot: QtBot) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    widget.resize(300, 60)

    with qtbot.captureExceptions() as faults:
        widget.show()
        with qtbot.waitExposed(widget):
            pass
        words = image_of(widget)
        image_of(widget)
        widget.number = 0.0
        image = image_of(widget)

    assert [kind for kind, *_ in faults] == [ValueError]  # it is reported once, however often it is painted
    assert (
        widget.property("reported-fault") == "This cannot be drawn (ValueError: cannot convert float NaN to integer)."
    )
    assert len(colours_in(words)) > 2  # text, not an empty area
    assert image != words


def test_rows_that_cannot_be_drawn_say_so(qtbot: QtBot) -> None:
    rows = QListWidget()
    qtbot.addWidget(rows)
    rows.addItems(["1", "2"])
    rows.setItemDelegate(BrokenRows(rows))

    with qtbot.captureExceptions() as faults:
        image = image_of(rows)

    assert [kind for kind, *_ in faults] == [OverflowError]
    assert len(colours_in(image)) > 2


def test_a_drawing_that_fails_is_ended_and_tells_its_caller() -> None:
    page = QPixmap(8, 8)

    with pytest.raises(ZeroDivisionError), drawing(page):
        1 / 0  # noqa: B018

    assert not page.paintingActive()


def overrides(tree: ast.Module) -> list[ast.FunctionDef]:
    """Every function that Qt calls to paint."""
    functions = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            is_item = any(isinstance(base, ast.Name) and base.id in ITEMS for base in node.bases)
            names = tuple(GUARDS) if is_item else ("paintEvent",)
            functions += [
                member for member in node.body if isinstance(member, ast.FunctionDef) and member.name in names
            ]
    return functions


def is_guarded(function: ast.FunctionDef) -> bool:
    """Whether all but a docstring and the base's own painting is in a `with painting…`."""
    *before, last = function.body
    is_plain = all(
        isinstance(line, ast.Expr)
        and (isinstance(line.value, ast.Constant) or ast.unparse(line.value) == "super().paintEvent(event)")
        for line in before
    )
    if not (is_plain and isinstance(last, ast.With)):
        return False
    opened = last.items[0].context_expr
    return isinstance(opened, ast.Call) and ast.unparse(opened.func) == GUARDS[function.name]


def test_every_paint_function_of_the_window_is_guarded() -> None:
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in VIEWS.rglob("*.py")}
    functions = [(file.name, function) for file, tree in trees.items() for function in overrides(tree)]

    assert len(functions) > 20
    assert [(name, function.lineno) for name, function in functions if not is_guarded(function)] == []


def test_painters_are_opened_in_one_place() -> None:
    opening = {
        file.name
        for file in VIEWS.parent.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "QPainter"
    }

    assert opening == {"painting.py"}
