"""A gesture: many edits in a row are shown at once, are one step of undo, and end in an exact picture."""

import os
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import capture_exceptions

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv
from convstudio.core.recipe.new_layers import image_filter
from convstudio.core.view.shown import Shown
from convstudio.core.wording import number as number_text
from convstudio.runtime.priority import NICE
from tests.journeys.conftest import Studio


def test_a_drag_over_a_cell_ends_in_the_picture_that_is_computed_afresh(studio: Studio) -> None:
    studio.settled_on_a_picture()
    before = studio.application.commands.recipe.document
    grid = studio.application.panels.kernel.grid
    start = grid.cell_rect(1, 1).center().toPoint()

    QTest.mousePress(grid, Qt.MouseButton.LeftButton, pos=start)
    drafts = []
    for up in range(4, 44, 8):
        QTest.mouseMove(grid, start - QPoint(0, up))
        drafts.append(studio.settled().result.drafts)
    QTest.mouseRelease(grid, Qt.MouseButton.LeftButton, pos=start - QPoint(0, 40))
    studio.until(lambda: studio.settled().result.drafts == 0)

    shown = studio.settled()
    exact = evaluate(shown.result.document, shown.result.frame)
    assert max(drafts) > 0
    np.testing.assert_array_equal(shown.result.outputs[0], exact.outputs[0])
    studio.press("Ctrl+Z")
    assert studio.application.commands.recipe.document == before


def test_edits_within_one_frame_lose_nothing_and_the_panels_end_on_the_last(studio: Studio) -> None:
    shown = studio.settled_on_a_picture()
    commands, panels = studio.application.commands, studio.application.panels
    first = shown.result.plan.steps[0].layer  # as it is adapted to the picture
    assert isinstance(first, Conv)
    weights = first.weight.array.copy()
    weights[0, 0, 0, :2] = 3.0, 9.0

    for number in range(1, 10):  # no event loop between them: the panels are told of the last alone
        panels.kernel.grid.set_selected(float(number), "drag")
        if number == 3:
            QTest.keyClick(panels.kernel.grid, Qt.Key.Key_Right)
    bias = panels.inspector.fields.bias
    bias.selectAll()
    QTest.keyClicks(bias, "2")
    QTest.keyClick(bias, Qt.Key.Key_Return)
    studio.settled()

    last = commands.recipe.document.layers[0]
    assert isinstance(last, Conv)
    np.testing.assert_array_equal(last.weight.array, weights)
    assert last.bias[0] == 2.0
    total = number_text(float(weights[0, 0].sum()), digits=5)
    assert panels.kernel.sentence.text().startswith(f"Sum {total}:")


def test_the_panels_show_the_last_number_of_a_drag_without_waiting_for_its_picture(studio: Studio) -> None:
    studio.settled_on_a_picture()
    kernel = studio.application.panels.kernel
    total = float(kernel.grid.plane.sum() - kernel.grid.plane[0, 0])
    studio.application.engine.close()  # no picture comes any more

    for number in (40.0, 50.0):
        kernel.grid.set_selected(number, "drag")
    studio.until(lambda: kernel.sentence.text().startswith(f"Sum {number_text(total + 50.0, digits=5)}:"))

    assert kernel.grid.accessibleName().endswith(": 50")


def drag_and_at_a_picture(studio: Studio, at: int, act: Callable[[], object]) -> None:
    """Drag a number; do something in the moment of a picture, after which no other comes to hide a mistake."""
    application = studio.application
    shown: list[Shown] = []

    def keep(picture: Shown) -> None:
        shown.append(picture)
        if len(shown) == at:
            application.engine.close()
            act()

    application.commands.looking.shown.connect(keep)
    for number in range(1, at + 1):
        application.panels.kernel.grid.set_selected(10.0 * number, "drag")
        studio.until(lambda: len(shown) >= number)  # noqa: B023  # it is called here
    studio.told()


SOON = pytest.mark.parametrize("at", [1, 2])  # the list is told at once of the first, later of the next


def test_the_list_ends_on_the_last_picture_of_a_drag_however_soon_it_follows_another(studio: Studio) -> None:
    studio.settled_on_a_picture()
    application = studio.application

    drag_and_at_a_picture(studio, 3, lambda: None)

    latest = application.commands.looking.latest
    assert latest is not None
    assert application.panels.flow.layers[0].content.thumbnail is latest.thumbnails[1]


