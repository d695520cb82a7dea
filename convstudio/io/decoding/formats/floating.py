"""Pictures of light as floats: Radiance HDR and OpenEXR, both read by OpenCV. Many builds of OpenCV lack the latter."""

import re
import struct

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.opencv import Planes, Promise, UndecodableError, bgr_to_rgb, decode, decoded
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off, damaged

SIZE = re.compile(rb"\n([-+])Y (\d{1,6}) \+X (\d{1,6})\n")
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

    def unpack() -> Planes:
        try:
            raw, _ = decode(data, Promise(width, height, 1, 32), name)
        except UndecodableError:
            raise ConvStudioError(
                f"“{name}” is an OpenEXR file, which the OpenCV that is installed here does not decode; "
                "save it as a float TIFF."
            ) from None
        alpha = raw[:, :, 3] if raw.shape[2] == 4 else None
        return Planes(bgr_to_rgb(raw) if raw.shape[2] >= 3 else raw, alpha)

    return Header(width, height, 1, 16, unpack)
