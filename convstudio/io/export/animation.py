"""Moving pictures out: GIF, MP4, or a folder of PNG files. What is in the frames is the caller's business."""

import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convstudio.core.cancellation import check
from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.export.encoding import Depth, Format, encoded_parts
from convstudio.io.export.gif import gif
from convstudio.io.files import make_folder, printable, together, write_file

Rgb = NDArray[np.uint8]
MOST_FRAMES = 600  # ten minutes at one a second
MOST_PIXELS = 2**27  # of all frames of a GIF, which share a palette and are held together
SLOWEST, FASTEST = 0.1, 50.0  # frames a second; a GIF counts in hundredths of a second, and players want two of them


def save_frames(path: Path, frames: Iterable[Rgb], *, rate: float) -> tuple[Path, ...]:
    """Write frames, (H, W, 3) uint8 red, green, blue, all of one size, at `rate` a second; the files written.

    A name that ends in .gif or .mp4 is one file; any other is a folder of numbered PNG files. Frames are taken one by
    one. What was there stays until the new file is complete.

    Raises
    ------
    Cancelled
        If nobody wants the film any more; what was there stays.
    ConvStudioError
        If there is no frame or there are more than 600, they differ in size, the rate is not from 0.1 to 50, the
        folder holds frames already, or the files cannot be made or written.
    """
    if not SLOWEST <= rate <= FASTEST:
        raise ConvStudioError(
            f"{rate:g} frames a second cannot be saved; choose a speed from {SLOWEST:g} to {FASTEST:g} a second."
        )
    film = _check_frames(frames)
    match path.suffix.lower():
        case ".gif":
            write_file(path, gif(_collect(film), rate))
        case ".mp4":
            write_file(path, _mp4(film, rate))
        case _:
            return _pictures(path, film)
    return (path,)


def _check_frames(frames: Iterable[Rgb]) -> Iterator[Rgb]:
    """The same frames; refuses what makes no film."""
    rest = iter(frames)
    first = next(rest, None)
    if first is None:
        raise ConvStudioError("There is no step to save; choose an output first.")
    if first.ndim != 3 or first.shape[2] != 3 or first.dtype != np.uint8 or first.size == 0:
        shape = "×".join(map(str, first.shape))
        raise ConvStudioError(f"Frames are pictures of three 8-bit channels, not {shape} of {first.dtype}.")
    return _check_sizes(chain([first], rest), first.shape)


def _check_sizes(frames: Iterable[Rgb], shape: tuple[int, ...]) -> Iterator[Rgb]:
    for number, frame in enumerate(frames, start=1):
        check()
        if number > MOST_FRAMES:
            raise ConvStudioError(f"There are more than {MOST_FRAMES} frames, the most that one film has; save fewer.")
        if frame.shape != shape or frame.dtype != np.uint8:
            raise ConvStudioError(
                f"Frame {number} has {frame.shape[1]}×{frame.shape[0]} pixels but the first has {shape[1]}×{shape[0]}; "
                "all frames of a film must have one size."
            )
        yield frame


def _collect(frames: Iterator[Rgb]) -> list[Rgb]:
    """The frames of a GIF in a list; refuses more than may be in memory at once."""
    collected: list[Rgb] = []
    for frame in frames:
        collected.append(frame)
        height, width = frame.shape[:2]
        if len(collected) * height * width > MOST_PIXELS:
            raise ConvStudioError(
                f"A GIF holds at most {MOST_PIXELS // (height * width):,} frames of {width}×{height} pixels; "
                "save them as MP4 or as PNG files instead."
            )
    return collected


def _mp4(frames: Iterator[Rgb], rate: float) -> bytes:
    first = next(frames)
    height, width = first.shape[:2]
    size = (width + width % 2, height + height % 2)  # the encoder would cut off an odd row or column
    # the encoder writes to a name of its own; the person's file is replaced only by a film that is complete
    try:
        with tempfile.TemporaryDirectory(prefix="convstudio-") as folder:
            film = Path(folder) / "film.mp4"
            writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"mp4v"), rate, size)
            if not writer.isOpened():
                raise ConvStudioError(
                    "No encoder for MP4 was found here; save the steps as GIF or as PNG files instead."
                )
            count = 0
            try:
                for frame in chain([first], frames):
                    writer.write(np.pad(frame[:, :, ::-1], ((0, height % 2), (0, width % 2), (0, 0)), mode="edge"))
                    count += 1
            finally:
                writer.release()
            _check_film(film, count)
            return film.read_bytes()
    except OSError as error:
        raise ConvStudioError(f"The film could not be put together ({error.strerror}); free some space.") from error


def _check_film(film: Path, count: int) -> None:
    """The writer says nothing of frames that it loses, on a full disk for one."""
    reader = cv2.VideoCapture(str(film))
    readable = int(reader.get(cv2.CAP_PROP_FRAME_COUNT)) if reader.isOpened() else 0
    reader.release()
    if readable != count:
        raise ConvStudioError(
            f"Only {readable} of {count} frames could be put into the film; free some space, or save them as PNG files."
        )


def _pictures(folder: Path, frames: Iterator[Rgb]) -> tuple[Path, ...]:
    if folder.is_file():
        raise ConvStudioError(f"“{printable(folder)}” is a file; choose a name for a folder.")
    if any(folder.glob("step-*.png")):  # frames of two films in one folder could not be told apart
        raise ConvStudioError(f"“{printable(folder)}” holds the frames of other steps; choose another folder.")
    make_folder(folder)
    files: list[Path] = []
    with together() as write:  # half a film is none
        for number, frame in enumerate(frames, start=1):
            files.append(folder / f"step-{number:03d}.png")
            write(files[-1], *encoded_parts(frame, Format.PNG, Depth.EIGHT, white=255.0))
    return tuple(files)
