"""Connections counted in closed form, against every tap of every window laid down one by one."""

from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.connections import stamp_pairs, window_pairs
from tests.amounts import random_cases


def source_of(place: int, length: int, border: Border) -> int | None:
    """The pixel that a place stands for, walked there step by step; nothing of the product is used."""
    if 0 <= place < length:
        return place
    match border:
        case Border.ZEROS:
            return None
        case Border.REPLICATE:
            return 0 if place < 0 else length - 1
        case Border.CIRCULAR:
            while place < 0:
                place += length
            while place >= length:
                place -= length
            return place
        case Border.REFLECT:
            return -place if place < 0 else 2 * (length - 1) - place


@st.composite
def axes(draw: st.DrawFn) -> tuple[int, int, dict[str, object]]:
    length, kernel = draw(st.integers(1, 14)), draw(st.integers(1, 9))
    stride, dilation, border = draw(st.integers(1, 6)), draw(st.integers(1, 7)), draw(st.sampled_from(Border))
    most = {Border.REFLECT: length - 1, Border.CIRCULAR: length}.get(border, 40)
    before, after = draw(st.integers(0, most)), draw(st.integers(0, most))
    room = length + before + after - dilation * (kernel - 1) - 1
    outputs = 0 if room < 0 else room // stride + 1
    choices = {"kernel": kernel, "stride": stride, "dilation": dilation, "before": before, "border": border}
    return length, outputs, choices


@random_cases(1500)
@given(axes())
def test_pairs_of_a_window_are_those_found_one_by_one(axis: tuple[int, int, dict[str, object]]) -> None:
    length, outputs, choices = axis
    stride, dilation, before, kernel = (int(choices[name]) for name in ("stride", "dilation", "before", "kernel"))  # type: ignore[call-overload]
    border = Border(str(choices["border"]))
    pairs = {
        (index, source_of(index * stride - before + dilation * tap, length, border))
        for index in range(outputs)
        for tap in range(kernel)
    }

    expected = sum(source is not None for _, source in pairs)

    assert window_pairs(length, outputs, **choices) == expected


@random_cases(500)
@given(
    st.integers(1, 9), st.integers(1, 7), st.integers(1, 5), st.integers(1, 5), st.integers(0, 12), st.integers(0, 4)
)
def test_pairs_of_stamps_are_those_found_one_by_one(
    length: int, kernel: int, stride: int, dilation: int, before: int, more: int
) -> None:
    outputs = max(0, (length - 1) * stride - 2 * before + dilation * (kernel - 1) + 1 + more)
    pairs = {
        (index, index * stride - before + dilation * tap)
        for index in range(length)
        for tap in range(kernel)
        if 0 <= index * stride - before + dilation * tap < outputs
    }

    count = stamp_pairs(length, outputs, kernel=kernel, stride=stride, dilation=dilation, before=before)

    assert count == len(pairs)


def test_an_axis_of_any_length_is_counted_at_once() -> None:
    # 10¹⁸ pixels, 31 weights, "same": 15 + 14 + … + 1 places lie over each border
    choices = {"kernel": 31, "stride": 1, "dilation": 1, "before": 15}
    length = 10**18

    zeros = window_pairs(length, length, **choices, border=Border.ZEROS)
    circular = window_pairs(length, length, **choices, border=Border.CIRCULAR)

    assert zeros == 31 * length - 2 * (15 * 16 // 2)
    assert circular == 31 * length  # no two taps of a window are a whole turn apart


def test_more_padding_than_anybody_needs_joins_nothing_more() -> None:
    # every pixel meets every weight once, however far the zeros go on
    huge = 10**12
    choices = {"kernel": 3, "stride": 1, "dilation": 1, "before": huge, "border": Border.ZEROS}

    assert window_pairs(5, 3 + 2 * huge, **choices) == 15
    # the outermost pixels repeated: 3 windows lie inside, one at each end reads two pixels, all others one
    repeated = choices | {"border": Border.REPLICATE}
    assert window_pairs(5, 3 + 2 * huge, **repeated) == 3 * 3 + 2 * 2 + (2 * huge - 2)
