"""Frames: what a source saw, in the source's own numbers. Reading files and cameras does not live here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape
from convstudio.core.metadata import Metadata

Pixels = NDArray[Any]
FEWEST_SAMPLES, MOST_SAMPLES = 4096, 2**14  # pixels of which the usual values are taken; of fewer, all values count
USUAL_SHARE = 0.995  # of the values lie below the largest usual one, and as many above the smallest
APART = 4  # times as far from all others as those reach: no brightness, but a mark for places without a value
NARROW = 1 / 5  # of the range up to white; who uses less of it is not seen


@dataclass(frozen=True)
class Pages:
    """Which of the pictures of a file a frame is, from 0, of how many, and what one of them is called.

    Examples
    --------
    >>> print(Pages(0, 30, "slice"))
    slice 1 of 30
    """

    page: int = 0
    count: int = 1
    unit: str = "page"

    def __str__(self) -> str:
        return f"{self.unit} {self.page + 1:,} of {self.count:,}"


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture as its source delivered it; read-only.

    Parameters
    ----------
    pixels
        Array of shape (H, W, C), C = 1 (grey) or 3 (red, green, blue, in this order), in the file's own dtype
        (uint8, uint16, float32 or float64). It is not copied; it is marked read-only.
    white
        The value that means full brightness, in the units of `pixels`: 255, 65535, 1.0, or the largest number
        of a typed grid.
    alpha
        The opacity plane of shape (H, W) in the same dtype, or None. It is kept apart and never filtered; what lies
        hidden where it is 0 was replaced when the picture was read (`display.opacity`).
    name
        What to call the picture on screen and in file names.
    note
        A sentence about how it was read that the person must know, or nothing.
    pages
        Which of the pictures of its file it is.
    metadata
        What its file says beside the pixels.

    Raises
    ------
    ConvStudioError
        If the array is not (H, W, 1) or (H, W, 3), or is empty.

    Examples
    --------
    >>> Frame(np.zeros((2, 4, 3), np.uint8), white=255).shape
    Shape(channels=3, height=2, width=4)
    """

    pixels: Pixels
    white: float
    alpha: Pixels | None = field(default=None, kw_only=True)
    name: str = field(default="picture", kw_only=True)
    note: str = field(default="", kw_only=True)
    pages: Pages = field(default=Pages(), kw_only=True)
    metadata: Metadata = field(default=Metadata(), kw_only=True)

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.shape[2] not in (1, 3) or self.pixels.size == 0:
            shape = "×".join(map(str, self.pixels.shape))
            raise ConvStudioError(
                f"A picture needs height, width and 1 or 3 channels, but this one has the shape {shape}; "
                "convert it to grey or RGB first."
            )
        self.pixels.flags.writeable = False
        if self.alpha is not None:
            self.alpha.flags.writeable = False

    @cached_property
    def usual_range(self) -> tuple[float, float]:
        """The values between which nearly all pixels lie: without marks for "no value", infinities and NaN.

        Examples
        --------
        >>> rows = np.linspace(300.0, 900.0, 100 * 100).reshape(100, 100, 1)
        >>> rows[:10] = -9999.0
        >>> low, high = Frame(rows, white=900.0).usual_range
        >>> 360 < low < 370, 890 < high < 900
        (True, True)
        """
        height, width, _ = self.pixels.shape
        thin = max(1, int((height * width / MOST_SAMPLES) ** 0.5))
        values = self.pixels[::thin, ::thin].ravel()
        if values.dtype.kind == "f":
            levels, counts = np.unique(values[np.isfinite(values)], return_counts=True)
        else:
            counts = np.bincount(values)  # twenty times as fast
            levels = np.flatnonzero(counts)
            counts = counts[levels]
        if levels.size == 0:
            return 0.0, float(self.white)
        if height * width < FEWEST_SAMPLES:
            return float(levels[0]), float(levels[-1])
        levels, counts = _without_mark(*_without_mark(levels, counts, end=0), end=-1)
        low, high = _usual_ends(counts)
        return float(levels[low]), float(levels[high])

    @cached_property
    def narrow_range(self) -> tuple[float, float] | None:
        """The usual range, where it is less than a fifth of the range up to white; else None.

        Examples
        --------
        >>> twelve_bits = np.arange(64 * 64, dtype=np.uint16).reshape(64, 64, 1)
        >>> Frame(twelve_bits, white=65535).narrow_range, Frame(twelve_bits, white=4095).narrow_range
        ((20.0, 4075.0), None)
        """
        low, high = self.usual_range
        return (low, high) if low < high and high - low < NARROW * self.white else None

    @cached_property
    def has_gaps(self) -> bool:
        """Whether some values are infinite or no numbers.

        Examples
        --------
        >>> Frame(np.array([[[1.0], [np.nan]]]), white=1.0).has_gaps
        True
        """
        return self.pixels.dtype.kind == "f" and not (isfinite(self.pixels.min()) and isfinite(self.pixels.max()))

    @cached_property
    def is_hidden_anywhere(self) -> bool:
        """Whether some places are transparent, so that the colours around them stand there.

        Examples
        --------
        >>> Frame(np.zeros((1, 2, 1)), white=1.0, alpha=np.array([[1.0, 0.0]])).is_hidden_anywhere
        True
        """
        return self.alpha is not None and not self.alpha.min() > 0

    @property
    def is_signed(self) -> bool:
        """Whether some of the usual values are below 0."""
        return self.pixels.dtype.kind == "f" and self.usual_range[0] < 0

    @property
    def shape(self) -> Shape:
        """Channels, height and width."""
        height, width, channels = self.pixels.shape
        return Shape(channels, height, width)

    def planes(self) -> NDArray[np.float32]:
        """The pixels as (C, H, W) float32, values unchanged."""
        channels: Sequence[NDArray[Any]] = tuple(np.moveaxis(self.pixels, 2, 0))
        if self.pixels.dtype == np.uint8:
            from convstudio.core.opencv import cv2  # noqa: PLC0415 - who only counts needs no OpenCV

            channels = cv2.split(self.pixels)  # twice as fast, but not of every type
        planes = np.empty(self.shape, np.float32)
        for plane, channel in zip(planes, channels, strict=True):
            plane[...] = channel
        return planes


def _usual_ends(counts: NDArray[np.int64]) -> tuple[int, int]:
    """The places of the smallest and the largest usual level, by how often each level is there."""
    total = np.cumsum(counts)
    rank = int(total[-1] * (1 - USUAL_SHARE))
    return int(np.searchsorted(total, rank, side="right")), int(np.searchsorted(total, total[-1] - 1 - rank, "right"))


def _without_mark(levels: Pixels, counts: NDArray[np.int64], *, end: int) -> tuple[Pixels, NDArray[np.int64]]:
    """Levels without the first or the last one, where that stands apart from all others."""
    if levels.size < 3:
        return levels, counts
    others, rest = (levels[1:], counts[1:]) if end == 0 else (levels[:-1], counts[:-1])
    low, high = _usual_ends(rest)
    reach, gap = float(others[high]) - float(others[low]), abs(float(others[end]) - float(levels[end]))
    return (others, rest) if reach > 0 and gap > APART * reach else (levels, counts)
