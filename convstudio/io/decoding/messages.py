"""What the decoding process and the program say to each other, and how much work a picture may cost.

The program sends {name, page} with the bytes of a file. The process answers {is: a `Reply`}, with the planes' bytes
where it decoded the file, and behind them those of its profile and of its EXIF data. How messages travel is the
business of `io.processes`.
"""

from enum import StrEnum

DECODING = 20.0  # seconds of a core for one picture, and of standing still


class Reply(StrEnum):
    """What the decoding process says of a file."""

    DECODED = "decoded"  # with shape, type, has_alpha, white, note, pages and what comes with the picture
    REFUSED = "refused"  # with a sentence: why
    FAULT = "fault"  # an error of ours, with its trace
