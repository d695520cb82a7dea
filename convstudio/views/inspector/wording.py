"""What the layer list and the inspectors say: sentences, and the output-size formula with the plan's numbers.

The sizes come from the plan. Only the texts are made here.
"""

from dataclasses import dataclass

from convstudio.core.activations import ACTIVATIONS
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.sizes import ceil_division, extent
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.naming import name_of, statistic
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.wording import counted, number, part_of

RESIZED = {
    ResizeMode.NEAREST: "Each new pixel is the one that lies there",
    ResizeMode.BILINEAR: "Each new pixel is a mean of the four around its place",
    ResizeMode.AREA: "Each new pixel is the mean of all that go into it",
}
OFF = "This layer is switched off: it hands on {shape} unchanged."
WINDOW_FORMULA = "⌊(n + before + after − dilation·(k − 1) − 1) / stride⌋ + 1"
CEILING_FORMULA = "⌈(n + before + after − dilation·(k − 1) − 1) / stride⌉ + 1"
TRANSPOSED_FORMULA = "(n − 1)·stride − padding − padding + dilation·(k − 1) + output padding + 1"


def stack_sentence(plan: Plan | None, layers: int) -> str:
    """What the whole recipe does, for the head of the layer list."""
    if layers == 0:
        return "No layers yet: the picture stays as it is. Add one with + Layer."
    if plan is None:
        return f"{counted(layers, 'layer')}; there is no result yet."
    does = "turns" if layers == 1 else "turn"
    have = counted(plan.parameters, "parameter") if plan.parameters else "no parameters"
    return f"{counted(layers, 'layer')} {does} {plan.source} into {plan.output} with {have}."


def parameters_text(step: Step) -> str:
    """The parameters of a row: "168 parameters"."""
    return counted(step.parameters, "parameter") if step.parameters else "no parameters"


def step_sentence(step: Step) -> str:  # noqa: C901  # a case for each kind of layer
    """What one layer does with what arrives, in one sentence."""
    layer, before, after = step.layer, step.input, step.output
    if not layer.enabled:
        return OFF.format(shape=before)
    match layer:
        case Conv() | ConvTranspose():
            sentence = f"{_filters(layer, before.channels)}: {before} → {after}."
        case Pool(is_global=True):
            sentence = f"The {statistic(layer)} of each whole map, one number for each channel: {before} → {after}."
        case Pool():
            sentence = f"The {statistic(layer)} of each {layer.window} window: {before} → {after}."
        case Activation():
            slope = number(layer.numbers[0]) if len(set(layer.numbers)) == 1 else "a slope of its map"
            sentence = ACTIVATIONS[layer.kind].sentence.format(slope=slope)
        case ScaleShift():
            sentence = "Every value is multiplied by the scale of its map, and the shift is added."
        case Normalisation():
            sentence = "The mean is taken from every value, and the rest is divided by the deviation."
        case Softmax():
            sentence = f"At each place the {counted(before.channels, 'channel')} become shares that sum to 1."
        case Magnitude():
            sentence = f"√(a² + b²) of each channel and its partner in the second half: {before} → {after}."
        case Resize():
            sentence = f"{RESIZED[layer.mode]}: {before} → {after}."
        case Dense():
            units = f"{counted(layer.units, 'unit')} {'sees' if layer.units == 1 else 'each see'}"
            sentence = f"{units} {part_of(before.size, before.size, 'input')}: {before} → {after}."
    return sentence


@dataclass(frozen=True)
class AxisFormula:
    """The output-size formula of one axis with the numbers of a step: terms with what they stand for, and the size.

    What a term stands for is "size" for the input's, "kernel", "padding", "stride", "dilation", or "" for signs.
    `note` says why the size is another than the terms give, or nothing.
    """

    terms: tuple[tuple[str, str], ...]
    size: int
    note: str = ""

    @property
    def text(self) -> str:
        """The formula as a plain line."""
        return "".join(text for text, _ in self.terms)


