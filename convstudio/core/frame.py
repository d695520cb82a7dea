"""Frames: what a source saw, in the source's own numbers. Reading files and cameras does not live here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape

Pixels = NDArray[Any]


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
        The opacity plane of shape (H, W) in the same dtype, or None. It is kept apart and never filtered.
    name
        What to call the picture on screen and in file names.
    note
        A sentence about how it was read that the person must know, or nothing.

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
    def is_signed(self) -> bool:
        """Whether some values are below 0."""
        return self.pixels.dtype.kind == "f" and bool(self.pixels.min() < 0)

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
