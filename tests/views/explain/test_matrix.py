"""THE WEIGHT MATRIX: its sentences, its colours and letters, what lights up, and the keyboard."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QStyleHintReturn, QStyleOption, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.matrix.weight_matrix import MatrixQuestion, Mode, WeightMatrix, answer, unroll
from convstudio.insight.trace.taps import Unit
from convstudio.views.explain.matrix.cells import faces_of, letters
from convstudio.views.explain.matrix.grids import NOWHERE, GridRole, grids_of
from convstudio.views.explain.matrix.panel import MatrixPanel

ARTICLE = Frame(np.tile(np.array([10.0, 10, 10, 0, 0, 0]), (6, 1))[:, :, None], white=10)
PHOTO = Frame((np.arange(48 * 64 * 3).reshape(48, 64, 3) % 251).astype(np.uint8), white=255)
EDGE = Conv(weight=Weights([[[[1, 0, -1]] * 3]]), bias=(0.0,), padding=Padding.VALID)


def shown(*layers: Layer, frame: Frame = ARTICLE, output_map: int = 0) -> Shown:
    document = Document(layers, selected=len(layers) - 1)
    return show(evaluate(document, frame), Selection(output_map=output_map))


def matrix_of(layer: Layer, frame: Frame = ARTICLE) -> WeightMatrix:
    matrix = unroll(evaluate(Document((layer,)), frame), 0)
    assert isinstance(matrix, WeightMatrix)
    return matrix


def bank(filters: int, planes: int) -> Conv:
    weight = np.arange(1.0, filters * planes * 9 + 1).reshape(filters, planes, 3, 3)
    return Conv(weight=Weights(weight), bias=(0.0,) * filters)


@pytest.fixture
def panel(qtbot: QtBot) -> MatrixPanel:
    """A panel whose questions are answered at once."""
    panel = MatrixPanel()
    qtbot.addWidget(panel)
    panel.asked.connect(lambda question: panel.show_answer(answer(question)))
    panel.resize(1112, 710)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def show_in(panel: MatrixPanel, what: Shown) -> None:
    """Show it, and let the layout find its places."""
    panel.show_shown(what)
    QApplication.processEvents()


def move(widget: QWidget, place: QPoint) -> None:
    """Move the mouse to a place, even if it is there already."""
    QTest.mouseMove(widget, place + QPoint(1, 1))
    QTest.mouseMove(widget, place)


def hover(panel: MatrixPanel, row: int, column: int) -> None:
    move(panel.picture, panel.picture.cell_rect(row, column).center().toPoint())


def wheel(
    widget: QWidget,
    turn: QPoint,
    *,
    at: QPoint | None = None,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    place = QPointF(at if at is not None else widget.rect().center())
    event = QWheelEvent(
        place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), turn, Qt.MouseButton.NoButton, modifiers,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


class NoMotion(QProxyStyle):
    """A desktop that asks for reduced motion."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        is_motion = hint is QStyle.StyleHint.SH_Widget_Animation_Duration
        return 0 if is_motion else super().styleHint(hint, option, widget, returned)


def colour_at(panel: MatrixPanel, row: int, column: int) -> QColor:
    """The colour of a place on the screen, beside its letter."""
    place = panel.picture.cell_rect(row, column).topLeft().toPoint() + QPoint(2, 2)
    return panel.picture.grab().toImage().pixelColor(place)


def test_the_articles_layer_is_told_in_numbers(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))

    assert (
        panel.caption.text() == "Vertical edge 3×3 as one 16×36 matrix: 144 tied places hold 9 weights, 432 are blank."
    )
    assert panel.equation.text() == "Matrix × input = layer, exactly."
    assert panel.sentence.text().startswith(
        "Each row is an output, each column an input: an output depends on 9 of the 36 inputs."
    )


def test_cutting_the_ties_and_filling_the_blanks_change_the_counts(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))

    QTest.mouseClick(panel.modes.buttons[Mode.CUT], Qt.MouseButton.LeftButton)
    cut = panel.caption.text()
    QTest.mouseClick(panel.modes.buttons[Mode.FILLED], Qt.MouseButton.LeftButton)
    filled = panel.caption.text()

    assert cut == "Ties cut (locally connected): 144 places hold 144 weights instead of 9, 16 times as many."
    assert filled == "Blanks filled (dense): all 576 places hold 576 weights instead of 9, 64 times as many."
    assert "depends on all 36" in panel.sentence.text()


