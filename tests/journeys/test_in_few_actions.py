"""What people come for takes few actions: each click, each drag, each run of keys and each chosen file is one."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QSlider, QStyle, QStyleOptionSlider, QWidget

from convstudio.core.edits.channels import kernel_everywhere
from convstudio.core.kernels.choices import CHOICES
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.ops import reference
from convstudio.core.recipe.layers import Conv
from convstudio.core.recipe.naming import name_of
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.taps import Unit
from tests.journeys.conftest import Studio
from tests.pictures import read_png

SHARPEN: list[list[float]] = [[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]
LEFT = Qt.MouseButton.LeftButton


class Hand:
    """Mouse and keyboard, and how often they were used."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.actions = 0

    def drop(self, path: Path) -> None:
        self.actions += 1
        self.studio.drop(path)
        self.studio.opened(path.name)

    def click(self, widget: QWidget, place: QPoint | None = None) -> None:
        self.actions += 1
        QTest.mouseClick(widget, LEFT, pos=place or widget.rect().center())

    def type_cells(self, numbers: list[list[float]]) -> None:
        """One run of keys over the cells of the kernel, from the chosen one on."""
        self.actions += 1
        grid = self.studio.application.panels.kernel.grid
        for value in np.ravel(numbers):
            text = f"{value:g}"
            QTest.keyClicks(grid, text[0])
            QTest.keyClicks(grid.editor, text[1:])
            QTest.keyClick(grid.editor, Qt.Key.Key_Tab)
        self.studio.settled()

    def fill(self, name: str, text: str) -> None:
        """Click into a field, and type over what stands in it."""
        field = self.studio.find(name)
        line = field.findChild(QLineEdit)
        assert isinstance(line, QLineEdit)
        self.click(line)
        QTest.qWait(0)  # the click marks the text once it is over
        self.actions += 1
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
        self.studio.settled()

    def point(self, widget: QWidget, place: QPoint) -> None:
        self.actions += 1
        self.studio.hover(widget, place)

    def press(self, keys: str) -> None:
        self.actions += 1
        self.studio.press(keys)

    def drag(self, widget: QWidget, start: QPoint, end: QPoint) -> None:
        self.actions += 1
        QTest.mousePress(widget, LEFT, pos=start)
        for part in (1, 2, 3, 4):
            QTest.mouseMove(widget, start + (end - start) * part / 4)
        QTest.mouseRelease(widget, LEFT, pos=end)


def expected(pixels: NDArray[np.uint8], kernel: list[list[float]]) -> NDArray[np.uint8]:
    """A kernel on each channel alone, mirrored at the border, on the slow road."""
    weight = np.array(kernel)[None, None]
    planes = [
        reference.conv2d(plane[None].astype(np.float64), weight, padding="same", border="reflect")[0]
        for plane in np.moveaxis(pixels, 2, 0)
    ]
    return np.asarray(np.clip(np.rint(np.stack(planes, axis=2)), 0, 255), np.uint8)


