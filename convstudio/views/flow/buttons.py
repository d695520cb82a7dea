"""The buttons of the flow: the eye of a card, the place for another layer at the end, and the plus between two."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QToolButton, QWidget

from convstudio.views import icons, theme
from convstudio.views.painting import painting

EYE = 24  # the side of the button; its icon has 16
ADD = 32  # the height of the place at the end
Align = Qt.AlignmentFlag


class Eye(QAbstractButton):
    """Switches a layer off and on; Space does it from the keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layer-eye")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFixedSize(EYE, EYE)
        self._is_selected = False

    def sizeHint(self) -> QSize:
        """As large as it is."""
        return QSize(EYE, EYE)

    def show_state(self, name: str, *, is_on: bool, is_selected: bool) -> None:
        """Show whether the layer works."""
        self._is_selected = is_selected
        self.setCheckable(True)
        self.setChecked(is_on)
        self.setAccessibleName(f"Switch {name} {'off' if is_on else 'on'}")
        self.setToolTip(f"Switch {name} {'off' if is_on else 'on'} (Space)")
        self.update()

    def nextCheckState(self) -> None:
        """Nothing: the document says whether the layer is on."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be pressed."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw an eye, open or struck through."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            if self.underMouse() or self.isDown():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colours.line)
                painter.drawRoundedRect(self.rect(), 6, 6)
            colour = colours.accent if self._is_selected else colours.muted
            side = EYE - 8
            place = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
            icons.paint_icon(painter, "eye" if self.isChecked() else "eye-off", place, colour)


class AddCard(QToolButton):
    """The place behind the last layer, where another one can be put."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layer-add")
        self.setText("Add layer")
        self.setAccessibleName("Add layer")
        self.setToolTip("Add a layer at the end of the flow")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        self._has_text = True

    def show_lines(self, *, has_text: bool) -> None:
        """Show the words, or the sign alone."""
        self._has_text = has_text
        self.update()

    def room(self) -> int:
        """How wide it is."""
        return ADD + self.fontMetrics().horizontalAdvance(self.text()) + 10 if self._has_text else ADD

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a dashed outline with a plus."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self)
            is_near = self.underMouse() or self.isDown()
            painter.setPen(QPen(colours.accent if is_near else colours.outline, 1, Qt.PenStyle.DashLine))
            if self.hasFocus():
                painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(colours.tint if is_near else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            ink = colours.accent if is_near else colours.text
            sign = QRect(8, (self.height() - 16) // 2, 16, 16)
            icons.paint_icon(painter, "plus", sign, ink)
            if self._has_text:
                painter.setPen(ink)
                painter.drawText(self.rect().adjusted(32, 0, 0, 0), Align.AlignVCenter | Align.AlignLeft, self.text())


class Plus(QToolButton):
    """Between two cards, while the mouse is there: puts a layer in."""

    SIDE = 24

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layer-insert")
        self.setAccessibleName("Put a layer in between")
        self.setToolTip("Put a layer in here")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(self.SIDE, self.SIDE)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw a disk with a plus."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours = theme.tokens(self)
            painter.setPen(QPen(colours.accent, 1))
            painter.setBrush(colours.tint if self.underMouse() else colours.card)
            painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
            side = 14
            place = QRect((self.width() - side) // 2, (self.height() - side) // 2, side, side)
            icons.paint_icon(painter, "plus", place, colours.accent)
