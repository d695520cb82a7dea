"""JPEG 2000: the size of its codestream is read here, its pixels by OpenCV: of 1 to 16 bits, with alpha or without."""

import struct

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.opencv import Planes, Promise, bgr_to_rgb, decoded, warning
from convstudio.io.decoding.picture import NO_END, Header, check_page
from convstudio.io.decoding.refusals import cut_off, damaged

CODES = b"\xff\x4f\xff\x51"  # where the codestream begins: its start and its size
END = b"\xff\xd9"
CODEC = "JPEG 2000"
IS_SIGNED = 0x80


def read(data: bytes, name: str, page: int) -> Header:
    """The header of a JPEG 2000 file, in its boxes or bare."""
    check_page(page, 1, "page", name)
    start = data.find(CODES)
    if start < 0:
        raise cut_off(name)
    right, bottom, left, top = struct.unpack_from(">IIII", data, start + 8)
    (channels,) = struct.unpack_from(">H", data, start + 40)
    depths = data[start + 42 : start + 42 + 3 * channels : 3]
    width, height = right - left, bottom - top
    if len(depths) < channels:
        raise cut_off(name)
    if channels not in (1, 2, 3, 4):
        raise ConvStudioError(
            f"“{name}” holds {channels} channels, but a picture has 1 to 4; save it as grey or RGB first."
        )
    if len(set(depths)) > 1 or depths[0] & IS_SIGNED or depths[0] >= 16:
        raise ConvStudioError(
            f"“{name}” holds signed or uneven values, or values of more than 16 bits, which are not read from "
            "JPEG 2000; save it as TIFF."
        )
    bits = depths[0] + 1
    has_end = data.rstrip(b"\0").endswith(END) or END in data[-64:]
    if not 0 < width <= 2**31 or not 0 < height <= 2**31:
        raise damaged(name, "its size makes no sense")

    def unpack() -> Planes:
        promise = Promise(width, height, channels if channels != 2 else 1, 8 if bits <= 8 else 16)
        raw, complaint = decoded(data, promise, name, CODEC)
        if not has_end and complaint:
            raise cut_off(name)
        alpha = raw[:, :, 3] if raw.shape[2] == 4 else None
        note = " ".join(filter(None, ("" if has_end else NO_END, warning(complaint))))
        if channels == 2 and raw.shape[2] == 1:
            note = " ".join(filter(None, (note, "Its opacity is not read.")))
        pixels = bgr_to_rgb(raw) if raw.shape[2] >= 3 else raw[:, :, :1]
        return Planes(np.ascontiguousarray(pixels), alpha, note, float(2**bits - 1))

    return Header(width, height, 1, channels * (1 if bits <= 8 else 2), unpack)
