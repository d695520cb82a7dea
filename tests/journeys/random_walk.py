"""A person without a plan: every command of the window and every control in it, in a random order.

What must hold meanwhile is said in `test_a_random_walk`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QSlider,
    QSpinBox,
    QTabBar,
    QTableWidget,
    QWidget,
)

from convstudio.app import Application
from convstudio.core.kernels.presets import PRESETS
from convstudio.core.recipe.text import recipe_from
from convstudio.io.export.encoding import Depth, Format, encode
from convstudio.views.window.stages import NAMES

T = TypeVar("T")
NUMBERS = "0", "1", "-1", "0.5", "−2", "1/9", "3", "0,25", "1e3", "-", "", "abc", "99999", "1e39", "7×7"
TEXTS = (
    "0,25\n0,5\n0,25",
    "1 0 -1\n2 0 -2\n1 0 -1",
    "[[1, 0], [0, 1]]",
    "0.5",
    "no kernel",
    "",
    "1;2;3",
    "\t".join(["1"] * 31),
)
RECIPES = (
    "conv sobel-x each | absolute",
    "conv filters 4 size 5 channels 3 stride 2 | relu | max 2",
    "conv [1 0 -1; 1 0 -1] padding valid | global average | dense 4",
    "transposed 4 stride 2 padding 1 | average 3 stride 1 padding 1",
    "",
)
KEYS = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Escape,
    Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_Tab, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown,
    Qt.Key.Key_1, Qt.Key.Key_Minus, Qt.Key.Key_Plus, Qt.Key.Key_F2,
)  # fmt: skip
MODIFIERS = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
PICTURES = (
    ((24, 18, 3), Depth.EIGHT),
    ((30, 41, 1), Depth.EIGHT),
    ((1, 9, 1), Depth.EIGHT),
    ((7, 1, 3), Depth.EIGHT),
    ((16, 16, 3), Depth.SIXTEEN),
    ((48, 64, 4), Depth.EIGHT),
)
"""Shapes and depths of the files that are opened."""
NOT_TAKEN = ("quit", "full-screen")  # the end of a walk; what a screen without a window manager cannot do
MENU = 100  # milliseconds between two looks for a menu that waits
MOST_WORK = 3 * 10**8  # multiply-adds of a recipe: what is more is taken back, as a person would


class Walk:
    """Takes steps, and remembers what they were."""

    def __init__(self, application: Application, folder: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
        self.application, self.window = application, application.window
        self.generator = np.random.default_rng(seed)
        self.trail: list[str] = []
        self._folder = folder
        self.pictures = self._make_pictures()
        self._answer_dialogs(monkeypatch)
        self._menus = QTimer(self.window)  # a button's menu waits for somebody to choose, and the walk for the menu
        self._menus.timeout.connect(self._answer_menus)
        self._menus.start(MENU)

    def step(self) -> None:
        """Do something."""
        share = self.generator.random()
        bound = 0.0
        for weight, deed in (
            (0.34, self._trigger_an_action),
            (0.34, self._touch_a_control),
            (0.08, self._use_the_mouse),
            (0.05, self._press_a_key),
            (0.04, self._type_into_the_kernel),
            (0.03, self._choose_a_preset),
            (0.02, self._show_a_panel),
            (0.02, self._open_a_picture),
            (0.02, self._paste_into_the_kernel),
            (0.02, self._resize),
            (0.02, self._put_on_the_clipboard),
            (0.02, self._take_a_recipe),
        ):
            bound += weight
            if share < bound:
                deed()
                break
        self._answer_menus()
        if not self.window.isVisible():  # a menu has Quit, too
            self._note("closed")
            self.window.show()
        self._take_back_what_is_too_large()

    # deeds

    def _trigger_an_action(self) -> None:
        names = [
            name for name, action in self.window.actions_by_name.items() if action.isEnabled() and name not in NOT_TAKEN
        ]
        name = self._one_of(names)
        if name.startswith("add-") and len(self.application.commands.recipe.document.layers) > 6:
            name = "delete-layer" if self.window.actions_by_name["delete-layer"].isEnabled() else "undo"
        self._note(f"action {name}")
        self.window.actions_by_name[name].trigger()

    def _touch_a_control(self) -> None:
        controls = [
            widget
            for kind in (QAbstractButton, QComboBox, QAbstractSpinBox, QLineEdit, QSlider, QTabBar, QTableWidget)
            for widget in self.window.findChildren(kind)
            if widget.isEnabled() and widget.isVisible() and not _is_inside(widget)
        ]
        if not controls:  # a stage that is presented may have none
            return
        control = self._one_of(controls)
        name = f"{type(control).__name__} {control.objectName() or control.accessibleName() or control.toolTip()}"
        match control:
            case QAbstractButton():
                self._note(f"press {name} {control.text()}")
                control.click()
            case QComboBox():
                index = int(self.generator.integers(max(control.count(), 1)))
                self._note(f"choose {index} of {name}")
                control.setCurrentIndex(index)
                control.activated.emit(index)
            case QAbstractSpinBox():
                self._set_a_number(control, name)
            case QLineEdit():
                text = self._one_of(NUMBERS)
                self._note(f"type {text!r} into {name}")
                control.setText(text)
                control.setModified(True)
                QTest.keyClick(control, Qt.Key.Key_Return)
            case QSlider():
                value = int(self.generator.integers(control.minimum(), control.maximum() + 1))
                self._note(f"slide {name} to {value}")
                control.setValue(value)
            case QTabBar():
                index = int(self.generator.integers(max(control.count(), 1)))
                self._note(f"tab {index} of {name}")
                control.setCurrentIndex(index)
            case QTableWidget():
                row, column = (int(self.generator.integers(max(count, 1))) for count in _size_of(control))
                item, text = control.item(row, column), self._one_of(NUMBERS)
                self._note(f"type {text!r} into row {row}, column {column} of {name}")
                if item is not None and item.flags() & Qt.ItemFlag.ItemIsEditable:
                    item.setText(text)

    def _set_a_number(self, control: QAbstractSpinBox, name: str) -> None:
        if isinstance(control, QSpinBox):
            count = int(self._number_for(control.minimum(), control.maximum()))
            self._note(f"set {name} to {count}")
            control.setValue(count)
        elif isinstance(control, QDoubleSpinBox):
            number = self._number_for(control.minimum(), control.maximum())
            self._note(f"set {name} to {number}")
            control.setValue(number)
        control.editingFinished.emit()

    def _use_the_mouse(self) -> None:
        widgets = [widget for widget in self.window.findChildren(QWidget) if widget.isVisible() and widget.width() > 8]
        widget = self._one_of(widgets)
        start, end = (self._place_in(widget) for _ in range(2))
        modifier = self._one_of(MODIFIERS)
        deed = self._one_of(("move", "click", "double click", "drag", "wheel"))
        self._note(f"{deed} at {start.x()}, {start.y()} of {type(widget).__name__} {widget.objectName()}")
        match deed:
            case "move":
                QTest.mouseMove(widget, start)
            case "click":
                QTest.mouseClick(widget, Qt.MouseButton.LeftButton, modifier, start)
            case "double click":
                QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, modifier, start)
            case "drag":
                QTest.mousePress(widget, Qt.MouseButton.LeftButton, modifier, start)
                QTest.mouseMove(widget, (start + end) / 2)
                QTest.mouseMove(widget, end)
                QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, modifier, end)
            case "wheel":
                turn = QPoint(0, int(self._one_of((-120, 120))))
                place = QPointF(start)
                everywhere = QPointF(widget.mapToGlobal(start))
                buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
                QApplication.sendEvent(
                    widget, QWheelEvent(place, everywhere, QPoint(), turn, buttons, modifier, phase, False)
                )

    def _press_a_key(self) -> None:
        widget = QApplication.focusWidget() or self.window
        key, modifier = self._one_of(KEYS), self._one_of(MODIFIERS)
        self._note(f"key {key.name} {modifier.name} in {type(widget).__name__} {widget.objectName()}")
        QTest.keyClick(widget, key, modifier)

    def _type_into_the_kernel(self) -> None:
        grid = self.application.panels.kernel.grid
        if not grid.isVisible():
            return
        height, width = grid.plane.shape
        row, column = int(self.generator.integers(height)), int(self.generator.integers(width))
        text = self._one_of(("0", "1", "-1", "0.25", "-3.5", "1/3", "0,5", "-"))
        self._note(f"type {text} into row {row}, column {column} of the kernel")
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(row, column).center().toPoint())
        QTest.keyClicks(grid, text[0])
        QTest.keyClicks(grid.editor, text[1:])
        QTest.keyClick(grid.editor, Qt.Key.Key_Return)

    def _choose_a_preset(self) -> None:
        preset = self._one_of(PRESETS)
        self._note(f"preset {preset.key}")
        if self.application.panels.kernel.isVisible():
            self.application.panels.kernel.load_preset(preset.key, dict(preset.defaults))

    def _show_a_panel(self) -> None:
        name = self._one_of(NAMES)
        self._note(f"panel {name}")
        self.window.show_stage(name)

    def _open_a_picture(self) -> None:
        path = self._one_of(self.pictures)
        self._note(f"open {path.name}")
        self.application.commands.sources.open(str(path))

    def _paste_into_the_kernel(self) -> None:
        text = self._one_of(TEXTS)
        self._note(f"paste {text!r} into the kernel")
        QGuiApplication.clipboard().setText(text)
        grid = self.application.panels.kernel.grid
        if grid.isVisible():
            grid.setFocus()
            QTest.keyClick(grid, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)

    def _put_on_the_clipboard(self) -> None:
        width, height = (int(side) for side in self.generator.integers(1, 40, 2))
        image = QImage(width, height, QImage.Format.Format_ARGB32)
        image.fill(int(self.generator.integers(2**32)))
        self._note(f"a picture of {width}×{height} on the clipboard")
        QGuiApplication.clipboard().setImage(image)

    def _resize(self) -> None:
        width, height = int(self.generator.integers(400, 1600)), int(self.generator.integers(300, 1000))
        self._note(f"window of {width}×{height}")
        self.window.resize(width, height)

    def _take_a_recipe(self) -> None:
        text = self._one_of(RECIPES)
        self._note(f"recipe {text!r}")
        self.application.commands.recipe.edit(recipe_from(text))

    # whatever asks

    def _answer_menus(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is None:
            return
        key = self._one_of((Qt.Key.Key_Escape, Qt.Key.Key_Return))
        for _ in range(int(self.generator.integers(1, 6))):
            QTest.keyClick(popup, Qt.Key.Key_Down)
        self._note(f"{key.name} in {type(popup).__name__} {popup.objectName()}")
        QTest.keyClick(popup, key)
        if popup.isVisible():
            popup.close()

    def _answer_dialogs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def opened(*_: object) -> tuple[str, str]:
            files = [*self.pictures, *self._folder.glob("*.convstudio"), self._folder / "there is none.png", Path()]
            path = self._one_of(files)
            return (str(path) if path != Path() else ""), ""

        def opened_all(*arguments: object) -> tuple[list[str], str]:
            text, _ = opened(*arguments)
            return ([text] if text else []), ""

        def saved(_: object, title: str, *__: object) -> tuple[str, str]:
            number = int(self.generator.integers(4))
            suffix = ".convstudio" if "session" in title.lower() else ""
            return (str(self._folder / f"saved-{number}{suffix}") if number else ""), ""

        def answered(_: object, __: str, text: str, buttons: QMessageBox.StandardButton, *___: object) -> object:
            choices = [button for button in QMessageBox.StandardButton if button & buttons and _is_single(button)]
            answer = self._one_of(choices)
            self._note(f"answer {answer.name} to {text!r}")
            return answer

        monkeypatch.setattr(QFileDialog, "getOpenFileName", opened)
        monkeypatch.setattr(QFileDialog, "getOpenFileNames", opened_all)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", saved)
        monkeypatch.setattr(QMessageBox, "question", answered)

    def _take_back_what_is_too_large(self) -> None:
        commands = self.application.commands
        plan = commands.looking.plan()
        if plan is None or not plan.steps:
            return
        work = sum(step.connections * step.input.channels for step in plan.steps)
        if work > MOST_WORK or max(step.output.size for step in plan.steps) > MOST_WORK // 100:
            self._note("too large")
            if commands.recipe.store.can_undo:
                commands.recipe.undo()
            commands.sources.open(str(self.pictures[0]))

    # choices

    def _one_of(self, choices: Sequence[T]) -> T:
        return choices[int(self.generator.integers(len(choices)))]

    def _number_for(self, low: float, high: float) -> float:
        if self.generator.random() < 0.03:
            return self._one_of((low, high))
        return float(min(high, low + self.generator.integers(8)))

    def _place_in(self, widget: QWidget) -> QPoint:
        column, row = self.generator.integers((max(widget.width(), 1), max(widget.height(), 1)))
        return QPoint(int(column), int(row))

    def _note(self, deed: str) -> None:
        self.trail.append(deed)

    def _make_pictures(self) -> tuple[Path, ...]:
        paths = []
        for number, (shape, depth) in enumerate(PICTURES):
            path = self._folder / f"picture-{number}.png"
            pixels = self.generator.integers(0, 256, shape).astype(np.uint8)
            path.write_bytes(encode(pixels, Format.PNG, depth))
            paths.append(path)
        path = self._folder / "damaged.png"
        path.write_bytes(paths[0].read_bytes()[:99])
        return (*paths, path)


def _is_inside(widget: QWidget) -> bool:
    """Whether it is a part of another control."""
    return isinstance(widget.parent(), QAbstractSpinBox | QComboBox) or widget.objectName().startswith("qt_")


def _size_of(table: QTableWidget) -> tuple[int, int]:
    return table.rowCount(), table.columnCount()


def _is_single(button: QMessageBox.StandardButton) -> bool:
    return button.value.bit_count() == 1
