"""Rendering: the values of maps become a file's numbers, tile by tile, so that no large map is copied as floats.

Which maps go into which files, and the files' formats, are `export`'s and `encoding`'s.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from convstudio.core.display.colouring import coloured, extremes, planes_shown
from convstudio.core.display.montage import corners, sheet_size
from convstudio.core.display.ranges import (
    DisplayRange,
    Scale,
    display_range_of,
    is_measured,
    is_sampled,
    mode_of,
    thinning,
    usual_magnitude,
)
from convstudio.core.evaluation.evaluate import Planes, Result
from convstudio.core.evaluation.tiles import TILE_BYTES, evaluate_tiled
from convstudio.core.frame import Frame, Pixels
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.progress import Progress
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.plan import Plan, plan
from convstudio.core.view.shown import scales_of
from convstudio.io.export.encoding import Depth, below, outside, quantised

Tiles = Iterator[tuple[Region, Planes]]
NUMBERS = {Depth.EIGHT: np.uint8, Depth.SIXTEEN: np.uint16, Depth.FLOAT: np.float32}


@dataclass(frozen=True, eq=False)
class LayerOutput:
    """The output of one layer (−1 is the source), computed or not; each call of `tiles` goes through it once."""

    display: Display
    frame: Frame
    plan: Plan
    index: int
    tiles: Callable[[Progress], Tiles]

    @property
    def depth(self) -> int:
        """Planes of one map: 3 for a colour picture."""
        return self.plan.channels_per_map_at(self.index)

    @property
    def maps(self) -> int:
        return self.plan.maps_at(self.index)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        _, height, width = self.plan.shape_at(self.index)
        return height, width

    @cached_property
    def scales(self) -> tuple[Scale, ...]:
        return scales_of(self.plan, self.frame, self.index)


@dataclass(frozen=True, eq=False)
class Rendering:
    """How values become a file's numbers.

    Parameters
    ----------
    depth
        Of the file.
    white
        The value of full brightness: 255 for colours.
    display_ranges
        How each map is coloured; None leaves the values as they are.
    alpha
        The opacity of each pixel as a fourth channel, in the frame's units, and what is full there.
    """

    depth: Depth
    white: float
    display_ranges: Mapping[int, DisplayRange] | None = None
    alpha: tuple[Pixels, float] | None = None


def output_of(result: Result, index: int) -> LayerOutput:
    """The output of a layer in a result; computed in tiles where the result does not hold it."""
    if not result.is_whole:
        return output_in_tiles(result.document, result.frame, index)

    def tiles(progress: Progress) -> Tiles:
        planes = result.planes_at(index)
        channels, height, width = planes.shape
        rows = max(1, min(height, TILE_BYTES // (4 * channels * width)))
        for top in range(0, height, rows):
            bottom = min(top + rows, height)
            yield Region(top, bottom, 0, width), planes[:, top:bottom]
            progress(bottom / height)

    return LayerOutput(_display(result.document, index), result.frame, result.plan, index, tiles)


def output_in_tiles(document: Document, frame: Frame, index: int, *, budget: int = TILE_BYTES) -> LayerOutput:
    """The output of a layer, computed in tiles while they are rendered."""
    display, sizes = _display(document, index), plan(document, frame.shape)

    def tiles(progress: Progress) -> Tiles:
        return evaluate_tiled(document, frame, index, budget=budget, progress=progress)

    return LayerOutput(display, frame, sizes, index, tiles)


def _display(document: Document, index: int) -> Display:
    return document.display if index >= 0 else Display()  # the source is shown as it is


@dataclass(frozen=True)
class Tally:
    """What was counted of the values that go into files.

    Parameters
    ----------
    values, outside
        How many there are, and how many lie outside of what can be saved, or are no number.
    negative
        How many of those outside are lost because they are below 0.
    low, high
        The ends of what can be saved; of several maps, those of the first.
    """

    values: int = 0
    outside: int = 0
    negative: int = 0
    low: float = 0.0
    high: float = 0.0

    @property
    def share(self) -> float:
        """The share (0 … 1) of the values that lie outside."""
        return self.outside / self.values if self.values else 0.0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        first = self if self.values else other
        return Tally(
            self.values + other.values,
            self.outside + other.outside,
            self.negative + other.negative,
            first.low,
            first.high,
        )


def tally_of(values: Pixels, depth: Depth, white: float) -> Tally:
    """The tally of values that are saved as they are."""
    if depth is Depth.FLOAT:
        return Tally(values.size)
    return Tally(values.size, outside(values, depth, white=white), below(values, depth, white=white), 0.0, white)


def needs_measuring(output: LayerOutput, numbers: Sequence[int]) -> bool:
    """Whether the colours of these maps depend on their values."""
    return any(is_measured(output.display, output.scales[number]) for number in numbers)


def display_ranges_of(output: LayerOutput, numbers: Sequence[int], progress: Progress) -> dict[int, DisplayRange]:
    """How maps are shown; reads all of their values where the display range depends on them."""
    display, scales, depth = output.display, output.scales, output.depth
    if not needs_measuring(output, numbers):
        return {number: display_range_of(display, scales[number], 0.0, 0.0, None) for number in numbers}
    height, width = output.size
    thin = thinning(height, width)
    sampled = [number for number in numbers if thin and is_sampled(display, scales[number])]
    modes = {number: mode_of(display, scales[number]) for number in numbers}
    shape = (ceil_division(height, max(thin, 1)), ceil_division(width, max(thin, 1)))
    samples = {number: np.empty((1, *shape), np.float32) for number in sampled}  # of what is shown signed: one plane
    ends = dict.fromkeys(numbers, (np.inf, -np.inf))
    for region, planes in output.tiles(progress):
        for number in numbers:
            values = np.ascontiguousarray(planes[number * depth : (number + 1) * depth])
            values = planes_shown(values, modes[number])
            least, most = extremes(values)
            ends[number] = min(ends[number][0], least), max(ends[number][1], most)
            if number in samples:
                _sample(values, region, thin, samples[number])
    usual = {number: usual_magnitude(values) for number, values in samples.items()}
    return {number: display_range_of(display, scales[number], *ends[number], usual.get(number)) for number in numbers}


def _sample(values: Planes, region: Region, thin: int, samples: Planes) -> None:
    """Keep every `thin`-th value of the whole picture's rows and columns that lies in a region."""
    first_row, first_column = ceil_division(region.top, thin), ceil_division(region.left, thin)
    thinned = values[:, first_row * thin - region.top :: thin, first_column * thin - region.left :: thin]
    _, rows, columns = thinned.shape
    samples[:, first_row : first_row + rows, first_column : first_column + columns] = thinned


