"""Moving pictures out: GIF, MP4, or a folder of PNG files. What is in the frames is the caller's business."""

import tempfile
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.encoding import Depth, Format, encode
from convstudio.io.files import make_folder, printable, write_file

Frames = Sequence[NDArray[np.uint8]]


class Moving(StrEnum):
    """What an animation can be saved as."""

    GIF = "gif"
    MP4 = "mp4"
    PNG = "png"  # one file for each frame


def save_frames(path: Path, frames: Frames, *, rate: float) -> tuple[Path, ...]:
    """Write frames, (H, W, 3) uint8 red, green, blue, all of one size, at `rate` a second; the files written.

    A name that ends in .gif or .mp4 is one file; any other is a folder of numbered PNG files.

    Raises
    ------
    ConvStudioError
        If there is no frame, or the files cannot be made or written.
    """
    if not frames:
        raise ConvStudioError("There is no step to save; choose an output first.")
    match path.suffix.lower():
        case ".gif":
            write_file(path, _gif(frames, rate))
        case ".mp4":
            write_file(path, _mp4(frames, rate))
        case _:
            return _pictures(path, frames)
    return (path,)


def _gif(frames: Frames, rate: float) -> bytes:
    animation = cv2.Animation()
    animation.frames = [np.ascontiguousarray(frame[:, :, ::-1]) for frame in frames]
    animation.durations = [round(1000 / rate)] * len(frames)
    animation.loop_count = 0  # for ever
    is_done, data = cv2.imencodeanimation(".gif", animation)
    if not is_done:
        raise ConvStudioError("These steps cannot be made into a GIF here; save them as PNG files instead.")
    return bytes(data)


def _mp4(frames: Frames, rate: float) -> bytes:
    height, width = frames[0].shape[:2]
    # the encoder writes to a name of its own; the person's file is replaced only by a film that is complete
    with tempfile.TemporaryDirectory() as folder:
        film = Path(folder) / "steps.mp4"
        writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"mp4v"), rate, (width, height))
        if not writer.isOpened():
            raise ConvStudioError("No encoder for MP4 was found here; save the steps as GIF or as PNG files instead.")
        for frame in frames:
            writer.write(np.ascontiguousarray(frame[:, :, ::-1]))
        writer.release()
        return film.read_bytes()


def _pictures(folder: Path, frames: Frames) -> tuple[Path, ...]:
    if folder.is_file():
        raise ConvStudioError(f"“{printable(folder)}” is a file; choose a name for a folder.")
    make_folder(folder)
    digits = max(3, len(str(len(frames))))
    files = tuple(folder / f"step-{number:0{digits}d}.png" for number in range(1, len(frames) + 1))
    for file, frame in zip(files, frames, strict=True):
        write_file(file, encode(frame, Format.PNG, Depth.EIGHT, white=255.0))
    return files
