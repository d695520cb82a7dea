"""The header of the input: what it is, how it is looked at, and its display range where that is its own."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from convstudio.views import icons
from convstudio.views.controls.menu_button import menu_button
from convstudio.views.controls.word_button import WordButton
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.pictures.canvas.canvas import ZOOM_STEP
from convstudio.views.pictures.range_menu import RangeMenu

SOURCE_WAYS = {
    "automatic": ("Automatic", "As the file says, or from its usual values where it uses less than a fifth of that"),
    "whole": ("Whole range", "From 0 to the largest number that its type has for white"),
}
LEAST_NOTE = 120  # pixels
FIT, FILL, ACTUAL = "Fit", "Fill", "1:1"


class HeaderTitle(QLabel):
    """“Input” or “Output”."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        font = self.font()
        font.setPixelSize(13)
        font.setWeight(QFont.Weight.DemiBold)
        self.setFont(font)


class HeaderNote(ElidedLabel):
    """Second text; a few letters of it are worse than none."""

    least = LEAST_NOTE

    def minimumSizeHint(self) -> QSize:
        """It gives way to everything else."""
        return QSize(0, super().minimumSizeHint().height())


class ViewBar(QWidget):
    """How to look at the pictures."""

    fit_asked = Signal()
    fill_asked = Signal()
    actual_size_asked = Signal()
    zoom_asked = Signal(float)
    gallery_toggled = Signal(bool)
    wipe_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = HeaderTitle("Input", self)
        self.note = HeaderNote(self)
        self.note.setObjectName("input-note")
        self.range_menu = RangeMenu("input", SOURCE_WAYS, self)
        self._gallery = self._toggle("view-gallery", "Maps", "grid-3x3", "All maps as a grid; click one to enlarge it")
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.fitting = menu_button("view-size", FIT, "", "How large the pictures are", self._menu, self, kind="")
        self._fill_menu()
        self.wipe = self._toggle(
            "view-wipe", "Wipe", "columns-2", "Before and after in one picture, with a divider to drag"
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addSpacing(4)
        layout.addWidget(self.note, 1)
        for button in (self.range_menu, self._gallery, self.fitting, self.wipe):
            layout.addWidget(button)
        self._fitted: tuple[object, ...] = ()  # what the words were fitted to
        self.range_menu.hide()
        self._gallery.hide()
        self._gallery.toggled.connect(self.gallery_toggled)
        self.wipe.toggled.connect(self.wipe_toggled)

    @property
    def is_wipe(self) -> bool:
        """Whether before and after share one pane."""
        return self.wipe.isChecked()

    @property
    def is_gallery(self) -> bool:
        """Whether all maps are shown as a grid."""
        return self._gallery.isChecked()

    def set_gallery(self, *, is_open: bool) -> None:
        """Open or close the grid of maps, as the button does."""
        self._gallery.setChecked(is_open)

    def set_wipe(self, *, is_open: bool) -> None:
        """Open or close the wipe, as the button does."""
        self.wipe.setChecked(is_open)

    def show_choices(self, *, has_maps: bool, has_wipe: bool, has_range: bool) -> None:
        """Offer what makes sense for the present pictures."""
        self._gallery.setVisible(has_maps or self._gallery.isChecked())
        self.wipe.setEnabled(has_wipe)
        self.range_menu.setVisible(has_range)
        self._fit_words()

    def show_size(self, words: str) -> None:
        """Say how large the pictures are."""
        if words != self.fitting.text():
            self.fitting.setText(words)
            self.fitting.setAccessibleName(f"Size of the pictures: {words}")
            self._fit_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave words out, or say them again."""
        super().resizeEvent(event)
        self._fit_words()

    def _fit_words(self) -> None:
        """Buttons have words where all of these fit beside the title; in a narrow pane the icons do."""
        parts = self.range_menu.isHidden(), self._gallery.isHidden(), self.fitting.text(), self.width()
        if parts == self._fitted:
            return
        self._fitted = parts
        toggles = (self.wipe, self._gallery)
        for style in (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonIconOnly):
            for button in toggles:
                button.setToolButtonStyle(style)
            if self.minimumSizeHint().width() <= self.width():
                break

    def _fill_menu(self) -> None:
        rows = (
            ("view-fit", FIT, "Show the whole picture (F, or double click)", self.fit_asked.emit),
            ("view-fill", FILL, "Fill the whole pane with the picture", self.fill_asked.emit),
            ("view-actual-size", ACTUAL, "One pixel of the input on one of the screen", self.actual_size_asked.emit),
            ("view-zoom-in", "Zoom in", "Values are printed on pixels that are large enough (+)",
             lambda: self.zoom_asked.emit(ZOOM_STEP)),
            ("view-zoom-out", "Zoom out", "Make the pictures smaller (−)", lambda: self.zoom_asked.emit(1 / ZOOM_STEP)),
        )  # fmt: skip
        for name, text, tip, deed in rows:
            action = QAction(text, self._menu)
            action.setObjectName(name)
            action.setToolTip(tip)
            action.triggered.connect(lambda _=False, deed=deed: deed())
            self._menu.addAction(action)

    def _toggle(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = WordButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIcon(icons.icon(icon))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
