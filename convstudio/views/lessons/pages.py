"""The two parts of a card: what is read, and what is done. One below the other where both fit, else two pages."""

from functools import cached_property

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QVBoxLayout, QWidget

from convstudio.views import theme
from convstudio.views.controls.segments import Segments
from convstudio.views.scrolling import scrolling

READ, DO = "read", "do"
PAGES = (READ, "Read"), (DO, "Do it")


class CardPages(QWidget):
    """Holds both parts, and says by `paged` when they become two pages or one; `chooser` turns these.

    Within a step one page may become two as its sentence grows, but not while a button of the mouse is down, and two
    become one again only with another step or size: nothing moves away from the hand.
    """

    paged = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lesson-card-pages")
        self.is_paged = False
        self._page = QWidget(self)
        self.reading, self.doing = self._part(), self._part()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, theme.SPACE, 0, 0)
        for part in (self.reading, self.doing):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self._area: QScrollArea = scrolling(self._page)
        for ground in (self._area.viewport(), self._page):
            ground.setAutoFillBackground(False)  # the card's own is seen through
        room = QVBoxLayout(self)
        room.setContentsMargins(0, 0, 0, 0)
        room.addWidget(self._area)
        self._page.installEventFilter(self)
        self.show_spacing(2 * theme.SPACE)

    @cached_property
    def chooser(self) -> Segments:
        """What turns the pages; made when a card first has two."""
        chooser = Segments("lesson-pages", PAGES, "Page of the card", self.parentWidget())
        chooser.chosen.connect(lambda _: self._show())
        return chooser

    def show_spacing(self, spacing: int) -> None:
        """Take the distance between two things on the card."""
        for layout in (self._column, self.reading.layout(), self.doing.layout()):
            assert isinstance(layout, QLayout)
            layout.setSpacing(spacing)

    def begin(self) -> None:
        """Show another step from its top, in one page where it fits."""
        self._area.verticalScrollBar().setValue(0)
        if self.is_paged:
            self.chooser.show_choice(READ)
            self._show()
        self.fit(is_new=True)

    def fit(self, *, is_new: bool) -> None:
        """Divide what does not fit; join it again if it is a new step or size."""
        has_both = not self.reading.isHidden() and self._has_something(self.doing)
        is_paged = has_both and self._needs() > self.height()
        if is_paged is self.is_paged or (self.is_paged and not is_new):
            return
        self.is_paged = is_paged
        if is_paged:
            focus = QApplication.focusWidget()
            is_doing = not is_new and focus is not None and self.doing.isAncestorOf(focus)
            self.chooser.show_choice(DO if is_doing else READ)
        self._show()
        self.paged.emit(is_paged)

    def turn_to(self, widget: QWidget) -> None:
        """Show the page that has a widget."""
        if self.is_paged:
            self.chooser.show_choice(DO if self.doing.isAncestorOf(widget) else READ)
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look anew whether all fits when something on the card has become larger."""
        if event.type() == QEvent.Type.LayoutRequest and QApplication.mouseButtons() == Qt.MouseButton.NoButton:
            self.fit(is_new=False)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look anew whether all fits."""
        super().resizeEvent(event)
        self.fit(is_new=True)

    def _part(self) -> QWidget:
        part = QWidget(self._page)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        return part

    def _has_something(self, part: QWidget) -> bool:
        layout = part.layout()
        assert layout is not None
        items = (layout.itemAt(place) for place in range(layout.count()))
        return any(item is not None and not item.isEmpty() for item in items)

    def _needs(self) -> int:
        """The height of both parts in this width."""
        margins, heights = self._column.contentsMargins(), 0
        for part in (self.reading, self.doing):
            layout = part.layout()
            assert layout is not None
            heights += (
                layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else part.sizeHint().height()
            )
        return heights + self._column.spacing() + margins.top() + margins.bottom()

    def _show(self) -> None:
        shown = self.chooser.choice if self.is_paged else ""
        self.reading.setVisible(shown != DO)
        self.doing.setVisible(shown != READ)
        self._area.verticalScrollBar().setValue(0)
