"""The values that are usual in a picture, and whether they fill little of its range."""

import numpy as np
import pytest

from convstudio.core.frame import Frame


def test_a_photograph_of_8_bits_is_shown_as_it_is() -> None:
    pixels = np.random.default_rng(1).integers(0, 200, (80, 80, 3)).astype(np.uint8)

    assert Frame(pixels, white=255).narrow_range is None


def test_12_bits_in_16_are_found_by_what_they_use() -> None:
    pixels = np.arange(4096, dtype=np.uint16).reshape(64, 64, 1)

    assert Frame(pixels, white=65535).narrow_range == (20.0, 4075.0)  # half of a hundredth left out at either end
    assert Frame(pixels * 4, white=65535).narrow_range is None  # a quarter of the range


def test_a_dim_float_picture_is_found() -> None:
    pixels = np.linspace(0.01, 0.03, 6400).reshape(80, 80, 1)

    low, high = Frame(pixels, white=1.0).narrow_range or (0.0, 0.0)

    assert (low, high) == pytest.approx((0.0101, 0.0299), rel=1e-2)


@pytest.mark.parametrize("mark", [255, 9])
def test_a_mask_is_seen_whatever_marks_the_places_without_a_value(mark: int) -> None:
    pixels = np.tile(np.array([0, 1, 1, mark], np.uint8), 1600).reshape(80, 80, 1)

    assert Frame(pixels, white=255).narrow_range == (0.0, 1.0)


@pytest.mark.parametrize("mark", [-9999.0, -3.4e38, np.nan, -np.inf])
def test_heights_with_places_without_a_value_are_not_signed(mark: float) -> None:
    pixels = np.linspace(300.0, 2000.0, 6400, dtype=np.float32).reshape(80, 80, 1)
    pixels[:20] = mark

    frame = Frame(pixels, white=2000.0)

    assert not frame.is_signed
    assert frame.usual_range[0] > 700


def test_values_on_both_sides_of_zero_are_signed() -> None:
    assert Frame(np.linspace(-1.0, 1.0, 6400).reshape(80, 80, 1), white=1.0).is_signed


def test_every_number_of_a_small_grid_counts() -> None:
    grid = np.array([[0.0, 1.0, 2.0, 100.0]])[:, :, None]

    assert Frame(grid, white=100.0).narrow_range is None
    assert Frame(np.full((4, 4, 1), -1.0), white=1.0).is_signed


def test_a_picture_of_one_value_has_no_narrow_range() -> None:
    assert Frame(np.full((80, 80, 1), 7, np.uint8), white=255).narrow_range is None
    assert Frame(np.full((80, 80, 1), np.nan), white=1.0).narrow_range is None
