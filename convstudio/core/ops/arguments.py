"""Arguments of the operations: what a caller may write, made exact integers or refused. No arithmetic on pixels."""

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding, check_same, padding_amounts
from convstudio.core.geometry.shapes import Pair

PairLike = int | Sequence[int]
PaddingLike = int | str | Sequence[int] | Sequence[Sequence[int]] | Amounts
Array = NDArray[Any]


def real_array(what: str, value: ArrayLike, axes: str) -> Array:
    """`value` as an array with one axis for each of the comma-separated `axes`, none empty, of real numbers."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise ConvStudioError(f"The {what} is ragged; give it the axes ({axes}) with rows of one length.") from None
    if array.dtype.kind not in "biuf":
        raise ConvStudioError(f"The {what} holds {array.dtype} values; convert it to real numbers first.")
    if array.ndim != axes.count(",") + 1 or array.size == 0:
        shape = "×".join(map(str, array.shape)) or "no axes"
        raise ConvStudioError(f"The {what} needs the axes ({axes}), none empty, but its shape is {shape}; reshape it.")
    return array


def pair(what: str, value: PairLike) -> Pair:
    """One whole number for both axes, or a (vertical, horizontal) pair."""
    try:
        if np.ndim(value) == 0:
            return Pair(index(value), index(value))  # type: ignore[arg-type]  # a sequence fails here, as it should
        vertical, horizontal = value  # type: ignore[misc]  # more or fewer than two fail here, as they should
        return Pair(index(vertical), index(horizontal))
    except (TypeError, ValueError):
        raise ConvStudioError(
            f"The {what} is {value!r}, but it must be a whole number or a (vertical, horizontal) pair of them."
        ) from None


def whole_number(what: str, value: int) -> int:
    """A whole number; 2.0 is refused as PyTorch refuses it."""
    try:
        return index(value)
    except TypeError:
        raise ConvStudioError(f"The {what} is {value!r}, but it must be a whole number.") from None


def amounts(padding: PaddingLike, *, kernel: Pair, stride: Pair, dilation: Pair) -> Amounts:
    """Padding for each side from any of the ways to write it; not negative."""
    if isinstance(padding, str):
        return _padding_by_rule(padding, kernel, stride, dilation)
    try:
        if isinstance(padding, Amounts):
            pads = Amounts(*map(index, padding))
        elif np.shape(padding) == (2, 2):
            (top, bottom), (left, right) = padding  # type: ignore[misc]  # its shape was just asked
            pads = Amounts(index(top), index(bottom), index(left), index(right))
        else:
            vertical, horizontal = pair("padding", padding)  # type: ignore[arg-type]  # `pair` refuses the rest
            pads = Amounts(vertical, vertical, horizontal, horizontal)
    except (TypeError, ValueError):
        raise ConvStudioError(
            f"The padding is {padding!r}, but it must be a whole number, a (vertical, horizontal) pair, "
            '((top, bottom), (left, right)), "valid" or "same".'
        ) from None
    if min(pads) < 0:
        top, bottom, left, right = pads
        raise ConvStudioError(
            f"The padding is {top}, {bottom}, {left} and {right} (top, bottom, left, right), but it cannot be "
            "negative; make it 0 or more."
        )
    return pads


def _padding_by_rule(word: str, kernel: Pair, stride: Pair, dilation: Pair) -> Amounts:
    if word not in (Padding.VALID, Padding.SAME):
        raise ConvStudioError(f'The padding {word!r} is not known; use "valid", "same" or amounts.')
    if word == Padding.SAME:
        check_same(stride, kernel, dilation)
    return padding_amounts(Padding(word), kernel, dilation)


def border_word(word: str) -> Border:
    """One of the four borders."""
    try:
        return Border(word)
    except ValueError:
        names = ", ".join(Border)
        raise ConvStudioError(f"The border {word!r} is not known; use one of {names}.") from None


def bias_array(bias: ArrayLike | None, filters: int) -> Array | None:
    """One bias for each filter, or None."""
    if bias is None:
        return None
    array = real_array("bias", bias, "filters")
    if array.size != filters:
        raise ConvStudioError(f"There are {filters} filters but {array.size} biases; give one bias for each filter.")
    return array


def dense_rows(weights: ArrayLike, inputs: int) -> Array:
    """Weights of a dense layer, one row for each unit and one column for each of `inputs`."""
    rows = real_array("weight", weights, "units, inputs")
    if rows.shape[1] != inputs:
        raise ConvStudioError(
            f"Each unit has {rows.shape[1]} weights but there are {inputs} inputs; give one weight for each input."
        )
    return rows
