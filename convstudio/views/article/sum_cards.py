"""Two sums beside each other: what a layer has when each filter sees one channel, and when it sees all."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from convstudio.core.wording import integer
from convstudio.insight.article.sums import FilterSum
from convstudio.views import theme
from convstudio.views.painting import painting

GAP, INSET, CORNER, LEADING = 8, 12, 8, 3
PIXELS = 12, 13, 13, 30  # of the letters of the four lines


def lines_of(part: FilterSum) -> tuple[str, str, str, str]:
    """How a sum is written: what a filter sees, what it has, the multiplication, and what comes of it.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Pair
    >>> lines_of(FilterSum(3, Pair(5, 5), 1, 6, 156, True))
    ('Groups 3: sees one channel', '5·5 + 1 = 26', '26 × 6 =', '156')
    """
    rows, columns = part.kernel
    sees = "one channel" if part.channels == 1 else f"{part.channels} channels"
    over = "" if part.channels == 1 else f"·{part.channels}"
    return (
        f"Groups {part.groups}: sees {sees}",
        f"{rows}·{columns}{over} + 1 = {part.of_a_filter}",
        f"{part.of_a_filter} × {part.filters} =",
        integer(part.parameters),
    )


def _font(widget: QWidget, pixels: int) -> QFont:
    font = theme.numbers_font(widget)
    font.setPixelSize(pixels)
    return font


class SumCard(QAbstractButton):
    """One sum; a click makes the layer this one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = ("", "", "", "")
        self._fonts = tuple(_font(self, pixels) for pixels in PIXELS)
        self._fonts[-1].setWeight(QFont.Weight.DemiBold)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def lines(self) -> tuple[str, ...]:
        """What is to be read, from top to bottom."""
        return self._lines

    def show_sum(self, part: FilterSum) -> None:
        """Show a sum, and whether the layer is that one now."""
        self._lines = lines_of(part)
        self.setObjectName(f"sum-{part.groups}")
        self.setAccessibleName(", ".join(self._lines))
        self.setToolTip(f"Let the layer have groups = {part.groups}")
        self.setChecked(part.is_present)
        self.updateGeometry()
        self.update()

    def nextCheckState(self) -> None:
        """Stay as it is: the layer says which sum is the present one."""

    def sizeHint(self) -> QSize:
        """All four lines whole."""
        metrics = [QFontMetrics(font) for font in self._fonts]
        widest = max(metric.horizontalAdvance(line) for metric, line in zip(metrics, self._lines, strict=True))
        return QSize(widest + 2 * INSET, sum(metric.height() + LEADING for metric in metrics) + 2 * INSET)

    def minimumSizeHint(self) -> QSize:
        """Narrower than its first line, of which then less is written; the tip has it whole."""
        return QSize(112, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A card with its four lines."""
        with painting(self) as painter:
            tokens, room = theme.tokens(self), QRectF(self.rect()).adjusted(1, 1, -1, -1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            is_marked = self.isChecked() or self.hasFocus()
            painter.setPen(QPen(tokens.accent if is_marked else tokens.line, 2 if is_marked else 1))
            painter.setBrush(tokens.tint if self.isChecked() else tokens.card)
            painter.drawRoundedRect(room, CORNER, CORNER)
            self._paint_lines(painter, tokens)

    def _paint_lines(self, painter: QPainter, tokens: theme.Tokens) -> None:
        top = float(INSET)
        colours = tokens.muted, tokens.text, tokens.text, tokens.accent if self.isChecked() else tokens.text
        for line, font, colour in zip(self._lines, self._fonts, colours, strict=True):
            metrics, text = QFontMetrics(font), line
            for shorter in (line.replace("sees ", ""), line.partition(":")[0]):
                if metrics.horizontalAdvance(text) > self.width() - INSET - 4:
                    text = shorter
            painter.setFont(font)
            painter.setPen(colour)
            painter.drawText(
                QRectF(INSET, top, self.width() - INSET - 2, metrics.height()), Qt.AlignmentFlag.AlignLeft, text
            )
            top += metrics.height() + LEADING


class SumCards(QWidget):
    """The two sums; the one that the layer is now is marked."""

    groups_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sum-cards")
        self._sums: tuple[FilterSum, ...] = ()
        self.cards = SumCard(self), SumCard(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for index, card in enumerate(self.cards):
            row.addWidget(card, 1)
            card.clicked.connect(lambda _=False, index=index: self._choose(index))

    def show_sums(self, sums: tuple[FilterSum, ...]) -> None:
        """Show the two sums of a layer."""
        if sums == self._sums:
            return
        self._sums = sums
        for card, part in zip(self.cards, sums, strict=True):
            card.show_sum(part)

    def _choose(self, index: int) -> None:
        if index < len(self._sums):
            self.groups_chosen.emit(self._sums[index].groups)
