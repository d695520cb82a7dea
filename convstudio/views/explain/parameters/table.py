"""The table of the Count stage: dense, locally connected and convolution, each with exact integers."""

from math import log10

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from convstudio.core.recipe.counts import Comparison, Count
from convstudio.core.wording import LARGEST_WRITTEN, integer, memory
from convstudio.views import theme
from convstudio.views.explain.parameters.chart import decades, network_colours
from convstudio.views.painting import painting
from convstudio.views.style_sheet import set_kind

ROOM_FOR_DIGITS = 900  # of the whole page, in pixels
LARGEST_IN_LITTLE_ROOM = 10**9
WAYS = {
    "dense": ("Dense", "Every output sees every input, each connection with a weight of its own"),
    "local": (
        "Locally connected",
        "Locally connected: every output sees its window, each with weights of its own",
    ),
    "conv": ("Convolution", "Every output sees its window only, and all windows share the same weights"),
}
COLUMNS = {
    "weights": ("Weights", "Numbers to be learned that multiply an input"),
    "biases": ("Biases", "Numbers to be learned that are added to an output"),
    "total": ("Total", "Weights and biases together"),
    "connections": (
        "Connections",
        "Pairs of an output and an input that a weight joins; a zero of the padding is no input",
    ),
    "memory": ("Memory", "What weights and biases take as 32-bit floats"),
}


BARRED = ("weights", "connections", "memory")
BAR = 4  # pixels


class BarCell(QLabel):
    """A number over a bar: its logarithm beside that of the largest number of its column."""

    def __init__(self, network: int, parent: QWidget) -> None:
        super().__init__("–", parent)
        self._network = network
        self.share = 0.0
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setContentsMargins(0, 0, 0, BAR + 1)

    def show_share(self, share: float) -> None:
        """Draw the bar so long, 0 … 1 of the column."""
        self.share = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The number, and the bar below it."""
        super().paintEvent(event)
        with painting(self) as painter:
            room = QRectF(0, self.height() - BAR, self.width(), BAR)
            painter.fillRect(room, theme.tokens(self).line)
            painter.fillRect(
                QRectF(0, room.top(), self.share * room.width(), BAR), network_colours(self)[self._network]
            )


class CountsTable(QWidget):
    """Three rows of five numbers that can be selected and copied; bars under three of them are logarithmic."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters-table")
        self._comparison: Comparison | None = None
        self._most = LARGEST_WRITTEN
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(12)
        for column, (title, tip) in enumerate(COLUMNS.values(), start=1):
            head = QLabel(title, self)
            set_kind(head, "caption")
            head.setToolTip(tip)
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignRight)
        self.heads: dict[str, QLabel] = {}
        self.cells: dict[tuple[str, str], QLabel] = {}
        for row, (way, (title, tip)) in enumerate(WAYS.items(), start=1):
            self.heads[way] = QLabel(title, self)
            self.heads[way].setToolTip(tip)
            self.heads[way].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(self.heads[way], row, 0, Qt.AlignmentFlag.AlignTop)
            for column, name in enumerate(COLUMNS, start=1):
                is_barred = name in BARRED
                cell = BarCell(row - 1, self) if is_barred else QLabel("–", self)
                cell.setObjectName(f"count-{way}-{name}")
                cell.setAccessibleName(f"{title}, {COLUMNS[name][0]}")
                cell.setFont(theme.numbers_font(self))
                cell.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                side = Qt.AlignmentFlag(0) if is_barred else Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
                grid.addWidget(cell, row, column, side)
                self.cells[way, name] = cell
        for column in range(1, 6):
            grid.setColumnStretch(column, 1)

    def show_comparison(self, comparison: Comparison | None) -> None:
        """Show other counts; None shows dashes."""
        self._comparison = comparison
        if comparison is None:
            for cell in self.cells.values():
                cell.setText("–")
                cell.setToolTip("")
                if isinstance(cell, BarCell):
                    cell.show_share(0.0)
            return
        ways = {"dense": comparison.dense, "local": comparison.local, "conv": comparison.conv}
        for way, count in ways.items():
            self._show_count(way, count)
        for name in BARRED:
            self._show_bars(name, {way: _barred(count, name) for way, count in ways.items()})

    def show_room(self, width: int) -> None:
        """Write every digit where there is room; else large numbers as powers of ten, exact in their tooltips."""
        has_room = width >= ROOM_FOR_DIGITS
        self.heads["local"].setText(WAYS["local"][0] if has_room else "Local")
        most = LARGEST_WRITTEN if has_room else LARGEST_IN_LITTLE_ROOM
        if most != self._most:
            self._most = most
            self.show_comparison(self._comparison)

    def _show_count(self, way: str, count: Count) -> None:
        numbers = {
            "weights": count.weights,
            "biases": count.biases,
            "total": count.parameters,
            "connections": count.connections,
        }
        for name, value in numbers.items():
            self.cells[way, name].setText(integer(value, most=self._most))
            self.cells[way, name].setToolTip(f"{value:,}")
        if count.multiply_adds != count.connections:
            more = f"{count.multiply_adds:,} multiply-adds, those over the padding included"
            self.cells[way, "connections"].setToolTip(f"{count.connections:,}; {more}")
        self.cells[way, "memory"].setText(memory(count.bytes))
        self.cells[way, "memory"].setToolTip(f"{count.bytes:,} bytes: 4 for each weight and bias")

    def _show_bars(self, name: str, numbers: dict[str, int]) -> None:
        powers = decades(max(numbers.values()))
        for way, value in numbers.items():
            cell = self.cells[way, name]
            assert isinstance(cell, BarCell)
            cell.show_share(log10(value) / powers if value > 1 else 0.0)


def _barred(count: Count, name: str) -> int:
    return {"weights": count.weights, "connections": count.connections, "memory": count.bytes}[name]
