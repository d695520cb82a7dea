"""Numbers and quantities as people read them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.kernels.text import read_number
from convstudio.core.wording import (
    FLOAT32_NOISE,
    clock,
    counted,
    duration,
    equals,
    field_text,
    integer,
    is_rounded,
    memory,
    milliseconds,
    noun,
    number,
    part_of,
    percent,
    power_of_ten,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (-0.0, "0"), (1, "1"), (-1, "−1"), (-0.25, "−0.25"), (1 / 9, "0.1111"), (0.5, "0.5"),
        (29.9999999, "30"), (0.30000001192, "0.3"), (99.996, "100"), (0.099996, "0.1"), (100, "100"), (1200, "1,200"),
        (14450688, "14,450,688"), (-65535, "−65,535"), (1234.5678, "1,235"), (123456.7, "123,457"), (12.345, "12.35"),
        (0.0001, "0.0001"), (0.00012345678, "0.0001235"), (-2.5e-7, "−2.5e−7"), (1e-5, "1e−5"), (3e20, "3e20"),
        (-1.23456e16, "−1.235e16"), (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "NaN"),
    ],
)  # fmt: skip
def test_numbers_have_the_fewest_true_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_more_digits_can_be_asked_for() -> None:
    assert number(1 / 9, digits=7) == "0.1111111"
    assert number(1234.5678, digits=7) == "1,234.568"
    assert number(1 / 9, digits=2) == "0.11"


@given(st.floats(-1e300, 1e300), st.integers(2, 9))
def test_a_shown_number_is_true_to_its_digits_and_has_no_hyphen(value: float, digits: int) -> None:
    text = number(value, digits=digits)

    assert "-" not in text
    plain = text.replace("−", "-").replace(",", "")
    assert float(plain) == pytest.approx(value, rel=0.5001 * 10.0 ** (1 - digits), abs=0)


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_whole_numbers_lose_no_digit(value: int) -> None:
    assert int(number(value).replace("−", "-").replace(",", "")) == value


@given(st.floats(-1e9, 1e9).map(lambda value: float(f"{value:.7g}")))
def test_what_a_field_holds_is_read_back_as_it_was(value: float) -> None:
    assert read_number(field_text(value)) == value


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (-2.9e-17, 1.0, "0"),
        (1.8e-15, 4.0, "0"),
        (-1.68e-17, 0.5, "0"),
        (2e-15, 1e-15, "2e−15"),
        (0.001, 255.0, "0.001"),
    ],
)
def test_what_rounding_leaves_is_0_and_what_is_small_by_itself_is_not(value: float, scale: float, text: str) -> None:
    assert number(value, scale=scale) == text


def test_what_has_no_end_is_no_noise() -> None:
    assert number(float("inf"), scale=float("inf")) == "∞"
    assert number(3.0, scale=float("inf")) == "3"
    assert number(float("nan"), scale=1.0) == "NaN"


def test_sums_in_single_precision_leave_more() -> None:
    left = float(np.float32(0.7) + np.float32(0.1)) - 0.8

    assert left != 0
    assert number(left, scale=1.0, noise=FLOAT32_NOISE) == "0"
    assert number(left, scale=1.0) != "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.25, "= 0.25"), (1 / 3, "≈ 0.3333"), (0.1 + 0.2, "= 0.3"), (65535.0, "= 65,535"), (65535.5, "≈ 65,536"),
        (float(np.float32(0.1)), "= 0.1"), (float(np.float32(1 / 3)), "≈ 0.3333"), (-2.5e-7, "= −2.5e−7"), (0.0, "= 0"),
    ],
)  # fmt: skip
def test_a_rounded_number_is_about_and_a_whole_one_is_equal(value: float, text: str) -> None:
    assert equals(value) == text


def test_seven_digits_of_a_third_in_single_precision_are_rounded_too() -> None:
    assert is_rounded(float(np.float32(1 / 3)), digits=7)
    assert not is_rounded(float("inf"))


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0 filters"), (1, "1 filter"), (2, "2 filters"), (1024, "1,024 filters")]
)
def test_a_noun_has_the_form_of_its_number(count: int, text: str) -> None:
    assert counted(count, "filter") == text
    assert counted(count, "bias", "biases") == text.replace("filters", "biases").replace("filter", "bias")


def test_half_a_pixel_is_pixels() -> None:
    assert [noun(value, "pixel") for value in (0.5, 1, 1.0, 1.5, -1)] == [
        "pixels",
        "pixel",
        "pixel",
        "pixels",
        "pixels",
    ]


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (9, 36, "9 of the 36 inputs"), (9, 9, "all 9 inputs"), (1, 1, "the one input"), (0, 9, "none of the 9 inputs"),
        (0, 1, "not the one input"), (1, 4704, "1 of the 4,704 inputs"), (1234, 5678, "1,234 of the 5,678 inputs"),
    ],
)  # fmt: skip
def test_a_part_is_said_in_the_words_that_fit(part: int, whole: int, text: str) -> None:
    assert part_of(part, whole, "input") == text


@pytest.mark.parametrize(
    ("share", "step", "text"),
    [
        (0, 1, "0 %"), (1, 1, "100 %"), (0.5, 1, "50 %"), (1e-9, 1, "<1 %"), (0.999, 1, ">99 %"),
        (0.0004, 0.1, "<0.1 %"), (0.9996, 0.1, ">99.9 %"), (0.1234, 0.1, "12.3 %"), (0.0025, 0.01, "0.25 %"),
        (1 / 3, 1, "33 %"),
    ],
)  # fmt: skip
def test_a_share_is_rounded_neither_to_nothing_nor_to_everything(share: float, step: float, text: str) -> None:
    assert percent(share, step=step) == text


@given(st.fractions(0, 1))
def test_only_nothing_is_0_percent_and_only_everything_is_100(share: Fraction) -> None:
    text = percent(float(share))

    assert (text == "0 %") is (float(share) == 0)
    assert (text == "100 %") is (float(share) == 1)


def test_bytes_have_three_digits_and_a_unit() -> None:
    assert [memory(count) for count in (0, 1, 999, 1000, 1824, 57821568, 999_999)] == [
        "0 bytes", "1 byte", "999 bytes", "1 kB", "1.82 kB", "57.8 MB", "1 MB",
    ]  # fmt: skip


def test_integers_are_exact_until_nobody_reads_their_digits() -> None:
    assert integer(352800) == "352,800"
    assert integer(-352800) == "−352,800"
    assert integer(17856288000000, most=10**12) == "1.79·10¹³"
    assert integer(10**18) == "1.00·10¹⁸"
    assert power_of_ten(-12) == "10⁻¹²"


def test_a_duration_keeps_its_width_and_a_clock_carries() -> None:
    assert [milliseconds(value) for value in (0.01, 0.1, 9.96, 99.96, 1234.0, 40_000.0)] == [
        "<0.1 ms", "0.1 ms", "10.0 ms", "100 ms", "1,234 ms", "40.0 s",
    ]  # fmt: skip
    assert [duration(seconds) for seconds in (0.4, 41.3, 119.4, 120.0, 3600.0)] == [
        "0 s", "41 s", "119 s", "2 minutes", "60 minutes",
    ]  # fmt: skip
    assert [clock(seconds) for seconds in (0, 62.5, 59.96)] == ["0:00.0", "1:02.5", "1:00.0"]
