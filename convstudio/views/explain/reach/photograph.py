"""The field on the photograph: where it lies in all of the picture, and enlarged with what counts most in it."""

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from convstudio.core.display.pictures import Picture
from convstudio.core.geometry.regions import Region
from convstudio.insight.reach.effective import EffectiveField
from convstudio.views import theme
from convstudio.views.explain.stage import CAPTION, SEMIBOLD, paint_focus, sized
from convstudio.views.painting import painting
from convstudio.views.pictures.canvas.images import image_of

Fields = tuple[Region, ...]
LEAST_FRAME = 9.0  # pixels of the screen: a smaller field would not be seen on all of the picture
GRID = 14.0  # pixels that a pixel of the picture is large when a grid helps
TAG = 16.0  # pixels between two frames that have room for a number
MARGIN, LEAST_MARGIN = 0.4, 3  # around the field in its enlargement: of the field, and in pixels
FAINTEST, STRONGEST = 50, 215  # opacity of the least and of the largest effect, of 255
QUIET = 120  # how much of the picture below effects is covered, of 255


class Photograph(QWidget):
    """All of the picture with the frames of the field; press or drag to look at another place."""

    place_chosen = Signal(int, int)  # row and column of the picture

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reach-photograph")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Press or drag to look at another output; the arrow keys go to its neighbours.")
        self._picture: Picture | None = None
        self._size = (1, 1)  # rows and columns of the picture that the fields are counted in
        self._fields: Fields = ()

    def show_picture(self, picture: Picture, size: tuple[int, int]) -> None:
        """Show the picture, perhaps reduced, of so many rows and columns."""
        self._picture, self._size = picture, size
        self.update()

    def show_fields(self, fields: Fields) -> None:
        """Show what the layers see, the first layer first."""
        self._fields = fields
        name = "The photograph"
        if fields:
            top, bottom, left, right = fields[-1]
            name = f"{name}: {_lines('row', top, bottom)} and {_lines('column', left, right)} are seen"
        self.setAccessibleName(name)
        self.update()

    def area(self) -> QRectF:
        """Where the picture is painted."""
        rows, columns = self._size
        scale = min((self.width() - 2) / columns, (self.height() - 2) / rows)
        return QRectF(1, 1, max(columns * scale, 1), max(rows * scale, 1))

    def rect_of(self, region: Region) -> QRectF:
        """Where a part of the picture is painted."""
        return placed(region, Region(0, self._size[0], 0, self._size[1]), self.area())

    def sizeHint(self) -> QSize:
        """As much as there is."""
        return QSize(480, 480)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look at the place under the mouse."""
        self._choose(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on while the button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._choose(event.position())

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture, and a frame for each layer."""
        with painting(self) as painter:
            if self._picture is None:
                return
            area, colours = self.area(), theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, area.width() < 4 * self._size[1])
            painter.drawImage(area, image_of(self._picture))
            rects = [visible_frame(self.rect_of(field)) for field in self._fields]
            paint_frames(painter, rects, colours, has_tags=False)
            if self.hasFocus():
                paint_focus(painter, area, colours)

    def _choose(self, place: QPointF) -> None:
        area, (rows, columns) = self.area(), self._size
        row = int((place.y() - area.top()) / area.height() * rows)
        column = int((place.x() - area.left()) / area.width() * columns)
        self.place_chosen.emit(min(max(row, 0), rows - 1), min(max(column, 0), columns - 1))


