"""The whole picture, small and live, on which a person chooses the strip that is walked."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.geometry.regions import Region
from convstudio.core.view.shown import Shown
from convstudio.insight.trace.sliding import STRIP, Excerpt
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.trace.boards import paint_frame
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of
from convstudio.views.probe.probed import Probed, colour_of

LEAST_SIDE, MOST_SIDE = 144, 248
LEAST = 6.0  # pixels of a frame
CAPTION = 24


class StripChooser(QWidget):
    """Emits the output at which the strip begins."""

    strip_chosen = Signal(object)  # (row, column) of an output

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step-strip")
        self.setAccessibleName("The strip that is walked, on the whole picture")
        self.setToolTip("Drag to choose the strip")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._shown: Shown | None = None
        self._way: Excerpt | None = None
        self._probed: tuple[Probed, ...] = ()

        self.show_room(MOST_SIDE)

    def show_room(self, width: int) -> None:
        """Leave most of a stage of this width to the numbers."""
        self.setFixedWidth(min(max(round(0.22 * width), LEAST_SIDE), MOST_SIDE))

    def show_way(self, shown: Shown, way: Excerpt | None, probed: tuple[Probed, ...]) -> None:
        """Show the picture with the strip and the windows on it."""
        self._shown, self._way, self._probed = shown, way, probed
        self.update()

    @property
    def place(self) -> QRectF:
        """Where the picture is on the widget."""
        if self._shown is None:
            return QRectF()
        _, rows, columns = self._shown.result.plan.shape_at(self._shown.input_index)
        scale = min(self.width() / columns, (self.height() - CAPTION) / rows)
        place = QRectF(0, 0, columns * scale, rows * scale)
        place.moveCenter(QPointF(self.width() / 2, (self.height() - CAPTION) / 2))
        return place

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the strip here."""
        self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the strip along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the strip."""
        step = arrow_step(event)
        if step is None or self._way is None or self._shown is None or not self._way.units:
            super().keyPressEvent(event)
            return
        first = self._way.units[0]
        self._emit(first.row + step[0], first.column + step[1])

    def _choose(self, point: QPointF) -> None:
        place, shown = self.place, self._shown
        if shown is None or shown.output_index < 0 or place.isEmpty():
            return
        _, rows, columns = shown.result.plan.shape_at(shown.output_index)
        across, down = (point.x() - place.left()) / place.width(), (point.y() - place.top()) / place.height()
        self._emit(int(down * rows), int(across * columns) - STRIP // 2)

    def _emit(self, row: int, column: int) -> None:
        assert self._shown is not None
        _, rows, columns = self._shown.result.plan.shape_at(self._shown.output_index)
        self.strip_chosen.emit((min(max(row, 0), rows - 1), min(max(column, 0), max(columns - STRIP, 0))))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, the strip and the windows."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            painter.fillRect(self.rect(), tokens.stage)
            if self._shown is None:
                return
            place = self.place
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, image_of(self._shown.input))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setClipRect(self.rect())
            if self._way is not None and not self._way.is_whole:
                rows, columns = self._way.inputs.shape
                top, left = self._way.input_corner
                strip = self._on_picture(Region(top, top + rows, left, left + columns))
                paint_frame(painter, strip.adjusted(-4, -4, 4, 4), tokens.text)
            for unit in self._probed:
                field = unit.trace.regions[self._shown.input_index + 1]
                paint_frame(painter, self._on_picture(field), colour_of(unit.role, tokens))
            painter.setPen(tokens.muted)
            font = self.font()
            font.setPixelSize(12)
            painter.setFont(font)
            below = QRectF(0, place.bottom() + 6, self.width(), 18)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "Drag to choose the strip")
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(tokens.accent, 2.0))
                painter.drawRect(place.adjusted(-3, -3, 3, 3).intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)))

    def _on_picture(self, region: Region) -> QRectF:
        assert self._shown is not None
        place = self.place
        _, rows, columns = self._shown.result.plan.shape_at(self._shown.input_index)
        wide, high = place.width() / columns, place.height() / rows
        frame = QRectF(
            place.left() + region.left * wide, place.top() + region.top * high,
            region.width * wide, region.height * high,
        )  # fmt: skip
        grow = max(0.0, (LEAST - min(frame.width(), frame.height())) / 2)
        return frame.adjusted(-grow, -grow, grow, grow)
