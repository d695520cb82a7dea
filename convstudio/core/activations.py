"""Activation functions: one row each, with its name, its formula, its definition and its fast function.

A new one is a value of `ActivationKind` and a row of `ACTIVATIONS`. The code that the JIT compiles for
it, if any, is in `ops.jit`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import erf, pi, sqrt

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Numbers = NDArray[np.float32]


class ActivationKind(StrEnum):
    """PyTorch's words, in lower case."""

    RELU = "relu"
    LEAKY_RELU = "leaky relu"
    PRELU = "prelu"
    RELU6 = "relu6"
    ELU = "elu"
    SELU = "selu"
    GELU = "gelu"
    GELU_TANH = "gelu tanh"
    SILU = "silu"
    MISH = "mish"
    SOFTPLUS = "softplus"
    SIGMOID = "sigmoid"
    TANH = "tanh"
    SOFTSIGN = "softsign"
    HARD_SIGMOID = "hard sigmoid"
    HARD_SWISH = "hard swish"
    HARD_TANH = "hard tanh"
    ABSOLUTE = "absolute"
    THRESHOLD = "threshold"
    STEP = "step"


@dataclass(frozen=True)
class Number:
    """The one number that some functions have: what it is called, what it does, and what it usually is."""

    name: str
    tip: str
    usual: float
    low: float
    high: float
    step: float = 0.01


