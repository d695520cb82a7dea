"""The finder: a line that searches a list, or takes the answer to a question. It closes by itself."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QHideEvent, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from convstudio.core.display.pictures import Picture
from convstudio.views import icons, theme
from convstudio.views.pictures.clipboard import image_from_picture
from convstudio.views.search.entries import SearchEntry, matching
from convstudio.views.style_sheet import set_kind

WIDEST, TALLEST, PICTURE, ROW = 552, 560, 40, 28
PADDING = 8  # pixels around the line and the list
TOP, BELOW = 80, 48  # pixels of the window over the finder, and at least below it
SHARE = 0.37  # of the window: what the input has of it
HAS_TIPS = 440  # pixels from which on there is room for what an entry does
REST = 80  # milliseconds that an entry is looked at before it is shown elsewhere
HeaderMode = QHeaderView.ResizeMode
NAME_ROLE = Qt.ItemDataRole.UserRole


class _Rows(QStyledItemDelegate):
    """Rows with room around their words, higher ones where there is a picture."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        size = super().sizeHint(option, index)
        has_picture = index.model().index(index.row(), 0).data(Qt.ItemDataRole.DecorationRole) is not None
        return QSize(size.width() + 8, PICTURE + 4 if has_picture else ROW)


class Finder(QFrame):
    """A panel over the left of the window, so that the output stays in sight; Escape closes it."""

    chosen = Signal(str)  # the name of an entry
    looked_at = Signal(str)  # the name of the entry that is highlighted; "" when the finder closes

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("finder")
        set_kind(self, "card")
        self.setAutoFillBackground(True)
        self.caption = QLabel(self)
        set_kind(self.caption, "caption")
        self.line = QLineEdit(self)
        self.line.setObjectName("finder-line")
        self.line.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QTreeWidget(self)
        self.list.setObjectName("finder-list")
        self.list.setAccessibleName("What matches")
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setIndentation(0)
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setIconSize(QSize(PICTURE, PICTURE))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        header = self.list.header()
        header.setStretchLastSection(False)
        for column, mode in enumerate((HeaderMode.ResizeToContents, HeaderMode.Stretch, HeaderMode.ResizeToContents)):
            header.setSectionResizeMode(column, mode)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._entries: Sequence[SearchEntry] = ()
        self._pictures: dict[str, QIcon] = {}
        self._answer: Callable[[str], None] | None = None
        self._window = parent
        self._looking = ""
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PADDING, PADDING, PADDING, PADDING)
        layout.setSpacing(theme.SPACE)
        for widget in (self.caption, self.line, self.list):
            layout.addWidget(widget)
        self.line.textChanged.connect(self._filter)
        self.line.returnPressed.connect(self._accept)
        self.line.installEventFilter(self)
        self.list.itemEntered.connect(self._point)
        self.list.itemClicked.connect(lambda _: self._accept())
        self.list.currentItemChanged.connect(lambda *_: self._rest.start())
        self._rest.timeout.connect(self._look)
        self.hide()

    def search(self, entries: Sequence[SearchEntry]) -> None:
        """Open with a list to search in."""
        self._entries, self._answer = entries, None
        self.caption.hide()
        self.line.setPlaceholderText("Search presets, commands, samples …")
        self.line.setAccessibleName("Search")
        self.list.show()
        self._open()

    def ask(self, question: str, example: str, answer: Callable[[str], None]) -> None:
        """Open with a question; `answer` gets what was typed."""
        self._entries, self._answer = (), answer
        self.caption.setText(question)
        self.caption.show()
        self.line.setPlaceholderText(example)
        self.line.setAccessibleName(question)
        self.list.hide()
        self._open()

    def show_pictures(self, pictures: Mapping[str, Picture]) -> None:
        """Show small pictures beside the entries of these names."""
        self._pictures = {name: QIcon(QPixmap.fromImage(image_from_picture(shown))) for name, shown in pictures.items()}
        for row in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(row)
            if item is not None and item.data(0, NAME_ROLE) in self._pictures:
                item.setIcon(0, self._pictures[item.data(0, NAME_ROLE)])
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up, down and Tab move in the list while the line keeps the keyboard; losing it closes the finder."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Tab:
                    self._move(1)
                    return True
                case Qt.Key.Key_Up | Qt.Key.Key_Backtab:
                    self._move(-1)
                    return True
                case Qt.Key.Key_Escape:
                    self.close()
                    return True
        if watched is self.line and event.type() is QEvent.Type.FocusOut and self.isActiveWindow():
            self.hide()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is looked at any more."""
        super().hideEvent(event)
        self._rest.stop()
        self._say("")

    def _open(self) -> None:
        parent = self._window
        self.line.clear()
        self._filter("")
        width = min(WIDEST, round(SHARE * parent.width()))
        has_tips = width >= HAS_TIPS
        self.list.setColumnHidden(1, not has_tips)
        first = HeaderMode.ResizeToContents if has_tips else HeaderMode.Stretch  # the keys stand at the right edge
        self.list.header().setSectionResizeMode(0, first)
        self.setFixedWidth(width)
        self._fit()
        self.move(QPoint(8, TOP))
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _filter(self, text: str) -> None:
        self.list.clear()
        group = None
        for entry in matching(self._entries, text):
            if entry.heading is not group:
                group = entry.heading
                self._add_heading(group.value)
            item = QTreeWidgetItem(self.list, [entry.text, entry.tip, entry.key])
            item.setData(0, NAME_ROLE, entry.name)
            item.setToolTip(0, entry.tip)
            for column in (1, 2):
                item.setForeground(column, theme.tokens(self).muted)
            if entry.name in self._pictures:
                item.setIcon(0, self._pictures[entry.name])
            item.setDisabled(not entry.is_enabled)
        if self._entries and not self.list.topLevelItemCount():
            self._add_heading("Nothing is called like that.")
        self._move(1)
        self._fit()

    def _fit(self) -> None:
        """As high as what matches, as far as the window has room."""
        if self._answer is not None:
            self.setFixedHeight(self.sizeHint().height())
            return
        rows, model = range(self.list.topLevelItemCount()), self.list.model()
        needed = sum(self.list.indexRowSizeHint(model.index(row, 0)) for row in rows) + 2 * self.list.frameWidth()
        margins = self.contentsMargins()
        around = margins.top() + margins.bottom() + 2 * PADDING + theme.SPACE + self.line.sizeHint().height()
        high = around + needed + 2
        self.setFixedHeight(min(high, TALLEST, self._window.height() - TOP - BELOW))

    def _add_heading(self, text: str) -> None:
        heading = QTreeWidgetItem(self.list, [text])
        heading.setFirstColumnSpanned(True)
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setForeground(0, theme.tokens(self).muted)
        font = QFont(self.list.font())
        font.setWeight(QFont.Weight.DemiBold)
        heading.setFont(0, font)

    def _move(self, step: int) -> None:
        count, row = self.list.topLevelItemCount(), self.list.currentIndex().row()
        for _ in range(count):
            row = (row + step) % count
            item = self.list.topLevelItem(row)
            if item is not None and not item.isDisabled():
                self.list.setCurrentItem(item)
                self.list.scrollToItem(item)
                self.line.setAccessibleDescription(f"{item.text(0)}: {item.text(1)}")
                return

    def _point(self, item: QTreeWidgetItem) -> None:
        if not item.isDisabled():
            self.list.setCurrentItem(item)

    def _look(self) -> None:
        item = self.list.currentItem()
        self._say("" if item is None or item.isDisabled() else str(item.data(0, NAME_ROLE)))

    def _say(self, name: str) -> None:
        if name != self._looking:
            self._looking = name
            self.looked_at.emit(name)

    def _accept(self) -> None:
        answer, item = self._answer, self.list.currentItem()
        text = self.line.text().strip()
        self.hide()
        if answer is not None:
            if text:
                answer(text)
        elif item is not None and not item.isDisabled():
            self.chosen.emit(item.data(0, NAME_ROLE))
