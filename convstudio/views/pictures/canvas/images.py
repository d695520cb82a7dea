"""Pictures as Qt paints them, and the ground on which they lie."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPalette

from convstudio.core.display.pictures import Picture
from convstudio.core.view.patches import Patch
from convstudio.views import theme


def image_of(shown: Picture | Patch) -> QImage:
    """The pixels as an image that shares the memory of `screen`, and must not be painted after that is gone."""
    height, width, _ = shown.screen.shape
    return QImage(shown.screen.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def mask_image(mask: NDArray[np.bool_], colour: QColor) -> QImage:
    """One colour where a mask is true, and nothing elsewhere."""
    height, width = mask.shape
    pixels = np.where(mask, np.uint32(colour.rgba()), np.uint32(0))
    return QImage(pixels.tobytes(), width, height, 4 * width, QImage.Format.Format_ARGB32).copy()


def stage(palette: QPalette) -> QColor:
    """The ground on which a picture lies: a grey that is neither black nor white nor the window around it."""
    return theme.tokens(palette).stage