def test_padding_has_no_places_and_the_panels_agree(panel: MatrixPanel) -> None:
    panel.show_shown(shown(replace(EDGE, padding=Padding.SAME)))
    tied = panel.caption.text()
    panel.modes.buttons[Mode.CUT].click()

    assert "256 tied places hold 9 weights" in tied
    assert panel.caption.text().endswith("256 places hold 256 weights instead of 9, ≈ 28.44 times as many.")


def test_weights_that_meet_only_padding_are_told(panel: MatrixPanel) -> None:
    panel.show_shown(shown(replace(EDGE, padding=Padding.SAME), frame=Frame(np.ones((1, 1, 1)), white=1)))
    tied = panel.caption.text()
    panel.modes.buttons[Mode.CUT].click()

    assert tied == (
        "Vertical edge 3×3 as one 1×1 matrix: 1 tied place holds 1 of its 9 weights, 0 are blank. "
        "The other weights meet only padding."
    )
    assert panel.caption.text() == "Ties cut (locally connected): 1 place holds 1 weight instead of 9."


def test_one_mode_is_chosen_at_a_time_and_the_keyboard_chooses_too(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))
    panel.modes.buttons[Mode.TIED].setFocus()

    QTest.keyClick(panel.modes.buttons[Mode.TIED], Qt.Key.Key_Right)
    QTest.keyClick(panel.modes.buttons[Mode.CUT], Qt.Key.Key_Space)

    assert [mode for mode, button in panel.modes.buttons.items() if button.isChecked()] == [Mode.CUT]
    assert panel.caption.text().startswith("Ties cut")


def test_a_place_is_linked_to_its_input_output_weight_and_twins(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))

    hover(panel, 5, 8)

    assert panel.sentence.text() == (
        "Weight b = 0 joins input row 2, column 3 (10) to output row 2, column 2 (30) and stands at 16 places."
    )
    lit = {
        part: [key for key in range(36) if key in panel.grids.texts(part) and panel.grids.is_lit(part, key)]
        for part in GridRole
    }
    assert lit[GridRole.INPUT] == [7, 8, 9, 13, 14, 15, 19, 20, 21]
    assert lit[GridRole.KERNEL] == [1]
    assert lit[GridRole.OUTPUT] == [0, 1, 2, 4, 5, 6]
    assert colour_at(panel, 0, 1) == QColor("#56b4e9")
    assert colour_at(panel, 0, 0) != QColor("#e69f00")


def test_leaving_lights_everything_up_again(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))
    before = panel.sentence.text()
    hover(panel, 5, 8)

    move(panel.picture, QPoint(panel.picture.width() - 1, panel.picture.height() - 1))

    assert panel.sentence.text() == before
    assert colour_at(panel, 0, 0) == QColor("#e69f00")


def test_a_blank_is_no_connection(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))

    hover(panel, 0, 35)

    assert panel.sentence.text() == "No connection: input row 6, column 6 has no effect on output row 1, column 1."


def test_places_say_what_became_of_them(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))

    panel.modes.buttons[Mode.CUT].click()
    hover(panel, 0, 2)
    cut = panel.sentence.text()
    panel.modes.buttons[Mode.FILLED].click()
    hover(panel, 1, 0)
    filled = panel.sentence.text()

    assert cut == "Weight 3 = −1 stands here alone. It joins input row 1, column 3 (10) to output row 1, column 1 (0)."
    assert filled == (
        "Weight 37 = 0 was blank; a dense layer learns it too. "
        "It joins input row 1, column 1 (10) to output row 1, column 2 (30)."
    )


@pytest.mark.parametrize(
    ("part", "key", "sentence"),
    [
        (GridRole.INPUT, 14, "Input row 3, column 3 = 10 has an effect on 9 of the 16 outputs."),
        (
            GridRole.OUTPUT,
            1,
            "Output row 1, column 2 = 30 depends on 9 of the 36 inputs. "
            "The same letters stand in the other rows and move along.",
        ),
        (GridRole.KERNEL, 8, "Weight i = −1 stands at 16 places: one weight, tied."),
    ],
)
def test_the_grids_point_into_the_matrix(panel: MatrixPanel, part: GridRole, key: int, sentence: str) -> None:
    show_in(panel, shown(EDGE))

    move(panel.grids, panel.grids.cell_rect(part, key).center().toPoint())

    assert panel.sentence.text() == sentence


