"""The cards below the grids: one for a pinned unit, with its inputs and its sum."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from convstudio.core.view.shown import Shown
from convstudio.core.wording import counted, number, row_and_column
from convstudio.insight.trace.trace import Trace
from convstudio.views import theme
from convstudio.views.painting import painting
from convstudio.views.probe.equation import DIGITS, Equation, equation_of, paint_equation
from convstudio.views.probe.probed import MOST_SIDE, Probed, Role, colour_of, shade_of

BAR = 4
PADDING = 16  # pixels at the left and the right
MOST_MAP = 132.0  # pixels of the map of inputs
APART = 24
LARGEST = 1.6  # how much larger a sum is drawn where it has the card alone
HEADING = 40  # pixels of a card without its picture


class EquationPicture(QWidget):
    """Which inputs take part, as a map, and patch × kernel = sum, as far as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._probed: Probed | None = None
        self._equation: Equation | None = None

    def sizeHint(self) -> QSize:
        """Room for three rows of numbers."""
        return QSize(320, 120)

    def minimumSizeHint(self) -> QSize:
        """It gives way."""
        return QSize(0, 0)

    def show_unit(self, probed: Probed, shown: Shown) -> None:
        """Show the calculation of a unit."""
        self._probed = probed
        self._equation = equation_of(probed, shown, 0, ghost=theme.tokens(self).card)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The map at the left if there is room, the sum at the right."""
        with painting(self) as painter:
            if self._probed is None or self._equation is None or self.height() < 24:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            tokens, size = theme.tokens(self), self._equation.size
            shape = self._probed.trace.step.input
            is_small = max(shape.height, shape.width) <= MOST_SIDE
            fitting = min(self.width() / max(size.width(), 1), self.height() / max(size.height(), 1))
            scale = min(1.0 if is_small else LARGEST, fitting)
            width = size.width() * scale
            side = min(float(self.height()), MOST_MAP, self.width() - width - APART)
            has_map = is_small and side >= 48
            if has_map:
                self._paint_map(painter, side, tokens)
            left = max(self.width() - width - 8, 0) if has_map else 0
            painter.translate(left, (self.height() - size.height() * scale) / 2)
            painter.scale(scale, scale)
            paint_equation(painter, QPointF(), self._equation, tokens, colour_of(self._probed.role, tokens))

    def _paint_map(self, painter: QPainter, side: float, tokens: theme.Tokens) -> None:
        assert self._probed is not None
        shape, shade = self._probed.trace.step.input, shade_of(self._probed)
        cell = side / max(shape.height, shape.width, 1)
        top = (self.height() - cell * shape.height) / 2
        painter.setPen(Qt.PenStyle.NoPen)
        inset = 0.5 if cell > 4 else 0.0
        for row in range(shape.height):
            for column in range(shape.width):
                takes_part = shade.holds(row, column)
                painter.setBrush(colour_of(self._probed.role, tokens) if takes_part else tokens.stage)
                place = QRectF(column * cell, top + row * cell, cell, cell)
                painter.drawRect(place.adjusted(inset, inset, -inset, -inset))


class UnitCard(QWidget):
    """One unit: its value and its place, how many inputs take part, and why."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._role = Role.POINTED
        self._shares = "", ""  # in a sentence, and in short
        self.title, self.place, self.share = (QLabel(self) for _ in range(3))
        for part, label in (("title", self.title), ("place", self.place), ("share", self.share)):
            label.setObjectName(f"{name}-{part}")
            label.setSizePolicy(QSizePolicy.Policy.Ignored if label is self.place else QSizePolicy.Policy.Preferred,
                                QSizePolicy.Policy.Fixed)  # fmt: skip
        self.picture = EquationPicture(self)
        heading = QHBoxLayout()
        heading.setSpacing(theme.SPACE)
        heading.addWidget(self.title)
        heading.addWidget(self.place, 1)
        heading.addWidget(self.share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING + BAR, 10, PADDING, 12)
        layout.setSpacing(8)
        layout.addLayout(heading)
        layout.addWidget(self.picture, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_unit(self, probed: Probed, shown: Shown) -> None:
        """Show a unit in its colour."""
        self._role, trace = probed.role, probed.trace
        self.title.setText(f"The {number(trace.result, digits=DIGITS)}")
        self.place.setText(where_text(trace))
        self._shares = share_text(trace), f"{trace.took_part:,} of {counted(trace.inputs, 'input')}"
        self.setAccessibleName(f"{self.title.text()} {self.place.text()}: {self._shares[0]}")
        self.picture.setAccessibleName(f"{self.title.text()} as a sum")
        self._dress()
        self._show_share()
        self.picture.show_unit(probed, shown)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say less where there is less room."""
        super().resizeEvent(event)
        self._show_share()

    def _show_share(self) -> None:
        """The longest words that leave the place whole; none where the place alone fills the card."""
        free = self.width() - BAR - 2 * PADDING - self.title.sizeHint().width() - 2 * theme.SPACE
        free -= self.place.sizeHint().width()
        wide = self.share.fontMetrics().horizontalAdvance
        self.share.setText(next((words for words in self._shares if wide(words) + 2 <= free), ""))
        self.share.setVisible(bool(self.share.text()))
        self.setToolTip("" if self.share.text() == self._shares[0] else self._shares[0])

    def _dress(self) -> None:
        tokens = theme.tokens(self)
        for label, colour, pixels, is_strong in (
            (self.title, colour_of(self._role, tokens), 15, True),
            (self.place, tokens.muted, 13, False),
            (self.share, tokens.muted, 12, False),
        ):
            font, palette = label.font(), label.palette()
            font.setPixelSize(pixels)
            font.setWeight(font.Weight.DemiBold if is_strong else font.Weight.Normal)
            label.setFont(font)
            palette.setColor(palette.ColorRole.WindowText, colour)
            label.setPalette(palette)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A card with a bar in the colour of the unit."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens.line, 1.0))
            painter.setBrush(tokens.card)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour_of(self._role, tokens))
            painter.drawRoundedRect(QRectF(0, 10, BAR, self.height() - 20), 2, 2)


def where_text(trace: Trace) -> str:
    """Where a unit is."""
    channel, row, column = trace.unit
    if trace.step.output.height == trace.step.output.width == 1:
        return f"of unit {channel + 1}"
    return f"at {row_and_column(row, column)}"


def share_text(trace: Trace) -> str:
    """How many inputs take part in a unit, and how many do not."""
    count, others = trace.took_part, trace.left_out
    verb = "takes part" if count == 1 else "take part"
    noun = "input" if count == 1 else "inputs"
    if others == 0:
        return f"all {count:,} {noun} {verb}" if count > 1 else f"the one input {verb}"
    return f"{count:,} {noun} {verb}, {others:,} {'does' if others == 1 else 'do'} not"
