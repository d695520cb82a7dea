"""Formulas: the calculation of one output as a line of text or LaTeX, in numbers or in symbols."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from convstudio.core.borders import OUTSIDE
from convstudio.core.kernel_text import number
from convstudio.core.layers import Activation, ActivationKind
from convstudio.insight.trace import Operation, Trace

MOST_TERMS = 32


class Style(StrEnum):
    TEXT = "text"
    LATEX = "LaTeX"


class Notation(StrEnum):
    NUMBERS = "numbers"
    SYMBOLS = "symbols"


@dataclass(frozen=True)
class _Tap:
    """One input under the window with the weight above it."""

    channel: int
    row: int
    column: int
    kernel_row: int
    kernel_column: int
    value: float
    weight: float
    is_outside: bool


def formula(trace: Trace, style: Style, notation: Notation, *, most: int = MOST_TERMS) -> str:
    """How one output is made of what it reads. Indices count from 0, rows before columns; x is the input, w the kernel.

    Parameters
    ----------
    trace
        The output.
    style, notation
        How it is written.
    most
        Terms that are written out; how many are left out is said.

    Examples
    --------
    >>> import numpy as np
    >>> from convstudio.core.evaluate import evaluate
    >>> from convstudio.core.frame import Frame
    >>> from convstudio.core.recipe_text import recipe_from
    >>> from convstudio.insight.trace import trace
    >>> frame = Frame(np.array([[[10.0], [4.0]]]), white=10.0)
    >>> found = trace(evaluate(recipe_from("conv [1 -1] padding valid bias 2"), frame), 0, 0, 0, 0)
    >>> formula(found, Style.TEXT, Notation.NUMBERS)
    'y[0, 0] = 10·1 + 4·(−1) + 2 = 8'
    >>> formula(found, Style.LATEX, Notation.SYMBOLS)
    'y_{0,0} = w_{0,0}\\\\,x_{0,0} + w_{0,1}\\\\,x_{0,1} + b = 8'
    """
    write = _Writer(style, notation, has_channels=trace.step.input.channels > 1)
    left = write.indexed("y", *((trace.unit.channel,) if trace.step.output.channels > 1 else ()), *trace.unit[1:])
    return f"{left} = {_right(trace, write, most)} = {write.number(trace.result)}"


def _right(trace: Trace, write: "_Writer", most: int) -> str:
    taps = list(_taps(trace))
    match trace.operation:
        case Operation.SUM:
            terms = [write.product(tap) for tap in taps]
            bias = [] if not hasattr(trace.step.layer, "bias") else [write.bias(trace.bias)]
            return " + ".join(_shortened(terms, most, write) + bias) or write.number(0.0)
        case Operation.AVERAGE:
            inside = " + ".join(_shortened([write.value(tap) for tap in taps], most, write))
            return write.mean(inside, trace.divisor)
        case Operation.LARGEST:
            rivals = [write.value(tap) for tap in taps if not tap.is_outside]
            return write.largest(", ".join(_shortened(rivals, most, write)))
        case Operation.CURVE:
            layer = trace.step.layer
            assert isinstance(layer, Activation)
            return write.curve(layer.kind, write.value(taps[0]))
        case Operation.COPY:
            return write.value(taps[0])


def _shortened(terms: list[str], most: int, write: "_Writer") -> list[str]:
    if len(terms) <= most:
        return terms
    return [*terms[: most - 1], write.left_out(len(terms) - most), terms[-1]]


def _taps(trace: Trace) -> Iterator[_Tap]:
    taps = trace.taps
    for c, channel in enumerate(taps.channels.tolist()):
        for i, row in enumerate(taps.rows.places.tolist()):
            for j, column in enumerate(taps.columns.places.tolist()):
                sources = int(taps.rows.sources[i]), int(taps.columns.sources[j])
                is_outside = OUTSIDE in sources
                yield _Tap(
                    channel=channel,
                    row=row if is_outside else sources[0],
                    column=column if is_outside else sources[1],
                    kernel_row=int(taps.rows.cells[i]),
                    kernel_column=int(taps.columns.cells[j]),
                    value=float(taps.values[c, i, j]),
                    weight=float(taps.weights[c, i, j]),
                    is_outside=is_outside,
                )


@dataclass(frozen=True)
class _Writer:
    """How the parts of a formula are written."""

    style: Style
    notation: Notation
    has_channels: bool

    @property
    def _is_latex(self) -> bool:
        return self.style is Style.LATEX

    def number(self, value: float) -> str:
        text = number(value, digits=7)
        if not self._is_latex:
            return text
        mantissa, _, power = text.replace("−", "-").partition("e")
        return f"{mantissa} \\cdot 10^{{{power}}}" if power else mantissa

    def indexed(self, name: str, *indices: int) -> str:
        if self._is_latex:
            return f"{name}_{{{','.join(map(str, indices))}}}"
        return f"{name}[{', '.join(map(str, indices))}]"

    def value(self, tap: _Tap) -> str:
        if self.notation is Notation.NUMBERS or tap.is_outside:
            return self._enclosed(tap.value)
        return self.indexed("x", *((tap.channel,) if self.has_channels else ()), tap.row, tap.column)

    def product(self, tap: _Tap) -> str:
        if self.notation is Notation.NUMBERS:
            times = " \\cdot " if self._is_latex else "·"
            return f"{self._enclosed(tap.value)}{times}{self._enclosed(tap.weight)}"
        channel = (tap.channel,) if self.has_channels else ()
        weight = self.indexed("w", *channel, tap.kernel_row, tap.kernel_column)
        times = "\\," if self._is_latex else "·"
        if tap.is_outside:
            times = " \\cdot " if self._is_latex else "·"
        return f"{weight}{times}{self.value(tap)}"

    def bias(self, value: float) -> str:
        return self._enclosed(value) if self.notation is Notation.NUMBERS else "b"

    def mean(self, inside: str, divisor: int) -> str:
        return f"\\frac{{{inside}}}{{{divisor}}}" if self._is_latex else f"({inside}) ÷ {divisor:,}"

    def largest(self, inside: str) -> str:
        return f"\\max\\{{{inside}\\}}" if self._is_latex else f"max({inside})"

    def left_out(self, count: int) -> str:
        words = f"{count:,} more"
        return f"\\underbrace{{\\cdots}}_{{\\text{{{words}}}}}" if self._is_latex else f"… ({words})"

    def curve(self, kind: ActivationKind, inside: str) -> str:
        plain: dict[ActivationKind, Callable[[str], str]] = {
            ActivationKind.ABSOLUTE: lambda text: f"|{text.strip('()')}|",
        }
        names = {
            ActivationKind.RELU: "ReLU",
            ActivationKind.LEAKY_RELU: "LeakyReLU",
            ActivationKind.SIGMOID: "σ",
            ActivationKind.TANH: "tanh",
        }
        if kind in plain:
            return plain[kind](inside)
        inside = inside.removeprefix("(").removesuffix(")") if self.notation is Notation.NUMBERS else inside
        if not self._is_latex:
            return f"{names[kind]}({inside})"
        latex = {ActivationKind.SIGMOID: "\\sigma", ActivationKind.TANH: "\\tanh"}
        name = latex.get(kind, f"\\mathrm{{{names[kind]}}}")
        return f"{name}({inside})"

    def _enclosed(self, value: float) -> str:
        text = self.number(value)
        return f"({text})" if value < 0 else text