class Enlargement(QWidget):
    """The field and what is around it, enlarged: a numbered frame for each layer, warm where the output is moved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reach-enlargement")
        self.setAccessibleName("The field enlarged: warm where a pixel moves the output most")
        self._picture: Picture | None = None
        self._part = Region(0, 1, 0, 1)
        self._fields: Fields = ()
        self._field: EffectiveField | None = None
        self._effects: tuple[QImage, Region] | None = None

    @property
    def part(self) -> Region:
        """Which part of the photograph is enlarged."""
        return self._part

    @property
    def has_effects(self) -> bool:
        """Whether what was measured lies over the picture."""
        return self._effects is not None

    def show_part(self, picture: Picture, part: Region, fields: Fields) -> None:
        """Show another part with its frames."""
        self._picture, self._part, self._fields = picture, part, fields
        self.update()

    def show_effects(self, field: EffectiveField | None) -> None:
        """Lay what was measured over the picture, or take it away."""
        self._field, self._effects = field, None
        if field is not None:
            rows, columns = field.effects.shape
            covered = Region(
                field.area.top,
                field.area.top + rows * field.square,
                field.area.left,
                field.area.left + columns * field.square,
            )
            self._effects = (_heat(field.effects, theme.tokens(self).convolution), covered)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self.show_effects(self._field)

    def area(self) -> QRectF:
        """Where the part is painted."""
        scale = min((self.width() - 2) / self._part.width, (self.height() - 2) / self._part.height)
        return QRectF(1, 1, max(self._part.width * scale, 1), max(self._part.height * scale, 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pixels, the effects over them, a grid where pixels are large, and the frames."""
        with painting(self) as painter:
            if self._picture is None or self._part.is_empty:
                return
            area, colours = self.area(), theme.tokens(self)
            painter.setClipRect(area)
            painter.drawImage(area, image_of(self._picture))
            if self._effects is not None:
                quiet = QColor(colours.stage)
                quiet.setAlpha(QUIET)
                painter.fillRect(area, quiet)
                heat, covered = self._effects
                painter.drawImage(placed(covered, self._part, area), heat)
            scale = area.width() / self._part.width
            if scale >= GRID:
                painter.setPen(QPen(QColor(128, 128, 128, 70), 1))
                for line in range(1, self._part.width):
                    painter.drawLine(
                        QPointF(area.left() + line * scale, area.top()),
                        QPointF(area.left() + line * scale, area.bottom()),
                    )
                for line in range(1, self._part.height):
                    painter.drawLine(
                        QPointF(area.left(), area.top() + line * scale),
                        QPointF(area.right(), area.top() + line * scale),
                    )
            rects = [placed(field, self._part, area) for field in self._fields]
            paint_frames(painter, rects, colours, has_tags=True)
            painter.setClipping(False)
            painter.setPen(QPen(colours.line, 1))
            painter.drawRect(area)


def part_around(field: Region, rows: int, columns: int) -> Region:
    """A square part of the picture around a field, with room at its sides; at an edge it is moved inside."""
    side = max(field.height, field.width, 1)
    side += 2 * max(LEAST_MARGIN, round(MARGIN * side))
    high, wide = min(side, rows), min(side, columns)
    top = min(max((field.top + field.bottom - high) // 2, 0), rows - high)
    left = min(max((field.left + field.right - wide) // 2, 0), columns - wide)
    return Region(top, top + high, left, left + wide)


def placed(region: Region, whole: Region, area: QRectF) -> QRectF:
    """Where a region is painted when a larger one fills an area."""
    across, down = area.width() / max(whole.width, 1), area.height() / max(whole.height, 1)
    return QRectF(
        area.left() + (region.left - whole.left) * across,
        area.top() + (region.top - whole.top) * down,
        region.width * across,
        region.height * down,
    )


def visible_frame(rect: QRectF) -> QRectF:
    """A frame that is large enough to be seen, around the same middle."""
    more = (max(LEAST_FRAME - rect.width(), 0) / 2, max(LEAST_FRAME - rect.height(), 0) / 2)
    return rect.adjusted(-more[0], -more[1], more[0], more[1])


def paint_frames(painter: QPainter, rects: list[QRectF], colours: theme.Tokens, *, has_tags: bool) -> None:
    """Nested frames, the last the thickest; with the numbers of their layers where there is room."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(sized(CAPTION, SEMIBOLD))
    tagged = QRectF()
    for number, rect in reversed(list(enumerate(rects, start=1))):
        is_last = number == len(rects)
        painter.setPen(QPen(theme.WHITE_INK, 4.5 if is_last else 3))
        painter.drawRect(rect)
        painter.setPen(QPen(colours.accent, 2.5 if is_last else 1.5))
        painter.drawRect(rect)
        is_free = tagged.isNull() or rect.top() - tagged.top() >= TAG
        if has_tags and len(rects) > 1 and is_free and rect.width() >= TAG:
            tagged = rect
            tag = QRectF(rect.left(), rect.top(), TAG, TAG)
            painter.fillRect(tag, colours.accent)
            painter.setPen(colours.on_accent)
            painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, str(number))


def _lines(name: str, first: int, end: int) -> str:
    """Rows or columns, counted from 1."""
    return f"{name} {end:,}" if end - first == 1 else f"{name}s {first + 1:,} to {end:,}"


def _heat(effects: np.ndarray, colour: QColor) -> QImage:
    """Effects as an image: clear where there is none, the more opaque the larger."""
    most = float(effects.max(initial=0.0)) or 1.0
    height, width = effects.shape
    pixels = np.empty((height, width, 4), np.uint8)
    pixels[..., :3] = (colour.red(), colour.green(), colour.blue())
    pixels[..., 3] = np.where(effects > 0, FAINTEST + (STRONGEST - FAINTEST) * np.clip(effects / most, 0, 1), 0)
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
