"""Probed units: an output under the mouse and those that are pinned, with the colours that tell them apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from PySide6.QtGui import QColor

from convstudio.core.display.colours import Colours, SignedScale, limit_of, signed_colours
from convstudio.core.display.pictures import Picture
from convstudio.core.recipe.document import DisplayMode
from convstudio.core.view.shown import Shown
from convstudio.insight.trace.taps import Indices, Numbers
from convstudio.insight.trace.trace import Trace
from convstudio.views.theme import Tokens

TINT = 0.3  # of the unit's colour over an input that takes part
LIFT = 0.36  # of white below it, so that black inputs show their tint
VEIL = 0.8  # over an input that does not take part
MOST_SIDE = 32  # rows and columns of a grid that is shaded: a photograph is not veiled


class Role(StrEnum):
    """What a unit is to the person: the one that is pointed at, or one of the two that are pinned."""

    POINTED = "pointed"
    GREEN = "green"
    RED = "red"


@dataclass(frozen=True, eq=False)
class Probed:
    """An output with its calculation; `channels` are red, green and blue there where the output is a colour picture."""

    trace: Trace
    role: Role
    channels: tuple[float, ...] = ()


@dataclass(frozen=True)
class Shade:
    """The inputs that take part in a unit: where some rows and columns cross."""

    role: Role
    rows: frozenset[int]
    columns: frozenset[int]

    def holds(self, row: int, column: int) -> bool:
        """Whether an input takes part."""
        return row in self.rows and column in self.columns


def colour_of(role: Role, tokens: Tokens) -> QColor:
    """The colour of a unit's frame."""
    return {Role.POINTED: tokens.accent, Role.GREEN: tokens.pin_green, Role.RED: tokens.pin_red}[role]


def shade_of(probed: Probed) -> Shade:
    """The places of its layer's input that a unit looks at, those in the padding too."""
    taps = probed.trace.taps
    rows, columns = (frozenset(axis.places.tolist()) for axis in (taps.rows, taps.columns))
    return Shade(probed.role, rows, columns)


def mixed(under: QColor, over: QColor, share: float) -> QColor:
    """A colour laid over another, as one that lets nothing through."""
    pairs = zip((under.red(), under.green(), under.blue()), (over.red(), over.green(), over.blue()), strict=True)
    return QColor(*(round((1 - share) * below + share * above) for below, above in pairs))


def shaded(ground: QColor, place: tuple[int, int], shades: Sequence[Shade], tokens: Tokens) -> QColor:
    """The colour of an input while units are probed: tinted where it takes part, else veiled."""
    role = next((shade.role for shade in reversed(shades) if shade.holds(*place)), None)
    if role is None:
        return mixed(ground, tokens.window, VEIL) if shades else ground
    return mixed(mixed(ground, QColor("white"), LIFT), colour_of(role, tokens), TINT)


@dataclass(frozen=True, eq=False)
class Grounds:
    """The colours that numbers have in the picture that is on the screen."""

    picture: Picture
    is_whole: bool  # and not a preview, whose pixels are none of the map's

    def at(self, rows: Indices, columns: Indices, values: Numbers) -> Colours:
        """The colours of the pixels where some rows and columns cross, by their values where they are not there."""
        height, width, _ = self.picture.pixels.shape
        is_inside = all(
            len(places) == 0 or (places.min() >= 0 and places.max() < length)
            for places, length in ((rows, height), (columns, width))
        )
        if self.is_whole and is_inside:
            return np.ascontiguousarray(self.picture.pixels[rows[:, None], columns[None, :]])
        return self.of(values)

    def of(self, values: Numbers) -> Colours:
        """The colours of numbers on the scale of the picture."""
        picture = self.picture
        if picture.mode is DisplayMode.SIGNED and not picture.is_colour:
            return signed_colours(values, max(abs(picture.low), abs(picture.high)), picture.signed_scale)
        magnitudes = np.abs(values) if picture.mode is DisplayMode.ABSOLUTE else values
        return _greys(magnitudes, picture.low, picture.high)


def grounds_of_input(shown: Shown, trace: Trace, channel: int) -> Grounds | None:
    """Those of the input of a unit's layer, if that channel of it is on the screen."""
    index, depth = trace.index - 1, shown.result.plan.channels_per_map_at(trace.index - 1)
    if index != shown.input_index or channel // depth != shown.selection.input_map:
        return None
    return Grounds(shown.input, shown.result.is_whole)


def grounds_of_output(shown: Shown, trace: Trace) -> Grounds | None:
    """Those of the output that is on the screen, if it is that of a unit's layer."""
    depth = shown.result.plan.channels_per_map_at(trace.index)
    if trace.index != shown.output_index or trace.unit.channel // depth != shown.selection.output_map:
        return None
    return Grounds(shown.output, shown.result.is_whole)


def grounds_by_value(values: Numbers, scale: SignedScale) -> Colours:
    """Colours of numbers that no picture shows: signed where they swing around zero, else grey."""
    limit = limit_of(values)
    is_signed = bool((values < 0).any())
    return signed_colours(values, limit, scale) if is_signed else _greys(values, 0.0, limit)


def _greys(values: Numbers, low: float, high: float) -> Colours:
    with np.errstate(all="ignore"):
        shares = np.nan_to_num((values - low) / (high - low), nan=0.0, posinf=1.0, neginf=0.0)
    levels = np.rint(255 * np.clip(shares, 0, 1)).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=-1)
