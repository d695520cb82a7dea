"""What the window shows of a result: the pictures of the selected layer's input and output, galleries, thumbnails.

It is made where the result is made, so that the window only has to paint.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.display.colouring import planes_shown
from convstudio.core.display.colours import SignedScale
from convstudio.core.display.histogram import Histogram, clipped_at, histogram_of
from convstudio.core.display.pictures import Picture, picture, picture_in, picture_of_bytes
from convstudio.core.display.ranges import DisplayRange, Scale, Steadiness, scales_after, steadied
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.frame import Frame
from convstudio.core.opencv import cv2
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.patches import Patch

SMALL = 160  # longest side of a thumbnail, in pixels
GESTURE = Steadiness.GESTURE
QUICK = 25.0  # milliseconds of a recipe whose drag or film has channels and histograms for some pictures alone
MOST_LAG = 4  # pictures between those
LARGE = 2**16  # pixels from which the small pictures of a frame are worth coming after the large ones
MOST_MAPS = 64  # maps of one gallery; more are named by their number only

Steady = Callable[[DisplayRange], DisplayRange]


@dataclass(frozen=True)
class Selection:
    """What the person looks at; numbers of maps past the end mean the last one.

    Parameters
    ----------
    input_map, output_map
        Which map is large.
    input_channel, output_channel
        Which one of red, green and blue is large; None shows them together.
    source_range
        What becomes black and white in the source, where a person chose it.
    marks_input, marks_output
        Whether to mark what lies outside of the display range.
    has_maps, has_histograms
        Whether small pictures of maps and channels, and histograms, are on the screen.
    signed_scale
        The ground on which signed numbers are seen.
    """

    input_map: int = 0
    output_map: int = 0
    input_channel: int | None = None
    output_channel: int | None = None
    source_range: tuple[float, float] | None = None
    marks_input: bool = False
    marks_output: bool = False
    has_maps: bool = True
    has_histograms: bool = True
    signed_scale: SignedScale = SignedScale.LIGHT


@dataclass(frozen=True)
class MapView:
    """The planes of one picture: a map of a layer's output (−1 is the source), or one channel of it."""

    index: int
    map_number: int
    channel: int | None = None


Painter = Callable[[Result, MapView, Steady | None], Picture]


