"""The flow: the source and the layers as cards, in the direction of the data, and the ways to change them.

Between the fixed first card and the fixed place for another layer at the end, the cards scroll where they are many.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QSizePolicy, QWidget

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import Shown
from convstudio.views import icons, theme
from convstudio.views.flow.arrows import paint_arrow, paint_pass
from convstudio.views.flow.buttons import ADD, AddCard, Plus
from convstudio.views.flow.card import RING, Card
from convstudio.views.flow.choices import SECTIONS
from convstudio.views.flow.contents import SOURCE, Contents, cards_of, without_answers
from convstudio.views.flow.layout import GAP, CardLayout
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.painting import painting

FADE = 16  # where cards go on under the first and the last
EDGE = 24  # near an end a dragged card scrolls the flow
EDGE_STEP, EDGE_TIME = 12, 16  # pixels, milliseconds


@dataclass
class Drag:
    """A card under way: its layer, where it was taken hold of, where the mouse is, and the place it would have."""

    index: int
    hold: int
    x: int
    target: int


class End(QWidget):
    """The fixed part at either end of the flow: opaque, for cards to scroll under."""

    def __init__(self, paint: "Callable[[QPainter, End], None]", parent: QWidget) -> None:
        super().__init__(parent)
        self._paint = paint
        self.setMouseTracking(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and an arrow."""
        with painting(self) as painter:
            self._paint(painter, self)


