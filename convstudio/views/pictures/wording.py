"""What the headers of the pictures say in words: which map, what automatic chose, and what is still a preview."""

from convstudio.core.display.ranges import Scale, is_measured
from convstudio.core.evaluation.needed_regions import whole_reader
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.view.sampling import GRID
from convstudio.core.view.shown import Shown, maps_at, units_of
from convstudio.core.wording import number

MODE_NAMES = {
    DisplayMode.AUTOMATIC: "Automatic",
    DisplayMode.SIGNED: "Signed",
    DisplayMode.CLIP: "Colour",
    DisplayMode.ABSOLUTE: "Strength",
    DisplayMode.OFFSET: "Offset",
    DisplayMode.STRETCH: "Stretch",
}
MODE_TIPS = {
    DisplayMode.AUTOMATIC: "Signed where a filter takes differences, so that values swing around zero; else as colour.",
    DisplayMode.SIGNED: "Zero is neutral, negative values are cool, positive ones are warm.",
    DisplayMode.CLIP: "As the picture: zero is black, full brightness is white, what lies outside is cut off.",
    DisplayMode.ABSOLUTE: "The sign is dropped: zero is black, the largest magnitude is white.",
    DisplayMode.OFFSET: "Zero is mid-grey, darker is negative, brighter is positive.",
    DisplayMode.STRETCH: "The smallest value is black, the largest is white.",
}
SMALLEST_SUM = 1e-9  # of weights: less is what rounding leaves of nothing


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


def input_note(shown: Shown) -> str:
    """What the header of the input says beside its title."""
    picture, frame, selection = shown.input, shown.result.frame, shown.selection
    is_source, ends = shown.input_index < 0, f"{number(shown.input.low)} to {number(shown.input.high)}"
    chosen = usual = ""
    if is_source and selection.source_range is not None:
        chosen = f"shown from {ends}"
    elif is_source and frame.narrow_range is not None and picture.mode is DisplayMode.CLIP:
        usual = f"shown from {ends}, where nearly all values lie"
    hidden = "transparent places take the colours around them" if is_source and frame.is_hidden_anywhere else ""
    return _joined(parts_sentence(shown, is_input=True), _map_name(shown, is_input=True), chosen or usual, hidden)


def output_note(shown: Shown) -> str:
    """What the header of the output says beside its title: which map, and why automatic chose what it shows."""
    reason = ""
    if shown.result.document.display.mode is DisplayMode.AUTOMATIC and shown.output_index >= 0:
        reason = automatic_sentence(shown)
    measured = measured_sentence(shown, is_input=False)
    if units_of(shown, is_input=False) is not None:
        reason = measured = ""
    return _joined(parts_sentence(shown, is_input=False), _map_name(shown, is_input=False), reason, measured)


def automatic_sentence(shown: Shown) -> str:
    """Why automatic shows an output signed; nothing where it is a picture like its input."""
    if shown.output.mode is not DisplayMode.SIGNED:
        return ""
    layer = shown.result.plan.steps[shown.output_index].layer
    is_difference = isinstance(layer, Conv | ConvTranspose) and abs(layer.weight.array.sum()) < SMALLEST_SUM
    return "signed, as the weights sum to 0" if is_difference else "signed, as values lie on both sides of 0"


def mean_note(shown: Shown, *, is_input: bool) -> str:
    """Of what a signed picture is, where it is no single map."""
    index, picture, channel = (
        (shown.input_index, shown.input, shown.selection.input_channel)
        if is_input
        else (shown.output_index, shown.output, shown.selection.output_channel)
    )
    is_mean = shown.result.plan.channels_per_map_at(index) == 3 and channel is None and not picture.is_colour
    return "Mean of red, green and blue" if is_mean else ""


def _map_name(shown: Shown, *, is_input: bool) -> str:
    """Which of several maps is large, and which colour of it."""
    selection = shown.selection
    index, place, channel = (
        (shown.input_index, selection.input_map, selection.input_channel)
        if is_input
        else (shown.output_index, selection.output_map, selection.output_channel)
    )
    total = maps_at(shown.result, index)
    name = f"map {place + 1} of {total:,}" if total > 1 and units_of(shown, is_input=is_input) is None else ""
    colour = "" if channel is None else f"{('red', 'green', 'blue')[channel]} alone"
    return _joined(name, colour)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
