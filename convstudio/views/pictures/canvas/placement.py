"""Where a picture lies on the screen, and how the outputs of two layers lie on one another; numbers only, no widget."""

from math import floor
from typing import NamedTuple

from PySide6.QtCore import QRectF

from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.scene import alignment_of

MOST_SCALE = 256.0  # screen pixels for one picture pixel
LEAST_SCALE = 1 / 64


class View(NamedTuple):
    """Which part of a picture is shown: (x, y) is in the middle of the pane, a pixel is `wide` × `high` on screen."""

    x: float
    y: float
    wide: float
    high: float

    def zoomed(self, factor: float, right: float = 0.0, down: float = 0.0) -> "View":
        """Enlarged by a factor around a point, in screen pixels from the middle, that stays where it is."""
        factor = min(max(factor, LEAST_SCALE / self.wide), MOST_SCALE / self.wide)
        x = self.x + right / self.wide * (1 - 1 / factor)
        y = self.y + down / self.high * (1 - 1 / factor)
        return View(x, y, self.wide * factor, self.high * factor)

    def moved(self, right: float, down: float) -> "View":
        """The picture pushed by so many screen pixels."""
        return self._replace(x=self.x - right / self.wide, y=self.y - down / self.high)


class ViewTransform:
    """From picture coordinates to screen coordinates and back, for one view and one size of the pane."""

    def __init__(self, view: View, width: float, height: float) -> None:
        self.view = view
        self.width = width
        self.height = height

    def rectangle(self, region: Region) -> QRectF:
        """Where a region is on the screen."""
        view = self.view
        return QRectF(
            (region.left - view.x) * view.wide + self.width / 2,
            (region.top - view.y) * view.high + self.height / 2,
            region.width * view.wide,
            region.height * view.high,
        )

    def rectangle_of(self, place: QRectF) -> QRectF:
        """Where a place between pixels is on the screen."""
        view = self.view
        return QRectF(
            (place.left() - view.x) * view.wide + self.width / 2,
            (place.top() - view.y) * view.high + self.height / 2,
            place.width() * view.wide,
            place.height() * view.high,
        )

    def pixel_at(self, x: float, y: float) -> tuple[int, int]:
        """The row and column under a point of the screen; may be outside of the picture."""
        view = self.view
        row = (y - self.height / 2) / view.high + view.y
        column = (x - self.width / 2) / view.wide + view.x
        return floor(row), floor(column)

    def visible(self, height: int, width: int) -> Region:
        """The part of a picture that is on the screen."""
        top, left = self.pixel_at(0, 0)
        bottom, right = self.pixel_at(self.width, self.height)
        return Region(
            min(max(top, 0), height), max(min(bottom + 1, height), 0), min(max(left, 0), width),
            max(min(right + 1, width), 0),
        )  # fmt: skip


class Link(NamedTuple):
    """How the pixels of one layer lie on another's: other = gain · here + shift on each axis, edges of pixels counted.

    Pixel i covers i … i + 1 on both sides.
    """

    gain_x: float = 1.0
    gain_y: float = 1.0
    shift_x: float = 0.0
    shift_y: float = 0.0

    def outward(self, view: View) -> View:
        """The same scene in the other layer's pixels."""
        return View(
            self.gain_x * view.x + self.shift_x,
            self.gain_y * view.y + self.shift_y,
            view.wide / self.gain_x,
            view.high / self.gain_y,
        )

    def inward(self, view: View) -> View:
        """A scene given in the other layer's pixels, in these."""
        return View(
            (view.x - self.shift_x) / self.gain_x,
            (view.y - self.shift_y) / self.gain_y,
            view.wide * self.gain_x,
            view.high * self.gain_y,
        )

    def to(self, other: "Link") -> "Link":
        """From these pixels to those of another layer, both being linked to the same third one."""
        return Link(
            self.gain_x / other.gain_x,
            self.gain_y / other.gain_y,
            (self.shift_x - other.shift_x) / other.gain_x,
            (self.shift_y - other.shift_y) / other.gain_y,
        )


def link_to_frame(plan: Plan, index: int) -> Link:
    """How the output of layer `index` lies on the frame: each pixel's centre on the centre of its receptive field."""
    return Link(*alignment_of(plan, index))


def fitted(width: float, height: float, room_width: float, room_height: float, *, is_filled: bool = False) -> View:
    """The whole picture as large as the room allows; filled, it leaves no room and is cut off."""
    scales = room_width / width, room_height / height
    scale = max(scales) if is_filled else min(scales)
    scale = min(max(scale, LEAST_SCALE), MOST_SCALE / 2)
    return View(width / 2, height / 2, scale, scale)
