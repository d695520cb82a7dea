"""Influence: the outputs that one input pixel affects, and the places where one kernel cell is used. Regions only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.regions import Region, unit
from convstudio.core.geometry.sizes import extent
from convstudio.core.recipe.layers import Conv, ConvTranspose, Orientation
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.wording import row_and_column


@dataclass(frozen=True)
class CellUses:
    """Every place where one kernel cell is used.

    `count` is for one plane of the filter; `in_padding` of these are outside of the picture. The places are those of
    `region` (not clipped), every `stride`-th from its top left corner.
    """

    count: int
    in_padding: int
    region: Region
    stride: tuple[int, int]


def outputs_reached(plan: Plan, index: int, row: int, column: int) -> Region:
    """The outputs of layer `index` on which its input at (row, column) has an effect; empty when there are none.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Pool
    >>> from convstudio.core.recipe.plan import plan
    >>> outputs_reached(plan(Document((Pool(),)), Shape(1, 8, 8)), 0, 5, 2)
    Region(top=2, bottom=3, left=1, right=2)
    """
    step = plan.steps[index]
    return step.window.reached(unit(row, column)).clipped(step.output)


def outputs_reached_from(plan: Plan, first: int, last: int, row: int, column: int) -> Region:
    """The outputs of layer `last` on which (row, column) of the input of layer `first` has an effect.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Pool
    >>> from convstudio.core.recipe.plan import plan
    >>> outputs_reached_from(plan(Document((Pool(), Pool())), Shape(1, 8, 8)), 0, 1, 7, 0)
    Region(top=1, bottom=2, left=0, right=1)
    """
    region = unit(row, column)
    for step in plan.steps[first : last + 1]:
        region = step.window.reached(region).clipped(step.output)
        if region.is_empty:
            break
    return region


def uses_of_cell(step: Step, cell_row: int, cell_column: int) -> CellUses:
    """Every place of the input that a kernel cell, as it is written, is multiplied with.

    Raises
    ------
    ConvStudioError
        If the layer has no kernel, or the kernel has no such cell.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.geometry.padding import Padding
    >>> from convstudio.core.recipe.layers import Weights
    >>> from convstudio.core.recipe.plan import plan
    >>> layer = Conv(weight=Weights([[[[1, 0, -1]] * 3]]), bias=(0.0,), padding=Padding.VALID)
    >>> uses_of_cell(plan(Document((layer,)), Shape(1, 6, 6)).steps[0], 0, 2)
    CellUses(count=16, in_padding=0, region=Region(top=0, bottom=4, left=2, right=6), stride=(1, 1))
    """
    layer = step.layer
    if not isinstance(layer, Conv | ConvTranspose):
        raise ConvStudioError(f"{step.title} has no kernel; choose a convolution.")
    cell = (cell_row, cell_column)
    if not all(0 <= place < length for place, length in zip(cell, layer.kernel, strict=True)):
        raise ConvStudioError(
            f"The kernel is {layer.kernel}; it has no cell at {row_and_column(cell_row, cell_column)}."
        )
    places = [_places_of_cell(step, layer, axis, cell[axis]) for axis in (0, 1)]
    (rows, columns) = places
    inside = [int(((at >= 0) & (at < step.input[1 + axis])).sum()) for axis, at in enumerate(places)]
    count = len(rows) * len(columns)
    if count == 0:
        return CellUses(0, 0, Region(0, 0, 0, 0), (1, 1))
    region = Region(int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1)
    stride = (1, 1) if isinstance(layer, ConvTranspose) else tuple(layer.stride)
    return CellUses(count, count - inside[0] * inside[1], region, (stride[0], stride[1]))


def _places_of_cell(step: Step, layer: Conv | ConvTranspose, axis: int, cell: int) -> NDArray[np.intp]:
    pad = (step.pads.top, step.pads.left)[axis]
    stride, dilation = layer.stride[axis], layer.dilation[axis]
    if isinstance(layer, ConvTranspose):
        every = np.arange(step.input[1 + axis])
        outputs = every * stride - pad + dilation * cell
        return every[(outputs >= 0) & (outputs < step.output[1 + axis])]
    span = extent(layer.kernel[axis], dilation) - 1
    offset = span - dilation * cell if layer.orientation is Orientation.CONVOLUTION else dilation * cell
    return np.arange(step.output[1 + axis]) * stride - pad + offset
