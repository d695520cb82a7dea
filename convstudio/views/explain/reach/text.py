"""What SPARSITY AND REACH says in words."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.plan import Plan
from convstudio.core.wording import counted, is_rounded, number, part_of, percent, row_and_column
from convstudio.insight.reach.effective import EffectiveField, Extent
from convstudio.insight.reach.theoretical import Dependence, Level, StackedKernels

NO_LAYER = "Select a layer: how far its outputs see into the picture appears here."


def pixels(size: Fraction) -> str:
    """A length on the picture; below transposed layers it need not be whole."""
    return number(float(size), digits=4)


def title_sentence(field: Region) -> str:
    """How far one output sees, in a few words."""
    if field.is_empty:
        return "This output sees no pixel"
    return f"One output sees {field.height:,}×{field.width:,} pixels"


def growth_lines(plan: Plan, fields: tuple[Region, ...], most: int) -> str:
    """What an output of each layer sees, a line for each; of many layers the last ones."""
    lines = [
        f"{number}  {plan.steps[number - 1].title}: {field.height:,}×{field.width:,}"
        for number, field in enumerate(fields, start=1)
    ]
    return "\n".join(lines if len(lines) <= most else ["…", *lines[len(lines) - most + 1 :]])


def sight_sentence(title: str, dependence: Dependence) -> str:
    """How much of the picture one output sees."""
    if dependence.used == 0:
        return f"This output of {title} sees nothing but padding."
    if dependence.ignored == 0:
        return f"One output of {title} sees {part_of(dependence.inputs, dependence.inputs, 'value')} of the picture."
    ratio = dependence.inputs / dependence.used
    about = "about " if is_rounded(ratio) else ""
    return (
        f"One output of {title} sees {dependence.used:,} of the {dependence.inputs:,} values of the picture and "
        f"ignores {dependence.ignored:,}: {about}one in {number(ratio)}."
    )


def level_text(level: Level, extent: Extent | None = None) -> str:
    """One row of the cone: how much of it is needed, and what one output of it sees by the plan and as measured."""
    rows, columns = level.needed
    if level.title == "picture":
        return f"{rows:,}×{columns:,} of its pixels are needed"
    sees = (
        f"sees {pixels(level.size[0])}×{pixels(level.size[1])} pixels{_measured(extent)}, its neighbour those "
        f"{pixels(level.jump[1])} further"
    )
    return f"this one output {sees}" if rows * columns == 1 else f"{rows:,}×{columns:,} are needed; each {sees}"


def cone_sentence(extents: tuple[Extent, ...]) -> str:
    """What the cone shows; with what was measured, why that may be less than the plan says."""
    start = "What the one output at the bottom needs of every layer above it, up to the picture."
    if any((extent.rows, extent.columns) != (extent.computed.height, extent.computed.width) for extent in extents):
        return f"{start} Less is measured where weights are 0, a ReLU lets nothing pass, or the picture ends."
    return start


def _measured(extent: Extent | None) -> str:
    if extent is None:
        return ""
    if extent.rows == 0:
        return " (measured: nothing moves it)"
    return f" (measured {extent.rows:,}×{extent.columns:,})"


def field_sentence(field: EffectiveField) -> str:
    """What was measured, and whether it agrees with what was computed."""
    what = "pixel" if field.square == 1 else f"block of {field.square}×{field.square} pixels"
    whats = "" if field.square == 1 else f"blocks of {field.square}×{field.square} pixels"
    extent = f"{field.computed.height}×{field.computed.width}"
    match field.outside_moves:
        case False:
            outside = f" With noise everywhere outside of the {extent} pixels of the plan (outlined) it did not move."
        case True:
            outside = f" With noise outside of the {extent} pixels of the plan it moved, which must not be."
        case None:
            outside = ""
    return (
        f"Changed one by one, {part_of(field.moved, field.effects.size, what, whats)} moved the output at "
        f"{row_and_column(field.unit.row, field.unit.column)}; half of all effect comes from {field.half:,} of them."
        f"{outside}"
    )


def field_legend(field: EffectiveField) -> str:
    """What the colours of the measured map mean."""
    most = float(field.effects.max(initial=0.0))
    if most == 0:
        return "Nothing moves this output."
    what = "a pixel" if field.square == 1 else "a block"
    return (
        f"Warmest: where {what} got brighter by {number(field.push, digits=3)}, "
        f"the output moved by {number(most * field.push, digits=2)}."
    )


def padding_legend(share: NDArray[np.float64]) -> str:
    """What the colours of the map of padding mean."""
    if not share.any():
        return "No padding anywhere."
    return f"Palest: no padding. Warmest: {percent(float(share.max()), step=0.1)} padding."


def padding_sentence(share: NDArray[np.float64], corner: int) -> str:
    """How much of the outputs came from padding; so many rows and columns of the corner are shown."""
    touched = int(np.count_nonzero(share > 0))
    if touched == 0:
        return "No output reads any padding: every window lies wholly on the picture."
    part, most = percent(touched / share.size, step=0.1), percent(float(share.max()), step=0.1)
    shown = "" if max(share.shape) <= corner else f" Shown is the upper left corner, {corner}×{corner} outputs."
    return (
        f"{touched:,} of the {share.size:,} outputs of a map ({part}) read some padding; "
        f"the most is {most} of what an output reads, at "
        f"{row_and_column(*divmod(int(share.argmax()), share.shape[1]))}.{shown}"
    )


def stacked_sentence(stack: StackedKernels) -> str:
    """Three small kernels beside a large one."""
    saved = percent(1 - stack.weights_of_small / stack.weights_of_large, step=0.1)
    return (
        f"Three layers of 3×3 see {stack.field_of_small}×{stack.field_of_small} pixels, as one layer of 7×7 does, with "
        f"{stack.weights_of_small:,} weights instead of {stack.weights_of_large:,}: {saved} fewer, and with two more "
        f"curves between them ({counted(stack.channels, 'channel')} in and out)."
    )
