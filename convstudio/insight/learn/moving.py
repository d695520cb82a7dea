"""Still the same digit? What the networks answer when the digits that they never saw are moved."""

import numpy as np

from convstudio.insight.learn.layers import Values
from convstudio.insight.learn.networks import DigitNetwork
from convstudio.insight.learn.training import ASKED, Split, share_right

SHIFTS = tuple(range(-3, 4))  # pixels: further than that, a digit leaves the canvas


def moved(pictures: Values, right: int, down: int) -> Values:
    """Pictures (count, rows, columns) moved by whole pixels; black comes in, what leaves is lost.

    Examples
    --------
    >>> moved(np.array([[[1, 2], [3, 4]]], np.float32), right=1, down=0).tolist()
    [[[0.0, 1.0], [0.0, 3.0]]]
    """
    _, rows, columns = pictures.shape
    canvas = np.zeros_like(pictures)
    if abs(down) < rows and abs(right) < columns:
        target = slice(max(down, 0), rows + min(down, 0)), slice(max(right, 0), columns + min(right, 0))
        source = slice(max(-down, 0), rows + min(-down, 0)), slice(max(-right, 0), columns + min(-right, 0))
        canvas[:, *target] = pictures[:, *source]
    return canvas


def shares_when_moved(network: DigitNetwork, split: Split) -> tuple[float, ...]:
    """The share of 500 new digits that are read rightly after each of `SHIFTS`, the mean of both axes."""
    pictures, labels = split.new_pictures[:ASKED], split.new_labels[:ASKED]

    def share(right: int, down: int) -> float:
        return share_right(network, moved(pictures, right, down), labels)

    return tuple((share(shift, 0) + share(0, shift)) / 2 if shift else share(0, 0) for shift in SHIFTS)
