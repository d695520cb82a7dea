"""Display ranges: which values become the two ends of the colours, decided before the first pixel is coloured.

A scale says what is known of values without looking at them; where that is not enough, they are measured or sampled.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import ceil, floor, isfinite, log10, ulp

import numpy as np
from numpy.typing import NDArray

from convstudio.core.activations import ACTIVATIONS
from convstudio.core.display.colours import SignedScale
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    ScaleShift,
    Softmax,
)

FLAT_SHARE = 0.1  # a filter that keeps more than this of a flat picture's brightness makes another picture of it
WHOLE = 0.99  # and so does one that keeps all of it, however large its weights are: the strongest sharpening does
FEWEST_SAMPLES, MOST_SAMPLES, USUAL_SHARE = 4096, 2**16, 0.995
ROUNDING = 2.0**-20  # of the largest magnitude: less is what is left where products cancel, and nothing to be seen
SLACK, LEAST_FILLED = 0.25, 0.5  # of a steady display range: how far values may pass it, how much they must fill
SMALLEST_ROUNDED, LARGEST_ROUNDED, EXACT = 1e-30, 1e30, 1e-6
EVERY, LARGEST_FROM = 64, 0.98  # of the samples, those that tell from where on the largest fiftieth is
LEVELS = 4096  # that magnitudes are counted in, to find the usual one among few


@dataclass(frozen=True)
class Scale:
    """What automatic display knows of a layer's output without looking at it.

    `ends` are the values that become black and white where the source fills little of the range up to `white`.
    """

    white: float
    is_signed: bool
    ends: tuple[float, float] | None = None


def scales_after(
    layers: tuple[Layer, ...], white: float, signed: tuple[bool, ...], ends: tuple[float, float] | None = None
) -> tuple[Scale, ...]:
    """The brightness that counts as full and whether values swing around zero, for each channel after some layers.

    Parameters
    ----------
    layers
        As a plan executes them.
    white
        What counts as full brightness in the source.
    signed
        Whether the values swing around zero, for each channel of the source.
    ends
        What becomes black and white in the source, where that is not 0 and `white`.

    Examples
    --------
    >>> from convstudio.core.activations import ActivationKind
    >>> scales_after((Activation(kind=ActivationKind.SIGMOID),), 255.0, (True,))
    (Scale(white=1.0, is_signed=False, ends=None),)
    """
    *_, last = scales_along(layers, white, signed, ends)
    return last


def scales_along(  # noqa: C901  # a case for each kind of layer
    layers: Iterable[Layer], white: float, signed: tuple[bool, ...], ends: tuple[float, float] | None = None
) -> Iterator[tuple[Scale, ...]]:
    """`scales_after` no layer, after the first, and so on.

    Examples
    --------
    >>> from convstudio.core.activations import ActivationKind
    >>> [scales[0].white for scales in scales_along((Activation(kind=ActivationKind.TANH),), 255.0, (True,))]
    [255.0, 1.0]
    """
    yield tuple(Scale(white, is_signed, ends) for is_signed in signed)
    for layer in layers:
        match layer:
            case _ if not layer.enabled:
                pass
            case Conv(channels=Channels.EACH):
                signed = tuple(
                    is_signed or differs
                    for differs in map(_differs, layer.weight.array, layer.bias)
                    for is_signed in signed
                )
            case Conv():
                signed = tuple(
                    any(signed[_inputs_of(layer, number)]) or _differs(weights, bias)
                    for number, (weights, bias) in enumerate(zip(layer.weight.array, layer.bias, strict=True))
                )
            case ConvTranspose():
                weight, filters_per_group = layer.weight.array, layer.weight.array.shape[1]
                signed = tuple(
                    any(signed[inputs]) or _differs(weight[inputs, number % filters_per_group], bias)
                    for number, bias in enumerate(layer.bias)
                    for inputs in [_inputs_of(layer, number)]
                )
            case Dense():
                signed = (True,) * layer.units
            case Activation():
                function = ACTIVATIONS[layer.kind]
                white, ends = (white, ends) if function.limit is None else (function.limit, None)
                signed = (False,) * len(signed) if function.is_positive else signed
            case ScaleShift() | Normalisation():
                (white, signed), ends = _scaled(layer, white, signed), None
            case Softmax():
                white, ends, signed = 1.0, None, (False,) * len(signed)
            case Magnitude():
                ends, signed = None, (False,) * (len(signed) // 2)
            case _:
                pass
        yield tuple(Scale(white, is_signed, ends) for is_signed in signed)


def _scaled(
    layer: ScaleShift | Normalisation, white: float, signed: tuple[bool, ...]
) -> tuple[float, tuple[bool, ...]]:
    """What a scale and a shift make of black and white, over all channels; where black becomes negative they swing."""
    lows, highs, swings = [], [], []
    for channel, was_signed in enumerate(signed):
        scale, shift = layer.scale[channel % len(layer.scale)], layer.shift[channel % len(layer.shift)]
        black = -white if was_signed else 0.0
        low, high = sorted((black * scale + shift, white * scale + shift))
        lows.append(low)
        highs.append(high)
        swings.append(low < 0)
    most = max(*map(abs, lows), *map(abs, highs))
    return (most if most > 0 else white), tuple(swings)


def _inputs_of(layer: Conv | ConvTranspose, filter_index: int) -> slice:
    """The channels that a filter reads: those of its group."""
    weight = layer.weight.array
    channels = weight.shape[1] if isinstance(layer, Conv) else weight.shape[0] // layer.groups
    group = filter_index // (layer.filters // layer.groups)
    return slice(group * channels, (group + 1) * channels)


def _differs(weights: NDArray[np.float64], bias: float) -> bool:
    """Whether a filter takes differences: its weights nearly cancel, so that what is flat becomes about zero."""
    total = float(weights.sum())
    is_flat = total < min(WHOLE, FLAT_SHARE * float(np.abs(weights).sum()))
    return bias < 0 or (bool((weights < 0).any()) and is_flat)


@dataclass(frozen=True)
class DisplayRange:
    """How numbers become colours: a mode that is not automatic, and the values at the two ends of its colour bar.

    `signed_scale` is another than the light one where signed numbers are seen on another ground.
    """

    mode: DisplayMode
    low: float
    high: float
    signed_scale: SignedScale = field(default=SignedScale.LIGHT, repr=False)

    def on(self, scale: SignedScale) -> "DisplayRange":
        """The same on another ground; it makes no difference to what is not signed.

        Examples
        --------
        >>> DisplayRange(DisplayMode.SIGNED, -1.0, 1.0).on(SignedScale.DARK).signed_scale.value
        'dark'
        >>> DisplayRange(DisplayMode.CLIP, 0.0, 1.0).on(SignedScale.DARK).signed_scale.value
        'light'
        """
        return replace(self, signed_scale=scale) if self.mode is DisplayMode.SIGNED else self


class Steadiness(StrEnum):
    """What holds a display range as it is while values change."""

    FREE = "free"  # nothing: it is what the values ask for
    STREAM = "stream"  # the next frame of a camera or a video: only values that no longer fit into it move it
    GESTURE = "gesture"  # a drag: nothing moves it until that rests


def steadied(asked: DisplayRange, old: DisplayRange, steadiness: Steadiness) -> DisplayRange:
    """The old display range while it holds, else the one that the values ask for.

    Examples
    --------
    >>> old, asked = DisplayRange(DisplayMode.SIGNED, -100.0, 100.0), DisplayRange(DisplayMode.SIGNED, -90.0, 90.0)
    >>> steadied(asked, old, Steadiness.STREAM).high, steadied(asked, old, Steadiness.FREE).high
    (100.0, 90.0)
    """
    match steadiness:
        case Steadiness.GESTURE:
            return old
        case Steadiness.STREAM if old.mode is asked.mode:
            span = old.high - old.low
            slack = SLACK * min(span, max(-old.low, old.high))
            is_within = asked.low >= old.low - slack and asked.high <= old.high + slack
            return old if is_within and asked.high - asked.low >= LEAST_FILLED * span else asked
        case _:
            return asked


def mode_of(display: Display, scale: Scale) -> DisplayMode:
    """The mode that a display comes to: automatic is signed where values swing around zero, else clip.

    Examples
    --------
    >>> mode_of(Display(), Scale(255, is_signed=True))
    <DisplayMode.SIGNED: 'signed'>
    """
    if display.mode is not DisplayMode.AUTOMATIC:
        return display.mode
    return DisplayMode.SIGNED if scale.is_signed else DisplayMode.CLIP


def is_measured(display: Display, scale: Scale) -> bool:
    """Whether the ends depend on the values, so that all of them must be seen before the first is coloured.

    Examples
    --------
    >>> is_measured(Display(DisplayMode.SIGNED, limit=4), Scale(255, is_signed=True))
    False
    """
    mode = mode_of(display, scale)
    return mode is DisplayMode.STRETCH or (mode in (DisplayMode.SIGNED, DisplayMode.ABSOLUTE) and not display.limit)


def is_sampled(display: Display, scale: Scale) -> bool:
    """Whether the ends are the magnitude that is usual, and not the largest one.

    Examples
    --------
    >>> is_sampled(Display(), Scale(255, is_signed=True)), is_sampled(Display(), Scale(255, is_signed=False))
    (True, False)
    """
    return display.mode is DisplayMode.AUTOMATIC and scale.is_signed and display.limit is None


def display_range_of(display: Display, scale: Scale, least: float, most: float, usual: float | None) -> DisplayRange:
    """The mode and the ends for values between `least` and `most`.

    Parameters
    ----------
    display, scale
        How the person wants it shown, what counts as full brightness and whether values swing around zero.
    least, most
        The extremes of the values; anything where `is_measured` says no.
    usual
        The magnitude that nearly all of them stay below, where `is_sampled` asks for it; None takes the largest.

    Examples
    --------
    >>> display_range_of(Display(DisplayMode.STRETCH), Scale(255, is_signed=False), -10.0, 90.0, None)
    DisplayRange(mode=<DisplayMode.STRETCH: 'stretch'>, low=-10.0, high=90.0)
    """
    mode = mode_of(display, scale)
    limit = _rounded_up(usual) if is_sampled(display, scale) else display.limit
    black, white = scale.ends or (0.0, scale.white)
    magnitude = limit or max(-least, most)
    if not (isfinite(magnitude) and magnitude > 0):
        magnitude = white
    match mode:
        case DisplayMode.SIGNED:
            return DisplayRange(mode, -magnitude, magnitude)
        case DisplayMode.ABSOLUTE:
            return DisplayRange(mode, 0.0, magnitude)
        case DisplayMode.OFFSET:
            half = max((limit or white) / 2, ulp(0.0))  # half of the smallest number there is would be 0
            return DisplayRange(mode, -half, half)
        case DisplayMode.STRETCH if isfinite(least) and isfinite(most) and most > least:
            return DisplayRange(mode, least, most)
        case _:
            low, high = (black if display.low is None else display.low), (white if limit is None else limit)
            return DisplayRange(mode, low, high) if low < high else DisplayRange(mode, black, white)


def _rounded_up(magnitude: float | None) -> float | None:
    """The next number of two digits: the ends of a colour bar are read, and need no more."""
    if magnitude is None or not SMALLEST_ROUNDED < magnitude < LARGEST_ROUNDED:
        return magnitude
    step = 10.0 ** (floor(log10(magnitude)) - 1)
    return float(f"{ceil(magnitude / step - EXACT) * step:.2g}")


def thinning(height: int, width: int) -> int:
    """The distance of the samples from which the usual magnitude of a plane is taken; 0 where none are.

    Examples
    --------
    >>> thinning(10, 10), thinning(512, 512)
    (0, 2)
    """
    if height * width < FEWEST_SAMPLES:
        return 0  # a small grid of numbers is shown to its ends
    return max(1, int((height * width / MOST_SAMPLES) ** 0.5))


def usual_magnitude(samples: NDArray[np.float32]) -> float | None:
    """The magnitude that 99.5 % of the samples stay below; None where it says nothing.

    Examples
    --------
    >>> usual_magnitude(np.zeros((1, 2, 2), np.float32)) is None
    True
    """
    magnitudes = np.abs(samples).ravel()
    if magnitudes.size == 0:
        return None
    rank, most = int(magnitudes.size * USUAL_SHARE), magnitudes.max()
    if most == 0:
        return None
    if np.isfinite(most):
        magnitude, least = _ranked(magnitudes, rank, most), ROUNDING * float(most)
    else:
        magnitude, least = float(np.partition(magnitudes, rank)[rank]), 0.0
    return magnitude if isfinite(magnitude) and magnitude > least else None


def _ranked(magnitudes: NDArray[np.float32], rank: int, most: np.float32) -> float:
    """What `np.partition` gives, which takes thirty times as long where many values are equal.

    A few of them tell which the largest are about; where what is looked for is not among these, all are counted.
    """
    few = np.sort(magnitudes[::EVERY])
    largest = magnitudes[magnitudes >= few[int(few.size * LARGEST_FROM)]]
    if largest.size < magnitudes.size // 8 and rank >= magnitudes.size - largest.size:
        return float(np.sort(largest)[rank - (magnitudes.size - largest.size)])
    levels = (magnitudes / most * np.float32(LEVELS - 1)).astype(np.intp)  # never falls where magnitudes grow
    counts = np.bincount(levels, minlength=LEVELS).cumsum()
    level = int(np.searchsorted(counts, rank, side="right"))
    below = int(counts[level - 1]) if level else 0
    return float(np.sort(magnitudes[levels == level])[rank - below])
