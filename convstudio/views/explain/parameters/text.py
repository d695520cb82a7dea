"""The sentences of PARAMETERS."""

from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.counts import Comparison, inputs_of_one_output
from convstudio.core.recipe.layers import Channels, Conv, Dense
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted, factor, integer, noun, part_of
from convstudio.insight.parameters.what_if import GroupsAnswer, Scope

NOTHING_CONVOLVES = (
    "Nothing convolves here yet. Add a convolution in the layer list, or press The article's example to count one."
)


def lead_sentence(comparison: Comparison, what: str, source: Shape, *, is_what_if: bool) -> str:
    """What convolving costs here, and what a dense layer would."""
    conv, dense = integer(comparison.conv.parameters), integer(comparison.dense.parameters)
    condition = "If the picture were" if is_what_if else "On"
    return f"{condition} {source}, {what} needs {conv} parameters; fully connected it would need {dense}."


def no_counts_sentence(step: Step | None) -> str:
    """Why there is nothing to compare for the selected layer."""
    if step is None:
        return "The photo has no weights. Select a convolution in the layer list, or count the whole stack."
    if not step.layer.enabled:
        return f"{step.title} is switched off and counts nothing. Select another layer, or count the whole stack."
    if isinstance(step.layer, Dense):
        return (
            f"{step.title} is fully connected itself: {integer(step.weights)} {noun(step.weights, 'weight')} and "
            f"{counted(step.biases, 'bias', 'biases')}. "
            "Select a convolution to compare, or count the whole stack."
        )
    return f"{step.title} has no weights. Select a convolution in the layer list, or count the whole stack."


def factor_sentences(comparison: Comparison, step: Step | None, scope: Scope) -> str:
    """What sparsity saves, what sharing saves, and both together."""
    if comparison.sparsity is None:
        return "No window meets the picture: every output is its bias. Use less padding, or a smaller dilation."
    sparsity, sharing, saving = map(factor, (comparison.sparsity, comparison.sharing, comparison.saving))
    weights, local = integer(comparison.conv.weights), integer(comparison.local.weights)
    if scope is Scope.LAYER and step is not None:
        reads = inputs_of_one_output(step)
        is_whole = isinstance(step.layer, Conv) and step.connections == step.multiply_adds  # for every window alike
        size, on_average = step.input.size, "" if is_whole else " on average"
        of_all = f"{factor(reads)} of {counted(size, 'input')}{on_average}"
        sparse = f"an output sees {part_of(size, size, 'input') if reads == size else of_all}."
    else:
        sparse = f"{local} connections instead of {integer(comparison.dense.weights)}."
    if comparison.sharing < 1:
        shared = f"Nothing is shared: the convolution's {weights} weights are more than these {local}."
    elif scope is Scope.LAYER and comparison.conv.connections == comparison.conv.multiply_adds:
        places = noun(float(comparison.sharing), "place")
        shared = f"Sharing saves {sharing}× the memory: a filter is used at {sharing} {places}."
    else:
        shared = f"Sharing saves {sharing}× the memory: {weights} weights do the work of {local}."
    if comparison.saving < 1:
        together = f"Together: {weights} weights where a dense layer has {integer(comparison.dense.weights)}."
    else:
        together = f"Together: {saving}× the weights."
    return f"Sparsity saves {sparsity}× the arithmetic: {sparse} {shared} {together}"


def question_sentence(answer: GroupsAnswer | None, step: Step | None) -> str:
    """Whether a filter counts one plane or all: with the article's example, 156 or 456."""
    if answer is None:
        return _no_question_sentence(step)
    rows, columns = answer.kernel
    per_filter = answer.together.parameters // answer.filters
    total, apart = integer(answer.together.parameters), integer(answer.apart.parameters)
    sees = answer.channels // answer.groups
    planes = "one channel" if sees == 1 else f"{sees:,} channels"
    return (
        f"{apart} or {total}? A filter over {answer.channels:,} channels has {rows}·{columns}·{answer.channels} + 1 = "
        f"{per_filter:,} parameters: {total} in all. With groups = {answer.groups} each filter sees {planes}: {apart}."
    )


def _no_question_sentence(step: Step | None) -> str:
    if step is None or not isinstance(step.layer, Conv) or not step.layer.enabled:
        return ""
    rows, columns = step.layer.kernel
    per_filter = step.parameters // step.layer.filters
    if step.layer.channels is Channels.EACH:
        return (
            f"Each channel is taken alone: a filter has {rows}·{columns} + 1 = {per_filter:,} parameters, "
            f"however many channels there are: {integer(step.parameters)} in all."
        )
    planes = step.layer.weight.array.shape[1]
    over = "one channel" if planes == 1 else f"{planes:,} channels"
    total = integer(step.parameters)
    return f"A filter over {over} has {rows}·{columns}·{planes} + 1 = {per_filter:,} parameters: {total} in all."
