"""Pictures of light as floats: Radiance HDR, read by OpenCV, and OpenEXR, read by the library of its makers."""

import re
import struct
import tempfile
from pathlib import Path
from types import ModuleType

import numpy as np

from convstudio.io.decoding.formats import extras
from convstudio.io.decoding.formats.tiff.numbers import unpremultiply
from convstudio.io.decoding.opencv import Planes, Promise, Raw, bgr_to_rgb, decoded
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off, damaged, undecodable

SIZE = re.compile(rb"\n([-+])Y (\d{1,6}) \+X (\d{1,6})\n")
COLOURS = "RGBA", "RGB", "Y"
WINDOW = b"dataWindow\0box2i\0\x10\0\0\0"


def radiance(data: bytes, name: str, page: int) -> Header:
    """The header of a Radiance HDR file."""
    check_page(page, 1, "page", name)
    size = SIZE.search(data, 0, 2**16)
    if size is None:
        raise cut_off(name) if len(data) < 2**16 else damaged(name, "it does not say how large it is")
    width, height = int(size[3]), int(size[2])

    def unpack() -> Planes:
        raw, _ = decoded(data, Promise(width, height, 3, 32), name, "Radiance HDR")
        return Planes(bgr_to_rgb(raw))

    return Header(width, height, 1, 12, unpack)


def open_exr(data: bytes, name: str, page: int) -> Header:
    """The header of an OpenEXR file."""
    check_page(page, 1, "page", name)
    place = data.find(WINDOW, 0, 2**16)
    if place < 0:
        raise cut_off(name)
    left, top, right, bottom = struct.unpack_from("<iiii", data, place + len(WINDOW))
    width, height = right - left + 1, bottom - top + 1

    library = extras.open_exr(name)

    def unpack() -> Planes:
        return _planes(_channels(library, data, name), width, height, name)

    return Header(width, height, 1, 16, unpack)


def _channels(library: ModuleType, data: bytes, name: str) -> dict[str, Raw]:
    """The channels of the first part; red, green, blue and opacity are one array. The library reads files alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.exr"
        path.write_bytes(data)
        try:
            with library.File(str(path)) as file:
                return {key: np.array(channel.pixels) for key, channel in file.channels().items()}
        except MemoryError:
            raise
        except Exception:  # it says no in many ways
            raise undecodable(name, "OpenEXR") from None


def _planes(channels: dict[str, Raw], width: int, height: int, name: str) -> Planes:
    """The colours, else the first channel; they are multiplied with their opacity in this format."""
    raw = next((channels[key] for key in COLOURS if key in channels), next(iter(channels.values()), None))
    if raw is None or raw.ndim not in (2, 3) or raw.shape[:2] != (height, width):
        raise undecodable(name, "OpenEXR", "another size than its header says")
    raw = raw.reshape(height, width, -1)
    raw = raw.astype(np.float32) if raw.dtype.kind == "f" else raw
    alpha = raw[:, :, 3] if raw.shape[2] == 4 else channels.get("A")
    pixels = raw[:, :, :3] if raw.shape[2] >= 3 else raw[:, :, :1]
    if alpha is None:
        return Planes(pixels)
    alpha = alpha.astype(np.float32)
    return Planes(unpremultiply(pixels, alpha), alpha)
