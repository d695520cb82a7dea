"""What a kernel does, in one or two sentences: the lead of THE KERNEL EXAMINED."""

from collections.abc import Callable

from convstudio.core.wording import counted, number
from convstudio.insight.kernel.character import Character, Kind

UPRIGHT = 10.0  # degrees from the vertical or the horizontal up to which edges are called so
COMPASS = (
    "to the right",
    "towards the upper right",
    "upwards",
    "towards the upper left",
    "to the left",
    "towards the lower left",
    "downwards",
    "towards the lower right",
)


def lead_sentence(character: Character) -> str:
    """What the kernel does, and what becomes of even areas."""
    return f"{deed_sentence(character)} {brightness_sentence(character)}".strip()


def deed_sentence(character: Character) -> str:
    """What a kernel does to a picture."""
    return _DEEDS[character.kind](character)


def brightness_sentence(character: Character) -> str:
    """What becomes of even areas; nothing where the deed has said it already."""
    total = character.brightness
    told = number(total, digits=4)
    if character.kind is Kind.IDENTITY or character.kind is Kind.NOTHING:
        return ""
    if told == "1":
        return "The brightness of even areas stays."
    if told == "0" or (character.kind in (Kind.EDGES, Kind.LINES, Kind.CORNERS) and abs(total) < 1e-9 * character.most):
        return "Even areas become 0."
    if total < 0:
        return f"The brightness of even areas is multiplied by {told}, so bright and dark change places."
    return f"The brightness of even areas is multiplied by {told}."


def _moves_sentence(character: Character) -> str:
    return f"This kernel moves the picture {_moved(*character.moved)}."


def _smooths_sentence(character: Character) -> str:
    if character.along is None:
        return "This kernel smooths in every direction."
    return f"This kernel smooths along {_line(character.along)}; detail across it stays."


def _sharpens_sentence(character: Character) -> str:
    most = number(character.most, digits=3)
    return f"This kernel sharpens: fine detail passes up to {most} times as strongly as even areas."


def _lines_sentence(character: Character) -> str:
    assert character.along is not None
    return f"This kernel finds {_oriented('lines', character.along)}, and both sides of edges that run so."


def _embosses_sentence(character: Character) -> str:
    slope = _compass(character.towards)
    return f"This kernel embosses: the picture looks like a relief, brightest where it gets brighter {slope}."


def _mixed_sentence(character: Character) -> str:
    return (
        f"This kernel neither smooths nor sharpens: some waves pass {_times(character.least)}, "
        f"others {_times(character.most)} as even areas."
    )


def _times(gain: float) -> str:
    text = number(gain, digits=2)
    return "just as strongly" if text == "1" else f"{text} times as strongly"


def _edges_sentence(character: Character) -> str:
    if character.along is None:
        return "This kernel finds edges in every direction."
    edges = _oriented("edges", character.along)
    if character.towards is None:
        return f"This kernel finds {edges}."
    return f"This kernel finds {edges}: positive where it gets brighter {_compass(character.towards)}."


def _oriented(what: str, along: float) -> str:
    if abs(along - 90) <= UPRIGHT:
        return f"vertical {what}"
    if min(along, 180 - along) <= UPRIGHT:
        return f"horizontal {what}"
    if along < 90:
        return f"{what} that rise to the right at {number(round(along))}°"
    return f"{what} that fall to the right at {number(round(180 - along))}°"


def _line(along: float) -> str:
    if round(along) in (0, 180):
        return "the rows"
    if round(along) == 90:
        return "the columns"
    return f"a line at {number(round(along))}°"


def _compass(towards: float | None) -> str:
    return "on one side" if towards is None else COMPASS[round(towards / 45) % 8]


def _moved(down: int, right: int) -> str:
    parts = []
    for count, positive, negative in ((right, "to the right", "to the left"), (down, "down", "up")):
        if count:
            parts.append(f"{counted(abs(count), 'pixel')} {positive if count > 0 else negative}")
    return " and ".join(parts)


_DEEDS: dict[Kind, Callable[[Character], str]] = {
    Kind.NOTHING: lambda _: "All weights are 0, so every output is the bias alone.",
    Kind.IDENTITY: lambda _: "This kernel leaves the picture exactly as it is.",
    Kind.SCALES: lambda _: "This kernel changes the brightness only: each output is one pixel times one weight.",
    Kind.MOVES: _moves_sentence,
    Kind.SMOOTHS: _smooths_sentence,
    Kind.SHARPENS: _sharpens_sentence,
    Kind.EDGES: _edges_sentence,
    Kind.LINES: _lines_sentence,
    Kind.CORNERS: lambda _: "This kernel finds corners and crossings; edges in some directions give nothing.",
    Kind.EMBOSSES: _embosses_sentence,
    Kind.MIXED: _mixed_sentence,
}
