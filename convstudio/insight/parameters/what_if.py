"""What layers would cost for another picture, all together, or in groups; every number comes from plans and counts."""

from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, log

import numpy as np

from convstudio.core.edits.channels import common_divisors, with_groups
from convstudio.core.edits.filters import with_filters, with_kernel_size
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.kernels.planes import resized
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.counts import Comparison, Count, compare, compare_stack, count_of
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Weights
from convstudio.core.recipe.new_layers import new_conv
from convstudio.core.recipe.plan import Plan, Step, plan

SMALLEST_SIDE, LARGEST_SIDE = 8, 4000  # of the curve and of the slider, in pixels
SAMPLES = 33


class Scope(StrEnum):
    """What is counted."""

    ARTICLE = "The article"
    LAYER = "This layer"
    STACK = "Stack"


@dataclass(frozen=True)
class CountSubject:
    """Layers, what arrives at them, and whether they are counted together or only the first."""

    layers: tuple[Layer, ...]
    shape: Shape
    scope: Scope

    def planned(self) -> Plan:
        """The plan that is counted; a layer may refuse what arrives."""
        return plan(Document(self.layers), self.shape)

    def comparison_in(self, plan: Plan) -> Comparison | None:
        """The three counts; None where nothing convolves."""
        return comparison_of(plan, 0, self.scope)


@dataclass(frozen=True)
class Supposition:
    """Other numbers than those of the layer that is counted; None is its own number."""

    shape: Shape | None = None
    filters: int | None = None
    kernel: int | None = None
    stride: int | None = None
    groups: int | None = None


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
    """Six 5×5 filters over a 32×32 colour picture, no padding; they look for edges and lines, most in the red."""
    planes = [
        build(find("gabor"), theta=theta, wavelength=wavelength, sigma=1.2, phase=phase)[0]
        for theta, wavelength, phase in (
            (0, 4.5, 90), (45, 4.5, 90), (90, 4.5, 0), (90, 4.5, 90), (135, 4.5, 90), (0, 4.5, 0),
        )
    ]  # fmt: skip
    kernels = np.stack([resized(plane, 5, 5) for plane in planes])
    weight = kernels[:, None] * np.array([1.0, 0.75, 0.5])[:, None, None]
    layer = new_conv(3, filters=6, kernel=Pair(5, 5))
    return (replace(layer, weight=Weights(weight), padding=Padding.VALID),), Shape(3, 32, 32)


def subject_of(plan: Plan | None, index: int, scope: Scope) -> CountSubject | None:
    """What is counted before anything is supposed of it; None where there is nothing.

    A layer is counted on what arrives at it, so it stands alone. One without weights, and the source, stand for the
    whole stack.

    Examples
    --------
    >>> subject = subject_of(None, -1, Scope.ARTICLE)
    >>> subject.comparison_in(subject.planned()).conv.parameters
    456
    """
    if scope is Scope.ARTICLE:
        return CountSubject(*articles_example(), Scope.LAYER)
    if plan is None:
        return None
    if scope is Scope.LAYER and counted_scope(plan, index) is Scope.LAYER:
        step = plan.steps[index]
        return CountSubject((step.layer,), step.input, Scope.LAYER)
    return CountSubject(executed_layers(plan), plan.source, Scope.STACK)


def supposed(subject: CountSubject, supposition: Supposition) -> CountSubject:
    """The subject with other numbers.

    Raises
    ------
    ConvStudioError
        If the layer cannot have them.

    Examples
    --------
    >>> article = subject_of(None, -1, Scope.ARTICLE)
    >>> grouped = supposed(article, Supposition(groups=3))
    >>> grouped.comparison_in(grouped.planned()).conv.parameters
    156
    """
    subject = replace(subject, shape=supposition.shape or subject.shape)
    if subject.scope is Scope.STACK:
        return subject
    layer = subject.planned().steps[0].layer  # adapted to the channels that arrive
    if not isinstance(layer, Conv | ConvTranspose):
        return subject
    if supposition.stride is not None:
        layer = replace(layer, stride=Pair.of(supposition.stride))
    if supposition.kernel is not None:
        layer = with_kernel_size(layer, supposition.kernel, supposition.kernel)
    channels = subject.shape.channels
    groups = layer.groups if supposition.groups is None else supposition.groups
    if layer.groups > 1 and groups != layer.groups:
        layer = with_groups(layer, 1, channels)
    if supposition.filters is not None and supposition.filters != layer.filters:
        layer = with_filters(layer, supposition.filters)
    if groups != layer.groups:
        layer = with_groups(layer, groups, channels)
    return replace(subject, layers=(layer,))


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
