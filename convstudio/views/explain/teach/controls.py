"""The row over TEACH THE KERNEL: what is wanted, how large the kernel is, how many examples, how far they move."""

from collections.abc import Iterable
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QWidget

from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import PRESETS
from convstudio.insight.teach.sampling import LONGEST_SHIFT
from convstudio.insight.teach.training import COUNTS
from convstudio.views import theme
from convstudio.views.fields import ChoiceBox, NumberBox, checkbox

SIZES = (3, 5, 7)
FIRST_PRESET = "sobel-x"


class Source(StrEnum):
    """Where the wanted output comes from; the values are its labels."""

    PRESET = "Preset"
    LAYER = "Layer’s output"
    FILE = "File"
    PAINTED = "Painted"


class NumberChoice(QComboBox):
    """One of a few numbers; the wheel turns it only while it has the focus."""

    def __init__(self, name: str, tip: str, numbers: Iterable[int], parent: QWidget, *, text: str = "{}") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(tip)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for number in numbers:
            self.addItem(text.format(number), number)

    @property
    def number(self) -> int:
        """The chosen number."""
        return int(self.currentData())

    def show_number(self, number: int) -> None:
        """Show another number."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(number))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the scrolling panel unless the box was chosen first."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class TeachControls(QWidget):
    """What the person chose; `changed` says that a choice changed."""

    changed = Signal()
    file_wanted = Signal()
    restart_wanted = Signal()  # the painting shall begin anew

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source: ChoiceBox[Source] = ChoiceBox({source: source.value for source in Source}, self)
        self.source.setObjectName("teach-source")
        self.source.setAccessibleName("Where the wanted output comes from")
        self.source.setToolTip(
            "What the maps shall learn: a preset, what the selected layer makes of its own input, a file, or what you "
            "paint"
        )
        self._chosen = Source.PRESET
        self.presets = tuple(preset for preset in PRESETS if len(build(preset)) == 1)
        titles = [preset.title for preset in self.presets]
        self.preset = NumberChoice("teach-preset", "The preset that is learned", range(len(titles)), self)
        for place, title in enumerate(titles):
            self.preset.setItemText(place, title)
        self.preset.show_number([preset.key for preset in self.presets].index(FIRST_PRESET))
        self.preset.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.preset.setMinimumContentsLength(10)
        self.open = QPushButton("Open…", self)
        self.open.setObjectName("teach-open")
        self.open.setToolTip("Open the wanted output: a file with as many pixels as the picture")
        self.restart = QPushButton("Start over", self)
        self.restart.setObjectName("teach-restart")
        self.restart.setToolTip("Take a fresh piece of the present picture to paint on")
        for button in (self.open, self.restart):
            button.setAutoDefault(False)
        self.brush = NumberBox(1, 100, self)
        self.brush.setObjectName("teach-brush")
        self.brush.setAccessibleName("Strength of the brush in percent of white")
        self.brush.setToolTip("Brush: how much one touch adds or takes away, in percent of white")
        self.brush.setPrefix("± ")
        self.brush.setSuffix(" %")
        self.brush.setValue(25)
        self.kernel = NumberChoice("teach-size", "Size of the learned kernel", SIZES, self, text="{0}×{0}")
        self.examples = NumberChoice("teach-examples", "How many examples the maps have seen", COUNTS, self)
        shifts = range(1, LONGEST_SHIFT + 1)
        self.shift = NumberChoice("teach-shift", "Pixels by which the example is shifted", shifts, self)
        self.shift.show_number(2)
        self.bias = checkbox("teach-bias", "Bias", "Learn a bias, too: a number that is added to every output", self)
        self._lay_out()
        self._connect()
        self._show_source()

    @property
    def chosen(self) -> Source:
        """Where the wanted output comes from."""
        return self._chosen

    @property
    def preset_key(self) -> str:
        """The preset that is learned."""
        return self.presets[self.preset.number].key

    def show_source(self, source: Source) -> None:
        """Show another choice."""
        self.source.show_choice(source)
        self._chosen = source
        self._show_source()

    def _choose_source(self, source: Source) -> None:
        self._chosen = source
        self._show_source()
        self.changed.emit()

    def _choose_preset(self) -> None:
        kernel = build(self.presets[self.preset.number])[0]
        self.kernel.show_number(next((size for size in SIZES if size >= max(kernel.shape)), SIZES[-1]))
        self.changed.emit()

    def _show_source(self) -> None:
        self.preset.setVisible(self._chosen is Source.PRESET)
        self.open.setVisible(self._chosen is Source.FILE)
        for widget in (self.restart, self.brush):
            widget.setVisible(self._chosen is Source.PAINTED)

    def _connect(self) -> None:
        self.source.chosen.connect(self._choose_source)
        self.preset.currentIndexChanged.connect(lambda _: self._choose_preset())
        for box in (self.kernel, self.examples, self.shift):
            box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.bias.clicked.connect(lambda _: self.changed.emit())
        self.open.clicked.connect(self.file_wanted)
        self.restart.clicked.connect(self.restart_wanted)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE // 2)
        label = self._label("&Wanted", self.source)
        for widget in (label, self.source, self.preset, self.open, self.restart, self.brush):
            layout.addWidget(widget)
        for text, box in (("Kernel", self.kernel), ("Examples", self.examples), ("Shift", self.shift)):
            layout.addSpacing(theme.SPACE // 2)
            layout.addWidget(self._label(text, box))
            layout.addWidget(box)
        layout.addSpacing(theme.SPACE // 2)
        layout.addWidget(self.bias)

    def _label(self, text: str, buddy: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setBuddy(buddy)
        return label
