"""A recipe applied to many files without a window. Reading arguments and printing are the command line's business."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import plan
from convstudio.core.wording import counted, number
from convstudio.io.decoding.images import read_image
from convstudio.io.export.encoding import suffix_of
from convstudio.io.export.export import ExportOptions, export_recipe, file_names, problem_of
from convstudio.io.export.losses import losses_of
from convstudio.io.export.rendering import Tally
from convstudio.io.files import make_folder, printable, remove_empty


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file: the files written, or why there are none, and what to know of it."""

    path: Path
    written: tuple[Path, ...]
    error: str
    note: str = ""


def apply_recipe(
    document: Document,
    paths: Sequence[Path],
    folder: Path,
    *,
    options: ExportOptions,
    layer: int | None = None,
    white: float | None = None,
    on_progress: Callable[[int, int, FileOutcome], None] | None = None,
    on_fraction: Progress = silent,
) -> tuple[FileOutcome, ...]:
    """Filter files into a folder, and create it; a file that cannot be filtered does not stop the rest.

    `layer` is the one whose output is saved, from 0 (−1 is the source, None the last). Where the recipe is for pictures
    of a certain `white`, others are brought to it. No input is overwritten, and
    files of one name get numbers. `on_progress` hears how many are done, of how many, and the newest outcome;
    `on_fraction` how much of the present file is done, 0 to 1. Either may raise to end it all.
    """
    count = len(document.layers)
    if layer is not None and not -1 <= layer < count:
        raise ConvStudioError(
            f"The recipe has {counted(count, 'layer')}, so there is no layer {layer + 1}; "
            f"choose a number from 0 (the source) to {count}."
        )
    problem = problem_of(options)
    if problem:
        raise ConvStudioError(problem)
    new_folders = make_folder(folder)
    last = count - 1 if layer is None else layer
    needed = replace(document, layers=document.layers[: last + 1])
    inputs = {_identity(path) for path in paths} - {None}
    taken: set[str] = set()
    outcomes: list[FileOutcome] = []
    try:
        for path in paths:
            outcome = _apply(needed, path, folder, options, inputs, taken, white, on_fraction)
            taken |= {_key(file) for file in outcome.written}
            outcomes.append(outcome)
            if on_progress:
                on_progress(len(outcomes), len(paths), outcome)
    finally:
        remove_empty(new_folders)  # nothing came of it all
    return tuple(outcomes)


def _apply(
    document: Document,
    path: Path,
    folder: Path,
    options: ExportOptions,
    inputs: set[tuple[int, int] | None],
    taken: set[str],
    white: float | None,
    progress: Progress,
) -> FileOutcome:
    progress(0.0)
    try:
        frame = _brought_to(white, read_image(path))
        index = len(document.layers) - 1
        sizes = plan(document, frame.shape)
        maps = sizes.maps_at(index)
        target = _free_name(maps, path, folder, options, inputs, taken)
        tallies: list[Tally] = []
        written = export_recipe(document, frame, index, 0, options, target, progress=progress, on_tally=tallies.append)
        _, height, width = sizes.shape_at(index)
        losses = losses_of(sum(tallies, Tally()), frame, (height, width), options)
        return FileOutcome(path, written, "", " ".join(filter(None, (frame.note, losses))))
    except ConvStudioError as error:
        return FileOutcome(path, (), str(error))
    except MemoryError:
        return FileOutcome(path, (), f"“{printable(path)}” needs more memory than there is; use a smaller picture.")
    except OSError as error:
        return FileOutcome(path, (), f"“{printable(path)}” could not be filtered ({error.strerror}); try it again.")


def _brought_to(white: float | None, frame: Frame) -> Frame:
    """The picture as one of another white, where one is asked for."""
    if white is None or frame.white == white:
        return frame
    pixels = frame.pixels * np.float32(white / frame.white)
    said = f"Its white of {number(frame.white)} was taken for {number(white)}, as the network reads it."
    return replace(frame, pixels=pixels, white=white, note=" ".join(filter(None, (frame.note, said))))


def _free_name(
    maps: int,
    path: Path,
    folder: Path,
    options: ExportOptions,
    inputs: set[tuple[int, int] | None],
    taken: set[str],
) -> Path:
    """A name in the folder under which nothing of this run is read or written."""
    number = 1
    while True:
        stem = path.stem if number == 1 else f"{path.stem}-{number}"
        target = folder / f"{stem}{suffix_of(options.format)}"
        files = file_names(target, options, maps)
        if all(_key(file) not in taken and (_identity(file) or (-1, -1)) not in inputs for file in files):
            return target
        number += 1


def _identity(path: Path) -> tuple[int, int] | None:
    """The device and the number of a file, the same under all of its names; None where there is no file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino


def _key(path: Path) -> str:
    return os.path.normcase(path).casefold()  # some disks see no difference between capitals and small letters
