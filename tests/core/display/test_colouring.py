"""Colouring by machine code and by OpenCV: the same colours and counts, and no number that is lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.display.colouring import Statistics, coloured, extremes, painted
from convstudio.core.display.colours import INFINITE, NO_NUMBER, diverging_colours
from convstudio.core.display.histogram import clipped_at
from convstudio.core.display.ranges import DisplayRange, Scale, display_range_of
from convstudio.core.ops.jit import compile_all
from convstudio.core.ops.methods import Method, only
from convstudio.core.recipe.document import Display, DisplayMode
from tests.amounts import random_cases

MODES = [DisplayMode.CLIP, DisplayMode.SIGNED, DisplayMode.ABSOLUTE, DisplayMode.OFFSET, DisplayMode.STRETCH]
METHODS = pytest.mark.parametrize("kinds", [tuple(Method), (Method.DIRECT,)], ids=["machine code", "OpenCV"])


def exact(planes: NDArray[np.float32], display_range: DisplayRange) -> tuple[NDArray[np.float64], Statistics]:
    """Levels before they are rounded, by the definition in float64, and the count."""
    bottom, values = int(display_range.mode is DisplayMode.SIGNED), planes.astype(np.float64)
    sizes = np.abs(values) if display_range.mode is DisplayMode.ABSOLUTE else values
    levels = np.clip(
        bottom + (sizes - display_range.low) * (255 - bottom) / (display_range.high - display_range.low), 0, 255
    )
    low, high = (
        np.float32(-display_range.high if display_range.mode is DisplayMode.ABSOLUTE else display_range.low),
        np.float32(display_range.high),
    )
    outside = np.count_nonzero(planes < low) + np.count_nonzero(planes > high)
    return levels, Statistics(float(values.min()), float(values.max()), int(np.count_nonzero(values < 0)), int(outside))


@random_cases(200)
@given(st.data())
def test_both_roads_show_the_definition(data: st.DataObject) -> None:
    compile_all()
    channels, height, width = (data.draw(st.integers(*ends)) for ends in ((0, 1), (1, 9), (1, 70)))
    generator = np.random.default_rng(data.draw(st.integers(0, 99)))
    mode, high = data.draw(st.sampled_from(MODES)), data.draw(st.floats(0.5, 300))
    planes = generator.normal(40, 90, (2 * channels + 1, height, width)).astype(np.float32)
    low = {DisplayMode.CLIP: 0.0, DisplayMode.ABSOLUTE: 0.0, DisplayMode.STRETCH: -7.5}.get(mode, -high)
    display_range = DisplayRange(mode, low, high)
    if mode is DisplayMode.SIGNED and channels:  # of three their mean is shown
        red, green, blue = planes
        levels, counted = exact((red + green + blue)[None] * np.float32(1 / 3), display_range)
    else:
        levels, counted = exact(planes, display_range)

    for kinds in (tuple(Method), (Method.DIRECT,)):
        with only(*kinds):
            screen, count = painted(planes, display_range)
        assert count == counted
        assert (screen[..., 3] == 255).all()
        if mode is DisplayMode.SIGNED:
            entries = np.clip(np.rint(levels[0] + np.array([[[-0.01]], [[0.01]]])), 0, 255).astype(int)
            below, above = diverging_colours()[entries]
            assert ((screen[..., 2::-1] == below) | (screen[..., 2::-1] == above)).all()
            continue
        if channels:
            shown = screen[..., 2::-1].transpose(2, 0, 1)
        else:
            shown = screen[None, ..., 0]
            assert (screen[..., 0] == screen[..., 1]).all()
            assert (screen[..., 0] == screen[..., 2]).all()
        assert np.abs(shown - levels).max() <= 0.51


@METHODS
def test_red_green_and_blue_that_swing_around_zero_are_shown_by_their_mean(kinds: tuple[Method, ...]) -> None:
    compile_all()
    values = np.array([[[-9.0, 6.0, 0.0]], [[3.0, 6.0, 1.0]], [[3.0, 9.0, -1.0]]], np.float32).repeat(40, axis=2)
    with only(*kinds):
        screen, count = painted(values, DisplayRange(DisplayMode.SIGNED, -5.0, 5.0))

    # (−9 + 3 + 3) / 3 = −1, (6 + 6 + 9) / 3 = 7 and 0: entries 128 − 127/5 ≈ 103, 255 and 128
    assert screen[0, ::40, 2::-1].tolist() == diverging_colours()[[103, 255, 128]].tolist()
    assert (count.negative, count.outside) == (40, 40)
    assert (count.least, count.most) == pytest.approx((-1.0, 7.0))


@METHODS
@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_far_outside_has_the_colour_of_the_end_and_what_is_infinite_its_own(
    kinds: tuple[Method, ...], channels: int
) -> None:
    compile_all()
    values = np.array([np.inf, 3e38, 1e12, 300, 255, 0, -1, -1e12, -3e38, -np.inf, np.nan] * 3, np.float32)
    with only(*kinds):
        screen, count = painted(np.tile(values, (channels, 1, 1)), DisplayRange(DisplayMode.CLIP, 0.0, 255.0))

    blue = INFINITE[2]
    assert screen[0, :11, 0].tolist() == [blue, 255, 255, 255, 255, 0, 0, 0, 0, blue, NO_NUMBER[2]]
    assert screen[0, 0, 2::-1].tolist() == list(INFINITE)
    assert count == Statistics(-np.inf, np.inf, 12 * channels, 24 * channels)


@METHODS
def test_where_nothing_is_a_number_there_are_no_extremes(kinds: tuple[Method, ...]) -> None:
    compile_all()
    with only(*kinds):
        screen, count = painted(np.full((1, 4, 9), np.nan, np.float32), DisplayRange(DisplayMode.SIGNED, -1.0, 1.0))

    assert np.isnan([count.least, count.most]).all()
    assert count[2:] == (0, 0)
    assert (screen[..., 2::-1] == NO_NUMBER).all()


@METHODS
def test_the_extremes_are_those_of_the_numbers_wherever_a_nan_lies(kinds: tuple[Method, ...]) -> None:
    compile_all()
    for place in range(40):
        values = np.arange(1, 41, dtype=np.float32).reshape(1, 1, 40)
        values[0, 0, place] = np.nan
        with only(*kinds):
            _, count = painted(values, DisplayRange(DisplayMode.CLIP, 0.0, 255.0))
        ends = 1.0 + (place == 0), 40.0 - (place == 39)
        assert (count.least, count.most) == extremes(values) == ends


@METHODS
@pytest.mark.parametrize("channels", [1, 3])
def test_a_single_row_however_long_is_not_cut(kinds: tuple[Method, ...], channels: int) -> None:
    compile_all()
    planes, display_range = (
        np.arange(channels * 2**21, dtype=np.float32).reshape(channels, 1, -1),
        DisplayRange(DisplayMode.CLIP, 0, 255),
    )
    with only(*kinds):
        screen, count = painted(planes, display_range)

    assert (screen[..., 2::-1] == np.clip(planes, 0, 255).transpose(1, 2, 0)).all()
    assert count == exact(planes, display_range)[1]


@METHODS
@pytest.mark.parametrize("mode", [DisplayMode.CLIP, DisplayMode.SIGNED, DisplayMode.ABSOLUTE, DisplayMode.OFFSET])
@pytest.mark.parametrize(("limit", "last"), [(1e39, 0), (1e300, 0), (1e-40, 1), (1e-300, 1), (5e-324, 1)])
def test_a_limit_that_no_float32_can_hold_colours_too(
    kinds: tuple[Method, ...], mode: DisplayMode, limit: float, last: float
) -> None:
    compile_all()
    planes = np.zeros((1, 8, 64), np.float32)
    planes[:, :, 32:] = 5
    display_range = display_range_of(Display(mode, limit), Scale(255, is_signed=True), 0.0, 5.0, None)
    with only(*kinds):
        screen, count = painted(planes, display_range)

    # five is nothing where colours end at 10³⁹, and beyond the end where they end at 10⁻⁴⁰
    zero, five = screen[0, 0, 1], screen[0, 40, 1]
    neutral = {DisplayMode.SIGNED: 247, DisplayMode.OFFSET: 128}.get(mode, 0)
    assert zero == neutral
    assert bool(five == zero) == (last == 0)
    assert count.outside == last * 8 * 32


@METHODS
def test_planes_may_lie_apart_and_large_ones_are_shared(kinds: tuple[Method, ...]) -> None:
    compile_all()
    whole = np.random.default_rng(3).integers(-50, 300, (5, 1300, 1310)).astype(np.float32)
    planes, display_range = whole[::2, 3:-4, 5:-2], DisplayRange(DisplayMode.CLIP, 0.0, 255.0)
    with only(*kinds):
        screen, count = painted(planes, display_range)
        colours, _ = coloured(planes, display_range)

    np.testing.assert_array_equal(screen[..., 2::-1], np.clip(planes, 0, 255).transpose(1, 2, 0))
    np.testing.assert_array_equal(colours, screen[..., 2::-1])
    assert count == exact(planes, display_range)[1]


@METHODS
@pytest.mark.parametrize("mode", [DisplayMode.CLIP, DisplayMode.SIGNED, DisplayMode.ABSOLUTE])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("side", [4, 1100])
def test_what_is_no_number_has_its_own_colour(
    kinds: tuple[Method, ...], mode: DisplayMode, channels: int, side: int
) -> None:
    compile_all()
    planes = np.full((channels, side, side), 3.0, np.float32)
    planes[-1, 1, 2] = np.nan

    with only(*kinds):
        screen, _ = painted(planes, DisplayRange(mode, -9.0 if mode is DisplayMode.SIGNED else 0.0, 9.0), has_gaps=True)

    assert screen[1, 2].tolist() == [*reversed(NO_NUMBER), 255]
    assert (screen[0] != [*reversed(NO_NUMBER), 255]).any(axis=-1).all()


@pytest.mark.parametrize("mode", [DisplayMode.CLIP, DisplayMode.SIGNED])
@pytest.mark.parametrize("channels", [1, 3])
def test_compiled_code_finds_a_nan_of_which_nobody_knew(mode: DisplayMode, channels: int) -> None:
    compile_all()
    planes = np.full((channels, 1100, 1100), 3.0, np.float32)
    planes[-1, 1, 2] = np.nan

    screen, _ = painted(planes, DisplayRange(mode, -9.0 if mode is DisplayMode.SIGNED else 0.0, 9.0))

    assert screen[1, 2].tolist() == [*reversed(NO_NUMBER), 255]
    assert (screen[0] != [*reversed(NO_NUMBER), 255]).any(axis=-1).all()


def test_infinities_that_cancel_are_seen_in_a_large_plane_of_which_nobody_knew() -> None:
    planes = np.full((1, 1100, 1100), 3.0, np.float32)
    planes[0, 0, 0], planes[0, 1, 2] = np.inf, np.nan

    screen, _ = painted(planes, DisplayRange(DisplayMode.CLIP, 0.0, 9.0))

    assert screen[1, 2].tolist() == [*reversed(NO_NUMBER), 255]
    assert screen[0, 0].tolist() == [*reversed(INFINITE), 255]


@METHODS
@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
@pytest.mark.parametrize("channels", [1, 3])
def test_what_rounding_adds_to_white_is_not_outside(kinds: tuple[Method, ...], white: float, channels: int) -> None:
    compile_all()
    above = np.nextafter(np.nextafter(np.float32(white), np.float32(np.inf)), np.float32(np.inf))
    planes = np.full((channels, 8, 40), above, np.float32)
    planes[:, 0], planes[:, 1] = -above / 2**22, white + white / 255
    with only(*kinds):
        _, count = painted(planes, DisplayRange(DisplayMode.CLIP, 0.0, white))

    assert count.outside == 40 * channels
    assert clipped_at(planes, DisplayRange(DisplayMode.CLIP, 0.0, white)).sum() == 40
