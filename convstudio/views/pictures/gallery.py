"""Galleries: all maps of one layer, as a strip under the picture or as a grid in its place."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.views.painting import painting_item
from convstudio.views.pictures.canvas.images import image_of

PICTURE = Qt.ItemDataRole.UserRole
STRIP_SIDE = 56
GRID_SIDE = 160
MARGIN = 4

Index = QModelIndex | QPersistentModelIndex


class MapModel(QAbstractListModel):
    """The small pictures of the maps; those past the last picture have only a number."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[Picture, ...] = ()
        self._total = 0

    def show_maps(self, pictures: tuple[Picture, ...], total: int) -> None:
        """Exchange the pictures; the rows stay when their number does."""
        if total != self._total or _extents(pictures) != _extents(self._pictures):
            self.beginResetModel()
            self._pictures, self._total = pictures, total
            self.endResetModel()
        elif total:
            self._pictures = pictures
            self.dataChanged.emit(self.index(0), self.index(total - 1), [PICTURE])

    def rowCount(self, parent: Index | None = None) -> int:
        """One row for each map."""
        return 0 if parent is not None and parent.isValid() else self._total

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The number of a map, counted from 1, and its picture."""
        row = index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return str(row + 1)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"Map {row + 1} of {self._total}"
        if role == PICTURE and row < len(self._pictures):
            return self._pictures[row]
        return None


def _extents(pictures: tuple[Picture, ...]) -> tuple[int, ...]:
    """The size that all pictures of a gallery have."""
    return pictures[0].pixels.shape if pictures else ()


class _MapPainter(QStyledItemDelegate):
    """A picture with its number below, outlined when selected."""

    def __init__(self, side: int, parent: QObject) -> None:
        super().__init__(parent)
        self._side = side

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = option.fontMetrics.height()
        return QSize(self._side + 2 * MARGIN, self._height(index) + text + 2 * MARGIN + 4)

    def _height(self, index: Index) -> int:
        picture = index.data(PICTURE)
        if not isinstance(picture, Picture):
            return self._side
        height, width, _ = picture.pixels.shape
        tall: int = round(self._side * height / width)
        return max(self._side // 3, min(self._side, tall))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        with painting_item(painter, option.rect, option.widget):
            rect: QRect = option.rect
            palette: QPalette = option.palette
            state: QStyle.StateFlag = option.state
            is_selected = bool(state & QStyle.StateFlag.State_Selected)
            room = self._height(index)
            frame = QRect(rect.left() + MARGIN, rect.top() + MARGIN, self._side, room)
            picture = index.data(PICTURE)
            if isinstance(picture, Picture):
                height, width, _ = picture.pixels.shape
                factor = self._side / max(height, width)
                size = QSize(max(1, round(width * factor)), max(1, round(height * factor)))
                target = QRect(
                    frame.left() + (self._side - size.width()) // 2, frame.top() + (room - size.height()) // 2,
                    size.width(), size.height(),
                )  # fmt: skip
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, factor < 1)
                painter.drawImage(target, image_of(picture))
                frame = target
            if is_selected:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 3))
                painter.drawRect(frame.adjusted(-2, -2, 1, 1))
            font = painter.font()
            font.setBold(is_selected)
            painter.setFont(font)
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            text = rect.adjusted(0, MARGIN + room + 3, 0, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, str(index.data()))


class Gallery(QListView):
    """Maps to choose from with mouse or arrow keys."""

    map_selected = Signal(int)
    map_opened = Signal(int)  # clicked, or Enter

    def __init__(self, model: MapModel, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected = -1
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setItemDelegate(_MapPainter(side, self))
        self.setModel(model)
        model.modelReset.connect(self._restore)
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        if side == STRIP_SIDE:
            self.viewport().setAutoFillBackground(False)  # no empty white box below a few maps
            self.setWrapping(False)
            self.setFlow(QListView.Flow.LeftToRight)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
            self.setFixedHeight(side + self.fontMetrics().height() + 2 * MARGIN + 8 + bar)

    def show_selected(self, number: int) -> None:
        """Outline one map."""
        self._selected = number
        self._restore()

    def currentChanged(self, current: Index, previous: Index) -> None:
        """A map was chosen with the mouse or the keys."""
        super().currentChanged(current, previous)
        if current.isValid() and current.row() != self._selected:
            self._selected = current.row()
            self.map_selected.emit(current.row())

    def _restore(self) -> None:
        index = self.model().index(self._selected, 0)
        if index.isValid() and index != self.currentIndex():
            self.setCurrentIndex(index)

    def _open(self, index: QModelIndex) -> None:
        self.map_opened.emit(index.row())
