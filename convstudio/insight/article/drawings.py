"""Which drawings a section of the argument can have on its card."""

from enum import StrEnum


class Drawing(StrEnum):
    """A drawing; the value is its name in the file of the sections."""

    NOTHING = ""
    THREE_PLACES = "three places"
    SUMS = "sums"
