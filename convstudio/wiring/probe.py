"""The probe: what the mouse points at in one picture is marked in the other, in the kernel and in the arithmetic."""

from dataclasses import dataclass

from PySide6.QtCore import QObject

from convstudio.commands.commands import Commands
from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Step
from convstudio.insight.trace.influence import outputs_reached_from, uses_of_cell
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import Trace, trace
from convstudio.io.sessions.session import SourceKind
from convstudio.views.explain.explainer import Explainer
from convstudio.wiring.panels import Panels


@dataclass(frozen=True)
class Pin:
    """An output that the person keeps, and the kind and name of the source that it belongs to."""

    unit: Unit
    source: tuple[SourceKind, str]


class ProbeWiring(QObject):
    """Remembers the unit under the mouse and the one that was pinned."""

    def __init__(self, panels: Panels, commands: Commands) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self._pin: Pin | None = None
        self._hovered: Unit | None = None
        pair = panels.pair
        pair.unit_hovered.connect(self._hover)
        pair.unit_pinned.connect(self._pin_or_release)
        pair.input_hovered.connect(self._hover_input)
        panels.kernel.cell_hovered.connect(self._hover_cell)
        panels.window.stage_changed.connect(self._look)
        panels.arithmetic.unit_chosen.connect(self.choose)
        for holder in panels.explanations.values():
            holder.opened.connect(self._connect)
        commands.looking.shown.connect(lambda _: self._show())
        commands.sources.source_changed.connect(lambda _: self._show_everywhere())

    @property
    def pinned(self) -> Unit | None:
        """The unit that was pinned on the source that is open; the place means nothing in another picture."""
        return self._pin.unit if self._pin is not None and self._pin.source == self._source else None

    @property
    def shown(self) -> Unit | None:
        """The unit whose arithmetic is on the screen."""
        return self.pinned or self._hovered

    def choose(self, unit: Unit | None) -> None:
        """Pin a unit, wherever it was chosen; None lets go."""
        self._pin = None if unit is None else Pin(unit, self._source)
        self._show_everywhere()

    @property
    def belongings(self) -> Pin | None:
        """What is pinned in this session."""
        return self._pin

    def take_belongings(self, belongings: object) -> None:
        """Pin what was pinned in another session, once its source is open again."""
        self._pin = belongings if isinstance(belongings, Pin) else None
        self._show_everywhere()

    @property
    def _source(self) -> tuple[SourceKind, str]:
        return self._commands.sources.source.kind, self._commands.sources.source.text

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

    def _pin_or_release(self, unit: Unit) -> None:
        self.choose(None if unit == self.pinned else unit)

    def _look(self, name: str) -> None:
        if name != "step":
            self._panels.arithmetic.stop()
        self._show()

    def _step(self) -> Step | None:
        shown = self._commands.looking.latest
        return shown.result.plan.steps[shown.output_index] if shown and shown.output_index >= 0 else None

    def _trace(self) -> Trace | None:
        unit, shown = self.shown, self._commands.looking.latest
        if unit is None or shown is None or shown.output_index < 0:
            return None
        channels, height, width = shown.result.plan.shape_at(shown.output_index)
        if unit.channel >= channels or unit.row >= height or unit.column >= width:
            return None
        try:
            return trace(shown.result, shown.output_index, unit.channel, unit.row, unit.column)
        except ConvStudioError as refusal:  # too much to look into of a large picture
            self._panels.window.status.say(str(refusal))
            return None

    def _show(self) -> None:
        panels, trace = self._panels, self._trace()
        panels.pair.show_probe(trace, is_pinned=self.pinned is not None)
        if panels.window.stage == "step":
            panels.arithmetic.show_step(self._step())
            panels.arithmetic.show_trace(trace, is_pinned=self.pinned is not None)
        elif trace is None:
            panels.arithmetic.show_trace(None)
        cells = frozenset[tuple[int, int]]()
        if trace is not None and isinstance(trace.step.layer, Conv | ConvTranspose):
            cells = frozenset((int(i), int(j)) for i in trace.taps.rows.cells for j in trace.taps.columns.cells)
        panels.kernel.highlight_cells(cells)

    def _hover_input(self, place: tuple[int, int] | None) -> None:
        shown = self._commands.looking.latest
        if place is None or shown is None or shown.output_index < 0:
            self._panels.pair.show_reach(None)
            return
        first, last = shown.input_index + 1, shown.output_index
        self._panels.pair.show_reach(outputs_reached_from(shown.result.plan, first, last, *place))

    def _hover_cell(self, cell: tuple[int, int] | None) -> None:
        step = self._step()
        if cell is None or step is None or not isinstance(step.layer, Conv | ConvTranspose):
            self._panels.pair.show_uses(None)
            return
        kernel = step.layer.kernel
        if cell[0] < kernel.vertical and cell[1] < kernel.horizontal:
            self._panels.pair.show_uses(uses_of_cell(step, *cell))
