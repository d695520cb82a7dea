"""Export: maps as files, as shown or as raw values.

File formats are `encoding`'s business, the files' own numbers `rendering`'s, writing without harm that of `files`; what
is lost on the way is said by `losses`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from convstudio.core.display.montage import sheet_size
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.evaluation.tiles import TILE_BYTES, whole_bytes
from convstudio.core.frame import Frame, Pixels
from convstudio.core.metadata import NO_METADATA, Metadata
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.document import DisplayMode, Document
from convstudio.core.view.shown import maps_at
from convstudio.io.export.encoding import (
    Depth,
    Format,
    combination_problem,
    encoded_parts,
    format_of,
    has_alpha,
    suffix_of,
)
from convstudio.io.export.metadata import LONGEST_EXIF, profile_for
from convstudio.io.export.rendering import (
    LayerOutput,
    Rendering,
    Tally,
    canvas,
    display_ranges_of,
    needs_measuring,
    output_in_tiles,
    output_of,
    render,
    sheet_of,
)
from convstudio.io.files import Part, together
from convstudio.io.sessions.carried import carried_text

MOST_PIXELS = 2**27  # of a montage: as many as a picture may have that is opened
WHOLE_BYTES = 2**28  # of all outputs of a recipe; beyond that they are computed in tiles, however often
ONCE_BYTES = 2**24  # the same where they are computed only once: tiles need little memory, which takes time to get
BATCH_BYTES = 2**28  # of the maps that are rendered at a time


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
    return file_names(path, options, maps_at(result, index))


def file_names(path: Path, options: ExportOptions, maps: int) -> tuple[Path, ...]:
    """The files that so many maps are written to, in their order."""
    file = path
    match format_of(path):
        case options.format:
            pass
        case None:
            file = path.with_name(path.name + suffix_of(options.format))
        case _:
            file = path.with_suffix(suffix_of(options.format))
    if options.content is not Content.MAPS or maps == 1:
        return (file,)
    digits = max(2, len(str(maps)))
    return tuple(file.with_name(f"{file.stem}-{n:0{digits}d}{file.suffix}") for n in range(1, maps + 1))


def export(
    result: Result,
    index: int,
    map_number: int,
    options: ExportOptions,
    path: Path,
    *,
    progress: Progress = silent,
    on_tally: Callable[[Tally], object] = lambda _: None,
) -> tuple[Path, ...]:
    """Write what was chosen of the output of layer `index` (−1 is the source), in original size; the files written.

    `progress` hears the share that is done, and ends the work by raising; `on_tally` what the files cannot hold.
    """
    _check(options)
    recipe = carried_text(result.document, index)
    return _export(output_of(result, index), map_number, options, path, recipe, progress, on_tally)


def export_recipe(
    document: Document,
    frame: Frame,
    index: int,
    map_number: int,
    options: ExportOptions,
    path: Path,
    *,
    progress: Progress = silent,
    on_tally: Callable[[Tally], object] = lambda _: None,
    most_bytes: int | None = None,
) -> tuple[Path, ...]:
    """`export` without a result: evaluates at once, or in tiles where all outputs together pass `most_bytes`."""
    _check(options)
    tiled = output_in_tiles(document, frame, index, budget=min(TILE_BYTES, most_bytes or TILE_BYTES))
    is_batch = options.content is not Content.MAPS or tiled.maps <= _most_together(tiled)
    is_once = is_batch and not _is_measured(tiled, range(tiled.maps), options)
    most_bytes = most_bytes or (ONCE_BYTES if is_once else WHOLE_BYTES)
    if whole_bytes(tiled.plan, index) > most_bytes:
        return _export(tiled, map_number, options, path, carried_text(document, index), progress, on_tally)
    needed = replace(document, layers=document.layers[: index + 1])
    return export(evaluate(needed, frame), index, map_number, options, path, progress=progress, on_tally=on_tally)


def _check(options: ExportOptions) -> None:
    problem = problem_of(options)
    if problem:
        raise ConvStudioError(problem)


def _export(
    output: LayerOutput,
    map_number: int,
    options: ExportOptions,
    path: Path,
    recipe: bytes,
    progress: Progress,
    on_tally: Callable[[Tally], object],
) -> tuple[Path, ...]:
    files = file_names(path, options, output.maps)
    if options.content is Content.MAP:
        batches = [{map_number: files[0]}]
    elif options.content is Content.MONTAGE:
        _check_sheet(output)
        batches = [dict.fromkeys(range(output.maps), files[0])]
    else:
        batches = _batches(output, files)
    numbers = [number for batch in batches for number in batch]
    is_measured = _is_measured(output, numbers, options)
    passes = is_measured + 3 * len(batches)  # each batch is rendered, encoded and written
    rendering = _rendering(output, numbers, options, _part_of(progress, 0, passes))
    tally = Tally()
    with together() as write:  # who gives up the last file keeps none of the others, and what was there before
        for first, batch in zip(range(int(is_measured), passes, 3), batches, strict=True):
            sheets, of_batch = _render(output, batch, options, rendering, _part_of(progress, first, passes))
            tally += of_batch
            first_pixels = next(iter(sheets.values()))
            aside = metadata_of(output.frame, output.size, first_pixels.shape[2], options, rendering)
            for done, (file, pixels) in enumerate(sheets.items()):
                share = _part_of(_part_of(progress, first + 1, passes), done, len(sheets))
                write(file, *_encode(pixels, options, recipe, aside, share))
            progress((first + 3) / passes)
    on_tally(tally)
    return files


def _is_measured(output: LayerOutput, numbers: Sequence[int], options: ExportOptions) -> bool:
    """Whether all values must be seen before the first is rendered."""
    return options.values is Values.SHOWN and needs_measuring(output, numbers)


def _part_of(progress: Progress, first: int, passes: int) -> Progress:
    """Progress of one of several passes."""
    return lambda fraction: progress((first + fraction) / passes)


def _batches(output: LayerOutput, files: tuple[Path, ...]) -> list[dict[int, Path]]:
    """Maps in batches that fit into memory; an output that is computed in tiles is computed once for each batch."""
    together = _most_together(output)
    return [dict(list(enumerate(files))[first : first + together]) for first in range(0, len(files), together)]


def _most_together(output: LayerOutput) -> int:
    height, width = output.size
    return max(1, BATCH_BYTES // (height * width * 4 * output.depth))


def _rendering(output: LayerOutput, numbers: list[int], options: ExportOptions, progress: Progress) -> Rendering:
    alpha, frame = output.frame.alpha, output.frame
    opacity = None if alpha is None or alpha_problem(frame, output.size, options) else (alpha, frame.white)
    if options.values is Values.RAW:
        return Rendering(options.depth, output.scales[0].white, None, opacity)
    return Rendering(options.depth, 255.0, display_ranges_of(output, numbers, progress), opacity)


def metadata_of(
    frame: Frame, size: tuple[int, int], channels: int, options: ExportOptions, rendering: Rendering
) -> Metadata:
    """What comes with a frame that is true of a file of so many rows and columns, and has a place in it.

    A profile is for the picture's own colours; colours of signed numbers are ours.
    """
    if options.content is Content.MONTAGE:
        return NO_METADATA
    ranges = (rendering.display_ranges or {}).values()
    is_ours = any(display_range.mode is DisplayMode.SIGNED for display_range in ranges)
    about, (height, width), (rows, columns) = frame.metadata, frame.pixels.shape[:2], size
    resolution = about.resolution and (about.resolution[0] * columns / width, about.resolution[1] * rows / height)
    return Metadata(
        b"" if is_ours else profile_for(about.profile, channels),
        about.exif if "EXIF data" not in metadata_problems(frame, options) else b"",
        resolution,
    )


def metadata_problems(frame: Frame, options: ExportOptions) -> tuple[str, ...]:
    """What comes with a frame that a format has no place for, by its name."""
    about, kind = frame.metadata, options.format
    has_exif = kind in (Format.PNG, Format.WEBP) or (kind is Format.JPEG and len(about.exif) <= LONGEST_EXIF)
    return tuple(
        name
        for name, is_there, has_place in (
            ("colour profile", bool(about.profile), kind is not Format.NPY),
            ("EXIF data", bool(about.exif), has_exif),
            ("resolution", bool(about.resolution), kind not in (Format.NPY, Format.WEBP)),
        )
        if is_there and not has_place
    )


def alpha_problem(frame: Frame, size: tuple[int, int], options: ExportOptions) -> str:
    """Why the opacity of a frame is not kept beside an output of so many rows and columns, and what to do; "" if it is.

    It is never filtered, so it belongs to an output of the frame's own size alone.
    """
    (height, width), (rows, columns) = frame.pixels.shape[:2], size
    if not options.keep_alpha:
        return "it was left out by choice"
    if not has_alpha(options.format):
        return f"a {options.format.upper()} file has no place for it; choose PNG, TIFF or WebP"
    if options.content is Content.MONTAGE:
        return "a montage has no place for it; save this map or all maps as files"
    if options.depth is Depth.FLOAT:
        return "a file of floats holds the map's own numbers and nothing else; choose 8 or 16 bits"
    if (height, width) != (rows, columns):
        return f"the output has {columns}×{rows} pixels and the picture {width}×{height}; keep the size in every layer"
    return ""


def _check_sheet(output: LayerOutput) -> None:
    rows, columns = sheet_size(output.maps, *output.size)
    if rows * columns > MOST_PIXELS:
        raise ConvStudioError(
            f"A montage of {output.maps} maps would have {columns:,}×{rows:,} pixels, more than {MOST_PIXELS:,} in "
            "all; save all maps as files."
        )


def _render(
    output: LayerOutput, batch: dict[int, Path], options: ExportOptions, rendering: Rendering, progress: Progress
) -> tuple[dict[Path, Pixels], Tally]:
    """Render the maps of a batch for their files, or all of them on one sheet; and their tally."""
    if options.content is Content.MONTAGE:
        sheet, canvases = sheet_of(output, rendering)
        sheets = {batch[0]: sheet}
    else:
        canvases = {number: canvas(output, number, rendering) for number in batch}
        sheets = {batch[number]: pixels for number, pixels in canvases.items()}
    return sheets, render(output, canvases, rendering, progress)


def _encode(
    pixels: Pixels, options: ExportOptions, recipe: bytes, metadata: Metadata, progress: Progress
) -> list[Part]:
    return encoded_parts(
        pixels,
        options.format,
        options.depth,
        quality=options.quality,
        recipe=recipe,
        metadata=metadata,
        progress=progress,
    )
