"""PNG files: their chunks are read here and their pixels by OpenCV, the frames of an animation by Pillow.

OpenCV gets nothing but the chunks that pixels are made of, each with its checksum compared.
"""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from convstudio.core.metadata import Metadata
from convstudio.io.decoding.exif import orientation_in, orientation_in_xmp
from convstudio.io.decoding.formats import pillow
from convstudio.io.decoding.opencv import Planes, Promise, bgr_to_rgb, decoded
from convstudio.io.decoding.picture import NO_END, Header, check_page, check_part_count
from convstudio.io.decoding.refusals import cut_off, damaged

PNG = b"\x89PNG\r\n\x1a\n"
PIXEL_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")  # what pixels are made of; no animation, no profiles
OTHER_CHUNKS = (b"eXIf", b"iTXt", b"iCCP", b"pHYs", b"acTL", b"fcTL")
CHANNELS = {0: 1, 2: 3, 3: 3, 4: 4, 6: 4}  # as decoded, by colour type
XMP = b"XML:com.adobe.xmp\0"
END = b"\0\0\0\0IEND\xaeB`\x82"
INCH = 0.0254  # metres
MOST_PROFILE = 2**22  # bytes, unpacked


def _chunks(data: bytes, name: str) -> Iterator[tuple[bytes, bytes]]:
    """Type and bytes of each chunk that pixels are made of, up to the last, its checksum compared.

    The chunks that say how the picture stands, and what comes with it, come along.
    """
    place, kind, number, has_pixels = len(PNG), b"", 0, False
    while kind != b"IEND":
        number += 1
        check_part_count(number, name)
        has_pixels = has_pixels or kind == b"IDAT"
        if has_pixels and END.startswith(data[place : place + len(END)]):  # also where only its begin is there
            yield b"IEND", END
            return
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise cut_off(name)
        if kind in PIXEL_CHUNKS:
            chunk = data[place:end]
            if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
                raise damaged(name, f"the checksum of its part “{kind.decode()}” is wrong")
            yield kind, chunk
        elif kind in OTHER_CHUNKS:
            yield kind, data[place:end]
        place = end


class _PngAside:
    """What the chunks say that hold no pixels."""

    def __init__(self) -> None:
        self.exif, self.profile, self.by_xmp = b"", b"", 0
        self.resolution: tuple[float, float] | None = None
        self.frames, self.is_first_a_frame = 0, False

    def take(self, kind: bytes, body: bytes, *, is_before_pixels: bool) -> None:
        match kind:
            case b"eXIf":
                self.exif = self.exif or body
            case b"iTXt" if body.startswith(XMP):
                self.by_xmp = self.by_xmp or orientation_in_xmp(body)
            case b"iCCP":
                self.profile = self.profile or _profile(body)
            case b"pHYs" if len(body) == 9 and body[8] == 1:
                across, down = struct.unpack_from(">II", body)
                self.resolution = across * INCH, down * INCH
            case b"acTL" if len(body) == 8 and is_before_pixels:
                self.frames = int.from_bytes(body[:4], "big")
            case b"fcTL":
                self.is_first_a_frame = self.is_first_a_frame or is_before_pixels


def _profile(body: bytes) -> bytes:
    """The ICC profile of a chunk; none where it is not packed as it should be."""
    _, _, packed = body.partition(b"\0")
    try:
        return zlib.decompressobj().decompress(packed[1:], MOST_PROFILE)
    except zlib.error:
        return b""


def read(data: bytes, name: str, page: int) -> Header:
    """The header of a PNG, and of one frame of it where it is an animation."""
    chunks, clear, aside = [PNG], b"", _PngAside()
    has_pixels = False
    for kind, chunk in _chunks(data, name):
        body = chunk[8:-4]
        has_pixels = has_pixels or kind == b"IDAT"
        if kind in PIXEL_CHUNKS:
            chunks.append(chunk)
            clear = body if kind == b"tRNS" else clear
        else:
            aside.take(kind, body, is_before_pixels=not has_pixels)
    if chunks[1][4:8] != b"IHDR":
        raise damaged(name, "it does not begin with its size")
    width, height, bits, colour = struct.unpack_from(">IIBB", chunks[1], 8)
    if colour not in CHANNELS:
        raise damaged(name, f"there is no colour type {colour}")
    clear_grey = None
    if colour == 0 and len(clear) == 2:
        clear_grey = int.from_bytes(clear, "big") * (255 // (2**bits - 1) if bits < 8 else 1)
    channels = 4 if clear and colour in (2, 3) else CHANNELS[colour]
    promise = Promise(width, height, channels, 16 if bits == 16 else 8)
    note = "" if data.find(END) >= 0 else NO_END
    pages = max(1, aside.frames + (aside.frames > 0 and not aside.is_first_a_frame))
    check_page(page, pages, "frame", name)

    def unpack() -> Planes:
        if page:
            return pillow.decode(data, name, pillow.PillowCodec.PNG, page, Promise(width, height, 0, 8))
        raw, _ = decoded(b"".join(chunks), promise, name, "PNG")
        alpha = raw[:, :, 3] if raw.shape[2] == 4 else None
        if raw.shape[2] >= 3:
            return Planes(raw[:, :, :1] if colour == 4 else bgr_to_rgb(raw), alpha, note)
        if clear_grey is not None:
            alpha = np.where(raw[:, :, 0] == clear_grey, 0, np.iinfo(raw.dtype).max)
        return Planes(raw, alpha, note)

    value_bytes = (CHANNELS[colour] + bool(clear)) * (2 if bits == 16 else 1)
    metadata = Metadata(aside.profile, aside.exif, aside.resolution)
    orientation = orientation_in(aside.exif) or aside.by_xmp or 1
    return Header(width, height, orientation, value_bytes, unpack, pages, "frame", metadata)
