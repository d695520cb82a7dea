"""The tiles of the gallery: pictures with names under headings, to go over with the mouse or the arrow keys."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QCursor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.kernels.choices import PresetChoice, Section, in_rows
from convstudio.core.kernels.preset import Group
from convstudio.views import icons, theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of

SMALLEST_SIDE, SIDE, LARGEST_SIDE = 96, 104, 144  # of a picture, in logical pixels
MOST_COLUMNS = 4  # more room than they need makes the pictures larger first
BELOW_PICTURE = 27  # of a tile: its name
LEFT, RIGHT, GAP = 16, 10, 8  # of the pictures, from the edges and at least from each other
FRAME = 7  # around the picture that is looked at
HEADING = 24
ABOVE, BELOW = 7, 4  # of the picture, within its tile
TABBING = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason
MORE = 24  # pixels of the button on an own kernel
DELAY = 80  # milliseconds that the mouse rests on a tile before it is looked at


def is_own(choice: PresetChoice) -> bool:
    """Whether a choice is one of the person's own kernels."""
    return choice.preset.group is Group.MINE


class Tile(NamedTuple):
    """A choice and its place."""

    choice: PresetChoice
    rect: QRect


class Heading(NamedTuple):
    """The title of a section and its place."""

    title: str
    rect: QRect


