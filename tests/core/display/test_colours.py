"""Scales of colours: every number has one, also those that are not finite."""

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.display.colours import (
    NO_NUMBER,
    STOPS,
    ZERO,
    SignedScale,
    diverging_colours,
    grey_colours,
    limit_of,
    signed_colour,
    signed_colours,
)


@pytest.mark.parametrize("limit", [1.0, 0.0, np.inf, np.nan])
def test_numbers_that_are_not_finite_have_colours(limit: float) -> None:
    values = np.array([np.nan, np.inf, -np.inf, 0.0])

    one_by_one = [signed_colour(value, limit) for value in values.tolist()]
    together = signed_colours(values, limit)

    ends = diverging_colours()[[255, 1, ZERO]].tolist()
    assert [list(colour) for colour in one_by_one] == [list(NO_NUMBER), *ends]
    np.testing.assert_array_equal(together, one_by_one)


def test_no_scale_has_the_colour_of_no_number() -> None:
    scales = np.concatenate([diverging_colours(), grey_colours()]).tolist()

    assert list(NO_NUMBER) not in scales


@pytest.mark.parametrize(
    ("values", "limit"), [([np.nan, -2.0, np.inf], 2.0), ([np.nan], 1.0), ([-np.inf, np.inf], 1.0), ([0.0, 0.0], 1.0)]
)
def test_a_scale_ends_at_the_largest_finite_magnitude(values: list[float], limit: float) -> None:
    assert limit_of(np.array(values, np.float32)) == limit


def lightness(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """CIE L* of sRGB colours, from its definition."""
    parts = colours / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    return np.asarray(np.where(luminance > (6 / 29) ** 3, 116 * np.cbrt(luminance) - 16, luminance * (29 / 3) ** 3))


@pytest.mark.parametrize(
    ("scale", "ends", "lightnesses"),
    [
        (SignedScale.LIGHT, ("27509f", "f7f7f5", "c9560b"), (35, 97, 51)),
        (SignedScale.DARK, ("7db8ff", "26292e", "ffc27a"), (73, 16, 83)),
    ],
)
def test_the_ends_and_zero_of_the_signed_scale(
    scale: SignedScale, ends: tuple[str, ...], lightnesses: tuple[int, ...]
) -> None:
    colours = np.array([signed_colour(value, 2.0, scale) for value in (-2.0, 0.0, 2.0)], np.uint8)

    assert tuple(bytes(colour).hex() for colour in colours) == ends
    np.testing.assert_allclose(lightness(colours), lightnesses, atol=0.6)
    assert abs(lightness(colours)[0] - lightness(colours)[2]) > 8  # they differ without their hues, too


@pytest.mark.parametrize("scale", SignedScale)
def test_half_of_an_end_has_the_stop_between_it_and_zero(scale: SignedScale) -> None:
    stops = [list(bytes.fromhex(text)) for text in STOPS[scale].split()]
    table = diverging_colours(scale).astype(float)

    for stop, entry in ((stops[1], 64), (stops[3], 191)):  # it falls in the middle between two entries
        np.testing.assert_allclose((table[entry] + table[entry + 1]) / 2, stop, atol=1)


@pytest.mark.parametrize(("scale", "sign"), [(SignedScale.LIGHT, -1), (SignedScale.DARK, 1)])
def test_lightness_goes_one_way_from_zero_to_both_ends(scale: SignedScale, sign: int) -> None:
    values = sign * lightness(diverging_colours(scale))

    assert (np.diff(values[ZERO:]) > 0).all()
    assert (np.diff(values[1 : ZERO + 1]) < 0).all()


@pytest.mark.parametrize("scale", SignedScale)
def test_equal_steps_of_the_signed_scale_look_equal(scale: SignedScale) -> None:
    quarter = lightness(diverging_colours(scale))[[1, 32, 64]]

    assert abs(quarter[1] - quarter[[0, 2]].mean()) < 1.5  # OKLab's lightness is a little off CIE's