def canvas(output: LayerOutput, number: int, rendering: Rendering) -> Pixels:
    """An array for one map, (H, W, channels) in the type of the file's numbers."""
    return np.zeros((*output.size, channels_of(output, number, rendering)), NUMBERS[rendering.depth])


def sheet_of(output: LayerOutput, rendering: Rendering) -> tuple[Pixels, dict[int, Pixels]]:
    """An array for all maps side by side, and the part of it that is each map's canvas."""
    height, width = output.size
    channels = max(channels_of(output, number, rendering) for number in range(output.maps))
    sheet = np.zeros((*sheet_size(output.maps, height, width), channels), NUMBERS[rendering.depth])
    places = corners(output.maps, height, width)
    return sheet, {number: sheet[top : top + height, left : left + width] for number, (top, left) in enumerate(places)}


def channels_of(output: LayerOutput, number: int, rendering: Rendering) -> int:
    """The channels that a rendered map has."""
    if rendering.alpha is not None:
        return 4
    if rendering.display_ranges is None:
        return output.depth
    return 3 if rendering.display_ranges[number].mode is DisplayMode.SIGNED else output.depth


def render(output: LayerOutput, canvases: Mapping[int, Pixels], rendering: Rendering, progress: Progress) -> Tally:
    """Fill the canvas of each map, tile by tile; the tally of all of them."""
    depth = output.depth
    tally = Tally()
    for region, planes in output.tiles(progress):
        top, bottom, left, right = region
        for number, target in canvases.items():
            pixels, of_tile = _pixels(planes[number * depth : (number + 1) * depth], number, rendering)
            tally += of_tile
            if rendering.alpha is not None:
                pixels = _with_alpha(pixels, region, rendering.white, *rendering.alpha)
            if rendering.depth is not Depth.FLOAT:
                pixels = quantised(pixels, rendering.depth, white=rendering.white)
            target[top:bottom, left:right] = pixels  # grey on a sheet of colours is spread
    return tally


def _pixels(planes: Planes, number: int, rendering: Rendering) -> tuple[Pixels, Tally]:
    """One tile of a map as (rows, columns, 1 or 3), colours in 8 bits or the values, and its tally."""
    if rendering.display_ranges is None:
        return np.moveaxis(planes, 0, 2), tally_of(planes, rendering.depth, rendering.white)
    display_range = rendering.display_ranges[number]
    planes = planes_shown(np.ascontiguousarray(planes), display_range.mode)
    colours, count = coloured(planes, display_range, has_gaps=True)
    negative = count.negative if display_range.mode is not DisplayMode.ABSOLUTE and display_range.low == 0 else 0
    tally = Tally(planes.size, count.outside, min(negative, count.outside), display_range.low, display_range.high)
    is_grey = len(planes) == 1 and display_range.mode is not DisplayMode.SIGNED
    return (colours[:, :, :1] if is_grey else colours), tally


def _with_alpha(pixels: Pixels, region: Region, white: float, alpha: Pixels, full: float) -> Pixels:
    """A tile with its opacity as fourth channel, in the units of the colours, so that opaque is white in any depth."""
    top, bottom, left, right = region
    opacity = alpha[top:bottom, left:right].astype(np.float64) * white / full
    colours = np.broadcast_to(pixels, (*opacity.shape, 3)).astype(np.float32)
    return np.concatenate([colours, opacity.astype(np.float32)[:, :, None]], axis=2)
