"""What the window shows of a result: the pictures of the selected layer's input and output, galleries, thumbnails.

It is made where the result is made, so that the window only has to paint.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.display.pictures import Picture, picture, picture_of_bytes
from convstudio.core.display.ranges import Scale, scales_after
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.frame import Frame
from convstudio.core.opencv import cv2
from convstudio.core.recipe.document import Display
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.patches import Patch

SMALL = 160  # longest side of a thumbnail, in pixels
MOST_MAPS = 64  # maps of one gallery; more are named by their number only


@dataclass(frozen=True)
class Selection:
    """Which maps the person looks at; numbers past the end mean the last one."""

    input_map: int = 0
    output_map: int = 0


@dataclass(frozen=True, eq=False)
class Shown:
    """A result with what is to be painted of it.

    `input_index` and `output_index` are layers (−1 is the source): those around the selected layer, or, when the source
    is selected, the source and the end of the recipe.

    Where the result is not whole, all pictures are those of its preview, and `input_patches` and `output_patches` are
    exact patches to lay over them, later ones over earlier ones; `is_exact` says whether they cover all of the scene.
    """

    result: Result
    input_index: int
    output_index: int
    selection: Selection
    input: Picture
    output: Picture
    input_gallery: tuple[Picture, ...]
    output_gallery: tuple[Picture, ...]
    thumbnails: tuple[Picture, ...]
    input_patches: tuple[Patch, ...] = ()
    output_patches: tuple[Patch, ...] = ()
    is_exact: bool = True

    @property
    def overview(self) -> "Shown":
        """The same of a result that is whole: this one, or its preview without patches."""
        if self.result.is_whole:
            return self
        return replace(self, result=self.result.overview, input_patches=(), output_patches=(), is_exact=True)


def units_of(shown: Shown, *, is_input: bool) -> NDArray[np.float32] | None:
    """The numbers (C,) of an output that has one of each map, as after a dense layer; None where there are pictures."""
    index, patches = (
        (shown.input_index, shown.input_patches) if is_input else (shown.output_index, shown.output_patches)
    )
    shape = shown.result.plan.shape_at(index)
    if index < 0 or (shape.height, shape.width) != (1, 1):
        return None
    exact = [patch.planes for patch in patches if patch.planes is not None]
    planes = exact[-1] if exact else shown.result.overview.planes_at(index)
    return planes[:, 0, 0]


def picture_of(result: Result, index: int, map_number: int) -> Picture:
    """One map in full size. The source is shown as it is, whatever the display of outputs."""
    frame = result.frame
    if index < 0 and frame.pixels.dtype == np.uint8 and frame.white == 255:
        return picture_of_bytes(frame.pixels)
    display = result.document.display if index >= 0 else Display()
    return picture(map_planes(result, index, map_number), display, scales_at(result, index)[map_number])


def show(
    result: Result,
    selection: Selection,
    previous: Shown | None = None,
    painter: Callable[[Result, int, int], Picture] = picture_of,
) -> Shown:
    """Make the pictures of a result that the window needs.

    Parameters
    ----------
    result, selection
        What came out, and the maps that are looked at.
    previous
        What is painted of the same planes in the same way is taken from it, whatever it was shown before.
    painter
        What makes the two large pictures, of a result, a layer and a map.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> frame = Frame(np.full((4, 6, 1), 7, np.uint8), white=255)
    >>> show(evaluate(Document(), frame), Selection()).output.pixels[0, 0].tolist()
    [7, 7, 7]
    """
    selected = result.document.selected
    count = len(result.outputs)
    before, after = (-1, count - 1) if selected < 0 else (selected - 1, selected)
    shown_maps = Selection(
        min(max(selection.input_map, 0), maps_at(result, before) - 1),
        min(max(selection.output_map, 0), maps_at(result, after) - 1),
    )
    pictures = _Pictures(result, previous, painter)
    output = pictures.picture(after, shown_maps.output_map)
    is_same = (before, shown_maps.input_map) == (after, shown_maps.output_map)
    return Shown(
        result=result,
        input_index=before,
        output_index=after,
        selection=shown_maps,
        input=output if is_same else pictures.picture(before, shown_maps.input_map),
        output=output,
        input_gallery=pictures.gallery(before),
        output_gallery=pictures.gallery(after),
        thumbnails=tuple(pictures.thumbnail(index) for index in range(-1, count)),
    )


class _Pictures:
    """The pictures of a result: those of an earlier one where nothing about them changed, else new ones."""

    def __init__(self, result: Result, previous: Shown | None, painter: Callable[[Result, int, int], Picture]) -> None:
        self._result, self._previous, self._painter = result, previous, painter

    def picture(self, index: int, map_number: int) -> Picture:
        old = self._previous
        if old is not None and self._is_same(index):
            if (index, map_number) == (old.input_index, old.selection.input_map):
                return old.input
            if (index, map_number) == (old.output_index, old.selection.output_map):
                return old.output
        return self._painter(self._result, index, map_number)

    def gallery(self, index: int) -> tuple[Picture, ...]:
        old = self._previous
        if old is not None and self._is_same(index):
            if index == old.input_index:
                return old.input_gallery
            if index == old.output_index:
                return old.output_gallery
        return _gallery(self._result, index)

    def thumbnail(self, index: int) -> Picture:
        check()
        if self._previous is not None and self._is_same(index):
            return self._previous.thumbnails[index + 1]
        return _small(self._result, index, 0, scales_at(self._result, index)[0])

    def _is_same(self, index: int) -> bool:
        if self._previous is None:
            return False
        new, old = self._result, self._previous.result
        return (
            index < len(old.outputs)
            and old.planes_at(index) is new.planes_at(index)
            and (index < 0 or old.document.display == new.document.display)
            and scales_at(old, index) == scales_at(new, index)
        )


def maps_at(result: Result, index: int) -> int:
    """How many maps a layer's output has; a colour picture is one map."""
    return result.plan.maps_at(index)


