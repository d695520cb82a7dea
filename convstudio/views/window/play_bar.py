"""The bar under the pictures while something plays: freeze, pause, seek, loop."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from convstudio.core.live_source import LiveState, Playback
from convstudio.core.wording import clock
from convstudio.views import icons, theme
from convstudio.views.controls.word_button import WordButton


class PlayBar(QWidget):
    """Shows where a video stands; hidden for still pictures."""

    freeze_toggled = Signal(bool)
    pause_toggled = Signal(bool)  # True: pause
    sought = Signal(float)  # seconds
    loop_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("play-bar")
        self.freeze = self._button("play-freeze", "Freeze", "snowflake", "Hold this frame; the source goes on")
        self.pause = self._button("play-pause", "Pause", "pause", "Stop the video here, or go on")
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("play-position")
        self.slider.setAccessibleName("Position in the video")
        self.time = QLabel(self)
        self.time.setFont(theme.numbers_font(self.time))
        self.loop = QCheckBox("Loop", self)
        self.loop.setObjectName("play-loop")
        self.loop.setToolTip("Begin again at the end")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self.freeze)
        layout.addWidget(self.pause)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.time)
        layout.addWidget(self.loop)
        self.freeze.toggled.connect(self.freeze_toggled)
        self.pause.toggled.connect(self.pause_toggled)
        self.loop.toggled.connect(self.loop_toggled)
        self.slider.sliderMoved.connect(lambda value: self.sought.emit(value / 1000))
        self.slider.actionTriggered.connect(self._step)
        self.hide()

    def show_playback(self, state: LiveState, playback: Playback, *, is_frozen: bool) -> None:
        """Show a live source; nothing is emitted."""
        has_end = playback.duration > 0
        self.setVisible(state is not LiveState.STILL)
        for widget in (self.pause, self.slider, self.time, self.loop):
            widget.setVisible(has_end)
        blockers = [QSignalBlocker(widget) for widget in (self.freeze, self.pause, self.loop, self.slider)]
        self.freeze.setChecked(is_frozen)
        self.pause.setChecked(state in (LiveState.PAUSED, LiveState.ENDED))
        self.pause.setIcon(icons.icon("play" if self.pause.isChecked() else "pause"))
        self.pause.setText("Play" if self.pause.isChecked() else "Pause")
        self.loop.setChecked(playback.is_looping)
        if has_end and not self.slider.isSliderDown():
            self.slider.setRange(0, round(playback.duration * 1000))
            self.slider.setPageStep(5000)
            self.slider.setSingleStep(200)
            self.slider.setValue(round(playback.position * 1000))
        self.time.setText(f"{clock(playback.position)} of {clock(playback.duration)}")
        for blocker in blockers:
            blocker.unblock()

    def _step(self, _: int) -> None:
        if not self.slider.isSliderDown():
            self.sought.emit(self.slider.sliderPosition() / 1000)

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = WordButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button
