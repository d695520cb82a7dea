"""Previews for a gallery of presets: what each kernel would do to what a layer reads, as a small picture."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colours import Colours
from convstudio.core.display.pictures import picture
from convstudio.core.display.ranges import Scale, scales_after
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import middle_region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.opencv import cv2
from convstudio.core.ops import conv2d
from convstudio.core.recipe.document import Display
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.core.view.shown import scales_at

SIDE = 96  # longest side of a preview in pixels


@dataclass(frozen=True, eq=False)
class Ground:
    """What previews are made of: one small plane of the layer's input and its scale."""

    plane: NDArray[np.float32]
    scale: Scale


def ground_of(result: Result, index: int) -> Ground:
    """The mean of the first colours that layer `index` reads, cut from the middle at no more than twice the size.

    A picture made much smaller than it is would show another effect than the one to come, so most of it is left out.
    """
    result = result.overview
    planes = result.planes_at(index - 1)[:3]
    _, height, width = planes.shape
    factor = max(1, min(height, width) // (2 * SIDE))
    part = middle_region(Shape(*planes.shape), SIDE * factor * 2, SIDE * factor * 2)
    rows, columns = part.height, part.width
    cut = planes[:, part.top : part.bottom, part.left : part.right].mean(axis=0)
    size = (min(SIDE, columns), max(1, min(SIDE, columns) * rows // columns))
    small = np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.float32)[None]
    return Ground(small, scales_at(result, index - 1)[0])


def preview(ground: Ground, key: str) -> Colours:
    """What the first filter of a preset makes of the ground, (H, W, 3) uint8."""
    kernel = build(find(key))[:1, None]
    border, padding = Border.REPLICATE, Padding.SAME
    output = conv2d(ground.plane, kernel, padding=padding, border=border)
    layer = Conv(weight=Weights(kernel), bias=(0.0,))
    scale = scales_after((layer,), ground.scale.white, (ground.scale.is_signed,), ground.scale.ends)[0]
    return picture(output, Display(), scale).pixels


def previews(result: Result, index: int, keys: Sequence[str]) -> dict[str, Colours]:
    """The previews of several presets for layer `index`, by their keys.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> result = evaluate(Document(), Frame(np.full((8, 8, 1), 9, np.uint8), white=255))
    >>> previews(result, 0, ["identity"])["identity"][0, 0].tolist()
    [9, 9, 9]
    """
    ground = ground_of(result, index)
    return {key: preview(ground, key) for key in keys}
