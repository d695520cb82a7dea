"""Open a photograph, edit a cell, see the picture change, undo, add a pool, probe a unit, export."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMenu

from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.ops import reference
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Pool, PoolKind, Weights
from convstudio.views.pictures.canvas.canvas import Canvas
from tests.journeys.conftest import Studio
from tests.pictures import read_png

Photograph = tuple[Path, NDArray[np.uint8]]


def expected(studio: Studio, pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The first layer's output on the slow road, from the pixels that the test wrote."""
    layer = studio.application.commands.recipe.document.layers[0]
    assert isinstance(layer, Conv)
    return alone(layer.weight.array[0, 0], pixels)


def alone(kernel: NDArray[np.float64], pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """One kernel on each channel, the picture mirrored at its edge."""
    planes, weight = np.moveaxis(pixels, 2, 0), np.repeat(kernel[None, None], 3, axis=0)
    return reference.conv2d(planes, weight, np.zeros(3), padding="same", groups=3, border="reflect")


def spot(canvas: Canvas, row: int, column: int) -> QPoint:
    """The middle of a pixel on the screen."""
    view = canvas.view
    across = canvas.width() / 2 + (column + 0.5 - view.x) * view.wide
    down = canvas.height() / 2 + (row + 0.5 - view.y) * view.high
    return QPoint(round(across), round(down))


def test_a_dropped_photograph_is_filtered_by_the_recipe_at_once(studio: Studio, photograph: Photograph) -> None:
    path, pixels = photograph

    studio.drop(path)
    shown = studio.opened(path.name)

    np.testing.assert_array_equal(shown.result.frame.pixels, pixels)
    np.testing.assert_allclose(shown.result.outputs[0], expected(studio, pixels), atol=1e-3)
    assert str(shown.result.plan.output) == "64×48×3"


def test_the_layers_say_what_becomes_of_another_picture(studio: Studio, photograph: Photograph) -> None:
    path, _ = photograph
    before = studio.settled_on_a_picture()

    studio.drop(path)
    after = studio.opened(path.name)

    assert before.result.document is after.result.document
    assert studio.application.commands.looking.plan() == after.result.plan
    assert studio.application.panels.flow.layers[0].content.shape == "64 × 48, colour"


def test_a_cell_is_typed_and_undone(studio: Studio, photograph: Photograph) -> None:
    path, pixels = photograph
    studio.drop(path)
    before = studio.opened(path.name)

    grid = studio.application.panels.kernel.grid
    QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=grid.cell_rect(0, 0).center().toPoint())
    QTest.keyClicks(grid, "5")
    QTest.keyClick(grid.editor, Qt.Key.Key_Return)
    edited = studio.settled()
    layer = studio.application.commands.recipe.document.layers[0]
    studio.press("Ctrl+Z")
    undone = studio.settled()

    assert isinstance(layer, Conv)
    assert layer.weight.array[0, 0, 0, 0] == 5
    assert not np.array_equal(edited.result.outputs[0][0], before.result.outputs[0][0])
    np.testing.assert_allclose(edited.result.outputs[0], alone(layer.weight.array[0, 0], pixels), atol=1e-2)
    np.testing.assert_array_equal(undone.result.outputs[0], before.result.outputs[0])


def test_a_pool_is_added_from_the_menu(studio: Studio, photograph: Photograph) -> None:
    path, _ = photograph
    studio.drop(path)
    before = studio.opened(path.name)
    menu = studio.window.findChild(QMenu, "layer-add-menu")
    assert menu is not None

    action = next(action for action in menu.actions() if action.objectName() == "add-max-pool")
    menu.popup(studio.window.mapToGlobal(QPoint(60, 300)))
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    after = studio.settled()

    planes = before.result.outputs[0]
    largest = planes.reshape(3, 24, 2, 32, 2).max(axis=(2, 4))
    assert isinstance(studio.application.commands.recipe.document.layers[1], Pool)
    np.testing.assert_array_equal(after.result.outputs[1], largest)


