"""The pictures of TEACH THE KERNEL: what goes in, what is wanted, what each map makes of it, and the learned kernel."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import SignedScale, limit_of
from convstudio.core.display.pictures import picture
from convstudio.core.display.ranges import Scale
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.wording import counted, field_text, number
from convstudio.insight.teach.models import Example, ModelKind, Plane
from convstudio.insight.teach.training import Training
from convstudio.views import theme
from convstudio.views.explain.line_chart import Symbol, paint_symbol
from convstudio.views.explain.teach.text import NAMES, error_text, is_right
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.kernel.cells import cell_text
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of

COLUMNS = ("Input", "Wanted", *NAMES.values())
SYMBOLS = {
    ModelKind.CONVOLUTION: Symbol.DISC,
    ModelKind.LOCAL: Symbol.TRIANGLE,
    ModelKind.DENSE: Symbol.SQUARE,
}
LEAST, MOST = 38, 208  # pixels on a side of a picture
GAP = 6
SYMBOL = 8
LEAST_KERNEL, MOST_KERNEL, LARGEST_TEXT = 64, 280, 18


def network_colour(widget: QWidget, kind: ModelKind) -> QColor:
    """The colour of a map in the theme of a widget: that of its network everywhere."""
    colours = theme.tokens(widget)
    match kind:
        case ModelKind.CONVOLUTION:
            return colours.convolution
        case ModelKind.LOCAL:
            return colours.local
        case ModelKind.DENSE:
            return colours.dense


@dataclass(frozen=True, eq=False)
class ExamplePicture:
    """One picture: where it stands, what it shows, its error if it is a map's, and a sentence about it."""

    row: int
    column: int
    image: QImage
    error: float | None
    is_of_map: bool
    sentence: str


class ExamplePictures(TooltipPicture):
    """A row for the first example and a row for the same moved; columns for input, wanted output and three maps."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("teach-pictures")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._training: Training | None = None
        self._cells: tuple[ExamplePicture, ...] = ()
        self._rows: tuple[str, ...] = ()
        self.setAccessibleName("What the maps make of an example: nothing learned yet")

    @property
    def cells(self) -> tuple[ExamplePicture, ...]:
        """What is shown."""
        return self._cells

    def show_training(self, training: Training | None) -> None:
        """Show other pictures, or none."""
        self._training = training
        self._cells = () if training is None else _cells(training, theme.signed_scale(self))
        self._rows = () if training is None else ("Example", f"Shifted {training.shift}")
        self.setAccessibleName(
            " ".join(cell.sentence for cell in self._cells if cell.is_of_map)
            or "What the maps make of an example: nothing learned yet"
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the pictures are at this height."""
        return QSize(self._width(self._tallest()), self._heading() + 2 * LEAST + GAP)

    def minimumSizeHint(self) -> QSize:
        """Smaller, pixels could not be seen."""
        return QSize(self._width(LEAST), self._heading() + 2 * LEAST + GAP)

    def resizeEvent(self, event: object) -> None:
        """The pictures grow with the height, and the width with them."""
        self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: in the dark zero is dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and self._training is not None:
            self.show_training(self._training)

    def place(self, row: int, column: int) -> QRectF:
        """Where a picture is painted."""
        side = self._side()
        left = self._label() + sum(self._widths(side)[:column])
        return QRectF(left, self._heading() + row * (side + GAP), side, side)

    def paintEvent(self, event: QPaintEvent) -> None:  # all of it is painted
        """Draw the headings, the pictures and the errors beside them."""
        with painting(self) as painter:
            if not self._cells:
                return
            colours = theme.tokens(self)
            painter.setFont(theme.numbers_font(self))
            metrics = painter.fontMetrics()
            painter.setPen(colours.text)
            for column, name in enumerate(COLUMNS):
                indent = SYMBOL + GAP if column >= len(COLUMNS) - len(NAMES) else 0
                painter.drawText(QPointF(self.place(0, column).left() + indent, metrics.ascent()), name)
            for row, name in enumerate(self._rows):
                at = self.place(row, 0)
                room = QRectF(0, at.top(), self._label() - GAP, at.height())
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, name)
            for cell in self._cells:
                at = self.place(cell.row, cell.column)
                painter.drawImage(at, cell.image)
                painter.setPen(colours.line)
                painter.drawRect(at)
                if cell.is_of_map:
                    painter.setPen(colours.good if is_right(cell.error) else colours.text)
                    beside = QRectF(
                        at.right() + GAP,
                        at.top(),
                        self._widths(round(at.width()))[cell.column] - at.width() - GAP,
                        at.height(),
                    )
                    painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter, error_text(cell.error))
            self._paint_symbols(painter)

    def _paint_symbols(self, painter: QPainter) -> None:
        """What stands for each map in the chart."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self._heading() / 2 - 1
        for column, kind in enumerate(NAMES, start=len(COLUMNS) - len(NAMES)):
            place = QPointF(self.place(0, column).left() + SYMBOL / 2, middle)
            paint_symbol(painter, SYMBOLS[kind], network_colour(self, kind), place, SYMBOL)

    def sentence_at(self, at: QPoint) -> str:
        """What is known of the picture under a point, or ""."""
        cells = (cell for cell in self._cells if self.place(cell.row, cell.column).contains(QPointF(at)))
        return next((cell.sentence for cell in cells), "")

    def _heading(self) -> int:
        return self.fontMetrics().height() + 4

    def _label(self) -> int:
        return self.fontMetrics().horizontalAdvance("Shifted 4") + 2 * GAP

    def _tallest(self) -> int:
        return min(max((self.height() - self._heading() - GAP) // 2 - 1, LEAST), MOST)

    def _side(self) -> int:
        """The largest side for which there is room in both directions."""
        sides = range(self._tallest(), LEAST, -1)
        return next((side for side in sides if self._width(side) <= self.width()), LEAST)

    def _width(self, side: int) -> int:
        return self._label() + sum(self._widths(side))

    def _widths(self, side: int) -> list[int]:
        """Of each column: a picture, its error if it is a map's, and no less than its name."""
        metrics = self.fontMetrics()
        errors = GAP + metrics.horizontalAdvance("0.0000")
        rooms = [(side, 0)] * 2 + [(side + errors, SYMBOL + GAP)] * len(NAMES)
        return [
            max(room, metrics.horizontalAdvance(name) + symbol) + GAP + 2
            for (room, symbol), name in zip(rooms, COLUMNS, strict=True)
        ]


