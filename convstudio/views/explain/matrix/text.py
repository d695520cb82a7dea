"""The weight matrix in words, with the numbers of the present picture. Cells and colours are painted elsewhere."""

from fractions import Fraction

from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense, Pool
from convstudio.core.wording import counted, equals, factor, noun, number, part_of, row_and_column
from convstudio.insight.matrix.entries import BLANK
from convstudio.insight.matrix.weight_matrix import Mode, NoMatrix, Reason, WeightMatrix
from convstudio.views.explain.matrix.cells import letters, plane_and_place
from convstudio.views.explain.matrix.links import Pointed
from convstudio.views.explain.trace.text import channel_name

NO_MATRIX = {
    Reason.NO_LAYER: "The photo has no weights. Select a convolution in the layer list to see it as one matrix.",
    Reason.SWITCHED_OFF: "{title} is switched off: as a matrix it would have 1 on its diagonal and nothing else.",
    Reason.LARGEST: (
        "{title} is not linear: which input wins depends on the picture, so no fixed matrix does the same. "
        "An average pool has one."
    ),
    Reason.CURVE: (
        "{title} is a curve applied to each value by itself. It mixes no inputs and is not linear, so it has no matrix."
    ),
    Reason.TOO_WIDE: (
        "Each output of {title} is the mean of more inputs than can be told apart: a row of its matrix has {inputs} "
        "columns. Use a smaller window or picture to see it."
    ),
}


def no_matrix_sentence(answer: NoMatrix) -> str:
    """Why there is no matrix."""
    if answer.step is None:
        return NO_MATRIX[Reason.NO_LAYER]
    return NO_MATRIX[answer.reason].format(title=answer.step.title, inputs=f"{answer.step.input.size:,}")


def lead_sentence(matrix: WeightMatrix, mode: Mode) -> str:
    """What the matrix is and how many weights it holds."""
    layer, places, weights = matrix.step.layer, matrix.places_in(mode), matrix.weights_in(mode)
    has_places = matrix.places_in(Mode.TIED) > 0
    if mode is Mode.TIED or isinstance(layer, Dense) or (mode is Mode.CUT and not has_places):
        return _tied_sentence(matrix)
    match mode:
        case Mode.CUT if isinstance(layer, Pool):
            return f"Ties cut (locally connected): {_held(places, 'place', weights)}, free to be learned."
        case Mode.CUT:
            return f"Ties cut (locally connected): {_held(places, 'place', weights)} {_instead(matrix, mode)}."
        case _ if isinstance(layer, Pool) or not has_places:
            return f"Blanks filled (dense): {_all_held(places, weights)}, free to be learned."
        case _:
            return f"Blanks filled (dense): {_all_held(places, weights)} {_instead(matrix, mode)}."


def title_sentence(matrix: WeightMatrix, mode: Mode, pointed: Pointed | None) -> str:
    """What is pointed at, in a few words; with nothing pointed at, what the matrix is made of."""
    match pointed:
        case Pointed(row=int(row)):
            return f"Row {row + 1:,} makes the {number(float(matrix.product[row]))}"
        case Pointed(column=int(column)):
            return f"Column {column + 1:,} takes in the {number(float(matrix.inputs[column]))}"
        case Pointed(weight=int(weight)):
            twins = int(matrix.twins_in(Mode.TIED, (weight,)).sum())
            return f"{letters(plane_and_place(matrix, weight)[1])} stands at {counted(twins, 'place')}"
        case _:
            return _rest_title(matrix, mode)


def _rest_title(matrix: WeightMatrix, mode: Mode) -> str:
    places, weights = matrix.places_in(mode), matrix.weights_in(mode)
    if not places:
        return "No weight meets the picture here"
    if mode is Mode.TIED and weights < places:
        return f"{counted(weights, 'weight')} {noun(weights, 'makes', 'make')} {counted(len(matrix.product), 'output')}"
    if mode is Mode.FILLED or isinstance(matrix.step.layer, Dense):
        return f"{counted(weights, 'weight')}: every input with every output"
    return f"{counted(weights, 'weight')}, free to differ"


def block_names(matrix: WeightMatrix) -> tuple[str, ...]:
    """Which row of the input each block of columns reads, and of which channel where there are several."""
    window, inputs = matrix.submatrix, matrix.step.input
    names = []
    for channel in window.input_channels:
        of = channel_name(channel, inputs, is_frame=matrix.step.index == 0)
        for row in window.input_rows:
            names.append(f"input row {row + 1}" if inputs.channels == 1 else f"{of}, row {row + 1}")
    return tuple(names)


def _instead(matrix: WeightMatrix, mode: Mode) -> str:
    """How many weights a convolution has instead, and how many times as many these are."""
    weights, shared = matrix.weights_in(mode), matrix.weights_to_share
    if weights <= shared:
        return f"instead of {shared:,}"
    return f"instead of {shared:,}, {factor(Fraction(weights, shared))} times as many"


