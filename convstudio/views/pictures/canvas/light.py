"""The photograph that an output lights up: bright where the output is, and faint elsewhere."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from convstudio.core.frame import Frame
from convstudio.views.pictures.canvas.placement import Link, ViewTransform

FAINT = 56  # of 255: what is dark is seen as well
MOST_SIDE = 1024  # pixels of the photograph; a larger one is thinned


@dataclass(frozen=True, eq=False)
class Light:
    """A photograph and where it lies, in pixels of the output."""

    image: QImage
    place: QRectF


def light_of(frame: Frame, link: Link) -> Light:
    """The photograph under an output that lies on it as the link says."""
    height, width, _ = frame.pixels.shape
    thin = max(1, -(-max(height, width) // MOST_SIDE))
    pixels = frame.pixels[::thin, ::thin]
    if pixels.dtype != np.uint8:
        with np.errstate(all="ignore"):
            levels = np.nan_to_num(pixels.astype(np.float32) * np.float32(255 / frame.white))
        pixels = np.clip(levels, 0, 255).astype(np.uint8)
    pixels = np.ascontiguousarray(pixels)
    rows, columns, channels = pixels.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    image = QImage(pixels.data, columns, rows, channels * columns, kind).copy()
    place = QRectF(-link.shift_x / link.gain_x, -link.shift_y / link.gain_y, width / link.gain_x, height / link.gain_y)
    return Light(image, place)


def paint_light(painter: QPainter, light: Light, transform: ViewTransform, area: QRectF) -> None:
    """Lay the photograph over an output that is painted already, so that its brightness is the output's."""
    painter.save()
    painter.setClipRect(area)
    painter.fillRect(area, QColor(255, 255, 255, FAINT))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.drawImage(transform.rectangle_of(light.place), light.image)
    painter.restore()
