"""The weight matrix, painted: a row for each output, a column for each input. The mouse and the arrows point at it."""

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.insight.matrix.weight_matrix import Mode, WeightMatrix
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.matrix.cells import LETTER_ROOM, CellPainter, Face, cell_painter, faces_of, veil
from convstudio.views.explain.matrix.links import Links, Pointed
from convstudio.views.painting import drawing, painting

LEAST_CELL = 5  # pixels, so that a place can still be hit
MOST_WIDE, MOST_HIGH = 30, 24
WIDEST = 3.0  # a place is at most so many times as wide as high
READABLE_ROWS = 16  # that have room for letters however low the panel is


class MatrixPicture(QWidget):
    """One matrix in one mode."""

    pointed = Signal(object)  # Pointed, or None
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix-picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("The weight matrix: a row for each output, a column for each input")
        self.setToolTip("Each row makes one output, each column reads one input. Point, or move with the arrow keys.")
        self._matrix: WeightMatrix | None = None
        self._faces: list[list[Face | None]] = []
        self._links: Links | None = None
        self._pointed: Pointed | None = None
        self._current: tuple[int, int] | None = None  # where the keyboard is
        self._longest = ""  # of the texts
        self._page: QPixmap | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return (len(self._faces), len(self._faces[0])) if self._faces else (0, 0)

    def show_matrix(self, matrix: WeightMatrix | None, mode: Mode) -> None:
        """Show a matrix; None shows nothing."""
        before, old, self._matrix = self.shape, self._matrix, matrix
        faces = faces_of(matrix, mode) if matrix is not None else []
        if matrix is not None and old is not None and faces == self._faces and matrix.submatrix == old.submatrix:
            return  # another frame: only the numbers beside the matrix change
        self._faces = faces
        self._longest = max((face.text for line in faces for face in line if face is not None), key=len, default="")
        if before != self.shape:
            self._current = None
        self._page = None
        self.updateGeometry()
        self.update()

    def show_links(self, pointed: Pointed | None, links: Links | None) -> None:
        """Light up what is linked to what is pointed at."""
        self._pointed, self._links = pointed, links
        self.update()

    def face_at(self, row: int, column: int) -> Face | None:
        """How a place is painted; None is a blank."""
        return self._faces[row][column]

    def cell(self) -> QSize:
        """The size of a place, in whole pixels."""
        rows, columns = self.shape
        if not rows:
            return QSize(0, 0)
        high = min(max((self.height() - 1) // rows, LEAST_CELL), MOST_HIGH)
        wide = min(max((self.width() - 1) // columns, LEAST_CELL), MOST_WIDE, max(int(high * WIDEST), LEAST_CELL))
        return QSize(wide, high)

    def cell_rect(self, row: int, column: int) -> QRect:
        """Where a place is, in this widget."""
        size = self.cell()
        return QRect(column * size.width(), row * size.height(), size.width(), size.height())

    def width_for(self, height: int) -> int:
        """The width at which places have their best form in this height."""
        rows, columns = self.shape
        if not rows:
            return 0
        high = min(max((height - 1) // rows, LEAST_CELL), MOST_HIGH)
        return min(MOST_WIDE, max(int(high * WIDEST), LEAST_CELL)) * columns + 1

    def minimumSizeHint(self) -> QSize:
        """Smaller, places could not be hit, and few rows not be read."""
        rows, columns = self.shape
        high = LETTER_ROOM if rows <= READABLE_ROWS else LEAST_CELL
        return QSize(columns * LEAST_CELL + 1, rows * high + 1)

    def sizeHint(self) -> QSize:
        """It asks for no more, so that nothing scrolls before it must, and takes what it is given."""
        return self.minimumSizeHint()

    # pointing

    def _at(self, place: QPointF) -> tuple[int, int] | None:
        size, (rows, columns) = self.cell(), self.shape
        if not rows or place.x() < 0 or place.y() < 0:
            return None
        row, column = int(place.y()) // size.height(), int(place.x()) // size.width()
        return (row, column) if row < rows and column < columns else None

    def _point(self, at: tuple[int, int] | None) -> None:
        self.pointed.emit(None if at is None else Pointed(row=at[0], column=at[1]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the place under the mouse."""
        self._point(self._at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Stay at a place: the keyboard goes on from there."""
        at = self._at(event.position())
        if at is not None:
            self._current = at
            self._point(at)

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
        """Arrows go from place to place, Home and End to the ends of a row, Escape points at nothing."""
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
            case Qt.Key.Key_Escape:
                self._point(None)
                return
            case _:
                super().keyPressEvent(event)
                return
        if rows:
            self._current = (min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))
            self._point(self._current)

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Places grow with the room."""
        self._page = None
        self.resized.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or another font: paint anew."""
        super().changeEvent(event)
        self._page = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The places, and over them what is linked."""
        with painting(self) as painter:
            if not self._faces:
                return
            if self._page is None or self._page.devicePixelRatio() != self.devicePixelRatio():
                self._page = self._painted()
            painter.drawPixmap(0, 0, self._page)
            if self._links is not None and self._pointed is not None:
                self._paint_links(painter, self._links, self._pointed)

    def _cell_painter(self) -> CellPainter:
        return cell_painter(self, self.cell(), self._longest)

    def _painted(self) -> QPixmap:
        assert self._matrix is not None
        cells, ratio, (rows, columns) = self._cell_painter(), self.devicePixelRatio(), self.shape
        page = QPixmap(QSize(columns * cells.size.width() + 1, rows * cells.size.height() + 1) * ratio)
        page.setDevicePixelRatio(ratio)
        page.fill(cells.colours.card)
        with drawing(page) as painter:
            painter.setFont(cells.font)
            for row, line in enumerate(self._faces):
                for column, face in enumerate(line):
                    if face is not None:
                        cells.paint(painter, face, row, column)
            cells.paint_lines(painter, self._matrix.submatrix)
        return page

    def _paint_links(self, painter: QPainter, links: Links, pointed: Pointed) -> None:
        cells, (rows, columns) = self._cell_painter(), self.shape
        colours, wide, high = cells.colours, cells.size.width(), cells.size.height()
        painter.fillRect(0, 0, columns * wide + 1, rows * high + 1, veil(colours))
        painter.setFont(cells.font)
        for row, line in enumerate(links.cells.tolist()):
            for column, is_linked in enumerate(line):
                face = self._faces[row][column]
                if is_linked and face is not None:
                    cells.paint(painter, face, row, column)
                    painter.setPen(QPen(colours.text, 1))
                    painter.drawRect(cells.rect(row, column))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 2))
        if pointed.row is not None:
            painter.drawRect(0, pointed.row * high, columns * wide, high)
        if pointed.column is not None:
            painter.drawRect(pointed.column * wide, 0, wide, rows * high)
        if pointed.row is not None and pointed.column is not None:
            painter.setPen(QPen(colours.text, 2))
            painter.drawRect(cells.rect(pointed.row, pointed.column))
