"""What the models learn: a picture before and after filtering, by a preset, a layer, another program or a brush."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from convstudio.core.edits.filters import filters_first
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import apply
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region, middle_region
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.kernels.size import anchor
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Layer, Orientation, Weights
from convstudio.core.recipe.naming import name_of
from convstudio.core.recipe.plan import plan, refuse_excess
from convstudio.insight.teach.sampling import window_sums

Plane = NDArray[np.float64]
MOST = 640  # pixels on a side of the part of the picture that is used
CANVAS = 20  # pixels on a side of the copy that a person paints on
EDGE, LEAST_WITH_EDGE = 8, 48  # another program's border is left out where the picture has room for it


@dataclass(frozen=True)
class FromPreset:
    """A preset with the values it starts with."""

    key: str


@dataclass(frozen=True)
class FromLayer:
    """What a layer, as a plan executes it, makes of its own input.

    Parameters
    ----------
    layer
        Applied to the mean of what it reads, as if all of that were the same.
    filter_index
        Which of its filters; layers without filters ignore it.
    channels
        Those of its input that it reads for the map in question; None is all of them.
    """

    layer: Layer
    filter_index: int = 0
    channels: tuple[int, ...] | None = None


@dataclass(frozen=True, eq=False)
class FromFile:
    """A picture that somebody else filtered, as large as the present one."""

    frame: Frame


@dataclass(frozen=True, eq=False)
class Painted:
    """A part of the picture before and after somebody painted on it, (20, 20); None takes a part of this picture."""

    before: Plane | None = None
    after: Plane | None = None


Target = FromPreset | FromLayer | FromFile | Painted


@dataclass(frozen=True, eq=False)
class TrainingPair:
    """A grey picture, and the target: the same picture after filtering.

    Parameters
    ----------
    before, after
        (height, width), in the picture's own units; a target lies at the place of its input.
    known
        Where `after` can be known from `before` alone, without any padding.
    kernel, bias
        The convolution that makes it; None where there is none, or nobody knows.
    """

    before: Plane
    after: Plane
    known: Region
    kernel: Plane | None = None
    bias: float | None = None


def grey_part(planes: NDArray[np.float32], name: str = "pixels of this picture") -> Plane:
    """The mean of the channels in the middle of the picture, at most 640×640 pixels.

    Raises
    ------
    ConvStudioError
        If a pixel is not finite.

    Examples
    --------
    >>> grey_part(np.array([[[3]], [[6]], [[0]]], np.float32)).tolist()
    [[3.0]]
    """
    part = middle(*planes.shape[1:])
    grey = planes[:, part.top : part.bottom, part.left : part.right].mean(axis=0, dtype=np.float32)
    if not np.isfinite(grey).all():
        raise ConvStudioError(f"Some {name} are not finite numbers; open another picture to learn from.")
    return np.asarray(grey, np.float64)


def middle(height: int, width: int) -> Region:
    """The part of a picture that is used.

    Examples
    --------
    >>> middle(480, 1000)
    Region(top=0, bottom=480, left=180, right=820)
    """
    return middle_region(Shape(1, height, width), MOST, MOST)


def training_pair(planes: NDArray[np.float32], target: Target) -> TrainingPair:
    """The picture before and after, from a target.

    Parameters
    ----------
    planes
        The picture, or the input of the target layer, (C, H, W).
    target
        Where the target output comes from.

    Raises
    ------
    ConvStudioError
        If nothing can be learned from it; the sentence says why.

    Examples
    --------
    >>> pair = training_pair(np.array([[[0, 0, 5, 5]]], np.float32), FromPreset("difference-x"))
    >>> pair.known, pair.after[0, 1:3].tolist()
    (Region(top=0, bottom=1, left=1, right=3), [2.5, 2.5])
    """
    match target:
        case FromPreset():
            return _from_kernel(grey_part(planes), build(find(target.key))[0])
        case FromLayer():
            channels = slice(None) if target.channels is None else list(target.channels)
            return _from_layer(grey_part(planes[channels], f"numbers that {name_of(target.layer)} reads"), target)
        case FromFile():
            return _from_file(planes, target.frame)
        case Painted():
            before = target.before if target.before is not None else _piece(grey_part(planes))
            after = target.after if target.after is not None else before.copy()
            return TrainingPair(before, after, Region(0, before.shape[0], 0, before.shape[1]))


def _from_kernel(before: Plane, kernel: Plane) -> TrainingPair:
    (height, width), (rows, columns) = before.shape, kernel.shape
    top, left = anchor(rows), anchor(columns)
    known = Region(top, height - (rows - 1 - top), left, width - (columns - 1 - left))
    after = np.zeros_like(before)
    if not known.is_empty:
        inside = after[known.top : known.bottom, known.left : known.right]
        for row, column in zip(*np.nonzero(kernel), strict=True):
            inside += kernel[row, column] * before[row : row + known.height, column : column + known.width]
    return TrainingPair(before, after, known, kernel, bias=0.0)


def _from_layer(before: Plane, target: FromLayer) -> TrainingPair:
    layer = target.layer
    height, width = before.shape
    if not layer.enabled:
        return TrainingPair(before, before, Region(0, height, 0, width), np.ones((1, 1)), bias=0.0)
    alone = _on_grey(layer, target.filter_index)
    layer_plan = plan(Document((alone,)), Shape(1, height, width))
    step = layer_plan.steps[0]
    if step.receptive_field.size[0] >= height and step.receptive_field.size[1] >= width and step.output[1:] == (1, 1):
        raise ConvStudioError(
            f"{name_of(layer)} gives numbers that have no places in the picture, so there is no piece of its output to "
            "learn from; select a layer before it, or take a preset."
        )
    if any(jump != 1 for jump in step.receptive_field.jump):
        raise ConvStudioError(
            f"The output of {name_of(layer)} has another scale than its input, so a window of pixels cannot be laid on "
            "each of its outputs; set its stride to 1, or take a preset."
        )
    refuse_excess(layer_plan)
    with np.errstate(over="ignore", invalid="ignore"):
        output = apply(step, before.astype(np.float32)[None])[0].astype(np.float64)
    if not np.isfinite(output).all():
        raise ConvStudioError(f"Some outputs of {name_of(layer)} are not finite numbers; choose smaller weights.")
    # an output lies where the anchor of its window lies
    spans = (int(step.receptive_field.size[0]), int(step.receptive_field.size[1]))
    starts = (int(step.receptive_field.start[0]), int(step.receptive_field.start[1]))
    after = np.zeros_like(before)
    ends = []
    for axis, (start, span) in enumerate(zip(starts, spans, strict=True)):
        first = max(0, -start)
        last = min(output.shape[axis], before.shape[axis] - span - start + 1)
        ends.append((first, last, start + anchor(span)))
    (top, bottom, down), (left, right, across) = ends
    known = Region(top + down, bottom + down, left + across, right + across)
    if not known.is_empty:
        after[known.top : known.bottom, known.left : known.right] = output[top:bottom, left:right]
    return TrainingPair(before, after, known, *_truth(alone))


def _on_grey(layer: Layer, filter_index: int) -> Layer:
    """The one filter as it acts on a picture whose channels are all the same."""
    if not isinstance(layer, Conv | ConvTranspose):
        return layer
    index = min(filter_index, layer.filters - 1)
    total = filters_first(layer)[index].sum(axis=0)
    alone = replace(layer, weight=Weights(total[None, None]), bias=(layer.bias[index],), groups=1)
    return replace(alone, channels=Channels.ACROSS) if isinstance(alone, Conv) else alone


def _truth(layer: Layer) -> tuple[Plane | None, float | None]:
    """The kernel as it is laid on the picture, and the bias, of a layer of one filter on one plane."""
    if not isinstance(layer, Conv | ConvTranspose):
        return None, None
    plane = layer.weight.array[0, 0]
    if isinstance(layer, ConvTranspose) or layer.orientation is Orientation.CONVOLUTION:
        plane = plane[::-1, ::-1]
    rows, columns = plane.shape
    apart: Pair = layer.dilation
    kernel = np.zeros(((rows - 1) * apart.vertical + 1, (columns - 1) * apart.horizontal + 1))
    kernel[:: apart.vertical, :: apart.horizontal] = plane
    return kernel, layer.bias[0]


def _from_file(planes: NDArray[np.float32], frame: Frame) -> TrainingPair:
    _, height, width = planes.shape
    if frame.shape[1:] != (height, width):
        raise ConvStudioError(
            f"The wanted output {frame.name} has {frame.shape.width}×{frame.shape.height} pixels, but the picture has "
            f"{width}×{height}; choose a file of the same size."
        )
    before, after = grey_part(planes), grey_part(frame.planes())
    rows, columns = before.shape
    edge = EDGE if min(rows, columns) >= LEAST_WITH_EDGE else 0
    return TrainingPair(before, after, Region(edge, rows - edge, edge, columns - edge))


def _piece(grey: Plane) -> Plane:
    """The part of a picture with the strongest contrast, at most 20×20 pixels."""
    height, width = min(CANVAS, grey.shape[0]), min(CANVAS, grey.shape[1])
    count = height * width
    spread = window_sums(grey * grey, height, width) / count - (window_sums(grey, height, width) / count) ** 2
    row, column = np.unravel_index(int(spread.argmax()), spread.shape)
    return grey[row : row + height, column : column + width].copy()
