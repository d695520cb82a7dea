"""How the reader process and the window's process talk: frames and messages one way, orders the other way.

Both sides import this; neither opening sources nor threads live here.
"""

import json
import struct
from enum import StrEnum
from typing import Any

# Magic, channels (0: a message in JSON, FILE: a picture's file), height, width, bytes that follow, position in seconds.
HEADER = struct.Struct("<4sBIIQd")
MAGIC = b"CvS1"
FILE = 255
LARGEST = 2**26  # pixels of one frame; 8K video has 2^25
MOST_BYTES = 3 * LARGEST
LONGEST_MESSAGE = 2**20


class AddressKind(StrEnum):
    """What an address leads to."""

    CAMERA = "camera"
    STREAM = "stream"
    FILE = "file"


class Order(StrEnum):
    """What the window asks of the reader, one JSON line each."""

    OPEN = "open"
    NEXT = "next"  # the window's side is ready for a frame: send the newest as soon as there is one
    PAUSE = "pause"
    RESUME = "resume"
    SEEK = "seek"
    LOOP = "loop"


class News(StrEnum):
    """What the reader tells apart from frames."""

    OPENED = "opened"
    PLAYING = "playing"
    PAUSED = "paused"
    SEEN = "seen"  # a frame came while the source is held
    BEAT = "beat"  # a video waits for its next frame: all is well
    LOADING = "loading"  # a still picture is being downloaded
    TICK = "tick"  # nothing new; so that a side that can only read without a time limit looks at its clock
    ENDED = "ended"
    FAILED = "failed"  # the last word of a reader; with a sentence


def order_line(order: Order, **details: object) -> bytes:
    """One order, ready for the reader's standard input."""
    return json.dumps({"do": order, **details}).encode() + b"\n"


def news_bytes(news: News, **details: object) -> bytes:
    """One message with its header, ready for the window's side."""
    body = json.dumps({"is": news, **details}).encode()
    return HEADER.pack(MAGIC, 0, 0, 0, len(body), 0.0) + body


def file_bytes(data: bytes) -> bytes:
    """The file of a still picture with its header, ready for the window's side."""
    return HEADER.pack(MAGIC, FILE, 0, 0, len(data), 0.0) + data


def parsed(line: bytes | bytearray | memoryview) -> dict[str, Any]:
    """An order or a message as a dictionary."""
    made: dict[str, Any] = json.loads(bytes(line))
    return made
