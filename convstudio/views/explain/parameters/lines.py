"""Connections as lines, where there are few: inputs at the left, outputs at the right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.plan import Step
from convstudio.insight.matrix.entries import BLANK, MatrixEntries, entries_of
from convstudio.insight.matrix.submatrix import submatrix_around
from convstudio.insight.trace.taps import Unit
from convstudio.views import theme
from convstudio.views.explain.matrix.cells import COLOURS

ROW_GAP = 0.6  # between rows of a picture, in distances of two pixels of one row
HEAD = 22


@dataclass(frozen=True, eq=False)
class ConnectionLines:
    """A layer of few connections, with the weight that each of them shares."""

    inputs: Shape
    outputs: Shape
    entries: MatrixEntries

    @property
    def count(self) -> int:
        return self.entries.places


def lines_of(step: Step) -> ConnectionLines | None:
    """The connections of a layer, where all of them can be listed."""
    submatrix = submatrix_around(step, Unit(0, 0, 0))
    if submatrix is None or (submatrix.outputs, submatrix.inputs) != (step.output.size, step.input.size):
        return None
    return ConnectionLines(step.input, step.output, entries_of(step, submatrix))


def heights_of(shape: Shape, top: float, height: float) -> list[float]:
    """Where the pixels of a picture stand in a column: in their order, with a gap behind each row."""
    places, y = [], 0.0
    for _ in range(shape.channels):
        for _ in range(shape.height):
            for _ in range(shape.width):
                places.append(y)
                y += 1.0
            y += ROW_GAP
        y += ROW_GAP
    last = places[-1] or 1.0
    return [top + height * place / last for place in places]


def paint_lines(
    painter: QPainter, widget: QWidget, area: QRectF, lines: ConnectionLines, position: float, hovered: int | None
) -> None:
    """Draw all connections at a place of the slider; those of the output under the mouse stand out."""
    colours = theme.tokens(widget)
    left, right = area.left() + 56, area.right() - 56
    top, height = area.top() + HEAD, area.height() - HEAD - 8
    inputs, outputs = (heights_of(shape, top, height) for shape in (lines.inputs, lines.outputs))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def segment(output: int, source: int) -> QLineF:
        return QLineF(QPointF(left, inputs[source]), QPointF(right, outputs[output]))

    whole = max(0.0, 1.0 - position)
    if whole > 0:
        grey = QColor(colours.dense)
        grey.setAlphaF(0.55 * whole)
        painter.setPen(QPen(grey, 1))
        painter.drawLines([segment(row, column) for row in range(len(outputs)) for column in range(len(inputs))])
    window, tied = min(position, 1.0), max(0.0, position - 1.0)
    identities = lines.entries.identities
    for output, source in np.argwhere(identities != BLANK).tolist():
        is_dim = hovered is not None and output != hovered
        pen = _mixed(colours.local, tie_colour(int(identities[output, source])), tied)
        pen.setAlphaF(window * (0.12 if is_dim else 0.95))
        painter.setPen(QPen(pen, 1.4 if hovered is None or is_dim else 2.4))
        painter.drawLine(segment(output, source))
    _paint_nodes(painter, [left], inputs, colours.muted, None, colours)
    _paint_nodes(painter, [right], outputs, colours.muted, hovered, colours)
    painter.setPen(colours.muted)
    painter.setFont(widget.font())
    for x, shape, word in ((left, lines.inputs, "inputs"), (right, lines.outputs, "outputs")):
        place = QRectF(x - 56, area.top() - 4, 112, HEAD - 4)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, f"{shape.size} {word}")
    painter.restore()


def output_at(area: QRectF, lines: ConnectionLines, place: QPointF) -> int | None:
    """The output whose node is near the mouse."""
    if abs(place.x() - (area.right() - 56)) > 40:
        return None
    outputs = heights_of(lines.outputs, area.top() + HEAD, area.height() - HEAD - 8)
    nearest = min(range(len(outputs)), key=lambda index: abs(outputs[index] - place.y()))
    return nearest if abs(outputs[nearest] - place.y()) < 20 else None


def tie_colour(identity: int) -> QColor:
    """The colour of a shared weight."""
    return QColor(COLOURS[identity % len(COLOURS)])


def _paint_nodes(
    painter: QPainter, columns: Sequence[float], rows: Sequence[float], colour: QColor, hovered: int | None,
    colours: theme.Tokens,
) -> None:  # fmt: skip
    painter.setPen(Qt.PenStyle.NoPen)
    for x in columns:
        for place, y in enumerate(rows):
            painter.setBrush(colours.accent if place == hovered else colour)
            painter.drawEllipse(QPointF(x, y), 3.4, 3.4)


def _mixed(first: QColor, second: QColor, share: float) -> QColor:
    start, end = (np.array([colour.redF(), colour.greenF(), colour.blueF()]) for colour in (first, second))
    return QColor.fromRgbF(*(start + (end - start) * share).tolist())
