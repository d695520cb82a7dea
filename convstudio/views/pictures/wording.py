"""What the panes say in words: the display range, what lies outside of it, and what is still a preview."""

import numpy as np

from convstudio.core.display.pictures import Picture
from convstudio.core.display.ranges import Scale, is_measured
from convstudio.core.evaluation.needed_regions import whole_reader
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.view.sampling import GRID
from convstudio.core.view.shown import SMALL, Shown, maps_at, units_of
from convstudio.core.wording import counted, number, percent

MODE_NAMES = {
    DisplayMode.AUTOMATIC: "Automatic",
    DisplayMode.SIGNED: "Signed",
    DisplayMode.CLIP: "Clip",
    DisplayMode.ABSOLUTE: "Absolute",
    DisplayMode.OFFSET: "Offset",
    DisplayMode.STRETCH: "Stretch",
}
MODE_TIPS = {
    DisplayMode.AUTOMATIC: "Signed where a filter takes differences, so that values swing around zero; otherwise clip.",
    DisplayMode.SIGNED: "Negative values are blue, positive values are orange, zero is between them.",
    DisplayMode.CLIP: "Zero is black, full brightness is white; what lies outside is cut off on screen.",
    DisplayMode.ABSOLUTE: "The sign is dropped: zero is black, the largest magnitude is white.",
    DisplayMode.OFFSET: "Zero is mid-grey, darker is negative, brighter is positive.",
    DisplayMode.STRETCH: "The smallest value is black, the largest is white.",
}


def display_sentence(picture: Picture) -> str:
    """How the numbers of a picture became its colours."""
    low, high = number(picture.low), number(picture.high)
    match picture.mode:
        case DisplayMode.SIGNED:
            return "signed: blue < 0, orange > 0"
        case DisplayMode.ABSOLUTE:
            return f"absolute: black 0, white {high} or −{high}"
        case DisplayMode.OFFSET:
            return f"offset: mid-grey is 0, black {low}, white {high}"
        case DisplayMode.STRETCH:
            return f"stretch: black {low}, white {high}"
        case _:
            return f"clip: black {low}, white {high}"


def parts_sentence(shown: Shown, *, is_input: bool) -> str:
    """Whether a map is exact or still a preview; "" where it was computed whole."""
    plan, preview = shown.result.plan, shown.result.preview
    if preview is None:
        return ""
    small = preview.plan.source
    reader = whole_reader(plan, shown.input_index if is_input else shown.output_index)
    if reader is None:
        return "exact" if shown.is_exact else f"preview from {small.width}×{small.height}"
    if shown.is_exact:
        return f"exact: {reader.title} has read its whole input, {reader.input}"
    return f"preview: {reader.title} needs its whole input, {reader.input}; this is from {small.width}×{small.height}"


def measured_sentence(shown: Shown, *, is_input: bool) -> str:
    """From what the display range was measured, where that is less than the whole map; else ""."""
    index, picture = (shown.input_index, shown.input) if is_input else (shown.output_index, shown.output)
    display = shown.result.document.display if index >= 0 else Display()
    if shown.result.is_whole or not is_measured(Display(picture.mode, display.limit), Scale(1.0, is_signed=False)):
        return ""
    if whole_reader(shown.result.plan, index) is not None:
        return "measured on the preview"
    return f"measured on {GRID * GRID} small pieces spread over it"


def loss_sentence(picture: Picture) -> str:
    """How much of the picture lies outside of the display range, or ""."""
    if picture.clipped <= 0:
        return ""
    return f"{percent(picture.clipped, step=0.1)} of the values lie outside of the colour bar"


def shares_sentence(shown: Shown, *, is_gallery: bool) -> str:
    """How much of the shown output is negative, and how much is clipped by the display range.

    It counts all numbers of a list, all maps of an open gallery, or else the one map.
    """
    about = "" if shown.result.is_whole else "about "
    units = units_of(shown, is_input=False)
    if units is not None:
        below = float(np.mean(units < 0))
        whose = "the one output" if len(units) == 1 else f"the {counted(len(units), 'output')}"
        return f"{about}{percent(below)} of {whose} negative"
    total, gallery = maps_at(shown.result, shown.output_index), shown.output_gallery
    if is_gallery and gallery:
        first = "first " if len(gallery) < total else ""
        negative = sum(picture.negative for picture in gallery) / len(gallery)
        clipped = sum(picture.clipped for picture in gallery) / len(gallery)
        shape = shown.result.plan.shape_at(shown.output_index)
        about = about or ("about " if max(shape.height, shape.width) > SMALL else "")
        whose = f"{first}{counted(len(gallery), 'map')}: "
    else:
        negative, clipped = shown.output.negative, shown.output.clipped
        whose = f"map {shown.selection.output_map + 1}: " if total > 1 else ""
    return f"{whose}{about}{percent(negative)} negative, {percent(clipped)} clipped"