class LayerFlow(QWidget):
    """The source and the layers, in the order in which they are applied. One Tab stop; the arrow keys go along it."""

    layer_added = Signal(str, int)  # a label of `choices.CHOICES`, and the place that the layer takes
    layer_duplicated = Signal(int)
    layer_deleted = Signal(int)
    layer_moved = Signal(int, int)
    layer_edited = Signal(int, object, str)  # index, Layer, merge key
    layer_selected = Signal(int)  # −1 is the source

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("flow")
        self.setAccessibleName("Layers")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._contents = Contents()
        self._has_answers = True
        self._measures = MEDIUM
        self._layout = CardLayout(0, MEDIUM, 0, 0)
        self._selected = SOURCE
        self._pressed: tuple[int, QPoint] | None = None  # a card, and where in the flow
        self._drag: Drag | None = None
        self._gap: int | None = None  # under the mouse: the place of a layer that is put in there
        self._timer = QTimer(self)
        self._timer.setInterval(EDGE_TIME)
        self._timer.timeout.connect(self._scroll_at_edge)
        self._left, self._right = End(self._paint_left, self), End(self._paint_right, self)
        self.source = self._new_card(SOURCE, self._left)
        self.layers: list[Card] = []
        self.add = AddCard(self._right)
        self.menu = kinds_menu("layer-add-menu", self)
        self.menu.triggered.connect(lambda action: self.layer_added.emit(action.data(), len(self.layers)))
        self.add.setMenu(self.menu)
        self.plus = Plus(self)
        insertions = kinds_menu("layer-insert-menu", self)
        insertions.triggered.connect(lambda action: self.layer_added.emit(action.data(), self._gap))
        self.plus.setMenu(insertions)
        self._show(self._contents)
        self.show_measures(MEDIUM)

    @property
    def selected(self) -> int:
        """The selected layer; −1 is the source."""
        return self._selected

    @property
    def cards(self) -> tuple[Card, ...]:
        """The source's card and those of the layers."""
        return (self.source, *self.layers)

    @property
    def drop_target(self) -> int | None:
        """The place that the dragged layer would have, while one is dragged."""
        return None if self._drag is None else self._drag.target

    def sizeHint(self) -> QSize:
        """A row as high as the window's size wants it."""
        return QSize(640, self._measures.flow)

    def minimumSizeHint(self) -> QSize:
        """Cards scroll, so that it may be narrow."""
        return QSize(240, self._measures.flow)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes of another window."""
        self._measures = measures
        self.setFixedHeight(measures.flow)
        for card in self.cards:
            card.show_lines(has_second_line=measures.has_second_line)
        self.add.show_lines(has_text=measures.has_second_line)
        self._place()

    def show_shown(self, shown: Shown) -> None:
        """Show a result: pictures, shapes, counts and times."""
        result = shown.result
        name = result.frame.name
        self._show(Contents(result.document, result.plan, shown.thumbnails, result.milliseconds, source_name=name))

    def show_document(self, document: Document, plan: Plan | None) -> None:
        """Show a recipe before it has a result; thumbnails and times stay as long as the number of layers does."""
        previous = self._contents
        is_alike = len(document.layers) == len(previous.document.layers)
        thumbnails = previous.thumbnails if is_alike else previous.thumbnails[:1]
        times = previous.milliseconds if is_alike else ()
        self._show(Contents(document, plan, thumbnails, times, source_name=previous.source_name))

    def take_document(self, document: Document, plan: Plan | None) -> None:
        """Edit from here on a recipe of which only numbers changed; `show_document` shows them."""
        self._contents = replace(self._contents, document=document, plan=plan)

    def show_refusal(self, index: int, sentence: str) -> None:
        """Mark the layer that cannot work, and say why; the next `show_shown` or `show_document` takes the mark off."""
        self._show(replace(self._contents, refused=index, refusal=sentence))

    def show_answers(self, *, is_on: bool) -> None:
        """Show what comes out of the layers, or only which they are."""
        self._has_answers = is_on
        self._show(self._contents)

    # keys and mouse

    def event(self, event: QEvent) -> bool:
        """Keep Escape for a drag that is under way: elsewhere it leaves a stage."""
        if event.type() is QEvent.Type.ShortcutOverride and self._drag is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go along the cards, and do with the selected one what a person can."""
        is_moving = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if self._go_by_key(event.key(), is_moving=is_moving):
            return
        if self.add.hasFocus() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.add.showMenu()
        elif self.add.hasFocus() or not self._act_by_key(event.key()):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select a card, and take hold of it."""
        place = event.position().toPoint()
        index = self._layout.card_at(place)
        if index is None:
            return
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._pressed = index, place
        self._choose(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry the card that is held, or show a plus where the mouse is between two."""
        place = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_gap(self._layout.gap_at(place))
            return
        if self._drag is None:
            index, start = self._pressed
            if (place - start).manhattanLength() < QApplication.startDragDistance():
                return
            self._lift(index, start)
        assert self._drag is not None
        self._drag.x = place.x()
        self._carry()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the card go where the gap is."""
        drag = self._drag
        self._stop_dragging()
        if drag is not None and drag.index != drag.target:
            self.layer_moved.emit(drag.index, drag.target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename a layer."""
        index = self._layout.card_at(event.position().toPoint())
        if index is not None and index >= 0:
            self._rename(index)

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse is between no cards any more."""
        super().leaveEvent(event)
        if not self.plus.isDown():
            self._show_gap(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll along the cards."""
        delta = event.angleDelta()
        self._place(self._layout.offset - (delta.y() or delta.x()) * 2 // 3)
        self._show_gap(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a layer."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            index: int | None = self._selected
            place = self.mapToGlobal(self._layout.frame(self._selected).bottomLeft().toPoint())
        else:
            index, place = self._layout.card_at(self.mapFromGlobal(event.globalPos())), event.globalPos()
        if index is not None:
            self._choose(index)
            self._show_menu(index, place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the cards out anew."""
        super().resizeEvent(event)
        self._place()
        self._show_card(self._selected)

    # what is shown

    def _show(self, contents: Contents) -> None:
        self._contents = contents
        contents_of_cards = cards_of(contents)
        if not self._has_answers:
            contents_of_cards = tuple(without_answers(card) for card in contents_of_cards)
        count, selected = len(contents_of_cards) - 1, contents.document.selected
        has_focus = any(card.hasFocus() for card in self.cards)
        is_other = count != len(self.layers)
        if is_other:
            self._exchange_cards(count)
        passes = self._passes()
        for card, content in zip(self.cards, contents_of_cards, strict=True):
            card.show_content(content)
        if passes != self._passes():
            self._update_arrows()
        is_elsewhere, self._selected = selected != self._selected, selected
        for card in self.cards:
            card.show_selected(is_selected=card.index == selected)
        if is_other or is_elsewhere:
            self._show_card(selected)
            if has_focus:
                self.cards[selected + 1].setFocus(Qt.FocusReason.TabFocusReason)

    def _exchange_cards(self, count: int) -> None:
        self._stop_dragging()
        self._show_gap(None)
        for card in self.layers:
            card.close_editor()
        while len(self.layers) > count:
            card = self.layers.pop()
            card.hide()
            card.deleteLater()
        while len(self.layers) < count:
            card = self._new_card(len(self.layers), self)
            card.stackUnder(self._left)
            card.show()
            self.layers.append(card)
        self._place()

    def _new_card(self, index: int, parent: QWidget) -> Card:
        card = Card(index, parent)
        card.show_lines(has_second_line=self._measures.has_second_line)
        card.switched.connect(self._switch)
        card.name_entered.connect(self._name)
        return card

    def _place(self, offset: int | None = None) -> None:
        """Put everything where it belongs, at once; scrolled as before, where nothing else is asked for."""
        scrolled = self._layout.offset if offset is None else offset
        add = self.add.room()
        layout = CardLayout(self.width(), self._measures, len(self.layers), add).scrolled(scrolled)
        self._layout = layout
        for card in self.cards:
            frame = layout.frame(card.index).toRect().adjusted(-RING, -RING, RING, RING)
            card.resize(frame.size())
            if self._drag is None or self._drag.index != card.index:
                card.glide_to(frame.topLeft(), is_animated=False)
        height = self.height() - 1
        self._left.setGeometry(0, 0, layout.start - RING - 1 + (FADE if layout.offset else 0), height)
        self._right.setGeometry(layout.end + RING + 1 - (FADE if layout.is_full else 0), 0, self.width(), height)
        self.add.setGeometry(layout.end + GAP - self._right.x(), (self._measures.flow - ADD) // 2, add, ADD)
        self._update_arrows()

    def _show_card(self, index: int) -> None:
        offset = self._layout.showing(index).offset
        if offset != self._layout.offset:
            self._place(offset)

    def _show_gap(self, gap: int | None) -> None:
        if gap == self._gap:
            return
        self._gap = gap
        self.plus.setVisible(gap is not None)
        if gap is not None:
            self.plus.move(self._layout.slot(gap) - (GAP + Plus.SIDE) // 2, (self._measures.flow - Plus.SIDE) // 2)
            self.plus.raise_()

    def _update_arrows(self) -> None:
        for widget in (self, self._left, self._right):
            widget.update()

    # what a person does

    def _choose(self, index: int) -> None:
        if index == self._selected:
            return
        self._selected = index
        for card in self.cards:
            card.show_selected(is_selected=card.index == index)
        self._show_card(index)
        self.layer_selected.emit(index)

    def _select_by_key(self, index: int) -> None:
        """Go to a card; behind the last one is the place for another layer."""
        if index >= len(self.layers):
            self.add.setFocus(Qt.FocusReason.TabFocusReason)
            return
        index = max(index, SOURCE)
        self.cards[index + 1].setFocus(Qt.FocusReason.TabFocusReason)
        self._choose(index)

    def _go_by_key(self, key: int, *, is_moving: bool) -> bool:
        """Go to another card, or take the selected one along; whether the key is for that."""
        index = self._selected
        match key:
            case Qt.Key.Key_Left | Qt.Key.Key_Right if is_moving:
                self._move(index, index + (1 if key == Qt.Key.Key_Right else -1))
            case Qt.Key.Key_Left:
                self._select_by_key(index if self.add.hasFocus() else index - 1)
            case Qt.Key.Key_Right:
                self._select_by_key(index + 1)
            case Qt.Key.Key_Home:
                self._select_by_key(SOURCE)
            case Qt.Key.Key_End:
                self._select_by_key(len(self.layers) - 1)
            case _:
                return False
        return True

    def _act_by_key(self, key: int) -> bool:
        """Do something with the selected layer; whether the key is for that."""
        index = self._selected
        match key:
            case Qt.Key.Key_Escape if self._drag is not None:
                self._stop_dragging()
            case Qt.Key.Key_Delete | Qt.Key.Key_Backspace if index >= 0:
                self.layer_deleted.emit(index)
            case Qt.Key.Key_F2 if index >= 0:
                self._rename(index)
            case Qt.Key.Key_Space if index >= 0:
                self._switch(index)
            case _:
                return False
        return True

    def _move(self, index: int, target: int) -> None:
        if index >= 0 and 0 <= target < len(self.layers):
            self.layer_moved.emit(index, target)

    def _rename(self, index: int) -> None:
        self._stop_dragging()
        self.layers[index].edit_name(self._contents.document.layers[index].name or self.layers[index].content.name)

    def _name(self, index: int, name: str) -> None:
        layer = self._contents.document.layers[index]
        if name != layer.name:
            self.layer_edited.emit(index, replace(layer, name=name), "")

    def _switch(self, index: int) -> None:
        layer = self._contents.document.layers[index]
        self.layer_edited.emit(index, replace(layer, enabled=not layer.enabled), "")

    def _lift(self, index: int, place: QPoint) -> None:
        """Take a card out of the row, to be carried."""
        card = self.layers[index]
        card.show_lifted(is_lifted=True)
        card.stackUnder(self._left)
        self._show_gap(None)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self._drag = Drag(index, place.x() - card.x(), place.x(), index)
        self._timer.start()

    def _carry(self) -> None:
        """Put the held card under the mouse, and open a gap where it would land."""
        drag, layout = self._drag, self._layout
        assert drag is not None
        held = self.layers[drag.index]
        x = min(max(drag.x - drag.hold, layout.start - GAP), layout.start + layout.room + GAP - held.width())
        held.move(x, held.y())
        drag.target = layout.landing(x + RING)
        others = [card for card in self.layers if card is not held]
        for place, card in enumerate(others):
            slot = layout.slot(place + (place >= drag.target))
            card.glide_to(QPoint(slot - RING, card.y()), is_animated=True)

    def _scroll_at_edge(self) -> None:
        """Scroll while the held card is at an end."""
        drag, layout = self._drag, self._layout
        if drag is None:
            return
        is_left, is_right = drag.x < layout.start + EDGE, drag.x > layout.start + layout.room - EDGE
        scrolled = layout.scrolled(layout.offset + EDGE_STEP * (is_right - is_left))
        if scrolled != layout:
            self._layout = scrolled
            self._carry()
            self._update_arrows()

    def _stop_dragging(self) -> None:
        drag, self._drag, self._pressed = self._drag, None, None
        self._timer.stop()
        if drag is not None:
            self.layers[drag.index].show_lifted(is_lifted=False)
            self.unsetCursor()
            self._place()

    def _show_menu(self, index: int, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("layer-menu")
        behind = kinds_menu("layer-behind-menu", menu)
        behind.setTitle("Add behind")
        behind.triggered.connect(lambda action: self.layer_added.emit(action.data(), index + 1))
        if index >= 0:
            self._fill_menu(menu, index)
        menu.addMenu(behind)
        if index >= 0:
            menu.addAction(icons.icon("trash-2"), "Delete\tDel", lambda: self.layer_deleted.emit(index))
        menu.popup(place)

    def _fill_menu(self, menu: QMenu, index: int) -> None:
        is_on, last = self.layers[index].content.is_on, len(self.layers) - 1
        menu.addAction(icons.icon("pencil"), "Rename…\tF2", lambda: self._rename(index))
        eye, state = ("eye-off", "off") if is_on else ("eye", "on")
        menu.addAction(icons.icon(eye), f"Switch {state}\tSpace", lambda: self._switch(index))
        menu.addAction(icons.icon("copy"), "Duplicate", lambda: self.layer_duplicated.emit(index))
        menu.addSeparator()
        left = menu.addAction(icons.icon("arrow-left"), "Move left\tAlt+Left", lambda: self._move(index, index - 1))
        left.setEnabled(index > 0)
        right = menu.addAction(icons.icon("arrow-right"), "Move right\tAlt+Right", lambda: self._move(index, index + 1))
        right.setEnabled(index < last)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground, the arrows between the cards, and the ways round those that are switched off."""
        with painting(self) as painter:
            colours, layout = theme.tokens(self), self._layout
            painter.fillRect(self.rect(), colours.window)
            painter.fillRect(0, self.height() - 1, self.width(), 1, colours.line)
            for index in range(1, len(self.layers)):
                if not self._is_passed(index - 1) and not self._is_passed(index):
                    self._paint_arrow(painter, layout.slot(index))
            for first, last in self._passes():
                self._paint_pass(painter, layout.slot(first), layout.slot(last) + layout.card_width)

    def _paint_left(self, painter: QPainter, end: End) -> None:
        """The ground of the first card, and the arrow to the first layer."""
        layout = self._layout
        self._paint_ground(painter, end, begin=layout.start - RING - 1, stop=end.width())
        if self._is_passed(0):
            last = self._passes()[0][1]
            painter.setClipRect(0, 0, layout.start - RING - 1, end.height())
            self._paint_pass(painter, layout.start, layout.start + last * layout.step + layout.card_width)
        elif self.layers:
            self._paint_arrow(painter, layout.start)

    def _paint_right(self, painter: QPainter, end: End) -> None:
        """The ground of the place at the end, and the arrow to it."""
        layout = self._layout
        painter.translate(-end.x(), 0)
        self._paint_ground(painter, end, begin=layout.end + RING + 1, stop=end.x())
        if self._is_passed(len(self.layers) - 1):
            painter.setClipRect(QRectF(layout.end + RING + 1, 0, GAP, end.height()))
            self._paint_pass(painter, layout.end - layout.card_width, layout.end)
        else:
            self._paint_arrow(painter, layout.end + GAP)

    def _paint_ground(self, painter: QPainter, end: End, *, begin: int, stop: int) -> None:
        """Opaque, but fading from `begin` to `stop`, where cards go on under it."""
        ground = theme.tokens(self).window
        clear = QColor(ground)
        clear.setAlpha(0)
        gradient = QLinearGradient(begin, 0, stop, 0)
        gradient.setColorAt(0, ground)
        gradient.setColorAt(1, clear)
        area = painter.transform().inverted()[0].mapRect(end.rect())
        painter.fillRect(area, gradient if begin != stop else ground)

    def _is_passed(self, index: int) -> bool:
        """Whether the data goes round a layer."""
        return 0 <= index < len(self.layers) and not self.layers[index].content.is_on

    def _passes(self) -> list[tuple[int, int]]:
        """Runs of layers that are switched off: the first and the last of each."""
        off = [index for index in range(len(self.layers)) if self._is_passed(index)]
        firsts = [index for index in off if index - 1 not in off]
        lasts = [index for index in off if index + 1 not in off]
        return list(zip(firsts, lasts, strict=True))

    def _paint_arrow(self, painter: QPainter, x: float) -> None:
        """In the gap before `x`."""
        paint_arrow(painter, QRectF(x - GAP, 0, GAP, self._measures.flow), theme.tokens(self).faint)

    def _paint_pass(self, painter: QPainter, left: float, right: float) -> None:
        """Round the cards from `left` to `right`."""
        cards = QRectF(left, self._layout.top, right - left, self._layout.card_height)
        paint_pass(painter, cards, GAP, min(self._layout.top / 2, 4), theme.tokens(self).faint)


def kinds_menu(name: str, parent: QWidget) -> QMenu:
    """The layers there are; an action's data is the label of its layer."""
    menu = QMenu(parent)
    menu.setObjectName(name)
    menu.setToolTipsVisible(True)
    for section in SECTIONS:
        if not (section.title or menu.isEmpty()):
            menu.addSeparator()
        entries = menu.addMenu(section.title) if section.title else menu
        entries.setToolTipsVisible(True)
        for choice in section.choices:
            action = entries.addAction(choice.label)
            action.setObjectName(choice.name)
            action.setToolTip(choice.tip)
            action.setData(choice.label)
    return menu
