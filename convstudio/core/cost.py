"""What an evaluation costs before it is begun: seconds, by estimate, and the memory that it holds at once."""

import os
from dataclasses import dataclass

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.sizes import extent
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense
from convstudio.core.recipe.plan import Plan, Refusal, Step
from convstudio.core.wording import duration, memory

NUMBER = 4  # bytes of a float32
MOST_BYTES = 2**33  # of one evaluation, or half of what the machine has, if that is less
# Of a machine with two cores of 2023, measured; the estimate says "about".
MULTIPLY_ADDS, VALUES, DRAWN_WEIGHTS = 8e9, 4e7, 3e7  # a second
LAYERS = 5e2  # that are begun and get their thumbnails, a second
LONG = 10.0  # seconds from which a person is told beforehand


@dataclass(frozen=True)
class Cost:
    """Seconds on the processor, and bytes of memory."""

    seconds: float
    bytes: int

    @property
    def is_long(self) -> bool:
        """Whether a person should know beforehand."""
        return self.seconds >= LONG

    @property
    def sentence(self) -> str:
        """The announcement before it begins."""
        return (
            f"This takes about {duration(self.seconds)} and {memory(self.bytes)}; Undo or any other change gives it up."
        )


def cost_of(plan: Plan, *, reused: int = 0) -> Cost:
    """What it costs to evaluate a plan whose first `reused` layers have their outputs already.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Pool
    >>> from convstudio.core.recipe.plan import plan
    >>> cost_of(plan(Document((Pool(),)), Shape(1, 100, 100))).bytes
    50000
    """
    steps = [step for step in plan.steps if step.layer.enabled]
    steps_to_do = [step for step in steps if step.index >= reused]
    seconds = sum(
        (step.output.size / VALUES) + (step.weights if isinstance(step.layer, Dense) else 0) / DRAWN_WEIGHTS
        + (0 if isinstance(step.layer, Dense) else step.multiply_adds) / MULTIPLY_ADDS + 1 / LAYERS
        for step in steps_to_do
    )  # fmt: skip
    held = plan.source.size + sum(step.output.size for step in steps) + max(map(_passing, steps), default=0)
    return Cost(seconds, NUMBER * held)


def _passing(step: Step) -> int:
    """Numbers that are held only while a step is computed: its padded input, or a transposed convolution's canvas."""
    layer, source = step.layer, step.input
    match layer:
        case Conv() if layer.border is not Border.ZEROS:
            top, bottom, left, right = step.pads
            return source.channels * (source.height + top + bottom) * (source.width + left + right)
        case ConvTranspose():
            rows, columns = (
                (length - 1) * stride + extent(taps, dilation)
                for length, stride, taps, dilation in zip(
                    source[1:], layer.stride, layer.kernel, layer.dilation, strict=True
                )
            )
            return step.output.channels * rows * columns
        case _:
            return 0


def most_bytes() -> int:
    """What one evaluation may hold at once on this machine."""
    try:
        installed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not every system says it
        return MOST_BYTES
    return min(MOST_BYTES, installed // 2)


def refuse_sum(plan: Plan) -> None:
    """Refuse to evaluate a plan whose layers fit into memory one by one, but not together.

    Raises
    ------
    Refusal
        It names the layer with the largest output.
    """
    held, most = cost_of(plan).bytes, most_bytes()
    if held <= most:
        return
    largest = max(plan.steps, key=lambda step: step.output.size + _passing(step) if step.layer.enabled else 0)
    raise Refusal(
        f"Together the {len(plan.steps)} layers hold {memory(held)} at once, more than the {memory(most)} that may be "
        f"used; layer {largest.index + 1} ({largest.title}) has the largest output, {largest.output}. Use a smaller "
        "picture, fewer filters or a larger stride.",
        largest.index,
    )