def map_planes(result: Result, index: int, map_number: int) -> NDArray[np.float32]:
    """The one or three planes of a map: (1, H, W) or (3, H, W), read-only."""
    depth = result.plan.channels_per_map_at(index)
    return result.planes_at(index)[map_number * depth : (map_number + 1) * depth]


def scales_at(result: Result, index: int) -> tuple[Scale, ...]:
    """What automatic display knows of each map of a layer's output."""
    return _of_maps(result.scales[index + 1], result.plan.channels_per_map_at(index))


def scales_of(plan: Plan, frame: Frame, index: int) -> tuple[Scale, ...]:
    """`scales_at` before anything is computed."""
    layers = tuple(step.layer for step in plan.steps[: index + 1])
    channel_scales = scales_after(layers, frame.white, (frame.is_signed,) * frame.shape.channels)
    return _of_maps(channel_scales, plan.channels_per_map_at(index))


def _of_maps(scales: tuple[Scale, ...], depth: int) -> tuple[Scale, ...]:
    """The scales of maps of so many channels."""
    return tuple(
        Scale(scales[first].white, any(scale.is_signed for scale in scales[first : first + depth]))
        for first in range(0, len(scales), depth)
    )


def _gallery(result: Result, index: int) -> tuple[Picture, ...]:
    count = maps_at(result, index)
    if count == 1:
        return ()
    scales = scales_at(result, index)
    return tuple(_small(result, index, number, scales[number]) for number in range(min(count, MOST_MAPS)))


def _small(result: Result, index: int, map_number: int, scale: Scale) -> Picture:
    planes = map_planes(result, index, map_number)
    _, height, width = planes.shape
    factor = max(height, width) / SMALL
    if factor > 1:
        size = (max(1, round(width / factor)), max(1, round(height / factor)))
        stride = max(1, int(factor // 2))  # at least two samples for each pixel are averaged
        planes = np.stack([_resized(plane, size) for plane in planes[:, ::stride, ::stride]])
    display = result.document.display if index >= 0 else Display()
    return picture(planes, display, scale)


def _resized(plane: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """A plane made smaller, to (width, height); OpenCV takes the mean of four pixels quickly, of other areas slowly."""
    height, width = plane.shape
    if height >= 2 * size[1] and width >= 2 * size[0]:
        halved, even = (width // 2, height // 2), plane[: height // 2 * 2, : width // 2 * 2]
        return np.asarray(cv2.resize(cv2.resize(even, halved, interpolation=cv2.INTER_AREA), size), np.float32)
    return np.asarray(cv2.resize(plane, size), np.float32)
