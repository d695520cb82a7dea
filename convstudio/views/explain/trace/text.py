"""The arithmetic of one output in words and numbers. Grids and colours are painted elsewhere."""

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv, Normalisation, Pool, PoolKind, ScaleShift
from convstudio.core.recipe.naming import name_of
from convstudio.core.wording import counted, is_rounded, number, part_of, row_and_column
from convstudio.insight.trace.trace import Operation, Trace, strongest

DIGITS = 7
MOST_TERMS = 12  # products written out in one line
MOST_SHARES = 4  # powers of a softmax
FEW_TERMS = 4  # of a longer sum in letters
MOST_SIDE = 40  # taps along one axis for which grids are painted; beyond, the strongest products are listed
COUNTED_FROM_0 = "In these letters rows and columns count from 0, as in code."
COLOURS = ("red", "green", "blue")


def plain(value: float) -> str:
    """A number in at most seven significant digits, which float32 holds."""
    return number(value, digits=DIGITS)


def in_sum(value: float) -> str:
    """A number as it stands behind another sign."""
    return f"({plain(value)})" if value < 0 else plain(value)


def channel_name(channel: int, source: Shape, *, is_frame: bool) -> str:
    """What to call an input channel."""
    if is_frame and source.channels == 3:
        return COLOURS[channel]
    return f"channel {channel + 1}"


def unit_sentence(trace: Trace) -> str:
    """Which output it is and what came out."""
    channel, row, column = trace.unit
    name, value = name_of(trace.step.layer), plain(trace.result)
    if trace.step.output.height == trace.step.output.width == 1:
        return f"Output of {name}, unit {channel + 1}: {value}"
    if trace.step.output.channels > 1:
        return f"Output of {name} at {row_and_column(row, column, channel)}: {value}"
    return f"Output of {name} at {row_and_column(row, column)}: {value}"


def dependence_sentence(trace: Trace) -> str:
    """How many of the inputs took part and how many did not."""
    depends = f"This output depends on {part_of(trace.took_part, trace.inputs, 'input')}"
    if trace.left_out == 0:
        return f"{depends}."
    others = "the other one has" if trace.left_out == 1 else f"the other {trace.left_out:,} have"
    return f"{depends}; {others} no effect on it."


def padding_sentence(trace: Trace) -> str:
    """What stands in the padding under this window, or ""."""
    outside, layer = int(trace.taps.is_padding.sum()), trace.step.layer
    if outside == 0:
        return ""
    count = trace.taps.is_padding.size
    verb = "lies" if outside == 1 else "lie"
    where = f"{outside:,} of the {count:,} places of the window {verb} in the padding"
    if trace.operation in (Operation.LARGEST, Operation.RANKED):
        return f"{where} and cannot win." if trace.operation is Operation.LARGEST else f"{where}: not counted."
    if trace.operation is Operation.AVERAGE:
        return f"{where}: {'counted as 0' if trace.divisor == count else 'not counted'}."
    border = layer.border if isinstance(layer, Conv) else Border.ZEROS
    read = {
        Border.ZEROS: "read 0" if outside > 1 else "reads 0",
        Border.REFLECT: "taken from the picture mirrored at its edge",
        Border.REPLICATE: "taken from the nearest pixel of the edge",
        Border.CIRCULAR: "taken from the opposite side of the picture",
    }[border]
    return f"{where} and {read}." if border is Border.ZEROS else f"{where}: {read}."