def test_an_own_photograph_is_sharpened_by_typing_compared_and_saved_in_eight(
    studio: Studio, photograph: tuple[Path, NDArray[np.uint8]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pixels = photograph
    target = tmp_path / "sharpened.png"
    hand = Hand(studio)

    def choose(*_: object) -> tuple[str, str]:
        hand.actions += 1
        return str(target), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)  # a native dialog
    grid, canvas = studio.application.panels.kernel.grid, studio.application.panels.pair.after.canvas

    hand.drop(path)
    hand.click(grid, grid.cell_rect(0, 0).center().toPoint())
    hand.type_cells(SHARPEN)
    hand.click(studio.find("view-wipe"))
    middle = canvas.rect().center()
    hand.drag(canvas, middle, middle + QPoint(canvas.width() // 4, 0))
    hand.press("Ctrl+E")
    hand.click(studio.find("export-button"))
    studio.until(lambda: "Exported" in studio.text("status-sentence"))

    assert hand.actions <= 8
    assert canvas.divider == pytest.approx(0.75, abs=0.01)
    np.testing.assert_array_equal(read_png(target.read_bytes()), expected(pixels, SHARPEN))


def test_a_gabor_filter_is_recognised_by_its_look_and_turned_by_30_degrees_in_five(studio: Studio) -> None:
    hand = Hand(studio)
    panels, commands = studio.application.panels, studio.application.commands
    studio.settled_on_a_picture()
    tiles = panels.presets.tiles

    hand.click(panels.kernel.open_presets)
    studio.until(lambda: len(tiles.pictures) == len(CHOICES))
    is_in_sight = tiles.visibleRegion().contains(tiles.rect_of("Gabor, 0°").adjusted(8, 2, -8, -2))
    hand.click(tiles, tiles.rect_of("Gabor, 0°").center())
    studio.settled()
    studio.told()
    slider = studio.find("preset-theta-slider", QSlider)
    hand.drag(slider, handle(slider, 0), handle(slider, 30 / 180))
    studio.settled()
    layer = commands.recipe.document.layers[0]
    name = name_of(layer)
    commands.recipe.undo()
    before = commands.recipe.document.layers[0]

    assert hand.actions <= 5
    assert is_in_sight
    assert isinstance(layer, Conv)
    assert isinstance(before, Conv)
    turned, upright = (build(find("gabor"), theta=theta, wavelength=8, sigma=3)[0] for theta in (30, 0))
    np.testing.assert_allclose(kernel_everywhere(layer, 0), turned, atol=1e-12)
    np.testing.assert_allclose(kernel_everywhere(before, 0), upright, atol=1e-12)  # the turn is one step
    assert name.startswith("Gabor")


def test_the_nine_inputs_that_make_the_30_are_seen_in_two(studio: Studio) -> None:
    studio.settled_on_a_picture()
    hand = Hand(studio)
    grids = studio.application.panels.step.grids

    hand.press("Ctrl+Shift+A")
    shown = studio.opened("6×6 grid")
    studio.until(lambda: studio.text("step-right-title") == "The 30")
    QApplication.processEvents()  # the words have their room, and the grids what is left
    assert grids.output is not None
    hand.point(grids, grids.output.rectangle(1, 1).center().toPoint())
    studio.until(lambda: studio.application.wiring.probe.shown == Unit(0, 1, 1))

    assert hand.actions <= 2
    assert shown.result.outputs[0][0].tolist() == [[0, 30, 30, 0]] * 4
    assert studio.text("step-sum") == "10·1 + 10·0 + 0·(−1) + 10·1 + 10·0 + 0·(−1) + 10·1 + 10·0 + 0·(−1) = 30"
    assert studio.text("step-right-share") == "9 inputs take part, 27 do not"
    assert all(not studio.find(name).visibleRegion().isEmpty() for name in ("step-sum", "step-right-share"))


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700)])
def test_stride_2_without_padding_is_set_and_the_size_read_in_four_without_scrolling(
    studio: Studio, size: tuple[int, int]
) -> None:
    studio.window.resize(*size)
    studio.settled_on_a_picture()
    studio.application.commands.recipe.reset(recipe_from("conv size 5 each border reflect"))
    studio.settled()
    hand = Hand(studio)

    hand.fill("stride", "2")
    hand.fill("padding", "0")
    shown = studio.settled()
    studio.told()
    formula = studio.find("size-formula")

    assert hand.actions <= 4
    side = (512 - (5 - 1) - 1) // 2 + 1  # 254
    assert shown.result.plan.output[1:] == (side, side)
    assert f"{side} × {side}" in document_text(studio.text("size-formula"))
    for widget in (studio.find("stride"), studio.find("padding"), formula):
        assert widget.visibleRegion().boundingRect() == widget.rect(), widget.objectName()
    assert formula.heightForWidth(formula.width()) <= formula.height()


def test_a_class_is_shown_why_456_is_enough_in_two(studio: Studio) -> None:
    studio.settled_on_a_picture()
    hand = Hand(studio)

    hand.click(studio.find("tool-stage-count"))
    hand.click(studio.find("count-scope-article"))
    studio.told()

    assert hand.actions <= 2
    assert studio.find("count-slider").accessibleName().startswith("Dense 14,450,688, local 352,800, shared 450")
    for name, words in (
        ("count-sparsity-words", "An output sees 75 of 3,072 inputs."),
        ("count-sharing-words", "Each weight works at 784 places."),
    ):
        assert studio.text(name) == words
        assert not studio.find(name).visibleRegion().isEmpty()
    together = studio.find("count-together")
    assert together.accessibleName() == "456 = 6 × (5·5·3 + 1): sees all channels"
    assert together.visibleRegion().boundingRect() == together.rect()


def document_text(html: str) -> str:
    """What is read of a label with colours in it."""
    document = QTextDocument()
    document.setHtml(html)
    return document.toPlainText()


def handle(slider: QWidget, share: float) -> QPoint:
    """Where a slider's handle is at a share of its range."""
    assert isinstance(slider, QSlider)
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    style, control = slider.style(), QStyle.ComplexControl.CC_Slider
    groove = style.subControlRect(control, option, QStyle.SubControl.SC_SliderGroove, slider)
    knob = style.subControlRect(control, option, QStyle.SubControl.SC_SliderHandle, slider)
    return QPoint(groove.x() + knob.width() // 2 + round(share * (groove.width() - knob.width())), knob.center().y())