@dataclass(frozen=True, eq=False)
class Shown:
    """A result with what is to be painted of it.

    `input_index` and `output_index` are layers (−1 is the source): those around the selected layer, or, when the source
    is selected, the source and the end of the recipe.

    Galleries have a small picture of each map where there are several, channels one of red, green and blue each where
    the large map is a colour picture. Histograms, and where the clipped pixels are, are there where they are asked for.

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
    input_channels: tuple[Picture, ...] = ()
    output_channels: tuple[Picture, ...] = ()
    input_histogram: Histogram | None = None
    output_histogram: Histogram | None = None
    input_clipped: NDArray[np.bool_] | None = None
    output_clipped: NDArray[np.bool_] | None = None
    input_patches: tuple[Patch, ...] = ()
    output_patches: tuple[Patch, ...] = ()
    is_exact: bool = True
    steadiness: Steadiness = Steadiness.FREE
    lag: int = 0
    """How many pictures ago channels and histograms were made."""
    small_result: Result | None = None
    """Whose small pictures and histograms these are, where they are still those of a result before."""

    @property
    def overview(self) -> "Shown":
        """The same of a result that is whole: this one, or its preview without patches."""
        if self.result.is_whole:
            return self
        return replace(self, result=self.result.overview, input_patches=(), output_patches=(), is_exact=True)

    @property
    def is_complete(self) -> bool:
        """Whether the small pictures and histograms are those of this result, too."""
        return self.small_result is None

    @property
    def input_view(self) -> MapView:
        """Which planes the picture of the input shows."""
        return MapView(self.input_index, self.selection.input_map, self.selection.input_channel)

    @property
    def output_view(self) -> MapView:
        """Which planes the picture of the output shows."""
        return MapView(self.output_index, self.selection.output_map, self.selection.output_channel)


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
    return painted_view(result, MapView(index, map_number), None)


def light_output(shown: Shown) -> Picture:
    """The picture of the output as it leaves the window: signed numbers on the light ground."""
    display_range = shown.output.display_range.on(SignedScale.LIGHT)
    if display_range == shown.output.display_range:
        return shown.output
    result = shown.overview.result
    return picture_in(view_planes(result, shown.output_view), display_range, has_gaps=result.frame.has_gaps)


def painted_view(result: Result, view: MapView, steady: Steady | None) -> Picture:
    """The picture of a map or a channel in full size, within a display range that is steady."""
    frame = result.frame
    if view.index < 0 and frame.pixels.dtype == np.uint8 and frame.white == 255:
        whole = DisplayRange(DisplayMode.CLIP, 0.0, 255.0)
        asked = whole if frame.narrow_range is None else DisplayRange(DisplayMode.CLIP, *frame.narrow_range)
        if (asked if steady is None else steady(asked)) == whole:
            channel = slice(None) if view.channel is None else slice(view.channel, view.channel + 1)
            return picture_of_bytes(np.ascontiguousarray(frame.pixels[:, :, channel]))
    display = result.document.display if view.index >= 0 else Display()
    scale = scales_at(result, view.index)[view.map_number]
    return picture(view_planes(result, view), display, scale, steady, has_gaps=frame.has_gaps)


def show(
    result: Result,
    selection: Selection,
    previous: Shown | None = None,
    painter: Painter = painted_view,
    *,
    steadiness: Steadiness = Steadiness.FREE,
    is_first: bool = False,
) -> Shown:
    """Make the pictures of a result that the window needs.

    Parameters
    ----------
    result, selection
        What came out, and what is looked at.
    previous
        What is painted of the same planes in the same way is taken from it, whatever it was shown before.
    painter
        What makes the two large pictures.
    steadiness
        What holds the display ranges of `previous` as they are.
    is_first
        Whether the large pictures are wanted before all others, which are then those of `previous` where they fit.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> frame = Frame(np.full((4, 6, 1), 7, np.uint8), white=255)
    >>> show(evaluate(Document(), frame), Selection()).output.pixels[0, 0].tolist()
    [7, 7, 7]
    """
    selected, count = result.document.selected, len(result.outputs)
    before, after = (-1, count - 1) if selected < 0 else (selected - 1, selected)
    selection = _within(selection, result, before, after)
    pictures = _Pictures(result, selection, previous, painter, steadiness)
    input_view = MapView(before, selection.input_map, selection.input_channel)
    output_view = MapView(after, selection.output_map, selection.output_channel)
    output = pictures.picture(output_view)
    shown_input = output if input_view == output_view else pictures.picture(input_view)
    if is_first and previous is not None and _fits(result, selection, previous, (input_view, output_view), steadiness):
        return replace(
            previous, result=result, input=shown_input, output=output, steadiness=steadiness, lag=0,
            small_result=previous.small_result or previous.result,
        )  # fmt: skip
    lag = _lag(result, selection, previous, (input_view, output_view), steadiness)
    if lag and previous is not None:
        channels = previous.input_channels, previous.output_channels
        histograms = previous.input_histogram, previous.output_histogram
    else:
        channels = pictures.channels(input_view, shown_input), pictures.channels(output_view, output)
        histograms = pictures.histogram(input_view, shown_input), pictures.histogram(output_view, output)
    return Shown(
        result=result,
        input_index=before,
        output_index=after,
        selection=selection,
        input=shown_input,
        output=output,
        input_gallery=pictures.gallery(before),
        output_gallery=pictures.gallery(after),
        thumbnails=tuple(pictures.thumbnail(index) for index in range(-1, count)),
        input_channels=channels[0],
        output_channels=channels[1],
        input_histogram=histograms[0],
        output_histogram=histograms[1],
        input_clipped=pictures.clipped(input_view, shown_input) if selection.marks_input else None,
        output_clipped=pictures.clipped(output_view, output) if selection.marks_output else None,
        steadiness=steadiness,
        lag=lag,
    )


def _fits(
    result: Result,
    selection: Selection,
    previous: Shown,
    views: tuple[MapView, MapView],
    steadiness: Steadiness,
) -> bool:
    """Whether what is small may be that of the picture before for a moment: after an edit that leaves it its place."""
    if result.frame.shape.height * result.frame.shape.width < LARGE:
        return False
    is_same = selection == previous.selection and views == (previous.input_view, previous.output_view)
    is_edit = steadiness is previous.steadiness is Steadiness.FREE and result.frame is previous.result.frame
    before = previous.result
    return (
        is_same
        and is_edit
        and not (selection.marks_input or selection.marks_output)
        and before.document.display == result.document.display
        and before.plan.layout == result.plan.layout
    )


def _lag(
    result: Result,
    selection: Selection,
    previous: Shown | None,
    views: tuple[MapView, MapView],
    steadiness: Steadiness,
) -> int:
    """How many pictures old small channels and histograms may be: in a drag or a film not every one needs its own."""
    if previous is None or steadiness is Steadiness.FREE or previous.steadiness is not steadiness:
        return 0
    is_same = selection == previous.selection and views == (previous.input_view, previous.output_view)
    is_quick = sum(result.milliseconds) < QUICK and previous.result.document.display == result.document.display
    return previous.lag + 1 if is_same and is_quick and previous.lag < MOST_LAG else 0


def _within(selection: Selection, result: Result, before: int, after: int) -> Selection:
    """The selection with numbers of maps and channels that there are."""

    def channel(index: int, number: int | None) -> int | None:
        return number if number is not None and number < result.plan.channels_per_map_at(index) else None

    return replace(
        selection,
        input_map=min(max(selection.input_map, 0), maps_at(result, before) - 1),
        output_map=min(max(selection.output_map, 0), maps_at(result, after) - 1),
        input_channel=channel(before, selection.input_channel),
        output_channel=channel(after, selection.output_channel),
    )


class _Pictures:
    """The pictures of a result: those of an earlier one where nothing about them changed, else new ones."""

    def __init__(
        self, result: Result, selection: Selection, previous: Shown | None, painter: Painter, steadiness: Steadiness
    ) -> None:
        self._result, self._selection, self._painter = result, selection, painter
        self._previous, self._steadiness = previous, steadiness
        self._smalls: dict[tuple[int, int], NDArray[np.float32]] = {}

    def picture(self, view: MapView) -> Picture:
        old, chosen_range = self._old_picture(view), self._range_chosen(view)
        if old is not None and self._is_same(view.index):
            return old
        steady = self._steady(view.index, old) if chosen_range is None else lambda _: chosen_range
        return self._painter(self._result, view, self._grounded(steady))

    def gallery(self, index: int) -> tuple[Picture, ...]:
        old = self._previous
        if not self._selection.has_maps:
            return ()
        if old is not None and old.selection.has_maps and self._is_same(index, old.small_result):
            if index == old.input_index:
                return old.input_gallery
            if index == old.output_index:
                return old.output_gallery
        count = maps_at(self._result, index)
        if count == 1:
            return ()
        shown_before: dict[int, tuple[Picture, ...]] = (
            {} if old is None else {old.input_index: old.input_gallery, old.output_index: old.output_gallery}
        )
        smalls = shown_before.get(index, ())
        return tuple(
            self._small(MapView(index, number), smalls[number] if number < len(smalls) else None)
            for number in range(min(count, MOST_MAPS))
        )

    def thumbnail(self, index: int) -> Picture:
        check()
        old = self._previous
        small = old.thumbnails[index + 1] if old is not None and index + 1 < len(old.thumbnails) else None
        if old is not None and small is not None and self._is_same(index, old.small_result):
            return small
        return self._small(MapView(index, 0), small)

    def channels(self, view: MapView, large: Picture) -> tuple[Picture, ...]:
        """Red, green and blue of a colour map, in the range of the large picture."""
        if not self._selection.has_maps or self._result.plan.channels_per_map_at(view.index) == 1:
            return ()
        old = self._previous
        if old is not None and old.selection.has_maps and self._is_same(view.index, old.small_result):
            for old_view, old_large, channels in (
                (old.input_view, old.input, old.input_channels),
                (old.output_view, old.output, old.output_channels),
            ):
                is_same_map = (old_view.index, old_view.map_number) == (view.index, view.map_number)
                if channels and is_same_map and old_large.display_range == large.display_range:
                    return channels
        planes = self._small_planes(view)
        return tuple(picture_in(planes[number : number + 1], large.display_range) for number in range(3))

    def _small(self, view: MapView, old: Picture | None) -> Picture:
        display = self._result.document.display if view.index >= 0 else Display()
        scale = scales_at(self._result, view.index)[view.map_number]
        return picture(self._small_planes(view), display, scale, self._grounded(self._steady(view.index, old)))

    def _small_planes(self, view: MapView) -> NDArray[np.float32]:
        """The planes of a map made smaller, once for its thumbnail and for its channels."""
        key = view.index, view.map_number
        if key not in self._smalls:
            self._smalls[key] = _reduced(map_planes(self._result, *key))
        return self._smalls[key]

    def histogram(self, view: MapView, large: Picture) -> Histogram | None:
        if not self._selection.has_histograms:
            return None
        old = self._previous
        if old is not None:
            for old_large, histogram in ((old.input, old.input_histogram), (old.output, old.output_histogram)):
                is_current = old.is_complete or self._is_same(view.index, old.small_result)
                if old_large is large and histogram is not None and is_current:
                    return histogram
        return histogram_of(view_planes(self._result, view), large.display_range)

    def clipped(self, view: MapView, large: Picture) -> NDArray[np.bool_]:
        return clipped_at(planes_shown(view_planes(self._result, view), large.mode), large.display_range)

    def _old_picture(self, view: MapView) -> Picture | None:
        old = self._previous
        if old is not None and view == old.input_view:
            return old.input
        return old.output if old is not None and view == old.output_view else None

    def _grounded(self, steady: Steady | None) -> Steady | None:
        """What steadies a range and lays signed numbers on the ground that is asked for."""
        scale = self._selection.signed_scale
        if steady is None:
            return None if scale is SignedScale.LIGHT else lambda asked: asked.on(scale)
        return lambda asked: steady(asked).on(scale)

    def _range_chosen(self, view: MapView) -> DisplayRange | None:
        """The range that a person chose for the source."""
        ends = self._selection.source_range if view.index < 0 else None
        return None if ends is None else DisplayRange(DisplayMode.CLIP, *ends)

    def _steady(self, index: int, old: Picture | None) -> Steady | None:
        """What holds the range of a picture that was shown before; None where nothing does."""
        before, frame = self._previous, self._result.frame
        if old is None or before is None or before.result.document.display != self._result.document.display:
            return None
        is_stream = self._steadiness is Steadiness.STREAM
        if is_stream and (before.result.document is not self._result.document or before.steadiness is GESTURE):
            return None

        def steady(asked: DisplayRange) -> DisplayRange:
            is_narrow = index < 0 and is_stream and old.high - old.low < frame.white and asked.mode is old.mode
            usual = DisplayRange(asked.mode, *frame.usual_range) if is_narrow else asked
            held = steadied(usual, old.display_range, self._steadiness)
            return held if held == old.display_range else asked

        return steady

    def _is_same(self, index: int, small_result: Result | None = None) -> bool:
        """Whether a layer is shown now as it was before; small pictures may be of a result before that."""
        old = self._previous
        if old is None or (old.steadiness is GESTURE and self._steadiness is not GESTURE):
            return False
        if self._selection.signed_scale is not old.selection.signed_scale:
            return False
        if (index < 0 and self._selection.source_range) != (index < 0 and old.selection.source_range):
            return False
        new, before = self._result, small_result or old.result
        return (
            index < len(before.outputs)
            and before.planes_at(index) is new.planes_at(index)
            and (index < 0 or before.document.display == new.document.display)
            and scales_at(before, index) == scales_at(new, index)
        )


def maps_at(result: Result, index: int) -> int:
    """How many maps a layer's output has; a colour picture is one map."""
    return result.plan.maps_at(index)


