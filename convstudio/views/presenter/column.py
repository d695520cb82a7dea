"""The column beside a picture that is shown to many: the kernel in cells of 160 pixels, a sentence, and the sum."""

from itertools import accumulate

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from convstudio.core.display.colours import limit_of
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.kernel.cells import Lettering, Plane, cell_text, paint_cells
from convstudio.views.painting import painting

CELL, NUMBER = 160, 56  # pixels at most, in a kernel of 3×3
BOX = 3 * CELL
SENTENCE, TITLE, KEYS = 30, 20, 14  # pixels
NUMBER_SHARE, DIGIT = 0.35, 0.63  # of a cell's side, and the width of a digit beside its height
SMALLEST_NUMBER = 12
MARGIN = 32
LOW, LOW_SENTENCE, LOW_MARGIN = 760, 22, 20  # of a column that is less high
KERNEL_SHARE = 0.36  # of the height of the column, at most


class KernelBox(QWidget):
    """A kernel as large as there is room for; the cells that take part in a sum are framed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presenter-kernel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._plane: Plane | None = None
        self._cells: frozenset[tuple[int, int]] = frozenset()
        self._highest = float(BOX)

    def show_highest(self, pixels: float) -> None:
        """Leave the room below it to the sentence."""
        self._highest = min(pixels, BOX)
        self._fit()

    def show_plane(self, plane: Plane | None) -> None:
        """Show a kernel, or none."""
        self._plane = plane
        self.setVisible(plane is not None)
        if plane is not None:
            self.setAccessibleName(f"Kernel of {plane.shape[0]} rows and {plane.shape[1]} columns")
        self._fit()
        self.update()

    def cell_side(self) -> float:
        """How large a cell is."""
        if self._plane is None:
            return 0.0
        rows, columns = self._plane.shape
        return min(float(CELL), min(BOX, self.width() or BOX) / float(columns), self._highest / float(rows))

    def number_size(self) -> int:
        """How large its numbers are; 0 where they cannot be read."""
        side = self.cell_side()
        if self._plane is None or side <= 0:
            return 0
        longest = max(len(cell_text(float(value), 6)) for value in self._plane.flat)
        size = int(min(NUMBER, NUMBER_SHARE * side, 0.9 * side / (DIGIT * longest)))
        return size if size >= SMALLEST_NUMBER else 0

    def sizeHint(self) -> QSize:
        return QSize(BOX, BOX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the cells are."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the cells."""
        with painting(self) as painter:
            if self._plane is None:
                return
            side, (rows, columns) = self.cell_side(), self._plane.shape
            painter.setRenderHint(painter.RenderHint.Antialiasing)
            paint_cells(
                painter, self._plane, limit_of(self._plane),
                rows=list(accumulate([side] * rows, initial=0.0)),
                columns=list(accumulate([side] * columns, initial=0.0)),
                text=Lettering(self.number_size(), 6),
                line=theme.tokens(self).line,
                scale=theme.signed_scale(self),
            )  # fmt: skip
            painter.setPen(QPen(theme.tokens(self).outline, 1))
            painter.drawRect(QRectF(0.5, 0.5, side * columns - 1, side * rows - 1))

    def _fit(self) -> None:
        rows = 0 if self._plane is None else self._plane.shape[0]
        self.setFixedHeight(round(self.cell_side() * rows))


class PresenterColumn(QWidget):
    """What there is to say of the picture, in type for the last row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("presenter-column")
        self.title = self._label("presenter-title", TITLE, QFont.Weight.Medium)
        self.kernel = KernelBox(self)
        self.sentence = self._label("presenter-sentence", SENTENCE, QFont.Weight.DemiBold)
        self.sum = self._label("presenter-sum", SENTENCE, QFont.Weight.Medium)
        self.sum.setTextFormat(Qt.TextFormat.RichText)
        keys = self._label("presenter-keys", KEYS, QFont.Weight.Normal)
        keys.setText("F5 or Esc ends it · 1 to 9 show other stages")
        keys.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setSpacing(3 * theme.SPACE)
        for widget in (self.title, self.kernel, self.sentence, self.sum):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(keys)

    def paintEvent(self, _: QPaintEvent) -> None:
        """The ground of the stage: picture and kernel are one."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Smaller letters and cells where there is little height."""
        super().resizeEvent(event)
        is_low = self.height() < LOW
        margin, letters = (LOW_MARGIN, LOW_SENTENCE) if is_low else (MARGIN, SENTENCE)
        layout = self.layout()
        if layout is not None:
            layout.setContentsMargins(margin, margin, margin, margin)
        for label in (self.sentence, self.sum):
            if label.font().pixelSize() != letters:
                theme.set_pixels(label, letters, weight=label.font().weight())
        self.kernel.show_highest(KERNEL_SHARE * self.height() if is_low else BOX)

    def show_kernel(self, plane: Plane | None, title: str, sentence: str) -> None:
        """Show a kernel with its name and what it does; None where the layer has none."""
        self.title.setText(title)
        self.sentence.setText(sentence)
        self.kernel.show_plane(plane)

    def show_sum(self, positive: float, negative: float) -> None:
        """Show the sum of the positive products and that of the negative ones, and what comes of both."""
        colours = theme.tokens(self)
        warm, cool = (theme.diverging(end, 1.0, theme.signed_scale(self)).name() for end in (1.0, -1.0))
        scale = max(abs(positive), abs(negative))
        parts = (number(value, scale=scale) for value in (positive, abs(negative), positive + negative))
        more, less, total = parts
        self.sum.setText(
            f"<span style='color:{warm}'>{more}</span> <span style='color:{colours.muted.name()}'>−</span> "
            f"<span style='color:{cool}'>{less}</span> <span style='color:{colours.muted.name()}'>=</span> {total}"
        )

    def clear_sum(self) -> None:
        """Show no sum: nothing is pointed at."""
        self.sum.setText("")

    def _label(self, name: str, pixels: int, weight: QFont.Weight) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setWeight(weight)
        label.setFont(font)
        return label
