"""A picture that is too large to be computed whole is exact wherever it is on the screen, and a preview until then."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Dense, Layer, Pool, PoolKind, Weights
from convstudio.core.view.shown import Shown
from convstudio.io.decoding.images import read_image
from convstudio.io.export.export import ExportOptions
from convstudio.views.pictures.canvas.canvas import Canvas
from tests.journeys.conftest import Studio

ROWS, COLUMNS = 2000, 3000
KERNEL = ((1.0, 2.0, 0.0), (0.0, 0.5, 0.0), (0.0, 0.0, -3.0))
Kernel = tuple[tuple[float, ...], ...]


def layer_of(kernel: Kernel) -> Conv:
    return Conv(weight=Weights([[kernel]]), bias=(4.0,), channels=Channels.EACH)


@pytest.fixture(scope="module")
def large() -> Frame:
    """Six megapixels of noise on slow waves: no two places are alike."""
    noise = np.random.default_rng(5).integers(0, 60, (ROWS, COLUMNS, 3), dtype=np.uint8)
    waves = np.sin(np.arange(ROWS) / 300)[:, None] * 60 + np.sin(np.arange(COLUMNS) / 200)[None] * 30
    return Frame(noise + (100 + waves).astype(np.uint8)[..., None], white=255, name="waves")


def expected(frame: Frame, region: Region, kernel: Kernel = KERNEL) -> NDArray[np.float64]:
    """The colours of a part of the filtered picture: cut off at 0 and 255."""
    return filtered(frame, region, kernel).clip(0, 255)


def filtered(frame: Frame, region: Region, kernel: Kernel = KERNEL) -> NDArray[np.float64]:
    """A 3×3 filter on each colour of a part of a picture with zeros around it, by shifts and sums."""
    top, left = max(region.top - 1, 0), max(region.left - 1, 0)
    pixels = frame.pixels[top : region.bottom + 1, left : region.right + 1].astype(np.float64)
    before = (int(region.top == 0), int(region.left == 0))
    room = np.zeros((region.height + 2, region.width + 2, 3))
    room[before[0] : before[0] + len(pixels), before[1] : before[1] + pixels.shape[1]] = pixels
    output = np.full((region.height, region.width, 3), 4.0)
    for row, column in np.ndindex(3, 3):
        output += kernel[row][column] * room[row : row + region.height, column : column + region.width]
    return output


def start(studio: Studio, frame: Frame, *layers: Layer, selected: int = 0) -> Shown:
    document = Document(layers or (layer_of(KERNEL),), Display(DisplayMode.CLIP), selected=selected)
    studio.application.commands.sessions.set_up(document, frame)
    return studio.settled()


def screen(canvas: Canvas) -> tuple[Region, NDArray[np.uint8]]:
    """Which pixels of a picture at 1:1 are in the middle of a pane, and the colours that the screen has there."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    bits = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    colours = bits[:, : image.width() * 3].reshape(image.height(), image.width(), 3)
    assert canvas.view.wide == canvas.view.high == 1
    # the middle of a screen pixel says which pixel of the picture it shows
    top = int(np.floor(40.5 - image.height() / 2 + canvas.view.y))
    left = int(np.floor(40.5 - image.width() / 2 + canvas.view.x))
    return Region(top, top + 200, left, left + 200), colours[40:240, 40:240].copy()


def readings(studio: Studio) -> list[str]:
    """What is said above the output, each time that something is shown from now on."""
    pair, commands = studio.application.panels.pair, studio.application.commands
    said: list[str] = []
    for signal in (commands.looking.shown, commands.looking.sharpened):
        signal.connect(lambda _: said.append(pair.display_bar.note.text))
    return said


def test_at_actual_size_the_screen_shows_the_exact_picture_after_every_edit(studio: Studio, large: Frame) -> None:
    start(studio, large)
    studio.press("Ctrl+Alt+0")
    studio.settled()
    canvas = studio.application.panels.pair.after.canvas

    before = screen(canvas)
    said = readings(studio)
    studio.type_into_cell(1, 1, "0")
    after = screen(canvas)

    changed = (KERNEL[0], (0.0, 0.0, 0.0), KERNEL[2])
    np.testing.assert_allclose(before[1], expected(large, before[0]), atol=1)
    np.testing.assert_allclose(after[1], expected(large, after[0], changed), atol=1)
    assert [text.split(" · ")[0] for text in said] == ["exact"]


def test_from_afar_a_marked_preview_is_replaced_by_the_exact_picture(studio: Studio, large: Frame) -> None:
    start(studio, large)
    said = readings(studio)

    studio.type_into_cell(1, 1, "0")
    shown = studio.settled()

    (patch,) = shown.output_patches
    side = patch.cells.reduction
    part = Region(100 * side, 130 * side, 200 * side, 240 * side)
    exact = np.rint(expected(large, part, (KERNEL[0], (0.0, 0.0, 0.0), KERNEL[2])))
    means = exact.reshape(30, side, 40, side, 3).mean(axis=(1, 3))
    assert said[0].startswith("preview from 600×400")  # blocks of 5×5 pixels
    assert said[-1].startswith("exact")
    assert side >= 5
    np.testing.assert_allclose(patch.pixels[100:130, 200:240], means, atol=1.01)


