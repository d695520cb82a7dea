"""Arithmetic as people type it into a cell: "1/9", "−0,25", "2·(1 + 1/3)". Nothing is ever executed as code.

Rows, brackets and whole kernels are read in `text`.
"""

import math
import re

from convstudio.core.errors import ConvStudioError

MOST_CHARACTERS = 80  # of one expression: keeps the nesting, and so the recursion, small
SIGNS = str.maketrans(dict.fromkeys("−–‒﹣－", "-") | dict.fromkeys("×·⋅", "*") | dict.fromkeys("÷∕⁄", "/"))

_TOKEN = re.compile(r"\s*(?:((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?:[fFlL]|(\s*%))?(?![\w.])|([-+*/()]))", re.ASCII)


def value_of(text: str) -> float:
    """The value of an expression of numbers, percentages, + − * / and parentheses; a decimal point, not a comma.

    Raises
    ------
    ConvStudioError
        If it is anything else, divides by zero or is not finite.

    Examples
    --------
    >>> value_of("2 * (1 − 1/4)")
    1.5
    """
    if len(text) > MOST_CHARACTERS:
        raise ConvStudioError(
            f"“{text[:20]}…” has {len(text)} characters, but a number may have {MOST_CHARACTERS}; write it shorter."
        )
    try:
        result = _Reader(text).everything()
    except ZeroDivisionError:
        raise ConvStudioError(f"“{text.strip()}” divides by zero; write another number.") from None
    if not math.isfinite(result):
        raise ConvStudioError(f"“{text.strip()}” is too large to be a number here; write a smaller one.")
    return result


class _Reader:
    """Reads one expression from left to right; each method reads one rule of its grammar."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._cut(text.translate(SIGNS).rstrip())
        self._position = 0

    def everything(self) -> float:
        result = self._sum()
        if self._next():
            raise self._refusal()
        return result

    def _sum(self) -> float:
        result = self._product()
        while self._next() in ("+", "-"):
            result = result + self._product() if self._take() == "+" else result - self._product()
        return result

    def _product(self) -> float:
        result = self._signed()
        while self._next() in ("*", "/"):
            result = result * self._signed() if self._take() == "*" else result / self._signed()
        return result

    def _signed(self) -> float:
        match self._take():
            case "+":
                return self._signed()
            case "-":
                return -self._signed()
            case "(":
                result = self._sum()
                if self._take() != ")":
                    raise self._refusal()
                return result
            case "" | ")" | "*" | "/":
                raise self._refusal()
            case digits:
                return float(digits)

    def _next(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._next()
        self._position += 1
        return token

    def _cut(self, text: str) -> list[str]:
        tokens, position = [], 0
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._refusal()
            tokens += ["(", match[1], "/", "100", ")"] if match[2] else [match[1] or match[3]]
            position = match.end()
        return tokens

    def _refusal(self) -> ConvStudioError:
        return ConvStudioError(f"“{self._text.strip()}” is not a number; write something like −1, 0.25 or 1/9.")
