"""SPARSITY AND REACH: what the panel asks and says, when progress is shown, and that nothing it says is cut."""

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.text import recipe_from
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.reach.effective import ExtentQuestion, FieldQuestion, answer
from convstudio.insight.trace.taps import Unit
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
    panel.resize(1112, 710)
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
    QTest.mouseClick(panel.views.buttons[view], Qt.MouseButton.LeftButton)


def test_the_cone_says_what_is_needed_by_the_plan_and_then_what_was_measured(
    panel: ReachPanel, asked: list[object]
) -> None:
    choose(panel, ReachView.CONE)
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
    choose(panel, ReachView.CONE)
    panel.show_shown(shown("conv [0 0 0; 0 1 0; 0 0 0]"))

    panel.show_answer(answer(asked[0]))  # type: ignore[arg-type]

    assert "(measured 1×1)" in panel.cone.accessibleName()
    assert "Less is measured where weights are 0" in panel.sentence.text()


def test_a_live_picture_is_not_measured_again_for_the_cone(panel: ReachPanel, asked: list[object]) -> None:
    choose(panel, ReachView.CONE)
    panel.show_shown(shown())
    panel.show_answer(answer(asked[0]))  # type: ignore[arg-type]

    panel.show_shown(shown(frame=Frame(255 - NOISE, white=255.0)))
    panel.show_shown(shown("conv [1 2; 3 4]"))

    assert len(asked) == 2  # the other kernel only


def test_a_question_that_another_replaced_is_asked_again(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown())

    choose(panel, ReachView.CONE)  # the field was not answered yet
    panel.show_answer(answer(asked[1]))  # type: ignore[arg-type]
    choose(panel, ReachView.FIELD)

    assert [type(question) for question in asked] == [FieldQuestion, ExtentQuestion, FieldQuestion]
    assert panel.title.text() == "One output sees 3×3 pixels"
    assert not panel.enlargement.has_effects


def test_the_photograph_has_a_frame_for_each_layer_and_the_effect_lies_over_the_enlargement(
    panel: ReachPanel, asked: list[object]
) -> None:
    panel.show_shown(shown(f"{FULL} | max 2 | {FULL}"))
    before = panel.enlargement.has_effects

    panel.show_answer(answer(asked[0]))  # type: ignore[arg-type]

    assert not before
    assert panel.enlargement.has_effects
    # the output at row 6, column 8 of 12×16 needs rows 5 to 7 of the pool's, 10 to 15 of the first, pixels 9 to 16
    assert panel.photograph.accessibleName() == "The photograph: rows 10 to 17 and columns 14 to 21 are seen"
    assert panel.growth.text() == "1  Conv 3×3: 3×3\n2  Max pool 2×2: 4×4\n3  Conv 3×3: 8×8"
    assert panel.enlargement.part == Region(top=6, bottom=20, left=10, right=24)  # 3 pixels more on every side
    assert "moved the output" in panel.sentence.text()


def test_the_place_under_the_mouse_is_looked_at_while_it_is_dragged(panel: ReachPanel, asked: list[object]) -> None:
    units: list[object] = []
    panel.unit_chosen.connect(units.append)
    panel.show_shown(shown(f"{FULL} | max 2"))
    photograph = panel.photograph

    QTest.mousePress(photograph, Qt.MouseButton.LeftButton, pos=middle_of(panel, 4, 10))
    QTest.mouseMove(photograph, middle_of(panel, 20, 31))
    QTest.mouseRelease(photograph, Qt.MouseButton.LeftButton, pos=middle_of(panel, 20, 31))

    # an output of the pool sees rows 2r − 1 to 2r + 2: its middle is next to pixel 2r or 2r + 1
    assert units == [Unit(0, 2, 5), Unit(0, 10, 15)]
    assert panel.photograph.accessibleName().endswith("rows 20 to 23 and columns 30 to 32 are seen")


def middle_of(panel: ReachPanel, row: int, column: int) -> QPoint:
    return panel.photograph.rect_of(Region(row, row + 1, column, column + 1)).center().toPoint()


def test_the_output_that_was_pinned_is_looked_at(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown())

    panel.show_pinned(Unit(0, 0, 0))
    panel.show_pinned(None)

    assert panel.photograph.accessibleName().endswith("rows 1 to 2 and columns 1 to 2 are seen")
    assert panel.belongings == Unit(0, 0, 0)


def test_a_live_picture_is_measured_to_the_end_before_the_next(panel: ReachPanel, asked: list[object]) -> None:
    panel.show_shown(shown())
    for brightness in range(3):
        panel.show_shown(shown(frame=Frame(NOISE // 2 + brightness, white=255.0)))
    waiting = len(asked)

    panel.show_answer(answer(asked[0]))  # type: ignore[arg-type]

    assert waiting == 1
    assert panel.enlargement.has_effects
    assert len(asked) == 2  # of the newest frame


@pytest.mark.parametrize("view", list(ReachView))
@pytest.mark.parametrize("size", [(1504, 890), (1112, 710), (768, 530), (700, 400)])
def test_it_fits_its_place_and_nothing_is_cut(
    panel: ReachPanel, asked: list[object], view: ReachView, size: tuple[int, int]
) -> None:
    panel.resize(*size)
    choose(panel, view)
    panel.show_shown(shown(f"{FULL} | relu | max 2"))
    for question in list(asked):
        panel.show_answer(answer(question))  # type: ignore[arg-type]

    assert panel.minimumSizeHint().width() <= 700
    for cone in (panel.cone, panel.small):
        if cone.isVisible():
            room = QRect(0, 0, cone.width() - int(cone.text_left()), 400)
            rects = [cone.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, text) for text in cone.texts()]
            assert max(rect.width() for rect in rects) <= room.width()
            assert max(rect.height() for rect in rects) * len(rects) <= cone.height()
    lines = (panel.title, panel.sight, panel.sentence, panel.legend, panel.growth)
    words = [line for line in lines if line.text() and line.isVisible()]
    visible = [widget.geometry() for widget in (*words, panel.photograph, panel.enlargement) if widget.isVisible()]
    assert all(panel.content.rect().contains(line.geometry()) for line in words)
    assert not any(first.intersects(second) for first, second in combinations(visible, 2))


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
    choose(panel, ReachView.FIELD)

    panel.show_answer(answer(asked[-1]))  # type: ignore[arg-type]

    # a sixteenth of white is 16, and a weight of 1 hands it on
    assert panel.legend.text().endswith("Warmest: where a pixel got brighter by 16, the output moved by 16.")
