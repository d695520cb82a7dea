"""The plan: what a recipe will do to a picture of a given shape, in integers only, or a clear refusal.

The panels show it, the counts count it and `evaluate` executes it. No array is touched here and none is made, so
a plan for a picture of any size costs the same.
"""

from dataclasses import dataclass
from fractions import Fraction

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.sizes import MOST_VALUES
from convstudio.core.geometry.window import SlidingWindow, pointwise
from convstudio.core.recipe.adapt import adapted
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Pool,
)
from convstudio.core.recipe.limits import check_limits
from convstudio.core.recipe.outcomes import (
    Outcome,
    conv_outcome,
    dense_outcome,
    pool_outcome,
    transposed_outcome,
)
from convstudio.core.recipe.receptive_field import Reach, reach_after
from convstudio.core.recipe.titles import title


@dataclass(frozen=True)
class Step:
    """What one layer will do.

    Parameters
    ----------
    layer
        As it is executed: adapted to the channels that arrive.
    note
        A sentence about how it was adapted, or "".
    window
        How its windows lie on their planes; of one pixel each for a layer without any, over everything for a dense one.
    weights, biases
        Parameters, shared ones counted once.
    connections
        Pairs of an output and a real input that a weight joins; see `connections`.
    multiply_adds
        Weights of all windows, those over the padding included: what FLOP counters print.
    channels_per_map
        3 when the output still is made of colour pictures (red, green and blue in turn), else 1.
    """

    index: int
    layer: Layer
    note: str
    window: SlidingWindow
    weights: int
    biases: int
    connections: int
    multiply_adds: int
    channels_per_map: int
    reach: Reach

    @property
    def input(self) -> Shape:
        return self.window.source

    @property
    def output(self) -> Shape:
        return self.window.output

    @property
    def pads(self) -> Amounts:
        """Padding in pixels for each side."""
        return self.window.pads

    @property
    def parameters(self) -> int:
        return self.weights + self.biases

    @property
    def maps(self) -> int:
        return self.output.channels // self.channels_per_map

    @property
    def title(self) -> str:
        return title(self.layer)


@dataclass(frozen=True)
class Plan:
    """What a recipe will do to a picture of the shape `source`: one step for each layer, switched off or not."""

    source: Shape
    steps: tuple[Step, ...]

    @property
    def output(self) -> Shape:
        return self.steps[-1].output if self.steps else self.source

    @property
    def parameters(self) -> int:
        return sum(step.parameters for step in self.steps)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(step.note for step in self.steps if step.note)

    def shape_at(self, index: int) -> Shape:
        """The output shape of layer `index`; −1 is the source."""
        return self.source if index < 0 else self.steps[index].output

    def channels_per_map_at(self, index: int) -> int:
        """3 when the output of layer `index` (−1 is the source) is made of colour pictures, else 1."""
        return self.source.channels if index < 0 else self.steps[index].channels_per_map

    def maps_at(self, index: int) -> int:
        """How many maps the output of layer `index` (−1 is the source) has; a colour picture is one map."""
        return self.shape_at(index).channels // self.channels_per_map_at(index)

    def trace_back(self, index: int, region: Region) -> tuple[Region, ...]:
        """The receptive field of a region of the output of layer `index`, through every earlier layer.

        Returns
        -------
        Regions of the frame, of the output of layer 0, …, of layer `index`; not clipped, so they show padding.
        """
        regions = [region]
        for step in reversed(self.steps[: index + 1]):
            regions.append(step.window.needed(regions[-1].clipped(step.output)))
        return tuple(reversed(regions))


class Refusal(ConvStudioError):
    """A plan that cannot be made; `index` is the layer that cannot work."""

    def __init__(self, sentence: str, index: int) -> None:
        super().__init__(sentence)
        self.index = index


def plan(document: Document, source: Shape) -> Plan:
    """Plan every layer of a recipe for a picture of the shape `source`.

    Raises
    ------
    Refusal
        If a layer cannot work on what arrives; the sentence names the layer and the numbers.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> plan(Document((Pool(),)), Shape(3, 480, 640)).output
    Shape(channels=3, height=240, width=320)
    """
    steps: list[Step] = []
    shape, per_map = source, source.channels if source.channels == 3 else 1
    reach = Reach((Fraction(1),) * 2, (Fraction(1),) * 2, (Fraction(0),) * 2)
    for index, layer in enumerate(document.layers):
        try:
            step = _step(index, layer, shape, per_map, reach)
        except ConvStudioError as error:
            raise Refusal(f"Layer {index + 1} ({title(layer)}): {error}", index) from error
        steps.append(step)
        shape, per_map, reach = step.output, step.channels_per_map, step.reach
    return Plan(source, tuple(steps))


def refuse_excess(made: Plan) -> None:
    """Refuse to execute a plan whose arrays would not fit into memory; planning and counting them is fine.

    Raises
    ------
    Refusal
        If one layer's output or weights pass 2³⁰ numbers.
    """
    for step in made.steps:
        for what, count in (("output", step.output.size), ("set of weights", step.weights)):
            if count > MOST_VALUES:
                raise Refusal(
                    f"Layer {step.index + 1} ({step.title}): its {what} has {count:,} numbers, more than the "
                    f"{MOST_VALUES:,} that fit into memory; use a smaller picture, fewer filters or a larger stride.",
                    step.index,
                )


def _step(index: int, layer: Layer, source: Shape, per_map: int, reach: Reach) -> Step:
    if not layer.enabled:
        return Step(index, layer, "", pointwise(source), 0, 0, 0, 0, per_map, reach)
    check_limits(layer)
    executed = adapted(layer, source.channels)
    note = ""
    if executed is not layer:
        note = (
            f"Layer {index + 1} ({title(layer)}) now reads {source.channels} "
            f"channel{'s' if source.channels > 1 else ''}; its weights were adapted and their sums kept."
        )
    match executed:
        case Conv():
            outcome = conv_outcome(executed, source)
            per_map = per_map if executed.channels is Channels.EACH else 1
        case ConvTranspose():
            outcome, per_map = transposed_outcome(executed, source), 1
        case Pool():
            outcome = pool_outcome(executed, source)
        case Activation():
            outcome = Outcome(pointwise(source))
        case Dense():
            outcome, per_map = dense_outcome(executed, source), 1
    return Step(
        index, executed, note, outcome.window, outcome.weights, outcome.biases, outcome.connections,
        outcome.multiply_adds, per_map, reach_after(outcome.window, reach),
    )  # fmt: skip
