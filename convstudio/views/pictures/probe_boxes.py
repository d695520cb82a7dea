"""The boxes that mark a probe on the two panes: values, nothing is painted here."""

from convstudio.core.geometry.regions import Region, unit
from convstudio.core.wording import counted, noun, row_and_column
from convstudio.insight.trace.influence import CellUses
from convstudio.insight.trace.trace import Operation
from convstudio.views.pictures.canvas.marks import Box, Line
from convstudio.views.probe.probed import Probed


def boxes_of_probed(probed: Probed, input_index: int) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """The receptive field on the input with what goes on from a pool's window, and the unit on the output."""
    trace = probed.trace
    before = [Box(trace.regions[input_index + 1], role=probed.role)]
    if trace.winner is not None and input_index == trace.index - 1:
        _, winner_row, winner_column = trace.winner
        if trace.taps.values.size:
            place = unit(int(trace.taps.rows.places[winner_row]), int(trace.taps.columns.places[winner_column]))
            word = "largest" if trace.operation is Operation.LARGEST else "goes on"
            before.append(Box(place, word, role=probed.role))
    return tuple(before), (Box(unit(trace.unit.row, trace.unit.column), role=probed.role),)


def boxes_of_reach(region: Region, pixel: tuple[int, int] | None) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """An input pixel, and the outputs on which it has an effect."""
    before = () if pixel is None else (Box(unit(*pixel), row_and_column(*pixel), Line.DOTTED),)
    if region.is_empty:
        return before, ()
    outputs = noun(region.height * region.width, "output")
    return before, (Box(region, f"reaches {region.height}×{region.width} {outputs}", Line.DOTTED),)


def boxes_of_uses(uses: CellUses) -> tuple[Box, ...]:
    """Every place of the input where a kernel cell is used."""
    if uses.count == 0:
        return ()
    label = f"weight used at {counted(uses.count, 'place')}"
    if uses.in_padding:
        label += f", {uses.in_padding:,} in the padding"
    return (Box(uses.region, label, Line.DOTTED, uses.stride),)
