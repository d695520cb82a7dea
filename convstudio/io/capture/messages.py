"""What the reader process and the window's process say to each other.

Orders go to the reader as {do: an `Order`}, news come back as {is: a `News`}; a frame or a file is a message's body.
How messages travel is the business of `io.processes`.
"""

from enum import StrEnum

LARGEST = 2**26  # pixels of one frame; 8K video has 2^25


class AddressKind(StrEnum):
    """What an address leads to."""

    CAMERA = "camera"
    STREAM = "stream"
    FILE = "file"


class Order(StrEnum):
    """What the window asks of the reader."""

    OPEN = "open"  # the first one
    NEXT = "next"  # the window's side is ready for a frame: send the newest as soon as there is one
    PAUSE = "pause"
    RESUME = "resume"
    SEEK = "seek"
    LOOP = "loop"


class News(StrEnum):
    """What the reader sends."""

    FRAME = "frame"  # with its pixels
    FILE = "file"  # of a still picture, which is all there is
    OPENED = "opened"
    PLAYING = "playing"
    PAUSED = "paused"
    SEEN = "seen"  # a frame came while the source is held
    BEAT = "beat"  # a video waits for its next frame: all is well
    LOADING = "loading"  # a still picture is being downloaded
    TICK = "tick"  # nothing new; so that a side that can only read without a time limit looks at its clock
    ENDED = "ended"
    FAILED = "failed"  # the last word of a reader; with a sentence
