"""What is painted tile by tile is the file that the whole result would be."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.display.colours import diverging_colours
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Dense, Pool, Weights
from convstudio.core.view.shown import picture_of
from convstudio.io.export import export as module
from convstudio.io.export.encoding import Depth, Format, suffix_of
from convstudio.io.export.export import Content, ExportOptions, Values, export, export_recipe
from convstudio.io.export.rendering import display_ranges_of, output_in_tiles
from tests.io.export.readers import read_png, read_tiff

GENERATOR = np.random.default_rng(21)
SMALL = 40_000  # bytes: the picture below and what is made of it need 2.1 million


def frame_with_alpha(height: int = 150, width: int = 170) -> Frame:
    pixels = GENERATOR.integers(0, 256, (height, width, 3)).astype(np.uint8)
    return Frame(pixels, white=255, alpha=GENERATOR.integers(0, 256, (height, width)).astype(np.uint8))


def document(mode: DisplayMode = DisplayMode.AUTOMATIC, limit: float | None = None) -> Document:
    """A blur that sums to 1 and an edge filter, so that one map is brightness and one swings around zero."""
    weights = np.zeros((2, 1, 3, 3))
    weights[0, 0, 1, :] = (0.25, 0.5, 0.25)
    weights[1, 0, :, :] = (1, 0, -1)
    filters = Conv(weight=Weights(weights), bias=(0.0, 0.0), padding=Padding.SAME, channels=Channels.EACH)
    identity = Conv(weight=Weights([[[[1]]]]), bias=(0.0,), channels=Channels.EACH)
    return Document((identity, filters), Display(mode, limit))


def both(tmp_path: Path, recipe: Document, frame: Frame, options: ExportOptions) -> tuple[list[bytes], list[bytes]]:
    """The files of a whole result and those made in tiles."""
    index = len(recipe.layers) - 1
    whole = export(evaluate(recipe, frame), index, 0, options, tmp_path / "whole")
    tiled = export_recipe(recipe, frame, index, 0, options, tmp_path / "tiled", most_bytes=SMALL)
    assert [file.name.replace("whole", "tiled") for file in whole] == [file.name for file in tiled]
    return [file.read_bytes() for file in whole], [file.read_bytes() for file in tiled]


@pytest.mark.parametrize("mode", list(DisplayMode))
@pytest.mark.parametrize("limit", [None, 100.0])
def test_as_shown_every_mode_is_the_same_in_tiles(tmp_path: Path, mode: DisplayMode, limit: float | None) -> None:
    options = ExportOptions(content=Content.MAPS)

    whole, tiled = both(tmp_path, document(mode, limit), frame_with_alpha(), options)

    assert len(whole) == 2
    for expected, file in zip(whole, tiled, strict=True):
        np.testing.assert_array_equal(read_png(file), read_png(expected))


def test_the_usual_magnitude_of_a_large_picture_is_taken_from_the_same_samples() -> None:
    values = GENERATOR.normal(0, 1, (700, 601, 1)).astype(np.float32)  # of every second row and column; tiles of 5 rows
    frame, recipe = Frame(values, white=1), document()

    display_ranges = display_ranges_of(output_in_tiles(recipe, frame, 0, budget=50_000), [0], lambda _: None)

    picture = picture_of(evaluate(recipe, frame), 0, 0)
    assert picture.mode is DisplayMode.SIGNED
    assert (display_ranges[0].low, display_ranges[0].high) == (picture.low, picture.high)


@pytest.mark.parametrize("depth", list(Depth))
def test_raw_values_are_the_same_in_tiles(tmp_path: Path, depth: Depth) -> None:
    options = ExportOptions(Values.RAW, Content.MAPS, Format.TIFF, depth)

    whole, tiled = both(tmp_path, document(), frame_with_alpha(), options)

    for expected, file in zip(whole, tiled, strict=True):
        np.testing.assert_array_equal(read_tiff(file), read_tiff(expected))


def test_a_montage_is_the_same_in_tiles(tmp_path: Path) -> None:
    whole, tiled = both(tmp_path, document(), frame_with_alpha(), ExportOptions(content=Content.MONTAGE))

    np.testing.assert_array_equal(read_png(tiled[0]), read_png(whole[0]))


def test_grey_and_signed_maps_share_a_sheet(tmp_path: Path) -> None:
    grey = Frame(np.full((20, 30, 1), 100, np.uint8), white=255)

    (file,) = export(evaluate(document(), grey), 1, 0, ExportOptions(content=Content.MONTAGE), tmp_path / "a.png")

    sheet = read_png(file.read_bytes())
    assert sheet.shape == (20, 62, 3)
    assert sheet[10, 10].tolist() == [100, 100, 100]
    assert sheet[10, 50].tolist() == diverging_colours()[128].tolist()  # the edge of a flat picture is zero


def test_maps_that_do_not_fit_together_are_painted_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = Weights(np.array([1.0, 0.5, 0.25, 0.0, 0.75]).reshape(5, 1, 1, 1))
    recipe = Document((Conv(weight=weights, bias=(0.0,) * 5, channels=Channels.EACH),))
    frame = Frame(np.full((30, 40, 1), 200, np.uint8), white=255)
    monkeypatch.setattr(module, "BATCH_BYTES", 2 * 30 * 40 * 4)

    heard: list[float] = []

    files = export_recipe(
        recipe, frame, 0, 0, ExportOptions(content=Content.MAPS), tmp_path / "a.png", progress=heard.append,
        most_bytes=1,
    )  # fmt: skip

    values = [np.unique(read_png(file.read_bytes())).tolist() for file in files]
    assert values == [[200], [100], [50], [0], [150]]
    assert {2 / 6, 4 / 6, 1.0} <= set(heard)  # three batches, each painted, packed and written


def test_the_source_and_what_sees_it_whole_can_be_saved_in_tiles(tmp_path: Path) -> None:
    frame, options = frame_with_alpha(), ExportOptions(Values.RAW, format=Format.NPY, depth=Depth.FLOAT)
    recipe = Document((*document().layers, Pool(is_global=True), Dense(units=3)))

    (source,) = export_recipe(recipe, frame, -1, 0, options, tmp_path / "source", most_bytes=SMALL)
    (pooled,) = export_recipe(recipe, frame, 2, 0, options, tmp_path / "pooled", most_bytes=SMALL)

    np.testing.assert_array_equal(np.load(source), frame.pixels)
    # the blur that sums to 1, then its maximum for each colour of the first map
    np.testing.assert_array_equal(np.load(pooled)[0, 0], evaluate(recipe, frame).outputs[2][:3, 0, 0])


def test_an_export_that_is_called_off_leaves_no_file(tmp_path: Path) -> None:
    class NotWantedError(Exception):
        pass

    def stop(fraction: float) -> None:
        if fraction > 0.3:
            raise NotWantedError

    with pytest.raises(NotWantedError):
        export_recipe(
            document(), frame_with_alpha(), 1, 0, ExportOptions(), tmp_path / "a.png", progress=stop, most_bytes=SMALL
        )

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [Format.PNG, Format.TIFF, Format.JPEG, Format.NPY])
@pytest.mark.parametrize("share", [0.6, 0.99])
def test_of_a_set_that_is_called_off_no_file_is_left_and_none_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Format, share: float
) -> None:
    class NotWantedError(Exception):
        pass

    def stop(fraction: float) -> None:
        if fraction >= share:
            raise NotWantedError

    monkeypatch.setattr(module, "BATCH_BYTES", 1)  # each map is painted, packed and written before the next
    options, path = ExportOptions(content=Content.MAPS, format=kind), tmp_path / "a"
    older = path.with_name(f"a-01{suffix_of(kind)}")
    older.write_bytes(b"mine")

    with pytest.raises(NotWantedError):
        export_recipe(document(), frame_with_alpha(), 1, 0, options, path, progress=stop)

    assert list(tmp_path.iterdir()) == [older]
    assert older.read_bytes() == b"mine"


@pytest.mark.parametrize("kind", [Format.PNG, Format.TIFF])
def test_packing_a_large_file_tells_how_far_it_is(tmp_path: Path, kind: Format) -> None:
    pixels = np.zeros((1000, 1500, 3), np.uint8)  # five strips of a mebibyte
    heard: list[float] = []

    export_recipe(
        Document(), Frame(pixels, white=255), -1, 0, ExportOptions(format=kind), tmp_path / "a", progress=heard.append
    )

    packing = [fraction for fraction in heard if 1 / 3 < fraction <= 2 / 3]
    assert sorted(packing) == pytest.approx([1 / 3 + n / 15 for n in range(1, 6)])


def test_memory_is_that_of_the_file_and_of_a_tile(tmp_path: Path) -> None:
    frame, budget = frame_with_alpha(1000, 1500), 2**20
    options = ExportOptions(format=Format.JPEG)

    tracemalloc.start()
    export_recipe(document(DisplayMode.SIGNED), frame, 1, 0, options, tmp_path / "a.jpg", most_bytes=budget)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    picture = 1000 * 1500 * 3  # bytes of the file's numbers, which exist a second time with blue first
    assert peak < 3 * picture + 4 * budget  # the values of one output alone are twelve times as many
