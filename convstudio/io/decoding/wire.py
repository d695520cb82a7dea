"""How the decoding process and the program's process talk, and what each picture may cost.

A message is a length, that many bytes of JSON, and the bytes that the JSON announces. Both sides import this; neither
processes nor decoding live here.
"""

import json
import struct
from collections.abc import Callable
from enum import StrEnum
from typing import Any

MEMORY = 4 * 2**30  # bytes that the decoding process may use
DECODING = 20.0  # seconds of a core for one picture, and of standing still
_LENGTH = struct.Struct("<I")
_LONGEST = 2**16


class Verdict(StrEnum):
    """What the decoding process says of a file."""

    DECODED = "decoded"
    REFUSED = "refused"  # a sentence says why
    FAULT = "fault"  # of ours, with the traceback


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
