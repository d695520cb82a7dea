"""The plan: what a recipe will do to a picture of a given shape, in integers only, or a clear refusal.

The panels show it, the counts count it and `evaluate` executes it. No array is touched here and none is made, so
a plan for a picture of any size costs the same.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.connections import stamp_pairs, window_pairs
from convstudio.core.geometry.padding import Amounts, padding_amounts
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.resampling import resized_axes
from convstudio.core.geometry.shapes import ONE, Shape
from convstudio.core.geometry.sizes import MOST_VALUES, check_groups, check_positive
from convstudio.core.geometry.window import (
    SlidingWindow,
    convolution,
    everything,
    pointwise,
    pooling,
    resampling,
    transposed_convolution,
)
from convstudio.core.recipe.channel_adaptation import adapted
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.limits import check_limits
from convstudio.core.recipe.naming import name_of
from convstudio.core.recipe.receptive_field import ReceptiveField, receptive_field_after


@dataclass(frozen=True)
class Step:
    """What one layer will do.

    Parameters
    ----------
    layer
        As it is executed: adapted to the channels that arrive.
    note
        A sentence about how it was adapted, or "".
    window
        How its windows lie on their planes; of one pixel each for a layer without any, over everything for a dense one.
    weights, biases
        Parameters, shared ones counted once.
    connections
        Pairs of an output and a real input that a weight joins; see `connections`.
    multiply_adds
        Weights of all windows, those over the padding included: what FLOP counters print.
    channels_per_map
        3 when the output still is made of colour pictures (red, green and blue in turn), else 1.
    """

    index: int
    layer: Layer
    note: str
    window: SlidingWindow
    weights: int
    biases: int
    connections: int
    multiply_adds: int
    channels_per_map: int
    receptive_field: ReceptiveField

    @property
    def input(self) -> Shape:
        return self.window.source

    @property
    def output(self) -> Shape:
        return self.window.output

    @property
    def pads(self) -> Amounts:
        """Padding in pixels for each side."""
        return self.window.pads

    @property
    def parameters(self) -> int:
        return self.weights + self.biases

    @property
    def maps(self) -> int:
        return self.output.channels // self.channels_per_map

    @property
    def title(self) -> str:
        return name_of(self.layer)


@dataclass(frozen=True)
class Plan:
    """What a recipe will do to a picture of the shape `source`: one step for each layer, switched off or not."""

    source: Shape
    steps: tuple[Step, ...]

    @property
    def output(self) -> Shape:
        return self.steps[-1].output if self.steps else self.source

    @property
    def parameters(self) -> int:
        return sum(step.parameters for step in self.steps)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(step.note for step in self.steps if step.note)

    @property
    def layout(self) -> tuple[tuple[Shape, int], ...]:
        """The shape of the source and of every output, and how many of its channels make one map."""
        return (self.source, self.source.channels), *((step.output, step.channels_per_map) for step in self.steps)

    def shape_at(self, index: int) -> Shape:
        """The output shape of layer `index`; −1 is the source."""
        return self.source if index < 0 else self.steps[index].output

    def channels_per_map_at(self, index: int) -> int:
        """3 when the output of layer `index` (−1 is the source) is made of colour pictures, else 1."""
        return self.source.channels if index < 0 else self.steps[index].channels_per_map

    def maps_at(self, index: int) -> int:
        """How many maps the output of layer `index` (−1 is the source) has; a colour picture is one map."""
        return self.shape_at(index).channels // self.channels_per_map_at(index)

    def trace_back(self, index: int, region: Region) -> tuple[Region, ...]:
        """The receptive field of a region of the output of layer `index`, through every earlier layer.

        Returns
        -------
        Regions of the frame, of the output of layer 0, …, of layer `index`; not clipped, so they show padding.
        """
        regions = [region]
        for step in reversed(self.steps[: index + 1]):
            regions.append(step.window.needed(regions[-1].clipped(step.output)))
        return tuple(reversed(regions))


class Refusal(ConvStudioError):
    """A plan that cannot be made; `index` is the layer that cannot work."""

    def __init__(self, sentence: str, index: int) -> None:
        super().__init__(sentence)
        self.index = index


def plan(document: Document, source: Shape) -> Plan:
    """Plan every layer of a recipe for a picture of the shape `source`.

    Raises
    ------
    Refusal
        If a layer cannot work on what arrives; the sentence names the layer and the numbers.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> plan(Document((Pool(),)), Shape(3, 480, 640)).output
    Shape(channels=3, height=240, width=320)
    """
    steps: list[Step] = []
    shape, channels_per_map = source, source.channels if source.channels == 3 else 1
    receptive_field = ReceptiveField((Fraction(1),) * 2, (Fraction(1),) * 2, (Fraction(0),) * 2)
    for index, layer in enumerate(document.layers):
        try:
            step = _step(index, layer, shape, channels_per_map, receptive_field)
        except ConvStudioError as error:
            raise Refusal(f"Layer {index + 1} ({name_of(layer)}): {error}", index) from error
        steps.append(step)
        shape, channels_per_map, receptive_field = step.output, step.channels_per_map, step.receptive_field
    return Plan(source, tuple(steps))


def refused_step(document: Document, source: Shape, index: int) -> Step | None:
    """A layer that cannot work, with what arrives at it, so that its settings can be shown and changed.

    It counts nothing, and its output has the size of its input. None where nothing arrives, as a layer before it is
    refused, too.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> step = refused_step(Document((Pool(), Pool())), Shape(1, 2, 2), 1)
    >>> step.input, step.layer == Pool()
    (Shape(channels=1, height=1, width=1), True)
    """
    layer = document.layers[index]
    standing = replace(document, layers=(*document.layers[:index], replace(layer, enabled=False)), selected=index)
    try:
        return replace(plan(standing, source).steps[index], layer=layer)
    except Refusal:
        return None


def refuse_excess(plan: Plan) -> None:
    """Refuse to execute a plan whose arrays would not fit into memory; planning and counting them is fine.

    Raises
    ------
    Refusal
        If one layer's output or weights pass 2³⁰ numbers.
    """
    for step in plan.steps:
        for what, count in (("output", step.output.size), ("set of weights", step.weights)):
            if count > MOST_VALUES:
                raise Refusal(
                    f"Layer {step.index + 1} ({step.title}): its {what} has {count:,} numbers, more than the "
                    f"{MOST_VALUES:,} that fit into memory; use a smaller picture, fewer filters or a larger stride.",
                    step.index,
                )


def _step(  # noqa: C901  # a case for each kind of layer
    index: int, layer: Layer, source: Shape, channels_per_map: int, before: ReceptiveField
) -> Step:
    if not layer.enabled:
        return Step(index, layer, "", pointwise(source), 0, 0, 0, 0, channels_per_map, before)
    check_limits(layer)
    executed = adapted(layer, source.channels)
    note = ""
    if executed is not layer:
        note = (
            f"Layer {index + 1} ({name_of(layer)}) now reads {source.channels} "
            f"channel{'s' if source.channels > 1 else ''}; its weights were adapted and their sums kept."
        )
    match executed:
        case Conv():
            demand = _demand_of_convolution(executed, source)
            channels_per_map = channels_per_map if executed.channels is Channels.EACH else 1
        case ConvTranspose():
            demand, channels_per_map = _demand_of_transposed(executed, source), 1
        case Pool():
            demand = _demand_of_pool(executed, source)
        case Resize():
            demand = _demand_of_resize(executed, source)
        case Magnitude():
            pairs = _pairs(source.channels)
            demand = _Demand(pointwise(source, pairs))
            channels_per_map = channels_per_map if pairs % channels_per_map == 0 else 1
        case Softmax():
            _check_labels(executed, source)
            demand, channels_per_map = _Demand(pointwise(source)), 1
        case Activation() | ScaleShift() | Normalisation():
            demand = _demand_for_each_pixel(executed, source)
        case Dense():
            demand, channels_per_map = _demand_of_dense(executed, source), 1
    return Step(
        index, executed, note, demand.window, demand.weights, demand.biases, demand.connections,
        demand.multiply_adds, channels_per_map, receptive_field_after(demand.window, before),
    )  # fmt: skip


class _Demand(NamedTuple):
    """How a layer's window lies on its planes, and what the layer takes.

    A connection joins an output to a real input; a multiply-add is a weight of a window, over the padding too.
    """

    window: SlidingWindow
    weights: int = 0
    biases: int = 0
    connections: int = 0
    multiply_adds: int = 0


def _demand_of_convolution(layer: Conv, source: Shape) -> _Demand:
    """What a convolution makes of a shape."""
    filters, per_group, _, _ = layer.weight.array.shape
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    if len(layer.bias) != filters:
        raise ConvStudioError(f"It has {filters} filters but {len(layer.bias)} biases; give one bias for each.")
    if layer.channels is Channels.EACH:
        if per_group != 1:
            raise ConvStudioError(
                f"Working on each channel alone, a filter has one plane, not {per_group}; keep one plane."
            )
        channels, groups = filters * source.channels, source.channels
    else:
        check_groups(layer.groups, source.channels, filters)
        channels, groups = filters, layer.groups
    window = convolution(
        source, channels, kernel=layer.kernel, stride=layer.stride, dilation=layer.dilation,
        pads=padding_amounts(layer.padding, layer.kernel, layer.dilation), groups=groups, border=layer.border,
    )  # fmt: skip
    rows, columns = (
        window_pairs(length, count, kernel=k, stride=s, dilation=d, before=before, border=layer.border)
        for length, count, k, s, d, before in zip(
            source[1:], window.output[1:], layer.kernel, layer.stride, layer.dilation,
            (window.pads.top, window.pads.left), strict=True,
        )
    )  # fmt: skip
    return _Demand(
        window,
        weights=int(layer.weight.array.size),
        biases=filters,
        connections=channels * per_group * rows * columns,
        multiply_adds=window.output.size * per_group * layer.kernel.vertical * layer.kernel.horizontal,
    )


def _demand_of_transposed(layer: ConvTranspose, source: Shape) -> _Demand:
    """What a transposed convolution makes of a shape; its padding is what it cuts off."""
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    check_groups(layer.groups, source.channels, layer.filters)
    if layer.weight.array.shape[0] != source.channels:
        raise ConvStudioError(
            f"Its weights read {layer.weight.array.shape[0]} channels in {layer.groups} groups, but {source.channels} "
            "arrive; choose a number of groups that divides both."
        )
    if len(layer.bias) != layer.filters:
        raise ConvStudioError(f"It has {layer.filters} filters but {len(layer.bias)} biases; give one for each.")
    vertical, horizontal = layer.padding
    window = transposed_convolution(
        source, layer.filters, kernel=layer.kernel, stride=layer.stride, dilation=layer.dilation,
        pads=Amounts(vertical, vertical, horizontal, horizontal), output_padding=layer.output_padding,
        groups=layer.groups,
    )  # fmt: skip
    weights = int(layer.weight.array.size)
    rows, columns = (
        stamp_pairs(length, count, kernel=k, stride=s, dilation=d, before=before)
        for length, count, k, s, d, before in zip(
            source[1:], window.output[1:], layer.kernel, layer.stride, layer.dilation, layer.padding, strict=True
        )
    )
    return _Demand(
        window,
        weights=weights,
        biases=layer.filters,
        connections=weights // (layer.kernel.vertical * layer.kernel.horizontal) * rows * columns,
        multiply_adds=source.height * source.width * weights,
    )


def _demand_for_each_pixel(layer: Activation | ScaleShift | Normalisation, source: Shape) -> _Demand:
    """What a layer takes that makes each output of the input at its place: a learned slope or scale joins the two."""
    if isinstance(layer, Normalisation):
        if 0 in layer.deviation:
            raise ConvStudioError("It divides by a deviation of 0; give every channel another one.")
        _check_numbers(source, mean=layer.mean, deviation=layer.deviation)
        return _Demand(pointwise(source))
    if isinstance(layer, ScaleShift):
        _check_numbers(source, scale=layer.scale, shift=layer.shift)
        return _Demand(pointwise(source), len(layer.scale), len(layer.shift), source.size, source.size)
    _check_numbers(source, slope=layer.numbers)
    joined = source.size if layer.learned else 0
    return _Demand(pointwise(source), len(layer.learned), 0, joined, joined)


def _check_numbers(source: Shape, **numbers: tuple[float, ...]) -> None:
    """Refuse what is neither one number for all channels nor one for each."""
    for name, values in numbers.items():
        if len(values) not in (1, source.channels):
            raise ConvStudioError(
                f"The {name} has {len(values)} numbers for {source.channels} channels; give one for all, or one for "
                "each."
            )


def _check_labels(layer: Softmax, source: Shape) -> None:
    if layer.labels and len(layer.labels) != source.channels:
        raise ConvStudioError(
            f"It has {len(layer.labels)} labels for {source.channels} channels; give one for each, or none."
        )


def _pairs(channels: int) -> int:
    """How many pairs the channels make."""
    if channels % 2:
        raise ConvStudioError(
            f"A magnitude is made of pairs of channels, but {channels} arrive; give the layer before it an even number "
            "of filters."
        )
    return channels // 2


def _demand_of_resize(layer: Resize, source: Shape) -> _Demand:
    """What a resized picture takes; it has nothing to learn."""
    axes = resized_axes(
        (source.height, source.width), factor=layer.factor, size=layer.size, mode=layer.mode,
        align_corners=layer.align_corners,
    )  # fmt: skip
    return _Demand(resampling(source, axes))


def _demand_of_dense(layer: Dense, source: Shape) -> _Demand:
    """What a dense layer makes of a shape: every output is joined to every input."""
    if layer.units < 1:
        raise ConvStudioError(f"It has {layer.units} units, but it needs at least 1.")
    if layer.weight is not None and layer.weight.array.shape[1:] != source:
        shape = Shape(*layer.weight.array.shape[1:])
        raise ConvStudioError(
            f"Its weights are for an input of {shape}, but {source} arrives; resize the picture to fit, or draw new "
            "weights."
        )
    if layer.bias and len(layer.bias) != layer.units:
        raise ConvStudioError(f"It has {layer.units} units but {len(layer.bias)} biases; give one for each.")
    weights = layer.units * source.size
    return _Demand(everything(source, layer.units), weights, layer.units, weights, weights)


def _demand_of_pool(layer: Pool, source: Shape) -> _Demand:
    """What a pool makes of a shape; it has nothing to learn."""
    if not 0 <= layer.percentile <= 100:
        raise ConvStudioError(f"The percentile is {layer.percentile:g}, but it must lie between 0 and 100.")
    if layer.is_global:
        return _Demand(everything(source, source.channels))
    check_positive("window", layer.window)
    check_positive("stride", layer.stride)
    check_positive("dilation", layer.dilation)
    if layer.kind is PoolKind.AVERAGE and layer.dilation != ONE:
        raise ConvStudioError(
            f"An average is taken of neighbouring pixels, so its dilation is 1 and not {layer.dilation}; "
            "set it to 1, or take the maximum."
        )
    return _Demand(
        pooling(
            source, kernel=layer.window, stride=layer.stride, dilation=layer.dilation, pads=layer.padding,
            ceil_mode=layer.ceil_mode,
        )
    )  # fmt: skip
