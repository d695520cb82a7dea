"""The weights as cells: the card beside the matrix, and the dot when the wheel has come near."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.colours import SignedScale, limit_of, signed_colours
from convstudio.core.edits.filters import filters_first
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.wording import counted as counted_noun
from convstudio.core.wording import number, rounded
from convstudio.views import theme
from convstudio.views.explain.parameters.places import Counted, Mosaic, mosaic_of

INSET, TITLE, HEAD, GUTTER = 16, 40, 22, 24
LARGEST_CELL, SMALLEST_CELL = 40, 3
CELL_WITH_NUMBER, CELL_WITH_LINES = 36.0, 6.0
MOST_CELLS = 2**20  # of a picture of all weights
THREE = ("red", "green", "blue")


@dataclass(frozen=True)
class Fit:
    """How many kernels the card shows, and how large a cell is."""

    cell: int
    filters: int
    planes: int


def names_of_channels(count: int) -> tuple[str, ...]:
    """What the input channels are called where there is room for words."""
    return THREE if count == len(THREE) else tuple(str(place + 1) for place in range(count))


def kernels_of(counted: Counted) -> NDArray[np.float64] | None:
    """The filters (filters, planes, height, width) of the one layer that is counted; None for a stack."""
    layer = counted.steps[0].layer
    return filters_first(layer) if counted.is_alone and isinstance(layer, Conv | ConvTranspose) else None


def fit_of(filters: NDArray[np.float64], area: QRectF) -> Fit:
    """The largest cells with which all kernels fit, or as many kernels as fit with the smallest."""
    count, planes, height, width = filters.shape
    room_across = area.width() - 2 * INSET - GUTTER
    room_down = area.height() - TITLE - HEAD - INSET - 8
    gap = 6

    def cell_for(shown_filters: int, shown_planes: int) -> int:
        across = (room_across - gap * (shown_planes - 1)) / (shown_planes * width)
        down = (room_down - gap * (shown_filters - 1)) / (shown_filters * height)
        return int(min(across, down, LARGEST_CELL))

    shown_filters, shown_planes = count, planes
    while cell_for(shown_filters, shown_planes) < SMALLEST_CELL and (shown_filters > 1 or shown_planes > 1):
        is_wide = shown_planes * width * room_down > shown_filters * height * room_across
        if (is_wide and shown_planes > 1) or shown_filters == 1:
            shown_planes -= 1
        else:
            shown_filters -= 1
    return Fit(max(cell_for(shown_filters, shown_planes), 1), shown_filters, shown_planes)


def _head(filters: NDArray[np.float64]) -> int:
    """What the names of the channels take; one alone has none."""
    return HEAD if filters.shape[1] > 1 else 0


def _height_of(filters: NDArray[np.float64], fit: Fit) -> float:
    """How high the card has to be."""
    return TITLE + _head(filters) + fit.filters * (fit.cell * int(filters.shape[2]) + 6) + INSET - 6.0


def magnification(fit: Fit, scale: float) -> str:
    """How much larger than at scale the cells of the card are, in area.

    Examples
    --------
    >>> magnification(Fit(9, 6, 3), 34.2)
    '2,800'
    """
    times = fit.cell**2 * scale
    digits = max(len(str(round(times))) - 2, 0)
    return f"{round(times, -digits):,.0f}" if times < 10**6 else rounded(round(times))


def paint_card(painter: QPainter, widget: QWidget, area: QRectF, counted: Counted, scale: float) -> None:
    """Draw the kernels of a layer, or the layers of a stack, on a card."""
    colours, filters = theme.tokens(widget), kernels_of(counted)
    fit = None if filters is None else fit_of(filters, area)
    if filters is not None and fit is not None:  # upon the dot, as high as it has to be
        area = area.adjusted(0, max(area.height() - _height_of(filters, fit), 0), 0, 0)
    painter.setPen(Qt.PenStyle.NoPen)
    shadow = QColor(0, 0, 0, 14)
    for grow in (6, 4, 2):
        painter.setBrush(shadow)
        painter.drawRoundedRect(area.adjusted(-grow, -grow + 2, grow, grow + 2), 8 + grow, 8 + grow)
    painter.setBrush(colours.card)
    painter.setPen(QPen(colours.line, 1))
    painter.drawRoundedRect(area, 8, 8)
    if filters is None or fit is None:
        _paint_layers(painter, widget, area, counted)
    else:
        _paint_kernels(painter, widget, area, filters, fit, scale)


def _paint_kernels(
    painter: QPainter, widget: QWidget, area: QRectF, filters: NDArray[np.float64], fit: Fit, scale: float
) -> None:
    colours = theme.tokens(widget)
    count, planes, height, width = filters.shape
    is_all = (fit.filters, fit.planes) == (count, planes)
    title = f"The dot, {magnification(fit, scale)} times larger"
    if not is_all:
        cut = f", {fit.planes} of {planes} channels" if fit.planes < planes else ""
        title = f"{fit.filters} of {count} filters{cut}"
    if is_all and not _fits(widget, title, area):
        title = f"{magnification(fit, scale)} times larger"
        title = title if _fits(widget, title, area) else f"× {magnification(fit, scale)}"
    _title(painter, widget, area, title)
    painter.setFont(widget.font())
    limit, gap = limit_of(filters), 6
    across = fit.planes * (fit.cell * width + gap) - gap
    left = area.left() + INSET + GUTTER + max((area.width() - 2 * INSET - GUTTER - across) / 2 - GUTTER / 2, 0)
    top = area.top() + TITLE + _head(filters)
    painter.setPen(colours.muted)
    names = names_of_channels(planes)
    step = fit.cell * width + gap
    if planes > 1 and all(QFontMetrics(painter.font()).horizontalAdvance(name) < step + 2 for name in names):
        for plane in range(fit.planes):
            place = QRectF(left + plane * step - gap, top - HEAD, fit.cell * width + 2 * gap, HEAD - 4)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, names[plane])
    for index in range(fit.filters):
        y = top + index * (fit.cell * height + gap)
        if count > 1 and fit.cell * height >= 14:
            painter.setPen(colours.muted)
            place = QRectF(area.left() + 4, y, left - area.left() - 12, fit.cell * height)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(index + 1))
        for plane in range(fit.planes):
            kernel = QRectF(left + plane * step, y, fit.cell * width, fit.cell * height)
            _paint_cells(painter, widget, kernel, filters[index, plane], limit)


def _paint_cells(painter: QPainter, widget: QWidget, area: QRectF, plane: NDArray[np.float64], limit: float) -> None:
    """One kernel with hairlines between its cells."""
    painter.drawImage(area, cells_image(plane, limit, theme.signed_scale(widget)))
    rows, columns = plane.shape
    if area.width() / columns < CELL_WITH_LINES:
        return
    line = QColor(theme.tokens(widget).muted)
    line.setAlpha(90)
    painter.setPen(QPen(line, 1))
    for column in range(columns + 1):
        x = area.left() + column * area.width() / columns
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    for row in range(rows + 1):
        y = area.top() + row * area.height() / rows
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def _paint_layers(painter: QPainter, widget: QWidget, area: QRectF, counted: Counted) -> None:
    """The layers of a stack as squares of their weights."""
    colours = theme.tokens(widget)
    _title(painter, widget, area, "The dot is all layers")
    painter.setFont(widget.font())
    metrics = QFontMetrics(painter.font())
    most = max(step.weights for step in counted.steps)
    row = min(48.0, (area.height() - TITLE - INSET) / len(counted.steps))
    for place, step in enumerate(counted.steps):
        y = area.top() + TITLE + place * row
        side = max(1.0, (row - 8) * (step.weights / most) ** 0.5)
        painter.fillRect(QRectF(area.left() + INSET, y + (row - side) / 2, side, side), colours.convolution)
        left = area.left() + INSET + 48
        weights = rounded(step.weights)
        painter.setPen(colours.text)
        place_of_text = QRectF(left, y, area.right() - INSET - left, row)
        painter.drawText(place_of_text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, weights)
        room = int(place_of_text.width() - metrics.horizontalAdvance(weights) - 8)
        title = metrics.elidedText(step.title, Qt.TextElideMode.ElideRight, room)
        painter.setPen(colours.muted)
        painter.drawText(place_of_text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)


def _fits(widget: QWidget, text: str, area: QRectF) -> bool:
    font = QFont(widget.font())
    font.setWeight(QFont.Weight.DemiBold)
    return QFontMetrics(font).horizontalAdvance(text) <= area.width() - 2 * INSET


def _title(painter: QPainter, widget: QWidget, area: QRectF, text: str) -> None:
    font = QFont(widget.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme.tokens(widget).text)
    room = QRectF(area.left() + INSET, area.top(), area.width() - 2 * INSET, TITLE)
    text = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def cells_image(plane: NDArray[np.float64], limit: float, scale: SignedScale) -> QImage:
    """One pixel for a weight, in the signed colours."""
    pixels = np.ascontiguousarray(signed_colours(plane, limit, scale))
    rows, columns, _ = pixels.shape
    return QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


def mosaic_image(counted: Counted, scale: SignedScale) -> QImage:
    """All weights, a pixel for each, as they lie in the dot; empty where there are too many for cells."""
    mosaic, filters = mosaic_of(counted), kernels_of(counted)
    if filters is None or mosaic.rows * mosaic.columns > MOST_CELLS:
        return QImage()
    cells = np.full((mosaic.rows_of_kernels * mosaic.columns_of_kernels, *filters.shape[2:]), np.nan)
    cells[: mosaic.kernels] = filters.reshape(-1, *filters.shape[2:])
    laid = cells.reshape(mosaic.rows_of_kernels, mosaic.columns_of_kernels, *filters.shape[2:]).swapaxes(1, 2)
    plane = laid.reshape(mosaic.rows, mosaic.columns)
    is_cell = ~np.isnan(plane)
    colours = signed_colours(np.where(is_cell, plane, 0.0), limit_of(filters), scale)
    pixels = np.ascontiguousarray(np.dstack([colours, np.where(is_cell, 255, 0).astype(np.uint8)]))
    return QImage(pixels.data, mosaic.columns, mosaic.rows, 4 * mosaic.columns, QImage.Format.Format_RGBA8888).copy()


def paint_mosaic(
    painter: QPainter, widget: QWidget, area: QRectF, counted: Counted, image: QImage, visible: QRect
) -> None:
    """The dot as large as it is by now: its cells, lines between them, and numbers where there is room."""
    colours = theme.tokens(widget)
    if image.isNull():
        painter.fillRect(area, colours.convolution)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    painter.drawImage(area, image)
    mosaic, filters = mosaic_of(counted), kernels_of(counted)
    cell = area.width() / mosaic.columns
    if cell < CELL_WITH_LINES or filters is None:
        return
    _paint_lines(painter, area, mosaic, colours)
    if cell >= CELL_WITH_NUMBER:
        _paint_numbers(painter, widget, area, mosaic, filters, QRectF(visible))


def _paint_lines(painter: QPainter, area: QRectF, mosaic: Mosaic, colours: theme.Tokens) -> None:
    cell = area.width() / mosaic.columns
    fine, strong = QColor(colours.muted), QColor(colours.stage)
    fine.setAlpha(70)
    for column in range(mosaic.columns + 1):
        x, is_edge = area.left() + column * cell, column % mosaic.kernel_columns == 0
        painter.setPen(QPen(strong if is_edge else fine, 3 if is_edge else 1))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    for row in range(mosaic.rows + 1):
        y, is_edge = area.top() + row * cell, row % mosaic.kernel_rows == 0
        painter.setPen(QPen(strong if is_edge else fine, 3 if is_edge else 1))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def _paint_numbers(
    painter: QPainter, widget: QWidget, area: QRectF, mosaic: Mosaic, filters: NDArray[np.float64], visible: QRectF
) -> None:
    cell, limit = area.width() / mosaic.columns, limit_of(filters)
    font = theme.numbers_font(widget)
    font.setPixelSize(round(min(max(0.3 * cell, 12), 24)))
    painter.setFont(font)
    kernels = filters.reshape(-1, *filters.shape[2:])
    for place, plane in enumerate(kernels):
        top, left = divmod(place, mosaic.columns_of_kernels)
        for (row, column), value in np.ndenumerate(plane):
            spot = QRectF(
                area.left() + (left * mosaic.kernel_columns + column) * cell,
                area.top() + (top * mosaic.kernel_rows + row) * cell,
                cell, cell,
            )  # fmt: skip
            if visible.intersects(spot):
                red, green, blue = signed_colours(np.array(value), limit, theme.signed_scale(widget)).tolist()
                painter.setPen(theme.ink_on(red, green, blue))
                painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, number(float(value), digits=2))


def weights_word(counted: Counted) -> str:
    """What the dot is."""
    return counted_noun(counted.comparison.conv.weights, "weight")
