"""The colour bar: the colour map over the display range. The numbers come with the picture."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import colours_of
from convstudio.core.display.pictures import Picture
from convstudio.core.recipe.document import DisplayMode
from convstudio.core.wording import number
from convstudio.views.painting import painting

STRIP = 8


class ColourBar(QWidget):
    """A strip from low to high with the numbers below it, zero among them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colour bar")

    def sizeHint(self) -> QSize:
        """One line of text and the strip."""
        return QSize(160, STRIP + 4 + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Room for three numbers."""
        return QSize(96, self.sizeHint().height())

    def show_picture(self, picture: Picture) -> None:
        """Show the display range and the colour map of a picture."""
        old = self._picture
        self._picture = picture
        if old is None or (old.low, old.high, old.mode) != (picture.low, picture.high, picture.mode):
            self.setToolTip(f"Colours from {number(picture.low)} to {number(picture.high)}.")
            self.update()

    def labels(self) -> tuple[tuple[float, str], ...]:
        """The numbers and where they stand, as shares of the width."""
        if self._picture is None:
            return ()
        low, high = self._picture.low, self._picture.high
        ends = ((0.0, number(low)), (1.0, number(high)))
        if low < 0 < high:
            return (ends[0], (-low / (high - low), "0"), ends[1])
        return ends

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the strip, then the numbers that have room."""
        with painting(self) as painter:
            if self._picture is None:
                return
            table = colours_of(self._picture.mode, self._picture.signed_scale, is_colour=self._picture.is_colour)
            if self._picture.mode is DisplayMode.SIGNED and not self._picture.is_colour:
                table = table[1:]
            image = QImage(table.tobytes(), len(table), 1, 3 * len(table), QImage.Format.Format_RGB888)
            painter.drawImage(QRectF(0, 0, self.width(), STRIP), image)
            painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
            painter.drawRect(QRectF(0.5, 0.5, self.width() - 1, STRIP - 1))
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            metrics = QFontMetricsF(self.font())
            plates: list[QRectF] = []
            for share, text in sorted(self.labels(), key=lambda label: label[1] == "0"):
                width = metrics.horizontalAdvance(text) + 2
                left = min(max(share * self.width() - width / 2, 0.0), self.width() - width)
                plate = QRectF(left, STRIP + 3, width, metrics.height())
                if not any(plate.intersects(other) for other in plates):
                    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
                    plates.append(plate)
