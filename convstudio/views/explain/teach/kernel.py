"""The learned kernel of TEACH THE KERNEL, as coloured cells."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import limit_of
from convstudio.core.wording import field_text, number
from convstudio.insight.teach.models import Plane
from convstudio.views import theme
from convstudio.views.kernel.cells import cell_text
from convstudio.views.painting import painting

LEAST, MOST, PIXELS = 64, 168, 12


class LearnedKernel(QWidget):
    """Cells of weights, with their numbers where they can be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach-kernel")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self._kernel: Plane | None = None
        self.show_kernel(None)

    @property
    def kernel(self) -> Plane | None:
        """The weights that are shown."""
        return self._kernel

    def show_kernel(self, kernel: Plane | None) -> None:
        """Show other weights, or none."""
        self._kernel = kernel
        text = "none yet"
        if kernel is not None:
            text = "; ".join(", ".join(field_text(value, digits=3) for value in row) for row in kernel.tolist())
        self.setAccessibleName(f"The learned kernel: {text}")
        self.setToolTip("" if kernel is None else text.replace("; ", "\n"))
        self.update()

    def sizeHint(self) -> QSize:
        """A square as high as there is room for."""
        return QSize(min(max(self.height(), LEAST), MOST), LEAST)

    def minimumSizeHint(self) -> QSize:
        """Smaller, cells could not be told apart."""
        return QSize(LEAST, LEAST)

    def resizeEvent(self, event: object) -> None:
        """The cells grow with the height, and the width with them."""
        self.updateGeometry()

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a cell is painted."""
        count = 1 if self._kernel is None else len(self._kernel)
        side = (min(self.width(), self.height()) - 2) / count
        return QRectF(1 + column * side, 1 + row * side, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the cells in the colours of signed numbers."""
        with painting(self) as painter:
            if self._kernel is None:
                return
            font = QFont(theme.numbers_font(self))
            font.setPixelSize(min(PIXELS, font.pixelSize()) if font.pixelSize() > 0 else PIXELS)
            painter.setFont(font)
            fitting = int((self.cell_rect(0, 0).width() - 2) / painter.fontMetrics().horizontalAdvance("0"))
            texts = [[number(value, digits=2) for value in row] for row in self._kernel.tolist()]
            is_written = max(len(text) for row in texts for text in row) <= fitting
            limit = limit_of(self._kernel)
            for row, column in np.ndindex(self._kernel.shape):
                value, rect = float(self._kernel[row, column]), self.cell_rect(row, column)
                colour = theme.diverging(value, limit)
                painter.fillRect(rect, colour)
                painter.setPen(QPen(theme.tokens(self).line, 1))
                painter.drawRect(rect)
                if is_written:
                    painter.setPen(theme.ink_over(colour))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cell_text(value, fitting))
