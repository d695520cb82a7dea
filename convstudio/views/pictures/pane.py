"""A pane: one picture, the row of its maps and its histogram. Where they lie is `arrangement`'s."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QWidget

from convstudio.core.display.pictures import Picture
from convstudio.views.pictures.arrangement import GAP, Arrangement
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.pictures.canvas.marks import Box
from convstudio.views.pictures.canvas.patches import Parts
from convstudio.views.pictures.gallery import Gallery, LitPlace, MapModel, MapTile
from convstudio.views.pictures.histogram import HistogramView
from convstudio.views.pictures.unit_list import UnitList


class PicturePane(QWidget):
    """One picture and everything needed to read it."""

    pixel_hovered = Signal(object)  # (row, column) or None
    pixel_pinned = Signal(object)  # (row, column)
    unit_hovered = Signal(object)  # number of a 1×1 map, or None
    unit_pinned = Signal(int)
    view_changed = Signal(object)  # View
    fit_asked = Signal()
    map_selected = Signal(int)
    channel_selected = Signal(object)  # 0, 1 or 2, or None for all
    tile_opened = Signal()  # clicked in the grid

    def __init__(self, side: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{side}-pane")
        self.canvas = Canvas(self)
        self.canvas.setObjectName(f"picture-{side}")
        self.units = UnitList(self)
        self._maps = MapModel(self)
        self.grid = Gallery(self._maps, self, is_row=False)
        self.grid.setAccessibleName(f"All maps of the {side}")
        self._empty = QLabel("Drop a picture here, or start with a sample.", self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._pages = QStackedWidget(self)
        for page in (self._empty, self.canvas, self.units, self.grid):
            self._pages.addWidget(page)
        self.strip = Gallery(self._maps, self, is_row=True)
        self.strip.setObjectName(f"{side}-maps")
        self.strip.setAccessibleName(f"Maps of the {side}")
        self.histogram = HistogramView(side, self)
        self._is_grid = False
        self._places: Arrangement | None = None
        self._tiles = 0  # small pictures that there are, made or not
        self._connect()

    def _connect(self) -> None:
        self.canvas.pixel_hovered.connect(self.pixel_hovered)
        self.canvas.pixel_pinned.connect(self.pixel_pinned)
        self.canvas.view_changed.connect(self.view_changed)
        self.canvas.fit_asked.connect(self._fit)
        self.units.unit_hovered.connect(self.unit_hovered)
        self.units.unit_pinned.connect(self.unit_pinned)
        for gallery in (self.strip, self.grid):
            gallery.map_selected.connect(self.map_selected)
            gallery.channel_selected.connect(self.channel_selected)
        self.grid.tile_opened.connect(self.tile_opened)

    @property
    def picture(self) -> QWidget:
        """The large picture, or what stands in its place; without maps and histogram."""
        return self._pages

    @property
    def has_canvas(self) -> bool:
        """Whether a picture, not a list of units or a grid of maps, is shown."""
        return self._pages.currentWidget() is self.canvas

    @property
    def has_units(self) -> bool:
        """Whether the maps are single numbers, shown as a list."""
        return self._pages.currentWidget() is self.units

    @property
    def tiles(self) -> int:
        """How many small pictures there are to choose from."""
        return self._maps.rowCount()

    @property
    def has_more(self) -> bool:
        """Whether there are more small pictures than the row shows."""
        places = self._places
        if places is None or places.maps is None:
            return self._tiles > 0
        return self._tiles * (places.tile.width() + GAP) - GAP > places.maps.width()

    def arrange(self, places: Arrangement, tiles: int) -> None:
        """Lay out the picture, so many maps and the histogram; all of these are below the parent's header."""
        self._places, self._tiles = places, tiles
        offset = self.pos() if self.parentWidget() is not None else QPoint()
        self._pages.setGeometry(places.picture.translated(-offset))
        if places.maps is not None:
            self.strip.show_size(places.tile)
            self.strip.setGeometry(places.maps.translated(-offset).adjusted(0, 0, GAP, GAP))
        if places.histogram is not None:
            self.histogram.setGeometry(places.histogram.translated(-offset))
        self._show_parts()

    def show_picture(
        self,
        picture: Picture,
        planes: NDArray[np.float32] | None,
        *,
        title: str,
        parts: Parts | None = None,
        clipped: NDArray[np.bool_] | None = None,
    ) -> None:
        """Show one map; `planes` (1 or 3, H, W) are its values, or it comes in parts. Clipped pixels are marked."""
        self.canvas.setAccessibleName(title)
        self.canvas.show_picture(picture, planes, parts)
        self.canvas.show_clipped(clipped)
        self._turn(self.grid if self._is_grid and self.tiles else self.canvas)

    def show_units(self, values: NDArray[np.float32], *, title: str) -> None:
        """Show maps that are single numbers."""
        self.units.setAccessibleName(title)
        self.units.show_values(values)
        self._turn(self.units)

    def show_tiles(self, tiles: tuple[MapTile, ...], map_number: int, channel: int | None) -> None:
        """Show small pictures, and which one is large."""
        self._maps.show_tiles(tiles)
        for gallery in (self.strip, self.grid):
            gallery.show_large(map_number, channel)
        self._show_parts()

    def show_grid(self, *, is_open: bool) -> None:
        """Show all maps in the place of the picture, or the picture again."""
        self._is_grid = is_open
        if self._pages.currentWidget() in (self.canvas, self.grid):
            self._turn(self.grid if is_open and self.tiles else self.canvas)

    def show_places(self, places: tuple[LitPlace, ...]) -> None:
        """Light up what is probed on the small pictures, too."""
        for gallery in (self.strip, self.grid):
            gallery.show_places(places)

    def show_boxes(self, boxes: tuple[Box, ...]) -> None:
        """Outline regions of the picture."""
        self.canvas.show_boxes(boxes)

    def _turn(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._show_parts()

    def _show_parts(self) -> None:
        places = self._places
        has_room = places is not None and places.maps is not None
        self.strip.setVisible(has_room and self.tiles > 0 and not self.has_units)
        self.histogram.setVisible(places is not None and places.histogram is not None and not self.has_units)

    def _fit(self) -> None:
        self.canvas.show_whole()
        self.view_changed.emit(self.canvas.view)
        self.fit_asked.emit()