def planes_at(plan: Plan, view: MapView) -> slice:
    """Which planes of a layer's output a view shows."""
    depth = plan.channels_per_map_at(view.index)
    first = view.map_number * depth
    return (
        slice(first, first + depth) if view.channel is None else slice(first + view.channel, first + view.channel + 1)
    )


def view_planes(result: Result, view: MapView) -> NDArray[np.float32]:
    """The one or three planes of a view: (1, H, W) or (3, H, W), read-only."""
    return result.planes_at(view.index)[planes_at(result.plan, view)]


def map_planes(result: Result, index: int, map_number: int) -> NDArray[np.float32]:
    """The one or three planes of a map: (1, H, W) or (3, H, W), read-only."""
    return view_planes(result, MapView(index, map_number))


def scales_at(result: Result, index: int) -> tuple[Scale, ...]:
    """What automatic display knows of each map of a layer's output."""
    return _of_maps(result.scales[index + 1], result.plan.channels_per_map_at(index))


def scales_of(plan: Plan, frame: Frame, index: int) -> tuple[Scale, ...]:
    """`scales_at` before anything is computed."""
    layers = tuple(step.layer for step in plan.steps[: index + 1])
    channel_scales = scales_after(layers, frame.white, (frame.is_signed,) * frame.shape.channels, frame.narrow_range)
    return _of_maps(channel_scales, plan.channels_per_map_at(index))


