"""The outputs that the layer itself computes from the inputs of a submatrix."""

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result, apply
from convstudio.core.evaluation.values import values_at
from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops import dense
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Layer
from convstudio.core.recipe.plan import Step, plan
from convstudio.insight.matrix.submatrix import Submatrix
from convstudio.insight.trace.taps import Indices, Numbers, Read


def layer_outputs(result: Result, index: int, submatrix: Submatrix, weights: Numbers) -> Numbers:
    """The outputs of a window as the layer makes them, (R,) float64.

    For a complete window these are the numbers of the result. Otherwise the layer is applied to the window's inputs
    alone, all others 0 and no bias, which gives their share of the outputs.

    Parameters
    ----------
    weights
        (R, C), needed for a dense layer of which only a part is shown.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> from convstudio.insight.matrix.submatrix import submatrix_around
    >>> from convstudio.insight.trace.taps import Unit
    >>> result = evaluate(recipe_from("conv [1 -1] padding valid"), Frame(np.array([[[5.0], [3.0], [0.0]]]), white=5.0))
    >>> submatrix = submatrix_around(result.plan.steps[0], Unit(0, 0, 0))
    >>> layer_outputs(result, 0, submatrix, np.array([[1.0, -1, 0], [0, 1, -1]])).tolist()
    [2.0, 3.0]
    """
    outputs = (submatrix.output_channels, submatrix.output_rows, submatrix.output_columns)
    if submatrix.is_complete:
        return values_at(result, index, *map(np.array, outputs)).ravel().astype(np.float64)
    step, read = result.plan.steps[index], partial(values_at, result, index - 1)
    match step.layer:
        case Conv() as layer:
            outputs_alone = _conv_share(step, layer, read, submatrix)
        case ConvTranspose() as layer:
            outputs_alone = _transposed_share(step, layer, read, submatrix)
        case _:
            places = (submatrix.input_channels, submatrix.input_rows, submatrix.input_columns)
            outputs_alone = dense(read(*map(np.array, places)), weights)
    return outputs_alone.ravel().astype(np.float64)


def _conv_share(step: Step, layer: Conv, read: Read, submatrix: Submatrix) -> NDArray[np.float32]:
    region = _needed(step, submatrix)
    rows = mirrored(np.arange(region.top, region.bottom), step.input.height, layer.border)
    columns = mirrored(np.arange(region.left, region.right), step.input.width, layer.border)
    bare = replace(layer, bias=(0.0,) * layer.filters, padding=Padding.VALID, border=Border.ZEROS)
    return _applied(bare, _patch(read, step, submatrix, rows, columns))[list(submatrix.output_channels)]


def _transposed_share(step: Step, layer: ConvTranspose, read: Read, submatrix: Submatrix) -> NDArray[np.float32]:
    region = _needed(step, submatrix).clipped(step.input)
    patch = _patch(read, step, submatrix, np.arange(region.top, region.bottom), np.arange(region.left, region.right))
    bare = replace(layer, bias=(0.0,) * layer.filters, padding=Pair(0, 0), output_padding=Pair(0, 0))
    stamped = _applied(bare, patch)[list(submatrix.output_channels)]
    rows = np.array(submatrix.output_rows) + step.pads.top - region.top * layer.stride.vertical
    columns = np.array(submatrix.output_columns) + step.pads.left - region.left * layer.stride.horizontal
    # the output padding adds rows and columns that no kernel reaches
    room = np.pad(stamped, ((0, 0), (0, layer.stride.vertical), (0, layer.stride.horizontal)))
    return room[:, rows][:, :, columns]


def _needed(step: Step, submatrix: Submatrix) -> Region:
    rows, columns = submatrix.output_rows, submatrix.output_columns
    block = Region(rows[0], rows[-1] + 1, columns[0], columns[-1] + 1)
    return step.window.needed(block)


def _patch(read: Read, step: Step, submatrix: Submatrix, rows: Indices, columns: Indices) -> NDArray[np.float32]:
    """The planes at these rows and columns, 0 outside and wherever the window has no input."""
    channels, inside = np.arange(step.input.channels), (np.where(axis == OUTSIDE, 0, axis) for axis in (rows, columns))
    patch = read(channels, *inside)
    patch[np.isin(channels, submatrix.input_channels, invert=True)] = 0
    patch[:, np.isin(rows, submatrix.input_rows, invert=True)] = 0
    patch[:, :, np.isin(columns, submatrix.input_columns, invert=True)] = 0
    return patch


def _applied(layer: Layer, planes: NDArray[np.float32]) -> NDArray[np.float32]:
    return apply(plan(Document((layer,)), Shape(*planes.shape)).steps[0], planes)
