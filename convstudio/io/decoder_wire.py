"""How the decoding process and the program's process talk, and what a file's header tells about its pixels.

A message is a length, that many bytes of JSON, and the bytes that the JSON announces. Both sides import this; neither
processes nor decoding live here.
"""

import json
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

MEMORY = 4 * 2**30  # bytes that the decoding process may use
DECODING = 20.0  # seconds for one picture
_LENGTH = struct.Struct("<I")
_LONGEST = 2**16


class Reading(NamedTuple):
    """How the numbers that OpenCV decodes are to be read; it looks at none of this itself."""

    width: int
    height: int
    orientation: int = 1  # as EXIF counts it
    is_grey: bool = False  # the colour planes repeat one grey plane
    has_alpha: bool = True  # a fourth plane is opacity
    is_alpha_doubtful: bool = False  # the fourth plane may be left empty by the program that wrote it
    clear_grey: int | None = None  # the grey that stands for "transparent"
    is_white_zero: bool = False  # 16-bit values that count from white to black
    is_interleaved: bool = False  # a picture of double width, in which grey and opacity alternate
    run: int = 0  # an interleaved picture may hold differences of neighbours, anew after so many pixels


class Verdict(StrEnum):
    """What the decoding process says of a file."""

    DECODED = "decoded"
    DAMAGED = "damaged"
    TOO_MUCH = "too much"  # memory
    NOT_NUMBERS = "not numbers"


def message(about: dict[str, Any]) -> bytes:
    """The head of a message; the bytes that it announces follow it."""
    body = json.dumps(about).encode()
    return _LENGTH.pack(len(body)) + body


def head(read: Callable[[int], bytes]) -> dict[str, Any] | None:
    """The head of the next message, or None where the other side has gone."""
    start = read(_LENGTH.size)
    if len(start) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(start)
    if length > _LONGEST:
        return None
    body = read(length)
    if len(body) < length:
        return None
    about: dict[str, Any] = json.loads(body)
    return about
