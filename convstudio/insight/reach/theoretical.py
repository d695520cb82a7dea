"""The theoretical receptive field: which part of the picture an output sees by the plan. `effective` measures it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from convstudio.core.evaluation.needed_regions import needed_regions
from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.regions import unit as region_of
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.new_layers import new_conv
from convstudio.core.recipe.plan import Plan, Step, plan
from convstudio.insight.trace.taps import Unit, axis_of, channels_read

SMALL, LARGE, TIMES = 3, 7, 3  # three 3×3 beside one 7×7


@dataclass(frozen=True)
class Dependence:
    """How many values of the picture an output depends on, of how many."""

    used: int
    inputs: int

    @property
    def ignored(self) -> int:
        return self.inputs - self.used


class Level(NamedTuple):
    """One layer of the cone: its outputs see `size` pixels of the picture, each `jump` pixels after the one before.

    `needed` rows and columns of its outputs, or of the picture's pixels, are what the one output at the end needs.
    """

    title: str
    size: tuple[Fraction, Fraction]
    jump: tuple[Fraction, Fraction]
    needed: tuple[int, int]


@dataclass(frozen=True)
class StackedKernels:
    """A stack of small kernels beside one large kernel with the same receptive field."""

    channels: int
    field_of_small: int
    field_of_large: int
    weights_of_small: int
    weights_of_large: int
    levels: tuple[Level, ...]


def dependence_of(plan: Plan, index: int, unit: Unit) -> Dependence:
    """How many values of the picture an output of layer `index` depends on, whatever the weights are.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> layout = plan(recipe_from("conv filters 6 size 5 channels 3 padding valid"), Shape(3, 32, 32))
    >>> dependence_of(layout, 0, Unit(0, 10, 10)), float(Fraction(3072, 75))
    (Dependence(used=75, inputs=3072), 40.96)
    """
    rows, columns = frozenset((unit.row,)), frozenset((unit.column,))
    for step in reversed(plan.steps[: index + 1]):
        rows, columns = sources_along(step, 0, rows), sources_along(step, 1, columns)
    return Dependence(len(rows) * len(columns) * len(channels_seen(plan, index, unit.channel)), plan.source.size)


def sources_along(step: Step, axis: int, outputs: frozenset[int]) -> frozenset[int]:
    """The rows (axis 0) or columns (axis 1) of its input that outputs of a step depend on, through any border.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> from convstudio.core.recipe.text import recipe_from
    >>> step = plan(recipe_from("conv size 3 border reflect"), Shape(1, 5, 5)).steps[0]
    >>> sorted(sources_along(step, 0, frozenset((0,))))
    [0, 1]
    """
    return frozenset(
        source for output in outputs for source in axis_of(step, axis, output).sources.tolist() if source != OUTSIDE
    )


def channels_seen(plan: Plan, index: int, channel: int) -> frozenset[int]:
    """The channels of the picture on which a channel of layer `index` depends.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> sorted(channels_seen(plan(recipe_from("conv sobel-x each"), Shape(3, 9, 9)), 0, 2))
    [2]
    """
    channels = frozenset((channel,))
    for step in reversed(plan.steps[: index + 1]):
        channels = frozenset(source for output in channels for source in channels_read(step, output))
    return channels


def cone(plan: Plan, index: int, unit: Unit) -> tuple[Level, ...]:
    """What an output of each layer up to `index` sees, the picture first, and how many of them `unit` needs.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> layout = plan(recipe_from("conv size 3 | max 2 | conv size 3"), Shape(1, 64, 64))
    >>> levels = cone(layout, 2, Unit(0, 9, 9))
    >>> [(level.title, int(level.size[0]), int(level.jump[0]), level.needed[0]) for level in levels]
    [('picture', 1, 1, 8), ('Sobel 3×3', 3, 1, 6), ('Max pool 2×2', 4, 2, 3), ('Sobel 3×3', 8, 2, 1)]
    """
    single = (Fraction(1), Fraction(1))
    steps = plan.steps[: index + 1]
    levels = [
        ("picture", single, single),
        *((step.title, step.receptive_field.size, step.receptive_field.jump) for step in steps),
    ]
    needs = needed_regions(plan, index, region_of(unit.row, unit.column))
    return tuple(Level(*level, need.extent) for level, need in zip(levels, needs, strict=True))


def middle_units(plan: Plan, index: int, unit: Unit) -> tuple[Unit, ...]:
    """Of each layer up to `index` the output in the middle of what `unit` needs of it; the last is `unit` itself.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> layout = plan(recipe_from("conv size 3 | max 2 | conv size 3"), Shape(1, 64, 64))
    >>> middle_units(layout, 2, Unit(0, 9, 9))
    (Unit(channel=0, row=19, column=19), Unit(channel=0, row=9, column=9), Unit(channel=0, row=9, column=9))
    """
    needs = needed_regions(plan, index, region_of(unit.row, unit.column))
    regions = [need.region for need in needs[1 : index + 1]]
    middles = (Unit(0, (area.top + area.bottom) // 2, (area.left + area.right) // 2) for area in regions)
    return (*middles, unit)


def fields_along(plan: Plan, index: int, unit: Unit) -> tuple[Region, ...]:
    """What of the picture the middle outputs of each layer up to `index` see by the plan: how the field grows.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> layout = plan(recipe_from("conv size 3 | max 2 | conv size 3"), Shape(1, 64, 64))
    >>> [(field.top, field.bottom) for field in fields_along(layout, 2, Unit(0, 9, 9))]
    [(18, 21), (17, 21), (15, 23)]
    """
    units = middle_units(plan, index, unit)
    return tuple(field_of(plan, layer, middle) for layer, middle in enumerate(units))


def field_of(plan: Plan, index: int, unit: Unit) -> Region:
    """What of the picture one output of layer `index` sees by the plan; rows that it does not read may lie between.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> field_of(plan(recipe_from("conv size 3"), Shape(1, 9, 9)), 0, Unit(0, 0, 4))
    Region(top=0, bottom=2, left=3, right=6)
    """
    return needed_regions(plan, index, region_of(unit.row, unit.column))[0].region


def unit_near(plan: Plan, index: int, row: int, column: int) -> Unit:
    """The output of layer `index` whose field has its middle nearest to a pixel of the picture.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> unit_near(plan(recipe_from("conv size 5 padding valid"), Shape(1, 20, 20)), 0, 10, 2)
    Unit(channel=0, row=8, column=0)
    """
    _, height, width = plan.source
    _, rows, columns = plan.shape_at(index)
    first = Unit(0, min(row * rows // height, rows - 1), min(column * columns // width, columns - 1))
    field = field_of(plan, index, first)
    jump = plan.steps[index].receptive_field.jump
    down, right = row - (field.top + field.bottom - 1) / 2, column - (field.left + field.right - 1) / 2
    return Unit(
        0,
        min(max(first.row + round(down / float(jump[0] or 1)), 0), rows - 1),
        min(max(first.column + round(right / float(jump[1] or 1)), 0), columns - 1),
    )


def stacked_kernels(channels: int) -> StackedKernels:
    """Three layers of 3×3 and one of 7×7 on as many channels: the same receptive field with fewer weights.

    Examples
    --------
    >>> kernels = stacked_kernels(1)
    >>> kernels.field_of_small, kernels.field_of_large, kernels.weights_of_small, kernels.weights_of_large
    (7, 7, 27, 49)
    """
    small = new_conv(channels, filters=channels, kernel=Pair(SMALL, SMALL))
    large = new_conv(channels, filters=channels, kernel=Pair(LARGE, LARGE))
    shape = Shape(channels, 4 * LARGE, 4 * LARGE)
    small_plan, large_plan = plan(Document((small,) * TIMES), shape), plan(Document((large,)), shape)
    return StackedKernels(
        channels=channels,
        field_of_small=int(small_plan.steps[-1].receptive_field.size[0]),
        field_of_large=int(large_plan.steps[-1].receptive_field.size[0]),
        weights_of_small=sum(step.weights for step in small_plan.steps),
        weights_of_large=sum(step.weights for step in large_plan.steps),
        levels=cone(small_plan, TIMES - 1, Unit(0, 2 * LARGE, 2 * LARGE)),
    )
