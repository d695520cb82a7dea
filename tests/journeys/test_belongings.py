"""What is supposed, pinned or chosen in a panel belongs to the session it was set for."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.new_layers import new_conv
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.matrix.weight_matrix import Mode
from convstudio.insight.trace.taps import Unit
from convstudio.io.sessions.session import Session, SourceKind, SourceReference, save_session
from convstudio.views.explain.teach.controls import Source
from convstudio.views.explain.teach.panel import TeachPanel
from tests.journeys.conftest import Studio
from tests.journeys.test_lessons import at_step


def set_everything(studio: Studio) -> None:
    """Set all that can be set, on the camera man."""
    panels, probe = studio.application.panels, studio.application.wiring.probe
    studio.settled_on_a_picture()
    panels.window.show_stage("weights")
    studio.until(lambda: studio.text("matrix-caption").startswith("A"))
    studio.click("matrix-cut")
    panels.window.show_stage("shift")
    studio.find("shift-dx").setProperty("value", 3.0)
    studio.click("shift-pool")
    panels.window.show_stage("step")
    probe.choose(Unit(2, 40, 70))
    studio.click("step-symbols")
    panels.window.show_stage("count")
    studio.click("count-scope-stack")
    studio.find("count-size").setFocus()
    QTest.keyClick(studio.find("count-size"), Qt.Key.Key_End)


def open_teaching(studio: Studio) -> TeachPanel:
    studio.application.panels.window.show_stage("teach")
    panel = studio.application.panels.explanations["teach"].panel
    assert isinstance(panel, TeachPanel)
    return panel


def everything(studio: Studio) -> tuple[object, ...]:
    """What is set, read off the panels."""
    panels, probe = studio.application.panels, studio.application.wiring.probe
    return (
        probe.pinned,
        panels.step.bar.symbols.isChecked(),
        [name for name in ("article", "layer", "stack") if studio.find(f"count-scope-{name}").property("checked")],
        studio.find("count-reset").isEnabled(),
        [mode for mode, button in matrix_buttons(studio).items() if button.property("checked")],
        studio.find("shift-dx").property("value"),
        studio.find("shift-pool").property("checked"),
    )


def matrix_buttons(studio: Studio) -> dict[Mode, QWidget]:
    return {mode: studio.find(f"matrix-{mode}") for mode in Mode}


SET = (Unit(2, 40, 70), True, ["stack"], True, [Mode.CUT], 3.0, True)
NOTHING = (None, False, ["layer"], False, [Mode.TIED], 1.0, False)


def open_lesson(studio: Studio, _: Path) -> None:
    studio.press("F6")
    studio.click("lesson-5")
    at_step(studio, 0)


def open_session(studio: Studio, folder: Path) -> None:
    path = folder / "other.convstudio"
    recipe = recipe_from("conv sobel-x | relu")
    save_session(path, Session(recipe, SourceReference(SourceKind.SAMPLE, "camera")))
    studio.answer_questions("Discard")
    studio.application.commands.sources.open(str(path))
    studio.until(lambda: studio.application.commands.recipe.document.layers == recipe.layers)
    studio.settled()


def open_example(studio: Studio, _: Path) -> None:
    studio.press("Ctrl+Shift+A")
    studio.opened("6×6 grid")


@pytest.mark.parametrize("begin", [open_lesson, open_session, open_example])
def test_another_session_begins_without_what_was_set(
    studio: Studio, tmp_path: Path, begin: Callable[[Studio, Path], None]
) -> None:
    set_everything(studio)
    before = everything(studio)

    begin(studio, tmp_path)
    studio.application.panels.window.show_stage("count")

    assert before == SET
    pinned = Unit(0, 3, 2) if begin is open_example else None  # the article's 30
    assert everything(studio) == (pinned, *NOTHING[1:])


def test_what_is_taught_is_of_its_session(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    panel = open_teaching(studio)
    after = Frame(np.zeros((512, 512, 1), np.float32), white=1.0)
    panel.show_after(after)
    panel.bar.show_source(Source.FILE)
    open_lesson(studio, tmp_path)
    in_lesson = panel.belongings[:2]

    studio.click("lesson-leave")
    studio.opened("Camera man")

    assert in_lesson == (Source.PRESET, None)
    assert panel.belongings[:2] == (Source.FILE, after)


def test_leaving_a_lesson_brings_it_back(studio: Studio, tmp_path: Path) -> None:
    set_everything(studio)
    open_lesson(studio, tmp_path)
    studio.click("lesson-next")
    at_step(studio, 1)

    studio.click("lesson-leave")
    studio.opened("Camera man")
    studio.application.panels.window.show_stage("count")

    assert everything(studio) == SET


def test_the_range_of_a_source_goes_and_comes_with_it(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    looking = studio.application.commands.looking
    looking.show_source_in((20.0, 90.0))
    studio.until(lambda: studio.settled().input.low == 20)

    open_lesson(studio, tmp_path)
    in_lesson = studio.settled().selection.source_range
    studio.click("lesson-leave")
    studio.opened("Camera man")
    back = studio.settled()
    open_example(studio, tmp_path)

    assert in_lesson is None
    assert (back.selection.source_range, back.input.low, back.input.high) == ((20.0, 90.0), 20.0, 90.0)
    assert studio.settled().selection.source_range is None


def test_undo_across_a_session_brings_it_back(studio: Studio, tmp_path: Path) -> None:
    set_everything(studio)
    open_session(studio, tmp_path)

    studio.press("Ctrl+Z")
    studio.settled()

    assert everything(studio) == SET


def test_groups_that_are_supposed_of_a_layer_are_not_of_another(studio: Studio) -> None:
    studio.application.commands.sources.open_sample("coffee")
    studio.settled()
    studio.application.commands.recipe.reset(Document((new_conv(3, filters=6),), selected=0))
    studio.settled()
    studio.application.panels.window.show_stage("count")
    studio.click("count-apart")
    grouped = studio.text("count-conv-weights")

    studio.application.commands.recipe.add_layer(lambda shape: new_conv(shape.channels, filters=6))
    studio.settled()
    another = studio.text("count-conv-weights")
    studio.press("Ctrl+Z")
    studio.settled()

    assert grouped == "54"  # six filters of 3×3 that see one channel each
    assert another == str(6 * 6 * 9)
    assert studio.text("count-conv-weights") == "54"


def test_a_pin_is_of_its_picture(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.wiring.probe.choose(Unit(0, 40, 70))

    studio.application.commands.sources.open_sample("coffee")
    studio.opened("Coffee")
    elsewhere = studio.application.wiring.probe.pinned
    studio.settled_on_a_picture()

    assert elsewhere is None
    assert studio.application.wiring.probe.pinned == Unit(0, 40, 70)


def test_a_supposed_size_is_of_its_picture(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.panels.window.show_stage("count")
    studio.find("count-size").setFocus()
    QTest.keyClick(studio.find("count-size"), Qt.Key.Key_End)
    supposed = studio.find("count-width").property("value")

    studio.application.commands.sources.open_sample("coffee")
    shape = studio.opened("Coffee").result.plan.source

    assert supposed == 4000
    assert isinstance(shape, Shape)
    assert studio.find("count-width").property("value") == shape.width
    assert not studio.find("count-reset").isEnabled()
