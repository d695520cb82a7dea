"""WebP files: their chunks are read here, a still picture by OpenCV and the frames of an animation by Pillow."""

import struct

from convstudio.core.metadata import Metadata
from convstudio.io.decoding.exif import orientation_in, orientation_in_xmp
from convstudio.io.decoding.formats import pillow
from convstudio.io.decoding.opencv import Planes, Promise, bgr_to_rgb, decoded, warning
from convstudio.io.decoding.picture import Header, check_page, check_part_count
from convstudio.io.decoding.refusals import cut_off

ALPHA, ANIMATION = 0x10, 0x02


class _WebpAside:
    """What the chunks say that hold no pixels."""

    def __init__(self) -> None:
        self.exif, self.profile, self.by_xmp, self.frames = b"", b"", 0, 0


def read(data: bytes, name: str, page: int) -> Header:
    """The header of a WebP, and of one frame of it where it is an animation."""
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise cut_off(name)
    kind, is_animated = data[12:16], False
    if kind == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        has_alpha, is_animated = bool(data[20] & ALPHA), bool(data[20] & ANIMATION)
    elif kind == b"VP8L":
        packed = int.from_bytes(data[21:25], "little")
        width, height, has_alpha = (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, bool(packed >> 28 & 1)
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
        has_alpha = False
    aside = _aside(data, name) if kind == b"VP8X" else _WebpAside()
    pages = max(1, aside.frames) if is_animated else 1
    check_page(page, pages, "frame", name)

    def unpack() -> Planes:
        if is_animated:
            return pillow.decode(data, name, pillow.PillowCodec.WEBP, page, Promise(width, height, 3, 8))
        raw, complaint = decoded(data, Promise(width, height, 3, 8), name, "WebP")
        alpha = raw[:, :, 3] if has_alpha and raw.shape[2] == 4 else None
        return Planes(bgr_to_rgb(raw), alpha, warning(complaint))

    orientation = orientation_in(aside.exif) or aside.by_xmp or 1
    metadata = Metadata(aside.profile, aside.exif)
    return Header(width, height, orientation, 4, unpack, pages, "frame", metadata)


def _aside(data: bytes, name: str) -> _WebpAside:
    aside, place, number = _WebpAside(), 12, 0
    while place + 8 <= len(data):
        number += 1
        check_part_count(number, name)
        length = int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 8 + length]
        match data[place : place + 4]:
            case b"EXIF":
                aside.exif = aside.exif or body.removeprefix(b"Exif\0\0")
            case b"XMP ":
                aside.by_xmp = aside.by_xmp or orientation_in_xmp(body)
            case b"ICCP":
                aside.profile = aside.profile or body
            case b"ANMF":
                aside.frames += 1
        place += 8 + length + length % 2
    return aside
