"""A recipe on many files: one bad one does not stop the rest, and no picture is lost."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.edits.channels import with_preset
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape
from convstudio.core.kernels.preset import Preset, build
from convstudio.core.kernels.presets import PRESETS
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.core.recipe.new_layers import LayerKind, new_layer
from convstudio.io.batch import FileOutcome, apply_recipe
from convstudio.io.export import export
from convstudio.io.export.encoding import Depth, Format, encode
from convstudio.io.export.export import Content, ExportOptions, Values
from convstudio.io.recipes import read_recipe
from convstudio.io.sessions.session import Session, save_session
from tests.io.export.readers import read_png

RAW = ExportOptions(Values.RAW)
HALF = Conv(weight=Weights([[[[0.5]]]]), bias=(0.0,), channels=Channels.EACH)
PIXELS = np.arange(24, dtype=np.uint8).reshape(4, 6) * 10


def picture(path: Path, factor: int = 1) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(encode(PIXELS // factor, Format.PNG, Depth.EIGHT))
    return path


def test_each_file_is_filtered_into_a_new_folder(tmp_path: Path) -> None:
    paths = [picture(tmp_path / "a.png"), picture(tmp_path / "b.png", 2)]
    heard: list[tuple[int, int, str]] = []

    outcomes = apply_recipe(
        Document((HALF,)),
        paths,
        tmp_path / "new" / "out",
        options=RAW,
        on_progress=lambda done, total, outcome: heard.append((done, total, outcome.path.name)),
    )

    assert outcomes == tuple(FileOutcome(path, (tmp_path / "new" / "out" / path.name,), "") for path in paths)
    assert heard == [(1, 2, "a.png"), (2, 2, "b.png")]
    np.testing.assert_array_equal(read_png(outcomes[0].written[0].read_bytes())[:, :, 0], PIXELS // 2)


@pytest.mark.parametrize(("bound", "tiles"), [("ONCE_BYTES", [1 / 6, 2 / 6]), ("WHOLE_BYTES", [2 / 6])])
def test_what_is_computed_once_is_filtered_in_tiles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, tiles: list[float]
) -> None:
    path, heard = picture(tmp_path / "a.png"), list[float]()
    monkeypatch.setattr(export, bound, 200)  # a picture and an output of 24 floats each take 192 bytes
    monkeypatch.setattr(export, "TILE_BYTES", 200)

    (outcome,) = apply_recipe(Document((HALF, HALF)), [path], tmp_path / "out", options=RAW, on_fraction=heard.append)

    np.testing.assert_array_equal(read_png(outcome.written[0].read_bytes())[:, :, 0], np.rint(PIXELS / 4))
    assert heard == pytest.approx([0, *tiles, 4 / 6, 1])  # the tiles are the first third; packed; written


def test_what_would_be_computed_twice_in_tiles_is_kept_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, heard = picture(tmp_path / "a.png"), list[float]()
    monkeypatch.setattr(export, "ONCE_BYTES", 200)
    monkeypatch.setattr(export, "TILE_BYTES", 200)
    document = Document((HALF, HALF), Display(DisplayMode.STRETCH))

    apply_recipe(document, [path], tmp_path / "out", options=ExportOptions(), on_fraction=heard.append)

    assert heard == pytest.approx([0, 1 / 4, 2 / 4, 3 / 4, 1])  # measured in one piece, painted, packed, written


def test_a_bad_file_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    paths = [tmp_path / "gone.png", tmp_path / "bad.png", picture(tmp_path / "good.png")]

    gone, bad, good = apply_recipe(Document((HALF,)), paths, tmp_path / "out", options=RAW)

    assert "gone.png" in gone.error
    assert bad.error
    assert (gone.written, bad.written, good.error) == ((), (), "")
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["good.png"]


def test_an_impossible_place_in_a_file_stops_no_batch(tmp_path: Path) -> None:
    (tmp_path / "bad.tif").write_bytes(b"II+\0\x08\0\0\0" + (2**63).to_bytes(8, "little") + bytes(40))
    paths = [picture(tmp_path / "a.png"), tmp_path / "bad.tif", picture(tmp_path / "b.png")]

    first, bad, last = apply_recipe(Document((HALF,)), paths, tmp_path / "out", options=RAW)

    assert bad.error == "“bad.tif” is damaged: it ends before its picture is complete; copy or download it again."
    assert (len(first.written), len(last.written)) == (1, 1)


def test_what_is_to_be_known_of_a_picture_is_in_its_outcome(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png")
    path.write_bytes(path.read_bytes()[:-12])

    (outcome,) = apply_recipe(Document((HALF,)), [path], tmp_path / "out", options=RAW)

    assert (outcome.error, len(outcome.written)) == ("", 1)
    assert outcome.note == "Its end mark is missing, but all its pixels are there."


def test_no_input_is_overwritten_by_whatever_name_it_is_reached(tmp_path: Path) -> None:
    first = picture(tmp_path / "a.png")
    (tmp_path / "a-2.png").symlink_to(first)
    before = first.read_bytes()

    (outcome,) = apply_recipe(Document((HALF,)), [first], tmp_path, options=RAW)

    assert [file.name for file in outcome.written] == ["a-3.png"]
    assert first.read_bytes() == before


def test_what_files_do_not_keep_is_told_of_each(tmp_path: Path) -> None:
    values = np.array([[0, 10, 100, 200]] * 4, np.uint8)
    alpha = np.full((4, 4), 9, np.uint8)
    path = tmp_path / "a.png"
    path.write_bytes(encode(np.dstack([values, values, values, alpha]), Format.PNG, Depth.EIGHT))
    negative = Document((Conv(weight=Weights([[[[-1.0]]]]), bias=(0.0,), channels=Channels.EACH),))

    (clipped,) = apply_recipe(negative, [path], tmp_path / "png", options=RAW)
    (photo,) = apply_recipe(Document((HALF,)), [path], tmp_path / "jpeg", options=ExportOptions(format=Format.JPEG))
    exact = ExportOptions(Values.RAW, format=Format.TIFF, depth=Depth.FLOAT)
    (floats,) = apply_recipe(negative, [picture(tmp_path / "grey.png")], tmp_path / "tiff", options=exact)

    assert clipped.note == (
        "75 % of the values are negative and become 0; choose a float TIFF or NPY file, or as shown with stretch."
    )
    assert photo.note == (
        "The picture's opacity is not kept: a JPEG file has no place for it; choose PNG, TIFF or WebP."
    )
    assert floats.note == ""


def test_equal_names_get_numbers_even_where_only_capitals_differ(tmp_path: Path) -> None:
    paths = [picture(tmp_path / "x" / "a.png"), picture(tmp_path / "y" / "a.png", 2), picture(tmp_path / "z" / "A.png")]

    outcomes = apply_recipe(Document((HALF,)), paths, tmp_path / "out", options=RAW)

    assert [outcome.written[0].name for outcome in outcomes] == ["a.png", "a-2.png", "A-3.png"]
    np.testing.assert_array_equal(
        read_png(outcomes[1].written[0].read_bytes())[:, :, 0], np.rint((PIXELS // 2) / 2).astype(int)
    )


def test_the_output_of_an_earlier_layer_and_the_source_can_be_saved(tmp_path: Path) -> None:
    document, paths = Document((HALF, HALF)), [picture(tmp_path / "a.png")]

    (last,) = apply_recipe(document, paths, tmp_path / "last", options=RAW)
    (first,) = apply_recipe(document, paths, tmp_path / "first", options=RAW, layer=0)
    (source,) = apply_recipe(document, paths, tmp_path / "source", options=RAW, layer=-1)

    assert [int(read_png(o.written[0].read_bytes())[3, 4, 0]) for o in (last, first, source)] == [55, 110, 220]
    with pytest.raises(ConvStudioError, match="has 2 layers, so there is no layer 3; choose a number from 0"):
        apply_recipe(document, paths, tmp_path / "none", options=RAW, layer=2)
    assert not (tmp_path / "none").exists()


def test_all_maps_of_equal_names_stay_apart(tmp_path: Path) -> None:
    two = Conv(weight=Weights([[[[1.0]]], [[[0.5]]]]), bias=(0.0, 0.0), channels=Channels.EACH)
    paths = [picture(tmp_path / "x" / "a.png"), picture(tmp_path / "y" / "a.png")]

    outcomes = apply_recipe(Document((two,)), paths, tmp_path / "out", options=ExportOptions(Values.RAW, Content.MAPS))

    names = [file.name for outcome in outcomes for file in outcome.written]
    assert names == ["a-01.png", "a-02.png", "a-2-01.png", "a-2-02.png"]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_a_preset_is_what_the_window_makes_of_it(preset: Preset) -> None:
    shape = Shape(3, 64, 64)
    window = new_layer(LayerKind.IMAGE_FILTER, shape)
    assert isinstance(window, Conv)

    (layer,) = read_recipe(preset.key).layers

    assert replace(layer, name="") == with_preset(window, build(preset), shape.channels)
    assert layer.name == preset.title


def test_a_preset_mirrors_the_picture_at_its_edge(tmp_path: Path) -> None:
    path = tmp_path / "row.png"
    path.write_bytes(encode(np.array([[10, 20, 40]] * 3, np.uint8), Format.PNG, Depth.EIGHT))

    (outcome,) = apply_recipe(read_recipe("box:size=3"), [path], tmp_path / "out", options=RAW)

    # 20 10 20 | 10 20 40 | 20 40 20, each divided by three; zeros would darken it
    assert read_png(outcome.written[0].read_bytes())[1, :, 0].tolist() == [17, 23, 27]


def test_a_session_is_a_recipe(tmp_path: Path) -> None:
    save_session(tmp_path / "a.convstudio", Session(Document((HALF,))))

    assert read_recipe(str(tmp_path / "a.convstudio")) == Document((HALF,))
    with pytest.raises(ConvStudioError, match=r"There is no file “b\.convstudio”"):
        read_recipe(str(tmp_path / "b.convstudio"))
    with pytest.raises(ConvStudioError, match="There is no preset “sobol-x”; did you mean"):
        read_recipe("sobol-x")


@pytest.mark.parametrize("name", ["a", "a.png", "my edges v1.2"])
def test_a_session_without_its_ending_is_a_recipe(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.convstudio"
    save_session(path, Session(Document((HALF,))))

    assert read_recipe(str(path.rename(tmp_path / name))) == Document((HALF,))


def test_a_picture_with_a_sessions_ending_is_a_picture_and_no_recipe(tmp_path: Path) -> None:
    path = picture(tmp_path / "a.png").rename(tmp_path / "a.convstudio")

    (outcome,) = apply_recipe(Document((HALF,)), [path], tmp_path / "out", options=RAW)

    assert outcome.written == (tmp_path / "out" / "a.png",)
    with pytest.raises(ConvStudioError, match=r"“a\.convstudio” cannot be opened: it is not a session"):
        read_recipe(str(path))


def test_choices_that_do_not_go_together_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConvStudioError, match="JPEG file keeps 8 bits"):
        apply_recipe(Document(), [], tmp_path / "out", options=ExportOptions(format=Format.JPEG, depth=Depth.SIXTEEN))
