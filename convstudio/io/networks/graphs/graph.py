"""A network as its file describes it: operators with their names, and the numbers they take. No library's types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]
Attribute = int | float | str | tuple[int, ...] | tuple[float, ...] | Array | None


@dataclass(frozen=True, eq=False)
class Node:
    """One operator: what it takes and what it gives, by name. An input that is left out is ""."""

    operator: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Mapping[str, Attribute] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """As a sentence names it: the operator, and which of them."""
        name = self.name or (self.outputs[0] if self.outputs else "")
        return f"{self.operator} “{printed(name)}”" if name else self.operator

    def input(self, index: int) -> str:
        """The name of an input; "" where there is none."""
        return self.inputs[index] if index < len(self.inputs) else ""

    def whole(self, name: str, default: int) -> int:
        """A whole number among the attributes."""
        value = self.attributes.get(name)
        return int(value) if isinstance(value, int | float) else default

    def real(self, name: str, default: float) -> float:
        """A number among the attributes."""
        value = self.attributes.get(name)
        return float(value) if isinstance(value, int | float) else default

    def text(self, name: str, default: str) -> str:
        """A word among the attributes."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) else default

    def wholes(self, name: str) -> tuple[int, ...] | None:
        """Whole numbers among the attributes; None where they are left out."""
        value = self.attributes.get(name)
        return tuple(int(number) for number in value) if isinstance(value, tuple) else None


@dataclass(frozen=True, eq=False)
class Graph:
    """All operators of a network.

    Parameters
    ----------
    tensors
        The numbers that the file holds, by name.
    inputs
        What the network reads, without what the file holds: the length of each axis, None where any will do.
    outputs
        The names of what it gives.
    version
        Of the set of operators, by which the meaning of some has changed.
    """

    nodes: tuple[Node, ...]
    tensors: Mapping[str, Array]
    inputs: Mapping[str, tuple[int | None, ...]]
    outputs: tuple[str, ...]
    version: int


LONGEST_NAME = 60  # letters of a name in a sentence


def printed(name: str) -> str:
    """A name out of a file as it can be shown: one line, no signs that turn the writing round, not too long."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in name)
    return plain if len(plain) <= LONGEST_NAME else f"{plain[:20]}…{plain[-(LONGEST_NAME - 21) :]}"
