"""The sentences of the Count stage."""

from fractions import Fraction

from convstudio.core.recipe.counts import Comparison, inputs_of_one_output
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted as counted_noun
from convstudio.core.wording import factor, integer, noun, number, rounded, row_and_column
from convstudio.insight.parameters.what_if import GroupsAnswer
from convstudio.insight.trace.taps import filter_of
from convstudio.views.explain.parameters.card import names_of_channels
from convstudio.views.explain.parameters.places import Counted

NO_PLAN = "Open a picture, or count the article's example."
NOTHING_CONVOLVES = "Nothing is convolved here yet. Add a convolution, or count the article's example."
MOST_NAMES = 24


def no_counts_sentence(step: Step | None) -> str:
    """Why there is nothing to compare."""
    if step is not None and isinstance(step.layer, Dense) and step.layer.enabled:
        return (
            f"{step.title} is fully connected itself: {counted_noun(step.weights, 'weight')} and "
            f"{counted_noun(step.biases, 'bias', 'biases')}. Select a convolution to compare."
        )
    return NOTHING_CONVOLVES


def caption_sentences(counted: Counted, scale: float, position: float, magnified: float) -> tuple[str, ...]:
    """What is at scale; the last may be left out where there is no room."""
    if magnified > 1.005:
        times = rounded(round(magnified)) if magnified >= 10 else number(magnified, digits=2)
        return f"{times} times nearer, and all at one scale.", "Turn the wheel back, or press 0, to see the whole."
    if counted.has_lines:
        outputs, inputs = counted.steps[0].output.size, counted.steps[0].input.size
        connections = counted.comparison.local.connections
        lines = (
            f"All {counted_noun(inputs, 'input')} and all {counted_noun(outputs, 'output')} are joined.",
            f"{counted_noun(connections, 'line')}, a weight for each of them.",
            f"{counted_noun(connections, 'line')}; what has one colour has one weight.",
        )
        return lines[round(position)], "The areas at the right are at scale."
    if scale >= 1.5:
        per_pixel = f"one pixel for {rounded(round(scale))} connections"
    else:
        per_pixel = f"{number(1 / scale, digits=2)} pixels for a connection"
    rests = (
        "Each of them has a weight of its own.",
        "Blue is what the windows connect.",
        f"The colour is the weight, {integer(counted.comparison.conv.weights)} in all.",
    )
    first = f"The whole area is the dense layer, {per_pixel}."
    return first, rests[round(position)], "Column: output. Row: input."


def block_names(counted: Counted) -> tuple[str, ...]:
    """What stands over the matrix: filters, or the layers of a stack."""
    if not counted.is_alone:
        return tuple(step.title for step in counted.steps)
    step = counted.steps[0]
    channels = step.output.channels
    if channels > MOST_NAMES:
        return (counted_noun(channels, "channel"),)
    is_each = isinstance(step.layer, Conv) and step.layer.channels is Channels.EACH
    if not is_each:
        return tuple(f"filter {place + 1}" for place in range(channels))
    names = names_of_channels(step.input.channels)
    return tuple(f"filter {filter_of(step, place) + 1}, {names[place % len(names)]}" for place in range(channels))


def input_names(counted: Counted) -> tuple[str, ...]:
    """What stands beside the matrix: the channels that are read."""
    channels = counted.steps[0].input.channels
    if channels > MOST_NAMES:
        return (counted_noun(channels, "channel"),)
    names = names_of_channels(channels)
    return names if channels == len(("red", "green", "blue")) else tuple(f"channel {name}" for name in names)


def place_sentence(step: Step, across: float, down: float) -> str:
    """Which output and input meet at a place of the matrix, 0 … 1 both ways."""
    sides = []
    for name, shape, share in (("Output", step.output, across), ("input", step.input, down)):
        place = min(int(share * shape.size), shape.size - 1)
        channel, rest = divmod(place, shape.height * shape.width)
        sides.append(f"{name} {row_and_column(*divmod(rest, shape.width), channel)}")
    return f"{sides[0]}, and {sides[1]}."


def sparsity_sentence(comparison: Comparison, step: Step | None) -> str:
    """What looking at a window saves.

    A step is the one layer that is counted, None a stack.
    """
    if comparison.sparsity is None:
        return "No window meets the picture: every output is its bias."
    if step is None:
        return f"{rounded(comparison.local.weights)} connections of {rounded(comparison.dense.weights)}."
    reads, size = inputs_of_one_output(step), step.input.size
    is_whole = isinstance(step.layer, Conv) and step.connections == step.multiply_adds  # for every window alike
    inputs = integer(size) if size < 10**6 else rounded(size)
    words = f"{factor(reads)} of {inputs} {noun(size, 'input')}"
    return f"An output sees {words}{'' if is_whole else ' on average'}."


def sharing_sentence(comparison: Comparison, step: Step | None) -> str:
    """What using a weight everywhere saves."""
    if comparison.sharing < 1:
        weights, local = comparison.conv.weights, comparison.local.weights
        return f"Nothing is shared: {counted_noun(weights, 'weight')}, {counted_noun(local, 'connection')}."
    if step is not None and comparison.conv.connections == comparison.conv.multiply_adds:
        places = round(comparison.sharing)
        return f"Each weight works at {integer(places) if places < 10**6 else rounded(places)} {noun(places, 'place')}."
    weights, work = comparison.conv.weights, rounded(comparison.local.weights)
    return f"{rounded(weights)} {noun(weights, 'weight')} {noun(weights, 'does', 'do')} the work of {work}."


def saving_text(saving: Fraction | None) -> str:
    """A factor in large type."""
    return f"÷ {rounded(saving)}" if saving is not None else "–"


def groups_title(answer: GroupsAnswer | None) -> str:
    """The question that the two cards answer."""
    if answer is None:
        return "With biases"
    return f"{integer(answer.together.parameters)} or {integer(answer.apart.parameters)}, with biases?"


def card_texts(answer: GroupsAnswer | None, step: Step | None) -> tuple[tuple[str, str, str], ...]:
    """For each card its number, how it is made, and what that means; none where nothing has a kernel."""
    if answer is not None:
        sees = answer.channels // answer.groups
        reads = "sees one" if sees == 1 else f"sees {sees}"
        return (
            (integer(answer.together.parameters), _formula(answer.filters, answer.kernel, answer.channels),
             "sees all channels"),
            (integer(answer.apart.parameters), _formula(answer.filters, answer.kernel, sees),
             f"groups {answer.groups}: {reads}"),
        )  # fmt: skip
    if step is None or not isinstance(step.layer, Conv | ConvTranspose) or not step.layer.enabled:
        return ()
    layer = step.layer
    if isinstance(layer, Conv) and layer.channels is Channels.EACH:
        return ((integer(step.parameters), _formula(layer.filters, layer.kernel, 1), "each channel alone"),)
    planes = step.weights // (layer.filters * layer.kernel.vertical * layer.kernel.horizontal)
    means = "of the one channel" if planes == 1 else f"sees {planes} channels"
    return ((integer(step.parameters), _formula(layer.filters, layer.kernel, planes), means),)


def _formula(filters: int, kernel: tuple[int, int], planes: int) -> str:
    """How many weights and biases so many filters have."""
    rows, columns = kernel
    over = "" if planes == 1 else f"·{planes}"
    return f"{filters} × ({rows}·{columns}{over} + 1)"