class Tiles(QWidget):
    """All choices of some sections; the one that is looked at is framed."""

    looked_at = Signal(object)  # PresetChoice, or None when the mouse has left
    described = Signal(str)  # what a preset does, for whoever rests the mouse on it; "" when it is looked at no more
    taken = Signal(object)  # PresetChoice
    menu_asked = Signal(object, object)  # PresetChoice of the person's own, QPoint of the screen
    rename_asked = Signal(object)  # PresetChoice of the person's own
    delete_asked = Signal(object)  # PresetChoice of the person's own
    side_changed = Signal()  # pictures have another size
    tile_reached = Signal(object)  # QRect, to be brought into sight

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preset-tiles")
        self.setAccessibleName("Presets")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._side = SIDE
        self._sections: tuple[Section, ...] = ()
        self._pictures: Mapping[str, Picture] = {}
        self._tiles: list[Tile] = []
        self._headings: list[Heading] = []
        self._current: PresetChoice | None = None  # framed, and looked at
        self._pointed: PresetChoice | None = None  # under the mouse, looked at after a while
        self._present: PresetChoice | None = None  # that the layer has
        self.more = QToolButton(self)
        self.more.setObjectName("preset-more")
        self.more.setIcon(icons.icon("ellipsis"))
        self.more.setIconSize(QSize(16, 16))
        self.more.setAccessibleName("What to do with this kernel")
        self.more.setToolTip("Rename, export or delete this kernel")
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.setFixedSize(MORE, MORE)
        self.more.setProperty("kind", "over")
        self.more.clicked.connect(self._ask_menu)
        self.more.hide()
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(DELAY)
        self._delay.timeout.connect(lambda: self._look_at(self._pointed))

    def show_sections(self, sections: tuple[Section, ...]) -> None:
        """Show other choices."""
        self._sections = sections
        if self._current is not None and self._current not in self.choices:
            self._look_at(None)
        self._arrange()

    def show_pictures(self, pictures: Mapping[str, Picture]) -> None:
        """Show what each choice makes of the picture."""
        self._pictures = pictures
        self.update()

    def show_present(self, choice: PresetChoice | None) -> None:
        """Mark the choice that the layer has."""
        if choice != self._present:
            self._present = choice
            self.update()

    def forget(self) -> None:
        """Frame no tile any more."""
        self._delay.stop()
        self._current = self._pointed = None
        self._place_more()
        self.update()

    @property
    def side(self) -> int:
        """The side of a picture, in logical pixels."""
        return self._side

    @property
    def present(self) -> PresetChoice | None:
        """The choice that is marked."""
        return self._present

    @property
    def pictures(self) -> Mapping[str, Picture]:
        """What is shown of each choice, by its title."""
        return self._pictures

    @property
    def choices(self) -> Sequence[PresetChoice]:
        """What is shown, in its order."""
        return [choice for section in self._sections for choice in section.choices]

    @property
    def current(self) -> PresetChoice | None:
        """The choice that is framed."""
        return self._current

    def rect_of(self, title: str) -> QRect:
        """Where a choice is, in this widget; empty where it is not shown."""
        return next((tile.rect for tile in self._tiles if tile.choice.title == title), QRect())

    def take_first(self) -> None:
        """Take the first choice, if there is one."""
        if self._tiles:
            self._take(self._tiles[0].choice)

    # places

    def _arrange(self) -> None:
        room, top = self.width() - LEFT - RIGHT, 0
        columns, before = max(1, (room + GAP) // (SIDE + GAP)), self._side
        if columns > MOST_COLUMNS:
            self._side = min(LARGEST_SIDE, (room + GAP) // MOST_COLUMNS - GAP)
            columns = (room + GAP) // (self._side + GAP)
        else:
            columns = min(MOST_COLUMNS, max(1, (room + GAP) // (SMALLEST_SIDE + GAP)))
            self._side = min(SIDE, (room + GAP) // columns - GAP)
        side, height = self._side, self._side + ABOVE + BELOW_PICTURE
        pitch = (room - side) // (columns - 1) if columns > 1 else room
        self._tiles, self._headings = [], []
        for section in in_rows(self._sections, columns):
            self._headings.append(Heading(section.title, QRect(0, top, self.width(), HEADING)))
            top += HEADING
            for place, choice in enumerate(section.choices):
                row, column = divmod(place, columns)
                left = LEFT + column * pitch - (pitch - side) // 2
                self._tiles.append(Tile(choice, QRect(left, top + row * height, pitch, height)))
            top += -(-len(section.choices) // columns) * height
        self.setFixedHeight(top + theme.SPACE)
        self._place_more()
        self.update()
        if side != before:
            self.side_changed.emit()

    def _picture_rect(self, tile: QRect) -> QRect:
        return QRect(tile.x() + (tile.width() - self._side) // 2, tile.y() + ABOVE, self._side, self._side)

    def _at(self, place: QPointF) -> PresetChoice | None:
        return next((tile.choice for tile in self._tiles if tile.rect.contains(place.toPoint())), None)

    def _beside(self, tile: Tile, down: int, across: int) -> Tile:
        """The next tile in reading order, or the nearest one in the row above or below."""
        place = self._tiles.index(tile)
        if across:
            return self._tiles[min(max(place + across, 0), len(self._tiles) - 1)]
        rows = sorted({other.rect.y() for other in self._tiles})
        row = rows.index(tile.rect.y()) + down
        if not 0 <= row < len(rows):
            return tile
        in_row = [other for other in self._tiles if other.rect.y() == rows[row]]
        return min(in_row, key=lambda other: abs(other.rect.x() - tile.rect.x()))

    # looking

    def _look_at(self, choice: PresetChoice | None) -> None:
        self._delay.stop()
        if choice != self._current:
            self._current = choice
            self.setAccessibleDescription("" if choice is None else f"{choice.title}. {choice.preset.description}")
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            self._place_more()
            self.update()
            self.described.emit("")
            self.looked_at.emit(choice)

    def _go_to(self, tile: Tile) -> None:
        self._look_at(tile.choice)
        self.tile_reached.emit(tile.rect)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look at what the mouse rests on, and at nothing where it rests on nothing."""
        self._point_at(event.position())

    def moveEvent(self, event: QMoveEvent) -> None:
        """Look at what was scrolled under the mouse."""
        super().moveEvent(event)
        if self.underMouse():
            self._point_at(QPointF(self.mapFromGlobal(QCursor.pos())))

    def _point_at(self, place: QPointF) -> None:
        pointed = self._at(place)
        if pointed != self._pointed:
            self._pointed = pointed
            self._delay.start()
            self.setCursor(Qt.CursorShape.ArrowCursor if pointed is None else Qt.CursorShape.PointingHandCursor)

    def leaveEvent(self, event: QEvent) -> None:
        """Take back what was looked at."""
        super().leaveEvent(event)
        self._pointed = None
        self._look_at(None)

    def hideEvent(self, event: QHideEvent) -> None:
        """Take back what was looked at."""
        super().hideEvent(event)
        self._pointed = None
        self._look_at(None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click takes what is under it."""
        choice = self._at(event.position())
        if event.button() is Qt.MouseButton.LeftButton and choice is not None:
            self._pointed = choice
            self._take(choice)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows look at another tile, Enter takes it."""
        step, key = arrow_step(event), event.key()
        tile = next((tile for tile in self._tiles if tile.choice == self._current), None)
        if not self._tiles:
            super().keyPressEvent(event)
        elif step is not None:
            self._go_to(self._tiles[0] if tile is None else self._beside(tile, *step))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go_to(self._tiles[0 if key == Qt.Key.Key_Home else -1])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and tile is not None:
            self._take(tile.choice)
        elif tile is not None and is_own(tile.choice) and key in (Qt.Key.Key_F2, Qt.Key.Key_Delete):
            (self.rename_asked if key == Qt.Key.Key_F2 else self.delete_asked).emit(tile.choice)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button and the menu key offer what can be done with a kernel of one's own."""
        is_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        choice = self._current if is_key else self._at(QPointF(event.pos()))
        if choice is None or not is_own(choice):
            event.ignore()
            return
        place = self.mapToGlobal(self.rect_of(choice.title).center()) if is_key else event.globalPos()
        self.menu_asked.emit(choice, place)

    def _ask_menu(self) -> None:
        if self._current is not None:
            self.menu_asked.emit(self._current, self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _place_more(self) -> None:
        """The button of an own kernel is on its picture while that is looked at."""
        tile = next((tile for tile in self._tiles if tile.choice == self._current), None)
        if tile is not None and is_own(tile.choice):
            corner = self._picture_rect(tile.rect).topRight()
            self.more.move(corner.x() - MORE - 2, corner.y() + 4)
            self.more.raise_()
        self.more.setVisible(tile is not None and is_own(tile.choice))

    def _take(self, choice: PresetChoice) -> None:
        self._delay.stop()
        self._current = choice
        self.update()
        self.taken.emit(choice)

    def event(self, event: QEvent) -> bool:
        """Say what the preset under the mouse does, where no other tile is covered."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            choice = self._at(QPointF(event.pos()))
            if choice is not None and choice == self._current:
                self.described.emit(f"{choice.preset.title}: {choice.preset.description}")
            return True
        return super().event(event)

    # painting

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As many columns as there is room for."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(4 * (SIDE + GAP), self.minimumHeight())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin at the first tile when somebody comes here with the keyboard."""
        super().focusInEvent(event)
        if self._current is None and self._tiles and event.reason() in TABBING:
            self._go_to(self._tiles[0])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take back what was looked at when somebody goes on with the keyboard."""
        super().focusOutEvent(event)
        if event.reason() in TABBING:
            self._look_at(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings and tiles that are in sight."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            font = QFont(self.font())
            font.setWeight(QFont.Weight.DemiBold)
            painter.setFont(font)
            painter.setPen(colours.muted)
            for heading in self._headings:
                if heading.rect.intersects(event.rect()):
                    painter.drawText(
                        heading.rect.adjusted(LEFT, 0, 0, 0),
                        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                        heading.title,
                    )
            for tile in self._tiles:
                if tile.rect.intersects(event.rect()):
                    self._paint_tile(painter, tile, colours)

    def _paint_tile(self, painter: QPainter, tile: Tile, colours: theme.Tokens) -> None:
        frame, is_current = self._picture_rect(tile.rect), tile.choice == self._current
        if is_current:
            outer = QRectF(frame.left() - FRAME, tile.rect.top() + 1, frame.width() + 2 * FRAME, tile.rect.height() - 2)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.accent, 2))
            painter.setBrush(colours.tint)
            painter.drawRoundedRect(outer, 8, 8)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        picture = self._pictures.get(tile.choice.title)
        if picture is None:
            painter.fillRect(frame, colours.line)
        else:
            smaller = picture.screen.shape[0] > self._side * self.devicePixelRatioF()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smaller)
            painter.drawImage(frame, image_of(picture))
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.DemiBold if is_current else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(colours.accent if is_current else colours.text)
        middle = frame.center().x()
        sides = tile.rect.width() // 2, self._side // 2 + FRAME + GAP, middle, self.width() - middle
        half = min(sides) - 2  # of the words, which end at the edges
        text = QRect(middle - half, frame.bottom() + BELOW, 2 * half, 18)
        title = f"✓ {tile.choice.title}" if tile.choice == self._present else tile.choice.title
        words = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, words)