def test_an_output_lights_up_the_filter_that_makes_it(panel: MatrixPanel) -> None:
    show_in(panel, shown(bank(6, 3), frame=PHOTO))

    move(panel.grids, panel.grids.cell_rect(GridRole.OUTPUT, 16).center().toPoint())  # the first of the second filter

    assert [key for key in range(54) if panel.grids.is_lit(GridRole.KERNEL, key)] == list(range(27, 54))
    assert panel.sentence.text().startswith("Output row 23, column 31, channel 2 = ")


def test_arrows_go_from_place_to_place(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))
    panel.activateWindow()
    panel.picture.setFocus(Qt.FocusReason.TabFocusReason)

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(panel.picture, key)
    inside = panel.sentence.text()
    QTest.keyClick(panel.picture, Qt.Key.Key_End)
    QTest.keyClick(panel.picture, Qt.Key.Key_Right)
    end = panel.sentence.text()

    assert inside.startswith("Weight b = 0 joins input row 1, column 3 (10) to output row 1, column 2")
    assert end == "No connection: input row 6, column 6 has no effect on output row 1, column 2."
    assert panel.picture.accessibleDescription() == panel.sentence.text()


def test_what_is_pointed_at_stays_while_frames_arrive(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))
    hover(panel, 5, 8)

    show_in(panel, shown(EDGE, frame=Frame(ARTICLE.pixels * 2, white=20)))

    assert panel.sentence.text() == (
        "Weight b = 0 joins input row 2, column 3 (20) to output row 2, column 2 (60) and stands at 16 places."
    )


def test_a_smaller_matrix_lets_go_of_a_place_that_it_does_not_have(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))
    hover(panel, 15, 35)

    show_in(panel, shown(replace(EDGE, stride=Pair(3, 3))))

    assert panel.caption.text() == "Vertical edge 3×3 as one 4×36 matrix: 36 tied places hold 9 weights, 108 are blank."
    assert panel.sentence.text().startswith("Each row is an output")


def test_a_photograph_is_cut_and_the_sentence_says_so(panel: MatrixPanel) -> None:
    show_in(panel, shown(bank(6, 3), frame=PHOTO))

    assert panel.caption.text() == (
        "A cut of Conv 3×3 as one 32×108 matrix: 864 tied places hold 54 weights, 2,592 are blank."
    )
    assert panel.sentence.text().startswith(
        "Each row is an output, each column an input of rows 22–27, columns 30–35: an output depends on 27 of the 108 "
        "inputs."
    )
    hover(panel, 0, 0)
    # its first input is row 21, column 29 from 0, red: (21·64 + 29)·3 = 4119, and 4119 mod 251 = 103
    assert "Weight a of filter 1, plane 1 = 1 joins input row 22, column 30, red (103)" in panel.sentence.text()
    assert panel.sentence.text().endswith("and stands at 16 places.")


def test_the_window_follows_the_map_and_the_place_that_are_chosen(panel: MatrixPanel) -> None:
    questions: list[MatrixQuestion] = []
    panel.asked.connect(questions.append)

    show_in(panel, shown(bank(6, 3), frame=PHOTO, output_map=4))
    panel.show_pinned(Unit(2, 0, 63))
    panel.rest()
    panel.show_pinned(None)

    assert [(question.channel, question.near) for question in questions] == [(4, None), (4, Unit(2, 0, 63))]
    assert "an input of rows 1–5, columns 60–64:" in panel.sentence.text()


