"""The status, at the right of the bottom row: the source, how long a picture takes, and one sentence at a time."""

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from convstudio.core.live_source import LiveState
from convstudio.core.wording import milliseconds as milliseconds_text
from convstudio.core.wording import number
from convstudio.views import icons, theme
from convstudio.views.painting import painting

STAY = 8000  # milliseconds that a sentence about something done stays
SMALL_LETTERS = 12  # pixels
NOTICE = 560  # how wide a notice is at most
MARKS = {
    LiveState.STILL: "Still picture",
    LiveState.CONNECTING: "Connecting",
    LiveState.LIVE: "● Live",
    LiveState.FROZEN: "Frozen",
    LiveState.PAUSED: "Paused",
    LiveState.LOST: "Lost",
    LiveState.ENDED: "Ended",
}


class Figure(QLabel):
    """A number that changes with every picture. Its size is fixed: another one would make Qt lay out the window."""

    def show_text(self, text: str) -> None:
        """Show this text; another of as many letters takes no other room."""
        self.setText(text)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger letters take more room."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        widest = "".join("0" if letter.isdigit() else letter for letter in self.text())
        self.setFixedSize(self.fontMetrics().horizontalAdvance(widest) + 4, self.sizeHint().height())


class Sentence(QLabel):
    """A sentence in one line or in two smaller ones. What has no room there ends in "…", and the tooltip has it all."""

    def minimumSizeHint(self) -> QSize:
        """A long one never widens the window."""
        return QSize(1, super().minimumSizeHint().height())

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that are drawn."""
        return self._lines()[0]

    @property
    def is_cut(self) -> bool:
        """Whether there is no room for all of it."""
        return self._lines()[1]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        with painting(self) as painter:
            lines, _ = self._lines()
            painter.setFont(self.font() if len(lines) == 1 else self._small_font())
            painter.setPen(self.palette().color(self.foregroundRole()))
            metrics = painter.fontMetrics()
            top = (self.height() - len(lines) * metrics.height()) / 2
            for number, line in enumerate(lines):
                place = QRectF(0, top + number * metrics.height(), self.width(), metrics.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, line)

    def _small_font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(SMALL_LETTERS)
        return font

    def _lines(self) -> tuple[tuple[str, ...], bool]:
        """The lines, and whether the last one lacks something."""
        text, metrics = self.text(), self.fontMetrics()
        if metrics.horizontalAdvance(text) <= self.width():
            return (text,), False
        font = self._small_font()
        metrics = QFontMetrics(font)
        if 2 * metrics.height() > self.height():
            return (self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, self.width()),), True
        first, rest = broken(text, metrics, self.width())
        last = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
        return (first, last), last != rest


def broken(text: str, metrics: QFontMetrics, width: int) -> tuple[str, str]:
    """A text in two parts between words: the first is as long as a line has room for."""
    words = text.split(" ")
    count = len(words)
    while count > 1 and metrics.horizontalAdvance(" ".join(words[:count])) > width:
        count -= 1
    return " ".join(words[:count]), " ".join(words[count:])


class Notice(QFrame):
    """A refusal that is too long for the status: it lies over the foot of the window until it is put away."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("notice")
        self.setProperty("kind", "card")
        self.setAutoFillBackground(True)
        self.sentence = QLabel(self)
        self.sentence.setObjectName("notice-sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        close = QToolButton(self)
        close.setObjectName("notice-close")
        close.setIcon(icons.icon("x"))
        close.setToolTip("Put this away")
        close.setAccessibleName("Put this away")
        close.clicked.connect(self.hide)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 12, 8, 12)
        self._row.addWidget(self.sentence, 1)
        self._row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_sentence(self, sentence: str, foot: QPoint) -> None:
        """Say a sentence, with the lower right corner at a place of the window."""
        self.sentence.setText(sentence)
        width = min(NOTICE, foot.x() - theme.SPACE)
        self.setFixedWidth(width)
        self.ensurePolished()  # its frame takes room, too
        self.setFixedHeight(self._row.heightForWidth(width) + 2 * self.frameWidth() + 2)
        self.move(foot.x() - width, foot.y() - self.height())
        self.show()
        self.raise_()


