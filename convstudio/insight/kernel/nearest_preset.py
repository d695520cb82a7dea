"""Which preset a kernel is, or is most like, by cosine similarity with anchor on anchor.

Rows and columns of zeros around a kernel change nothing: a 3×3 preset in a 5×5 grid still matches.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from convstudio.core.kernels.preset import Parameter, Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.core.kernels.size import MOST_CELLS, anchor
from convstudio.core.wording import number

Plane = NDArray[np.float64]

ALIKE = 0.95  # a name is claimed above this cosine
EXACT = 1 - 1e-9
OF_A_SET = 0.002  # how much more alike a filter of a set has to be than a kernel with a name of its own
FRAME = MOST_CELLS + 2  # holds every kernel with its anchor in the middle, however it is turned
HALF = FRAME // 2

# How a preset with numbers is tried, besides with its own defaults.
_TRIED: dict[str, tuple[dict[str, float], ...]] = {
    "box": tuple({"size": size} for size in range(2, MOST_CELLS + 1)),
    "gaussian": tuple({"sigma": tenths / 10} for tenths in range(3, 51)),
    "disk": tuple({"radius": halves / 2} for halves in range(2, 21)),
    "motion": tuple({"length": length, "angle": angle} for length in (3, 5, 7, 9, 15) for angle in range(0, 180, 15)),
    "unsharp": tuple({"sigma": sigma, "amount": amount} for sigma in (0.5, 1, 1.5, 2) for amount in (0.5, 1, 1.5, 2)),
    "high-boost": tuple({"amount": tenths / 10} for tenths in range(5, 41)),
    "emboss": tuple({"angle": angle} for angle in range(0, 360, 15)),
    "log": tuple({"sigma": tenths / 10} for tenths in range(5, 38)),
    "gabor": tuple(
        {"theta": angle, "wavelength": wavelength, "sigma": sigma, "phase": phase}
        for angle in range(0, 180, 15)
        for wavelength, sigma in ((4, 1.5), (3, 1.5), (4, 3), (6, 3), (4, 5), (8, 5))
        for phase in (0, 90)
    ),
    "checker": tuple({"size": size} for size in range(2, MOST_CELLS + 1)),
    "pinwheel": tuple({"arms": arms, "size": size} for arms in range(2, 7) for size in (7, 9, 11, 15)),
}
_LEFT_OUT = ("random", "shift")  # shifts are tried as the kernel itself would have them


@dataclass(frozen=True)
class Nearest:
    """The named kernel that is most like another.

    Parameters
    ----------
    title
        Of the preset.
    detail
        What was chosen of it: its numbers, the number of the filter in a set; "" where there is nothing to choose.
    cosine
        How alike they are: 1 is the same up to a factor, 0 has nothing in common. Never negative.
    factor
        What the named kernel is multiplied by; negative where it is negated.
    quarters
        How many quarter turns, counter-clockwise, it is turned by.
    is_mirrored
        Whether left and right are exchanged before it is turned.
    """

    title: str
    detail: str
    cosine: float
    factor: float
    quarters: int = 0
    is_mirrored: bool = False

    @property
    def is_claimed(self) -> bool:
        """Whether they are alike enough to call the kernel by this name."""
        return self.cosine > ALIKE

    @property
    def is_exact(self) -> bool:
        """Whether they are the same up to the factor, the turn and rounding."""
        return self.cosine >= EXACT


@dataclass(frozen=True, eq=False)
class _Candidate:
    title: str
    detail: str
    plane: Plane
    handicap: float = 0.0


def nearest(applied: Plane) -> Nearest | None:
    """The preset with the largest |cosine|, turned and mirrored where that helps; None for a kernel of zeros.

    Of names that fit equally well the one that is neither negated nor turned is preferred, then the earlier one.

    Examples
    --------
    >>> preset = nearest(np.array([[0.25, 0, -0.25], [0.5, 0, -0.5], [0.25, 0, -0.25]]))
    >>> preset.title, preset.cosine, preset.factor, preset.quarters
    ('Sobel, left to right', 1.0, -0.25, 0)
    """
    length = float(np.linalg.norm(applied))
    if length == 0:
        return None
    fixed, of_fixed = _fixed()
    own = tuple(_of_size(applied))
    candidates = (*fixed, *own)
    handicaps = np.array([candidate.handicap for candidate in candidates])
    table = np.concatenate([of_fixed, _framed([candidate.plane for candidate in own])]) if own else of_fixed
    matches: list[tuple[float, int, int, Nearest]] = []
    for turns, (is_mirrored, quarters) in enumerate(product((False, True), range(4))):
        # turning the named kernel one way is turning this one back
        turned = np.rot90(applied, -quarters)
        turned = turned[:, ::-1] if is_mirrored else turned
        cosines = (table @ _framed([turned])[0]).round(12)
        for scores in (cosines - handicaps, -cosines - handicaps):
            place = int(scores.round(9).argmax())
            cosine, named = float(cosines[place]), candidates[place]
            factor = round(cosine * length / float(np.linalg.norm(named.plane)), 12)
            match = Nearest(named.title, named.detail, abs(cosine), factor, quarters, is_mirrored)
            penalty = 2 * turns + (factor < 0)  # a plain name is best, then a negated one, then a turned one
            matches.append((-round(float(scores[place]), 9), penalty, place, match))
    return min(matches, key=lambda entry: entry[:3])[3]


@lru_cache(maxsize=1)
def _fixed() -> tuple[tuple[_Candidate, ...], Plane]:
    """The candidates that do not depend on the kernel, and all of them as rows of length 1."""
    candidates = tuple(
        candidate for preset in PRESETS if preset.key not in _LEFT_OUT for candidate in _of_preset(preset)
    )
    return candidates, _framed([candidate.plane for candidate in candidates])


def _of_preset(preset: Preset) -> Iterator[_Candidate]:
    for values in ({}, *_TRIED.get(preset.key, ())):
        filters = build(preset, **values)
        for place, plane in enumerate(filters):
            if len(filters) > 1:
                yield _Candidate(preset.title, f"filter {place + 1} of {len(filters)}", plane, OF_A_SET)
            else:
                parameters = {
                    name: preset.defaults[name] for name in next(iter(_TRIED.get(preset.key, ())), preset.defaults)
                }
                yield _Candidate(preset.title, _detail(preset, {**parameters, **values}), plane)


def _of_size(applied: Plane) -> Iterator[_Candidate]:
    """Named kernels whose numbers follow from this kernel: bells cut off at its size, and its shift."""
    height, width = applied.shape
    bell, shift = find("gaussian"), find("shift")
    if height == width > 1:
        for values in _TRIED["gaussian"]:
            sized = {**values, "size": height}
            yield _Candidate(bell.title, _detail(bell, sized), build(bell, **sized)[0])
    places = np.argwhere(applied)
    if len(places) == 1:
        row, column = places[0].tolist()
        moved = {"right": float(anchor(width) - column), "down": float(anchor(height) - row)}
        if any(moved.values()):
            yield _Candidate(shift.title, _detail(shift, moved), build(shift, **moved)[0])


def _detail(preset: Preset, values: dict[str, float]) -> str:
    return ", ".join(
        f"{_named(parameter)} {number(values[parameter.name])}{'°' if parameter.unit == '°' else ''}"
        for parameter in preset.parameters
        if parameter.name in values and not (parameter.name == "size" and values["size"] == 0)
    )


def _named(parameter: Parameter) -> str:
    """What a number is called within a sentence: "blur σ", "size"."""
    title = parameter.title.partition(" (")[0]
    return title[0].lower() + title[1:]


def _framed(planes: list[Plane]) -> Plane:
    """Kernels of length 1 as rows of one table, all with their anchors at the same place."""
    table = np.zeros((len(planes), FRAME, FRAME))
    for place, plane in enumerate(planes):
        top, left = HALF - anchor(plane.shape[0]), HALF - anchor(plane.shape[1])
        table[place, top : top + plane.shape[0], left : left + plane.shape[1]] = plane / np.linalg.norm(plane)
    return table.reshape(len(planes), -1)
