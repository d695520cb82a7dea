"""Choosing the display range: the mode, and the value that gets full colour."""

from dataclasses import replace
from math import isfinite

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.wording import field_text
from convstudio.views.pictures.wording import MODE_NAMES, MODE_TIPS


def limit_from(text: str) -> float | None:
    """The typed limit; None when the limit is to be measured.

    Raises
    ------
    ValueError
        If it is not a positive number.
    """
    text = text.strip().replace("−", "-").replace(",", ".")
    if text.lower() in ("", "auto", "automatic"):
        return None
    limit = float(text)
    if not (isfinite(limit) and limit > 0):
        raise ValueError(text)
    return limit


class DisplayBar(QWidget):
    """The display mode and its limit."""

    display_edited = Signal(object, str)  # Display, merge key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display = Display()
        self.mode = QComboBox(self)
        self.mode.setObjectName("display-mode")
        self.mode.setAccessibleName("Display mode")
        self.mode.setToolTip("How the numbers of outputs become colours")
        self.mode.setMinimumWidth(104)
        self.mode.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for mode in DisplayMode:
            self.mode.addItem(MODE_NAMES[mode], mode)
            self.mode.setItemData(self.mode.count() - 1, MODE_TIPS[mode], Qt.ItemDataRole.ToolTipRole)
        self.limit = QLineEdit(self)
        self.limit.setObjectName("display-limit")
        self.limit.setAccessibleName("Value of full colour")
        self.limit.setToolTip("The value that gets full colour; leave it empty to measure it")
        self.limit.setPlaceholderText("auto")
        self.limit.setMaximumWidth(64)
        self.limit.setMinimumWidth(48)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.mode, 1)
        layout.addWidget(self.limit)
        self.mode.activated.connect(self._choose_mode)
        self.limit.editingFinished.connect(self._choose_limit)

    def show_display(self, display: Display) -> None:
        """Show the choice."""
        self._display = display
        self.mode.setCurrentIndex(list(DisplayMode).index(display.mode))
        if not self.limit.hasFocus() or not self.limit.isModified():
            self.limit.setText("" if display.limit is None else field_text(display.limit))

    def _choose_mode(self, index: int) -> None:
        display = replace(self._display, mode=list(DisplayMode)[index])
        if display != self._display:
            self.display_edited.emit(display, "")

    def _choose_limit(self) -> None:
        if not self.limit.isModified():
            return
        self.limit.setModified(False)
        try:
            display = replace(self._display, limit=limit_from(self.limit.text()))
        except ValueError:
            self.show_display(self._display)
            return
        if display != self._display:
            self.display_edited.emit(display, "")
        self.show_display(self._display)
