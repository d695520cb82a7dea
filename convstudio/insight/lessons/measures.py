"""Measures: numbers of a result that have a name, so that a text can ask for them and a program can check them."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import SupportsFloat

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.kernels.planes import rank, total
from convstudio.core.recipe.counts import Comparison, compare, compare_stack
from convstudio.core.recipe.layers import Conv, ConvTranspose, Pool
from convstudio.core.recipe.plan import Step
from convstudio.insight.shift.baseline import Experiment
from convstudio.insight.shift.comparison import errors_of
from convstudio.insight.shift.translation import Shift
from convstudio.insight.trace.taps import axis_of, channels_read

_SHIFT = re.compile(r"(shift error|border error|shift change) at (-?\d+(?:\.5)?),\s*(-?\d+(?:\.5)?)")
_AT = re.compile(r"(output|input|weight) at (\d+),\s*(\d+)(?: of map (\d+))?")


def measure(result: Result, name: str) -> float:
    """The number of that name, of the selected layer; `of the stack` behind the name asks for the whole recipe.

    Parameters
    ----------
    result
        What was computed; pixel values are in its source's units.
    name
        One of `NAMES`. `output at ROW,COLUMN` is also there as `input at …`, and with `of map N` for another map; rows,
        columns and maps are counted from 0. `shift error at DX,DY` is ‖f(Sx) − S f(x)‖ / ‖f(x)‖ of a shift by so many
        pixels to the right and down, both over the interior where there is one, `border error` the same at the border,
        and `shift change` is ‖f(Sx) − f(x)‖ / ‖f(x)‖ over all outputs that are compared.

    Raises
    ------
    ConvStudioError
        If there is no such number here.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> frame = Frame(np.array([[[1.0], [5.0], [2.0]]]), white=5.0)
    >>> measure(evaluate(recipe_from("max 1x3"), frame), "largest output")
    5.0
    """
    key = " ".join(name.lower().replace("−", "-").split())
    at = _AT.fullmatch(key)
    if at:
        return _value_at(result, at[1], int(at[2]), int(at[3]), int(at[4] or 0))
    of_stack = key.endswith(" of the stack")
    key = key.removesuffix(" of the stack")
    moved_by = _SHIFT.fullmatch(key)
    if moved_by:
        shift = Shift.of(float(moved_by[2]), float(moved_by[3]))
        return _shift_error(result, moved_by[1], shift, of_stack=of_stack)
    if key in _OF_COMPARISON:
        return float(_OF_COMPARISON[key](_comparison(result, of_stack=of_stack)))
    if key in _OF_OUTPUT:
        return float(_OF_OUTPUT[key](result.planes_at(_index(result, of_stack=of_stack))))
    if key in _OF_STEP:
        step = _step(result, of_stack=of_stack)
        if of_stack and key in _SUMMED:
            return float(sum(_OF_STEP[key](part) for part in result.plan.steps))
        return float(_OF_STEP[key](step))
    raise ConvStudioError(f"There is no number called “{name}”; use one of {', '.join(NAMES)}.")


def _index(result: Result, *, of_stack: bool) -> int:
    last, selected = len(result.plan.steps) - 1, result.document.selected
    return last if of_stack or selected < 0 else selected


def _step(result: Result, *, of_stack: bool) -> Step:
    index = _index(result, of_stack=of_stack)
    if index < 0:
        raise ConvStudioError("There is no layer to ask about; add one.")
    return result.plan.steps[index]


def _comparison(result: Result, *, of_stack: bool) -> Comparison:
    comparison = compare_stack(result.plan) if of_stack else compare(_step(result, of_stack=False))
    if comparison is None:
        raise ConvStudioError("This layer has no dense or locally connected twin to compare it with.")
    return comparison


def _value_at(result: Result, which: str, row: int, column: int, number: int) -> float:
    if which == "weight":
        return _weight_at(_kernel(_step(result, of_stack=False)), row, column, number)
    index = _index(result, of_stack=False) - (which == "input")
    planes = result.planes_at(index)
    channels, height, width = planes.shape
    if number >= channels or row >= height or column >= width:
        raise ConvStudioError(
            f"There is no {which} at row {row}, column {column} of map {number}; there are {channels} maps of "
            f"{height} rows and {width} columns, counted from 0."
        )
    return float(planes[number, row, column])


def _weight_at(kernels: np.ndarray[tuple[int, ...], np.dtype[np.float64]], row: int, column: int, number: int) -> float:
    """A weight of the first slice of a filter."""
    filters, _, height, width = kernels.shape
    if number >= filters or row >= height or column >= width:
        raise ConvStudioError(f"There is no weight at row {row}, column {column} of filter {number}.")
    return float(kernels[number, 0, row, column])


def _window(step: Step) -> tuple[int, int]:
    """The height of the window, and its stride."""
    layer = step.layer
    if isinstance(layer, Conv | ConvTranspose):
        return layer.weight.array.shape[2], layer.stride.vertical
    if isinstance(layer, Pool):
        return layer.window.vertical, layer.stride.vertical
    raise ConvStudioError(f"{step.title} has no window; select a convolution or a pool.")


def _groups(step: Step) -> int:
    _kernel(step)
    return step.input.channels // max(1, len(channels_read(step, 0)))


def _shift_error(result: Result, which: str, shift: Shift, *, of_stack: bool) -> float:
    """An error of the shift test."""
    layers = tuple(step.layer for step in result.plan.steps[: _index(result, of_stack=of_stack) + 1])
    errors = errors_of(Experiment(layers, result.planes_at(-1), result.frame.white), shift)
    match which:
        case "border error":
            error = errors.border
        case "shift change":
            error = errors.change
        case _:
            error = errors.everything if errors.interior is None else errors.interior
    if error is None:
        raise ConvStudioError(
            f"There is no {which} here: no output that is not 0 can be compared; choose a smaller shift."
        )
    return error


def _kernel(step: Step) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    if not isinstance(step.layer, Conv | ConvTranspose):
        raise ConvStudioError(f"{step.title} has no kernel; select a convolution.")
    return step.layer.weight.array


def _sparsity(comparison: Comparison) -> Fraction:
    if comparison.sparsity is None:
        raise ConvStudioError("No window meets a pixel, so nothing can be compared; use less padding or dilation.")
    return comparison.sparsity


def _inputs_seen(step: Step) -> int:
    """How many inputs the output in the middle reads; padding does not count, and a pixel counts once."""
    axes = (axis_of(step, axis, length // 2) for axis, length in enumerate(step.output[1:]))
    rows, columns = (np.unique(axis.sources[axis.sources != OUTSIDE]).size for axis in axes)
    return len(channels_read(step, 0)) * rows * columns


_OF_COMPARISON: dict[str, Callable[[Comparison], SupportsFloat]] = {
    "dense weights": lambda comparison: comparison.dense.weights,
    "local weights": lambda comparison: comparison.local.weights,
    "dense parameters": lambda comparison: comparison.dense.parameters,
    "sparsity": _sparsity,
    "sharing": lambda comparison: comparison.sharing,
}
_OF_OUTPUT: dict[str, Callable[[np.ndarray[tuple[int, ...], np.dtype[np.float32]]], SupportsFloat]] = {
    "largest output": np.max,
    "smallest output": np.min,
    "mean output": np.mean,
    "negative outputs": lambda planes: np.count_nonzero(planes < 0),
    "outputs that are not 0": np.count_nonzero,
    "outputs": np.size,
}
_OF_STEP: dict[str, Callable[[Step], int | float | Fraction]] = {
    "output width": lambda step: step.output.width,
    "output height": lambda step: step.output.height,
    "output channels": lambda step: step.output.channels,
    "input width": lambda step: step.input.width,
    "inputs": lambda step: step.input.size,
    "weights": lambda step: step.weights,
    "biases": lambda step: step.biases,
    "parameters": lambda step: step.parameters,
    "connections": lambda step: step.connections,
    "multiply-adds": lambda step: step.multiply_adds,
    "filters": lambda step: len(_kernel(step)),
    "kernel size": lambda step: _window(step)[0],
    "stride": lambda step: _window(step)[1],
    "groups": _groups,
    "padding": lambda step: step.pads.top,
    "inputs seen": _inputs_seen,
    "inputs ignored": lambda step: step.input.size - _inputs_seen(step),
    "receptive field": lambda step: step.receptive_field.size[0],
    "jump": lambda step: step.receptive_field.jump[0],
    "kernel sum": lambda step: total(_kernel(step)[0].reshape(1, -1)),
    "kernel rank": lambda step: rank(_kernel(step)[0, 0]),
}
_SUMMED = frozenset({"weights", "biases", "parameters", "connections", "multiply-adds"})  # over a stack
_PLACED = (
    "output at ROW,COLUMN", "weight at ROW,COLUMN", "shift error at DX,DY", "border error at DX,DY",
    "shift change at DX,DY",
)  # fmt: skip
NAMES = (*_OF_COMPARISON, *_OF_OUTPUT, *_OF_STEP, *_PLACED)
