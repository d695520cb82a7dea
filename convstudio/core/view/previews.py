"""Previews for a gallery of presets: what each would do to what a layer reads, as small square pictures.

All of them show one part of the picture, the one that tells most of what a filter does.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.display.colours import SignedScale
from convstudio.core.display.pictures import Picture, picture
from convstudio.core.display.ranges import Scale, scales_after
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.kernels.choices import PresetChoice
from convstudio.core.opencv import cv2
from convstudio.core.ops import conv2d
from convstudio.core.recipe.document import Display
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.core.view.shown import map_planes, scales_at

CLOSENESS = 1.5  # pixels at most that a filter works on for one of a preview: its lines are still to be seen
SHARE = 3  # a crop is about a third of the picture's shorter side, or there is nothing to recognise in it
COARSE = 160  # pixels of the shorter side of the picture in which the crop is looked for
MARGIN = 16  # pixels around the crop that large kernels read
DIRECTIONS = 8  # that edges are told apart in
FAINT = 1e-6  # of an edge as strong as the whole range
CENTRAL = 0.3  # how much less a crop in a corner counts than one in the middle

Plane = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Ground:
    """What previews are made of: one or three planes of a layer's input, made smaller, their scale, and the crop."""

    planes: NDArray[np.float32]
    scale: Scale
    crop: Region
    side: int


def previews(
    result: Result,
    index: int,
    choices: Sequence[PresetChoice],
    side: int,
    crop: Region | None = None,
    *,
    signed_scale: SignedScale = SignedScale.LIGHT,
) -> dict[str, Picture]:
    """What choices would make of what layer `index` reads, by their titles; squares of `side` pixels at most.

    `crop` is the part of that input to show; None looks for the most telling one.

    Examples
    --------
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.kernels.choices import CHOICES
    >>> from convstudio.core.recipe.document import Document
    >>> result = evaluate(Document(), Frame(np.full((8, 8, 1), 9, np.uint8), white=255))
    >>> blurred = previews(result, 0, [choice for choice in CHOICES if choice.title == "Box 9 × 9"], 96)
    >>> blurred["Box 9 × 9"].pixels[0, 0].tolist()
    [9, 9, 9]
    """
    ground = _ground(result, index, side, crop)
    pictures = {}
    for choice in choices:
        check()
        pictures[choice.title] = _preview(ground, choice, signed_scale)
    return pictures


def telling_crop(result: Result, index: int, side: int) -> Region:
    """The square of what layer `index` reads that tells most of what a filter does, for previews of `side` pixels."""
    planes = _planes_read(result, index)
    return _most_telling(planes.mean(axis=0), _crop_side(min(planes.shape[1:]), side))


def _planes_read(result: Result, index: int) -> NDArray[np.float32]:
    """The first map that a layer reads: three planes where it is in colour, and its output will be."""
    result = result.overview
    planes = map_planes(result, index - 1, 0)
    is_colour = result.plan.channels_per_map_at(min(index, len(result.plan.steps) - 1)) == 3
    return planes if is_colour or len(planes) == 1 else planes.mean(axis=0, keepdims=True)


