"""A card of the flow: thumbnail, name, shape, and the eye that switches the layer off. Where it lies is the flow's."""

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QLineEdit, QStyle, QWidget

from convstudio.views import icons, theme
from convstudio.views.flow.buttons import EYE, Eye
from convstudio.views.flow.contents import SOURCE, CardContent
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of

RING = 4  # around the card, within the widget: the room of the focus's outline
INSET = 3  # of the thumbnail
TEXT_GAP = 10
CORNER = 8.0
OFF = 0.5  # the opacity of a layer that is switched off
GLIDE = 120  # milliseconds
KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
Align = Qt.AlignmentFlag


class Card(QWidget):
    """One step of the flow. Mouse and keys are the flow's, but for the eye and the name while it is typed."""

    switched = Signal(int)
    name_entered = Signal(int, str)

    def __init__(self, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = index
        self.setObjectName("source-card" if index == SOURCE else f"layer-card-{index + 1}")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._content = CardContent(index, "", "", "", "")
        self._is_selected = self._is_lifted = self._has_ring = False
        self._has_second_line = True
        self.editor: QLineEdit | None = None
        self.eye = Eye(self)
        self.eye.setVisible(index != SOURCE)
        self.eye.clicked.connect(lambda: self.switched.emit(self.index))
        self._glide = QPropertyAnimation(self, b"pos", self)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)

    @property
    def content(self) -> CardContent:
        """What it shows."""
        return self._content

    def show_content(self, content: CardContent) -> None:
        """Show other texts and another picture; nothing is painted where they are the same."""
        if content == self._content:
            return
        self._content = content
        self.setToolTip(content.tip)
        self.setAccessibleName(content.accessible)
        self._show_eye()
        self.update()

    def show_selected(self, *, is_selected: bool) -> None:
        """Show whether this is the layer that the controls are about; it is the flow's Tab stop then."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_selected else Qt.FocusPolicy.ClickFocus)
        if is_selected != self._is_selected:
            self._is_selected = is_selected
            self._show_eye()
            self.update()

    def show_lines(self, *, has_second_line: bool) -> None:
        """Show name and shape, or the name alone."""
        self._has_second_line = has_second_line
        self._place_eye()
        self.update()

    def show_lifted(self, *, is_lifted: bool) -> None:
        """Show that it is carried by the mouse."""
        if is_lifted != self._is_lifted:
            self._is_lifted = is_lifted
            self.update()

    def glide_to(self, place: QPoint, *, is_animated: bool) -> None:
        """Go to a place, visibly where the desktop has motion."""
        duration = min(GLIDE, self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self))
        if is_animated and duration > 0 and place != self.pos():
            if self._glide.state() is QPropertyAnimation.State.Running and self._glide.endValue() == place:
                return
            self._glide.stop()
            self._glide.setDuration(duration)
            self._glide.setEndValue(place)
            self._glide.start()
            return
        self._glide.stop()
        self.move(place)

    def edit_name(self, text: str) -> None:
        """Let the person type a name where the name stands."""
        self.close_editor()
        editor = QLineEdit(text, self)
        editor.setObjectName("layer-name")
        editor.setAccessibleName("Name of the layer")
        editor.setPlaceholderText("Its kind")
        editor.setProperty("kind", "cell")
        left = self._text_left()
        place = self._name_place() if self._has_second_line else self._frame().adjusted(left, 4, -4, -4)
        editor.setGeometry(place.adjusted(-4, -3, 4, 3))
        editor.selectAll()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.editingFinished.connect(self._take_name)
        self.editor = editor

    def close_editor(self) -> None:
        """Forget what was typed."""
        editor, self.editor = self.editor, None
        if editor is not None:
            editor.hide()
            editor.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves the name as it was; everything else is the flow's."""
        if event.key() == Qt.Key.Key_Escape and self.editor is not None:
            self.close_editor()
            self.setFocus(Qt.FocusReason.TabFocusReason)
            return
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus that came by a key; the mouse knows where it is."""
        super().focusInEvent(event)
        self._has_ring = event.reason() in KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self._has_ring = False
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the eye into its corner."""
        super().resizeEvent(event)
        self._place_eye()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card."""
        with painting(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colours, content = theme.tokens(self), self._content
            if self._has_ring:
                painter.setPen(QPen(colours.accent, 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER + 3, CORNER + 3)
            painter.setOpacity(1.0 if content.is_on else OFF)
            line, width = colours.line, 1.0
            if self._is_selected:
                line, width = colours.accent, 2.0
            if content.refusal:
                line = colours.warning
            if self._is_lifted:
                line = colours.accent
            painter.setPen(QPen(line, width))
            painter.setBrush(colours.tint if self._is_selected else colours.card)
            half = width / 2
            frame = QRectF(self._frame())
            painter.drawRoundedRect(frame.adjusted(half, half, -half, -half), CORNER, CORNER)
            self._paint_thumbnail(painter, colours.line)
            self._paint_texts(painter, colours)

    def _paint_thumbnail(self, painter: QPainter, line: QColor) -> None:
        place = self._thumbnail_place()
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(place), CORNER - INSET, CORNER - INSET)
        if self._content.thumbnail is None:
            painter.fillPath(shape, line)
            return
        image = image_of(self._content.thumbnail)
        side = min(image.width(), image.height())
        middle = QRect((image.width() - side) // 2, (image.height() - side) // 2, side, side)
        painter.save()
        painter.setClipPath(shape)
        # a 6×6 grid is shown as squares, a photograph smoothly
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, side >= place.width())
        painter.drawImage(place, image, middle)
        painter.restore()

    def _paint_texts(self, painter: QPainter, colours: theme.Tokens) -> None:
        content = self._content
        if self.editor is None:
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(colours.text)
            place = self._name_place()
            if content.refusal and not self._has_second_line:
                mark = QRect(place.left(), place.center().y() - 7, 16, 16)
                icons.paint_icon(painter, "triangle-alert", mark, colours.warning)
                place.setLeft(mark.right() + 6)
            self._paint_line(painter, place, content.name)
        if self._has_second_line:
            font = QFont(self.font())
            font.setPixelSize(max(round(font.pixelSize() * 12 / 13), 12))
            painter.setFont(font)
            painter.setPen(colours.warning if content.refusal else colours.muted)
            place = self._shape_place()
            if content.refusal:
                mark = QRect(place.left(), place.center().y() - 6, 14, 14)
                icons.paint_icon(painter, "triangle-alert", mark, colours.warning)
                place.setLeft(mark.right() + 6)
            self._paint_line(painter, place, content.shape)

    def _paint_line(self, painter: QPainter, place: QRect, text: str) -> None:
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Align.AlignVCenter | Align.AlignLeft, elided)

    def _frame(self) -> QRect:
        return self.rect().adjusted(RING, RING, -RING, -RING)

    def _thumbnail_place(self) -> QRect:
        frame = self._frame()
        side = frame.height() - 2 * INSET
        return QRect(frame.left() + INSET, frame.top() + INSET, side, side)

    def _text_left(self) -> int:
        return self._thumbnail_place().right() + 1 + TEXT_GAP - RING

    def _name_place(self) -> QRect:
        frame, line = self._frame(), self.fontMetrics().height() + 2
        left = self._thumbnail_place().right() + 1 + TEXT_GAP
        right = self.eye.geometry().left() - 2 if self.index != SOURCE else frame.right() - 8
        middle = frame.center().y() + 1
        top = middle - line if self._has_second_line else middle - line // 2
        return QRect(left, top, right - left, line)

    def _shape_place(self) -> QRect:
        name = self._name_place()
        place = name.translated(0, name.height())
        place.setRight(self._frame().right() - 8)
        return place

    def _place_eye(self) -> None:
        frame = self._frame()
        top = frame.top() + 4 if self._has_second_line else frame.center().y() - EYE // 2 + 1
        self.eye.move(frame.right() - EYE - 7, top)

    def _show_eye(self) -> None:
        self.eye.show_state(self._content.name, is_on=self._content.is_on, is_selected=self._is_selected)

    def _take_name(self) -> None:
        editor = self.editor
        if editor is None:
            return
        name, had_focus = editor.text().strip(), editor.hasFocus()
        self.close_editor()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()
        if name != self._content.name:
            self.name_entered.emit(self.index, name)
