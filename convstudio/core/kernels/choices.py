"""What a gallery of presets offers, in its order: presets, some with values that show at a glance what they do.

Every preset stands here once, or once for each of several values. What it makes of a picture is `view.previews`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np

from convstudio.core.kernels.preset import Filters, Preset, build
from convstudio.core.kernels.presets import find


class Purpose(StrEnum):
    """What somebody looks for; the values are the words of the gallery's filter."""

    EDGES = "Edges"
    SHARPEN = "Sharpen"
    BLUR = "Blur"
    TEXTURE = "Texture"
    MINE = "Mine"


@dataclass(frozen=True)
class PresetChoice:
    """A preset with a value of each of its parameters, under a short title that no other choice has."""

    preset: Preset
    title: str
    values: Mapping[str, float] = field(compare=False)

    @property
    def filters(self) -> Filters:
        """Its kernels (filters, height, width), read-only."""
        return _filters(self.preset, self.preset.make, tuple(self.values.items()))


@dataclass(frozen=True)
class Section:
    """Choices under one heading, and what they are for; None where it is none of the filter's words."""

    title: str
    purpose: Purpose | None
    choices: tuple[PresetChoice, ...]


def _choice(key: str, title: str = "", **values: float) -> PresetChoice:
    preset = find(key)
    return PresetChoice(preset, title or preset.title, preset.defaults | values)


SECTIONS: tuple[Section, ...] = (
    Section("Edges", Purpose.EDGES, (
        _choice("sobel-x", "Sobel, vertical"),
        _choice("sobel-y", "Sobel, horizontal"),
        _choice("laplacian-4", "Laplacian"),
        _choice("outline"),
    )),
    Section("Sharpen and relief", Purpose.SHARPEN, (
        _choice("sharpen-4", "Sharpen"),
        _choice("sharpen-8", "Strong sharpen"),
        _choice("emboss"),
        _choice("unsharp"),
    )),
    Section("Blur", Purpose.BLUR, (
        _choice("box", "Box 9 × 9", size=9),
        _choice("gaussian", "Gaussian, σ 3", sigma=3),
        _choice("motion", "Motion, 45°", length=15, angle=45),
        _choice("disk", "Disc, radius 5", radius=5),
    )),
    Section("Texture", Purpose.TEXTURE, (
        _choice("gabor", "Gabor, 0°", theta=0, wavelength=8, sigma=3),
        _choice("gabor", "Gabor, 45°", theta=45, wavelength=8, sigma=3),
        _choice("gabor", "Gabor, 90°", theta=90, wavelength=8, sigma=3),
        _choice("log", "Spot (LoG)", sigma=2.5),
    )),
    Section("More edges", Purpose.EDGES, (
        _choice("sobel-45", "Sobel, rising"),
        _choice("sobel-135", "Sobel, falling"),
        _choice("sobel"),
        _choice("scharr-x", "Scharr, vertical"),
        _choice("scharr-y", "Scharr, horizontal"),
        _choice("prewitt-x", "Prewitt, vertical"),
        _choice("prewitt-y", "Prewitt, horizontal"),
        _choice("difference-x", "Difference, across"),
        _choice("difference-y", "Difference, down"),
        _choice("roberts"),
        _choice("kirsch-n"),
        _choice("kirsch"),
        _choice("robinson"),
        _choice("frei-chen"),
        _choice("article-vertical", "Article, vertical"),
        _choice("article-horizontal", "Article, horizontal"),
    )),
    Section("Curvature", Purpose.EDGES, (
        _choice("laplacian-8", "Laplacian, 8 around"),
        _choice("second-x", "Second, across"),
        _choice("second-y", "Second, down"),
        _choice("second-xy", "Second, mixed"),
        _choice("point"),
        _choice("dog", "Narrow − wide blur"),
    )),
    Section("Lines", Purpose.EDGES, (
        _choice("line-horizontal"),
        _choice("line-vertical"),
        _choice("line-45"),
        _choice("line-135"),
        _choice("lines", "Four directions"),
    )),
    Section("More sharpening", Purpose.SHARPEN, (_choice("high-boost"),)),
    Section("More blur", Purpose.BLUR, (
        _choice("binomial"),
        _choice("box", "Box 3 × 3"),
    )),
    Section("More texture", Purpose.TEXTURE, (
        _choice("gabor-bank"),
        _choice("checker"),
        _choice("pinwheel"),
        _choice("laws", "Laws set"),
    )),
    Section("Basic", None, (
        _choice("identity"),
        _choice("shift", "Shift by 8", right=8),
        _choice("random"),
    )),
)  # fmt: skip

CHOICES: tuple[PresetChoice, ...] = tuple(choice for section in SECTIONS for choice in section.choices)


def present(filters: Filters, mine: Sequence[PresetChoice] = ()) -> PresetChoice | None:
    """The choice whose kernels (filters, height, width) these are, but for rounding; None where there is none.

    `mine` are the person's own, which come first.

    Examples
    --------
    >>> present(np.array([[[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]]])).title
    'Sharpen'
    """
    for choice in (*mine, *CHOICES):
        kernels = choice.filters
        if kernels.shape == filters.shape and np.allclose(kernels, filters, rtol=1e-9, atol=1e-12):
            return choice
    return None


@lru_cache(maxsize=1024)
def _filters(preset: Preset, _make: Callable[..., Filters], values: tuple[tuple[str, float], ...]) -> Filters:
    """Kept for each function: two kernels of a person may have had one name."""
    filters = build(preset, **dict(values))
    filters.flags.writeable = False
    return filters


def matching(text: str, purpose: Purpose | None = None, mine: tuple[PresetChoice, ...] = ()) -> tuple[Section, ...]:
    """The sections with what has all the words of a text in its titles, its name or its description.

    The person's own kernels stand before the presets.

    Examples
    --------
    >>> [choice.title for section in matching("wave one direction 45°") for choice in section.choices]
    ['Gabor, 45°']
    """
    words = text.casefold().split()
    sections = []
    for section in (Section("Mine", Purpose.MINE, mine), *SECTIONS):
        choices = tuple(choice for choice in section.choices if all(word in _described(choice) for word in words))
        if choices and purpose in (None, section.purpose):
            sections.append(Section(section.title, section.purpose, choices))
    return tuple(sections)


def in_rows(sections: tuple[Section, ...], columns: int) -> tuple[Section, ...]:
    """The sections with no more than one row of the first of each purpose; its others begin the next one.

    Examples
    --------
    >>> [len(section.choices) for section in in_rows(SECTIONS[:6], 3)]
    [3, 4, 4, 4, 17, 6]
    """
    arranged = list(sections)
    for place, section in enumerate(sections):
        is_first = all(other.purpose != section.purpose for other in sections[:place])
        following = (later for later in range(place + 1, len(sections)) if sections[later].purpose == section.purpose)
        target = next(following, None)
        if is_first and target is not None and columns < len(section.choices):
            arranged[place] = replace(section, choices=section.choices[:columns])
            arranged[target] = replace(sections[target], choices=section.choices[columns:] + sections[target].choices)
    return tuple(arranged)


def _described(choice: PresetChoice) -> str:
    preset = choice.preset
    return f"{choice.title} {preset.title} {preset.key} {preset.group} {preset.description}".casefold()
