"""A result leaves the program in the numbers it has."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.display.colours import diverging_colours
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame, Pixels
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Weights
from convstudio.io.export.encoding import Depth, Format
from convstudio.io.export.export import Content, ExportOptions, Values, export, problem_of, targets
from convstudio.io.export.losses import clipped_share, clipping_sentence, losses, tally
from convstudio.io.export.rendering import Tally
from tests.io.export.readers import read_png, read_tiff

GREY = np.arange(16, dtype=np.uint8).reshape(4, 4, 1) * 15  # 0 … 225


def scaled(
    *factors: float, pixels: Pixels = GREY, display: Display | None = None, alpha: Pixels | None = None
) -> Result:
    """Each filter multiplies the picture by a factor."""
    weight = Weights(np.reshape(factors, (len(factors), 1, 1, 1)))
    layer = Conv(weight=weight, bias=(0.0,) * len(factors), channels=Channels.EACH)
    return evaluate(Document((layer,), display or Display()), Frame(pixels, white=255, alpha=alpha))


def test_raw_values_of_eight_bits_are_the_numbers_themselves(tmp_path: Path) -> None:
    options = ExportOptions(Values.RAW)

    (file,) = export(scaled(1), 0, 0, options, tmp_path / "a.png")

    np.testing.assert_array_equal(read_png(file.read_bytes()), GREY)


def test_raw_values_of_sixteen_bits_are_scaled_and_finer(tmp_path: Path) -> None:
    options = ExportOptions(Values.RAW, depth=Depth.SIXTEEN)

    (file,) = export(scaled(0.1), 0, 0, options, tmp_path / "a.png")

    # 15 · k · 0.1 · 65535 / 255 = 385.5 · k in exact arithmetic; float32 decides which side of a half it lies on
    np.testing.assert_allclose(read_png(file.read_bytes()).ravel(), 385.5 * np.arange(16), atol=0.51)


@pytest.mark.parametrize(("kind", "suffix"), [(Format.TIFF, ".tiff"), (Format.NPY, ".npy")])
def test_raw_floats_keep_negative_and_large_values(tmp_path: Path, kind: Format, suffix: str) -> None:
    options = ExportOptions(Values.RAW, format=kind, depth=Depth.FLOAT)

    (file,) = export(scaled(-2.5), 0, 0, options, tmp_path / f"a{suffix}")

    values = np.load(file) if kind is Format.NPY else read_tiff(file.read_bytes())[:, :, 0]
    np.testing.assert_array_equal(values, GREY[:, :, 0] * -2.5)
    assert clipping_sentence(scaled(-2.5), 0, 0, options) == ""


def test_as_shown_are_the_colours_on_screen(tmp_path: Path) -> None:
    (file,) = export(scaled(-1), 0, 0, ExportOptions(), tmp_path / "a.png")

    colours = read_png(file.read_bytes())

    assert colours.shape == (4, 4, 3)
    assert colours[0, 0].tolist() == [247, 247, 245]  # zero is neutral
    assert colours[3, 3].tolist() == diverging_colours()[1].tolist()  # the most negative is the cool end


def test_the_chosen_map_is_saved_and_its_own_share_is_told(tmp_path: Path) -> None:
    result, options = scaled(1, 2), ExportOptions(Values.RAW)

    (file,) = export(result, 0, 1, options, tmp_path / "a.png")

    # twice 0, 15, … 225: from 135 on, seven of sixteen values are above 255
    np.testing.assert_array_equal(read_png(file.read_bytes()), np.minimum(2 * GREY.astype(int), 255))
    assert [clipped_share(result, 0, number, options) for number in (0, 1)] == [0, 7 / 16]


def test_all_maps_are_numbered_files(tmp_path: Path) -> None:
    options = ExportOptions(Values.RAW, Content.MAPS)

    files = export(scaled(1, 0.5, 0), 0, 1, options, tmp_path / "maps.png")

    assert [file.name for file in files] == ["maps-01.png", "maps-02.png", "maps-03.png"]
    np.testing.assert_array_equal(read_png(files[0].read_bytes()), GREY)
    np.testing.assert_array_equal(read_png(files[1].read_bytes()), np.rint(GREY / 2))
    assert not read_png(files[2].read_bytes()).any()


def test_a_montage_lays_maps_out_with_a_gap_of_two(tmp_path: Path) -> None:
    options = ExportOptions(Values.RAW, Content.MONTAGE, Format.NPY, Depth.FLOAT)

    (file,) = export(scaled(1, 2, -3), 0, 0, options, tmp_path / "sheet.npy")

    sheet, grey = np.load(file), GREY[:, :, 0].astype(float)
    expected = np.zeros((10, 10))
    expected[:4, :4], expected[:4, 6:], expected[6:, :4] = grey, 2 * grey, -3 * grey
    np.testing.assert_array_equal(sheet, expected)


def test_colour_pictures_stay_red_green_blue(tmp_path: Path) -> None:
    pixels = np.zeros((2, 3, 3), np.uint8)
    pixels[:] = (200, 100, 50)

    (file,) = export(scaled(1, 0.5, pixels=pixels), 0, 1, ExportOptions(), tmp_path / "a.png")

    assert read_png(file.read_bytes())[1, 2].tolist() == [100, 50, 25]


def test_alpha_is_kept_where_size_and_format_allow(tmp_path: Path) -> None:
    alpha = np.arange(16, dtype=np.uint8).reshape(4, 4)
    result = scaled(1, alpha=alpha)

    (with_alpha,) = export(result, 0, 0, ExportOptions(depth=Depth.SIXTEEN), tmp_path / "kept.png")
    (dropped,) = export(result, 0, 0, ExportOptions(keep_alpha=False), tmp_path / "dropped.png")
    (photo,) = export(result, 0, 0, ExportOptions(format=Format.JPEG), tmp_path / "photo.jpg")

    np.testing.assert_array_equal(read_png(with_alpha.read_bytes())[:, :, 3], alpha.astype(int) * 257)
    np.testing.assert_array_equal(read_png(with_alpha.read_bytes())[:, :, 0], GREY[:, :, 0].astype(int) * 257)
    assert read_png(dropped.read_bytes()).shape == (4, 4, 1)
    assert photo.read_bytes().startswith(b"\xff\xd8")


def test_alpha_of_another_size_is_left_out(tmp_path: Path) -> None:
    layer = Conv(weight=Weights([[[[1]]]]), bias=(0.0,), stride=Pair(2, 2))
    frame = Frame(GREY.copy(), white=255, alpha=np.full((4, 4), 9, np.uint8))

    (file,) = export(evaluate(Document((layer,)), frame), 0, 0, ExportOptions(), tmp_path / "a.png")

    assert read_png(file.read_bytes()).shape == (2, 2, 1)


def test_the_share_that_would_be_clipped_is_told_before() -> None:
    result = scaled(2)  # 0, 30 … 450: 7 of 16 lie above 255

    raw = ExportOptions(Values.RAW)

    assert clipped_share(result, 0, 0, raw) == 7 / 16
    assert clipping_sentence(result, 0, 0, raw) == (
        "43.75 % of the values lie outside 0…255 and are clipped; "
        "choose a float TIFF or NPY file, or as shown with stretch."
    )
    assert clipping_sentence(result, 0, 0, ExportOptions()) == (
        "43.75 % of the values lie outside 0…255 and are clipped; "
        "choose stretch, or raw values in a float TIFF or NPY file."
    )
    stretched = scaled(2, display=Display(DisplayMode.STRETCH))
    assert clipping_sentence(stretched, 0, 0, ExportOptions()) == ""


def test_only_ways_that_clip_nothing_are_named() -> None:
    negative = scaled(-0.5, display=Display(DisplayMode.CLIP))  # down to −112.5, more than −255 / 2
    rows, columns = np.mgrid[0:100, 0:100]
    rare = scaled(-1, pixels=((rows == 0) * (columns < 9) * 225 + 25)[:, :, None].astype(np.uint8))

    assert "; choose offset, stretch, or raw values" in clipping_sentence(negative, 0, 0, ExportOptions())
    assert clipping_sentence(rare, 0, 0, ExportOptions()) == (
        "0.09 % of the values lie outside −25…25 and are clipped; "
        "choose signed, stretch, or raw values in a float TIFF or NPY file."
    )
    signed = scaled(-1, pixels=rare.frame.pixels, display=Display(DisplayMode.SIGNED))
    assert clipping_sentence(signed, 0, 0, ExportOptions()) == ""


def test_lost_negatives_are_called_so() -> None:
    pixels = np.array([[[0], [10], [100], [200]]], np.uint8)
    raw, shown = ExportOptions(Values.RAW), ExportOptions()
    negative = scaled(-1, pixels=pixels, display=Display(DisplayMode.CLIP))  # 0, −10, −100, −200
    both = scaled(2, -1, pixels=pixels)  # 0, 20, 200, 400 and the negatives

    assert clipping_sentence(negative, 0, 0, raw) == (
        "75 % of the values are negative and become 0; choose a float TIFF or NPY file, or as shown with stretch."
    )
    assert clipping_sentence(negative, 0, 0, shown).startswith("75 % of the values are negative and become 0; choose ")
    assert clipping_sentence(both, 0, 0, replace(raw, content=Content.MAPS)) == (
        "50 % of the values lie outside 0…255 and are clipped (37.5 % are negative); "
        "choose a float TIFF or NPY file, or as shown with stretch."
    )


GAPS = np.where(GREY == 15, np.nan, np.where(GREY == 30, np.inf, np.where(GREY == 45, -np.inf, GREY.astype(float))))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("kind", "suffix"), [(Format.TIFF, ".tiff"), (Format.NPY, ".npy")])
def test_float_files_keep_what_is_no_number(tmp_path: Path, kind: Format, suffix: str, channels: int) -> None:
    pixels = np.repeat(GAPS, channels, axis=2).astype(np.float32)
    result = evaluate(Document(()), Frame(pixels, white=255))
    options = ExportOptions(Values.RAW, format=kind, depth=Depth.FLOAT)

    (file,) = export(result, -1, 0, options, tmp_path / f"a{suffix}")

    values = np.load(file) if kind is Format.NPY else read_tiff(file.read_bytes())
    np.testing.assert_array_equal(values.reshape(pixels.shape), pixels)
    assert losses(result, -1, 0, options) == ""


@pytest.mark.parametrize("pixels", [GAPS, np.full((4, 4, 1), np.nan), np.full((4, 4, 3), np.inf)])
@pytest.mark.parametrize("values", list(Values))
def test_a_png_of_what_is_no_number_is_written(tmp_path: Path, pixels: Pixels, values: Values) -> None:
    result = evaluate(Document(()), Frame(pixels.astype(np.float32), white=255))

    (file,) = export(result, -1, 0, ExportOptions(values), tmp_path / "a.png")

    assert read_png(file.read_bytes()).shape[:2] == (4, 4)


def test_lost_gaps_are_told_and_what_becomes_of_them() -> None:
    result = evaluate(Document(()), Frame(GAPS.astype(np.float32), white=255))

    shown, raw = (losses(result, -1, 0, ExportOptions(values)) for values in (Values.SHOWN, Values.RAW))

    assert "1 value is no number and becomes pink; choose raw values in a float TIFF or NPY file." in shown
    assert "1 value is no number and becomes 0; choose raw values in a float TIFF or NPY file." in raw


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (ExportOptions(), ""),
        (ExportOptions(format=Format.JPEG), "a JPEG file has no place for it; choose PNG, TIFF or WebP"),
        (ExportOptions(Values.RAW, format=Format.NPY), "a NPY file has no place"),
        (ExportOptions(Values.RAW, format=Format.TIFF, depth=Depth.FLOAT), "a file of floats holds"),
        (ExportOptions(content=Content.MONTAGE), "a montage has no place for it"),
        (ExportOptions(keep_alpha=False), "by choice"),
    ],
)
def test_lost_opacity_is_told_with_the_reason(tmp_path: Path, options: ExportOptions, reason: str) -> None:
    alpha = np.arange(16, dtype=np.uint8).reshape(4, 4)
    result = scaled(1, alpha=alpha)

    (file,) = export(result, 0, 0, options, tmp_path / "a")

    assert losses(result, 0, 0, options).startswith("The picture's opacity is not kept: " if reason else "")
    assert reason in losses(result, 0, 0, options)
    if options.format is Format.PNG:
        assert (read_png(file.read_bytes()).shape[2] == 4) is not bool(reason)
    assert losses(scaled(1, alpha=np.full((4, 4), 255, np.uint8)), 0, 0, options) == ""  # nothing shines through


def test_opacity_of_another_size_is_told() -> None:
    layer = Conv(weight=Weights([[[[1]]]]), bias=(0.0,), stride=Pair(2, 2))
    frame = Frame(GREY.copy(), white=255, alpha=np.full((4, 4), 9, np.uint8))

    sentence = losses(evaluate(Document((layer,)), frame), 0, 0, ExportOptions())

    assert sentence == (
        "The picture's opacity is not kept: the output has 2×2 pixels and the picture 4×4; "
        "keep the size in every layer."
    )


@pytest.mark.parametrize("values", list(Values))
@pytest.mark.parametrize("content", list(Content))
@pytest.mark.parametrize("mode", list(DisplayMode))
def test_what_is_told_before_is_what_is_counted_while_files_are_painted(
    tmp_path: Path, values: Values, content: Content, mode: DisplayMode
) -> None:
    result, options = scaled(2, -1.5, 0.5, display=Display(mode)), ExportOptions(values, content)
    tallies: list[Tally] = []

    export(result, 0, 1, options, tmp_path / "a.png", on_tally=tallies.append)

    assert tallies == [tally(result, 0, 1, options)]


def test_the_share_counts_every_map_that_is_saved() -> None:
    result = scaled(1, 2)

    assert clipped_share(result, 0, 0, ExportOptions(Values.RAW)) == 0
    assert clipped_share(result, 0, 0, ExportOptions(Values.RAW, Content.MAPS)) == 7 / 32
    assert clipped_share(result, 0, 0, ExportOptions(content=Content.MONTAGE)) == 7 / 32
    assert "0…255" in clipping_sentence(result, 0, 0, ExportOptions(content=Content.MONTAGE))


def test_rounding_is_not_clipping() -> None:
    result = scaled(1.0001)  # 225.02: inside; the ends of the scale get half a step

    assert clipped_share(result, 0, 0, ExportOptions(Values.RAW)) == 0


def test_a_name_ends_in_what_the_file_is(tmp_path: Path) -> None:
    result, options = scaled(1), ExportOptions(format=Format.TIFF)

    names = [targets(result, 0, options, tmp_path / name)[0].name for name in ("a", "a.tif", "a.png", "a.v2", "a.TIFF")]

    assert names == ["a.tiff", "a.tif", "a.tiff", "a.v2.tiff", "a.TIFF"]


def test_choices_that_do_not_go_together_are_refused_before_a_file_is_made(tmp_path: Path) -> None:
    options = ExportOptions(format=Format.TIFF, depth=Depth.FLOAT)

    with pytest.raises(ConvStudioError, match="Colours as shown have 8 bits"):
        export(scaled(1), 0, 0, options, tmp_path / "a.tiff")

    assert "JPEG" in problem_of(ExportOptions(format=Format.JPEG, depth=Depth.SIXTEEN))
    assert problem_of(ExportOptions()) == ""
    assert list(tmp_path.iterdir()) == []


def test_a_montage_too_large_to_be_opened_again_is_refused(tmp_path: Path) -> None:
    pixels = np.zeros((3000, 3000, 1), np.uint8)
    result = scaled(*range(16), pixels=pixels)

    with pytest.raises(ConvStudioError, match="16 maps would have 12,006×12,006 pixels"):
        export(result, 0, 0, ExportOptions(content=Content.MONTAGE), tmp_path / "a.png")
