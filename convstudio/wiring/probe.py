"""The probe: what the mouse points at in one picture is marked in the other, in the kernel and in the arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from PySide6.QtCore import QObject, Signal

from convstudio.commands.commands import Commands
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.values import values_at
from convstudio.core.recipe.layers import Conv, ConvTranspose, Pool
from convstudio.core.recipe.plan import Step
from convstudio.core.view.shown import Shown
from convstudio.insight.trace.influence import outputs_reached_from, uses_of_cell
from convstudio.insight.trace.sliding import STRIP, way_of
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import Trace, trace
from convstudio.io.sessions.session import SourceKind
from convstudio.views.explain.explainer import Explainer
from convstudio.views.probe.probed import Probed, Role
from convstudio.wiring.panels import Panels

MOST_WINDOW_VALUES = 144  # of a pool's window that are written into the column


@dataclass(frozen=True)
class Pins:
    """Outputs that the person keeps, and the kind and name of the source that they belong to.

    `chosen` is where a sliding window stands, or what was chosen in an explanation.
    """

    source: tuple[SourceKind, str]
    green: Unit | None = None
    red: Unit | None = None
    chosen: Unit | None = None
    strip: tuple[int, int] | None = None  # row and column of the output at which a strip of a picture begins


class ProbeWiring(QObject):
    """Remembers the unit under the mouse and those that are pinned."""

    calculated = Signal(object)  # Trace of what is pointed at or pinned, or None

    def __init__(self, panels: Panels, commands: Commands) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self._pins = Pins(self._source)
        self._hovered: Unit | None = None
        pair = panels.pair
        pair.unit_hovered.connect(self._hover)
        pair.unit_pinned.connect(self.pin_or_release)
        pair.input_hovered.connect(self._hover_input)
        panels.kernel.cell_hovered.connect(self._hover_cell)
        panels.window.stage_changed.connect(lambda _: self._hover(None))
        step = panels.step
        step.unit_chosen.connect(self.choose)
        step.unit_hovered.connect(self._hover)
        step.unit_pinned.connect(self.pin_or_release)
        step.input_hovered.connect(self._hover_input)
        step.strip_chosen.connect(self._choose_strip)
        step.grid_edited.connect(self.edit_grid)
        for holder in panels.explanations.values():
            holder.opened.connect(self._connect)
        for signal in (commands.looking.shown, commands.looking.previewed):
            signal.connect(lambda _: self._show())
        commands.sources.source_changed.connect(lambda _: self._show_everywhere())

    @property
    def pins(self) -> Pins:
        """What is pinned on the source that is open; the places mean nothing in another picture."""
        return self._pins if self._pins.source == self._source else Pins(self._source)

    @property
    def pinned(self) -> Unit | None:
        """The unit that was chosen or pinned last."""
        return self.pins.chosen or self.pins.red or self.pins.green

    @property
    def shown(self) -> Unit | None:
        """The unit whose arithmetic is on the screen."""
        return self._hovered or self.pinned

    def choose(self, unit: Unit | None) -> None:
        """Look at a unit, wherever it was chosen; None lets go of it and of the pins."""
        strip = self.pins.strip
        self._keep(Pins(self._source, strip=strip) if unit is None else replace(self.pins, chosen=unit))

    def pin_or_release(self, unit: Unit) -> None:
        """Pin a unit in green, another in red, which then moves on; a pinned one is let go."""
        pins = replace(self.pins, chosen=None)
        if unit == pins.green:
            pins = replace(pins, green=None)
        elif unit == pins.red:
            pins = replace(pins, red=None)
        elif pins.green is None:
            pins = replace(pins, green=unit)
        else:
            pins = replace(pins, red=unit)
        self._keep(pins)

    def pin(self, source: tuple[SourceKind, str], green: Unit, red: Unit) -> None:
        """Pin two units of a source that is being opened."""
        self._keep(Pins(source, green, red))

    @property
    def belongings(self) -> Pins:
        """What is pinned in this session."""
        return self._pins

    def take_belongings(self, belongings: object) -> None:
        """Pin what was pinned in another session, once its source is open again."""
        self._keep(belongings if isinstance(belongings, Pins) else Pins(self._source))

    @property
    def _source(self) -> tuple[SourceKind, str]:
        return self._commands.sources.source.kind, self._commands.sources.source.text

    def _keep(self, pins: Pins) -> None:
        self._pins = pins
        self._show_everywhere()

    def _show_everywhere(self) -> None:
        for holder in self._panels.explanations.values():
            if holder.panel is not None:
                holder.panel.show_pinned(self.pinned)
        self._show()

    def _connect(self, panel: Explainer) -> None:
        panel.unit_chosen.connect(self.choose)
        panel.show_pinned(self.pinned)

    def _hover(self, unit: Unit | None) -> None:
        self._hovered = unit
        self._show()

    def _step(self) -> Step | None:
        shown = self._commands.looking.on_screen
        return shown.result.plan.steps[shown.output_index] if shown and shown.output_index >= 0 else None

    def _probed(self) -> Iterator[Probed]:
        """What is pinned, then what is pointed at."""
        shown, pins = self._commands.looking.on_screen, self.pins
        if shown is None or shown.output_index < 0:
            return
        pointed = self._hovered or pins.chosen
        for role, unit in ((Role.GREEN, pins.green), (Role.RED, pins.red), (Role.POINTED, pointed)):
            try:
                if unit is not None and _is_there(shown, unit):
                    calculation = trace(shown.result, shown.output_index, *unit)
                    yield Probed(calculation, role, _channels(shown, unit))
            except ConvStudioError as refusal:  # too much to look into of a large picture
                self._panels.window.status.say(str(refusal))

    def _show(self) -> None:
        panels, probed = self._panels, tuple(self._probed())
        panels.pair.show_probed(probed)
        calculation = next((unit.trace for unit in reversed(probed) if unit.trace.unit == self.shown), None)
        self.calculated.emit(calculation)
        if panels.window.stage == "step":
            self._show_way(calculation)
            panels.step.show_probed(probed, self._walker)
        cells = frozenset[tuple[int, int]]()
        if calculation is not None and isinstance(calculation.step.layer, Conv | ConvTranspose):
            taps = calculation.taps
            cells = frozenset(product(taps.rows.cells.tolist(), taps.columns.cells.tolist()))
        panels.kernel.highlight_cells(cells)
        self._show_window(calculation)

    def _show_window(self, calculation: Trace | None) -> None:
        """The numbers of a pool's window in the column, while they are few enough to be read."""
        column = self._panels.inspector
        if calculation is None or not isinstance(calculation.step.layer, Pool):
            column.show_window_values(None)
            return
        values = calculation.taps.values[0]
        if values.size > MOST_WINDOW_VALUES:
            column.show_window_values(None)
            return
        winner = calculation.winner
        column.show_window_values(values, calculation.result, None if winner is None else (winner[1], winner[2]))

    @property
    def _walker(self) -> Unit | None:
        """Where the sliding window stands."""
        shown, chosen = self._commands.looking.latest, self.pins.chosen
        is_there = chosen is not None and shown is not None and shown.output_index >= 0 and _is_there(shown, chosen)
        return chosen if is_there else None

    def _show_way(self, calculation: Trace | None) -> None:
        """Show the numbers over which the window walks, with the weights of the unit that is explained."""
        shown, panel = self._commands.looking.latest, self._panels.step
        if shown is None or shown.output_index < 0:
            panel.show_way(None, None, None)
            return
        shape = shown.result.plan.shape_at(shown.output_index)
        depth = shown.result.plan.channels_per_map_at(shown.output_index)
        first = shown.selection.output_map * depth + self._panels.pair.marks.channel % depth
        row, column = self.pins.strip or (shape.height // 2, max((shape.width - STRIP) // 2, 0))
        default = Unit(min(first, shape.channels - 1), min(row, shape.height - 1), min(column, shape.width - 1))
        unit = self._walker or (default if self.pins.strip else calculation.unit if calculation else default)
        if calculation is not None and shape.height == shape.width == 1:
            unit = calculation.unit
        elif calculation is not None:
            unit = unit._replace(channel=calculation.unit.channel)
        try:
            way = way_of(shown.result, shown.output_index, unit, strip=self.pins.strip)
            panel.show_way(shown, way, calculation or trace(shown.result, shown.output_index, *unit))
        except ConvStudioError as refusal:  # too much to look into of a large picture
            self._panels.window.status.say(str(refusal))
            panel.show_way(None, None, None)

    def _choose_strip(self, strip: tuple[int, int]) -> None:
        self._keep(replace(self.pins, chosen=None, strip=strip))

    def edit_grid(self, rows: list[list[float]]) -> None:
        """Take other numbers, and keep what is pinned on them."""
        pins = self.pins
        self._commands.sources.open_grid(rows)
        self._keep(replace(pins, source=self._source))

    def _hover_input(self, place: tuple[int, int] | None) -> None:
        shown = self._commands.looking.on_screen
        if place is None or shown is None or shown.output_index < 0:
            region = None
        else:
            first, last = shown.input_index + 1, shown.output_index
            region = outputs_reached_from(shown.result.plan, first, last, *place)
        self._panels.pair.show_reach(region)
        self._panels.step.show_reach(region)

    def _hover_cell(self, cell: tuple[int, int] | None) -> None:
        step = self._step()
        if cell is None or step is None or not isinstance(step.layer, Conv | ConvTranspose):
            self._panels.pair.show_uses(None)
            return
        kernel = step.layer.kernel
        if cell[0] < kernel.vertical and cell[1] < kernel.horizontal:
            self._panels.pair.show_uses(uses_of_cell(step, *cell))


def _is_there(shown: Shown, unit: Unit) -> bool:
    shape = shown.result.plan.shape_at(shown.output_index)
    return all(place < length for place, length in zip(unit, shape, strict=True))


def _channels(shown: Shown, unit: Unit) -> tuple[float, ...]:
    """Red, green and blue at a unit's place, where the output is a colour picture."""
    depth = shown.result.plan.channels_per_map_at(shown.output_index)
    if depth == 1:
        return ()
    first = unit.channel // depth * depth
    place = np.array([unit.row]), np.array([unit.column])
    return tuple(values_at(shown.result, shown.output_index, np.arange(first, first + depth), *place).ravel().tolist())
