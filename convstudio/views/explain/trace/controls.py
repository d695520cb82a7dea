"""The line of controls that moves a window over the outputs, one step at a time."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from convstudio.views import icons, theme
from convstudio.views.controls.word_button import WordButton

SPEEDS = {"1 a second": 1.0, "3 a second": 3.0, "10 a second": 10.0, "30 a second": 30.0}
COPIES = {
    "text": ("Copy as text", "The whole calculation, number by number"),
    "latex": ("Copy as LaTeX", "The calculation as a formula; rows and columns count from 0"),
}
SAVES = {
    "gif": ("GIF…", "The window sliding over the outputs around this one"),
    "mp4": ("MP4…", "The same as a film"),
    "png": ("PNG frames…", "The same as numbered pictures in a folder"),
    "svg": ("This step as SVG…", "One step for a slide, sharp at any size"),
    "pdf": ("This step as PDF…", "One step for a slide or a paper"),
}
WIDE = 820  # pixels from which all controls have room


class StepBar(QWidget):
    """Emits what a person asks for; it moves nothing itself."""

    moved = Signal(int)  # by so many steps
    first_asked = Signal()
    play_toggled = Signal(bool)
    unpin_asked = Signal()
    symbols_toggled = Signal(bool)
    copy_asked = Signal(str)  # a key of COPIES
    save_asked = Signal(str)  # a key of SAVES

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step-bar")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        first = self._button("step-first", "First", "arrow-left", "The first output (Home)")
        back = self._button("step-back", "Back", "step-back", "The output before (Ctrl+, anywhere; , here)")
        self.play = self._button("step-play", "Play", "play", "Slide the window, or stop it (Ctrl+/ anywhere; / here)")
        self.play.setCheckable(True)
        self.play.setMinimumWidth(self.play.sizeHint().width() + self.play.fontMetrics().horizontalAdvance("se"))
        onward = self._button("step-on", "On", "step-forward", "The next output (Ctrl+. anywhere; . here)")
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
        self.unpin = self._button("step-unpin", "Unpin", "", "Let go of the pinned outputs")
        self.symbols = self._button(
            "step-symbols", "Letters", "", "Letters instead of numbers in the sum; they count from 0 (S)"
        )
        self.symbols.setCheckable(True)
        self.save = self._button(
            "step-save", "Copy or save", "", "The calculation as text, the steps for a slide or a film"
        )
        self.save.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.save.setMenu(self._menu())
        first.clicked.connect(self.first_asked)
        back.clicked.connect(lambda: self.moved.emit(-1))
        onward.clicked.connect(lambda: self.moved.emit(1))
        self.play.toggled.connect(self._toggle)
        self.unpin.clicked.connect(self.unpin_asked)
        self.symbols.toggled.connect(self.symbols_toggled)

    @property
    def rate(self) -> float:
        """Steps a second."""
        return float(self.speed.currentData())

    def show_place(self, text: str, *, can_step: bool, is_pinned: bool, has_unit: bool) -> None:
        """Show where the window stands, or "" while it stands nowhere."""
        self.setEnabled(can_step)
        self.place.setText(text)
        self.unpin.setEnabled(is_pinned)
        self.save.setEnabled(has_unit)

    def show_room(self, width: int) -> None:
        """Leave out what is not needed to walk where there is no room for it."""
        for widget in (self.speed, self.unpin):
            widget.setVisible(width >= WIDE)

    def _toggle(self, is_playing: bool) -> None:  # noqa: FBT001  # a slot
        self.play.setIcon(icons.icon("pause" if is_playing else "play"))
        self.play.setText("Pause" if is_playing else "Play")
        self.play_toggled.emit(is_playing)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("step-save-menu")
        menu.setToolTipsVisible(True)
        for kind, rows, signal in (("copy", COPIES, self.copy_asked), ("save", SAVES, self.save_asked)):
            for key, (text, tip) in rows.items():
                action = menu.addAction(text)
                action.setObjectName(f"{kind}-{key}")
                action.setToolTip(tip)
                action.triggered.connect(lambda _=False, key=key, signal=signal: signal.emit(key))
            menu.addSeparator()
        return menu

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = WordButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # after a click the panel's own keys are near
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        if icon:
            button.setIcon(icons.icon(icon))
        self._layout.addWidget(button)
        return button
