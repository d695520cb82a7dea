"""A pane: one picture with its title, how to read it, its colour bar and the gallery of its maps."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.pictures.canvas.marks import Box
from convstudio.views.pictures.canvas.patches import Parts
from convstudio.views.pictures.colour_bar import ColourBar
from convstudio.views.pictures.gallery import GRID_SIDE, STRIP_SIDE, Gallery, MapModel
from convstudio.views.pictures.unit_list import UnitList
from convstudio.views.pictures.wording import display_sentence, loss_sentence


class PicturePane(QWidget):
    """One picture and everything needed to read it."""

    pixel_hovered = Signal(object)  # (row, column) or None
    pixel_pinned = Signal(object)  # (row, column)
    unit_hovered = Signal(object)  # number of a 1×1 map, or None
    unit_pinned = Signal(int)
    view_changed = Signal(object)  # View
    fit_asked = Signal()
    map_selected = Signal(int)
    map_opened = Signal(int)  # clicked in the grid

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(self)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.reading = ElidedLabel(self)
        self.canvas = Canvas(self)
        self.units = UnitList(self)
        self._maps = MapModel(self)
        self.grid = Gallery(self._maps, GRID_SIDE, self)
        self.grid.setAccessibleName("All maps")
        self._empty = QLabel("Drop a picture here, or start with a sample.", self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._pages = QStackedWidget(self)
        for page in (self._empty, self.canvas, self.units, self.grid):
            self._pages.addWidget(page)
        self.strip = Gallery(self._maps, STRIP_SIDE, self)
        self.strip.setAccessibleName("Maps")
        self.strip.hide()
        self.bar = ColourBar(self)
        self._is_grid = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for widget in (self.title, self.reading):
            layout.addWidget(widget)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.strip)
        self.canvas.pixel_hovered.connect(self.pixel_hovered)
        self.canvas.pixel_pinned.connect(self.pixel_pinned)
        self.canvas.view_changed.connect(self.view_changed)
        self.canvas.fit_asked.connect(self._fit)
        self.units.unit_hovered.connect(self.unit_hovered)
        self.units.unit_pinned.connect(self.unit_pinned)
        for gallery in (self.strip, self.grid):
            gallery.map_selected.connect(self._select)
        self.grid.map_opened.connect(self.map_opened)

    @property
    def has_canvas(self) -> bool:
        """Whether a picture, not a list of units or a grid of maps, is shown."""
        return self._pages.currentWidget() is self.canvas

    @property
    def has_units(self) -> bool:
        """Whether the maps are single numbers, shown as a list."""
        return self._pages.currentWidget() is self.units

    @property
    def has_maps(self) -> bool:
        """Whether there is more than one picture to choose from."""
        return self._maps.rowCount() > 1

    @property
    def has_strip(self) -> bool:
        """Whether the gallery is shown below the picture."""
        return self.has_maps and self.has_canvas

    def show_picture(
        self,
        picture: Picture,
        planes: NDArray[np.float32] | None,
        *,
        title: str,
        parts: Parts | None = None,
        notes: tuple[str, str] = ("", ""),
    ) -> None:
        """Show one map; `planes` (1 or 3, H, W) are its values, or it comes in parts.

        `notes` say how far the values are computed, and on what the colours were measured; "" says nothing.
        """
        self.title.show_text(title)
        self.canvas.setAccessibleName(title)
        sentences = (notes[0], display_sentence(picture), notes[1], loss_sentence(picture))
        self.reading.show_text("; ".join(filter(None, sentences)))
        self.bar.show_picture(picture)
        self.canvas.show_picture(picture, planes, parts)
        self._turn(self.grid if self._is_grid and self.has_maps else self.canvas)

    def show_units(self, values: NDArray[np.float32], *, title: str, note: str = "") -> None:
        """Show maps that are single numbers."""
        self.title.show_text(title)
        self.units.setAccessibleName(title)
        colours = "single numbers: blue < 0, orange > 0"
        if np.isnan(values).any():
            colours += ", purple none (NaN)"
        self.reading.show_text("; ".join(filter(None, (note, colours))))
        self.units.show_values(values)
        self._turn(self.units)

    def show_maps(self, pictures: tuple[Picture, ...], total: int, selected: int) -> None:
        """Show all maps in the gallery, one of them selected; without pictures there is no gallery."""
        self._maps.show_maps(pictures, total if pictures else 0)
        self.strip.show_selected(selected)
        self.grid.show_selected(selected)
        self._place_strip()

    def show_grid(self, *, is_open: bool) -> None:
        """Show all maps in the place of the picture, or the picture again."""
        self._is_grid = is_open
        if self._pages.currentWidget() in (self.canvas, self.grid):
            self._turn(self.grid if is_open and self.has_maps else self.canvas)
        self._place_strip()

    def reserve_strip(self, *, is_reserved: bool) -> None:
        """Keep room for a gallery that is not there, so that two pictures side by side stay level."""
        policy = self.strip.sizePolicy()
        policy.setRetainSizeWhenHidden(is_reserved)
        self.strip.setSizePolicy(policy)

    def show_boxes(self, boxes: tuple[Box, ...]) -> None:
        """Outline regions of the picture."""
        self.canvas.show_boxes(boxes)

    def _turn(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self.bar.setVisible(page is not self.units)
        self._place_strip()

    def _place_strip(self) -> None:
        self.strip.setVisible(self.has_strip)

    def _fit(self) -> None:
        self.canvas.show_whole()
        self.view_changed.emit(self.canvas.view)
        self.fit_asked.emit()

    def _select(self, number: int) -> None:
        for gallery in (self.strip, self.grid):
            gallery.show_selected(number)
        self.map_selected.emit(number)