def _of_maps(scales: tuple[Scale, ...], depth: int) -> tuple[Scale, ...]:
    """The scales of maps of so many channels."""
    return tuple(
        replace(scales[first], is_signed=any(scale.is_signed for scale in scales[first : first + depth]))
        for first in range(0, len(scales), depth)
    )


def _reduced(planes: NDArray[np.float32]) -> NDArray[np.float32]:
    """Planes no larger than a thumbnail."""
    _, height, width = planes.shape
    factor = max(height, width) / SMALL
    if factor <= 1:
        return planes
    size = (max(1, round(width / factor)), max(1, round(height / factor)))
    stride = max(1, int(factor // 2))  # at least two samples for each pixel are averaged
    return np.stack([_resized(plane, size) for plane in planes[:, ::stride, ::stride]])


def _resized(plane: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    """A plane made smaller, to (width, height); OpenCV takes the mean of four pixels quickly, of other areas slowly."""
    height, width = plane.shape
    if height >= 2 * size[1] and width >= 2 * size[0]:
        halved, even = (width // 2, height // 2), plane[: height // 2 * 2, : width // 2 * 2]
        return np.asarray(cv2.resize(cv2.resize(even, halved, interpolation=cv2.INTER_AREA), size), np.float32)
    return np.asarray(cv2.resize(plane, size), np.float32)
