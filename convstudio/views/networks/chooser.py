"""The page on which a bank of filters is picked out of a network that is no chain of layers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from convstudio.views.fields import tool_button
from convstudio.views.networks.sheet import FilterSheet, caption_of
from convstudio.views.style_sheet import set_kind

WIDEST, TALLEST, MARGIN = 840, 600, 24  # pixels
LIST = 320  # pixels that the list is wide at most
ROW = 44


@dataclass(frozen=True, eq=False)
class BankOffer:
    """A convolution as the page shows it."""

    name: str
    shape: str
    weight: NDArray[np.float32]  # (filters, channels / groups, height, width)


class BankChooser(QFrame):
    """A card over the window: why the network is no recipe, its convolutions, and the filters of the chosen one."""

    picked = Signal(int)  # the number of a convolution, from 0
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("bank-chooser")
        self.setAccessibleName("Convolutions of the network")
        set_kind(self, "card")
        self.setAutoFillBackground(True)
        self._window = parent
        self._offers: Sequence[BankOffer] = ()
        self.title = QLabel("Pick a convolution", self)
        set_kind(self.title, "title")
        self.close_button = tool_button("bank-close", "Close", "x", "Close this page; the recipe stays (Esc)", self)
        self.reason = QLabel()
        self.reason.setObjectName("bank-reason")
        self.reason.setTextFormat(Qt.TextFormat.PlainText)  # it quotes what somebody else wrote
        self.reason.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setObjectName("bank-list")
        self.list.setAccessibleName("Convolutions")
        self.list.setMinimumWidth(200)
        self.list.setMaximumWidth(LIST)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet = FilterSheet(self)
        self.caption = QLabel(self)
        self.caption.setObjectName("bank-caption")
        set_kind(self.caption, "caption")
        self.caption.setWordWrap(True)
        self.pick_button = QPushButton("Use these filters", self)
        self.pick_button.setObjectName("bank-pick")
        self.pick_button.setToolTip("Make this convolution the recipe; Undo brings the old one back")
        set_kind(self.pick_button, "primary")
        self._lay_out()
        self.list.currentRowChanged.connect(self._show_row)
        self.list.itemActivated.connect(lambda _: self._pick())
        self.pick_button.clicked.connect(self._pick)
        self.close_button.clicked.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def show_offers(self, reason: str, offers: Sequence[BankOffer]) -> None:
        """Open with what can be picked, and why there is no more."""
        self._offers = offers
        self.reason.setText(reason)
        self.list.clear()
        for offer in offers:
            item = QListWidgetItem(f"{offer.name}\n{offer.shape}")
            item.setSizeHint(QSize(0, ROW))
            item.setToolTip(f"{offer.name}: {offer.shape}")
            self.list.addItem(item)
        self._place()
        self.show()
        self.raise_()
        self.list.setCurrentRow(0)
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the window."""
        if watched is self._window and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it, Return picks."""
        match event.key():
            case Qt.Key.Key_Escape:
                self.hide()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._pick()
            case _:
                super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody needs its weights any more."""
        super().hideEvent(event)
        self.closed.emit()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.close_button)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.caption)
        right.addWidget(self.sheet, 1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.list, 2)
        row.addLayout(right, 3)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.pick_button)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(self.reason)
        layout.addLayout(row, 1)
        layout.addLayout(foot)

    def _place(self) -> None:
        room = self._window.size()
        width, height = min(WIDEST, room.width() - 2 * MARGIN), min(TALLEST, room.height() - 2 * MARGIN)
        self.setGeometry((room.width() - width) // 2, (room.height() - height) // 2, width, height)

    def _show_row(self, row: int) -> None:
        if 0 <= row < len(self._offers):
            offer = self._offers[row]
            self._layout.activate()
            self.sheet.show_weight(offer.weight)
            self.caption.setText(caption_of(offer.weight, self.sheet.drawn))

    def _pick(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.hide()
            self.picked.emit(row)
