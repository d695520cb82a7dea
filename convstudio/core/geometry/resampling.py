"""Resampling: which inputs a resized plane reads along one axis, and with which weights. PyTorch's rules.

A resized plane is resized along its rows and its columns alike and apart, so that everything here is about one axis.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.sizes import AXES

Indices = NDArray[np.intp]
Numbers = NDArray[np.float64]


class ResizeMode(StrEnum):
    """PyTorch's words: the pixel that is there, a mean of the two nearest on each axis, the mean of all that go in."""

    NEAREST = "nearest"
    BILINEAR = "bilinear"
    AREA = "area"


class AxisTaps(NamedTuple):
    """What some outputs read: the inputs at `places`, with `weights`, both (count, taps); 0 where nothing is read."""

    places: Indices
    weights: Numbers


@dataclass(frozen=True)
class ResizedAxis:
    """An axis of `source` places resized to `output` places.

    Parameters
    ----------
    scale
        Inputs for each output: source / output, or 1 / the factor that was asked for, as PyTorch has it. Where the
        length stays it is 1, whatever was asked for, but for nearest pixels.
    align_corners
        Whether the first and the last outputs lie on the first and the last inputs (bilinear alone).
    """

    source: int
    output: int
    mode: ResizeMode
    scale: Fraction
    align_corners: bool = False

    @property
    def step(self) -> Fraction:
        """Inputs from one output to the next."""
        if self.mode is ResizeMode.BILINEAR and self.align_corners:
            return Fraction(self.source - 1, self.output - 1) if self.output > 1 else Fraction(0)
        return Fraction(self.source, self.output) if self.mode is ResizeMode.AREA else self.scale

    @property
    def span(self) -> Fraction:
        """Inputs that one output reads, on average."""
        match self.mode:
            case ResizeMode.NEAREST:
                return Fraction(1)
            case ResizeMode.BILINEAR:
                return Fraction(min(2, self.source))
            case ResizeMode.AREA:
                return max(self.step, Fraction(1))

    @property
    def start(self) -> Fraction:
        """Where the inputs of output 0 begin; they may lie before the plane."""
        if self.mode is not ResizeMode.BILINEAR or self.source == 1:
            return Fraction(0)
        centre = Fraction(0) if self.align_corners else (self.step - 1) / 2
        return centre - Fraction(1, 2)

    def taps(self, outputs: Indices) -> AxisTaps:
        """What outputs read, all inside of the plane.

        Examples
        --------
        >>> taps = ResizedAxis(4, 2, ResizeMode.BILINEAR, Fraction(2)).taps(np.arange(2))
        >>> taps.places.tolist(), taps.weights.tolist()
        ([[0, 1], [2, 3]], [[0.5, 0.5], [0.5, 0.5]])
        """
        match self.mode:
            case ResizeMode.NEAREST:
                places = np.floor(outputs.astype(np.float32) * np.float32(self.scale))  # in float32, as PyTorch does
                nearest = np.minimum(places, self.source - 1).astype(np.intp)
                return AxisTaps(nearest[:, None], np.ones((len(outputs), 1)))
            case ResizeMode.BILINEAR:
                return self._between(outputs)
            case ResizeMode.AREA:
                first = outputs * self.source // self.output
                stop = -(-((outputs + 1) * self.source) // self.output)
                most = int((stop - first).max(initial=1))
                inputs = np.minimum(first, self.source - most)[:, None] + np.arange(most)
                is_read = (inputs >= first[:, None]) & (inputs < stop[:, None])
                return AxisTaps(inputs.astype(np.intp), is_read / (stop - first)[:, None])

    def _between(self, outputs: Indices) -> AxisTaps:
        """The two inputs around the place that each output lies on."""
        if self.source == 1:
            return AxisTaps(np.zeros((len(outputs), 1), np.intp), np.ones((len(outputs), 1)))
        step = float(self.step)
        places = outputs * step if self.align_corners else np.maximum((outputs + 0.5) * step - 0.5, 0)
        places = np.minimum(places, self.source - 1)
        first = np.minimum(np.floor(places).astype(np.intp), self.source - 2)
        share = places - first
        return AxisTaps(first[:, None] + np.arange(2), np.stack([1 - share, share], axis=1))

    def inputs_of(self, outputs: range) -> range:
        """The inputs that a run of outputs reads; empty where there is none.

        Examples
        --------
        >>> ResizedAxis(4, 8, ResizeMode.NEAREST, Fraction(1, 2)).inputs_of(range(2, 5))
        range(1, 3)
        """
        if not outputs:
            return range(0)
        low, high = (min(max(place, 0), self.output - 1) for place in (outputs.start, outputs.stop - 1))
        return range(self._read_by(low).start, self._read_by(high).stop)

    def outputs_of(self, inputs: range) -> range:
        """The outputs that a run of inputs has an effect on."""
        every = range(self.output)
        first = bisect_right(every, inputs.start, key=lambda place: self._read_by(place).stop)
        last = bisect_left(every, inputs.stop, key=lambda place: self._read_by(place).start)
        return range(first, max(first, last))

    def _read_by(self, output: int) -> range:
        """The inputs of one output, those with the weight 0 left out."""
        (places,), (weights,) = self.taps(np.array([output]))
        used = places[weights > 0]
        return range(int(used[0]), int(used[-1]) + 1)


def resized_length(length: int, factor: float, *, axis: str) -> int:
    """How many places an axis has after it was resized by a factor: the whole part of the product, as PyTorch has it.

    Raises
    ------
    ConvStudioError
        If nothing is left.

    Examples
    --------
    >>> resized_length(512, 0.18, axis="height")
    92
    """
    if not factor > 0:
        raise ConvStudioError(f"The factor is {factor:g}, but it must be larger than 0.")
    output = floor(length * factor)
    if output < 1:
        raise ConvStudioError(
            f"A {axis} of {length:,} times {factor:g} leaves less than one pixel; choose a larger factor."
        )
    return output


def inverse(factor: float) -> Fraction:
    """Inputs for each output of a factor, as exact as the factor is written, up to six digits below the fraction line.

    Examples
    --------
    >>> inverse(0.18)
    Fraction(50, 9)
    """
    return (1 / Fraction(repr(float(factor)))).limit_denominator(10**6)


def resized_axes(
    source: tuple[int, int],
    *,
    factor: tuple[float, float] = (1.0, 1.0),
    size: tuple[int, int] | None = None,
    mode: ResizeMode,
    align_corners: bool = False,
) -> tuple[ResizedAxis, ResizedAxis]:
    """How the rows and the columns of a plane are resized: to a size, or else by a factor.

    Raises
    ------
    ConvStudioError
        If nothing would be left.
    """
    axes = []
    for number, name in enumerate(AXES):
        if size is None:
            output = resized_length(source[number], factor[number], axis=name)
            is_copied = output == source[number] and mode is not ResizeMode.NEAREST
            scale = Fraction(1) if is_copied else inverse(factor[number])
        elif size[number] < 1:
            raise ConvStudioError(f"The {name} is {size[number]}, but it must be at least 1.")
        else:
            output, scale = size[number], Fraction(source[number], size[number])
        axes.append(ResizedAxis(source[number], output, mode, scale, align_corners))
    return axes[0], axes[1]