def _crop_side(shorter: int, side: int) -> int:
    """How many pixels of a picture make a preview."""
    return min(shorter, max(side, shorter // SHARE))


def _most_telling(plane: Plane, length: int) -> Region:
    """The square in which edges go in every direction, between bright parts and dark ones.

    It has the largest product of contrast and of the geometric mean of how much edge there is in each of eight
    directions, which is small where one of them is missing. An edge counts up to twice the mean, so that a single
    strong line does not decide alone.
    """
    height, width = plane.shape
    reduction = max(1.0, min(height, width) / COARSE)
    size = max(1, round(width / reduction)), max(1, round(height / reduction))
    small = np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float64)
    small = np.nan_to_num(small, posinf=0, neginf=0)
    small /= np.abs(small).max() or 1.0
    window = min(max(1, round(length / reduction)), *small.shape)
    mean, square = _window_means(small, window), _window_means(small**2, window)
    contrast = np.sqrt(np.maximum(square - mean**2, 0))
    edges = np.stack([_window_means(strength, window) for strength in _edges_by_direction(small)])
    rows, columns = (np.linspace(-1, 1, count) if count > 1 else np.zeros(1) for count in contrast.shape)
    central = 1 - CENTRAL * np.hypot(rows[:, None], columns[None]) / np.sqrt(2)
    score = (np.exp(np.log(edges + FAINT).mean(axis=0)) * contrast + FAINT) * central
    row, column = np.unravel_index(int(score.argmax()), score.shape)
    top, left = (min(round(int(place) * reduction), most - length) for place, most in ((row, height), (column, width)))
    return Region(top, top + length, left, left + length)


def _edges_by_direction(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How strong the edge at each place is, in the one of `DIRECTIONS` planes that has its direction."""
    if min(values.shape) < 2:
        return np.zeros((DIRECTIONS, *values.shape))
    down, across = np.gradient(values)
    strength = np.hypot(down, across)
    strength = np.minimum(strength, 2 * strength.mean())
    direction = ((np.arctan2(down, across) % np.pi) / np.pi * DIRECTIONS).astype(np.intp) % DIRECTIONS
    return np.where(direction == np.arange(DIRECTIONS)[:, None, None], strength, 0)


def _window_means(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """The mean over every square that lies inside."""
    sums = np.pad(values.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    total = sums[window:, window:] - sums[:-window, window:] - sums[window:, :-window] + sums[:-window, :-window]
    return np.asarray(total / window**2, np.float64)


def _ground(result: Result, index: int, side: int, crop: Region | None) -> Ground:
    planes = _planes_read(result, index)
    _, height, width = planes.shape
    if crop is None or crop.bottom > height or crop.right > width:
        crop = telling_crop(result, index, side)
    reduction = max(1.0, crop.height / (CLOSENESS * side))
    margin = round(MARGIN * reduction)
    wide = Region(
        max(0, crop.top - margin), min(height, crop.bottom + margin), max(0, crop.left - margin),
        min(width, crop.right + margin),
    )  # fmt: skip
    part = planes[:, wide.top : wide.bottom, wide.left : wide.right]
    if reduction > 1:
        size = max(1, round(wide.width / reduction)), max(1, round(wide.height / reduction))
        part = np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in part])
    top, left = (round((inner - outer) / reduction) for inner, outer in ((crop.top, wide.top), (crop.left, wide.left)))
    length = min(round(crop.height / reduction), part.shape[1] - top, part.shape[2] - left)
    inner = Region(top, top + length, left, left + length)
    return Ground(np.asarray(part, np.float32), scales_at(result.overview, index - 1)[0], inner, side)


def _preview(ground: Ground, choice: PresetChoice, signed_scale: SignedScale) -> Picture:
    """What the first filter of a choice makes of the ground; around zero only its mean over the colours is shown."""
    kernel = choice.filters[:1, None]
    layer = Conv(weight=Weights(kernel), bias=(0.0,))
    scale = scales_after((layer,), ground.scale.white, (ground.scale.is_signed,), ground.scale.ends)[0]
    planes = ground.planes.mean(axis=0, keepdims=True) if scale.is_signed else ground.planes
    output = np.concatenate(
        [conv2d(plane[None], kernel, padding=Padding.SAME, border=Border.REPLICATE) for plane in planes]
    )
    crop, side = ground.crop, ground.side
    output = output[:, crop.top : crop.bottom, crop.left : crop.right]
    if crop.height > side:
        output = np.stack([cv2.resize(plane, (side, side), interpolation=cv2.INTER_AREA) for plane in output])
    return picture(np.ascontiguousarray(output, np.float32), Display(), scale, lambda asked: asked.on(signed_scale))