def _cells(training: Training, scale: SignedScale) -> tuple[ExamplePicture, ...]:
    return (
        *_row(training, 0, training.known, scale),
        *(() if training.shifted is None else _row(training, 1, training.shifted, scale)),
    )


def _row(training: Training, row: int, example: Example, scale: SignedScale) -> list[ExamplePicture]:
    moved = (
        f"the first example shifted by {counted(training.shift, 'pixel')} to the right" if row else "the first example"
    )
    size = f"{example.input.shape[0]}×{example.input.shape[0]}"
    side = f"{example.target.shape[0]}×{example.target.shape[0]}"
    pictures = [
        ExamplePicture(
            row,
            0,
            _image(example.input, training, scale, is_input=True),
            None,
            False,
            f"Input: {moved}, {size} pixels.",
        ),
        ExamplePicture(
            row, 1, _image(example.target, training, scale), None, False, f"Wanted of {moved}: {side} outputs."
        ),
    ]
    for column, model in enumerate(training.reports, start=2):
        plane, error = (model.of_shifted, model.shifted_error) if row else (model.of_known, model.known_error)
        assert plane is not None
        sentence = f"{NAMES[model.kind]} of {moved}: error {error_text(error)}."
        pictures.append(ExamplePicture(row, column, _image(plane, training, scale), error, True, sentence))
    return pictures


def _image(plane: Plane, training: Training, scale: SignedScale, *, is_input: bool = False) -> QImage:
    """In the colours of what is wanted, so that all outputs can be compared."""
    targets = [training.known.target] if training.shifted is None else [training.known.target, training.shifted.target]
    judged = [training.known.input] if is_input else targets
    most = max(limit_of(shown) for shown in judged)
    is_signed = any(bool(shown.min() < 0) for shown in judged)
    display = Display(DisplayMode.SIGNED if is_signed else DisplayMode.CLIP, most)
    planes, numbers = plane.astype(np.float32)[None], Scale(most, is_signed)
    return image_of(picture(planes, display, numbers, lambda display_range: display_range.on(scale))).copy()


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
        return QSize(min(max(self.height(), LEAST_KERNEL), MOST_KERNEL), LEAST_KERNEL)

    def minimumSizeHint(self) -> QSize:
        """Smaller, cells could not be told apart."""
        return QSize(LEAST_KERNEL, LEAST_KERNEL)

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
            font.setPixelSize(min(LARGEST_TEXT, font.pixelSize()) if font.pixelSize() > 0 else LARGEST_TEXT)
            painter.setFont(font)
            fitting = int((self.cell_rect(0, 0).width() - 2) / painter.fontMetrics().horizontalAdvance("0"))
            texts = [[number(value, digits=2) for value in row] for row in self._kernel.tolist()]
            is_written = max(len(text) for row in texts for text in row) <= fitting
            limit = limit_of(self._kernel)
            for row, column in np.ndindex(self._kernel.shape):
                value, rect = float(self._kernel[row, column]), self.cell_rect(row, column)
                colour = theme.diverging(value, limit, theme.signed_scale(self))
                painter.fillRect(rect, colour)
                painter.setPen(QPen(theme.tokens(self).line, 1))
                painter.drawRect(rect)
                if is_written:
                    painter.setPen(theme.ink_over(colour))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cell_text(value, fitting))