def test_panning_brings_the_exact_picture_of_what_comes_into_view(studio: Studio, large: Frame) -> None:
    start(studio, large)
    studio.press("Ctrl+Alt+0")
    studio.settled()
    canvas = studio.application.panels.pair.after.canvas
    first, _ = screen(canvas)

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    for moved in (40, 80, 150):
        QTest.mouseMove(canvas, QPoint(300 - moved, 200 + moved // 2))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(150, 275))
    studio.settled()

    region, colours = screen(canvas)
    assert (region.left - first.left, region.top - first.top) == (150, -75)
    np.testing.assert_allclose(colours, expected(large, region), atol=1)


def test_another_picture_of_another_size_becomes_exact_as_well(studio: Studio, large: Frame) -> None:
    start(studio, large)
    narrow = Frame(large.pixels[:, :2500].copy(), white=255, name="most of it")

    commands = studio.application.commands
    start(studio, narrow)
    studio.until(lambda: commands.looking.latest is not None and commands.looking.latest.is_exact)
    shown = studio.settled()

    assert shown.result.plan.source.width == 2500
    assert studio.application.panels.pair.display_bar.note.text.startswith("exact")


def test_what_has_to_see_all_of_it_says_that_it_works_on_a_reduced_picture(studio: Studio, large: Frame) -> None:
    start(studio, large)

    studio.application.window.show_stage("shift")
    studio.until(lambda: "Equivariant in the interior" in studio.find("shift-number").toolTip())

    assert studio.find("shift-note").isVisible()
    assert "reduced to 600×400" in studio.text("shift-note")
    assert "3000×2000" in studio.text("shift-note")


def test_the_newest_of_many_edits_is_what_becomes_exact(studio: Studio, large: Frame) -> None:
    start(studio, large)
    commands = studio.application.commands
    exact: list[float] = []
    commands.looking.sharpened.connect(lambda shown: exact.append(float(weight_of(shown))) if shown.is_exact else None)

    for number in range(8):
        kernel = (KERNEL[0], (0.0, 0.1 * number, 0.0), KERNEL[2])
        commands.recipe.edit_selected(layer_of(kernel))
    shown = studio.settled()

    assert weight_of(shown) == 0.1 * 7
    assert exact == [0.1 * 7]  # none of the others was worked out to the end


def weight_of(shown: Shown) -> float:
    layer = shown.result.document.layers[0]
    assert isinstance(layer, Conv)
    return float(layer.weight.array[0, 0, 1, 1])


def test_a_dense_layer_says_that_it_needs_the_whole_picture(studio: Studio, large: Frame) -> None:
    start(studio, large)

    studio.application.commands.recipe.add_layer(lambda _: Dense(units=8))
    studio.until(lambda: "needs its whole input" in studio.text("status-sentence"))

    assert "3000×2000×3, and 144,000,000 weights" in studio.text("status-sentence")


def test_a_global_pool_says_what_it_needs_until_it_has_read_it(studio: Studio, large: Frame) -> None:
    start(studio, large)
    said = readings(studio)

    studio.application.commands.recipe.add_layer(lambda _: Pool(kind=PoolKind.MAX, is_global=True))
    shown = studio.settled()

    planes = shown.output_patches[0].planes
    strips = [filtered(large, Region(top, top + 500, 0, COLUMNS)).max(axis=(0, 1)) for top in range(0, ROWS, 500)]
    assert said[0].startswith("preview: Global max pool needs its whole input, 3000×2000×3")
    assert said[-1].startswith("exact: Global max pool has read its whole input")
    assert planes is not None
    np.testing.assert_allclose(planes[:, 0, 0], np.max(strips, axis=0))


def test_one_output_of_a_large_picture_is_explained(studio: Studio, large: Frame) -> None:
    start(studio, large)
    studio.press("Ctrl+Alt+0")
    studio.settled()
    canvas = studio.application.panels.pair.after.canvas

    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(140, 140))

    row, column = canvas.hovered or (0, 0)
    around = large.pixels[row - 1 : row + 2, column - 1 : column + 2, 0].astype(float)
    value = float((around * np.array(KERNEL)).sum()) + 4
    said = studio.application.panels.pair.marks.loupe.words
    assert said[:2] == (f"Row {row + 1:,}, column {column + 1:,}", f"{value:g}".replace("-", "−"))
    (field,) = studio.application.panels.pair.before.canvas.boxes
    assert field.region == Region(row - 1, row + 2, column - 1, column + 2)


def test_with_the_wipe_on_the_receptive_field_is_boxed_as_well(studio: Studio, large: Frame) -> None:
    start(studio, large)
    studio.press("Ctrl+Alt+0")
    studio.settled()
    pair = studio.application.panels.pair
    QTest.mouseClick(pair.after.canvas, Qt.MouseButton.LeftButton, pos=QPoint(140, 140))
    (field,) = pair.before.canvas.boxes

    studio.click("view-wipe")
    studio.settled()

    wipe = pair.after.canvas.wipe
    assert wipe is not None
    assert wipe.boxes == (field,)
    assert wipe.parts is not None
    assert wipe.parts.patches[-1].cells.reduction == 1


def test_a_large_picture_is_exported_in_full(studio: Studio, large: Frame, tmp_path: Path) -> None:
    start(studio, large)
    commands = studio.application.commands

    with studio.qtbot.waitSignal(
        commands.exporting.said, timeout=30_000, check_params_cb=lambda text: "Exported" in text
    ):
        commands.exporting.export(commands.looking.latest, tmp_path / "filtered.png", ExportOptions())

    region = Region(1200, 1300, 2000, 2200)
    written = read_image(tmp_path / "filtered.png").pixels
    assert written.shape == (ROWS, COLUMNS, 3)
    np.testing.assert_allclose(written[1200:1300, 2000:2200], expected(large, region), atol=1)
