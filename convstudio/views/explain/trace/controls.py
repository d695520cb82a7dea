"""The line of controls that moves a window over the outputs, one step at a time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from convstudio.views import icons, theme

SPEEDS = {"1 a second": 1.0, "3 a second": 3.0, "10 a second": 10.0, "30 a second": 30.0}
SAVES = {
    "gif": ("GIF…", "The window sliding over the outputs around this one"),
    "mp4": ("MP4…", "The same as a film"),
    "png": ("PNG frames…", "The same as numbered pictures in a folder"),
    "svg": ("This step as SVG…", "One step for a slide, sharp at any size"),
    "pdf": ("This step as PDF…", "One step for a slide or a paper"),
}


class StepBar(QWidget):
    """Emits what a person asks for; it moves nothing itself."""

    moved = Signal(int)  # by so many steps
    first_asked = Signal()
    last_asked = Signal()
    play_toggled = Signal(bool)
    follow_asked = Signal()
    symbols_toggled = Signal(bool)
    latex_asked = Signal()
    save_asked = Signal(str)  # a key of SAVES

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step-bar")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a narrow dock stays narrow
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        first = self._button("step-first", "First", "arrow-left", "The first output (Home)")
        back = self._button("step-back", "Back", "step-back", "The output before (Ctrl+, anywhere; , here)")
        self.play = self._button("step-play", "Play", "play", "Slide the window, or stop it (Ctrl+/ anywhere; / here)")
        self.play.setCheckable(True)
        forward = self._button("step-forward", "Forward", "step-forward", "The next output (Ctrl+. anywhere; . here)")
        last = self._button("step-last", "Last", "arrow-right", "The last output (End)")
        self.speed = QComboBox(self)
        self.speed.setObjectName("step-speed")
        self.speed.setAccessibleName("Steps a second")
        self.speed.setToolTip("How fast the window slides")
        for text, rate in SPEEDS.items():
            self.speed.addItem(text, rate)
        self.speed.setCurrentIndex(1)
        self.place = QLabel(self)
        self.place.setObjectName("step-place")
        self.place.setFont(theme.numbers_font(self.place))
        self._layout.addWidget(self.speed)
        self._layout.addWidget(self.place)
        self._layout.addStretch(1)
        self.follow = self._button("step-follow", "Follow the mouse", "", "Show the output under the mouse (Escape)")
        self.symbols = self._button(
            "step-symbols", "Symbols", "", "Letters instead of numbers; their rows and columns count from 0 (S)"
        )
        self.symbols.setCheckable(True)
        self.symbols.setMinimumWidth(
            self.symbols.sizeHint().width() + self.symbols.fontMetrics().horizontalAdvance("✓ ")
        )
        self.latex = self._button(
            "step-latex", "Copy LaTeX", "", "Copy the calculation as LaTeX; rows and columns count from 0"
        )
        self.save = self._button("step-save", "Save", "", "Save the steps for a slide or a film")
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save.setMenu(self._save_menu())
        first.clicked.connect(self.first_asked)
        back.clicked.connect(lambda: self.moved.emit(-1))
        forward.clicked.connect(lambda: self.moved.emit(1))
        last.clicked.connect(self.last_asked)
        self.play.toggled.connect(self._toggle)
        self.follow.clicked.connect(self.follow_asked)
        self.symbols.toggled.connect(lambda is_on: self.symbols.setText("✓ Symbols" if is_on else "Symbols"))
        self.symbols.toggled.connect(self.symbols_toggled)
        self.latex.clicked.connect(self.latex_asked)

    @property
    def rate(self) -> float:
        """Steps a second."""
        return float(self.speed.currentData())

    def show_place(self, text: str, *, can_step: bool, is_pinned: bool) -> None:
        """Show which of how many outputs is on the screen, or "" while none is chosen."""
        self.setEnabled(can_step)
        self.place.setText(text)
        self.follow.setEnabled(is_pinned)
        self.latex.setEnabled(bool(text))
        self.save.setEnabled(bool(text))

    def add(self, widget: QWidget) -> None:
        """Put another control at the end of the line."""
        self._layout.addWidget(widget)

    def _toggle(self, is_playing: bool) -> None:  # noqa: FBT001  # a slot
        self.play.setIcon(icons.icon("pause" if is_playing else "play"))
        self.play.setText("Pause" if is_playing else "Play")
        self.play_toggled.emit(is_playing)

    def _save_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("step-save-menu")
        menu.setToolTipsVisible(True)
        for key, (text, tip) in SAVES.items():
            action = menu.addAction(text)
            action.setObjectName(f"save-{key}")
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, key=key: self.save_asked.emit(key))
        return menu

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # after a click the panel's own keys are near
        if icon:
            button.setIcon(icons.icon(icon))
        self._layout.addWidget(button)
        return button
