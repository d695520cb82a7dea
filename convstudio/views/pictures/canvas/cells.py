"""Readable cells: the values on large pixels, inputs that take part and inputs that do not, the ring of the padding."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from convstudio.core.display.colours import Colours
from convstudio.core.geometry.borders import OUTSIDE, Border, mirrored
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.regions import Region, around
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.pictures.canvas.placement import ViewTransform
from convstudio.views.probe.probed import MOST_SIDE, Shade, mixed, shaded

READABLE = 20.0  # screen pixels of a cell from which a number stands in it
COLOUR_CELL = 52.0  # three numbers, one below the other
SHARE = 0.3  # of the cell, the text of a number
SMALLEST, LARGEST = 12, 24  # pixels of it
TOO_LONG = "…"
ROOMY = 30.0  # pixels for a number, from which it is at least said that there is one
MARGIN = 4  # pixels beside a number
GHOST = 0.55  # how much of the ground lies over a value in the padding


@dataclass(frozen=True)
class Ring:
    """The padding around a picture. Without a border its places have no value: a largest value never lies there."""

    pads: Amounts
    border: Border | None
    zero: tuple[int, int, int] = (0, 0, 0)  # the colour of a 0


def fitting(value: float, room: float, metrics: QFontMetricsF) -> str:
    """A number in as many digits as fit into so many screen pixels; "…" when not even two do."""
    for digits in (6, 5, 4, 3, 2):
        text = number(value, digits=digits)
        if metrics.horizontalAdvance(text) <= room:
            return text
    return TOO_LONG


def cell_font(font: QFont, side: float) -> QFont:
    """The font of a number in a cell of that side."""
    sized = QFont(font)
    sized.setPixelSize(round(min(max(SHARE * side, SMALLEST), LARGEST)))
    sized.setWeight(QFont.Weight.Medium)
    return sized


def is_readable(transform: ViewTransform, channels: int = 1) -> bool:
    """Whether pixels are large enough for their values."""
    return min(transform.view.wide, transform.view.high) >= (READABLE if channels == 1 else COLOUR_CELL)


def paint_values(
    painter: QPainter,
    transform: ViewTransform,
    planes: NDArray[np.float32],
    colours: Colours,
    corner: tuple[int, int] = (0, 0),
    *,
    shades: Sequence[Shade] = (),
    tokens: theme.Tokens = theme.LIGHT,
) -> None:
    """Print the value of every visible pixel on it, for colour pictures one line for each channel.

    `corner` is the row and the column of the first pixel. With shades a small grid shows which pixels take part.
    """
    channels, height, width = planes.shape
    has_shades = bool(shades) and max(height, width) <= MOST_SIDE and min(transform.view.wide, transform.view.high) > 8
    has_text = is_readable(transform, channels)
    if not has_text and not has_shades:
        return
    top, left = corner
    shown = transform.visible(top + height, left + width)
    writer = _CellWriter(painter, transform.view.wide)
    for row in range(max(shown.top, top), shown.bottom):
        for column in range(max(shown.left, left), shown.right):
            cell = transform.rectangle(Region(row, row + 1, column, column + 1))
            ground = QColor(*colours[row - top, column - left].tolist())
            ink = None
            if has_shades:
                takes_part = any(shade.holds(row, column) for shade in shades)
                ground = shaded(ground, (row, column), shades, tokens)
                painter.fillRect(cell, ground)
                ink = None if takes_part else mixed(ground, tokens.text, 0.62)
            if has_text:
                writer.write(cell, planes[:, row - top, column - left].tolist(), ink or theme.ink_over(ground))


def paint_ring(
    painter: QPainter,
    transform: ViewTransform,
    planes: NDArray[np.float32],
    colours: Colours,
    ring: Ring,
    tokens: theme.Tokens,
    *,
    shades: Sequence[Shade] = (),
) -> None:
    """The values that stand in the padding, paler than those of the picture."""
    channels, height, width = planes.shape
    if not is_readable(transform, channels):
        return
    pads = ring.pads
    outer = Region(-pads.top, height + pads.bottom, -pads.left, width + pads.right)
    writer = _CellWriter(painter, transform.view.wide)
    parts = around(Region(0, height, 0, width), outer)
    for part in (part.intersection(_on_screen(transform)) for part in parts):
        rows, columns = (
            mirrored(np.arange(*ends), length, ring.border or Border.ZEROS)
            for ends, length in ((part[:2], height), (part[2:], width))
        )
        for row, source_row in zip(range(*part[:2]), rows.tolist(), strict=True):
            for column, source_column in zip(range(*part[2:]), columns.tolist(), strict=True):
                cell = transform.rectangle(Region(row, row + 1, column, column + 1)).adjusted(1, 1, -1, -1)
                is_nowhere = OUTSIDE in (source_row, source_column)
                ground = QColor(*(ring.zero if is_nowhere else colours[source_row, source_column].tolist()))
                ground = tokens.stage if ring.border is None else mixed(ground, tokens.stage, GHOST)
                if shades and (ring.border is not None or any(shade.holds(row, column) for shade in shades)):
                    ground = shaded(ground, (row, column), shades, tokens)
                paint_ghost(painter, cell, ground, tokens)
                if ring.border is not None:
                    values = [0.0] * channels if is_nowhere else planes[:, source_row, source_column].tolist()
                    writer.write(cell, values, mixed(ground, theme.ink_over(ground), 0.72))


def paint_ghost(painter: QPainter, cell: QRectF, ground: QColor, tokens: theme.Tokens) -> None:
    """The ground of a cell that is none of the picture's."""
    painter.setPen(QPen(mixed(tokens.stage, tokens.muted, 0.5), 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(ground)
    painter.drawRect(cell.adjusted(0.5, 0.5, -0.5, -0.5))


def _on_screen(transform: ViewTransform) -> Region:
    top, left = transform.pixel_at(0, 0)
    bottom, right = transform.pixel_at(ceil(transform.width), ceil(transform.height))
    return Region(top, bottom + 1, left, right + 1)


class _CellWriter:
    """Writes numbers into cells of one side."""

    def __init__(self, painter: QPainter, side: float) -> None:
        self._painter, self._room = painter, side - MARGIN
        font = cell_font(painter.font(), side)
        painter.setFont(font)
        self._metrics = QFontMetricsF(font)

    def write(self, cell: QRectF, values: list[float], ink: QColor) -> None:
        """The values of one cell, one below the other."""
        texts = [fitting(value, self._room, self._metrics) for value in values]
        if TOO_LONG in texts and self._room < ROOMY:
            return  # better nothing than a row of dots
        text = "\n".join(texts)
        self._painter.setPen(ink)
        self._painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, text)
