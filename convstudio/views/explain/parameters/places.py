"""Where everything lies on the picture at true scale, in logical pixels. Areas are counts."""

from dataclasses import dataclass
from math import ceil, log, sqrt

from PySide6.QtCore import QPointF, QRectF

from convstudio.core.edits.filters import filters_first
from convstudio.core.recipe.counts import Comparison
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense
from convstudio.core.recipe.plan import Step

LEFT, TOP, BOTTOM, EDGE, GAP = 40, 28, 32, 24, 24
WIDEST_COLUMN, NARROWEST_COLUMN = 240, 150
SMALLEST_CARD = 120
MOST_LINES = 1600  # pairs of an input and an output that can be drawn as lines
NEAREST_CELL = 88.0  # pixels of a weight, where the wheel ends
ROOM_OF_DOT = 72


@dataclass(frozen=True)
class Counted:
    """What is drawn: layers with their plans, and the three counts of all of them together."""

    steps: tuple[Step, ...]
    comparison: Comparison

    @property
    def is_alone(self) -> bool:
        return len(self.steps) == 1

    @property
    def has_lines(self) -> bool:
        """Whether there are so few connections that each can be a line."""
        is_dense = isinstance(self.steps[0].layer, Dense)
        return self.is_alone and not is_dense and self.comparison.dense.weights <= MOST_LINES


@dataclass(frozen=True)
class Mosaic:
    """All weights as cells: kernels in rows, so many rows and columns of cells for all of them."""

    kernels: int
    rows_of_kernels: int
    columns_of_kernels: int
    kernel_rows: int
    kernel_columns: int

    @property
    def rows(self) -> int:
        return self.rows_of_kernels * self.kernel_rows

    @property
    def columns(self) -> int:
        return self.columns_of_kernels * self.kernel_columns


def counted_steps(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The layers whose weights join other places; slopes and scales of single values are no matrix worth a picture."""
    return tuple(step for step in steps if step.weights and isinstance(step.layer, Conv | ConvTranspose | Dense))


def mosaic_of(counted: Counted) -> Mosaic:
    """How the weights lie as cells: a row for each filter where that is not too long, else near a square."""
    layer = counted.steps[0].layer
    if not counted.is_alone or not isinstance(layer, Conv | ConvTranspose):
        count = counted.comparison.conv.weights
        columns = ceil(sqrt(count))
        return Mosaic(count, ceil(count / columns), columns, 1, 1)
    filters, planes, height, width = filters_first(layer).shape
    columns = planes
    if not 1 / 3 <= planes * width / (filters * height) <= 3:
        columns = min(max(1, round(sqrt(filters * planes * height / width))), filters * planes)
    return Mosaic(filters * planes, ceil(filters * planes / columns), columns, height, width)


@dataclass(frozen=True)
class ScaleLayout:
    """The areas for one size of the picture.

    Parameters
    ----------
    blocks
        A rectangle for each layer, side by side; together they are the dense connections.
    scale
        Connections that a pixel of them stands for.
    local, dot
        The locally connected weights and the shared ones at the same scale.
    card
        Where the kernels are shown larger; empty where there is no room.
    """

    blocks: tuple[QRectF, ...]
    scale: float
    local: QRectF
    dot: QRectF
    card: QRectF
    magnified_most: float

    @property
    def matrix(self) -> QRectF:
        return QRectF(self.blocks[0].topLeft(), self.blocks[-1].bottomRight())


def places_for(counted: Counted, width: int, height: int) -> ScaleLayout:
    """Lay everything out."""
    column = float(min(max(round(0.22 * width), NARROWEST_COLUMN), WIDEST_COLUMN))
    matrix = QRectF(LEFT, TOP, max(width - LEFT - GAP - column - EDGE, 40), max(height - TOP - BOTTOM, 40))
    side = QRectF(matrix.right() + GAP, TOP, column, matrix.height())
    comparison = counted.comparison
    if counted.has_lines:
        return _few(counted, matrix, side)
    scale = comparison.dense.weights / (matrix.width() * matrix.height())
    blocks, x = [], matrix.left()
    for step in counted.steps:
        share = step.input.size * step.output.size / comparison.dense.weights
        blocks.append(QRectF(x, matrix.top(), matrix.width() * share, matrix.height()))
        x += matrix.width() * share
    local = _square(comparison.local.weights / scale, side.width(), side.bottomLeft())
    dot_size = _size_of_dot(counted, scale)
    has_room_beside = side.width() - local.width() >= ROOM_OF_DOT
    right = side.right() - ROOM_OF_DOT / 2 - dot_size.width() / 2
    bottom = side.bottom() if has_room_beside else local.top() - 28
    dot = QRectF(QPointF(right, bottom - dot_size.height()), dot_size.size())
    free = min(local.top(), dot.top()) - 40 - side.top()
    card = QRectF(side.left(), side.top(), side.width(), free) if free >= SMALLEST_CARD else QRectF()
    return ScaleLayout(tuple(blocks), scale, local, dot, card, _most(counted, dot, width, height))


def _few(counted: Counted, matrix: QRectF, side: QRectF) -> ScaleLayout:
    """With few connections the areas lie inside of each other, beside the lines."""
    comparison = counted.comparison
    whole = min(side.width(), side.height() - 40)
    scale = comparison.dense.weights / whole**2
    local = _square(comparison.local.weights / scale, side.width(), side.bottomLeft())
    dot_size = _size_of_dot(counted, scale)
    dot = QRectF(QPointF(side.left(), side.bottom() - dot_size.height()), dot_size.size())
    dense = QRectF(side.left(), side.bottom() - whole, whole, whole)
    return ScaleLayout(
        (matrix,), scale, local, dot, dense, _most(counted, dot, round(side.right()), round(side.bottom()))
    )


def _square(area: float, widest: float, corner: QPointF) -> QRectF:
    """A square of that area upon its lower left corner, or a rectangle where that would be too wide."""
    width = min(sqrt(area), widest)
    height = area / width if width else 0.0
    return QRectF(corner.x(), corner.y() - height, width, height)


def _size_of_dot(counted: Counted, scale: float) -> QRectF:
    mosaic = mosaic_of(counted)
    cell = sqrt(1 / scale)
    return QRectF(0, 0, mosaic.columns * cell, mosaic.rows * cell)


def _most(counted: Counted, dot: QRectF, width: int, height: int) -> float:
    """How often everything can be magnified: until the weights are cells that fill the picture."""
    mosaic = mosaic_of(counted)
    cell = max(dot.width() / mosaic.columns, 1e-12)
    fill = min(0.86 * width / max(dot.width(), 1e-12), 0.8 * height / max(dot.height(), 1e-12))
    return max(min(fill, NEAREST_CELL / cell), 1.0)


def share_of_zoom(most: float, factor: float) -> float:
    """How far one turn of the wheel goes, of the whole way to the nearest view."""
    return log(factor) / log(most) if most > factor else 1.0
