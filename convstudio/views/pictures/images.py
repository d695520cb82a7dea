"""Pictures as Qt paints them, and the ground on which they lie."""

from PySide6.QtGui import QColor, QImage, QPalette

from convstudio.core.colours import Colours
from convstudio.core.display import Picture


def image_of(picture: Picture) -> QImage:
    """The pixels as an image that shares the memory of `Picture.screen`, and must not be painted after the picture."""
    height, width, _ = picture.screen.shape
    return QImage(picture.screen.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def image_of_colours(pixels: Colours) -> QImage:
    """Pixels, (H, W, 3), as an image that shares their memory."""
    height, width, _ = pixels.shape
    return QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)


def stage(palette: QPalette) -> QColor:
    """The ground on which a picture lies: told from black, white and the window around it."""
    return palette.color(QPalette.ColorRole.Window).darker(116)
