"""Reduction: fewer pixels, each the mean of a block; of a frame for a preview, of colours for a screen."""

from math import isqrt

import numpy as np

from convstudio.core.display.colours import Colours
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.opencv import cv2

MOST_OF_PREVIEW = 2**18  # pixels of a reduced frame: its preview is on the screen before the next edit of a drag


def block_for(shape: Shape, most: int = MOST_OF_PREVIEW) -> Pair:
    """A block of pixels so large that there are at most `most` of them in a frame; never larger than the frame.

    Examples
    --------
    >>> block_for(Shape(3, 10_000, 10_000)), block_for(Shape(1, 2, 5_000_000))
    (Pair(vertical=20, horizontal=20), Pair(vertical=2, horizontal=20))
    """
    side = max(1, isqrt(shape.height * shape.width // most))
    while True:
        block = Pair(min(side, shape.height), min(side, shape.width))
        if (shape.height // block.vertical) * (shape.width // block.horizontal) <= most:
            return block
        side += 1


def reduced(frame: Frame, block: Pair) -> Frame:
    """A frame of the means of blocks, in the same units and dtype; rows and columns that fill no block are left out.

    Examples
    --------
    >>> frame = Frame(np.array([[[0], [4], [9]], [[2], [2], [9]]], np.uint8), white=255)
    >>> reduced(frame, Pair(2, 2)).pixels.tolist()
    [[[2]]]
    """
    height, width = frame.shape.height // block.vertical, frame.shape.width // block.horizontal
    pixels = frame.pixels[: height * block.vertical, : width * block.horizontal]
    small = cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)
    return Frame(np.asarray(small).reshape(height, width, -1), frame.white, name=frame.name)


def shrunk(colours: Colours, reduction: int) -> Colours:
    """The mean colour of each block of `reduction` × `reduction`; blocks at the far ends may be smaller.

    Examples
    --------
    >>> shrunk(np.array([[[0, 0, 0], [4, 4, 4], [9, 9, 9]]], np.uint8), 2).tolist()
    [[[2, 2, 2], [9, 9, 9]]]
    """
    height, width, _ = colours.shape
    rows, columns = ceil_division(height, reduction), ceil_division(width, reduction)
    down, across = rows * reduction - height, columns * reduction - width
    if down or across:  # the last rows and columns stand for what their blocks lack
        colours = np.pad(colours, ((0, down), (0, across), (0, 0)), mode="edge")
    return np.asarray(cv2.resize(colours, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
