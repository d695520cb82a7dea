"""Parts: a map that is too large to be computed whole, painted as a preview with exact patches over it."""

from dataclasses import dataclass
from math import ceil, floor

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPalette

from convstudio.core.display.pictures import Picture
from convstudio.core.geometry.regions import Region, uncovered
from convstudio.core.view.patches import Patch
from convstudio.core.view.scene import alignment_of, reduction_at
from convstudio.core.view.shown import Shown
from convstudio.views.pictures.canvas.images import image_of
from convstudio.views.pictures.canvas.placement import ViewTransform

PREVIEW = "preview"
MARGIN = 8
SLIVER = 1e-3  # of a pixel at the edge of the viewport: too little to be visible


@dataclass(frozen=True)
class Parts:
    """Where the preview and the patches lie, in pixels of the map.

    Parameters
    ----------
    rows, columns
        Of the map.
    place
        Where the preview lies.
    patches
        What is exact, later ones over earlier ones.
    """

    rows: int
    columns: int
    place: QRectF
    patches: tuple[Patch, ...]

    def is_exact(self, transform: ViewTransform, ratio: float) -> bool:
        """Whether patches as fine as the screen cover the viewport; `ratio` is Qt's device pixel ratio."""
        view = transform.view
        finest = reduction_at(max(view.wide, view.high) * ratio)
        fine = [patch.region for patch in self.patches if patch.cells.reduction <= finest]
        half_width, half_height = transform.width / view.wide / 2 - SLIVER, transform.height / view.high / 2 - SLIVER
        viewport = Region(
            floor(view.y - half_height),
            ceil(view.y + half_height),
            floor(view.x - half_width),
            ceil(view.x + half_width),
        )
        return not uncovered(viewport.intersection(Region(0, self.rows, 0, self.columns)), fine)


def parts_of(shown: Shown, *, is_input: bool) -> Parts | None:
    """The parts of the input or the output; None where its picture is computed whole."""
    index = shown.input_index if is_input else shown.output_index
    plan, preview = shown.result.plan, shown.result.preview
    if preview is None:
        return None
    _, rows, columns = plan.shape_at(index)
    _, small_rows, small_columns = preview.plan.shape_at(index)
    across = plan.source.width / preview.plan.source.width
    down = plan.source.height / preview.plan.source.height
    here, there = alignment_of(plan, index), alignment_of(preview.plan, index)
    left = (across * there.shift_x - here.shift_x) / here.gain_x
    top = (down * there.shift_y - here.shift_y) / here.gain_y
    width = across * there.gain_x * small_columns / here.gain_x
    height = down * there.gain_y * small_rows / here.gain_y
    patches = shown.input_patches if is_input else shown.output_patches
    return Parts(rows, columns, QRectF(left, top, width, height), patches)


def paint_picture(painter: QPainter, transform: ViewTransform, picture: Picture, parts: Parts | None) -> None:
    """Paint all of a map, or its preview with exact patches over it."""
    painter.save()
    if parts is None:
        rows, columns, _ = picture.pixels.shape
        _paint_pixels(
            painter, transform.rectangle(Region(0, rows, 0, columns)), picture, is_smooth=transform.view.wide < 1
        )
    else:
        # A preview's pixels are none of the map's.
        _paint_pixels(painter, transform.rectangle_of(parts.place), picture, is_smooth=True)
        painter.setClipRect(
            transform.rectangle(Region(0, parts.rows, 0, parts.columns)), Qt.ClipOperation.IntersectClip
        )
        for patch in parts.patches:
            is_smooth = transform.view.wide * patch.cells.reduction < 1
            _paint_pixels(painter, transform.rectangle(patch.region), patch, is_smooth=is_smooth)
    painter.restore()


def _paint_pixels(painter: QPainter, place: QRectF, pixels: Picture | Patch, *, is_smooth: bool) -> None:
    """Paint smoothly what is reduced, and sharp squares where the map's own pixels are large."""
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_smooth)
    painter.drawImage(place, image_of(pixels))


def paint_mark(painter: QPainter, transform: ViewTransform, palette: QPalette) -> None:
    """Say that something on the screen is a preview."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(PREVIEW) + 12, metrics.height() + 4
    plate = QRectF(MARGIN, transform.height - height - MARGIN, width, height)
    painter.fillRect(plate, palette.color(QPalette.ColorRole.Window))
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, PREVIEW)
