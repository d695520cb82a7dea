"""Pictures between Qt's clipboard and ours: QImage to Frame, Picture to QImage."""

import numpy as np
from PySide6.QtGui import QImage

from convstudio.core.display.opacity import without_hidden_colours
from convstudio.core.display.pictures import Picture
from convstudio.core.frame import Frame
from convstudio.views.pictures.canvas.images import image_of


def frame_from_image(image: QImage) -> Frame | None:
    """An 8-bit RGB frame with the image's pixels, alpha apart; None for no image."""
    if image.isNull():
        return None
    rgba = image.convertToFormat(QImage.Format.Format_RGBA8888)
    height, width = rgba.height(), rgba.width()
    rows = np.frombuffer(rgba.constBits(), np.uint8).reshape(height, rgba.bytesPerLine())
    pixels = rows[:, : width * 4].reshape(height, width, 4)
    alpha = pixels[:, :, 3].copy() if image.hasAlphaChannel() else None
    colours = pixels[:, :, :3].copy()
    if alpha is not None:
        colours = without_hidden_colours(colours, alpha)
    return Frame(colours, white=255, alpha=alpha, name="clipboard")


def image_from_picture(picture: Picture) -> QImage:
    """The picture as it is shown, in its own size."""
    return image_of(picture).copy()