def test_a_border_that_mirrors_adds_weights_and_says_so(panel: MatrixPanel) -> None:
    show_in(panel, shown(replace(EDGE, padding=Padding.SAME, border=Border.REFLECT)))

    hover(panel, 0, 6)  # the first output reads the second row twice: from below, and mirrored from above

    assert panel.sentence.text() == (
        "Weights b + h = 0: at the border they meet, and all join input row 2, column 1 (10) to output row 1, "
        "column 1 (0)."
    )
    assert [key for key in range(9) if panel.grids.is_lit(GridRole.KERNEL, key)] == [1, 7]


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        ((), "The photo has no weights. Select a convolution in the layer list to see it as one matrix."),
        ((Pool(),), "Max pool 2×2 is not linear: which input wins depends on the picture"),
        ((Activation(),), "ReLU is a curve applied to each value by itself."),
        ((replace(EDGE, enabled=False),), "Vertical edge 3×3 is switched off: as a matrix it would have 1 on its"),
        ((Pool(kind=PoolKind.AVERAGE, is_global=True),), "Each output of Global average pool is the mean of more"),
    ],
)  # fmt: skip
def test_what_has_no_matrix_is_told(panel: MatrixPanel, layers: tuple[Layer, ...], sentence: str) -> None:
    show_in(panel, shown(*layers, frame=PHOTO))

    assert panel.lead.text().startswith(sentence)
    assert not panel.picture.isVisible()
    assert not panel.modes.buttons[Mode.CUT].isVisible()


@pytest.mark.parametrize(
    ("layer", "frame", "sentence"),
    [
        (
            Pool(kind=PoolKind.AVERAGE),
            ARTICLE,
            "Average pool 2×2 as one 9×36 matrix: 36 places hold a fixed 0.25, 288 are blank.",
        ),
        (
            Dense(units=4),
            ARTICLE,
            "Dense 4 as one 4×36 matrix: 144 places with a weight of their own each; nothing is tied, nothing blank.",
        ),
        (
            Dense(units=4),
            PHOTO,
            "A part of Dense 4 as one 4×108 matrix: 432 places with a weight of their own each; "
            "nothing is tied, nothing blank.",
        ),
        (
            bank(3, 1),
            Frame(np.ones((8, 8, 1)), white=1),
            "A cut of Conv 3×3 as one 128×64 matrix: 968 tied places hold 18 weights, 7,224 are blank.",
        ),
        (
            replace(EDGE, channels=Channels.EACH),
            PHOTO,
            "A cut of Vertical edge 3×3 as one 48×108 matrix: 432 tied places hold 9 weights, 4,752 are blank.",
        ),
        (
            ConvTranspose(weight=Weights(np.ones((1, 1, 2, 2))), bias=(1.0,), stride=Pair(2, 2)),
            Frame(np.ones((4, 4, 1)), white=1),
            "Transposed conv 2×2 as one 64×16 matrix: 64 tied places hold 4 weights, 960 are blank.",
        ),
    ],
)
def test_other_layers_have_matrices_too(panel: MatrixPanel, layer: Layer, frame: Frame, sentence: str) -> None:
    show_in(panel, shown(layer, frame=frame))

    assert panel.caption.text() == sentence
    assert panel.modes.buttons[Mode.CUT].isEnabled() is not isinstance(layer, Dense)


def test_a_bias_is_part_of_the_equation(panel: MatrixPanel) -> None:
    show_in(panel, shown(replace(EDGE, bias=(5.0,))))

    assert panel.equation.text() == "Matrix × input + bias = layer, exactly."
    assert panel.grids.texts(GridRole.OUTPUT)[0] == "5"


def test_what_cancels_in_a_row_of_the_matrix_is_0(panel: MatrixPanel) -> None:
    cancels = Conv(weight=Weights([[[[0.1, 0.2, -0.3]]]]), bias=(0.0,), padding=Padding.VALID)

    show_in(panel, shown(cancels, frame=Frame(np.ones((1, 3, 1)), white=1.0)))

    assert panel.grids.texts(GridRole.OUTPUT) == {0: "0"}


def test_rounding_is_told_in_words_and_not_as_a_number(panel: MatrixPanel) -> None:
    frame = Frame(np.random.default_rng(1).uniform(0, 1, (6, 6, 1)).astype(np.float32), white=1.0)
    third = Conv(weight=Weights(np.full((1, 1, 3, 3), 1 / 3)), bias=(0.0,), padding=Padding.VALID)

    show_in(panel, shown(third, frame=frame))

    assert panel.equation.text() == "Matrix × input = layer, up to the rounding of 32-bit numbers."


@pytest.mark.parametrize(("place", "text"), [(0, "a"), (8, "i"), (25, "z"), (26, "aa"), (51, "az"), (52, "ba")])
def test_letters_go_on_after_z(place: int, text: str) -> None:
    assert letters(place) == text


