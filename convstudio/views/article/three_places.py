"""One filter at three places of a small picture: the same colours while its weights are shared, others when not."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from convstudio.core.display.colours import limit_of
from convstudio.core.wording import number
from convstudio.insight.article.one_filter import OneFilter
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.explainer import sentence_label
from convstudio.views.explain.matrix.cells import COLOURS, letters, numbers_font, own_face, paint_in
from convstudio.views.painting import painting

PLACES = (0, 0), (1, 2), (3, 3)  # the first is a 0 of the article's grid, the second a 30
GAP, BELOW, BOX = 12, 44, 28  # pixels between the pictures, below one for its answer, and of the answer's box
SHARED = "Drag a window: its answer changes, its colours stay."
UNTIED = "Without ties no two places have a weight in common."


class PlacePicture(QWidget):
    """The picture once, with the filter at one place, which is dragged or moved with the arrow keys."""

    def __init__(self, number_of_it: int, place: tuple[int, int], parent: QWidget) -> None:
        super().__init__(parent)
        self.place, self._number, self._is_shared = place, number_of_it, True
        self._grip: QPointF | None = None
        self._filter: OneFilter | None = None
        self.setObjectName(f"place-{number_of_it + 1}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip("Drag the window, or press an arrow key")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def answer(self) -> float:
        """What the filter answers here."""
        return self._filter.answer_at(*self.place) if self._filter is not None else 0.0

    def show_filter(self, filter_: OneFilter, *, is_shared: bool) -> None:
        """Show other numbers, or other ties."""
        self._filter, self._is_shared = filter_, is_shared
        self._move(*self.place)

    def colours(self) -> tuple[QColor, ...]:
        """The colour of each weight, row by row."""
        if self._filter is None:
            return ()
        count = self._filter.weights.size
        if self._is_shared:
            return tuple(COLOURS[weight % len(COLOURS)] for weight in range(count))
        return tuple(own_face(0, self._number * count + weight).colour for weight in range(count))

    def heightForWidth(self, width: int) -> int:
        """As high as the picture, and its answer below."""
        rows, columns = self._filter.inputs.shape if self._filter is not None else (1, 1)
        return round((width - 4) * float(rows) / float(columns)) + BELOW

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(104, self.heightForWidth(104))

    def minimumSizeHint(self) -> QSize:
        """Cells in which a letter can be read."""
        return QSize(64, self.heightForWidth(64))

    def window_rect(self) -> QRectF:
        """Where the filter lies."""
        if self._filter is None:
            return QRectF()
        (rows, columns), side = self._filter.weights.shape, self._side()
        row, column = self.place
        return QRectF(2 + column * side, 2 + row * side, columns * side, rows * side)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window; a press beside it fetches it."""
        if not self.window_rect().contains(event.position()):
            self._move_to(event.position() - QPointF(self.window_rect().width(), self.window_rect().height()) / 2)
        self._grip = event.position() - self.window_rect().topLeft()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move it from cell to cell."""
        if self._grip is not None:
            self._move_to(event.position() - self._grip)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it by one cell."""
        step = arrow_step(event)
        if step is None:
            super().keyPressEvent(event)
        else:
            self._move(self.place[0] + step[0], self.place[1] + step[1])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture, the coloured weights on it, and what comes of them."""
        with painting(self) as painter:
            if self._filter is None:
                return
            self._paint_inputs(painter, self._filter)
            self._paint_weights(painter, self._filter)
            self._paint_answer(painter, self._filter)

    def _move_to(self, corner: QPointF) -> None:
        side = self._side()
        self._move(round((corner.y() - 2) / side), round((corner.x() - 2) / side))

    def _move(self, row: int, column: int) -> None:
        if self._filter is not None:
            self.place = self._filter.nearest(row, column)
            at = f"row {self.place[0] + 1}, column {self.place[1] + 1}"
            self.setAccessibleName(f"The filter at {at} answers {number(self.answer)}")
        self.update()

    def _side(self) -> float:
        columns = self._filter.inputs.shape[1] if self._filter is not None else 1
        return (self.width() - 4) / columns

    def _cell(self, row: int, column: int) -> QRectF:
        side = self._side()
        return QRectF(2 + column * side, 2 + row * side, side, side)

    def _paint_inputs(self, painter: QPainter, drawn: OneFilter) -> None:
        tokens, most = theme.tokens(self), limit_of(drawn.inputs)
        rows, columns = drawn.inputs.shape
        for row in range(rows):
            for column in range(columns):
                level = round(255 * min(max(float(drawn.inputs[row, column]) / most, 0.0), 1.0))
                painter.fillRect(self._cell(row, column), QColor(level, level, level))
                painter.setPen(QPen(tokens.line, 1))
                painter.drawRect(self._cell(row, column))

    def _paint_weights(self, painter: QPainter, drawn: OneFilter) -> None:
        tokens, colours = theme.tokens(self), self.colours()
        columns = drawn.weights.shape[1]
        painter.setFont(numbers_font(self, self._side()))
        for weight, colour in enumerate(colours):
            row, column = divmod(weight, columns)
            rect = self._cell(self.place[0] + row, self.place[1] + column)
            painter.fillRect(rect, colour)
            if self._is_shared and rect.height() >= painter.fontMetrics().capHeight() + 2:
                painter.setPen(theme.ink_over(colour))
                paint_in(painter, rect, letters(weight))
        painter.setPen(QPen(theme.WHITE_INK, 4))
        painter.drawRect(self.window_rect())
        painter.setPen(QPen(tokens.accent if self.hasFocus() else tokens.text, 2))
        painter.drawRect(self.window_rect())

    def _paint_answer(self, painter: QPainter, drawn: OneFilter) -> None:
        tokens = theme.tokens(self)
        colour = theme.diverging(self.answer, limit_of(drawn.outputs), theme.signed_scale(self))
        box = QRectF(self.width() / 2 - 22, self.height() - BOX - 4, 44, BOX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.outline, 1))
        painter.setBrush(colour)
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(numbers_font(self, BOX + 8))
        painter.setPen(theme.ink_over(colour))
        paint_in(painter, box, number(self.answer))


class ThreePlaces(QWidget):
    """The filter at three places, side by side, and a sentence about their weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("three-places")
        self.pictures = tuple(PlacePicture(index, place, self) for index, place in enumerate(PLACES))
        self.words = sentence_label(self, "three-places-words")
        self.words.setProperty("kind", "caption")
        row = QHBoxLayout()
        row.setSpacing(GAP)
        for picture in self.pictures:
            row.addWidget(picture, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE)
        column.addLayout(row)
        column.addWidget(self.words)

    def show_filter(self, filter_: OneFilter, *, is_shared: bool) -> None:
        """Show a filter; its weights are the same at every place, or each place has its own."""
        for picture in self.pictures:
            picture.show_filter(filter_, is_shared=is_shared)
        self.words.setText(SHARED if is_shared else UNTIED)
        self.updateGeometry()
