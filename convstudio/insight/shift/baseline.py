"""The baseline of the shift test: the part of the picture that is tested, and its output before any shift.

What the test supposes of the recipe is in `what_if`, moving is in `translation`, comparing in `equivariance`.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt, lcm

import numpy as np

from convstudio.core.display.colours import SignedScale
from convstudio.core.evaluation.evaluate import apply
from convstudio.core.geometry.regions import Region, middle_region
from convstudio.core.geometry.shapes import Shape
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.document import Display, Document
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Plan, Refusal, Step, plan, refuse_excess
from convstudio.insight.shift.translation import Planes
from convstudio.insight.shift.what_if import Layers, WhatIf, apply_what_if, takes_all, wraps

SIDE, LARGE_SIDE, SMALL_SIDE = 128, 256, 32  # pixels of the part that is tested
ROOM = 32  # pixels that the longest shift of the curve takes away on both sides together
MOST_SEEN = 2**20  # pixels of the part that is seen around it
MOST_MULTIPLY_ADDS = 2 * 10**8  # multiply-adds for one shift, some hundredths of a second


@dataclass(frozen=True, eq=False)
class Experiment:
    """What the shift test runs.

    Parameters
    ----------
    layers
        f: every layer up to the selected one, as a plan executes them.
    planes
        The picture, (C, H, W) float32; its middle is tested.
    white
        What counts as full brightness.
    map_number
        Which map is shown; the errors are of all.
    what_if
        What is supposed of the layers.
    display
        How outputs are shown, with the ends that they have elsewhere in the window; None measures them here.
    signed_scale
        The ground on which signed numbers are seen.
    """

    layers: Layers
    planes: Planes
    white: float
    map_number: int = 0
    what_if: WhatIf = field(default_factory=WhatIf)
    display: Display | None = None
    signed_scale: SignedScale = SignedScale.LIGHT


@dataclass(frozen=True, eq=False)
class Baseline:
    """A recipe on the part of the picture that is tested, and its output.

    Parameters
    ----------
    part
        Where that part lies in the picture.
    plan
        Of the supposed recipe on that part.
    period
        (vertical, horizontal): shifts by its multiples move the output of every layer by whole numbers.
    is_ring
        Whether the picture is taken as a ring, in the padding and by the shift.
    is_placeless
        Whether the output has no places left, as after a global pool.
    input, output
        x and f(x), (C, H, W).
    largest
        An upper end of the magnitudes that were added up in a layer, for the rounding to expect.
    """

    experiment: Experiment
    part: Region
    plan: Plan
    period: tuple[int, int]
    is_ring: bool
    is_placeless: bool
    input: Planes
    output: Planes
    largest: float

    @property
    def jump(self) -> tuple[Fraction, Fraction]:
        """How many pixels of the input lie between two outputs, (vertical, horizontal)."""
        return self.plan.steps[-1].receptive_field.jump if self.plan.steps else (Fraction(1), Fraction(1))


def run_baseline(experiment: Experiment, progress: Progress = silent, *, part: Region | None = None) -> Baseline:
    """Run the recipe once on a part of the picture, by default on the middle that is tested.

    Raises
    ------
    ConvStudioError
        If a layer refuses that part of the picture.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> baseline = run_baseline(Experiment((Pool(),), np.zeros((1, 300, 31), np.float32), white=1.0))
    >>> baseline.part, baseline.period
    (Region(top=86, bottom=214, left=0, right=30), (2, 2))
    """
    layers = apply_what_if(experiment.layers, experiment.what_if)
    part = part or part_of(layers, Shape(*experiment.planes.shape))
    planes = np.ascontiguousarray(experiment.planes[:, part.top : part.bottom, part.left : part.right])
    recipe_plan = plan(Document(layers), Shape(*planes.shape))
    refuse_excess(recipe_plan)
    output, largest = run_layers(recipe_plan, planes, progress)
    return Baseline(
        experiment=experiment,
        part=part,
        plan=recipe_plan,
        period=period_of(recipe_plan),
        is_ring=wraps(layers, experiment.what_if),
        is_placeless=any(takes_all(layer) for layer in layers),
        input=planes,
        output=output,
        largest=largest,
    )


def run_layers(plan: Plan, planes: Planes, progress: Progress = silent) -> tuple[Planes, float]:
    """Apply every layer of a plan to planes (C, H, W) float32.

    Returns
    -------
    The last output, and an upper bound of the magnitudes that a layer adds up.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> planes = np.array([[[1, 2], [3, 4]]], np.float32)
    >>> output, largest = run_layers(plan(Document((Pool(),)), Shape(1, 2, 2)), planes)
    >>> output.tolist(), largest
    ([[[4.0]]], 4.0)
    """
    is_long = sum(step.multiply_adds for step in plan.steps) > MOST_MULTIPLY_ADDS
    largest = float(np.abs(planes).max())
    for step in plan.steps:
        if is_long:  # a bar that comes and goes within a blink tells nothing
            progress(step.index / len(plan.steps))
        largest = max(largest, float(np.abs(planes).max()) * _gain(step))
        planes = apply(step, planes)
    return planes, largest


def period_of(plan: Plan) -> tuple[int, int]:
    """(Vertical, horizontal) shifts that move the output of every layer that still has places by whole numbers.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool
    >>> period_of(plan(Document((Pool(), Pool())), Shape(1, 16, 16)))
    (4, 4)
    """
    vertical = horizontal = 1
    for step in plan.steps:
        if takes_all(step.layer):
            break
        vertical = lcm(vertical, step.receptive_field.jump[0].numerator)
        horizontal = lcm(horizontal, step.receptive_field.jump[1].numerator)
    return vertical, horizontal


def part_of(layers: Layers, source: Shape) -> Region:
    """The middle of the picture that is tested: whole periods, on which receptive fields and shifts find room.

    At most 128 pixels on a side, 256 for large receptive fields, fewer where the layers would take too long.

    Examples
    --------
    >>> part_of((), Shape(3, 480, 640))
    Region(top=176, bottom=304, left=256, right=384)
    """
    try:
        whole_plan = plan(Document(layers), source)
    except Refusal:
        return _middle(source, LARGE_SIDE, (1, 1))  # what refuses the whole picture says why on its middle, too
    period = period_of(whole_plan)
    reach = next((step.receptive_field for step in reversed(whole_plan.steps) if not takes_all(step.layer)), None)
    side = SIDE if reach is None or max(reach.size) + ROOM <= SIDE // 2 else LARGE_SIDE
    while side > SMALL_SIDE and _multiply_adds(layers, source, _middle(source, side, period)) > MOST_MULTIPLY_ADDS:
        side //= 2
    return _middle(source, side, period)


def seen_part_of(baseline: Baseline) -> Region:
    """What is seen around the tested part: the whole picture, or of a large one, or for slow layers, less of it.

    Examples
    --------
    >>> seen_part_of(run_baseline(Experiment((), np.zeros((1, 300, 301), np.float32), white=1.0)))
    Region(top=0, bottom=300, left=0, right=301)
    """
    experiment, tested = baseline.experiment, baseline.part
    source = Shape(*experiment.planes.shape)
    if baseline.is_placeless:
        return tested
    layers = tuple(step.layer for step in baseline.plan.steps)
    around = _middle(source, max(source.height, source.width), baseline.period)
    if around.height * around.width > MOST_SEEN:
        around = _middle(source, isqrt(MOST_SEEN), baseline.period)
    return tested if _multiply_adds(layers, source, around) > MOST_MULTIPLY_ADDS else around


def _middle(source: Shape, side: int, period: tuple[int, int]) -> Region:
    height, width = (
        most - most % multiple if most >= multiple else most
        for most, multiple in zip((min(source.height, side), min(source.width, side)), period, strict=True)
    )
    return middle_region(source, height, width)


def _multiply_adds(layers: Layers, source: Shape, part: Region) -> int:
    try:
        part_plan = plan(Document(layers), Shape(source.channels, part.height, part.width))
    except Refusal:
        return 0
    return sum(step.multiply_adds for step in part_plan.steps)


def _gain(step: Step) -> float:
    """How many times the largest input the products of one output can add up to."""
    match step.layer:
        case Conv() as layer:
            return float(np.abs(layer.weight.array).sum(axis=(1, 2, 3)).max())
        case ConvTranspose() as layer:
            return float(np.abs(layer.weight.array).sum(axis=(0, 2, 3)).max())
        case _:
            return 1.0
