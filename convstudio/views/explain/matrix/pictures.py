"""The weight matrix, painted: a row for each output, a column for each input; and all of it small, as an overview.

The mouse and the arrows point at a place. What does not fit is scrolled by the wheel or by dragging, and Ctrl and the
wheel make the places larger.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin

import numpy as np
from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPoint,
    QPointF,
    QRectF,
    QSize,
    QSizeF,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QStyle, QWidget

from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.matrix.cells import (
    Face,
    faces_of,
    numbers_font,
    paint_face,
    text_of,
)
from convstudio.views.explain.matrix.links import Links, Pointed
from convstudio.views.explain.matrix.text import block_names
from convstudio.views.explain.stage import CAPTION, SEMIBOLD, paint_focus, sized
from convstudio.views.painting import painting

READABLE, LARGEST = 17.0, 32.0  # pixels of a place: never smaller, and no larger unless somebody zooms
MOST_ZOOM, ZOOM_STEP = 4.0, 1.25
BLOCK_GAP, CHANNEL_GAP = 5.0, 12.0  # between rows of the picture, and between channels
NOTCH = 120  # of a wheel
DURATION = 800  # milliseconds in which ties are cut and blanks are filled
HALF = 0.5  # of a change: until then the old text stands, then the new one
SPREAD = 0.55  # of that time between the first place that changes and the last
GUTTER_GAP = 8


class Lines:
    """Where the rows, or the columns, of the matrix lie along one axis: with gaps between blocks and channels."""

    def __init__(self, count: int, block: int, channel: int) -> None:
        places = np.arange(count + 1)
        self.gaps = (places // block - places // channel) * BLOCK_GAP + places // channel * CHANNEL_GAP
        self.count, self.block = count, block

    def start(self, place: int, size: float) -> float:
        """Where a line begins, when lines are so large."""
        return float(place * size + self.gaps[place])

    def end(self, size: float) -> float:
        """Where the last one ends."""
        return self.start(self.count - 1, size) + size if self.count else 0.0

    def fitting(self, room: float) -> float:
        """How large the lines are that just fit."""
        return (room - float(self.gaps[max(self.count - 1, 0)])) / max(self.count, 1)

    def whole_in(self, room: float, size: float) -> float:
        """How much of the room the lines take that are seen whole from the first on."""
        ends = np.arange(1, self.count + 1) * size + self.gaps[:-1]
        count = int(np.searchsorted(ends, room, side="right"))
        return float(ends[count - 1]) if count else 0.0

    def at(self, place: float, size: float) -> int | None:
        """The line at a place; None in a gap and outside."""
        starts = np.arange(self.count) * size + self.gaps[:-1]
        line = int(np.searchsorted(starts, place, side="right")) - 1
        return line if 0 <= line < self.count and place < starts[line] + size else None


NO_LINES = Lines(0, 1, 1)


@dataclass(frozen=True)
class Placement:
    """Where the places are in the widget: worked out once, and then asked for many."""

    view: QRectF  # where places are seen
    size: QSizeF  # of a place
    origin: QPointF  # what is scrolled out of sight
    rows: Lines
    columns: Lines

    def rect(self, row: int, column: int) -> QRectF:
        """Where a place is; it may be out of sight."""
        wide, high = self.size.width(), self.size.height()
        return QRectF(
            self.view.left() + self.columns.start(column, wide) - self.origin.x(),
            self.view.top() + self.rows.start(row, high) - self.origin.y(),
            wide,
            high,
        )

    def rows_in_sight(self) -> range:
        """The rows of which something is seen."""
        return _in_sight(self.rows, self.size.height(), self.origin.y(), self.view.height())

    def columns_in_sight(self) -> range:
        """The columns of which something is seen."""
        return _in_sight(self.columns, self.size.width(), self.origin.x(), self.view.width())


class MatrixPicture(QWidget):
    """One matrix in one mode."""

    pointed = Signal(object)  # Pointed, or None
    scrolled = Signal()  # another part of it is seen
    zoomed = Signal()  # its places are larger or smaller

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix-picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("The weight matrix: a row for each output, a column for each input")
        self._matrix: WeightMatrix | None = None
        self._mode = Mode.TIED
        self._faces: list[list[Face | None]] = []
        self._before: list[list[Face | None]] = []  # what the places were when they began to change
        self._before_mode = Mode.TIED
        self._rows, self._columns = NO_LINES, NO_LINES
        self._names: tuple[str, ...] = ()
        self._links: Links | None = None
        self._pointed: Pointed | None = None
        self._current: tuple[int, int] | None = None  # where the keyboard is
        self._longest = ""  # of the texts
        self._zoom = 1.0
        self._origin = QPointF()  # what of the places is scrolled out of sight
        self._dragged: tuple[QPoint, QPointF] | None = None
        self._change = QVariantAnimation(self)
        self._change.setStartValue(0.0)
        self._change.setEndValue(1.0)
        self._change.setDuration(DURATION)
        self._change.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._change.valueChanged.connect(lambda _: self.update())

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (len(self._faces), len(self._faces[0])) if self._faces else (0, 0)

    @property
    def left(self) -> int:
        """Where the places begin, beside the numbers of the outputs."""
        return round(self._view().left())

    @property
    def is_changing(self) -> bool:
        """Whether ties are being cut, or blanks filled, at this moment."""
        return self._change.state() is QVariantAnimation.State.Running

    @property
    def seen(self) -> QRectF:
        """Which part of the matrix is in sight, in shares of its width and height."""
        whole, view = self._whole(), self._view()
        if whole.isEmpty():
            return QRectF(0, 0, 1, 1)
        return QRectF(
            self._origin.x() / whole.width(),
            self._origin.y() / whole.height(),
            min(view.width() / whole.width(), 1.0),
            min(view.height() / whole.height(), 1.0),
        )

    def show_matrix(self, matrix: WeightMatrix | None, mode: Mode, *, is_animated: bool = False) -> None:
        """Show a matrix; None shows nothing. In another mode its places may change before one's eyes."""
        before, old, old_mode = self.shape, self._matrix, self._mode
        self._matrix, self._mode = matrix, mode
        faces = faces_of(matrix, mode) if matrix is not None else []
        if matrix is not None and old is not None and faces == self._faces and matrix.submatrix == old.submatrix:
            return  # another frame: only the numbers beside the matrix change
        self._before, self._before_mode, self._faces = self._faces, old_mode, faces
        self._longest = max((face.text for line in faces for face in line if face is not None), key=len, default="")
        self._change.stop()
        if before != self.shape:
            self._current, self._zoom, self._origin = None, 1.0, QPointF()
        elif is_animated and self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0:
            self._change.start()
        if matrix is None:
            self._rows, self._columns, self._names = NO_LINES, NO_LINES, ()
        else:
            window = matrix.submatrix
            wide, high = len(window.input_columns), len(window.output_columns)
            self._columns = Lines(window.inputs, wide, wide * len(window.input_rows))
            self._rows = Lines(window.outputs, high, high * len(window.output_rows))
            self._names = block_names(matrix)
        self._keep_inside()
        self.update()

    def show_links(self, pointed: Pointed | None, links: Links | None) -> None:
        """Light up what is linked to what is pointed at; from the pictures above, bring it into sight."""
        is_elsewhere = pointed is not None and not self.underMouse()
        self._pointed, self._links = pointed, links
        if is_elsewhere and pointed is not None and links is not None and links.cells.any():
            row, column = np.argwhere(links.cells)[0].tolist()
            self._bring(
                row if pointed.row is None else pointed.row, column if pointed.column is None else pointed.column
            )
        self.update()

    def show_part(self, centre: QPointF) -> None:
        """Scroll until a place, in shares of the width and the height, is in the middle."""
        whole, view = self._whole(), self._view()
        self._scroll_to(
            QPointF(centre.x() * whole.width() - view.width() / 2, centre.y() * whole.height() - view.height() / 2)
        )

    def face_at(self, row: int, column: int) -> Face | None:
        """How a place is painted; None is a blank."""
        return self._faces[row][column]

    def cell(self) -> QSizeF:
        """The size of a place."""
        view = self._room()
        sizes = (self._columns.fitting(view.width()), self._rows.fitting(view.height()))
        wide, high = (min(max(size, READABLE), LARGEST) * self._zoom for size in sizes)
        return QSizeF(min(wide, high * 1.6), min(high, wide * 1.2))

    def cell_rect(self, row: int, column: int) -> QRectF:
        """Where a place is, in this widget; it may be scrolled out of sight."""
        return self._placement().rect(row, column)

    def _placement(self) -> Placement:
        return Placement(self._view(), self.cell(), self._origin, self._rows, self._columns)

    def is_in_sight(self, row: int, column: int) -> bool:
        """Whether all of a place can be seen."""
        return self._view().adjusted(-1, -1, 1, 1).contains(self.cell_rect(row, column))

    # the room

    def _view(self) -> QRectF:
        """Where places are seen; it ends with a row, for half of a number cannot be read."""
        room, high = self._room(), self.cell().height()
        if self._rows.end(high) > room.height():
            room.setHeight(self._rows.whole_in(room.height(), high) or room.height())
        return room

    def _room(self) -> QRectF:
        """What there is for places: beside the numbers of the outputs, below the names of the input's rows."""
        metrics = QFontMetrics(sized(CAPTION))
        left, top = metrics.horizontalAdvance("output") + GUTTER_GAP, metrics.height() + 4
        return QRectF(left, top, max(self.width() - left - 2, 1), max(self.height() - top - 2, 1))

    def _whole(self) -> QSizeF:
        size = self.cell()
        return QSizeF(self._columns.end(size.width()), self._rows.end(size.height()))

    def _keep_inside(self) -> None:
        self._scroll_to(self._origin)

    def _scroll_to(self, origin: QPointF) -> None:
        whole, view = self._whole(), self._view()
        x = min(max(origin.x(), 0.0), max(whole.width() - view.width(), 0.0))
        y = min(max(origin.y(), 0.0), max(whole.height() - view.height(), 0.0))
        self._origin = QPointF(x, y)
        self.scrolled.emit()
        self.update()

    def _bring(self, row: int, column: int) -> None:
        """Scroll no more than it takes until a place is in sight."""
        rect, view = self.cell_rect(row, column), self._view()
        x = min(rect.left() - view.left(), 0.0) + max(rect.right() - view.right(), 0.0)
        y = min(rect.top() - view.top(), 0.0) + max(rect.bottom() - view.bottom(), 0.0)
        if x or y:
            self._scroll_to(self._origin + QPointF(x, y))

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        old, whole = self._zoom, self._whole()
        self._zoom = min(max(old * factor, 1.0), MOST_ZOOM)
        after, place = self._whole(), at - self._view().topLeft()
        share = QPointF(
            (self._origin.x() + place.x()) / max(whole.width(), 1),
            (self._origin.y() + place.y()) / max(whole.height(), 1),
        )
        self._scroll_to(QPointF(share.x() * after.width(), share.y() * after.height()) - place)
        self.zoomed.emit()

    # pointing

    def _at(self, place: QPointF) -> tuple[int, int] | None:
        view, size = self._view(), self.cell()
        if not self._faces or not view.contains(place):
            return None
        inside = place - view.topLeft() + self._origin
        row, column = self._rows.at(inside.y(), size.height()), self._columns.at(inside.x(), size.width())
        return None if row is None or column is None else (row, column)

    def _point(self, at: tuple[int, int] | None) -> None:
        self.pointed.emit(None if at is None else Pointed(row=at[0], column=at[1]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the place under the mouse; with the button down, move the matrix along."""
        if self._dragged is not None:
            start, origin = self._dragged
            self._scroll_to(origin - QPointF(event.position().toPoint() - start))
        self._point(self._at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stay at a place: the keyboard goes on from there."""
        self._dragged = (event.position().toPoint(), self._origin)
        at = self._at(event.position())
        if at is not None:
            self._current = at
            self._point(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the matrix."""
        self._dragged = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, with Shift sideways, with Ctrl make places larger or smaller."""
        turns = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom_by(ZOOM_STEP ** ((turns.y() or turns.x()) / NOTCH), event.position())
        else:
            is_sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and not turns.x()
            step = QPointF(turns.y(), 0) if is_sideways else QPointF(turns.x(), turns.y())
            self._scroll_to(self._origin - step * (3 * READABLE / NOTCH))
        self._point(self._at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Back to where the keyboard is."""
        self._point(self._current if self.hasFocus() else None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Point at where the keyboard is."""
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and self._faces:
            self._current = self._current or (0, 0)
            self._point(self._current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Nothing is pointed at any more."""
        super().focusOutEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from place to place, Home and End to the ends of a row, + and − zoom."""
        rows, columns = self.shape
        row, column = self._current or (0, 0)
        step = arrow_step(event)
        match event.key():
            case _ if step is not None:
                row, column = row + step[0], column + step[1]
            case Qt.Key.Key_Home:
                column = 0
            case Qt.Key.Key_End:
                column = columns - 1
            case Qt.Key.Key_Plus | Qt.Key.Key_Minus:
                self._zoom_by(ZOOM_STEP ** (1 if event.key() == Qt.Key.Key_Plus else -1), self._view().center())
                return
            case _:
                super().keyPressEvent(event)
                return
        if rows:
            self._current = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
            self._bring(*self._current)
            self._point(self._current)

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places grow with the room."""
        self._keep_inside()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or another font: paint anew."""
        super().changeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Names, the ground of the places, the places in sight, and the frame around what is pointed at."""
        with painting(self) as painter:
            if not self._faces or self._matrix is None:
                return
            colours = theme.tokens(self)
            placement = self._placement()
            self._paint_names(painter, colours, placement)
            painter.save()
            painter.setClipRect(self._view().adjusted(-3, -3, 3, 3))
            self._paint_places(painter, colours, placement)
            if self.is_changing:
                self._paint_ties(painter, placement)
            self._paint_frames(painter, colours, placement)
            painter.restore()
            if self.hasFocus() and self._pointed is None:
                paint_focus(painter, self._view().adjusted(-3, -3, 2, 2), colours)

    def _paint_names(self, painter: QPainter, colours: theme.Tokens, placement: Placement) -> None:
        """The output of each row, and over each block of columns which row of the input it is."""
        view, size = placement.view, placement.size
        painter.setFont(sized(CAPTION))
        metrics = painter.fontMetrics()
        painter.setPen(colours.muted)
        painter.drawText(
            QRectF(0, 0, view.left() - GUTTER_GAP, metrics.height()), Qt.AlignmentFlag.AlignRight, "output"
        )
        painter.save()
        painter.setClipRect(QRectF(view.left(), 0, view.width(), view.top()))
        for number, name in enumerate(self._names):
            left = view.left() + self._columns.start(number * self._columns.block, size.width()) - self._origin.x()
            place = QRectF(left, 0, self._columns.block * size.width(), metrics.height())
            whole = place.width()
            place &= QRectF(view.left(), 0, view.width(), view.top())  # the last block may be in sight in part
            forms = (name, name.rsplit(", ", 1)[-1]) if place.width() == whole else (name,)
            fitting = next((form for form in forms if metrics.horizontalAdvance(form) + 4 <= place.width()), "")
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, fitting)
        painter.restore()
        painter.setClipRect(QRectF(0, view.top(), view.left(), view.height()))
        for row in placement.rows_in_sight():
            is_pointed = self._pointed is not None and self._pointed.row == row
            painter.setFont(sized(CAPTION, SEMIBOLD) if is_pointed else sized(CAPTION))
            painter.setPen(colours.accent if is_pointed else colours.muted)
            beside = placement.rect(row, 0)
            beside.setLeft(0)
            beside.setRight(view.left() - GUTTER_GAP)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{row + 1:,}")
        painter.setClipping(False)

    def _paint_places(self, painter: QPainter, colours: theme.Tokens, placement: Placement) -> None:
        size, columns = placement.size, placement.columns_in_sight()
        painter.setFont(numbers_font(self, size.height()))
        metrics = painter.fontMetrics()
        links, row_pointed = self._links, None if self._pointed is None else self._pointed.row
        texts: dict[str, str] = {}
        for row in placement.rows_in_sight():
            line, lit = self._faces[row], None if links is None else links.cells[row]
            rects = [placement.rect(row, column) for column in columns]
            ground = colours.card if row == row_pointed else colours.window
            for rect in rects:
                painter.fillRect(rect, ground)
            for column, rect in zip(columns, rects, strict=True):
                if line[column] is None and not self.is_changing:
                    continue
                is_dim = lit is not None and not lit[column]
                for face, opacity in self._stages_of(row, column):
                    painter.setOpacity(opacity)
                    is_leaving = face is not line[column]
                    is_half = self.is_changing and (self._part_of_change(row, column) < HALF) != is_leaving
                    if face.text not in texts:
                        texts[face.text] = text_of(face, self._longest, metrics, size)
                    paint_face(painter, face, rect, "" if is_half else texts[face.text], colours, is_dim=is_dim)
                painter.setOpacity(1.0)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRects(rects)

    def _stages_of(self, row: int, column: int) -> Iterator[tuple[Face, float]]:
        """What is painted at a place, one over the other: while it changes also what was there before."""
        face = self._faces[row][column]
        if not self.is_changing:
            if face is not None:
                yield face, 1.0
            return
        part = self._part_of_change(row, column)
        before = self._before[row][column]
        if before is not None and (face is None or part < 1):
            yield before, 1 - part if face is None else 1.0
        if face is not None and part > 0:
            yield face, part

    def _part_of_change(self, row: int, column: int) -> float:
        """How far a place has changed, 0 … 1: those at the left and at the top begin."""
        rows, columns = self.shape
        late = SPREAD * (row / max(rows, 1) + column / max(columns, 1)) / 2
        return min(max((float(self._change.currentValue()) - late) / (1 - SPREAD), 0.0), 1.0)

    def _paint_ties(self, painter: QPainter, placement: Placement) -> None:
        """Lines that join the places of one weight, seen while they are tied or cut."""
        if self._matrix is None or Mode.TIED not in (self._mode, self._before_mode):
            return
        time = float(self._change.currentValue())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(sin(pi * time))
        faces = self._faces if self._mode is Mode.TIED else self._before
        ends: dict[str, tuple[QPointF, QColor]] = {}
        for row in placement.rows_in_sight():
            for column in placement.columns_in_sight():
                face = faces[row][column]
                if face is None:
                    continue
                middle, key = placement.rect(row, column).center(), f"{face.text}{face.colour.name()}"
                if key in ends:
                    painter.setPen(QPen(face.colour, 1.5))
                    painter.drawLine(ends[key][0], middle)
                ends[key] = (middle, face.colour)
        painter.setOpacity(1.0)

    def _paint_frames(self, painter: QPainter, colours: theme.Tokens, placement: Placement) -> None:
        pointed, (rows, columns) = self._pointed, self.shape
        if pointed is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 2))
        if pointed.row is not None:
            line = placement.rect(pointed.row, 0).united(placement.rect(pointed.row, columns - 1))
            painter.drawRoundedRect(line.adjusted(-2, -1, 2, 1), 3, 3)
        elif pointed.column is not None:
            line = placement.rect(0, pointed.column).united(placement.rect(rows - 1, pointed.column))
            painter.drawRoundedRect(line.adjusted(-1, -2, 1, 2), 3, 3)
        if pointed.row is not None and pointed.column is not None:
            painter.setPen(QPen(colours.text, 2))
            painter.drawRect(placement.rect(pointed.row, pointed.column))


def _in_sight(lines: Lines, size: float, origin: float, room: float) -> range:
    starts = np.arange(lines.count) * size + lines.gaps[:-1]
    first, end = np.searchsorted(starts + size, origin), np.searchsorted(starts, origin + room)
    return range(int(first), int(end))


class MatrixOverview(QWidget):
    """All of the matrix, a few pixels for each place, and a frame around the part that is in sight."""

    centred = Signal(object)  # QPointF in shares of the width and the height: what shall be in the middle

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix-overview")
        self.setAccessibleName("All of the matrix; press or drag to see another part of it")
        self.setToolTip("Drag to see another part of the matrix; the wheel scrolls it, Ctrl and the wheel zoom.")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._image = QImage()
        self._seen = QRectF(0, 0, 1, 1)

    def show_matrix(self, matrix: WeightMatrix | None, mode: Mode) -> None:
        """Show the places of another matrix."""
        if matrix is None:
            self._image = QImage()
            return
        faces, clear = faces_of(matrix, mode), (0, 0, 0, 0)
        pixels = np.array(
            [[clear if face is None or face.is_pale else face.colour.getRgb() for face in line] for line in faces],
            np.uint8,
        )
        height, width, _ = pixels.shape
        self._image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
        self.update()

    def show_seen(self, part: QRectF) -> None:
        """Frame another part."""
        self._seen = part
        self.update()

    def sizeHint(self) -> QSize:
        """Low and wide, as a matrix is."""
        return QSize(200, 48)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        self._centre(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on as long as the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._centre(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The places, and the frame."""
        with painting(self) as painter:
            colours, room = theme.tokens(self), QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.fillRect(room, colours.window)
            painter.drawImage(room, self._image)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(room)
            painter.setPen(QPen(colours.accent, 2))
            painter.drawRect(
                QRectF(
                    room.left() + self._seen.x() * room.width(),
                    room.top() + self._seen.y() * room.height(),
                    self._seen.width() * room.width(),
                    self._seen.height() * room.height(),
                )
            )

    def _centre(self, event: QMouseEvent) -> None:
        self.centred.emit(
            QPointF(event.position().x() / max(self.width(), 1), event.position().y() / max(self.height(), 1))
        )
