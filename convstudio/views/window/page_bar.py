"""The bar under the pictures where a file holds several: which of them is shown, and the ways to the others."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from convstudio.core.frame import Pages
from convstudio.views import icons, theme


class PageBar(QWidget):
    """“Page 1 of 30” beside a slider and two arrows; hidden where a file holds one picture."""

    page_chosen = Signal(int)  # from 0

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page-bar")
        self._pages = Pages()
        self.back = self._button("page-back", "arrow-left", -1)
        self.forward = self._button("page-forward", "arrow-right", 1)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("page-slider")
        self.place = QLabel(self)
        self.place.setObjectName("page-place")
        self.place.setFont(theme.numbers_font(self.place))
        self.place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(8)
        layout.addWidget(self.back)
        layout.addWidget(self.forward)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.place)
        self.slider.valueChanged.connect(self._choose)
        self.hide()

    def show_pages(self, pages: Pages) -> None:
        """Show which picture of how many is there or on its way; nothing is emitted."""
        self._pages = pages
        self.setVisible(pages.count > 1)
        if pages.count < 2:
            return
        if not self.slider.isSliderDown():
            blocker = QSignalBlocker(self.slider)
            self.slider.setRange(0, pages.count - 1)
            self.slider.setPageStep(max(1, pages.count // 10))
            self.slider.setValue(pages.page)
            blocker.unblock()
        self.slider.setAccessibleName(f"Which {pages.unit} of the file is shown")
        metrics = self.place.fontMetrics()
        self.place.setFixedWidth(metrics.horizontalAdvance(_words(Pages(pages.count - 1, pages.count, pages.unit))) + 4)
        for button, words, key in ((self.back, "before", "Alt+Page up"), (self.forward, "next", "Alt+Page down")):
            tip = f"The {words} {pages.unit}" if words == "next" else f"The {pages.unit} {words}"
            button.setToolTip(f"{tip} ({key})")
            button.setAccessibleName(tip)
        self._show_place()

    def _choose(self, page: int) -> None:
        self._show_place()
        self.page_chosen.emit(page)

    def _show_place(self) -> None:
        page, count = self.slider.value(), self._pages.count
        self.place.setText(_words(Pages(page, count, self._pages.unit)))
        self.back.setEnabled(page > 0)
        self.forward.setEnabled(page < count - 1)

    def _button(self, name: str, icon: str, by: int) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setIcon(icons.icon(icon))
        button.setAutoRepeat(True)
        button.clicked.connect(lambda: self.slider.setValue(self.slider.value() + by))
        return button


def _words(pages: Pages) -> str:
    text = str(pages)
    return text[0].upper() + text[1:]
