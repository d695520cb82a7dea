"""PGM, PPM, PBM and PFM: their short headers are read here, their pixels by OpenCV, which keeps their numbers."""

import re

from convstudio.io.decoding.opencv import Planes, Promise, bgr_to_rgb, decoded
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off, damaged

CODEC = "PGM, PPM and PFM"
WORD = rb"(?:[ \t\r\n]|#[^\n]*\n)+"  # what is between two numbers: room, and comments
SIZE = re.compile(rb"P([1-6Ff])" + WORD + rb"(\d{1,9})" + WORD + rb"(\d{1,9})")
MOST = re.compile(WORD + rb"(\d{1,6})[ \t\r\n]")
SCALE = re.compile(WORD + rb"[-+0-9.eE]+[ \t\r\n]")
TEXT, BITS, COLOURS, FLOATS = b"123", b"14", b"36F", b"Ff"


def read(data: bytes, name: str, page: int) -> Header:
    """The header; white is the number that it calls the greatest."""
    check_page(page, 1, "page", name)
    size = SIZE.match(data, 0, 4096)
    if size is None:
        raise cut_off(name) if len(data) < 4096 else damaged(name, "it does not say how large it is")
    kind, width, height = size[1], int(size[2]), int(size[3])
    most, start = 255, size.end() + 1
    if kind in FLOATS or kind not in BITS:
        match = (SCALE if kind in FLOATS else MOST).match(data, size.end(), size.end() + 4096)
        if match is None:
            raise cut_off(name)
        most, start = int(match[1]) if kind not in FLOATS else 1, match.end()
    if not 0 < most <= 65535:
        raise damaged(name, f"its greatest value is {most}")
    channels = 3 if kind in COLOURS else 1
    value_bytes = 4 if kind in FLOATS else 1 if most < 256 else 2
    if kind not in TEXT:
        row = (width + 7) // 8 if kind in BITS else width * channels * value_bytes
        if start + row * height > len(data):
            raise cut_off(name)

    def unpack() -> Planes:
        raw, _ = decoded(data, Promise(width, height, channels, 8 * value_bytes), name, CODEC)
        white = 0.0 if kind in FLOATS else float(most)
        return Planes(bgr_to_rgb(raw) if raw.shape[2] == 3 else raw, white=white)

    return Header(width, height, 1, channels * value_bytes, unpack)