def formulas(step: Step) -> tuple[AxisFormula, ...]:
    """The output-size formula for height and for width; none where a layer has no window."""
    layer = step.layer
    if not layer.enabled:
        return ()
    match layer:
        case Conv():
            return tuple(
                _window_formula(step, axis, layer.kernel[axis], layer.stride[axis], layer.dilation[axis])
                for axis in range(2)
            )
        case Pool(is_global=False):
            return tuple(
                _window_formula(
                    step, axis, layer.window[axis], layer.stride[axis], layer.dilation[axis], is_ceiling=layer.ceil_mode
                )
                for axis in range(2)
            )
        case ConvTranspose():
            return tuple(_transposed_formula(step, layer, axis) for axis in range(2))
        case _:
            return ()


def formula_lines(step: Step) -> tuple[str, ...]:
    """The output-size formula with the numbers of this step as text: a line for height, one for width; or none."""
    return tuple(f"{axis.text} = {axis.size}{axis.note}" for axis in formulas(step))


def formula_name(layer: Layer) -> str:
    """The formula in letters, for a tooltip."""
    if isinstance(layer, ConvTranspose):
        return TRANSPOSED_FORMULA
    return CEILING_FORMULA if isinstance(layer, Pool) and layer.ceil_mode else WINDOW_FORMULA


def accessible_row(layer: Layer, step: Step | None) -> str:
    """A row of the list as a screen reader says it."""
    state = "" if layer.enabled else ", switched off"
    return (
        f"{name_of(layer)}{state}"
        if step is None
        else f"{name_of(layer)}{state}, {step.output}, {parameters_text(step)}"
    )


def _filters(layer: Conv | ConvTranspose, channels: int) -> str:
    if isinstance(layer, Conv) and layer.channels is Channels.EACH:
        scope = f"each of the {channels} channels" if channels > 1 else "the one channel"
        return f"{counted(layer.filters, 'filter')} of {layer.kernel} on {scope} alone"
    word = "transposed filter" if isinstance(layer, ConvTranspose) else "filter"
    groups = f" in {layer.groups} groups" if layer.groups > 1 else ""
    return f"{counted(layer.filters, word)} of {layer.kernel}×{channels // layer.groups}{groups}"


def _window_formula(
    step: Step, axis: int, kernel: int, stride: int, dilation: int, *, is_ceiling: bool = False
) -> AxisFormula:
    before, after = (step.pads[:2], step.pads[2:])[axis]
    length, size = step.input[axis + 1], step.output[axis + 1]
    low, high = "⌈⌉" if is_ceiling else "⌊⌋"
    terms = (
        (f"{low}(", ""), (str(length), "size"), (" + ", ""), (str(before), "padding"), (" + ", ""),
        (str(after), "padding"), (" − ", ""), (str(dilation), "dilation"), ("·(", ""), (str(kernel), "kernel"),
        (" − 1) − 1) / ", ""), (str(stride), "stride"), (f"{high} + 1", ""),
    )  # fmt: skip
    room = length + before + after - extent(kernel, dilation)
    uncut = ceil_division(room, stride) + 1 if is_ceiling else size
    note = "" if uncut == size else f", not {uncut}: the last window would start in the padding"
    return AxisFormula(terms, size, note)


def _transposed_formula(step: Step, layer: ConvTranspose, axis: int) -> AxisFormula:
    length, size, pad = step.input[axis + 1], step.output[axis + 1], str(layer.padding[axis])
    terms = (
        ("(", ""), (str(length), "size"), (" − 1)·", ""), (str(layer.stride[axis]), "stride"), (" − ", ""),
        (pad, "padding"), (" − ", ""), (pad, "padding"), (" + ", ""), (str(layer.dilation[axis]), "dilation"),
        ("·(", ""), (str(layer.kernel[axis]), "kernel"), (" − 1) + ", ""), (str(layer.output_padding[axis]), "padding"),
        (" + 1", ""),
    )  # fmt: skip
    return AxisFormula(terms, size)