def test_every_shared_weight_has_its_own_colour_and_letter() -> None:
    matrix = matrix_of(bank(2, 3), Frame(PHOTO.pixels[:5, :5], white=255))

    faces = {
        identity: face
        for ids, line in zip(matrix.entries.identities.tolist(), faces_of(matrix, Mode.TIED), strict=True)
        for identity, face in zip(ids, line, strict=True)
        if face is not None
    }

    assert len(faces) == 54
    assert len({(face.colour.name(), face.text) for face in faces.values()}) == 54


def test_cut_ties_leave_no_two_neighbours_alike_and_blanks_that_are_filled_pale() -> None:
    matrix = matrix_of(EDGE)

    cut, filled = faces_of(matrix, Mode.CUT), faces_of(matrix, Mode.FILLED)

    assert [face.text for face in cut[0] if face is not None] == ["1", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert cut[0][3] is None
    assert [face.is_pale for face in filled[0] if face is not None][:5] == [False, False, False, True, True]
    colours = [face.colour.name() for face in filled[0] if face is not None]
    assert all(colour != other for colour, other in pairwise(colours))


def test_channels_lie_side_by_side_and_small_ones_are_stacked() -> None:
    wide = grids_of(matrix_of(bank(1, 3), Frame(PHOTO.pixels[:5, :5], white=255)), Mode.TIED)
    small = grids_of(matrix_of(Dense(units=10)), Mode.TIED)

    assert [grid.keys.shape for grid in wide] == [(1, 3, 5, 5), (1, 3, 3, 3), (1, 1, 5, 5)]
    assert [grid.keys.shape for grid in small] == [(1, 1, 6, 6), (5, 2, 1, 1)]
    assert (small[1].keys != NOWHERE).all()


@pytest.mark.parametrize("size", [(1504, 890), (1112, 710), (768, 530)])
def test_the_articles_matrix_can_be_read_whole(panel: MatrixPanel, size: tuple[int, int]) -> None:
    panel.resize(*size)
    show_in(panel, shown(EDGE))

    assert panel.picture.is_in_sight(0, 0)
    assert panel.picture.is_in_sight(15, 35)
    assert min(panel.picture.cell().width(), panel.picture.cell().height()) >= 17
    assert panel.overview.isHidden()
    assert panel.grids.texts(GridRole.INPUT)[0] == "10"
    assert panel.grids.texts(GridRole.KERNEL)[8] == "i −1"
    assert panel.grids.rect().contains(panel.grids.cell_rect(GridRole.OUTPUT, 15).toAlignedRect())
    assert not panel.grids.geometry().intersects(panel.title.geometry())


def test_where_channels_are_filtered_alone_one_is_shown_large_and_the_others_when_they_are_pointed_at(
    panel: MatrixPanel,
) -> None:
    show_in(panel, shown(replace(EDGE, channels=Channels.EACH), frame=PHOTO))
    grids = panel.grids
    first = [grid.heading for grid in grids.grids]
    is_first_whole = [not grids.cell_rect(GridRole.OUTPUT, key).isEmpty() for key in (0, 15, 16, 47)]
    side = grids.cell_rect(GridRole.INPUT, 0).height()

    panel.picture.show_part(QPointF(1, 1))
    hover(panel, 47, 107)
    last = [grid.heading for grid in grids.grids]
    is_last_there = not grids.cell_rect(GridRole.OUTPUT, 47).isEmpty()
    move(grids, QPoint(1, 1))

    assert grids.texts(GridRole.KERNEL)[8] == "i −1"
    assert first == ["Input, red", "Kernel: 9 weights", "Output, red"]
    assert is_first_whole == [True, True, False, False]
    assert side > 24
    assert (last[0], last[2], is_last_there) == ("Input, blue", "Output, blue", True)
    assert grids.grids[0].heading == "Input, blue"


def test_across_channels_all_of_them_are_shown_beside_the_kernel(panel: MatrixPanel) -> None:
    """Three channels side by side leave the kernel the room that it needs."""
    show_in(panel, shown(bank(1, 3), frame=PHOTO))
    grids, rects = panel.grids, panel.grids.rect()

    assert all(rects.contains(grids.cell_rect(GridRole.INPUT, key).toAlignedRect()) for key in (0, 107))
    assert panel.caption.height() >= panel.caption.height_for(panel.caption.width())


def test_the_matrix_ends_with_a_whole_row(panel: MatrixPanel) -> None:
    panel.resize(712, 400)
    show_in(panel, shown(replace(EDGE, channels=Channels.EACH), frame=PHOTO))
    picture = panel.picture

    seen = [row for row in range(48) if picture.cell_rect(row, 0).top() < picture._view().bottom() - 1]

    assert picture.is_in_sight(seen[-1], 0)
    assert 4 < len(seen) < 48


def test_in_a_small_window_places_stay_readable_and_scroll(panel: MatrixPanel) -> None:
    panel.resize(700, 400)
    show_in(panel, shown(EDGE))
    top = panel.picture.seen.top()

    wheel(panel.picture, QPoint(-1200, -1200))

    assert panel.picture.cell().height() >= 17
    assert not panel.overview.isHidden()
    assert top == 0
    assert panel.picture.seen.bottom() == pytest.approx(1)
    assert panel.picture.is_in_sight(15, 35)


def test_the_overview_shows_another_part_and_a_picture_brings_its_row_into_sight(panel: MatrixPanel) -> None:
    show_in(panel, shown(bank(6, 3), frame=PHOTO))
    first = panel.picture.is_in_sight(31, 107)

    QTest.mouseClick(panel.overview, Qt.MouseButton.LeftButton, pos=panel.overview.rect().bottomRight() - QPoint(2, 2))
    last = panel.picture.is_in_sight(31, 107)
    move(panel.grids, panel.grids.cell_rect(GridRole.OUTPUT, 0).center().toPoint())

    assert (first, last) == (False, True)
    assert panel.picture.is_in_sight(0, 0)
    assert panel.title.text().startswith("Row 1 makes the ")


def test_ctrl_and_the_wheel_make_places_larger_around_the_mouse(panel: MatrixPanel) -> None:
    show_in(panel, shown(EDGE))
    before, place = panel.picture.cell(), panel.picture.cell_rect(8, 14).center()

    wheel(panel.picture, QPoint(0, 240), at=place.toPoint(), modifiers=Qt.KeyboardModifier.ControlModifier)

    assert panel.picture.cell().width() == pytest.approx(before.width() * 1.25**2)
    assert (panel.picture.cell_rect(8, 14).center() - place).manhattanLength() < 12
    assert not panel.overview.isHidden()


def test_ties_are_cut_before_ones_eyes_unless_motion_is_off(panel: MatrixPanel, qtbot: QtBot) -> None:
    show_in(panel, shown(EDGE))

    QTest.mouseClick(panel.modes.buttons[Mode.CUT], Qt.MouseButton.LeftButton)
    is_moving = panel.picture.is_changing
    qtbot.waitUntil(lambda: not panel.picture.is_changing, timeout=2000)
    still = NoMotion(panel.picture.style().objectName())
    still.setParent(panel)  # a widget does not keep its style
    panel.picture.setStyle(still)
    QTest.mouseClick(panel.modes.buttons[Mode.FILLED], Qt.MouseButton.LeftButton)

    assert is_moving
    assert not panel.picture.is_changing
    assert panel.picture.face_at(0, 35) is not None


def test_a_row_is_told_and_its_output_can_be_chosen(panel: MatrixPanel) -> None:
    chosen: list[object] = []
    panel.unit_chosen.connect(chosen.append)
    show_in(panel, shown(EDGE))
    place = panel.grids.cell_rect(GridRole.OUTPUT, 14).center().toPoint()

    move(panel.grids, place)
    QTest.mouseClick(panel.grids, Qt.MouseButton.LeftButton, pos=place)

    assert panel.title.text() == "Row 15 makes the 30"
    assert chosen == [Unit(0, 3, 2)]


def test_numbers_that_are_none_are_shown_without_harm(panel: MatrixPanel) -> None:
    pixels = np.full((6, 6, 1), np.nan, np.float32)
    pixels[0, 0], pixels[1, 1] = np.inf, -np.inf

    show_in(panel, shown(EDGE, frame=Frame(pixels, white=1)))
    panel.grab()

    assert panel.equation.text() == "Matrix × input = layer, exactly."