def test_a_probed_unit_tells_its_sum(studio: Studio, photograph: Photograph) -> None:
    path, pixels = photograph
    studio.drop(path)
    studio.opened(path.name)
    canvas = studio.application.panels.pair.after.canvas
    row, column = 20, 30

    studio.hover(canvas, spot(canvas, row, column))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, row, column))
    studio.application.window.show_stage("step")
    studio.until(lambda: studio.text("step-left-place") == "at row 21, column 31")

    layer = studio.application.commands.recipe.document.layers[0]
    assert isinstance(layer, Conv)
    window = pixels[row - 1 : row + 2, column - 1 : column + 2, 0].astype(np.float64)  # of red
    value = (window * layer.weight.array[0, 0]).sum()
    said = float(studio.text("step-left-title").removeprefix("The ").replace("−", "-"))
    assert said == pytest.approx(value, rel=1e-3, abs=1e-2)
    assert studio.text("step-left-share") == f"9 inputs take part, {64 * 48 * 3 - 9:,} do not"


def test_the_output_is_exported_and_the_file_holds_the_independent_result(
    studio: Studio, photograph: Photograph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, pixels = photograph
    studio.drop(path)
    studio.opened(path.name)
    target = tmp_path / "out.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))  # the one native dialog

    studio.press("Ctrl+E")
    values = studio.application.panels.export.values
    QTest.keyClicks(values, "raw")
    studio.click("export-button")
    studio.until(lambda: "Exported" in studio.text("status-sentence"))

    planes = np.clip(np.rint(expected(studio, pixels)), 0, 255).astype(np.uint8)
    written = np.moveaxis(read_png(target.read_bytes()), 2, 0)
    assert values.currentText() == "raw values"
    assert np.abs(written.astype(int) - planes).max() <= 1  # float32 may round a half the other way
    assert (written != planes).mean() < 0.01


def test_a_layer_is_added_and_deleted_by_keys_alone(studio: Studio, photograph: Photograph) -> None:
    path, _ = photograph
    studio.drop(path)
    before = studio.opened(path.name)

    studio.press("Ctrl+I, A")
    added = studio.settled()
    studio.press("Ctrl+Del")
    deleted = studio.settled()

    layer = added.result.document.layers[1]
    assert isinstance(layer, Pool)
    assert layer.kind is PoolKind.AVERAGE
    assert deleted.result.document == before.result.document


def test_what_the_display_clips_is_told_below_the_picture_and_marked_by_a_click(studio: Studio) -> None:
    studio.settled_on_a_picture()
    layer = Conv(weight=Weights([[[[2.0]]]]), bias=(0.0,), padding=Padding.VALID)
    pixels = np.repeat(np.array([[1.0, 2.0, 3.0, 4.0]], np.float32), 4, axis=0)

    studio.application.commands.sessions.set_up(
        Document((layer,), selected=0), Frame(pixels[:, :, None], white=4.0)
    )  # 2 4 6 8 of 4: two of four columns are clipped
    studio.until(lambda: studio.text("output-clipped") == "50 % clipped")
    studio.click("output-clipped")
    shown = studio.settled()
    studio.until(lambda: studio.application.commands.looking.latest is not shown or shown.output_clipped is not None)

    marks = studio.settled().output_clipped
    assert marks is not None
    assert marks.tolist() == [[False, False, True, True]] * 4


def test_a_sentence_about_a_layer_goes_when_the_layers_change(studio: Studio) -> None:
    studio.settled_on_a_picture()
    commands = studio.application.commands
    commands.recipe.add_layer(lambda _: Pool())
    studio.settled()
    commands.recipe.delete_layer(commands.recipe.document.selected)
    said = studio.text("status-sentence")

    studio.press("Ctrl+Z")
    studio.settled()

    assert "is gone" in said
    assert studio.text("status-sentence") == ""


def test_a_refusal_is_gone_once_the_recipe_is_another(studio: Studio) -> None:
    studio.settled_on_a_picture()
    commands = studio.application.commands
    layer = commands.recipe.document.layers[0]
    assert isinstance(layer, Conv)
    commands.recipe.edit_layer(0, replace(layer, stride=Pair(0, 1)))
    refused = studio.text("status-sentence")
    commands.looking.select(-1)
    selected = studio.text("status-sentence")

    commands.recipe.edit_layer(0, replace(layer, stride=Pair(2, 2)))
    studio.settled()

    assert "stride" in refused
    assert selected == refused  # the layers are the same
    assert studio.text("status-sentence") == ""
