"""Saving what the sliding window shows: films and pictures of the steps around an output, or one step for a slide."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QObject, QRectF, QSize, QSizeF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog

from convstudio.commands.looking import LookingCommands
from convstudio.core.evaluation.evaluate import Result
from convstudio.insight.trace.formula import Notation
from convstudio.insight.trace.sliding import excerpt_around
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import trace
from convstudio.io.export.animation import save_frames
from convstudio.io.files import write_file
from convstudio.runtime.tasks import Tasks
from convstudio.views.explain.trace.drawing import SIZE, draw_step, image_of_step
from convstudio.views.painting import drawing
from convstudio.wiring.files import may_write
from convstudio.wiring.panels import Panels
from convstudio.wiring.preferences import Preferences
from convstudio.wiring.probe import ProbeWiring

SUFFIXES = {"gif": ".gif", "mp4": ".mp4", "png": "", "svg": ".svg", "pdf": ".pdf"}
POINT = 0.75  # points for each pixel of the drawing


class StepWiring(QObject):
    """Asks for a name and draws the steps beside the window's thread."""

    def __init__(
        self, panels: Panels, looking: LookingCommands, tasks: Tasks, preferences: Preferences, probe: ProbeWiring
    ) -> None:
        super().__init__(panels.window)
        self._panels, self._looking, self._tasks = panels, looking, tasks
        self._preferences, self._probe = preferences, probe
        panels.step.save_asked.connect(self._save)

    def _save(self, kind: str) -> None:
        latest, unit = self._looking.latest, self._probe.shown
        if latest is None or latest.output_index < 0 or unit is None:
            return
        suffix = SUFFIXES[kind]
        suggestion = str(Path(self._preferences.settings.folder) / f"steps{suffix}")
        text, _ = QFileDialog.getSaveFileName(self._panels.window, "Save the steps", suggestion, f"*{suffix or ''}")
        if not text:
            return
        named = Path(text)
        self._preferences.keep(replace(self._preferences.settings, folder=str(named.parent)))
        path = named if not suffix or named.suffix.lower() == suffix else named.with_name(named.name + suffix)
        if suffix and not may_write(self._panels.window, [path], named=named):
            return
        result, index, notation, rate = (
            latest.result, latest.output_index, self._panels.step.notation, self._panels.step.bar.rate,
        )  # fmt: skip
        self._tasks.compute(
            lambda: save_steps(result, index, unit, notation, path, rate),
            self._say_saved,
            self._panels.window.status.refuse,
        )

    def _say_saved(self, written: tuple[Path, ...]) -> None:
        more = f" and {len(written) - 1} more" if len(written) > 1 else ""
        self._panels.window.status.say(f"Saved {written[0]}{more}.")


def save_steps(result: Result, index: int, unit: Unit, notation: Notation, path: Path, rate: float) -> tuple[Path, ...]:
    """Write one step (.svg, .pdf) or all steps around it (.gif, .mp4, else a folder of pictures); the files written."""
    if path.suffix.lower() in (".svg", ".pdf"):
        write_file(path, bytes(page(result, index, unit, notation, suffix=path.suffix.lower()).data()))
        return (path,)
    stage = excerpt_around(result, index, unit)
    frames = [image_of_step(stage, trace(result, index, *output), notation) for output in stage.units]
    return save_frames(path, frames, rate=rate)


def page(result: Result, index: int, unit: Unit, notation: Notation, *, suffix: str) -> QByteArray:
    """One step as a page of vectors."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if suffix == ".svg":
        device: QSvgGenerator | QPdfWriter = _svg(buffer)
    else:
        device = _pdf(buffer)
    with drawing(device) as painter:
        if suffix == ".pdf":
            painter.setWindow(QRectF(0, 0, SIZE.width(), SIZE.height()).toRect())
        draw_step(painter, excerpt_around(result, index, unit), trace(result, index, *unit), notation)
    buffer.close()
    return data


def _svg(buffer: QBuffer) -> QSvgGenerator:
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(SIZE)
    drawing.setViewBox(QRectF(0, 0, SIZE.width(), SIZE.height()))
    drawing.setTitle("One step of a convolution")
    return drawing


def _pdf(buffer: QBuffer) -> QPdfWriter:
    drawing = QPdfWriter(buffer)
    size = QPageSize(QSizeF(QSize(SIZE)) * POINT, QPageSize.Unit.Point)
    drawing.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    return drawing
