"""Painting a row of the layer list, and the places in it that can be clicked."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QKeyEvent, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
    QWidget,
)

from convstudio.views import icons, theme
from convstudio.views.flow.rows import ROW_ROLE, SOURCE, LayerRow
from convstudio.views.painting import painting_item
from convstudio.views.pictures.canvas.images import image_of

Index = QModelIndex | QPersistentModelIndex
THUMBNAIL = 48
GAP = 8
BOX = 16


def thumbnail_place(rectangle: QRect) -> QRect:
    """Where the thumbnail of a row is."""
    return QRect(rectangle.left() + GAP, rectangle.center().y() - THUMBNAIL // 2, THUMBNAIL, THUMBNAIL)


def box_place(rectangle: QRect) -> QRect:
    """Where the on/off box of a row is."""
    return QRect(rectangle.right() - GAP - BOX, rectangle.top() + GAP - 2, BOX, BOX)


def name_place(rectangle: QRect, line: int) -> QRect:
    """Where the name of a row is; it is edited there too."""
    left = thumbnail_place(rectangle).right() + GAP
    return QRect(left, rectangle.top() + GAP - 2, box_place(rectangle).left() - GAP - left, line)


class RowPainter(QStyledItemDelegate):
    """A thumbnail, three lines of text and a box."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # all rows are alike
        """Room for three lines, or for the thumbnail."""
        return QSize(160, max(THUMBNAIL + 2 * GAP, 3 * option.fontMetrics.height() + 2 * GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        with painting_item(painter, option.rect, option.widget):
            row: LayerRow = index.data(ROW_ROLE)
            colours = theme.tokens(option.palette)
            rectangle = option.rect
            is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
            text = option.palette.color(QPalette.ColorRole.HighlightedText if is_selected else QPalette.ColorRole.Text)
            muted = QColor(text) if is_selected else colours.muted
            if is_selected:
                painter.fillRect(rectangle, option.palette.color(QPalette.ColorRole.Highlight))
            self._paint_thumbnail(painter, rectangle, row, colours.line)
            line = option.fontMetrics.height()
            place = name_place(rectangle, line)
            bold = QFont(option.font)
            bold.setWeight(QFont.Weight.DemiBold)
            painter.setFont(bold)
            painter.setPen(text if row.is_on else muted)
            self._paint_text(painter, place, row.name)
            painter.setFont(option.font)
            place = place.translated(0, line)
            place.setRight(rectangle.right() - GAP)
            if row.refusal:
                painter.setPen(text if is_selected else colours.warning)
                mark = QRect(place.left(), place.top() + (line - BOX) // 2, BOX, BOX)
                icon: QIcon = icons.icon("triangle-alert")
                icon.paint(painter, mark)
                self._paint_text(painter, place.adjusted(BOX + 4, 0, 0, 0), row.shape)
            else:
                painter.setPen(text if row.is_on else muted)
                self._paint_text(painter, place, row.shape)
            painter.setPen(muted)
            metrics = painter.fontMetrics()
            if (
                metrics.horizontalAdvance(f"{row.shape} {row.time}") <= place.width()
            ):  # else the tooltip alone has the time
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.time)
            self._paint_text(painter, place.translated(0, line), row.detail)
            if row.index != SOURCE:
                self._paint_box(painter, option, row)
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(rectangle.bottomLeft(), rectangle.bottomRight())

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line for the layer's name."""
        editor = QLineEdit(parent)
        editor.setObjectName("layer-name")
        editor.setAccessibleName("Name of the layer")
        editor.setPlaceholderText("Its kind")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Fill the editor once: a picture that goes on must not wipe what is being typed."""
        if isinstance(editor, QLineEdit) and not editor.property("is-filled"):
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.setProperty("is-filled", True)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Lay the editor over the name."""
        place = name_place(option.rect, option.fontMetrics.height())
        editor.setGeometry(place.adjusted(-4, -2, 0, 6))

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Switch a layer by a click on its box, or with Space."""
        if not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        if isinstance(event, QKeyEvent):
            is_switching = event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
        elif isinstance(event, QMouseEvent) and event.button() == Qt.MouseButton.LeftButton:
            is_inside = box_place(option.rect).adjusted(-4, -4, 4, 4).contains(event.position().toPoint())
            if is_inside and event.type() is not QEvent.Type.MouseButtonRelease:
                return True  # a press or a double click on the box neither selects nor edits
            is_switching = is_inside
        else:
            is_switching = False
        return is_switching and model.setData(index, None, Qt.ItemDataRole.CheckStateRole)

    def _paint_thumbnail(self, painter: QPainter, rectangle: QRect, row: LayerRow, line: QColor) -> None:
        place = thumbnail_place(rectangle)
        if row.thumbnail is not None and not row.refusal:
            image = image_of(row.thumbnail)
            size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            size = size.expandedTo(QSize(1, 1))
            picture = QRect(place.topLeft(), size)
            picture.moveCenter(place.center())
            # a 6×6 grid is shown as squares, a photograph smoothly
            is_small = max(image.width(), image.height()) < THUMBNAIL
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_small)
            painter.setOpacity(1.0 if row.is_on else 0.4)
            painter.drawImage(picture, image)
            painter.setOpacity(1.0)
            place = picture
        painter.setPen(QPen(line, 1))
        painter.drawRect(place.adjusted(0, 0, -1, -1))

    def _paint_text(self, painter: QPainter, place: QRect, text: str) -> None:
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, row: LayerRow) -> None:
        button = QStyleOptionButton()
        button.rect = box_place(option.rect)
        button.palette = option.palette
        state = QStyle.StateFlag.State_On if row.is_on else QStyle.StateFlag.State_Off
        button.state = QStyle.StateFlag.State_Enabled | state
        if isinstance(option.widget, QWidget):
            option.widget.style().drawPrimitive(
                QStyle.PrimitiveElement.PE_IndicatorItemViewItemCheck, button, painter, option.widget
            )
