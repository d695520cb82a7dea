"""The table of CONVENTIONS: one row for each way to filter, with a small picture of its difference from ours."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from convstudio.insight.conventions.comparison import LibraryComparison, LibraryResult
from convstudio.insight.conventions.emulation import call_of
from convstudio.insight.conventions.libraries import Convention, Library
from convstudio.views import theme
from convstudio.views.explain.conventions.pictures import difference_image, limit_of
from convstudio.views.explain.conventions.text import (
    NUMBERS,
    anchor_text,
    checked_text,
    detail_text,
    difference_text,
    size_text,
)

THUMB = 22
OURS = "What the others are compared with: the kernel, the border and the orientation of the selected layer"
ROOM_FOR_CALLS = 1600  # of the whole stage, in pixels
COLUMNS = {
    "library": ("Library", "Who filters; the picture is its difference from this layer, cool for less, warm for more"),
    "call": ("Written as", "The call as it is run, with the types written out and everything else left as it is"),
    "kernel": ("Kernel", "How the kernel is laid on the picture"),
    "anchor": ("Anchor", "Row and column of the kernel that lie on the output's own place; even sizes have no middle"),
    "outside": ("Outside", "What is read outside of the picture, or what stands where there is nothing to read"),
    "size": ("Size", "Width and height of the result"),
    "numbers": (
        "Numbers",
        "Exact, or whole numbers from 0 to 255: then fractions and all that lies outside are lost, or wrap around",
    ),
    "inside": ("Inside", "The largest difference from this layer where the whole kernel lies on the picture"),
    "border": ("Border", "The largest difference from this layer where the kernel reaches out of the picture"),
    "checked": ("Checked", "Really run here, or computed by the documented rule"),
}
WIDE_ONLY = ("call", "size", "numbers")
ROOM_FOR_CHECKED = 900  # with less, only the sentences say whether a way was run
RIGHT = ("inside", "border")


class _Cells(QStyledItemDelegate):
    """Cells of a chosen row look alike: the one with the focus would be painted in other colours."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus


class ConventionsTable(QTableWidget):
    """Rows to be chosen with the mouse or the arrow keys."""

    chosen = Signal(object)  # Row

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("conventions-table")
        self.setAccessibleName("Ways to filter, and how far each is from this layer")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(THUMB, THUMB))
        self.setItemDelegate(_Cells(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(THUMB + 4)
        self.verticalHeader().setMinimumSectionSize(THUMB + 4)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)  # a call may have two lines
        self.setMinimumSize(420, 64)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(24)
        for column, (name, (title, tip)) in enumerate(COLUMNS.items()):
            item = QTableWidgetItem(title)
            item.setToolTip(tip)
            item.setTextAlignment(_alignment(name))
            self.setHorizontalHeaderItem(column, item)
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._has_middle = True  # of the kernel: with an odd size there is one, and nobody's anchor is elsewhere
        self._width = 0
        self._comparison: LibraryComparison | None = None
        self._way: Library | None = None
        self.currentCellChanged.connect(lambda row, *_: self._choose(row))

    def show_compared(self, comparison: LibraryComparison) -> None:
        """Show other numbers; the chosen way stays chosen."""
        self._comparison = None  # filling the cells chooses nothing
        self.setRowCount(1 + len(comparison.rows))
        self._has_middle = all(length % 2 for length in comparison.question.kernel.shape)
        self.show_room(self._width)
        self._show_texts(0, _texts(comparison.question.ours, comparison, size_text(comparison.ours)), OURS)
        for place, row in enumerate(comparison.rows, start=1):
            self._show_row(place, row, comparison)
        self._comparison = comparison
        ways = [row.convention.library for row in comparison.rows]
        place = 1 + ways.index(self._way) if self._way in ways else 1
        self.setCurrentCell(place, 0)
        self._choose(place)

    def show_room(self, width: int) -> None:
        """Show every column where there is room, else those that tell the difference."""
        self._width = width
        is_wide = width >= ROOM_FOR_CALLS
        header = self.horizontalHeader()
        for column, name in enumerate(COLUMNS):
            is_needless = name == "anchor" and self._has_middle
            is_narrow = (name in WIDE_ONLY and not is_wide) or (name == "checked" and width < ROOM_FOR_CHECKED)
            self.setColumnHidden(column, is_needless or is_narrow)
            stretches = name == ("call" if is_wide else "library")
            mode = QHeaderView.ResizeMode.Stretch if stretches else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)

    def _show_row(self, place: int, row: LibraryResult, comparison: LibraryComparison) -> None:
        texts = _texts(row.convention, comparison, size_text(row.output)) | {
            "inside": difference_text(row.inside, comparison.rounding),
            "border": difference_text(row.border, comparison.rounding),
            "checked": checked_text(row, comparison),
        }
        self._show_texts(place, texts, detail_text(row, comparison))
        picture = QPixmap.fromImage(
            difference_image(row.difference, limit_of(row, comparison), theme.signed_scale(self))
        )
        scaled = picture.scaled(THUMB, THUMB, Qt.AspectRatioMode.KeepAspectRatio)
        icon = QIcon(scaled)
        icon.addPixmap(scaled, QIcon.Mode.Selected)  # colours mean numbers: the selection must not tint them
        first = self.item(place, 0)
        assert first is not None
        first.setIcon(icon)

    def _show_texts(self, place: int, texts: dict[str, str], tip: str) -> None:
        for column, name in enumerate(COLUMNS):
            item = QTableWidgetItem(texts.get(name, ""))
            item.setToolTip(tip)
            item.setTextAlignment(_alignment(name))
            font = theme.numbers_font(self)
            font.setBold(place == 0)
            item.setFont(font)
            if place == 0:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.setItem(place, column, item)

    def _choose(self, place: int) -> None:
        if self._comparison is not None and 1 <= place <= len(self._comparison.rows):
            row = self._comparison.rows[place - 1]
            self._way = row.convention.library
            self.chosen.emit(row)


def _texts(convention: Convention, comparison: LibraryComparison, size: str) -> dict[str, str]:
    return {
        "library": "This layer" if convention.library is Library.OURS else convention.name,
        "call": call_of(convention, comparison.question.kernel),
        "kernel": convention.flip.value,
        "anchor": anchor_text(convention, comparison.question.kernel.shape),
        "outside": convention.edge.value,
        "size": size,
        "numbers": NUMBERS[convention.rounding],
    }


def _alignment(name: str) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if name in RIGHT else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
