"""The filters of a convolution as pictures: all on one scale, as many as there is room for."""

from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import SignedScale, limit_of, signed_colours
from convstudio.core.wording import counted
from convstudio.views import theme
from convstudio.views.painting import painting

GAP = 4  # pixels between filters
SMALLEST, LARGEST = 16, 88  # pixels that a filter is wide and high
MOST = 256  # filters that are drawn

Weight = NDArray[np.float32]
Pixels = NDArray[np.uint8]


def filter_pixels(weight: Weight, scale: SignedScale) -> Pixels:
    """One pixel for each weight of a filter's first plane, (filters, rows, columns, 3); of three planes a colour.

    Examples
    --------
    >>> filter_pixels(np.zeros((2, 1, 3, 5), np.float32), SignedScale.LIGHT).shape
    (2, 3, 5, 3)
    """
    limit = limit_of(weight)
    if weight.shape[1] == 3:
        shares = np.clip(weight.transpose(0, 2, 3, 1) / (2 * limit) + 0.5, 0, 1)
        colours: Pixels = np.rint(255 * shares).astype(np.uint8)
        return colours
    return signed_colours(weight[:, 0].astype(np.float64), limit, scale)


def caption_of(weight: Weight, drawn: int) -> str:
    """What the pictures show.

    Examples
    --------
    >>> caption_of(np.zeros((6, 3, 5, 5)), 6), caption_of(np.zeros((300, 64, 3, 3)), 256)
    ('6 filters in red, green and blue', '256 of 300 filters, of each the first of 64 planes')
    """
    filters, planes = weight.shape[:2]
    count = counted(filters, "filter") if drawn >= filters else f"{drawn} of {counted(filters, 'filter')}"
    if planes == 3:
        return f"{count} in red, green and blue"
    return count if planes == 1 else f"{count}, of each the first of {planes} planes"


class FilterSheet(QWidget):
    """Filters in rows, as large as they can be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bank-sheet")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(160, 120))
        self._weight: Weight = np.zeros((0, 1, 1, 1), np.float32)

    @property
    def drawn(self) -> int:
        """How many filters are drawn."""
        return min(len(self._weight), MOST, self._most())

    def show_weight(self, weight: Weight) -> None:
        """Show filters (filters, channels, rows, columns)."""
        self._weight = weight
        self.setAccessibleName(caption_of(weight, self.drawn))
        self.update()

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(360, 300)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw them, sharp, each with a frame."""
        with painting(self) as painter:
            count = self.drawn
            if not count:
                return
            columns, side = self._grid(count)
            pixels = np.ascontiguousarray(filter_pixels(self._weight[:count], theme.signed_scale(self)))
            height, width = pixels.shape[1:3]
            zoom = max(1, side // max(height, width))
            size = QSize(width * zoom, height * zoom)
            painter.setPen(QPen(theme.tokens(self).line, 1))
            for number, filter_ in enumerate(pixels):
                row, column = divmod(number, columns)
                image = QImage(filter_.data, width, height, 3 * width, QImage.Format.Format_RGB888)
                place = QRect(QPoint(column * (side + GAP) + 1, row * (side + GAP) + 1), size)
                painter.drawImage(place, image)
                painter.drawRect(place.adjusted(-1, -1, 0, 0))

    def _most(self) -> int:
        """How many have room where they are smallest."""
        side = self._least() + GAP
        return max(1, (self.width() + GAP) // side) * max(1, (self.height() + GAP) // side)

    def _least(self) -> int:
        return max(SMALLEST, int(max(self._weight.shape[2:])) + 2)

    def _grid(self, count: int) -> tuple[int, int]:
        """Columns, and the side of a filter, so that all have room and are as large as they can be."""
        first = max(1, round(sqrt(count * self.width() / max(1, self.height()))))
        sides = {}
        for columns in range(max(1, first - 2), first + 3):
            rows = ceil(count / columns)
            sides[columns] = min((self.width() + GAP) // columns, (self.height() + GAP) // rows) - GAP
        columns = max(sides, key=lambda number: sides[number])
        return columns, max(self._least() - 1, min(LARGEST, sides[columns]) - 2)
