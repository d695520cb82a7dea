"""The samples: real photographs with their licences, patterns whose numbers are known, and typed grids."""

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.io.resources import RESOURCES
from convstudio.io.samples import SAMPLES, load_sample, typed_grid

PHOTOGRAPHS = [sample.key for sample in SAMPLES if sample.is_photograph]


def test_every_sample_loads_under_its_title() -> None:
    frames = {sample.title: load_sample(sample.key) for sample in SAMPLES}

    assert [frame.name for frame in frames.values()] == list(frames)
    assert all(sample.sentence.endswith(".") for sample in SAMPLES)
    assert len({sample.key for sample in SAMPLES}) == len(SAMPLES)


def test_the_first_sample_is_a_colourful_photograph() -> None:
    frame = load_sample(SAMPLES[0].key)
    red, green, blue = frame.planes()

    assert SAMPLES[0].is_photograph
    assert str(frame.shape) == "512×512×3"
    assert np.abs(red - blue).mean() > 20
    assert green.std() > 20
    assert red.mean() > blue.mean()  # a wooden table; with red and blue swapped it would be the other way round


def test_every_photograph_is_small_and_has_a_licence() -> None:
    text = (RESOURCES / "samples" / "LICENCES.md").read_text(encoding="utf-8")
    files = [file for file in (RESOURCES / "samples").iterdir() if file.suffix != ".md"]

    assert len(PHOTOGRAPHS) == len(files) >= 2
    for file in files:
        assert file.stat().st_size < 600_000
        row = next(line for line in text.splitlines() if f"`{file.name}`" in line)
        assert "CC0" in row or "public domain" in row


def test_the_grey_photograph_has_one_channel() -> None:
    assert load_sample("camera").shape == (1, 512, 512)


def test_the_article_grid_is_the_one_in_the_article() -> None:
    frame = load_sample("article")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], [[10, 10, 10, 0, 0, 0]] * 6)
    assert (frame.pixels.dtype.name, frame.white) == ("float32", 10.0)


def test_the_impulse_is_one_white_pixel_in_the_middle() -> None:
    frame = load_sample("impulse")

    assert [tuple(place) for place in np.argwhere(frame.pixels)] == [(15, 15, 0)]
    assert frame.pixels.max() == frame.white


def test_the_gradient_rises_by_one_a_column() -> None:
    np.testing.assert_array_equal(np.diff(load_sample("gradient").planes()[0], axis=1), np.ones((256, 255)))


def test_neighbouring_fields_of_the_checkerboard_differ() -> None:
    picture = load_sample("checkerboard").pixels[16::32, 16::32, 0].astype(int)

    np.testing.assert_array_equal(picture[:2, :3], [[0, 255, 0], [255, 0, 255]])
    assert (picture[:, 1:] != picture[:, :-1]).all()


@pytest.mark.parametrize("key", ["shapes", "text"])
def test_drawn_samples_have_both_dark_and_light(key: str) -> None:
    picture = load_sample(key).pixels

    assert picture.min() < 50
    assert picture.max() > 200


def test_an_unknown_key_is_refused_with_those_that_exist() -> None:
    with pytest.raises(ConvStudioError, match="no sample “tea”; choose one of astronaut, coffee"):
        load_sample("tea")


@pytest.mark.parametrize(("rows", "white"), [([[1, -7], [2.5, 0]], 7.0), ([[0, 0]], 1.0), ([[0.25]], 0.25)])
def test_a_typed_grid_has_its_largest_magnitude_for_white(rows: list[list[float]], white: float) -> None:
    frame = typed_grid(rows)

    np.testing.assert_array_equal(frame.pixels[:, :, 0], rows)
    assert (frame.pixels.dtype.name, frame.white, frame.name) == ("float32", white, "typed grid")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "at least one number"),
        ([[]], "at least one number"),
        ([[1, 2], [3]], "between 1 and 2 numbers"),
        ([[float("nan")]], "finite numbers"),
        ([[1e39]], "finite numbers"),
    ],
)
def test_grids_that_are_no_pictures_are_refused(rows: list[list[float]], sentence: str) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        typed_grid(rows)
