"""One of a few choices, side by side: one Tab stop, and the arrow keys choose."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from convstudio.views.style_sheet import set_kind


class Segments(QFrame):
    """Buttons of which one is down. `chosen` carries its key, when a person presses it."""

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str]], accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        set_kind(self, "segments")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.buttons = {key: self._button(key, label) for key, label in choices}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for button in self.buttons.values():
            self._group.addButton(button)
            row.addWidget(button, 1)
        self._key = ""
        self._group.buttonToggled.connect(self._choose)
        self.show_choice(choices[0][0])

    @property
    def choice(self) -> str:
        """The key of the button that is down."""
        return self._key

    def show_choice(self, key: str) -> None:
        """Show a choice; "" is none of them."""
        self._key = key
        if key:
            self.buttons[key].setChecked(True)
            self.setFocusProxy(self.buttons[key])
            return
        self._group.setExclusive(False)
        for button in self.buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)

    def _button(self, key: str, label: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"{self.objectName()}-{key}")
        button.setText(label)
        button.setAccessibleName(f"{self.accessibleName()}: {label}")
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return button

    def _choose(self, button: QToolButton, is_down: bool) -> None:  # noqa: FBT001  # a signal's
        if is_down:
            key = next(key for key, other in self.buttons.items() if other is button)
            if key != self._key:
                self.show_choice(key)
                self.chosen.emit(key)
