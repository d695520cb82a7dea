"""What lies hidden where a picture is transparent: nobody has seen it, so a filter must not, either."""

import numpy as np
from numpy.typing import NDArray

from convstudio.core.frame import Pixels
from convstudio.core.opencv import cv2

STRIP = 256  # rows that are weighed at a time; an even number

Sums = NDArray[np.float32]  # (H, W, channels + 1): colours times their opacity, and behind them the opacity


def without_hidden_colours(pixels: Pixels, alpha: Pixels) -> Pixels:
    """A picture whose transparent pixels have the colours around them, weighed by opacity; what is seen stays.

    Editors keep any colour where nothing is seen, and a filter's windows would carry it over the edge. An average over
    what is near, weighed by opacity, is what filters of premultiplied colours give there.

    Parameters
    ----------
    pixels
        (H, W, channels), 1 or 3 of them.
    alpha
        The opacity (H, W); 0 is transparent.

    Returns
    -------
    An array of the same shape and type; `pixels` itself where nothing is hidden, or nothing is seen.

    Examples
    --------
    >>> pixels = np.array([[[255, 0, 0], [90, 90, 90]]], np.uint8)
    >>> without_hidden_colours(pixels, np.array([[0, 255]], np.uint8)).tolist()
    [[[90, 90, 90], [90, 90, 90]]]
    """
    hidden = ~(alpha > 0)
    if not hidden.any() or hidden.all():
        return pixels
    tops = range(0, pixels.shape[0], STRIP)
    halves = np.concatenate([_halved(_weighed(pixels[top : top + STRIP], alpha[top : top + STRIP])) for top in tops])
    colours = _spread(halves)
    is_whole = pixels.dtype.kind in "iu"
    filled = pixels.copy()
    for top in tops:
        part, mask = filled[top : top + STRIP], hidden[top : top + STRIP]
        coarse = colours[top // 2 : (top + STRIP) // 2]
        coarse = np.rint(coarse).astype(pixels.dtype) if is_whole else coarse
        np.copyto(
            part, coarse.repeat(2, axis=0).repeat(2, axis=1)[: len(part), : part.shape[1]], where=mask[:, :, None]
        )
    return filled


def _weighed(pixels: Pixels, alpha: Pixels) -> Sums:
    sums = np.empty((*alpha.shape, pixels.shape[2] + 1), np.float32)
    weights = sums[:, :, -1]
    np.maximum(alpha, 0, out=weights, casting="unsafe")
    np.multiply(pixels, weights[:, :, None], out=sums[:, :, :-1], dtype=np.float32, casting="unsafe")
    if pixels.dtype.kind == "f":
        sums[~np.isfinite(sums).all(axis=2)] = 0  # that is no colour to be averaged
    return sums


def _halved(sums: Sums) -> Sums:
    """The mean of each two by two pixels; there is nothing beyond the edges."""
    height, width, _ = sums.shape
    if height % 2 or width % 2:
        sums = np.pad(sums, ((0, height % 2), (0, width % 2), (0, 0)))
    size = (width + 1) // 2, (height + 1) // 2
    return np.asarray(cv2.resize(sums, size, interpolation=cv2.INTER_AREA), np.float32).reshape(*size[::-1], -1)


def _spread(sums: Sums) -> Sums:
    """Colours for all places: their own where something is seen, else those of a picture half as large."""
    weights = sums[:, :, -1:]
    is_seen = weights > 0
    colours = np.divide(sums[:, :, :-1], weights, out=np.zeros_like(sums[:, :, :-1]), where=is_seen)
    if is_seen.all() or not is_seen.any():
        return colours
    height, width, channels = colours.shape
    coarse = cv2.resize(_spread(_halved(sums)), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(is_seen, colours, np.asarray(coarse).reshape(height, width, channels))
