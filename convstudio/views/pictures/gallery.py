"""Maps to choose from: the maps of a layer, then red, green and blue; as a row below the picture or as a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.views import theme
from convstudio.views.painting import painting_item
from convstudio.views.pictures.canvas.images import image_of
from convstudio.views.probe.probed import Role, colour_of
from convstudio.views.style_sheet import set_kind

TILE = Qt.ItemDataRole.UserRole
GRID_SIDE = 160
GAP = 8
BADGE = 20
MARK = 4  # pixels of a probed place
CHANNELS = ("red", "green", "blue")

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, eq=False)
class MapTile:
    """One small picture: a map, or one channel of the map that is large. Maps past a limit have only their number."""

    picture: Picture | None
    label: str
    words: str
    map_number: int | None = None
    channel: int | None = None


class LitPlace(NamedTuple):
    """A probed place on every map: shares of the width and the height, and whose it is."""

    across: float
    down: float
    role: Role


def _paint_place(painter: QPainter, tile: QRect, lit: LitPlace, tokens: theme.Tokens) -> None:
    mark = QRect(0, 0, MARK, MARK)
    mark.moveCenter(
        QPoint(round(tile.left() + lit.across * tile.width()), round(tile.top() + lit.down * tile.height()))
    )
    painter.fillRect(mark.adjusted(-2, -2, 2, 2), tokens.card)
    painter.fillRect(mark, colour_of(lit.role, tokens))


def tiles_of(gallery: Sequence[Picture], total: int, channels: Sequence[Picture]) -> tuple[MapTile, ...]:
    """Every map there is, where there is more than one, and then the channels of the large one."""
    maps = tuple(
        MapTile(picture, str(number + 1), f"Map {number + 1} of {total}", number)
        for number, picture in enumerate((*gallery, *[None] * (total - len(gallery))) if gallery else ())
    )
    return maps + tuple(
        MapTile(picture, name[0].upper(), f"{name.capitalize()} alone; click again for all three", channel=channel)
        for channel, (picture, name) in enumerate(zip(channels, CHANNELS, strict=False))
    )


class MapModel(QAbstractListModel):
    """The small pictures, and which one is large."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tiles: tuple[MapTile, ...] = ()

    def show_tiles(self, tiles: tuple[MapTile, ...]) -> None:
        """Exchange the pictures; the rows stay when their names do."""
        is_same = [tile.words for tile in tiles] == [tile.words for tile in self.tiles]
        if is_same and all(tile.picture is old.picture for tile, old in zip(tiles, self.tiles, strict=True)):
            self.tiles = tiles
            return
        if not is_same:
            self.beginResetModel()
        self.tiles = tiles
        if not is_same:
            self.endResetModel()
        elif tiles:
            self.dataChanged.emit(self.index(0), self.index(len(tiles) - 1), [TILE])

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each tile."""
        return 0 if parent is not None and parent.isValid() else len(self.tiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The badge of a tile, what it is in words, and itself."""
        tile = self.tiles[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return tile.label
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return tile.words
        return tile if role == TILE else None


class _TilePainter(QStyledItemDelegate):
    """A small picture with its badge, outlined while it is the large one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.size = QSize(GRID_SIDE, GRID_SIDE)
        self.large = -1
        self.places: tuple[LitPlace, ...] = ()

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self.size + QSize(GAP, GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        with painting_item(painter, option.rect, option.widget):
            tokens = theme.tokens(option.widget)
            state: QStyle.StateFlag = option.state
            place, tile = QRect(option.rect.topLeft(), self.size), index.data(TILE)
            if isinstance(tile, MapTile) and tile.picture is not None:
                height, width, _ = tile.picture.pixels.shape
                fitted = QSize(width, height).scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
                place = QRect(place.x() + (place.width() - fitted.width()) // 2, place.y(), *fitted.toTuple())
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, fitted.width() < width)
                painter.drawImage(place, image_of(tile.picture))
            for lit in self.places if isinstance(tile, MapTile) and tile.picture is not None else ():
                _paint_place(painter, place, lit, tokens)
            is_large = index.row() == self.large
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.line, 1))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            if is_large or state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(tokens.card, 4))
                painter.drawRect(place.adjusted(2, 2, -3, -3))
                painter.setPen(QPen(tokens.accent, 3 if is_large else 2))
                painter.drawRect(place.adjusted(1, 1, -2, -2))
            self._paint_badge(painter, place, str(index.data()), tokens, is_large=is_large)

    @staticmethod
    def _paint_badge(painter: QPainter, place: QRect, text: str, tokens: theme.Tokens, *, is_large: bool) -> None:
        font = painter.font()
        font.setPixelSize(12)
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        width = max(BADGE - 2, painter.fontMetrics().horizontalAdvance(text) + 8)
        plate = QRect(place.left() + 5, place.bottom() - BADGE - 3, width, BADGE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.accent if is_large else QColor(tokens.card))
        painter.drawRoundedRect(plate, 4, 4)
        painter.setPen(tokens.on_accent if is_large else tokens.text)
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)


class Gallery(QListView):
    """Maps to choose from with mouse or arrow keys; what is chosen already is given back by a second click."""

    map_selected = Signal(int)
    channel_selected = Signal(object)  # 0, 1 or 2, or None for all
    tile_opened = Signal()  # clicked, or Enter

    def __init__(self, model: MapModel, parent: QWidget | None = None, *, is_row: bool) -> None:
        super().__init__(parent)
        self._maps, self._is_row = model, is_row
        self._is_pressed_again = self._is_showing = False
        self._painter = _TilePainter(self)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setWrapping(not is_row)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(self._painter)
        self.setModel(model)
        self.viewport().setAutoFillBackground(False)
        set_kind(self, "gallery")
        model.modelReset.connect(self._restore)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        if is_row:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_size(self, size: QSize) -> None:
        """Make every tile so large."""
        if size != self._painter.size:
            self._painter.size = size
            self.scheduleDelayedItemsLayout()

    def show_places(self, places: tuple[LitPlace, ...]) -> None:
        """Light up what is probed on every picture."""
        if places != self._painter.places:
            self._painter.places = places
            self.viewport().update()

    def show_large(self, map_number: int, channel: int | None) -> None:
        """Outline the tile of what is large, if it has one."""
        rows = [
            row
            for row, tile in enumerate(self._maps.tiles)
            if (tile.channel == channel if channel is not None else tile.map_number == map_number)
        ]
        large = rows[0] if rows else -1
        if large != self._painter.large:
            self._painter.large = large
            self.viewport().update()
        self._restore()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """A tile was chosen with the mouse or the keys."""
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != self._painter.large and not self._is_showing:
            self._select(current.row())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember whether the tile is large already: then a click gives it back."""
        self._is_pressed_again = self.indexAt(event.position().toPoint()).row() == self._painter.large
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A row that is longer than its room goes sideways."""
        if self._is_row:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - event.angleDelta().y())
            event.accept()
        else:
            super().wheelEvent(event)

    def _select(self, row: int) -> None:
        tile = self._maps.tiles[row]
        self._painter.large = row
        self.viewport().update()
        if tile.channel is not None:
            self.channel_selected.emit(tile.channel)
        elif tile.map_number is not None:
            self.map_selected.emit(tile.map_number)

    def _restore(self) -> None:
        self._is_showing = True
        index = self._maps.index(self._painter.large, 0)
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)
        elif not index.isValid() and not self.hasFocus():
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        self._is_showing = False

    def _open(self, index: QModelIndex) -> None:
        row, is_again, self._is_pressed_again = index.row(), self._is_pressed_again, False
        tile = self._maps.tiles[row]
        if tile.channel is not None and row == self._painter.large and (is_again or not self.underMouse()):
            self._painter.large = -1
            self.channel_selected.emit(None)
        elif row != self._painter.large:
            self._select(row)
        self.tile_opened.emit()
