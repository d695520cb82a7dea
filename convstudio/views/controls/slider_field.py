"""A number on a slider: its label at the left, its value at the right, the slider below."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from convstudio.core.wording import number
from convstudio.views.style_sheet import set_kind


class SliderField(QWidget):
    """`moved` carries the number at every move of a person's hand or key, `released` says that the gesture ended."""

    moved = Signal(float)
    released = Signal()

    def __init__(
        self,
        name: str,
        label: str,
        low: float,
        high: float,
        step: float,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._low, self._step, self._unit, self._label = low, step, unit, label
        self.slider = _QuietSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName(f"{name}-slider")
        self.slider.setRange(0, round((high - low) / step))
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        caption, self.figure = QLabel(label, self), QLabel(self)
        set_kind(caption, "caption")
        set_kind(self.figure, "value")
        self.figure.setObjectName(f"{name}-value")
        caption.setBuddy(self.slider)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(caption, 0, 0)
        grid.addWidget(self.figure, 0, 1, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(self.slider, 1, 0, 1, 2)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._move)
        self.slider.sliderReleased.connect(self.released)
        self._write(low)

    @property
    def value(self) -> float:
        """The number that is shown."""
        return self._value

    def show_value(self, value: float) -> None:
        """Show a number; one between two steps, or outside of the slider, is written as it is."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value - self._low) / self._step))
        self._write(value)

    def _move(self, place: int) -> None:
        value = round(self._low + place * self._step, 9)
        self._write(value)
        self.moved.emit(value)
        if not self.slider.isSliderDown():  # a key, the wheel or a click beside the handle is a gesture of its own
            self.released.emit()

    def _write(self, value: float) -> None:
        self._value = value
        gap = "" if self._unit in ("", "°") else " "
        self.figure.setText(f"{number(value)}{gap}{self._unit}")
        self.slider.setAccessibleName(f"{self._label}: {self.figure.text()}")


class _QuietSlider(QSlider):
    """A slider that leaves the wheel to the panel around it unless it has the focus."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
