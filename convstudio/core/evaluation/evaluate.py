"""Evaluate: execute a plan on a frame, starting at the first layer that changed. Methods and speed live in `ops`.

While a gesture lasts results may be drafts, made from the output before by `change`; then they are computed exactly.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.cost import refuse_sum
from convstudio.core.display.ranges import Scale, scales_along
from convstudio.core.errors import ConvStudioError, out_of_memory
from convstudio.core.evaluation.change import ChangedOutput, changed, computed
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import MOST_WHOLE, Pair
from convstudio.core.geometry.window import Resampling
from convstudio.core.ops import (
    activate,
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    dense,
    dense_weights,
    dense_weights_from,
    magnitude,
    max_pool2d,
    min_pool2d,
    rank_pool2d,
    resized,
    scale_shift,
    softmax,
)
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.plan import Plan, Refusal, Step, plan, refuse_excess

Planes = NDArray[np.float32]
MOST_DRAWN = 2**22  # weights of a dense layer at a time


@dataclass(frozen=True, eq=False)
class Draft:
    """A layer whose output was changed instead of computed, as it was `computed` last and as it stands `now`.

    What comes after that layer was computed, but from a draft.
    """

    computed: ChangedOutput
    now: ChangedOutput

    @property
    def index(self) -> int:
        return self.computed.step.index


@dataclass(frozen=True, eq=False)
class Result:
    """What came out: the planes of the source and of every layer's output, (C, H, W) float32, read-only.

    `milliseconds` has the time of each layer by the caller's clock (zeros without one); a layer that was not computed
    again keeps the time it had. `draft` is None where everything was computed exactly.

    Of a frame that is too large no output is kept whole: `source` and `outputs` are empty, and `preview` is the
    result of the same recipe on the frame reduced. `values` has single values and small parts of any result.
    """

    document: Document
    frame: Frame
    plan: Plan
    source: Planes
    outputs: tuple[Planes, ...]
    milliseconds: tuple[float, ...]
    draft: Draft | None = None
    preview: "Result | None" = None

    @cached_property
    def scales(self) -> tuple[tuple[Scale, ...], ...]:
        """What automatic display knows of each channel of the source and of every layer's output."""
        signed = (self.frame.is_signed,) * self.frame.shape.channels
        layers, frame = (step.layer for step in self.plan.steps), self.frame
        return tuple(scales_along(layers, frame.white, signed, frame.narrow_range))

    @property
    def is_whole(self) -> bool:
        """Whether every output is here in full."""
        return self.preview is None

    @property
    def overview(self) -> "Result":
        """A result that is whole: this one, or its preview."""
        return self.preview or self

    @property
    def drafts(self) -> int:
        """How many changes were added to what was computed; 0 where all was."""
        return self.draft.now.changes if self.draft else 0

    def planes_at(self, index: int) -> Planes:
        """The output of layer `index`; −1 is the source.

        Raises
        ------
        ConvStudioError
            If it is too large to be kept as a whole.
        """
        if not self.is_whole:
            raise ConvStudioError(
                f"The picture of {self.plan.source} is computed part by part, so this needs a smaller one: at most "
                f"{MOST_WHOLE:,} pixels."
            )
        return self.source if index < 0 else self.outputs[index]


def evaluate(
    document: Document,
    frame: Frame,
    *,
    previous: Result | None = None,
    clock: Callable[[], float] = lambda: 0.0,
    is_draft: bool = False,
) -> Result:
    """Apply every layer of a recipe to a frame.

    Parameters
    ----------
    document, frame
        The recipe and the picture.
    previous
        An earlier result: layers that have not changed since, on the same frame, are taken from it.
    clock
        Seconds, for the times of the layers.
    is_draft
        Whether a convolution of which little changed may be made from its previous output, whatever its size; such a
        result is replaced by an exact one when it is next evaluated without this.

    Raises
    ------
    ConvStudioError
        If a layer refuses its input, or an output would not fit into memory.

    Examples
    --------
    >>> from convstudio.core.activations import ActivationKind
    >>> from convstudio.core.recipe.layers import Activation
    >>> frame = Frame(np.array([[[-2.0], [3.0]]]), white=3.0)
    >>> evaluate(Document((Activation(kind=ActivationKind.ABSOLUTE),)), frame).outputs[0].tolist()
    [[[2.0, 3.0]]]
    """
    recipe_plan = plan(document, frame.shape)
    refuse_excess(recipe_plan)
    refuse_sum(recipe_plan)
    if previous is not None and (previous.frame is not frame or not previous.is_whole):
        previous = None
    source = frame.planes() if previous is None else previous.source
    source.flags.writeable = False
    reused = 0 if previous is None else _reusable_layers(previous, recipe_plan, is_draft=is_draft)
    outputs = list(previous.outputs[:reused]) if previous else []
    milliseconds = list(previous.milliseconds[:reused]) if previous else []
    draft = previous.draft if previous and previous.draft and previous.draft.index < reused else None
    for step in recipe_plan.steps[reused:]:
        check()
        start = clock()
        planes = outputs[-1] if outputs else source
        drafted = _drafted(previous, step, planes) if is_draft and previous and step.index == reused else None
        draft = drafted or draft
        try:
            output = drafted.now.planes if drafted else apply(step, planes)
        except MemoryError as error:
            what = f"layer {step.index + 1} ({step.title}), whose output is {step.output}"
            raise Refusal(str(out_of_memory(what)), step.index) from error
        output.flags.writeable = False
        outputs.append(output)
        milliseconds.append((clock() - start) * 1000)
    return Result(document, frame, recipe_plan, source, tuple(outputs), tuple(milliseconds), draft)


