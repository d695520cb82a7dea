"""The buttons above the pictures: fit, actual size, zoom, gallery and wipe."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from convstudio.views.pictures.canvas.canvas import ZOOM_STEP


class ViewBar(QWidget):
    """How to look at the pictures."""

    fit_asked = Signal()
    actual_size_asked = Signal()
    zoom_asked = Signal(float)
    gallery_toggled = Signal(bool)
    wipe_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        fit = self._button("view-fit", "Fit", "Show the whole picture (F, or double click)")
        actual = self._button("view-actual-size", "1:1", "One pixel of the input on one pixel of the screen")
        out = self._button("view-zoom-out", "−", "Zoom out (−)")
        into = self._button("view-zoom-in", "+", "Zoom in (+); values are printed on pixels that are large enough")
        self._gallery = self._button("view-gallery", "Gallery", "Show all maps as a grid; click one to enlarge it")
        self._wipe = self._button("view-wipe", "Wipe", "Before and after in one picture, with a divider to drag")
        for button in (self._gallery, self._wipe):
            button.setCheckable(True)
        fit.clicked.connect(self.fit_asked)
        actual.clicked.connect(self.actual_size_asked)
        out.clicked.connect(lambda: self.zoom_asked.emit(1 / ZOOM_STEP))
        into.clicked.connect(lambda: self.zoom_asked.emit(ZOOM_STEP))
        self._gallery.toggled.connect(self.gallery_toggled)
        self._wipe.toggled.connect(self.wipe_toggled)

    @property
    def is_wipe(self) -> bool:
        """Whether before and after share one pane."""
        return self._wipe.isChecked()

    @property
    def is_gallery(self) -> bool:
        """Whether all maps are shown as a grid."""
        return self._gallery.isChecked()

    def set_gallery(self, *, is_open: bool) -> None:
        """Open or close the grid of maps, as the button does."""
        self._gallery.setChecked(is_open)

    def set_wipe(self, *, is_open: bool) -> None:
        """Open or close the wipe, as the button does."""
        self._wipe.setChecked(is_open)

    def show_choices(self, *, has_maps: bool, has_wipe: bool) -> None:
        """Offer what makes sense for the present pictures."""
        self._gallery.setEnabled(has_maps)
        self._wipe.setEnabled(has_wipe)

    def _button(self, name: str, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRaise(True)
        self._layout.addWidget(button)
        return button
