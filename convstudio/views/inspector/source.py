"""The column for the source: what it is, its numbers where they are few, and samples to start with."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from convstudio.core.display.colours import limit_of
from convstudio.core.display.pictures import Picture
from convstudio.core.frame import Frame
from convstudio.core.wording import number
from convstudio.views import theme
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.kernel.box_page import BoxPage
from convstudio.views.kernel.filters import SizeFields
from convstudio.views.kernel.grid import KernelGrid
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.painting import painting

MOST_CELLS = 32  # rows and columns of a grid that can be typed


@dataclass(frozen=True)
class Offer:
    """A sample that can be opened."""

    key: str
    title: str
    sentence: str


class Thumbnail(QWidget):
    """A small picture, whole."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("source-thumbnail")
        self._image = QImage()

    def show_picture(self, picture: Picture) -> None:
        """Show a picture."""
        height, width, _ = picture.screen.shape
        self._image = QImage(
            np.ascontiguousarray(picture.screen).data, width, height, 4 * width, QImage.Format.Format_RGB32
        ).copy()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """As large as the box allows."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.fillRect(self.rect(), colours.stage)
            if not self._image.isNull():
                size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
                area = QRect(self.rect().center() - QRect(0, 0, size.width(), size.height()).center(), size)
                painter.setRenderHint(painter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(area, self._image)


class SourcePanel(BoxPage):
    """What the recipe is applied to; a small grey picture is edited number by number."""

    grid_edited = Signal(object)  # rows of numbers
    message = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("source-panel", parent)
        self.facts = ElidedLabel(self)
        self.facts.setObjectName("source-facts")
        self.size_fields = SizeFields("grid-size", "Size", MOST_CELLS, self)
        self.grid = KernelGrid(self)
        self.grid.setObjectName("source-grid")
        self.grid.step = 1.0
        self.thumbnail = Thumbnail(self)
        box = QStackedWidget(self)
        box.addWidget(self.thumbnail)
        box.addWidget(self.grid)
        self._stack = box
        self.fill(first={self.facts: 1}, second={self.size_fields: 1}, box=box)
        self.grid.plane_edited.connect(lambda plane, _: self.grid_edited.emit(plane.tolist()))
        self.grid.message.connect(self.message)
        self.size_fields.size_edited.connect(self._resize)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        super().show_measures(measures)
        self.grid.setFixedSize(measures.kernel_box, measures.kernel_box)

    def show_frame(self, frame: Frame) -> None:
        """Show size, type and white of a picture; small grey ones can be edited number by number."""
        bits = {"u1": "8-bit", "u2": "16-bit"}.get(frame.pixels.dtype.str[1:], "floating-point")
        height, width, channels = frame.pixels.shape
        colours = "colour" if channels == 3 else "grey"
        self.facts.show_text(f"{width} × {height} pixels, {colours}")
        is_grid = channels == 1 and max(height, width) <= MOST_CELLS
        self._stack.setCurrentWidget(self.grid if is_grid else self.thumbnail)
        self.size_fields.setVisible(is_grid)
        self.thumbnail.setAccessibleName(f"{frame.name}, {self.facts.text}")
        if is_grid:
            values = frame.pixels[:, :, 0].astype(np.float64)
            self.size_fields.show_size(height, width)
            self.grid.show_plane(values, limit_of(values), None)
        advice = "Type over a number, drag it up and down, or turn the wheel." if is_grid else f"{bits} numbers; "
        self.sentence.setText(advice if is_grid else f"{advice}{number(frame.white)} is white.")

    def _resize(self, height: int, width: int) -> None:
        values = np.zeros((height, width))
        plane: NDArray[np.float64] = self.grid.plane
        rows, columns = min(height, plane.shape[0]), min(width, plane.shape[1])
        values[:rows, :columns] = plane[:rows, :columns]
        self.grid_edited.emit(values.tolist())


class SampleList(QWidget):
    """Samples to open, in the place where a layer has its fields."""

    sample_chosen = Signal(str)

    def __init__(self, offers: Sequence[Offer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samples")
        line = QFrame(self)
        line.setProperty("kind", "line")
        line.setFixedHeight(1)
        caption = QLabel("Samples", self)
        caption.setProperty("kind", "caption")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        for place, offer in enumerate(offers):
            button = QPushButton(offer.title, self)
            button.setObjectName(f"sample-{offer.key}")
            button.setToolTip(offer.sentence)
            button.setMinimumWidth(40)
            button.clicked.connect(lambda _=False, key=offer.key: self.sample_chosen.emit(key))
            self._grid.addWidget(button, place // 2, place % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(line)
        column.addWidget(caption)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._column = column
        self.show_measures(MEDIUM)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        space = theme.SPACE if measures.has_second_line else 4
        self._grid.setVerticalSpacing(space)
        self._column.setSpacing(space)
