"""Formulas: the calculation of one output as a line of text or LaTeX, in numbers or in symbols."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.geometry.borders import OUTSIDE
from convstudio.core.recipe.layers import (
    Activation,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Normalisation,
    Pool,
    PoolKind,
    ScaleShift,
)
from convstudio.core.wording import field_text, is_rounded
from convstudio.insight.trace.trace import Operation, Trace

MOST_TERMS = 32
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Style(StrEnum):
    """The language of a formula."""

    TEXT = "text"
    LATEX = "LaTeX"


class Notation(StrEnum):
    """Whether a formula shows values, or letters with indices."""

    NUMBERS = "numbers"
    SYMBOLS = "symbols"


class Symbols(NamedTuple):
    """The letters for one tap of a window."""

    input: str
    weight: str
    product: str


@dataclass(frozen=True)
class _WeightedInput:
    """One input under the window, and the weight on it. Channels count from 1; a weight's among those it reads."""

    channel: int
    weight_channel: int
    row: int
    column: int
    kernel_row: int
    kernel_column: int
    value: float
    weight: float
    is_outside: bool


def formula(trace: Trace, style: Style, notation: Notation, *, most: int = MOST_TERMS, digits: int = 7) -> str:
    """Write how one output is calculated. x is the input, w the kernel of this output, b its bias.

    Rows and columns count from 0 and stand in this order; channels count from 1, as they do on the screen, and are
    written where there are several.

    Parameters
    ----------
    trace
        The output.
    style, notation
        How it is written.
    most
        Terms that are written out, at least 2; the formula says how many are left out.
    digits
        Significant digits of each number.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> from convstudio.insight.trace.trace import trace
    >>> frame = Frame(np.array([[[10.0], [4.0]]]), white=10.0)
    >>> calculation = trace(evaluate(recipe_from("conv [1 -1] padding valid bias 2"), frame), 0, 0, 0, 0)
    >>> formula(calculation, Style.TEXT, Notation.NUMBERS)
    'y[0, 0] = 10·1 + 4·(−1) + 2 = 8'
    >>> formula(calculation, Style.LATEX, Notation.SYMBOLS)
    'y_{0,0} = w_{0,0}\\\\,x_{0,0} + w_{0,1}\\\\,x_{0,1} + b = 8'
    """
    write = _writer(trace, style, notation, digits)
    channel = trace.unit.channel + 1 if trace.step.output.channels > 1 else None
    left = write.indexed("y", channel, trace.unit.row, trace.unit.column)
    terms = (trace.taps.values, trace.taps.weights) if trace.operation is Operation.SUM else (trace.taps.values,)
    is_written = notation is Notation.NUMBERS and trace.taps.values.size <= most
    numbers = [value for values in terms for value in values.ravel().tolist()] if is_written else []
    is_about = any(is_rounded(value, digits=digits) for value in (trace.result, *numbers))
    sign = ("\\approx" if style is Style.LATEX else "≈") if is_about else "="
    return f"{left} = {_right(trace, write, most)} {sign} {write.number(trace.result)}"


def has_bias(layer: Layer) -> bool:
    """Whether something is added to the products of a layer.

    Examples
    --------
    >>> has_bias(ScaleShift()), has_bias(Dense())
    (True, False)
    """
    return isinstance(layer, Conv | ConvTranspose | ScaleShift | Normalisation) or (
        isinstance(layer, Dense) and bool(layer.bias)
    )


def symbols_at(trace: Trace, place: tuple[int, int, int]) -> Symbols:
    """The letters for one of the taps of a trace, (channel, row, column) among them; a 0 of the padding stays a 0.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluation.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe.text import recipe_from
    >>> from convstudio.insight.trace.trace import trace
    >>> frame = Frame(np.array([[[10.0], [4.0]]]), white=10.0)
    >>> calculation = trace(evaluate(recipe_from("conv [1 -1] padding valid"), frame), 0, 0, 0, 0)
    >>> symbols_at(calculation, (0, 0, 1))
    Symbols(input='x[0, 1]', weight='w[0, 1]', product='w[0, 1]·x[0, 1]')
    """
    write, tap = _writer(trace, Style.TEXT, Notation.SYMBOLS, 7), _tap(trace, *place)
    return Symbols(write.value(tap), write.weight(tap), write.product(tap))


def _right(trace: Trace, write: "_Writer", most: int) -> str:  # noqa: PLR0911  # a case for each calculation
    match trace.operation:
        case Operation.SUM:
            bias = [write.bias(trace.bias)] if has_bias(trace.step.layer) else []
            return " + ".join(_terms(trace, write, most) + bias) or write.number(0.0)
        case Operation.AVERAGE:
            return write.mean(" + ".join(_terms(trace, write, most)), trace.divisor)
        case Operation.LARGEST:
            return write.largest(", ".join(_terms(trace, write, most)))
        case Operation.RANKED:
            return write.ranked(trace.step.layer, ", ".join(_terms(trace, write, most)))
        case Operation.SHARE:
            own = write.value(_tap(trace, trace.unit.channel, 0, 0))
            return write.share(own, _terms(trace, write, most))
        case Operation.LENGTH:
            return write.length(_terms(trace, write, most))
        case Operation.CURVE:
            layer = trace.step.layer
            assert isinstance(layer, Activation)
            return write.curve(layer.kind, write.value(_tap(trace, 0, 0, 0)))
        case Operation.COPY:
            return write.value(_tap(trace, 0, 0, 0))


