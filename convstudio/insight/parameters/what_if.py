"""What layers would cost for another picture, all together, or in groups; every number comes from plans and counts."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log

from convstudio.core.edits.channels import common_divisors, with_groups
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.counts import Comparison, Count, compare, compare_stack, count_of
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Layer
from convstudio.core.recipe.new_layers import new_conv
from convstudio.core.recipe.plan import Plan, Step, plan

SMALLEST_SIDE, LARGEST_SIDE = 8, 4000  # of the curve and of the slider, in pixels
SAMPLES = 33


class Scope(StrEnum):
    """What is counted."""

    LAYER = "This layer"
    STACK = "Whole stack"


@dataclass(frozen=True)
class CurvePoint:
    """Weights for a picture whose longer side has so many pixels."""

    side: int
    dense: int
    local: int
    conv: int


@dataclass(frozen=True)
class GroupsAnswer:
    """The same layer with filters that span all channels, and in as many groups as there can be."""

    channels: int
    kernel: Pair
    filters: int
    groups: int
    together: Count
    apart: Count


def articles_example() -> tuple[tuple[Layer, ...], Shape]:
    """Six 5×5 filters over a 32×32 colour picture, no padding."""
    return (replace(new_conv(3, filters=6, kernel=Pair(5, 5)), padding=Padding.VALID),), Shape(3, 32, 32)


def executed_layers(plan: Plan) -> tuple[Layer, ...]:
    """The layers of a plan, as they are executed."""
    return tuple(step.layer for step in plan.steps)


def comparison_of(plan: Plan, index: int, scope: Scope) -> Comparison | None:
    """The three counts of one layer or of all; None where nothing convolves.

    Examples
    --------
    >>> layers, source = articles_example()
    >>> comparison_of(plan(Document(layers), source), 0, Scope.LAYER).conv.parameters
    456
    """
    if scope is Scope.STACK:
        return compare_stack(plan)
    return compare(plan.steps[index]) if 0 <= index < len(plan.steps) else None


def counted_scope(plan: Plan, index: int) -> Scope:
    """What is counted for a selected layer: itself, or the whole stack where it has no weights of its own.

    Examples
    --------
    >>> from convstudio.core.recipe.text import recipe_from
    >>> recipe = plan(recipe_from("conv filters 6 size 5 padding valid | max 2"), Shape(3, 32, 32))
    >>> [counted_scope(recipe, index).name for index in (-1, 0, 1)]
    ['STACK', 'LAYER', 'STACK']
    """
    has_weights = 0 <= index < len(plan.steps) and plan.steps[index].weights > 0
    return Scope.LAYER if has_weights else Scope.STACK


def resized_shape(shape: Shape, side: int) -> Shape:
    """The shape with the same proportions and a longer side of so many pixels.

    Examples
    --------
    >>> print(resized_shape(Shape(3, 480, 640), 320))
    320×240×3
    """
    longer = max(shape.height, shape.width)
    height, width = (max(1, round(length * side / longer)) for length in (shape.height, shape.width))
    return Shape(shape.channels, height, width)


def curve_of(layers: tuple[Layer, ...], source: Shape, index: int, scope: Scope) -> tuple[CurvePoint, ...]:
    """Weights against the picture's longer side; sizes that a layer refuses are left out.

    Examples
    --------
    >>> layers, source = articles_example()
    >>> curve_of(layers, source, 0, Scope.LAYER)[0]
    CurvePoint(side=8, dense=18432, local=7200, conv=450)
    """
    counted = layers if scope is Scope.STACK else layers[: index + 1]
    points = []
    for side in sides():
        try:
            comparison = comparison_of(plan(Document(counted), resized_shape(source, side)), index, scope)
        except ConvStudioError:
            continue
        if comparison is not None:
            dense, local, conv = (way.weights for way in (comparison.dense, comparison.local, comparison.conv))
            points.append(CurvePoint(side, dense, local, conv))
    return tuple(points)


def sides() -> tuple[int, ...]:
    """Picture sizes from the smallest to the largest, by equal factors."""
    span = log(LARGEST_SIDE / SMALLEST_SIDE)
    return tuple(round(SMALLEST_SIDE * exp(span * step / (SAMPLES - 1))) for step in range(SAMPLES))


def most_groups(step: Step) -> int:
    """The largest number of groups that the layer can have; 1 where groups mean nothing.

    Examples
    --------
    >>> layers, source = articles_example()
    >>> most_groups(plan(Document(layers), source).steps[0])
    3
    """
    layer = step.layer
    if not isinstance(layer, Conv) or layer.channels is Channels.EACH or not layer.enabled:
        return 1
    return common_divisors(step.input.channels, layer.filters)[-1]


def in_groups(step: Step, groups: int) -> Layer:
    """The layer of a step in so many groups; itself where groups mean nothing."""
    layer = step.layer
    return with_groups(layer, groups, step.input.channels) if isinstance(layer, Conv) else layer


def groups_answer(step: Step) -> GroupsAnswer | None:
    """What the layer needs with and without groups, planned both ways; None where there is no choice.

    Examples
    --------
    >>> layers, source = articles_example()
    >>> answer = groups_answer(plan(Document(layers), source).steps[0])
    >>> answer.together.parameters, answer.apart.parameters
    (456, 156)
    """
    layer, most = step.layer, most_groups(step)
    if most == 1 or not isinstance(layer, Conv):
        return None
    together, apart = (plan(Document((in_groups(step, groups),)), step.input).steps[0] for groups in (1, most))
    return GroupsAnswer(
        step.input.channels,
        layer.kernel,
        layer.filters,
        most,
        count_of(together),
        count_of(apart),
    )