@SOON
def test_a_layer_that_is_deleted_before_the_list_is_told_of_a_picture_stays_deleted(studio: Studio, at: int) -> None:
    studio.settled_on_a_picture()
    commands = studio.application.commands

    drag_and_at_a_picture(studio, at, lambda: commands.recipe.delete_layer(0))

    assert commands.recipe.document.layers == ()
    assert studio.application.panels.flow.layers == []


@SOON
def test_a_refusal_that_comes_before_the_list_is_told_of_a_picture_is_not_wiped_out(studio: Studio, at: int) -> None:
    studio.settled_on_a_picture()
    refused = studio.application.commands.looking.layer_refused

    drag_and_at_a_picture(studio, at, lambda: refused.emit(0, "It cannot work here."))

    assert "It cannot work here." in studio.application.panels.flow.layers[0].toolTip()


def test_a_refusal_that_comes_before_the_panels_are_told_of_a_drag_is_not_wiped_out(studio: Studio) -> None:
    studio.settled_on_a_picture()
    application = studio.application
    application.engine.close()  # the drag is not told with a picture

    application.panels.kernel.grid.set_selected(40.0, "drag")
    application.commands.looking.layer_refused.emit(0, "It cannot work here.")
    studio.told()

    assert "It cannot work here." in application.panels.flow.layers[0].toolTip()
    assert application.panels.kernel.grid.accessibleName().endswith(": 40")


def test_a_fault_in_what_follows_a_picture_comes_once_for_each(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.settled_on_a_picture()
    application = studio.application
    failures: list[Shown] = []
    shown: list[Shown] = []

    def fail(picture: Shown) -> None:
        failures.append(picture)
        raise RuntimeError("no good")

    monkeypatch.setattr(application.panels.flow, "show_shown", fail)
    application.commands.looking.shown.connect(shown.append)
    with capture_exceptions() as faults:
        application.panels.kernel.grid.set_selected(3.0, "drag")
        studio.settled()
        studio.told()

    assert 0 < len(failures) <= len(shown)
    assert [str(value) for _, value, _ in faults] == ["no good"] * len(failures)


def test_the_window_goes_before_whoever_computes_for_it(studio: Studio) -> None:
    studio.settled_on_a_picture()
    priorities: list[int] = []

    studio.application.tasks.run(lambda: os.getpriority(os.PRIO_PROCESS, 0), priorities.append, pytest.fail)
    studio.until(lambda: bool(priorities))

    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert priorities == [max(NICE, own) if sys.platform == "linux" else own]


def test_the_display_changes_when_a_drag_ends_and_not_while_the_hand_pauses(studio: Studio) -> None:
    studio.settled_on_a_picture()
    looking = studio.application.commands.looking
    studio.application.commands.recipe.reset(Document((image_filter(build(find("sharpen-4"))),), selected=0))
    studio.settled()
    grid = studio.application.panels.kernel.grid
    start = grid.cell_rect(1, 1).center()
    looking.is_button_down = lambda: True

    mouse(grid, QEvent.Type.MouseButtonPress, start)
    for pixels in range(8, 121, 8):  # from 5, below 4: the sum becomes negative
        mouse(grid, QEvent.Type.MouseMove, start + QPointF(0, pixels))
    studio.until(lambda: not looking.is_draft)
    paused = studio.settled()
    is_colour = studio.application.panels.pair.display_bar.segments.buttons["clip"].isChecked()
    looking.is_button_down = lambda: False
    mouse(grid, QEvent.Type.MouseButtonRelease, start + QPointF(0, 120))
    studio.until(studio.application.panels.pair.display_bar.segments.buttons["signed"].isChecked)

    layer = paused.result.document.layers[0]
    assert isinstance(layer, Conv)
    assert layer.weight.array.sum() < 0
    assert is_colour


def mouse(widget: QWidget, kind: QEvent.Type, place: QPointF) -> None:
    """One event of a mouse whose left button is down."""
    left = Qt.MouseButton.LeftButton
    event = QMouseEvent(kind, place, widget.mapToGlobal(place), left, left, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)