def _terms(trace: Trace, write: "_Writer", most: int) -> list[str]:
    """The terms that are written: the first ones, the number of those left out, and the last one."""
    taps = trace.taps
    is_part = np.ones(taps.values.shape, dtype=bool)
    # what lies in the padding cannot win, and where it is not counted it is no term of the average
    if trace.operation in (Operation.LARGEST, Operation.RANKED) or (
        trace.operation is Operation.AVERAGE and trace.divisor < taps.values.size
    ):
        is_part[:] = ~taps.is_padding
    places = np.flatnonzero(is_part)
    left_out = max(0, len(places) - most)
    written_places = places if left_out == 0 else np.append(places[: most - 1], places[-1])
    term = write.product if trace.operation is Operation.SUM else write.value
    corners = zip(*(axis.tolist() for axis in np.unravel_index(written_places, taps.values.shape)), strict=True)
    written = [term(_tap(trace, *corner)) for corner in corners]
    if left_out:
        written.insert(most - 1, write.left_out(left_out))
    return written


def _tap(trace: Trace, channel: int, row: int, column: int) -> _WeightedInput:
    taps = trace.taps
    sources = int(taps.rows.sources[row]), int(taps.columns.sources[column])
    is_outside = OUTSIDE in sources
    return _WeightedInput(
        channel=int(taps.channels[channel]) + 1,
        weight_channel=channel + 1,
        row=sources[0],
        column=sources[1],
        kernel_row=int(taps.rows.cells[row]),
        kernel_column=int(taps.columns.cells[column]),
        value=float(taps.values[channel, row, column]),
        weight=float(taps.weights[channel, row, column]),
        is_outside=is_outside,
    )


def _writer(trace: Trace, style: Style, notation: Notation, digits: int) -> "_Writer":
    return _Writer(
        style=style,
        notation=notation,
        digits=digits,
        has_channels=trace.step.input.channels > 1,
        has_planes=len(trace.taps.channels) > 1,
    )


@dataclass(frozen=True)
class _Writer:
    """How the parts of a formula are written; the kernel has planes where it sees several channels."""

    style: Style
    notation: Notation
    digits: int
    has_channels: bool
    has_planes: bool

    @property
    def _is_latex(self) -> bool:
        return self.style is Style.LATEX

    def number(self, value: float) -> str:
        text = field_text(value, digits=self.digits)
        if not self._is_latex:
            return text
        text = text.replace("−", "-").replace("∞", "\\infty").replace("NaN", "\\text{NaN}")
        mantissa, _, power = text.partition("e") if np.isfinite(value) else (text, "", "")
        return f"{mantissa} \\cdot 10^{{{power}}}" if power else mantissa

    def indexed(self, name: str, channel: int | None, row: int, column: int) -> str:
        if self._is_latex:
            above = "" if channel is None else f"^{{({channel})}}"
            return f"{name}{above}_{{{row},{column}}}"
        below = "" if channel is None else str(channel).translate(_LOWERED)
        return f"{name}{below}[{row}, {column}]"

    def value(self, tap: _WeightedInput) -> str:
        if self.notation is Notation.NUMBERS or tap.is_outside:
            return self._enclosed(tap.value)
        return self.indexed("x", tap.channel if self.has_channels else None, tap.row, tap.column)

    def weight(self, tap: _WeightedInput) -> str:
        if self.notation is Notation.NUMBERS:
            return self._enclosed(tap.weight)
        return self.indexed("w", tap.weight_channel if self.has_planes else None, tap.kernel_row, tap.kernel_column)

    def product(self, tap: _WeightedInput) -> str:
        with_sign = " \\cdot " if self._is_latex else "·"
        if self.notation is Notation.NUMBERS:
            return f"{self.value(tap)}{with_sign}{self.weight(tap)}"
        times = "\\," if self._is_latex and not tap.is_outside else with_sign
        return f"{self.weight(tap)}{times}{self.value(tap)}"

    def bias(self, value: float) -> str:
        return self._enclosed(value) if self.notation is Notation.NUMBERS else "b"

    def mean(self, inside: str, divisor: int) -> str:
        return f"\\frac{{{inside}}}{{{divisor}}}" if self._is_latex else f"({inside}) ÷ {divisor:,}"

    def largest(self, inside: str) -> str:
        return f"\\max\\{{{inside}\\}}" if self._is_latex else f"max({inside})"

    def ranked(self, layer: Layer, inside: str) -> str:
        if isinstance(layer, Pool) and layer.kind is PoolKind.PERCENTILE:
            name = f"percentile {self.number(layer.percentile)}"
        else:
            name = str(layer.kind) if isinstance(layer, Pool) else ""
        return f"\\mathrm{{{name}}}\\{{{inside}\\}}" if self._is_latex else f"{name}({inside})"

    def share(self, own: str, terms: list[str]) -> str:
        if self._is_latex:
            return f"\\frac{{e^{{{_bare(own)}}}}}{{{' + '.join(f'e^{{{_bare(term)}}}' for term in terms)}}}"
        return f"e^{own} ÷ ({' + '.join(f'e^{term}' for term in terms)})"

    def length(self, terms: list[str]) -> str:
        squares = " + ".join(f"{term}^2" if self._is_latex else f"{term}²" for term in terms)
        return f"\\sqrt{{{squares}}}" if self._is_latex else f"√({squares})"

    def left_out(self, count: int) -> str:
        words = f"{count:,} more"
        return f"\\underbrace{{\\cdots}}_{{\\text{{{words}}}}}" if self._is_latex else f"… ({words})"

    def curve(self, kind: ActivationKind, inside: str) -> str:
        bare = _bare(inside)  # the function's own brackets are enough
        before, after = ACTIVATIONS[kind].symbol[self._is_latex]
        return f"{before}{bare}{after}"

    def _enclosed(self, value: float) -> str:
        text = self.number(value)
        return f"({text})" if value < 0 else text


def _bare(text: str) -> str:
    return text.removeprefix("(").removesuffix(")")
