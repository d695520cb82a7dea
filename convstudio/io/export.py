"""Export: a result's maps as files, as shown or as raw values, and what would be clipped on the way.

File formats are `encoding`'s business, writing without harm that of `files`.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from convstudio.core.display import Picture
from convstudio.core.document import DisplayMode
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluate import Result
from convstudio.core.frame import Pixels
from convstudio.core.kernel_text import number
from convstudio.core.montage import montage, sheet_size
from convstudio.core.shown import map_planes, maps_at, picture_of, scales_at
from convstudio.io.encoding import (
    Depth,
    Format,
    combination_problem,
    encode,
    format_of,
    has_alpha,
    outside,
    suffix_of,
)
from convstudio.io.files import write_file

MOST_PIXELS = 2**27  # of a montage: as many as a picture may have that is opened


class Values(StrEnum):
    """Colours as on screen, or the numbers behind them."""

    SHOWN = "as shown"
    RAW = "raw values"


class Content(StrEnum):
    """How much of a layer's output is saved."""

    MAP = "this map"
    MAPS = "all maps as files"
    MONTAGE = "montage"


@dataclass(frozen=True)
class ExportOptions:
    """What a person chose to save. Alpha is kept where format and depth have a place and the size is the source's."""

    values: Values = Values.SHOWN
    content: Content = Content.MAP
    format: Format = Format.PNG
    depth: Depth = Depth.EIGHT
    quality: int = 95
    keep_alpha: bool = True


def problem_of(options: ExportOptions) -> str:
    """Why the choices do not go together, and what to do; "" where they do."""
    if options.values is Values.SHOWN and options.depth is Depth.FLOAT:
        return "Colours as shown have 8 bits, so there are no floats to keep; choose raw values, or a depth of 8 or 16."
    return combination_problem(options.format, options.depth)


def targets(result: Result, index: int, options: ExportOptions, path: Path) -> tuple[Path, ...]:
    """The files that `export` would write, in the order of the maps."""
    wanted = path
    match format_of(path):
        case options.format:
            pass
        case None:
            wanted = path.with_name(path.name + suffix_of(options.format))
        case _:
            wanted = path.with_suffix(suffix_of(options.format))
    count = maps_at(result, index)
    if options.content is not Content.MAPS or count == 1:
        return (wanted,)
    digits = max(2, len(str(count)))
    return tuple(wanted.with_name(f"{wanted.stem}-{n:0{digits}d}{wanted.suffix}") for n in range(1, count + 1))


def export(result: Result, index: int, map_number: int, options: ExportOptions, path: Path) -> tuple[Path, ...]:
    """Write what was chosen of the output of layer `index` (−1 is the source), in original size; the files written."""
    problem = problem_of(options)
    if problem:
        raise ConvStudioError(problem)
    files = targets(result, index, options, path)
    white = 255.0 if options.values is Values.SHOWN else scales_at(result, index)[0].white
    if options.content is Content.MONTAGE:
        numbers: tuple[int, ...] = ()
        _write(files[0], _sheet(result, index, options), options, white)
    elif options.content is Content.MAPS:
        numbers = tuple(range(maps_at(result, index)))
    else:
        numbers = (map_number,)
    for file, each in zip(files, numbers, strict=False):
        pixels = _pixels(result, index, each, options)
        _write(file, _with_alpha(result, pixels, white, options), options, white)
    return files


def clipped_share(result: Result, index: int, map_number: int, options: ExportOptions) -> float:
    """The share (0 … 1) of the values to be saved that lie outside what the choices can hold."""
    numbers = (map_number,) if options.content is Content.MAP else tuple(range(maps_at(result, index)))
    if options.values is Values.SHOWN:
        return sum(picture_of(result, index, each).clipped for each in numbers) / len(numbers)
    white = scales_at(result, index)[0].white
    planes = [map_planes(result, index, each) for each in numbers]
    return sum(outside(values, options.depth, white=white) for values in planes) / sum(p.size for p in planes)


def clipping_sentence(result: Result, index: int, map_number: int, options: ExportOptions) -> str:
    """What would be lost and the ways out, in a sentence; "" when nothing would be."""
    share = clipped_share(result, index, map_number, options)
    if share == 0:
        return ""
    percent = "Less than 0.01 %" if share < 0.0001 else f"{number(share * 100, digits=2)} %"
    if options.values is Values.RAW:
        ends = f"0…{number(scales_at(result, index)[0].white, digits=6)}"
        ways = "choose a float TIFF or NPY file, or as shown with stretch"
    else:
        picture = picture_of(result, index, map_number)
        ends = f"{number(picture.low, digits=6)}…{number(picture.high, digits=6)}"
        ways = _ways_out(result, index, picture)
    return f"{percent} of the values lie outside {ends} and would be clipped; {ways}."


def _ways_out(result: Result, index: int, picture: Picture) -> str:
    """The ways to show that would clip nothing of this picture."""
    modes = ["stretch"]
    if picture.mode is DisplayMode.SIGNED and result.document.display.mode is DisplayMode.AUTOMATIC:
        modes.insert(0, "signed")  # automatic leaves out the rarest, largest values
    if max(-picture.least, picture.most) <= scales_at(result, index)[0].white / 2:
        modes.insert(0, "offset")
    return f"choose {', '.join(modes)}, or raw values in a float TIFF or NPY file"


def _pixels(result: Result, index: int, map_number: int, options: ExportOptions) -> Pixels:
    """One map as (H, W, 1 or 3): colours in 8 bits, or raw values in float32."""
    if options.values is Values.RAW:
        return np.moveaxis(map_planes(result, index, map_number), 0, 2)
    picture = picture_of(result, index, map_number)
    is_grey = not picture.is_colour and picture.mode is not DisplayMode.SIGNED
    return picture.pixels[:, :, :1] if is_grey else picture.pixels


def _with_alpha(result: Result, pixels: Pixels, white: float, options: ExportOptions) -> Pixels:
    """The map with the source's opacity as fourth channel, where it is wanted and fits."""
    alpha = result.frame.alpha
    is_wanted = options.keep_alpha and has_alpha(options.format) and options.depth is not Depth.FLOAT
    if alpha is None or not is_wanted or alpha.shape != pixels.shape[:2]:
        return pixels  # a file of floats holds the map's own numbers and nothing else
    colours = np.broadcast_to(pixels, (*alpha.shape, 3)).astype(np.float32)
    # in the units of the colours, so that opaque is white in any depth
    opacity = alpha.astype(np.float64) * white / result.frame.white
    return np.concatenate([colours, opacity.astype(np.float32)[:, :, None]], axis=2)


def _sheet(result: Result, index: int, options: ExportOptions) -> Pixels:
    count = maps_at(result, index)
    _, height, width = result.planes_at(index).shape
    rows, columns = sheet_size(count, height, width)
    if rows * columns > MOST_PIXELS:
        raise ConvStudioError(
            f"A montage of {count} maps would have {columns:,}×{rows:,} pixels, more than {MOST_PIXELS:,} in all; "
            "save all maps as files."
        )
    return montage(np.stack([_pixels(result, index, each, options) for each in range(count)]))


def _write(file: Path, pixels: Pixels, options: ExportOptions, white: float) -> None:
    write_file(file, encode(pixels, options.format, options.depth, white=white, quality=options.quality))