class StatusLine(QWidget):
    """The right half of the bottom row."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("status-line")
        self.sentence = Sentence(self)
        self.sentence.setObjectName("status-sentence")
        self.mark = QLabel(self)
        self.mark.setObjectName("status-live")
        self.mark.setToolTip("Whether the picture changes by itself")
        self.speed = Figure(self)
        self.speed.setObjectName("status-speed")
        self.speed.setToolTip("Time to compute and show, and frames a second")
        for label in (self.sentence, self.mark, self.speed):
            label.setFont(theme.numbers_font(label))
        self.notice = Notice(window)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.mark)
        layout.addWidget(self.speed)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(lambda: self._write("", is_refusal=False))
        self._milliseconds = ""
        self._rate = ""
        self._stays = False
        self._is_refusal = False
        self._state = LiveState.STILL
        self.show_state(LiveState.STILL, "", 0.0)

    def say(self, sentence: str, *, stays: bool = False) -> None:
        """Say what happened, for eight seconds; with `stays` also where the recipe changes within these."""
        self._stays = stays
        self._write(sentence, is_refusal=False)
        self._timer.start(STAY)

    def refuse(self, sentence: str, *, stays: bool = False) -> None:
        """Say what cannot be done, until another sentence comes or the recipe changes; with `stays` not even then."""
        self._stays = stays
        self._timer.stop()
        self._write(sentence, is_refusal=True)

    def forget_recipe(self) -> None:
        """Clear a sentence about the recipe, which has changed since; a sentence about anything else stays."""
        if not self._stays:
            self._timer.stop()
            self._write("", is_refusal=False)

    def show_state(self, state: LiveState, sentence: str, rate: float, *, name: str = "") -> None:
        """Show whether the source is live, and how fast; a still source may have a name of its own."""
        self.mark.setText(name if name and state is LiveState.STILL else MARKS[state])
        self._state = state
        self._colour()
        if sentence:
            self.refuse(sentence, stays=True)
        self._rate = f"{number(round(rate))} fps" if rate else ""
        self._show_speed()

    def show_milliseconds(self, milliseconds: float) -> None:
        """Show how long the last picture took."""
        self._milliseconds = milliseconds_text(milliseconds)
        self._show_speed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A refusal that was cut off may now have room, or none any more."""
        super().resizeEvent(event)
        self._show_notice()

    def _show_speed(self) -> None:
        self.speed.show_text("".join(f"· {text} " for text in (self._milliseconds, self._rate) if text).rstrip())

    def changeEvent(self, event: QEvent) -> None:
        """What is said already takes the colours of another theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_state"):
            self._colour()

    def _colour(self) -> None:
        tokens = theme.tokens(self)
        colours = {LiveState.LIVE: tokens.good, LiveState.LOST: tokens.warning, LiveState.FROZEN: tokens.accent}
        _set_style_sheet(self.mark, f"color: {colours.get(self._state, tokens.muted).name()};")
        _set_style_sheet(self.sentence, f"color: {(tokens.warning if self._is_refusal else tokens.text).name()};")

    def _write(self, sentence: str, *, is_refusal: bool) -> None:
        self._is_refusal = is_refusal and bool(sentence)
        self._colour()
        self.sentence.setText(f"⚠ {sentence}" if self._is_refusal else sentence)
        self.sentence.setToolTip(sentence)
        self._show_notice()

    def _show_notice(self) -> None:
        window = self.window()
        if self._is_refusal and self.isVisible() and self.sentence.is_cut:
            foot = self.mapTo(window, QPoint(self.width(), -theme.SPACE))
            self.notice.show_sentence(self.sentence.toolTip(), foot)
        else:
            self.notice.hide()


def _set_style_sheet(label: QLabel, sheet: str) -> None:
    """Give a label a style sheet, unless it has that one already: each time Qt lays out the window."""
    if label.styleSheet() != sheet:
        label.setStyleSheet(sheet)
