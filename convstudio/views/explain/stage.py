"""The form of an explanation that fills the stage: a picture of its own, or in its place why there is none."""

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from convstudio.views import theme
from convstudio.views.explain.explainer import Explainer
from convstudio.views.painting import painting

WIDE, MEDIUM = 1000, 720  # pixels of width from which on the margin is wide, and at least of medium width
MARGINS = 24, 16, 12
ROW = 28  # the one quiet row of small controls
TITLE, HEADING, TEXT, CAPTION, NUMBER = 18, 15, 13, 12, 30  # pixels of type
SEMIBOLD = QFont.Weight.DemiBold
CARD_CORNER = 8


def sized(pixels: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The application's font in another size."""
    font = QFont(QApplication.font())
    font.setPixelSize(round(pixels))
    font.setWeight(weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


class Words(QLabel):
    """Words of one size, muted where they come second; they wrap, and can be selected."""

    def __init__(
        self, name: str, pixels: int, parent: QWidget, *, is_bold: bool = False, is_muted: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._pixels, self._weight = pixels, SEMIBOLD if is_bold else QFont.Weight.Normal
        self.setFont(sized(pixels, self._weight))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if is_muted:
            self.setForegroundRole(QPalette.ColorRole.PlaceholderText)

    def event(self, event: QEvent) -> bool:
        """Follow the size of the application's text."""
        if event.type() is QEvent.Type.ApplicationFontChange:
            self.setFont(sized(self._pixels, self._weight))
        return super().event(event)

    def height_for(self, width: int) -> int:
        """How high the words are in a width."""
        return max(self.heightForWidth(width), 0)


class StageExplainer(Explainer):
    """An explanation that places what it shows by hand. Whoever derives from it overrides `place`.

    `content` fills the stage, less its margins and the row of small controls; `show_reason` puts a sentence there.
    """

    def arrange(self) -> None:
        """The content, or in its place a sentence; below it the row."""
        self.content = StageRoom(self)
        self.row = QWidget(self)
        self.row.hide()
        self.lead.setFont(sized(TITLE, SEMIBOLD))
        self.lead.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.lead.hide()
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._page = QVBoxLayout(self)
        self._page.setSpacing(theme.SPACE)
        for widget, stretch in ((self.content, 1), (self.lead, 1), (self.note, 0), (self.row, 0)):
            self._page.addWidget(widget, stretch)
        for overlay in (self.progress, self.cancel):
            overlay.raise_()

    def place(self, room: QRect) -> None:
        """Put everything into its place; `room` is that of the content."""
        raise NotImplementedError

    def paint_content(self, painter: QPainter) -> None:
        """Paint what lies between the widgets of the content: nothing, unless it is overridden."""

    def show_reason(self, sentence: str) -> None:
        """Say why there is nothing to see; "" shows the content again."""
        self.lead.setText(sentence)
        self.lead.setVisible(bool(sentence))
        self.content.setVisible(not sentence)

    def show_refusal(self, sentence: str) -> None:
        """Say why there is no answer."""
        super().show_refusal(sentence)
        self.show_reason(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Margins by the room there is; what is being worked out is told in the upper right corner, over all."""
        super().resizeEvent(event)
        margin = self.margin
        self._page.setContentsMargins(margin, margin, margin, margin)
        side = self.cancel.sizeHint().height()
        self.cancel.setGeometry(self.width() - side - 4, 4, side, side)
        self.progress.setGeometry(self.cancel.x() - 104, 4, 100, side)

    @property
    def margin(self) -> int:
        """Pixels around the explanation."""
        return MARGINS[0] if self.width() >= WIDE else MARGINS[1] if self.width() >= MEDIUM else MARGINS[2]

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground on which pictures and cards lie."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)


class StageRoom(QWidget):
    """The room of a stage's picture: it has its stage place the widgets in it, and paint between them."""

    def __init__(self, stage: StageExplainer) -> None:
        super().__init__(stage)
        self._stage = stage

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        self._stage.place(self.rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        """What lies between the widgets."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._stage.paint_content(painter)


def paint_card(painter: QPainter, place: QRectF, colours: theme.Tokens) -> None:
    """A card: the ground of what is drawn by itself."""
    painter.setPen(QPen(colours.line, 1))
    painter.setBrush(colours.card)
    painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), CARD_CORNER, CARD_CORNER)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_focus(painter: QPainter, place: QRectF, colours: theme.Tokens) -> None:
    """The frame of what has the focus, with a white line inside that is seen on any picture."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.WHITE_INK, 1))
    painter.drawRect(place.adjusted(2.5, 2.5, -2.5, -2.5))
    painter.setPen(QPen(colours.accent, 2))
    painter.drawRect(place.adjusted(1, 1, -1, -1))


def paint_arrow(painter: QPainter, left: float, right: float, y: float, colours: theme.Tokens) -> None:
    """An arrow from left to right."""
    painter.setPen(QPen(colours.faint, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(round(left), round(y), round(right), round(y))
    for rise in (-4, 4):
        painter.drawLine(round(right) - 4, round(y) + rise, round(right), round(y))
