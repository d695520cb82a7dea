"""The difference between two results as a picture: cool where it is less, warm where it is more."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import SignedScale, signed_colours
from convstudio.core.wording import number, row_and_column
from convstudio.insight.conventions.comparison import LibraryComparison, LibraryResult
from convstudio.views import theme
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

LEAST_HEIGHT = 96
CLEAR = 0  # alpha where there is no number
USUAL = 0.95  # share of the differences that stay below full colour: a few at the border would leave all else pale


def limit_of(row: LibraryResult, comparison: LibraryComparison) -> float:
    """The difference that has full colour: 95 % of all stay below it. Mere rounding is pale."""
    sizes = np.abs(row.difference[np.isfinite(row.difference)])
    sizes = sizes[sizes > comparison.rounding]
    return float(np.quantile(sizes, USUAL)) if sizes.size else 1e6 * comparison.rounding


def difference_image(difference: NDArray[np.float64], limit: float, scale: SignedScale = SignedScale.LIGHT) -> QImage:
    """The signed differences in colours; transparent where there is none."""
    has_number = ~np.isnan(difference)
    colours = signed_colours(np.where(has_number, difference, 0), limit, scale)
    pixels = np.dstack([colours, np.where(has_number, 255, CLEAR).astype(np.uint8)])
    height, width, _ = pixels.shape
    return QImage(np.ascontiguousarray(pixels).data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


class DifferencePicture(TooltipPicture):
    """One difference, as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("conventions-difference")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._difference = np.zeros((1, 1))
        self._ours = np.zeros((1, 1))
        self._limit = 1.0
        self._image = QImage()

    def show_difference(self, difference: NDArray[np.float64], ours: NDArray[np.float64], limit: float) -> None:
        """Show another difference from our numbers; `limit` has full colour."""
        self._difference, self._ours, self._limit = difference, ours, limit
        self._image = difference_image(difference, limit, theme.signed_scale(self))
        self.setAccessibleName(f"The difference from this layer, up to {number(limit)}, as a picture")
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and not self._image.isNull():
            self.show_difference(self._difference, self._ours, self._limit)

    def sizeHint(self) -> QSize:
        """A square; it grows with the room there is."""
        return QSize(160, LEAST_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Smaller, single rows of pixels at the border would not be seen."""
        return QSize(LEAST_HEIGHT, LEAST_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the pixels, hatched where there is no number."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            area = self._area()
            painter.fillRect(area, QBrush(QColor(127, 127, 127, 130), Qt.BrushStyle.BDiagPattern))
            painter.drawImage(area, self._image)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(area)

    def sentence_at(self, at: QPoint) -> str:
        """Both numbers of the pixel under a point, or ""."""
        area = self._area()
        rows, columns = self._difference.shape
        column = int((at.x() - area.left()) // (area.width() / columns))
        row = int((at.y() - area.top()) // (area.height() / rows))
        if not (0 <= row < rows and 0 <= column < columns):
            return ""
        ours, difference = float(self._ours[row, column]), float(self._difference[row, column])
        where = f"R{row_and_column(row, column)[1:]}"
        if np.isnan(difference):
            return f"{where}: this layer {number(ours)}; here it makes no output."
        return f"{where}: this layer {number(ours)}, there {number(ours + difference)}."

    def _area(self) -> QRectF:
        rows, columns = self._difference.shape
        side = min((self.width() - 1) / columns, (self.height() - 1) / rows)
        return QRectF(0, 0, max(side * columns, 1), max(side * rows, 1))


class ResultPicture(QWidget):
    """One result, signed where ours is, so that both can be compared."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._values: NDArray[np.float64] | None = None
        self._limit, self._is_signed = 1.0, False

    def show_result(self, values: NDArray[np.float64] | None, *, like: NDArray[np.float64]) -> None:
        """Show numbers on the scale that goes with `like`; None shows an empty place."""
        self._values = None if values is None else np.asarray(values, np.float64)
        finite = like[np.isfinite(like)]
        self._limit = float(np.quantile(np.abs(finite), USUAL)) if finite.size else 1.0
        self._is_signed = bool((finite < 0).any())
        self.setAccessibleName("No result" if values is None else "A result as a picture")
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Smaller, nothing could be recognised."""
        return QSize(64, 64)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the pixels as a square that fits."""
        with painting(self) as painter:
            if self._values is None or not self._values.size:
                return
            rows, columns = self._values.shape
            side = min(self.width() / columns, self.height() / rows)
            painter.drawImage(QRectF(0, 0, side * columns, side * rows), self._image(self._values))

    def _image(self, values: NDArray[np.float64]) -> QImage:
        limit = self._limit or 1.0
        if self._is_signed:
            pixels = signed_colours(values, limit, theme.signed_scale(self))
        else:
            levels = np.clip(np.nan_to_num(values) / limit, 0, 1) * 255
            pixels = np.repeat(levels.astype(np.uint8)[..., None], 3, axis=2)
        pixels = np.ascontiguousarray(pixels)
        height, width, _ = pixels.shape
        return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
