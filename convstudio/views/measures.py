"""The sizes of the window's parts: four tables of logical pixels on a grid of eight, chosen by the room there is."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class Measures:
    """Logical pixels. `kernel_box` is a multiple of 31, so that 31×31 cells stay sharp."""

    menu_row: int
    stage_row: int
    flow: int
    bottom_row: int
    inspector: int
    kernel_box: int
    field: int  # the height of a field
    margin: int  # inside of the inspector
    has_second_line: bool  # cards of the flow have a line for the shape, buttons have their words
    has_pages: bool  # the inspector's controls need two pages


COMPACT = Measures(24, 40, 40, 32, 248, 155, 28, 12, has_second_line=False, has_pages=True)
SMALL = Measures(24, 40, 48, 36, 248, 186, 28, 12, has_second_line=False, has_pages=False)
MEDIUM = Measures(28, 44, 80, 40, 312, 248, 32, 16, has_second_line=True, has_pages=False)
LARGE = Measures(28, 44, 80, 40, 400, 310, 32, 16, has_second_line=True, has_pages=False)


@runtime_checkable
class Measured(Protocol):
    """A widget whose sizes depend on the room that the window has."""

    def show_measures(self, measures: Measures) -> None:
        """Take these sizes."""


def measures_for(width: int, height: int) -> Measures:
    """The sizes for a window of so many logical pixels.

    Examples
    --------
    >>> measures_for(1440, 900).kernel_box, measures_for(1024, 700).inspector, measures_for(960, 540).has_pages
    (248, 248, True)
    """
    if width < 1024 or height < 680:
        return COMPACT
    if width < 1280 or height < 800:
        return SMALL
    return LARGE if width >= 1800 and height >= 1000 else MEDIUM
