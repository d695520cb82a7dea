"""The loupe: a tile beside the mouse that says why the output there has its value."""

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.view.shown import Shown
from convstudio.core.wording import counted, row_and_column
from convstudio.views import theme
from convstudio.views.painting import painting
from convstudio.views.probe.equation import COLOURS, TILE, Equation, equation_of, paint_equation, value_words
from convstudio.views.probe.probed import Probed, Role, colour_of

AWAY = 20  # pixels from the mouse
SHADOW = 8  # pixels around the tile
INSIDE = 16
HEADING, LINE = 16, 16
GAP = 8
APART = 16  # between the words of the line
SWATCH = QSizeF(TILE, 40)

Words = tuple[tuple[str, bool], ...]


class Loupe(QWidget):
    """Floats over the widget that it is a child of; takes neither the mouse nor the focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("loupe")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._equation: Equation | None = None
        self._pixel: tuple[str, Words, QColor] | None = None  # heading, line, colour
        self._role = Role.POINTED
        self._point = QPointF()
        self._pixel_place = QRectF()
        self._field = QRectF()
        self.hide()

    @property
    def equation(self) -> Equation | None:
        """The calculation that is shown, while there is one."""
        return None if self.isHidden() else self._equation

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that can be read beside the grids."""
        if self.isHidden():
            return ()
        if self._equation is not None:
            equation = self._equation
            return (equation.heading, equation.result, *(text for text, _ in equation.line))
        assert self._pixel is not None
        return (self._pixel[0], *(text for text, _ in self._pixel[1]))

    @property
    def tile(self) -> QRectF:
        """Where the tile is on the parent, without its shadow."""
        return QRectF(self.geometry()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)

    def show_unit(self, probed: Probed, shown: Shown, channel: int, role: Role | None = None) -> None:
        """Show the calculation of an output; in the role of a pin where it is one, too."""
        self._role, self._pixel = role or probed.role, None
        self._equation = equation_of(probed, shown, channel, ghost=theme.tokens(self).card)
        self._appear()

    def show_input(self, place: tuple[int, int], values: tuple[float, ...], colour: QColor, reached: int) -> None:
        """Show the value of an input, and how many outputs it has an effect on."""
        where = row_and_column(*place)
        heading = where[0].upper() + where[1:]
        names = [f"{name} " for name in COLOURS] if len(values) == len(COLOURS) else [""]
        numbers = [(f"{name}{value_words(value)}", True) for name, value in zip(names, values, strict=False)]
        self._equation, self._role = None, Role.POINTED
        self._pixel = heading, (*numbers, (f"reaches {counted(reached, 'output')}", False)), colour
        self._appear()

    def follow(self, point: QPointF, pixel: QRectF, field: QRectF | None = None) -> None:
        """Stand beside a point of the parent, not over the pixel that is explained nor, if possible, its inputs."""
        self._point, self._pixel_place, self._field = point, pixel, field or QRectF()
        self._place()

    def _appear(self) -> None:
        size = self._size()
        if size != self.size():
            self.resize(size)
        self._place()
        if self.isHidden():
            self.show()
            self.raise_()
        self.update()

    def _size(self) -> QSize:
        heading, line = self._texts()
        fonts = self._font(12), self._font(13)
        metrics, strong = QFontMetricsF(fonts[0]), QFontMetricsF(self._font(13, is_strong=True))
        words = sum(strong.horizontalAdvance(text) for text, _ in line) + APART * max(0, len(line) - 1)
        body = self._equation.size if self._equation is not None else SWATCH
        width = max(body.width(), metrics.horizontalAdvance(heading), words)
        height = HEADING + GAP + body.height() + (GAP + LINE if line else 0)
        around = 2 * (INSIDE + SHADOW)
        return QSize(round(width + around + 7) // 8 * 8, round(height) + around - 8)

    def _texts(self) -> tuple[str, Words]:
        if self._equation is not None:
            return self._equation.heading, self._equation.line
        return (self._pixel[0], self._pixel[1]) if self._pixel is not None else ("", ())

    def _place(self) -> None:
        """To the right of the mouse and below, unless there is no room."""
        room = QRectF(self._parent.rect())
        around = QRectF(self._point.x() - AWAY, self._point.y() - AWAY, 2 * AWAY, 2 * AWAY)
        taboo = self._pixel_place.intersected(room).adjusted(-4, -4, 4, 4)
        width, height = self.width() - 2 * SHADOW, self.height() - 2 * SHADOW
        avoided = around.united(taboo) if taboo.width() < room.width() / 3 else around
        places = [
            QRectF(left, top, width, height)
            for top in (around.bottom(), around.top() - height)
            for left in (avoided.right(), avoided.left() - width)
        ]
        places += [
            QRectF(self._point.x() - width / 2, top, width, height)
            for top in (avoided.bottom(), avoided.top() - height)
        ]
        tile = max(places, key=lambda place: (_share(place, room), -_share(self._field, place)))
        tile.moveLeft(min(max(tile.left(), room.left() - SHADOW), max(room.right() - width + SHADOW, 0.0)))
        tile.moveTop(min(max(tile.top(), room.top() - SHADOW), max(room.bottom() - height + SHADOW, 0.0)))
        self.move(round(tile.left()) - SHADOW, round(tile.top()) - SHADOW)

    def _font(self, pixels: int, *, is_strong: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(pixels)
        font.setWeight(QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)
        return font

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A card with a soft shadow; around a pinned unit's a line in its colour."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            card = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
            _paint_card(painter, card, tokens, None if self._role is Role.POINTED else colour_of(self._role, tokens))
            heading, line = self._texts()
            left, top = card.left() + INSIDE, card.top() + INSIDE - 4
            painter.setFont(self._font(12))
            painter.setPen(tokens.muted)
            vertical = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(left, top, card.width(), HEADING), vertical, heading)
            top += HEADING + GAP
            if self._equation is not None:
                paint_equation(painter, QPointF(left, top), self._equation, tokens)
                top += self._equation.size.height()
            elif self._pixel is not None:
                painter.setPen(QPen(tokens.line, 1))
                painter.setBrush(self._pixel[2])
                painter.drawRoundedRect(QRectF(QPointF(left, top), SWATCH).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
                top += SWATCH.height()
            for text, is_strong in line:
                font = self._font(13, is_strong=is_strong)
                painter.setFont(font)
                painter.setPen(tokens.text if is_strong else tokens.muted)
                width = QFontMetricsF(font).horizontalAdvance(text)
                painter.drawText(QRectF(left, top + GAP, width + 1, LINE), vertical, text)
                left += width + APART


def _share(place: QRectF, room: QRectF) -> float:
    """How much of a place lies in a room."""
    inside = place.intersected(room)
    return round(inside.width() * inside.height() / max(place.width() * place.height(), 1.0), 2)


def _paint_card(painter: QPainter, card: QRectF, tokens: theme.Tokens, frame: QColor | None) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for distance in range(SHADOW, 0, -1):
        painter.setPen(QPen(QColor(0, 0, 0, 3 + 3 * (SHADOW - distance)), 1.5))
        painter.drawRoundedRect(
            card.adjusted(-distance, 2 - distance, distance, min(distance + 1, SHADOW)), 8 + distance, 8 + distance
        )
    painter.setPen(QPen(frame, 2.0) if frame is not None else QPen(tokens.line, 1.0))
    painter.setBrush(tokens.card)
    painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
