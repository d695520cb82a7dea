"""The scene: which part of the frame is on the screen and how large, and what that means for an output's pixels.

Numbers only: what is computed for a scene is in `refinement`, what is painted in the views.
"""

from math import ceil, floor
from typing import NamedTuple

from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.recipe.plan import Plan

ALMOST = 1e-6  # a scale that went through a few multiplications is a little off


class Alignment(NamedTuple):
    """How an output lies on the frame: frame = gain · here + shift along each axis, edges of pixels counted."""

    gain_x: float = 1.0
    gain_y: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0


class Scene(NamedTuple):
    """What is on the screen, in pixels of a frame of the shape `source`; `scale` is screen pixels for each of them."""

    source: Shape
    left: float
    top: float
    right: float
    bottom: float
    scale: float


class Cells(NamedTuple):
    """Part of an output in cells of `reduction` × `reduction` pixels, each of which is at most one screen pixel.

    The last cells may reach past the output.
    """

    region: Region
    reduction: int

    def pixels(self, shape: Shape) -> Region:
        """The pixels of the output in these cells."""
        return Region(*(edge * self.reduction for edge in self.region)).clipped(shape)


def alignment_of(plan: Plan, index: int) -> Alignment:
    """How the output of layer `index` lies on the frame: its pixels' centres on the centres of what they look at.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.recipe.layers import Pool
    >>> from convstudio.core.recipe.plan import plan
    >>> alignment_of(plan(Document((Pool(),)), Shape(1, 8, 8)), 0)
    Alignment(gain_x=2.0, gain_y=2.0, shift_x=0.0, shift_y=0.0)
    """
    if index < 0:
        return Alignment()
    size, jump, start = plan.steps[index].receptive_field
    down, across = (float(start[axis] + size[axis] / 2 - jump[axis] / 2) for axis in (0, 1))
    return Alignment(float(jump[1]), float(jump[0]), across, down)


def reduction_at(scale: float) -> int:
    """How many pixels in a row share one pixel of the screen, where a pixel is `scale` wide on it; at least 1.

    Examples
    --------
    >>> reduction_at(0.05), reduction_at(0.4), reduction_at(8.0)
    (20, 2, 1)
    """
    return max(1, floor(1 / scale + ALMOST))


def cells_on(scene: Scene, plan: Plan, index: int) -> Cells:
    """The cells of the output of layer `index` that a scene shows; empty where it shows none.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.recipe.plan import plan
    >>> scene = Scene(Shape(1, 90, 100), left=-5.0, top=10.0, right=50.5, bottom=20.0, scale=0.5)
    >>> cells_on(scene, plan(Document(), scene.source), -1)
    Cells(region=Region(top=5, bottom=10, left=0, right=26), reduction=2)
    """
    alignment, shape = alignment_of(plan, index), plan.shape_at(index)
    reduction = reduction_at(scene.scale * max(alignment.gain_x, alignment.gain_y))
    visible = Region(
        floor((scene.top - alignment.shift_y) / alignment.gain_y),
        ceil((scene.bottom - alignment.shift_y) / alignment.gain_y),
        floor((scene.left - alignment.shift_x) / alignment.gain_x),
        ceil((scene.right - alignment.shift_x) / alignment.gain_x),
    ).clipped(shape)
    return Cells(in_cells(visible, reduction), reduction)


def in_cells(region: Region, reduction: int) -> Region:
    """The cells that hold any pixel of a region.

    Examples
    --------
    >>> in_cells(Region(3, 9, 4, 8), 4)
    Region(top=0, bottom=3, left=1, right=2)
    """
    return Region(
        region.top // reduction,
        ceil_division(region.bottom, reduction),
        region.left // reduction,
        ceil_division(region.right, reduction),
    )
