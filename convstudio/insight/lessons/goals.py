"""Goals: what a person does in a step, as conditions that the program checks. Texts are not shown here.

A goal is written `label: condition`, goals are divided by `|`, and a condition is made of clauses joined by `and`:
`output width = 6`, `pins > 0`, `stage = weights`, `picture changed`, `output at 3,2 same`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.text import read_number

Reader = Callable[[str], object]
"""What is behind a name at a moment: a number, a word, or a value that is compared."""


class Relation(StrEnum):
    """What a clause says of what is behind a name."""

    EQUAL = "="
    ABOVE = ">"
    BELOW = "<"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Clause:
    """One part of a condition; a value belongs to a comparison."""

    name: str
    relation: Relation
    value: str = ""


@dataclass(frozen=True)
class Goal:
    """Something to do, in a few words, and what is true once it is done."""

    label: str
    clauses: tuple[Clause, ...]


_COMPARED = re.compile(r"(.+?)\s*([=<>])\s*(.+)")
_WITHOUT_VALUE = re.compile(r"(.+?)\s+(changed|same)")


def goals_from(text: str) -> tuple[Goal, ...]:
    """The goals of a line.

    Raises
    ------
    ConvStudioError
        If a goal has no label or a clause is none of these.

    Examples
    --------
    >>> goals_from("stride 2: stride = 2 | another kernel: kernel changed")[1].clauses[0].name
    'kernel'
    """
    return tuple(_goal(part.strip()) for part in text.split("|") if part.strip())


def is_met(goal: Goal, before: Reader, now: Reader) -> bool:
    """Whether all clauses of a goal hold; what cannot be read is not met.

    Examples
    --------
    >>> (goal,) = goals_from("a larger output: output width > 4 and picture same")
    >>> is_met(goal, {"picture": 1}.get, {"output width": 6.0, "picture": 1}.get)
    True
    """
    try:
        return all(_holds(clause, before, now) for clause in goal.clauses)
    except ConvStudioError:
        return False


def _goal(text: str) -> Goal:
    label, colon, condition = text.partition(": ")
    if not colon:
        raise ConvStudioError(f"The goal “{text}” needs a few words, a colon and a condition; write both.")
    return Goal(label, tuple(_clause(part.strip()) for part in condition.split(" and ")))


def _clause(text: str) -> Clause:
    compared, plain = _COMPARED.fullmatch(text), _WITHOUT_VALUE.fullmatch(text)
    if compared:
        return Clause(compared[1], Relation(compared[2]), compared[3])
    if plain:
        return Clause(plain[1], Relation(plain[2]))
    raise ConvStudioError(f"“{text}” is no condition; write “name = value”, with < or >, or “name changed” or “same”.")


def _holds(clause: Clause, before: Reader, now: Reader) -> bool:
    present = now(clause.name)
    if clause.relation in (Relation.CHANGED, Relation.SAME):
        return (present == before(clause.name)) is (clause.relation is Relation.SAME)
    if isinstance(present, int | float):
        return _compares(present, clause.relation, read_number(clause.value))
    return clause.relation is Relation.EQUAL and present == clause.value


def _compares(present: float, relation: Relation, value: float) -> bool:
    if relation is Relation.EQUAL:
        return abs(present - value) <= 1e-6 * max(1.0, abs(present))
    return present > value if relation is Relation.ABOVE else present < value
