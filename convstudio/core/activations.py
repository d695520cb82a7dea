"""Activation functions: one row each, with its name, its formula, its definition and its fast function.

A new one is a value of `ActivationKind` and a row of `ACTIVATIONS`. The code that the JIT compiles for
it, if any, is in `ops.jit`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Numbers = NDArray[np.float32]


class ActivationKind(StrEnum):
    """PyTorch's words, in lower case."""

    RELU = "relu"
    LEAKY_RELU = "leaky relu"
    SIGMOID = "sigmoid"
    TANH = "tanh"
    ABSOLUTE = "absolute"


@dataclass(frozen=True, kw_only=True)
class ActivationFunction:
    """What is known of an activation function.

    Parameters
    ----------
    title, tip, formula, sentence
        For people; `{slope}` stands for the slope in the last two.
    symbol
        How the function is written before its argument, in text and in LaTeX; the two halves of a pair enclose it.
    key
        The second key of adding such a layer.
    definition
        Its values at float64 numbers, with the slope; slow and obvious.
    quick
        Fills its second argument with the values at the first, float32; the third is room to work in. The fourth is the
        slope.
    is_in_strips
        Whether `quick` goes over its numbers more than once, so that strips that fit the cache help.
    saved
        What the compiled loop saves on a number, in weights of OpenCV's `filter2D`; 0 where there is no compiled code.
    is_positive
        Whether no value is negative.
    limit
        The largest magnitude of a value, or None where there is none.
    """

    title: str
    tip: str
    formula: str
    sentence: str
    symbol: tuple[tuple[str, str], tuple[str, str]]
    key: str
    definition: Callable[[Values, float], Values]
    quick: Callable[[Numbers, Numbers, Numbers, np.float32], object]
    is_in_strips: bool = False
    saved: float = 0.0
    is_positive: bool = False
    limit: float | None = None

    @property
    def has_slope(self) -> bool:
        """Whether the slope matters to it."""
        return "{slope}" in self.formula


def _leaky_relu(values: Numbers, out: Numbers, _: Numbers, slope: np.float32) -> None:
    np.multiply(values, slope, out=out)
    if 0 < slope <= 1:
        np.maximum(values, out, out=out)
    else:
        np.copyto(out, values, where=values > 0)  # twenty times as slow


def _sigmoid(values: Numbers, out: Numbers, scratch: Numbers, _: np.float32) -> None:
    """eˣ / (eˣ + 1); where eˣ is infinite 1 / (1 + e⁻ˣ), which is one pass more."""
    from convstudio.core.opencv import cv2  # noqa: PLC0415  # who counts layers needs no OpenCV

    cv2.exp(values, dst=out)  # twice as quick as NumPy's
    np.add(out, np.float32(1), out=scratch)
    try:
        with np.errstate(invalid="raise"):  # the processor notes ∞ / ∞ by itself, which asks for no pass
            np.divide(out, scratch, out=out)
    except FloatingPointError:
        np.negative(values, out=out)
        cv2.exp(out, dst=out)
        np.add(out, np.float32(1), out=out)
        np.divide(np.float32(1), out, out=out)  # quicker than np.reciprocal


ACTIVATIONS = {
    ActivationKind.RELU: ActivationFunction(
        title="ReLU",
        tip="Negative values become 0",
        formula="f(v) = max(0, v)",
        sentence="ReLU keeps positive values and makes negative ones 0.",
        symbol=(("ReLU(", ")"), ("\\mathrm{ReLU}(", ")")),
        key="R",
        definition=lambda values, _: np.where(values < 0, 0.0, values),
        # np.maximum with one number is slower
        quick=lambda values, out, *_: np.clip(values, np.float32(0), np.float32(np.inf), out=out),
        saved=0.5,
        is_positive=True,
    ),
    ActivationKind.LEAKY_RELU: ActivationFunction(
        title="Leaky ReLU",
        tip="Negative values become small",
        formula="f(v) = v where v > 0, else {slope}·v",
        sentence="Leaky ReLU keeps positive values and multiplies negative ones by {slope}.",
        symbol=(("LeakyReLU(", ")"), ("\\mathrm{LeakyReLU}(", ")")),
        key="L",
        definition=lambda values, slope: np.where(values > 0, values, values * slope),
        quick=_leaky_relu,
        is_in_strips=True,
        saved=5.0,
    ),
    ActivationKind.SIGMOID: ActivationFunction(
        title="Sigmoid",
        tip="Squeezes every value into 0 … 1",
        formula="f(v) = 1 / (1 + e^(−v))",
        sentence="The sigmoid squeezes every value into 0 … 1; 0 becomes 0.5.",
        symbol=(("σ(", ")"), ("\\sigma(", ")")),
        key="S",
        definition=lambda values, _: 1 / (1 + np.exp(-values)),
        quick=_sigmoid,
        is_in_strips=True,
        saved=15.0,
        is_positive=True,
        limit=1.0,
    ),
    ActivationKind.TANH: ActivationFunction(
        title="Tanh",
        tip="Squeezes every value into −1 … 1",
        formula="f(v) = tanh(v)",
        sentence="The hyperbolic tangent squeezes every value into −1 … 1 and keeps its sign.",
        symbol=(("tanh(", ")"), ("\\tanh(", ")")),
        key="H",
        definition=lambda values, _: np.tanh(values),
        quick=lambda values, out, *_: np.tanh(values, out=out),
        saved=1.0,
        limit=1.0,
    ),
    ActivationKind.ABSOLUTE: ActivationFunction(
        title="Absolute",
        tip="Drops the sign",
        formula="f(v) = |v|",
        sentence="The absolute value drops the sign: −30 and 30 both become 30.",
        symbol=(("|", "|"), ("|", "|")),
        key="B",
        definition=lambda values, _: np.where(values < 0, -values, values),
        quick=lambda values, out, *_: np.abs(values, out=out),
        is_positive=True,
    ),
}
