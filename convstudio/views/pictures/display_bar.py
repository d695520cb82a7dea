"""The header of the output: how its numbers become colours, as colour, signed or strength, and the rest in a menu."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.views.controls.segments import Segments
from convstudio.views.pictures.range_menu import RangeMenu
from convstudio.views.pictures.view_bar import HeaderNote, HeaderTitle
from convstudio.views.pictures.wording import MODE_NAMES, MODE_TIPS

SEGMENTS = (DisplayMode.CLIP, DisplayMode.SIGNED, DisplayMode.ABSOLUTE)
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
        ways = {mode.value: (MODE_NAMES[mode], MODE_TIPS[mode]) for mode in WAYS}
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
        self.segments.chosen.connect(lambda key: self._edit(Display(DisplayMode(key))))
        self.range_menu.way_chosen.connect(lambda key: self._edit(Display(DisplayMode(key))))
        self.range_menu.range_typed.connect(lambda ends: self.choose_range(*ends))

    def show_display(self, display: Display, picture: Picture) -> None:
        """Show the choice, and what it came to."""
        self._display, self._mode = display, picture.mode
        if picture.mode in SEGMENTS:
            self.segments.show_choice(picture.mode.value)
        else:
            self.segments.show_choice("")
        is_way = display.mode in WAYS and display.limit is None and display.low is None
        self.range_menu.show_range(picture, display.mode.value if is_way else "")

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