def sum_line(trace: Trace) -> str:  # noqa: C901, PLR0911  # a case for each calculation
    """The whole calculation in one line of numbers."""
    match trace.operation:
        case Operation.SUM:
            terms = trace.taps.values.size
            if terms <= MOST_TERMS:
                factors = [*trace.taps.values.flat, *trace.taps.weights.flat]
                pairs = zip(trace.taps.values.flat, trace.taps.weights.flat, strict=True)
                products = " + ".join(f"{in_sum(value)}·{in_sum(weight)}" for value, weight in pairs)
                products = products or "no product"
            else:
                factors, products = [], f"The sum of {terms:,} products"
            if trace.bias == 0:
                return f"{products} {result_text(trace.result, *factors)}"
            first = f"{products} {result_text(trace.total, *factors)}"
            name = "shift" if isinstance(trace.step.layer, ScaleShift | Normalisation) else "bias"
            return f"{first}, + {name} {in_sum(trace.bias)} {result_text(trace.result, trace.total, trace.bias)}"
        case Operation.AVERAGE:
            return f"{plain(trace.total)} ÷ {trace.divisor:,} {result_text(trace.result, trace.total)}"
        case Operation.LARGEST:
            rivals = int((~trace.taps.is_padding).sum())
            what = "The only value" if rivals == 1 else f"The largest of {rivals:,} values"
            return f"{what} is {plain(trace.result)}{_winner(trace)}"
        case Operation.RANKED:
            rivals = int((~trace.taps.is_padding).sum())
            return f"{_rank_words(trace)} of {counted(rivals, 'value')} is {plain(trace.result)}{_winner(trace)}"
        case Operation.SHARE:
            own = float(trace.taps.values[trace.unit.channel, 0, 0])
            others = " + ".join(f"e^{in_sum(value)}" for value in trace.taps.values[:MOST_SHARES].flat)
            rest = " + …" if len(trace.taps.values) > MOST_SHARES else ""
            return f"e^{in_sum(own)} ÷ ({others}{rest}) {result_text(trace.result, own)}"
        case Operation.LENGTH:
            squares = " + ".join(f"{in_sum(value)}²" for value in trace.taps.values.flat)
            return f"√({squares}) {result_text(trace.result, *trace.taps.values.flat)}"
        case Operation.CURVE:
            return f"{name_of(trace.step.layer)}({plain(trace.total)}) {result_text(trace.result, trace.total)}"
        case Operation.COPY:
            return f"The layer is switched off, so {plain(trace.total)} passes unchanged."


def strongest_lines(trace: Trace, count: int = 12) -> str:
    """The products, or the values of a pool, that weigh most, one a line."""
    is_sum = trace.operation is Operation.SUM
    size, what = trace.taps.values.size, "product" if is_sum else "value"
    head = f"The only {what}" if size == 1 else f"The {min(count, size)} strongest of {counted(size, what)}"
    lines = [f"{head}:"]
    for term in strongest(trace, count):
        where = f"channel {term.channel + 1}, {row_and_column(term.row, term.column)}"
        product = f" × {plain(term.weight)} {result_text(term.product, term.value, term.weight)}" if is_sum else ""
        lines.append(f"{where}: {plain(term.value)}{product}")
    return "\n".join(lines)


def has_grids(trace: Trace) -> bool:
    """Whether its taps are few enough to be painted as grids."""
    return max(trace.taps.shape) <= MOST_SIDE


def full_text(trace: Trace) -> str:
    """Everything, to be copied; grids as rows of numbers with tabulators between them."""
    parts = [unit_sentence(trace)]
    if not has_grids(trace):
        parts.append(strongest_lines(trace))
    else:
        is_frame = trace.index == 0
        for place, channel in enumerate(trace.taps.channels.tolist()):
            name = channel_name(channel, trace.step.input, is_frame=is_frame)
            grids = [("inputs", trace.taps.values)]
            if trace.operation is Operation.SUM:
                grids += [("weights", trace.taps.weights), ("products", trace.taps.products)]
            for what, numbers in grids:
                rows = "\n".join("\t".join(map(plain, row)) for row in numbers[place].tolist())
                parts.append(f"{name}, {what}\n{rows}")
    parts += [sum_line(trace), dependence_sentence(trace), padding_sentence(trace)]
    return "\n\n".join(part for part in parts if part)


def result_text(result: float, *terms: float) -> str:
    """A result behind its sign, which is "≈" where it, or what it is made of, is not written whole."""
    is_about = any(is_rounded(value, digits=DIGITS) for value in (result, *terms))
    return f"{'≈' if is_about else '='} {plain(result)}"


def _rank_words(trace: Trace) -> str:
    match trace.step.layer:
        case Pool(kind=PoolKind.MIN):
            return "The smallest"
        case Pool(kind=PoolKind.PERCENTILE, percentile=percentile):
            return f"The value with {number(percentile)} % below it"
        case _:
            return "The median"


def _winner(trace: Trace) -> str:
    if trace.winner is None:
        return ""
    _, row, column = trace.winner
    return f", at input {row_and_column(int(trace.taps.rows.places[row]), int(trace.taps.columns.places[column]))}"
