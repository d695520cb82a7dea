"""The decoding process: `python -m convstudio.io.decoding.decoder_process`, started by `decoder` and by nobody else.

It reads the headers of one picture after another and turns their bytes into pixels until its input ends. It may crash;
its memory and its work are limited. Files are opened on the other side.
"""

import traceback
from contextlib import suppress
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.opacity import without_hidden_colours
from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.decoding.exif import portable
from convstudio.io.decoding.headers import read_header
from convstudio.io.decoding.messages import DECODING, Reply
from convstudio.io.decoding.opencv import Planes, capture_complaints
from convstudio.io.decoding.picture import Header, check_size
from convstudio.io.decoding.refusals import undecodable
from convstudio.io.processes import Parent, limit_work

GRACE = 10  # seconds of a core after which a decoder that nobody killed in time ends itself
LARGEST = float(np.finfo(np.float32).max)  # all arithmetic is done in float32
LONGEST_TRACE = 8000  # characters

Raw = NDArray[Any]


class Decoded(NamedTuple):
    """Pixels (H, W, 1 or 3) with red first, opacity (H, W) or None, the value that means white, and what to tell."""

    pixels: Raw
    alpha: Raw | None
    white: float
    note: str
    header: Header


def main() -> None:
    """Answer requests until the input ends."""
    parent = Parent()
    cv2.setNumThreads(1)
    capture_complaints()
    parent.send({"is": Reply.DECODED})  # ready: everything is imported
    while (request := parent.receive()) is not None:
        limit_work(DECODING + GRACE)
        _answer(parent, request.body, request.head["name"], request.head.get("page", 0))
        limit_work(0)


def decode(data: bytes, name: str, page: int = 0) -> Decoded:
    """Decode one picture of a file and read its numbers as its header says."""
    header = read_header(data, name, page)
    check_size(header, name)
    planes = header.unpack()
    _check_promise(header, planes, name)
    pixels, white = _in_known_units(planes.pixels, name)
    white = planes.white or white
    note = " ".join(filter(None, (planes.note, _note_on_gaps(pixels))))
    alpha = planes.alpha
    if alpha is not None:
        pixels = without_hidden_colours(pixels, alpha)
        alpha = np.ascontiguousarray(_orient(alpha, header.orientation), dtype=pixels.dtype)
    header = header._replace(metadata=replace(header.metadata, exif=portable(header.metadata.exif)))
    return Decoded(np.ascontiguousarray(_orient(pixels, header.orientation)), alpha, white, note, header)


def _check_promise(header: Header, planes: Planes, name: str) -> None:
    """Refuse what is of another size than its header says, whoever decoded it: a frame must be what was announced."""
    height, width = planes.pixels.shape[:2]
    if (width, height) != (header.width, header.height):
        raise ConvStudioError(
            f"“{name}” says that it has {header.width}×{header.height} pixels, but its decoder gives {width}×{height}, "
            "so it is not shown; save it again with another program."
        )


def _in_known_units(pixels: Raw, name: str) -> tuple[Raw, float]:
    """Values as a frame may hold them, and white: a float picture beyond 1 has its greatest value for white."""
    match pixels.dtype.name:
        case "uint8" | "uint16":
            return pixels, float(np.iinfo(pixels.dtype).max)
        case "int8" | "int16":
            return pixels.astype(np.float32), float(np.iinfo(pixels.dtype).max)
        case "float16" | "float32" | "float64":
            pixels = pixels if pixels.itemsize > 2 else pixels.astype(np.float32)
            finite = pixels if _is_finite(pixels) else pixels[np.isfinite(pixels)]
            least, greatest = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
            if least < -LARGEST or greatest > LARGEST:
                raise ConvStudioError(
                    f"“{name}” holds values beyond ±3.4·10³⁸, more than a filter can reckon with; "
                    "make them smaller with another program first."
                )
            return pixels, max(1.0, greatest)
        case _:
            return pixels.astype(np.float64), float(np.iinfo(pixels.dtype).max)


def _is_finite(pixels: Raw) -> bool:
    return bool(np.isfinite(pixels.min()) and np.isfinite(pixels.max()))


def _note_on_gaps(pixels: Raw) -> str:
    """How many values are no finite numbers; they are kept, and whatever is reckoned with them is none, either."""
    if pixels.dtype.kind != "f" or _is_finite(pixels):
        return ""
    none, endless = int(np.isnan(pixels).sum()), int(np.isinf(pixels).sum())
    parts = (
        f"{none:,} {'is no number' if none == 1 else 'are no numbers'} (pink)" if none else "",
        f"{endless:,} {'is' if endless == 1 else 'are'} infinite (green)" if endless else "",
    )
    return f"Of its {pixels.size:,} values {' and '.join(filter(None, parts))}."


def _orient(plane: Raw, orientation: int) -> Raw:
    """Turned and mirrored so that the picture stands upright, by EXIF's numbers 1 to 8."""
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    return plane[:, ::-1] if orientation in (2, 3, 6, 7) else plane


def _answer(parent: Parent, data: bytes, name: str, page: int) -> None:
    try:
        decoded = decode(data, name, page)
    except ConvStudioError as refusal:
        parent.send({"is": Reply.REFUSED, "why": str(refusal)})
    except Exception as error:  # no file, however odd, ends more than its own reading
        if isinstance(error, MemoryError) or getattr(error, "code", None) == cv2.Error.STS_NO_MEM:
            why = f"“{name}” needs too much memory to decode; make it smaller with another program first."
            parent.send({"is": Reply.REFUSED, "why": why})
        elif isinstance(error, cv2.error):
            parent.send({"is": Reply.REFUSED, "why": str(undecodable(name, "OpenCV"))})
        else:
            parent.send({"is": Reply.FAULT, "trace": traceback.format_exc()[-LONGEST_TRACE:]})
    else:
        header, metadata = decoded.header, decoded.header.metadata
        head = {
            "is": Reply.DECODED,
            "shape": decoded.pixels.shape,
            "type": decoded.pixels.dtype.name,
            "has_alpha": decoded.alpha is not None,
            "white": decoded.white,
            "note": decoded.note,
            "page": page,
            "pages": header.pages,
            "unit": header.unit,
            "resolution": metadata.resolution,
            "profile": len(metadata.profile),
            "exif": len(metadata.exif),
        }
        planes = (decoded.pixels, decoded.alpha)
        bodies = [plane.reshape(-1).view(np.uint8).data for plane in planes if plane is not None]
        parent.send(head, *bodies, metadata.profile, metadata.exif)


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # the parent has gone
        main()
