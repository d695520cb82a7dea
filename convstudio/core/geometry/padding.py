"""Padding: its amounts and rules, pixels for each side, and the limits that borders and pooling set to it."""

from enum import StrEnum
from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Pair
from convstudio.core.geometry.sizes import extent


class Amounts(NamedTuple):
    """Padding in pixels for each side."""

    top: int
    bottom: int
    left: int
    right: int


class Padding(StrEnum):
    """Padding by rule instead of by amounts."""

    VALID = "valid"
    SAME = "same"
    FULL = "full"


PaddingChoice = Padding | Amounts

NOTHING = Amounts(0, 0, 0, 0)


def same_padding(kernel: Pair, dilation: Pair) -> Amounts:
    """The pixels with which a window that moves by 1 keeps the size: d·(k − 1) in all, the smaller half first.

    Examples
    --------
    >>> same_padding(Pair(3, 2), Pair(1, 1))
    Amounts(top=1, bottom=1, left=0, right=1)
    """
    rows, columns = (d * (k - 1) for k, d in zip(kernel, dilation, strict=True))
    return Amounts(rows // 2, rows - rows // 2, columns // 2, columns - columns // 2)


def padding_amounts(padding: PaddingChoice, kernel: Pair, dilation: Pair) -> Amounts:
    """Padding in pixels for each side.

    "same" adds d·(k − 1) pixels in all (`same_padding`), as PyTorch does: the size stays. "full" adds d·(k − 1)
    on each side, so that every output that touches the picture is there.

    Examples
    --------
    >>> padding_amounts(Padding.SAME, Pair(3, 2), Pair(1, 1))
    Amounts(top=1, bottom=1, left=0, right=1)
    """
    rows, columns = (extent(k, d) - 1 for k, d in zip(kernel, dilation, strict=True))
    match padding:
        case Padding.VALID:
            return Amounts(0, 0, 0, 0)
        case Padding.SAME:
            return same_padding(kernel, dilation)
        case Padding.FULL:
            return Amounts(rows, rows, columns, columns)
        case Amounts():
            return padding


def check_same(stride: Pair, kernel: Pair, dilation: Pair) -> None:
    """Refuse "same" with another stride than 1, as PyTorch does: the size would not stay."""
    if max(stride) > 1:
        top, bottom, left, right = pads = same_padding(kernel, dilation)
        sides = (
            f"{top} on every side"
            if len(set(pads)) == 1
            else f"{top} above, {bottom} below, {left} left, {right} right"
        )
        raise ConvStudioError(
            f'The padding "same" keeps the size, so it needs stride 1, not {stride}; '
            f"give the pixels that it would add instead: {sides}."
        )


def check_border(border: Border, pads: Amounts, height: int, width: int) -> None:
    """Refuse padding that a border rule cannot fill, by PyTorch's limits.

    Reflection needs padding smaller than the picture, circular padding at most its size.
    """
    if border not in (Border.REFLECT, Border.CIRCULAR):
        return
    for axis, length, before, after in (
        ("height", height, pads.top, pads.bottom),
        ("width", width, pads.left, pads.right),
    ):
        most = length - 1 if border is Border.REFLECT else length
        if max(before, after) > most:
            raise ConvStudioError(
                f"A {border} border can fill at most {most} pixels beside a {axis} of {length}, but the padding is "
                f"{max(before, after)}; use less padding or the border zeros or replicate."
            )


def check_pool_padding(pads: Amounts, window: Pair, dilation: Pair) -> None:
    """Refuse pooling windows that could hold nothing but padding: at most the window's span − 1 on each side."""
    for axis, k, d, before, after in (
        ("height", window.vertical, dilation.vertical, pads.top, pads.bottom),
        ("width", window.horizontal, dilation.horizontal, pads.left, pads.right),
    ):
        if max(before, after) > extent(k, d) - 1:
            raise ConvStudioError(
                f"The pooling window spans {extent(k, d)} pixels of {axis}, so at most {extent(k, d) - 1} "
                f"may be padding, not {max(before, after)}; use less padding or a larger window."
            )