def _all_held(places: int, weights: int) -> str:
    return f"{_all(places)} {noun(places, 'holds', 'hold')} {counted(weights, 'weight')}"


def _all(places: int) -> str:
    return part_of(places, places, "place")


def _tied_sentence(matrix: WeightMatrix) -> str:
    rows, columns = matrix.entries.identities.shape
    places, weights = matrix.places_in(Mode.TIED), matrix.weights_in(Mode.TIED)
    blanks = rows * columns - places
    extract = f"{_extract(matrix)} as one {rows}×{columns} matrix"
    match matrix.step.layer:
        case _ if not places:
            are = noun(blanks, "is", "are")
            return f"{extract}: {_all(blanks)} {are} blank, as these outputs read nothing but padding."
        case Dense():
            own = noun(places, "its own", "their own each")
            return f"{extract}: {counted(places, 'place')} with a weight of {own}; nothing is tied, nothing blank."
        case Pool() if weights == 1:
            share = number(float(matrix.entries.weights[0]))
            return f"{extract}: {places:,} places hold a fixed {share}, {blanks:,} are blank."
        case Pool():
            return f"{extract}: {places:,} places hold {weights} fixed shares, {blanks:,} are blank."
        case _ if weights < matrix.weights_to_share:
            of = f"{weights:,} of its {counted(matrix.weights_to_share, 'weight')}"
            held = f"{counted(places, 'tied place')} {noun(places, 'holds', 'hold')} {of}"
            return f"{extract}: {held}, {blanks:,} are blank. The other weights meet only padding."
        case _:
            return f"{extract}: {_held(places, 'tied place', weights)}, {blanks:,} are blank."


def _held(places: int, place: str, weights: int) -> str:
    return f"{counted(places, place)} {noun(places, 'holds', 'hold')} {counted(weights, 'weight')}"


def _extract(matrix: WeightMatrix) -> str:
    if not matrix.submatrix.is_complete:
        return f"A part of {matrix.step.title}"
    if matrix.submatrix.outputs < matrix.step.output.size or not matrix.submatrix.is_whole_picture:
        return f"A cut of {matrix.step.title}"
    return matrix.step.title


def equation_sentence(matrix: WeightMatrix) -> str:
    """That the matrix makes what the layer makes, and how far apart the two are."""
    if not matrix.submatrix.is_complete:
        left, right = "Matrix × these inputs", "layer on them alone"
    else:
        left, right = "Matrix × input + bias" if matrix.bias.any() else "Matrix × input", "layer"
    if matrix.difference == 0:
        return f"{left} = {right}, exactly."
    if matrix.is_rounding:
        return f"{left} = {right}, up to the rounding of 32-bit numbers."
    return f"{left} ≠ {right}: the largest difference is {number(matrix.difference, digits=2)}."


def equation_tip(matrix: WeightMatrix) -> str:
    """Where the two sides of the equation come from."""
    if matrix.difference > 0 and matrix.is_rounding:
        return (
            "The matrix is multiplied with 64-bit numbers, the layer works with 32-bit numbers: "
            "the difference is their rounding."
        )
    return "The left side is worked out from the matrix, the right side is what the layer itself puts out."


def rest_sentence(matrix: WeightMatrix, mode: Mode) -> str:
    """What there is to see while nothing is pointed at."""
    return f"{_dependence_sentence(matrix, mode)} {_change_sentence(matrix, mode)}"


def pointed_sentence(matrix: WeightMatrix, mode: Mode, pointed: Pointed) -> str:
    """What a place, an output, an input or a weight is linked to."""
    row, column, weight = pointed.row, pointed.column, pointed.weight
    if row is not None and column is not None:
        return _place_sentence(matrix, mode, row, column)
    if row is not None:
        reads, of = int(matrix.inputs_of(row, mode).sum()), matrix.submatrix.inputs
        name, shown = _capital(output_name(matrix, row)), "" if matrix.submatrix.is_whole_picture else " shown"
        sentence = f"{name} {equals(matrix.product[row])} depends on {part_of(reads, of, 'input')}{shown}."
        is_shared = mode is Mode.TIED and isinstance(matrix.step.layer, Conv) and matrix.submatrix.outputs > 1
        return f"{sentence} The same letters stand in the other rows and move along." if is_shared else sentence
    if column is not None:
        touched, of = int(matrix.outputs_of(column, mode).sum()), matrix.submatrix.outputs
        name, shown = _capital(input_name(matrix, column)), "" if matrix.submatrix.is_whole_picture else " shown"
        return f"{name} {equals(matrix.inputs[column])} has an effect on {part_of(touched, of, 'output')}{shown}."
    if weight is None:
        return ""
    name, value = weight_name(matrix, weight), equals(float(matrix.entries.weights.flat[weight]))
    places = counted(int(matrix.twins_in(Mode.TIED, (weight,)).sum()), "place")
    if mode is Mode.TIED:
        return f"Weight {name} {value} stands at {places}: one weight, tied."
    return f"Weight {name} {value} stood at {places}; now each of them has a weight of its own."


