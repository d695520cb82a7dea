"""SPARSITY AND REACH: what the panel asks and says, when progress is shown, and that nothing it says is cut."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.reach.effective import ExtentQuestion, FieldQuestion, answer
from convstudio.views.explain.reach.panel import ReachPanel, ReachView

NOISE = np.random.default_rng(4).integers(0, 256, (24, 32, 1)).astype(np.uint8)
FULL = "conv [1 2 3; 4 5 6; 7 8 9]"  # no weight is 0


def shown(recipe: str = FULL, *, frame: Frame | None = None) -> Shown:
    document = recipe_from(recipe)
    return show(evaluate(document, frame or Frame(NOISE.copy(), white=255.0)), Selection())


@pytest.fixture
def panel(qtbot: QtBot) -> ReachPanel:
    panel = ReachPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 200)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def asked(panel: ReachPanel) -> list[object]:
    """The questions that wait for an answer."""
    questions: list[object] = []
    panel.asked.connect(questions.append)
    return questions


def choose(panel: ReachPanel, view: ReachView) -> None:
    button = panel.buttons[view]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


def test_the_cone_says_what_is_needed_by_the_plan_and_then_what_was_measured(
    panel: ReachPanel, asked: list[object]
) -> None:
    panel.show_shown(shown(f"{FULL} | max 2"))
    before = panel.cone.accessibleName()

    question = asked[0]
    assert isinstance(question, ExtentQuestion)
    panel.show_answer(answer(question))

    assert before == (
        "picture: 4×4 of its pixels are needed; "
        "Conv 3×3: 2×2 are needed; each sees 3×3 pixels, its neighbour those 1 further; "
        "Max pool 2×2: this one output sees 4×4 pixels, its neighbour those 2 further"
    )
    assert "each sees 3×3 pixels (measured 3×3)" in panel.cone.accessibleName()
    assert "this one output sees 4×4 pixels (measured 4×4)" in panel.cone.accessibleName()


def test_less_than_planned_is_explained(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown("conv [0 0 0; 0 1 0; 0 0 0]"))

    panel.show_answer(answer(asked[0]))  # type: ignore[arg-type]

    assert "(measured 1×1)" in panel.cone.accessibleName()
    assert "Less is measured where weights are 0" in panel.sentence.text()


def test_a_live_picture_is_not_measured_again_for_the_cone(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown())
    panel.show_answer(answer(asked[0]))  # type: ignore[arg-type]

    panel.show_shown(shown(frame=Frame(255 - NOISE, white=255.0)))
    panel.show_shown(shown("conv [1 2; 3 4]"))

    assert len(asked) == 2  # the other kernel only


def test_a_question_that_another_replaced_is_asked_again(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown())

    choose(panel, ReachView.MEASURED)  # the cone was not answered yet
    panel.show_answer(answer(asked[1]))  # type: ignore[arg-type]
    choose(panel, ReachView.CONE)

    assert [type(question) for question in asked] == [ExtentQuestion, FieldQuestion, ExtentQuestion]
    assert panel.sentence.text().startswith("What the one output at the bottom needs")


@pytest.mark.parametrize("view", list(ReachView))
@pytest.mark.parametrize("size", [(1400, 240), (1000, 200)])
def test_it_fits_its_place_and_nothing_is_cut(
    panel: ReachPanel, asked: list[object], view: ReachView, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    panel.show_shown(shown(f"{FULL} | relu | max 2"))
    choose(panel, view)
    for question in list(asked):
        panel.show_answer(answer(question))  # type: ignore[arg-type]

    assert panel.minimumSizeHint().width() <= 980
    for cone in (panel.cone, panel.small):
        if cone.isVisible():
            longest = max(cone.fontMetrics().horizontalAdvance(text) for text in cone.texts())
            assert cone.text_left() + longest <= cone.width()


def test_without_a_layer_a_sentence_says_what_to_do(panel: ReachPanel) -> None:
    panel.show_shown(shown("conv [1]"))

    panel.show_shown(show(evaluate(recipe_from(""), Frame(NOISE.copy(), white=255.0)), Selection()))

    assert panel.lead.text() == "Select a layer: how far its outputs see into the picture appears here."


def test_progress_is_shown_only_of_what_takes_long(panel: ReachPanel, qtbot: QtBot) -> None:
    panel.show_progress(0.25)
    assert not panel.progress.isVisible()

    qtbot.waitUntil(panel.progress.isVisible)

    assert panel.cancel.isVisible()
    panel.show_progress(1.0)
    assert not panel.progress.isVisible()
    assert not panel.cancel.isVisible()


def test_the_legend_says_what_was_done_and_what_came_of_it(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown("conv [1]", frame=Frame(np.zeros((8, 8, 1), np.uint8), white=256.0)))
    choose(panel, ReachView.MEASURED)

    panel.show_answer(answer(asked[-1]))  # type: ignore[arg-type]

    # a sixteenth of white is 16, and a weight of 1 hands it on
    assert panel.legend.text().endswith("Full red: where a pixel got brighter by 16, the output moved by 16.")