def _reusable_layers(previous: Result, plan: Plan, *, is_draft: bool) -> int:
    """How many layers need not be computed again."""
    count = alike(previous.plan, plan)
    if previous.draft is None or (is_draft and count == len(plan.steps)):
        return count
    return min(count, previous.draft.index)  # nothing is built on a draft but by the gesture that made it


def alike(old: Plan, new: Plan) -> int:
    """How many layers from the first on do the same in two plans, so that their outputs do not differ on one frame."""
    pairs = zip(old.steps, new.steps, strict=False)
    are_alike = ((before.layer, before.input) == (after.layer, after.input) for before, after in pairs)
    return sum(takewhile(bool, are_alike))


def _drafted(previous: Result, step: Step, planes: Planes) -> Draft | None:
    """The output of the first layer that changed, made from its output before; None where it must be computed."""
    if step.index >= len(previous.outputs):
        return None
    draft = previous.draft if previous.draft and previous.draft.index == step.index else None
    origin = draft.computed if draft else computed(previous.plan.steps[step.index], previous.outputs[step.index])
    if origin is None:
        return None
    # From what was computed there are few roundings however long a drag lasts; who paints over many cells goes from
    # one state to the next.
    now = changed(origin, step, planes)
    if now is None and draft is not None:
        now = changed(draft.now, step, planes)
    return None if now is None else Draft(origin, now)


def apply(step: Step, planes: Planes) -> Planes:  # noqa: C901, PLR0911  # a case for each kind of layer
    """Execute one step of a plan on planes of the shape `step.input`."""
    layer = step.layer
    if not layer.enabled:
        return planes
    match layer:
        case Conv():
            return _apply_conv(layer, step, planes)
        case ConvTranspose():
            return conv_transpose2d(
                planes,
                layer.weight.array,
                np.array(layer.bias),
                stride=layer.stride,
                padding=layer.padding,
                output_padding=layer.output_padding,
                dilation=layer.dilation,
                groups=layer.groups,
            )
        case Activation():
            return activate(planes, layer.kind, layer.numbers)
        case ScaleShift() | Normalisation():
            return scale_shift(planes, layer.scale, layer.shift)
        case Softmax():
            return softmax(planes)
        case Magnitude():
            return magnitude(planes)
        case Resize():
            assert isinstance(step.window, Resampling)
            return resized(planes, step.window.axis(0), step.window.axis(1))
        case Pool():
            return _apply_pool(layer, step, planes)
        case Dense():
            return _apply_dense(layer, planes)


def _apply_conv(layer: Conv, step: Step, planes: Planes) -> Planes:
    weight = layer.weight.array
    if layer.orientation is Orientation.CONVOLUTION:
        weight = weight[:, :, ::-1, ::-1]
    bias = np.array(layer.bias)
    pads = ((step.pads.top, step.pads.bottom), (step.pads.left, step.pads.right))
    channels = planes.shape[0]
    alone = layer.channels is Channels.EACH
    if alone:
        weight, bias = np.tile(weight, (channels, 1, 1, 1)), np.tile(bias, channels)
    planes = conv2d(
        planes,
        weight,
        bias,
        stride=layer.stride,
        padding=pads,
        dilation=layer.dilation,
        groups=channels if alone else layer.groups,
        border=layer.border,
    )
    if alone and channels > 1 and layer.filters > 1:
        # PyTorch's order is channel by channel; ours is filter by filter, so that each filter's colours are neighbours
        stacked = planes.reshape(channels, layer.filters, *planes.shape[1:])
        planes = np.ascontiguousarray(stacked.swapaxes(0, 1)).reshape(planes.shape)
    return planes


def _apply_dense(layer: Dense, planes: Planes) -> Planes:
    """The units a few at a time: weights that are drawn are drawn when they are needed and not kept."""
    if layer.weight is not None:
        return dense(planes, layer.weight.array.reshape(layer.units, -1), layer.bias or None)
    if layer.units * planes.size <= MOST_DRAWN:
        return dense(planes, dense_weights(layer.units, planes.size, layer.seed), layer.bias or None)
    together = max(1, MOST_DRAWN // planes.size)
    outputs = np.empty((layer.units, 1, 1), np.float32)
    for first in range(0, layer.units, together):
        check()
        count = min(together, layer.units - first)
        weights = dense_weights_from(first * planes.size, count * planes.size, inputs=planes.size, seed=layer.seed)
        bias = layer.bias[first : first + count] or None
        outputs[first : first + count] = dense(planes, weights.reshape(count, planes.size), bias)
    return outputs


def _apply_pool(layer: Pool, step: Step, planes: Planes) -> Planes:
    window, stride = layer.window, layer.stride
    if layer.is_global:
        window = stride = Pair(step.input.height, step.input.width)
    pads = ((step.pads.top, step.pads.bottom), (step.pads.left, step.pads.right))
    ceil_mode = layer.ceil_mode and not layer.is_global
    dilation = Pair(1, 1) if layer.is_global else layer.dilation
    match layer.kind:
        case PoolKind.MAX:
            return max_pool2d(planes, window, stride=stride, padding=pads, dilation=dilation, ceil_mode=ceil_mode)
        case PoolKind.MIN:
            return min_pool2d(planes, window, stride=stride, padding=pads, dilation=dilation, ceil_mode=ceil_mode)
        case PoolKind.MEDIAN | PoolKind.PERCENTILE:
            rank = 50.0 if layer.rank is None else layer.rank
            return rank_pool2d(
                planes, window, rank, stride=stride, padding=pads, dilation=dilation, ceil_mode=ceil_mode
            )
        case PoolKind.AVERAGE:
            return avg_pool2d(
                planes, window, stride=stride, padding=pads, ceil_mode=ceil_mode,
                count_include_pad=layer.count_include_pad,
            )  # fmt: skip
