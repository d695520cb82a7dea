"""The first start: a card over the output with three ways to begin. Whether it is the first start is not its affair."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QFont, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from convstudio.core.kernels.choices import CHOICES
from convstudio.views import icons, theme
from convstudio.views.painting import painting

TITLE = "Nine numbers made this picture"
WAYS = (
    ("article", "graduation-cap", "Follow the article", "From one edge to a network that sees"),
    ("open", "folder-open", "Open my picture", "Or drop one anywhere in the window"),
    ("presets", "images", "Try a filter", f"{len(CHOICES)} of them, shown on this photograph"),
)
"""The ways to begin: the name that is sent, the icon, the words and what they lead to."""
WIDEST, SHADOW, CORNER = 440, 12, 10.0
DISK, ROW, LOW_ROW = 40, 76, 56
NARROW = 400  # below it there is less room around the words


class Way(QAbstractButton):
    """One way to begin: a disk with an icon, the words, and what they lead to."""

    def __init__(self, name: str, icon: str, text: str, sentence: str, parent: QWidget, *, is_first: bool) -> None:
        super().__init__(parent)
        self.setObjectName(f"welcome-{name}")
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(sentence)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon, self._sentence, self._is_first = icon, sentence, is_first

    def sizeHint(self) -> QSize:
        """Room for two lines beside the disk."""
        return QSize(WIDEST - 2 * theme.SPACE, ROW)

    def minimumSizeHint(self) -> QSize:
        """In a small window the rows are lower."""
        return QSize(160, LOW_ROW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys go from one way to the next, and Return takes it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Be quiet again."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the row."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self.window())
            if self.hasFocus():
                painter.setPen(QPen(colours.accent, 2))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
            is_lit = self._is_first or self.underMouse() or self.hasFocus()
            painter.setBrush(colours.tint if is_lit else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
            disk = QRect(16 if self.width() > NARROW else 8, (self.height() - DISK) // 2, DISK, DISK)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.accent if self._is_first else colours.tint)
            painter.drawEllipse(disk)
            ink = colours.on_accent if self._is_first else colours.accent
            icons.paint_icon(painter, self._icon, disk.adjusted(10, 10, -10, -10), ink)
            self._paint_words(painter, disk.right() + disk.left() + 1, colours)

    def _paint_words(self, painter: QPainter, left: int, colours: theme.Tokens) -> None:
        title, small = QFont(self.font()), self.font()
        title.setPixelSize(round(small.pixelSize() * 15 / 13))
        title.setWeight(QFont.Weight.DemiBold)
        middle, width = self.height() // 2, self.width() - left - theme.SPACE
        aligned = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for font, colour, top, text in (
            (title, colours.text, middle - 23, self.text()),
            (small, colours.muted, middle + 1, self._sentence),
        ):
            painter.setFont(font)
            painter.setPen(colour)
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top, width, 22), aligned, elided)


class WelcomeCard(QFrame):
    """Three ways to begin, over the output; any work with the picture is a fourth, and closes it."""

    chosen = Signal(str)  # a name of `WAYS`
    closed = Signal()

    def __init__(self, output: QWidget) -> None:
        super().__init__(output)
        self.setObjectName("welcome")
        self.setAccessibleName(TITLE)
        self._output = output
        self.title = QLabel(TITLE, self)
        self.title.setObjectName("welcome-title")
        self.close_button = QToolButton(self)
        self.close_button.setObjectName("welcome-close")
        self.close_button.setIcon(icons.icon("x"))
        self.close_button.setAccessibleName("Close")
        self.close_button.setToolTip("Close (Esc)")
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 0)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        edge = SHADOW + theme.SPACE
        layout.setContentsMargins(edge, edge, edge, edge)
        layout.setSpacing(4)
        layout.addLayout(head)
        self.ways = []
        for place, (name, icon, text, sentence) in enumerate(WAYS):
            way = Way(name, icon, text, sentence, self, is_first=place == 0)
            way.clicked.connect(lambda _=False, name=name: self._choose(name))
            layout.addWidget(way, 1)
            self.ways.append(way)
        self.close_button.clicked.connect(self.close_card)
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.activated.connect(self.close_card)
        output.installEventFilter(self)
        self.hide()

    def open_card(self) -> None:
        """Lie over the output."""
        self._place()
        self.show()
        self.raise_()

    def close_card(self) -> None:
        """Go away for good."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the output's place, whatever size it takes."""
        if watched is self._output and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and its shadow."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
            for distance in range(SHADOW, 0, -1):
                painter.setBrush(QColor(0, 0, 0, 1 + (SHADOW - distance) // 2))
                around = card.adjusted(-distance, 2 - distance, distance, distance)
                painter.drawRoundedRect(around, CORNER + distance, CORNER + distance)
            colours = theme.tokens(self.window())
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.card)
            painter.drawRoundedRect(card, CORNER, CORNER)

    def _choose(self, name: str) -> None:
        self.close_card()
        self.chosen.emit(name)

    def _place(self) -> None:
        room = self._output.rect()
        width = min(WIDEST + 2 * SHADOW, room.width())
        font = QFont(self.font())
        font.setPixelSize(round(font.pixelSize() * (18 if width > NARROW else 15) / 13))
        font.setWeight(QFont.Weight.DemiBold)
        self.title.setFont(font)
        height = min(self.sizeHint().height(), room.height() - theme.SPACE)
        top = room.bottom() - height - min(24, max(room.height() - height, 0) // 4)
        self.setGeometry((room.width() - width) // 2, max(top, 0), width, height)
