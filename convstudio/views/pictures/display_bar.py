"""The header of the output: how its numbers become colours, as colour, signed or strength, and the rest in a menu."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.views.controls.segments import Segments
from convstudio.views.pictures.range_menu import RangeMenu
from convstudio.views.pictures.view_bar import HeaderNote, HeaderTitle
from convstudio.views.pictures.wording import MODE_NAMES, MODE_TIPS

SEGMENTS = (DisplayMode.CLIP, DisplayMode.SIGNED, DisplayMode.ABSOLUTE)
BESIDE = 48  # pixels for the menu's icon, and between the parts
WAYS = (DisplayMode.AUTOMATIC, DisplayMode.STRETCH, DisplayMode.OFFSET)


def display_with(display: Display, mode: DisplayMode, low: float, high: float) -> Display:
    """A display with the ends that a person chose for the mode that is on the screen.

    Examples
    --------
    >>> display_with(Display(), DisplayMode.SIGNED, -30.0, 30.0)
    Display(mode=<DisplayMode.SIGNED: 'signed'>, limit=30.0, low=None)
    """
    match mode:
        case DisplayMode.SIGNED | DisplayMode.ABSOLUTE:
            return replace(display, mode=mode, limit=high, low=None)
        case DisplayMode.OFFSET:
            return replace(display, mode=mode, limit=2 * high, low=None)
        case _:
            return replace(display, mode=DisplayMode.CLIP, limit=high, low=low)


class DisplayBar(QWidget):
    """The display of outputs."""

    display_edited = Signal(object, str)  # Display, merge key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._display = Display()
        self._mode = DisplayMode.CLIP
        self.title = HeaderTitle("Output", self)
        self.note = HeaderNote(self)
        self.note.setObjectName("output-note")
        ways = {mode.value: (MODE_NAMES[mode], MODE_TIPS[mode]) for mode in (*SEGMENTS, *WAYS)}
        self.range_menu = RangeMenu("output", ways, self)
        self.segments = Segments(
            "display-mode", [(mode.value, MODE_NAMES[mode]) for mode in SEGMENTS], "Display of the output", self
        )
        for mode in SEGMENTS:
            self.segments.buttons[mode.value].setToolTip(MODE_TIPS[mode])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addSpacing(4)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.range_menu)
        layout.addWidget(self.segments)
        for mode in SEGMENTS:
            self.range_menu.ways[mode.value].setVisible(False)  # Qt's own
        self.segments.chosen.connect(lambda key: self._edit(Display(DisplayMode(key))))
        self.range_menu.way_chosen.connect(lambda key: self._edit(Display(DisplayMode(key))))
        self.range_menu.range_typed.connect(lambda ends: self.choose_range(*ends))

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """What tells of the outputs, for a lesson that asks for them."""
        return (self.note, self.range_menu, self.segments)

    def show_display(self, display: Display, picture: Picture) -> None:
        """Show the choice, and what it came to."""
        self._display, self._mode = display, picture.mode
        if picture.mode in SEGMENTS:
            self.segments.show_choice(picture.mode.value)
        else:
            self.segments.show_choice("")
        is_way = display.limit is None and display.low is None
        self.range_menu.show_range(picture, display.mode.value if is_way else "")
        self._fit_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the choices side by side, or in the menu where the pane is too narrow for them."""
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        is_narrow = self.title.sizeHint().width() + self.segments.sizeHint().width() + BESIDE > self.width()
        if is_narrow != self.segments.isHidden():
            self.segments.setVisible(not is_narrow)
            for mode in SEGMENTS:
                self.range_menu.ways[mode.value].setVisible(is_narrow)
        self.range_menu.show_words(MODE_NAMES[self._mode] if is_narrow else "")

    def choose_range(self, low: float, high: float, merge: str = "") -> None:
        """Take the ends that a person chose."""
        self._edit(display_with(self._display, self._mode, low, high), merge)

    def free_range(self) -> None:
        """Measure the range again."""
        self._edit(replace(self._display, limit=None, low=None))

    def _edit(self, display: Display, merge: str = "") -> None:
        if display != self._display:
            self._display = display
            self.display_edited.emit(display, merge)