@dataclass(frozen=True, kw_only=True)
class ActivationFunction:
    """What is known of an activation function.

    Parameters
    ----------
    title, tip, formula, sentence
        For people; `{slope}` stands for the number of the function in the last two.
    number
        What that number is; None where the function has none.
    symbol
        How the function is written before its argument, in text and in LaTeX; the two halves of a pair enclose it.
    key
        The second key of adding such a layer; "" where none is left.
    definition
        Its values at float64 numbers, with its number (or one for each channel, shaped to go with the values); slow and
        obvious.
    quick
        Fills its second argument with the values at the first, float32; the third is room to work in. The fourth is the
        number.
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
    definition: Callable[[Values, float | Values], Values]
    quick: Callable[[Numbers, Numbers, Numbers, np.float32], object]
    is_in_strips: bool = False
    saved: float = 0.0
    is_positive: bool = False
    limit: float | None = None
    number: Number | None = None
    key: str = ""


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


def _gated(values: Numbers, out: Numbers, scratch: Numbers, gate: Numbers) -> None:
    """Values times the sigmoid of `gate`, which may be `out` but not the values."""
    _sigmoid(gate, out, scratch, np.float32(0))
    np.multiply(out, values, out=out)


def _silu(values: Numbers, out: Numbers, scratch: Numbers, _: np.float32) -> None:
    _gated(values, out, scratch, values)


def _gelu_tanh(values: Numbers, out: Numbers, scratch: Numbers, _: np.float32) -> None:
    """(1 + tanh u) / 2 is the sigmoid of 2u, which loses no digits where it is small."""
    np.multiply(values, values, out=out)
    np.multiply(out, np.float32(2 * GELU_SCALE * GELU_CUBE), out=out)
    np.add(out, np.float32(2 * GELU_SCALE), out=out)
    np.multiply(out, values, out=out)
    _gated(values, out, scratch, out.copy())


def _gelu(values: Numbers, out: Numbers, scratch: Numbers, _: np.float32) -> None:
    """Half the complementary error function is the share of the normal distribution beyond |v|."""
    from convstudio.core.opencv import cv2  # noqa: PLC0415  # who counts layers needs no OpenCV

    size = np.abs(values)
    np.multiply(size, np.float32(sqrt(0.5)), out=size)
    np.multiply(size, np.float32(0.5), out=scratch[: values.size])
    t = np.add(scratch[: values.size], np.float32(1), out=scratch[: values.size])
    np.divide(np.float32(1), t, out=t)
    out.fill(ERFC[0])
    for coefficient in ERFC[1:]:
        np.multiply(out, t, out=out)
        np.add(out, np.float32(coefficient), out=out)
    np.multiply(size, size, out=size)
    np.subtract(out, size, out=out)
    cv2.exp(out, dst=out)
    np.multiply(out, t, out=out)
    np.multiply(out, np.float32(0.5), out=out)
    np.subtract(np.float32(1), out, out=out, where=values > 0)
    np.multiply(out, values, out=out)


def _elu(values: Numbers, out: Numbers, _: Numbers, slope: np.float32) -> None:
    np.minimum(values, np.float32(0), out=out)
    np.expm1(out, out=out)
    np.multiply(out, slope, out=out)
    np.copyto(out, values, where=values > 0)


def _selu(values: Numbers, out: Numbers, scratch: Numbers, _: np.float32) -> None:
    _elu(values, out, scratch, np.float32(SELU_ALPHA))
    np.multiply(out, np.float32(SELU_SCALE), out=out)


def _softplus(values: Numbers, out: Numbers, scratch: Numbers, _: np.float32) -> None:
    """max(v, 0) + ln(1 + e^−|v|), which never overflows."""
    np.abs(values, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)
    np.log1p(out, out=out)
    rest = scratch[: values.size]
    np.maximum(values, np.float32(0), out=rest)
    np.add(out, rest, out=out)


def _mish(values: Numbers, out: Numbers, scratch: Numbers, slope: np.float32) -> None:
    _softplus(values, out, scratch, slope)
    np.tanh(out, out=out)
    np.multiply(out, values, out=out)


def _softsign(values: Numbers, out: Numbers, *_: object) -> None:
    np.abs(values, out=out)
    np.add(out, np.float32(1), out=out)
    np.divide(values, out, out=out)


def _hard_sigmoid(values: Numbers, out: Numbers, *_: object) -> None:
    np.add(values, np.float32(3), out=out)
    np.clip(out, np.float32(0), np.float32(6), out=out)
    np.divide(out, np.float32(6), out=out)


def _hard_swish(values: Numbers, out: Numbers, *_: object) -> None:
    _hard_sigmoid(values, out)
    np.multiply(out, values, out=out)


def _threshold(values: Numbers, out: Numbers, _: Numbers, slope: np.float32) -> None:
    np.copyto(out, values)
    np.copyto(out, np.float32(0), where=values <= slope)  # a NaN stays


def _step(values: Numbers, out: Numbers, _: Numbers, slope: np.float32) -> None:
    np.greater(values, slope, out=out, casting="unsafe")
    np.copyto(out, values, where=np.isnan(values))


SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805  # Klambauer et al. 2017
GELU_SCALE, GELU_CUBE = sqrt(2 / pi), 0.044715  # Hendrycks and Gimpel 2016
ERFC = (  # the complementary error function to 1.2 parts of 10⁷ (Numerical Recipes, 2nd edition, chapter 6.2)
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
    -1.26551223,
)  # fmt: skip


def _normal_share(values: Values) -> Values:
    """The share of the normal distribution below each value."""
    return np.asarray(np.vectorize(lambda value: (1 + erf(value / sqrt(2))) / 2, otypes=[np.float64])(values))


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
        number=Number("Slope", "The factor for negative values", 0.01, 0.0, 1.0),
    ),
    ActivationKind.PRELU: ActivationFunction(
        title="PReLU",
        tip="Negative values are multiplied by a slope that each map has learned",
        formula="f(v) = v where v > 0, else {slope}·v",
        sentence="PReLU keeps positive values and multiplies negative ones by {slope}.",
        symbol=(("PReLU(", ")"), ("\\mathrm{PReLU}(", ")")),
        key="P",
        definition=lambda values, slope: np.where(values > 0, values, values * slope),
        quick=_leaky_relu,
        is_in_strips=True,
        saved=5.0,
        number=Number("Slope", "The factor for negative values of this map", 0.25, -1e6, 1e6),
    ),
    ActivationKind.RELU6: ActivationFunction(
        title="ReLU6",
        tip="Negative values become 0, and nothing passes 6",
        formula="f(v) = min(max(0, v), 6)",
        sentence="ReLU6 makes negative values 0 and those above 6 become 6.",
        symbol=(("ReLU6(", ")"), ("\\mathrm{ReLU6}(", ")")),
        definition=lambda values, _: np.where(values < 0, 0.0, np.where(values > 6, 6.0, values)),
        quick=lambda values, out, *_: np.clip(values, np.float32(0), np.float32(6), out=out),
        is_positive=True,
        limit=6.0,
    ),
    ActivationKind.ELU: ActivationFunction(
        title="ELU",
        tip="Negative values level off smoothly",
        formula="f(v) = v where v > 0, else {slope}·(e^v − 1)",
        sentence="ELU keeps positive values; negative ones level off at minus {slope}.",
        symbol=(("ELU(", ")"), ("\\mathrm{ELU}(", ")")),
        key="U",
        definition=lambda values, slope: np.where(values > 0, values, slope * np.expm1(np.minimum(values, 0))),
        quick=_elu,
        is_in_strips=True,
        number=Number("Alpha", "Minus this is where negative values level off", 1.0, 0.0, 1e6, 0.1),
    ),
    ActivationKind.SELU: ActivationFunction(
        title="SELU",
        tip="An ELU whose numbers keep mean and spread as they are",
        formula="f(v) = 1.0507·v where v > 0, else 1.7581·(e^v − 1)",
        sentence="SELU is an ELU with two fixed numbers, which keep mean and spread through many layers.",
        symbol=(("SELU(", ")"), ("\\mathrm{SELU}(", ")")),
        definition=lambda values, _: (
            SELU_SCALE * np.where(values > 0, values, SELU_ALPHA * np.expm1(np.minimum(values, 0)))
        ),
        quick=_selu,
        is_in_strips=True,
    ),
    ActivationKind.GELU: ActivationFunction(
        title="GELU",
        tip="Each value times the share of a normal distribution below it",
        formula="f(v) = v·Φ(v)",
        sentence="GELU multiplies each value by the share of a normal distribution below it.",
        symbol=(("GELU(", ")"), ("\\mathrm{GELU}(", ")")),
        definition=lambda values, _: values * _normal_share(values),
        quick=_gelu,
        is_in_strips=True,
    ),
    ActivationKind.GELU_TANH: ActivationFunction(
        title="GELU, tanh form",
        tip="The quicker form of GELU that some networks were trained with",
        formula="f(v) = v/2·(1 + tanh(0.7979·(v + 0.044715·v³)))",
        sentence="This form of GELU takes a hyperbolic tangent in place of the normal distribution.",
        symbol=(("GELU(", ")"), ("\\mathrm{GELU}(", ")")),
        definition=lambda values, _: values / 2 * (1 + np.tanh(GELU_SCALE * (values + GELU_CUBE * values**3))),
        quick=_gelu_tanh,
        is_in_strips=True,
    ),
    ActivationKind.SILU: ActivationFunction(
        title="SiLU",
        tip="Each value times its sigmoid; also called Swish",
        formula="f(v) = v / (1 + e^(−v))",
        sentence="SiLU multiplies each value by its sigmoid.",
        symbol=(("SiLU(", ")"), ("\\mathrm{SiLU}(", ")")),
        definition=lambda values, _: values / (1 + np.exp(-values)),
        quick=_silu,
        is_in_strips=True,
    ),
    ActivationKind.MISH: ActivationFunction(
        title="Mish",
        tip="Each value times the tanh of its softplus",
        formula="f(v) = v·tanh(ln(1 + e^v))",
        sentence="Mish multiplies each value by the hyperbolic tangent of its softplus.",
        symbol=(("Mish(", ")"), ("\\mathrm{Mish}(", ")")),
        definition=lambda values, _: values * np.tanh(np.logaddexp(0, values)),
        quick=_mish,
        is_in_strips=True,
    ),
    ActivationKind.SOFTPLUS: ActivationFunction(
        title="Softplus",
        tip="A ReLU with a round corner",
        formula="f(v) = ln(1 + e^v)",
        sentence="Softplus is a ReLU with a round corner; 0 becomes 0.6931.",
        symbol=(("softplus(", ")"), ("\\mathrm{softplus}(", ")")),
        definition=lambda values, _: np.logaddexp(0, values),
        quick=_softplus,
        is_in_strips=True,
        is_positive=True,
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
    ActivationKind.SOFTSIGN: ActivationFunction(
        title="Softsign",
        tip="Squeezes every value into −1 … 1, slower than tanh",
        formula="f(v) = v / (1 + |v|)",
        sentence="Softsign squeezes every value into −1 … 1 and keeps its sign.",
        symbol=(("softsign(", ")"), ("\\mathrm{softsign}(", ")")),
        definition=lambda values, _: values / (1 + np.abs(values)),
        quick=_softsign,
        is_in_strips=True,
        limit=1.0,
    ),
    ActivationKind.HARD_SIGMOID: ActivationFunction(
        title="Hard sigmoid",
        tip="A sigmoid of three straight lines",
        formula="f(v) = min(max(0, v + 3), 6) / 6",
        sentence="The hard sigmoid is 0 up to −3, 1 from 3 on, and a straight line between.",
        symbol=(("hardsigmoid(", ")"), ("\\mathrm{hardsigmoid}(", ")")),
        definition=lambda values, _: np.clip(values + 3, 0, 6) / 6,
        quick=_hard_sigmoid,
        is_in_strips=True,
        is_positive=True,
        limit=1.0,
    ),
    ActivationKind.HARD_SWISH: ActivationFunction(
        title="Hard swish",
        tip="Each value times its hard sigmoid",
        formula="f(v) = v·min(max(0, v + 3), 6) / 6",
        sentence="The hard swish multiplies each value by its hard sigmoid.",
        symbol=(("hardswish(", ")"), ("\\mathrm{hardswish}(", ")")),
        definition=lambda values, _: values * (np.clip(values + 3, 0, 6) / 6),
        quick=_hard_swish,
        is_in_strips=True,
    ),
    ActivationKind.HARD_TANH: ActivationFunction(
        title="Hard tanh",
        tip="Cuts every value off at −1 and 1",
        formula="f(v) = min(max(−1, v), 1)",
        sentence="The hard tanh makes what is below −1 become −1, and what is above 1 become 1.",
        symbol=(("hardtanh(", ")"), ("\\mathrm{hardtanh}(", ")")),
        definition=lambda values, _: np.clip(values, -1, 1),
        quick=lambda values, out, *_: np.clip(values, np.float32(-1), np.float32(1), out=out),
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
    ActivationKind.THRESHOLD: ActivationFunction(
        title="Threshold",
        tip="Keeps what is above a number, and makes the rest 0",
        formula="f(v) = v where v > {slope}, else 0",
        sentence="The threshold keeps values above {slope} and makes all others 0.",
        symbol=(("threshold(", ")"), ("\\mathrm{threshold}(", ")")),
        key="O",
        definition=lambda values, slope: np.where(values <= slope, 0.0, values),
        quick=_threshold,
        is_in_strips=True,
        number=Number("Above", "What is not above this becomes 0", 128.0, -1e9, 1e9, 1.0),
    ),
    ActivationKind.STEP: ActivationFunction(
        title="Step",
        tip="1 above a number, and 0 elsewhere: black and white",
        formula="f(v) = 1 where v > {slope}, else 0",
        sentence="The step makes values above {slope} 1 and all others 0.",
        symbol=(("step(", ")"), ("\\mathrm{step}(", ")")),
        key="Y",
        definition=lambda values, slope: np.where(np.isnan(values), values, np.where(values > slope, 1.0, 0.0)),
        quick=_step,
        is_in_strips=True,
        is_positive=True,
        limit=1.0,
        number=Number("Above", "What is above this becomes 1", 128.0, -1e9, 1e9, 1.0),
    ),
}