def output_name(matrix: WeightMatrix, row: int) -> str:
    """Which output a row makes."""
    at, output = matrix.submatrix.output_at(row), matrix.step.output
    if output.height == output.width == 1:
        return f"output {at.channel + 1}"
    if output.channels == 1:
        return f"output {row_and_column(at.row, at.column)}"
    return f"output {row_and_column(at.row, at.column, at.channel)}"


def input_name(matrix: WeightMatrix, column: int) -> str:
    """Which input a column reads."""
    at, inputs = matrix.submatrix.input_at(column), matrix.step.input
    channel = channel_name(at.channel, inputs, is_frame=matrix.step.index == 0)
    if inputs.height == inputs.width == 1:
        return f"input {at.channel + 1}"
    if inputs.channels == 1:
        return f"input {row_and_column(at.row, at.column)}"
    return f"input {row_and_column(at.row, at.column)}, {channel}"


def weight_name(matrix: WeightMatrix, weight: int) -> str:
    """The letter of a weight, with its filter and plane where the kernel has several."""
    plane, place = plane_and_place(matrix, weight)
    shape = matrix.entries.weights.shape
    if len(shape) != 4 or shape[0] * shape[1] == 1:
        return letters(place)
    first, second = divmod(plane, shape[1])
    if isinstance(matrix.step.layer, ConvTranspose):
        return f"{letters(place)} of filter {second + 1} on channel {first + 1}"
    if shape[1] == 1:
        return f"{letters(place)} of filter {first + 1}"
    return f"{letters(place)} of filter {first + 1}, plane {second + 1}"


def _place_sentence(matrix: WeightMatrix, mode: Mode, row: int, column: int) -> str:
    identity = int(matrix.identities_in(mode)[row, column])
    source, target = input_name(matrix, column), output_name(matrix, row)
    if identity == BLANK:
        return f"No connection: {source} has no effect on {target}."
    value = equals(float(matrix.entries.values[row, column]))
    source, target = f"{source} ({number(matrix.inputs[column])})", f"{target} ({number(matrix.product[row])})"
    parts = matrix.parts_at(row, column)
    if isinstance(matrix.step.layer, Dense):
        return f"Weight {identity + 1:,} {value} joins {source} to {target}; it stands nowhere else."
    if mode is Mode.TIED and len(parts) > 1:
        names = " + ".join(letters(plane_and_place(matrix, part)[1]) for part in parts)
        return f"Weights {names} {value}: at the border they meet, and all join {source} to {target}."
    if mode is Mode.TIED:
        twins = counted(int(matrix.twins_in(mode, parts).sum()), "place")
        return f"Weight {weight_name(matrix, parts[0])} {value} joins {source} to {target} and stands at {twins}."
    if not parts:
        return f"Weight {identity + 1:,} = 0 was blank; a dense layer learns it too. It joins {source} to {target}."
    return f"Weight {identity + 1:,} {value} stands here alone. It joins {source} to {target}."


def _dependence_sentence(matrix: WeightMatrix, mode: Mode) -> str:
    window, of = matrix.submatrix, matrix.submatrix.inputs
    reads = [int(matrix.inputs_of(row, mode).sum()) for row in range(window.outputs)]
    fewest, most = min(reads), max(reads)
    count = part_of(most, of, "input") if fewest == most else f"{fewest:,} to {most:,} of the {counted(of, 'input')}"
    if window.is_whole_picture:
        return f"Each row is an output, each column an input: an output depends on {count}."
    rows, columns = _ranges(window.input_rows), _ranges(window.input_columns)
    at = f"rows {rows}, columns {columns}"
    if window.is_complete:
        return f"Each row is an output, each column an input of {at}: an output depends on {count}."
    shown, channels = len(window.input_channels), matrix.step.input.channels
    if shown == channels:
        return f"Each row is an output, each column an input of {at}: a part of all that is read."
    return (
        f"Each row is an output, each column an input of {at} in {shown:,} of {channels:,} channels: "
        "a part of all that is read."
    )


def _change_sentence(matrix: WeightMatrix, mode: Mode) -> str:
    match mode:
        case _ if isinstance(matrix.step.layer, Dense):
            return "Point at a place to see what it joins."
        case Mode.TIED:
            return "Point at a place to see its twins."
        case Mode.CUT:
            return "The values are still the same, but each may now change alone."
        case _:
            return "What was blank still holds 0, until it is learned."


def _ranges(lines: tuple[int, ...]) -> str:
    """Runs of rows or columns, counted from 1: "1–5, 48"."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and runs[-1][-1] == line - 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return ", ".join(f"{run[0] + 1}–{run[-1] + 1}" if len(run) > 1 else str(run[0] + 1) for run in runs)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
