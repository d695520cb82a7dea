"""What SPARSITY AND REACH says in words."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from convstudio.core.kernel_text import number
from convstudio.insight.reach import Level, Sight, Stacked
from convstudio.insight.reach_field import Field

NO_LAYER = "Select a layer: how far its outputs see into the picture appears here."


def pixels(size: Fraction) -> str:
    """A length on the picture; below transposed layers it need not be whole."""
    return number(float(size), digits=4)


def sight_sentence(title: str, found: Sight) -> str:
    """How much of the picture one output sees."""
    if found.seen == 0:
        return f"This output of {title} sees nothing but padding."
    if found.ignored == 0:
        return f"One output of {title} sees all {found.inputs:,} values of the picture."
    times = (
        f"{found.inputs / found.seen:,.4g}" if found.inputs < 1000 * found.seen else f"{found.inputs / found.seen:,.0f}"
    )
    return (
        f"One output of {title} sees {found.seen:,} of the {found.inputs:,} values of the picture and ignores "
        f"{found.ignored:,}: one in {times}."
    )


def level_text(level: Level) -> str:
    """One row of the cone."""
    size = f"{pixels(level.size[0])}×{pixels(level.size[1])}"
    if level.title == "picture":
        return "the picture itself"
    return f"sees {size} pixels, the next output {pixels(level.jump[1])} further"


def field_sentence(field: Field) -> str:
    """What was measured, and whether it agrees with what was computed."""
    what = "pixels" if field.block == 1 else f"blocks of {field.block}×{field.block} pixels"
    extent = f"{field.computed.height}×{field.computed.width}"
    agrees = "none outside" if field.strays == 0 else f"{field.strays:,} outside, which must not be"
    return (
        f"Changing the {field.effects.size:,} {what} around the field of row {field.unit.row}, "
        f"column {field.unit.column} one by one: {field.moved:,} moved the output, {agrees} of the {extent} field of "
        f"the plan. Half of all effect comes from {field.half:,} of them."
    )


def padding_sentence(share: NDArray[np.float64], corner: int) -> str:
    """How much of the outputs came from padding; so many rows and columns of the corner are shown."""
    touched = int(np.count_nonzero(share > 0))
    if touched == 0:
        return "No output reads any padding: every window lies wholly on the picture."
    part = number(100 * touched / share.size, digits=3)
    most = number(100 * float(share.max()), digits=3)
    shown = "" if max(share.shape) <= corner else f" Shown is the upper left corner, {corner}×{corner} outputs."
    return (
        f"{touched:,} of the {share.size:,} outputs of a map ({part} %) read some padding; "
        f"the most is {most} % of what an output reads, at row {int(share.argmax()) // share.shape[1]}, "
        f"column {int(share.argmax()) % share.shape[1]}.{shown}"
    )


def stacked_sentence(found: Stacked) -> str:
    """Three small kernels beside a large one."""
    saved = number(100 * (1 - found.weights_of_small / found.weights_of_large), digits=3)
    return (
        f"Three layers of 3×3 see {found.field_of_small}×{found.field_of_small} pixels, as one layer of 7×7 does, with "
        f"{found.weights_of_small:,} weights instead of {found.weights_of_large:,}: {saved} % fewer, and with two more "
        f"curves between them ({found.channels} {'channel' if found.channels == 1 else 'channels'} in and out)."
    )
