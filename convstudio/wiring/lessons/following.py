"""Following a step: what is done of it, and its sentence whose numbers follow, some of them by a drag."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer

from convstudio.commands.commands import Commands
from convstudio.core.edits.channels import common_divisors, kernel_everywhere, with_groups, with_kernel_everywhere
from convstudio.core.edits.filters import with_filters, with_kernel_size
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.layers import Conv, Layer, Pool
from convstudio.insight.lessons.goals import is_met
from convstudio.insight.lessons.lesson import LessonStep, number_text
from convstudio.insight.lessons.measures import measure
from convstudio.insight.matrix.weight_matrix import Mode
from convstudio.wiring.panels import Panels
from convstudio.wiring.probe import ProbeWiring

LOOK = 150  # milliseconds between two looks at what no signal tells of: sliders and canvases of the stages
GRIDS = 32  # pixels on a side: of a larger picture no single number is dragged
PACES = {"supposed side": 32}  # by which a number goes on, where it is not 1
MOST = {"stride": 8, "kernel size": 15, "filters": 64, "groups": 64, "padding": 8}
LEAST = {"padding": 0}


class Following(QObject):
    """Holds the step that is on, what was true when it began, and which of its goals were met since."""

    def __init__(self, panels: Panels, commands: Commands, probe: ProbeWiring) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._probe = panels, commands, probe
        self._step: LessonStep | None = None
        self._start: dict[str, object] | None = None  # by the names that its goals ask for
        self._met: list[bool] = []
        self._taken_home = 0
        self._held = 0.0  # what a number was when a hand took hold of it
        self._is_held = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)
        commands.exporting.said.connect(self._count_export)
        commands.looking.shown.connect(lambda _: self._look())
        panels.lesson.live.dragged.connect(self._drag)
        panels.lesson.drawings.groups_chosen.connect(lambda groups: self._put("groups", groups, is_held=False))

    def begin(self, step: LessonStep) -> None:
        """Follow another step, from the moment on at which its picture is there."""
        self._step, self._start, self._met = step, None, [False] * len(step.goals)
        self._panels.lesson.show_goals(self._met)
        self._panels.lesson.live.show_numbers(lambda _: "…")
        if step.goals or step.live:
            self._timer.start()

    def end(self) -> None:
        """Follow nothing."""
        self._timer.stop()
        self._step = None

    def _look(self) -> None:
        step, result = self._step, self._result()
        if step is None or result is None or not (step.goals or step.live):
            return
        if self._start is None:
            names = {clause.name for goal in step.goals for clause in goal.clauses}
            self._start = {name: self._read_or_nothing(name) for name in names}
        before: Mapping[str, object] = self._start
        for place, goal in enumerate(step.goals):
            if not self._met[place] and is_met(goal, before.get, self._read):
                self._met[place] = True
        self._panels.lesson.show_goals(self._met)
        self._panels.lesson.live.show_numbers(self._written)
        is_shared = self._facts().get("ties", str(Mode.TIED)) == str(Mode.TIED)
        self._panels.lesson.drawings.show_result(result, is_shared=is_shared)

    # what is true now

    def _result(self) -> Result | None:
        """The picture of the present recipe; none while it is computed."""
        latest = self._commands.looking.latest
        if latest is None or latest.result.document is not self._commands.recipe.document:
            return None
        return latest.result if latest.result.frame is self._commands.looking.frame else None

    def _read(self, name: str) -> object:
        """A fact of the window, or a measure of what is on the screen."""
        facts = self._facts()
        if name in facts:
            return facts[name]
        result = self._result()
        if result is None or not result.is_whole:
            raise ConvStudioError("The picture is still being computed.")
        return measure(result, name)

    def _read_or_nothing(self, name: str) -> object:
        try:
            return self._read(name)
        except ConvStudioError:
            return None

    def _written(self, name: str) -> str:
        value = self._read_or_nothing(name)
        if isinstance(value, int | float):
            return number_text(float(value))
        return value if isinstance(value, str) else "…"

    def _facts(self) -> Mapping[str, object]:
        """What is true of the window, by the names that goals use."""
        panels, document = self._panels, self._commands.recipe.document
        layer = document.layers[document.selected] if document.selected >= 0 else None
        pins = self._probe.pins
        facts: dict[str, object] = {
            "stage": panels.window.stage,
            "column": panels.window.column,
            "pins": sum(pin is not None for pin in (pins.green, pins.red)),
            "picture": self._commands.looking.frame,
            "kernel": layer.weight if isinstance(layer, Conv) else None,
            "taken home": self._taken_home,
            "done": sum(self._met),
        }
        for holder in panels.explanations.values():
            if holder.panel is not None:
                facts |= holder.panel.readings
        return facts

    def _count_export(self, _: str) -> None:
        self._taken_home += 1

    # what a hand does

    def _drag(self, name: str, steps: int, is_held: bool) -> None:  # noqa: FBT001  # a slot
        if not self._is_held:
            value = self._read_or_nothing(name)
            self._held = float(value) if isinstance(value, int | float) else 0.0
        self._is_held = is_held
        try:
            self._put(name, self._held + steps * PACES.get(name, 1), is_held=is_held)
        except ConvStudioError as refusal:
            self._panels.window.status.refuse(str(refusal))

    def _put(self, name: str, value: float, *, is_held: bool) -> None:
        kind, _, place = name.partition(" at ")
        if kind == "input":
            self._put_pixel(*_place(place), value)
            return
        for holder in self._panels.explanations.values():
            if holder.panel is not None and name in holder.panel.readings:
                holder.panel.take_reading(name, value)
                return
        document = self._commands.recipe.document
        if document.selected < 0:
            return
        layer = document.layers[document.selected]
        least = LEAST.get(kind, 1 if kind in MOST else -99)
        edited = _edited(layer, kind, place, min(max(value, least), MOST.get(kind, 99)), self._commands)
        self._commands.recipe.edit_selected(edited, f"drag {name}" if is_held else "")
        if not is_held:
            self._commands.recipe.end_gesture()

    def _put_pixel(self, row: int, column: int, value: float) -> None:
        frame = self._commands.looking.frame
        if frame is None or frame.shape.channels != 1 or max(frame.shape.height, frame.shape.width) > GRIDS:
            raise ConvStudioError("Only the numbers of a small grid are dragged one by one; open the article's grid.")
        numbers = np.array(frame.pixels[:, :, 0], dtype=np.float64)
        numbers[row, column] = value
        self._probe.edit_grid(numbers.tolist())


def _place(text: str) -> tuple[int, int]:
    row, column = text.split(",")
    return int(row), int(column)


def _possible_groups(layer: Conv, groups: int, channels: int) -> int:
    """The possible number of groups nearest to this one, on the same side of the present one."""
    is_more = groups > layer.groups
    beyond = [
        other
        for other in common_divisors(channels, layer.filters)
        if other != layer.groups and (other > layer.groups) is is_more
    ]
    is_other = groups != layer.groups
    return min(beyond, key=lambda other: abs(other - groups), default=layer.groups) if is_other else groups


def _edited(layer: Layer, kind: str, place: str, value: float, commands: Commands) -> Layer:
    """A layer with another number."""
    whole, plan = int(value), commands.looking.plan()
    channels = plan.steps[commands.recipe.document.selected].input.channels if plan is not None else 1
    match layer, kind:
        case Conv(), "weight":
            return _with_weight(layer, *_place(place), value)
        case Conv(), "kernel size" | "filters" | "groups":
            return _resized(layer, kind, whole, channels)
        case Conv(), "padding":
            return replace(layer, padding=Amounts(whole, whole, whole, whole))
        case ((Conv() | Pool()), "stride"):
            return replace(layer, stride=Pair(whole, whole))
        case Pool(), "kernel size":
            return replace(layer, window=Pair(whole, whole))
        case _:
            raise ConvStudioError(f"This layer has no {kind} to drag; select the one that the step is about.")


def _with_weight(layer: Conv, row: int, column: int, value: float) -> Conv:
    plane = kernel_everywhere(layer, 0).copy()
    if row >= plane.shape[0] or column >= plane.shape[1]:
        raise ConvStudioError(f"The kernel has no row {row + 1} and column {column + 1}; make it larger.")
    plane[row, column] = value
    return with_kernel_everywhere(layer, 0, plane)


def _resized(layer: Conv, kind: str, whole: int, channels: int) -> Conv:
    match kind:
        case "kernel size":
            return with_kernel_size(layer, whole, whole)
        case "filters":
            return with_filters(layer, whole)
        case _:
            return with_groups(layer, _possible_groups(layer, whole, channels), channels)
