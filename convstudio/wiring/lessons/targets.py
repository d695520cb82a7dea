"""What a step can point at, lock or need, by the names that people know."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from convstudio.insight.lessons.lesson import Places
from convstudio.views.window.stages import PICTURES, STAGES
from convstudio.wiring.panels import Panels


def in_count_column(name: str, panels: Panels) -> QWidget | None:
    """A part of the column beside the Count stage, which is built when somebody first looks."""
    column = panels.explanations["count"].open().column
    return None if column is None else column.findChild(QWidget, name)


def _on_stage(name: str, panels: Panels) -> QWidget | None:
    """A part of the stage that is on; the stage itself where it has none of that name."""
    stage = panels.window.stages.currentWidget()
    return None if stage is None else stage.findChild(QWidget, name) or stage


def _among_pictures(panels: Panels, picture: QWidget) -> QWidget | None:
    """A part of the pictures; elsewhere the stage that is on."""
    return picture if panels.window.stage == PICTURES else panels.window.stages.currentWidget()


def _output(panels: Panels) -> QWidget | None:
    """The outputs, as the pictures or as a step shows them."""
    on_step, picture = panels.step.grids.output_place, panels.pair.after.picture
    return on_step if panels.window.stage == "step" else _among_pictures(panels, picture)


TARGETS: dict[str, Callable[[Panels], QWidget | None]] = {
    **{stage.name: lambda panels: panels.window.stages.currentWidget() for stage in STAGES},
    "layers": lambda panels: panels.flow,
    "add layer": lambda panels: panels.flow.add,
    "source": lambda panels: panels.inspector.source,
    "kernel": lambda panels: panels.kernel.grid,
    "presets": lambda panels: panels.kernel.open_presets,
    "filters": lambda panels: panels.kernel.filters,
    "mix channels": lambda panels: panels.inspector.mix,
    "stride": lambda panels: panels.inspector.fields.stride,
    "padding": lambda panels: panels.inspector.fields.padding,
    "dilation": lambda panels: panels.inspector.fields.dilation,
    "groups": lambda panels: panels.inspector.fields.groups,
    "border": lambda panels: panels.inspector.fields.border,
    "pool": lambda panels: panels.inspector.pool,
    "input": lambda panels: _among_pictures(panels, panels.pair.before.picture),
    "output": _output,
    "display": lambda panels: _among_pictures(panels, panels.pair.display_bar),
    "wipe": lambda panels: _among_pictures(panels, panels.pair.view_bar.wipe),
    "what is counted": partial(in_count_column, "count-input"),
    "ties": partial(_on_stage, "matrix"),
    "slider": partial(_on_stage, "count-slider"),
    "moved picture": partial(_on_stage, "shift-input"),
    "test digit": partial(_on_stage, "learn-digit"),
}
"""What a step can point at, lock or need, by the names that people know; on the stage that is on."""
PLACES = Places(targets=tuple(TARGETS), panels=tuple(stage.name for stage in STAGES))
