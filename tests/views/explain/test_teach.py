"""TEACH THE KERNEL: what the panel says, asks and edits, by mouse and keyboard, with answers from the insight."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    Dense,
    Layer,
    Orientation,
    Pool,
    Weights,
)
from convstudio.core.recipe.text import recipe_from
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.teach.targets import FromLayer, FromPreset, Painted
from convstudio.insight.teach.training import Training, TrainingQuestion, answer
from convstudio.views.explain.teach.controls import Source
from convstudio.views.explain.teach.panel import TeachPanel

PIXELS = np.random.default_rng(3).integers(0, 256, (64, 64, 1)).astype(np.uint8)
FRAME = Frame(PIXELS, white=255)
COLOUR = Frame(np.random.default_rng(4).integers(0, 256, (64, 64, 3)).astype(np.uint8), white=255)
CONV = Conv(weight=Weights([[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]]), bias=(0.0,))
SOBEL = build(find("sobel-x"))[0]


def shown(*layers: Layer, frame: Frame = FRAME, selected: int | None = None, output_map: int = 0) -> Shown:
    document = Document(layers, selected=len(layers) - 1 if selected is None else selected)
    return show(evaluate(document, frame), Selection(output_map=output_map))


class Asked:
    """What a panel asks; answered when the test says so, and the newest wins."""

    def __init__(self, panel: TeachPanel) -> None:
        self.panel = panel
        self.questions: list[TrainingQuestion] = []
        self.waiting: list[TrainingQuestion] = []
        self.lessons: list[Training] = []
        panel.asked.connect(self._note)

    def _note(self, question: TrainingQuestion) -> None:
        self.questions.append(question)
        self.waiting = [question]

    def answer_all(self) -> None:
        while self.waiting:
            outcome = answer(self.waiting.pop())
            if isinstance(outcome, Training):
                self.lessons.append(outcome)
            self.panel.show_answer(outcome)


@pytest.fixture
def panel(qtbot: QtBot) -> TeachPanel:
    panel = TeachPanel()
    qtbot.addWidget(panel)
    panel.resize(1112, 710)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def asked(panel: TeachPanel) -> Asked:
    return Asked(panel)


@pytest.fixture
def edited(panel: TeachPanel) -> list[tuple[Any, str]]:
    edits: list[tuple[Any, str]] = []
    panel.layer_edited.connect(lambda layer, key: edits.append((layer, key)))
    return edits


@pytest.fixture
def said(panel: TeachPanel) -> list[str]:
    sentences: list[str] = []
    panel.message.connect(sentences.append)
    return sentences


def choose_source(panel: TeachPanel, source: Source) -> None:
    """By the keyboard: from the first entry down."""
    box = panel.bar.source
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(list(Source).index(source)):
        QTest.keyClick(box, Qt.Key.Key_Down)


def press(button: QWidget) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def touch(panel: TeachPanel, row: int, column: int, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
    QTest.mouseClick(panel.canvas, button, pos=panel.canvas.pixel_rect(row, column).center().toPoint())


def test_the_outcome_stands_in_the_lead(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))

    asked.answer_all()

    local, dense = (f"{pupil.tests_error:.1f}" for pupil in asked.lessons[-1].reports[1:])
    assert panel.lead.text().startswith(
        "After 1 example the convolution (9 weights) is right on patches it never saw; "
        f"the local map (576 weights) errs by {local}, the dense one (6,400) by {dense}. "
        "Shifted by 2 pixels, the example is still right in the convolution alone; the others err by "
    )
    assert panel.summary.text() == "The learned kernel is the right one. Chart: error on 16 unseen patches."


def test_the_kernel_is_shown_without_rounding_noise(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))

    asked.answer_all()

    assert panel.kernel.kernel is not None
    assert panel.kernel.kernel.tolist() == SOBEL.tolist()
    assert panel.kernel.accessibleName() == "The learned kernel: −1, 0, 1; −2, 0, 2; −1, 0, 1"


def test_twenty_examples_are_enough_for_the_local_map_too(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    QTest.keyClick(panel.bar.examples, Qt.Key.Key_End)

    asked.answer_all()

    assert panel.lead.text().startswith(
        "After 20 examples the convolution (9 weights) and the local map (576 weights) are right on patches they never "
        "saw; the dense one (6,400) errs by "
    )
    assert "the example is wrong in the dense map alone" in panel.lead.text()


def test_a_preset_brings_the_size_that_holds_it(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    panel.bar.preset.setFocus()

    QTest.keyClicks(panel.bar.preset, "Binomial")
    asked.answer_all()

    assert panel.bar.kernel.currentText() == "5×5"
    assert asked.questions[-1].target == FromPreset("binomial")
    assert asked.questions[-1].size == 5
    assert "25 weights" in panel.lead.text()


def test_a_kernel_that_is_too_small_is_told(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    panel.bar.preset.setFocus()
    QTest.keyClicks(panel.bar.preset, "Binomial")

    QTest.keyClick(panel.bar.kernel, Qt.Key.Key_Home)
    asked.answer_all()

    assert panel.lead.text().startswith("No convolution of 3×3 does this: after 1 example it errs by 0.")
    assert panel.summary.text().startswith("The right kernel has 5×5 cells, more than 3×3 can hold.")


def test_pictures_tell_their_errors(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    QTest.keyClick(panel.bar.shift, Qt.Key.Key_Home)
    asked.answer_all()

    conv = panel.pictures.sentence_at(panel.pictures.place(1, 2).center().toPoint())
    target = panel.pictures.sentence_at(panel.pictures.place(0, 1).center().toPoint())

    assert conv == "Convolution of the first example shifted by 1 pixel to the right: error 0."
    assert target == "Wanted of the first example: 8×8 outputs."
    assert len(panel.pictures.cells) == 10


def colours_of(image: QImage) -> list[int]:
    copy = image.convertToFormat(QImage.Format.Format_RGB888)
    colours = (copy.pixelColor(column, row) for row in range(copy.height()) for column in range(copy.width()))
    return [colour.rgb() for colour in colours]


def test_what_is_right_looks_like_what_is_wanted(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()

    images = {(cell.row, cell.column): colours_of(cell.image) for cell in panel.pictures.cells}

    assert images[0, 1] == images[0, 2] == images[0, 3] == images[0, 4]
    assert images[1, 1] == images[1, 2]
    assert images[1, 1] not in (images[1, 3], images[1, 4])


def test_the_chart_has_three_curves_and_takes_a_click(panel: TeachPanel, asked: Asked, qtbot: QtBot) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()
    chart = panel.chart
    curves = {line.name: [power for _, power in line.points] for line in chart.lines}

    at = chart.place_of(float(np.log10(5)), -0.5).toPoint()
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: panel.bar.examples.number == 5)
    asked.answer_all()

    for curve, expected in zip(curves.values(), reversed(asked.lessons[0].curves), strict=True):
        np.testing.assert_allclose(curve, [max(np.log10(error or 1e-9), -6) for error in expected])
    assert asked.questions[-1].examples == 5
    assert panel.lead.text().startswith("After 5 examples")


def test_while_nothing_is_learned_there_is_no_empty_chart_and_no_control_moves_when_it_comes(
    panel: TeachPanel, asked: Asked
) -> None:
    panel.show_shown(shown(CONV))
    QApplication.processEvents()
    before = panel.chart.isVisible(), panel.bar.pos()
    asked.answer_all()
    QApplication.processEvents()

    assert not before[0]
    assert (panel.chart.isVisible(), panel.bar.pos()) == (True, before[1])


def test_a_layers_own_output_is_taught(panel: TeachPanel, asked: Asked) -> None:
    layer = Conv(weight=Weights(np.stack([SOBEL, SOBEL.T])[:, None]), bias=(0.0, 0.0))
    panel.show_shown(shown(layer, output_map=1))

    choose_source(panel, Source.LAYER)
    asked.answer_all()

    assert asked.questions[-1].target == FromLayer(layer, 1)
    assert panel.kernel.kernel is not None
    np.testing.assert_allclose(panel.kernel.kernel, SOBEL.T, atol=1e-5)


@pytest.mark.parametrize(
    ("recipe", "selected", "output_map", "channels"),
    [
        ("conv sobel-x each | relu", 1, 0, (0, 1, 2)),  # one map in colour: the mean of its three channels
        ("conv filters 4 size 3 channels 3 | relu", 1, 3, (3,)),
        ("conv filters 4 size 3 channels 3 | tanh | absolute", 2, 1, (1,)),
        ("conv filters 4 size 3 channels 3 | max 3 stride 1 padding 1", 1, 2, (2,)),
        ("max 2 | conv sobel-x each | relu", 2, 0, (0, 1, 2)),
        ("conv filters 4 size 3 channels 3 stride 2 | relu", 1, 0, (0,)),
        ("conv filters 4 size 3 channels 3 | conv filters 2 size 3 channels 4 groups 2 | relu", 2, 1, (1,)),
    ],
)
def test_a_layer_is_taught_on_what_it_reads_in_the_recipe(
    panel: TeachPanel, asked: Asked, recipe: str, selected: int, output_map: int, channels: tuple[int, ...]
) -> None:
    """A curve or a maximum over signed numbers is no convolution, whatever stands before it."""
    result = evaluate(replace(recipe_from(recipe), selected=selected), COLOUR)
    panel.show_shown(show(result, Selection(output_map=output_map)))

    choose_source(panel, Source.LAYER)
    asked.answer_all()

    pair = asked.lessons[-1].pair
    own = result.planes_at(selected - 1)[list(channels)].astype(np.float64)
    np.testing.assert_allclose(pair.before, own.mean(axis=0), rtol=1e-5, atol=1e-3)
    assert pair.before.min() < 0
    if len(channels) == 1:  # then what is wanted is the layer's own output to the number
        inside = np.s_[pair.known.top : pair.known.bottom, pair.known.left : pair.known.right]
        np.testing.assert_array_equal(pair.after[inside], result.planes_at(selected)[channels[0]][inside])
    assert panel.lead.text().startswith("No convolution of 3×3 does this")


def test_a_convolution_after_other_layers_is_found_on_the_mean_of_its_maps(panel: TeachPanel, asked: Asked) -> None:
    result = evaluate(
        replace(recipe_from("conv filters 4 size 3 channels 3 | relu | conv filters 2 size 3 channels 4"), selected=2),
        COLOUR,
    )
    layer = result.plan.steps[2].layer
    assert isinstance(layer, Conv)
    panel.show_shown(show(result, Selection(output_map=1)))

    choose_source(panel, Source.LAYER)
    asked.answer_all()

    assert panel.kernel.kernel is not None
    np.testing.assert_allclose(panel.kernel.kernel, layer.weight.array[1].sum(axis=0), rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(asked.lessons[-1].pair.before, result.planes_at(1).mean(axis=0), rtol=1e-5, atol=1e-3)
    assert panel.summary.text().startswith("The input is the mean of the 4 channels that Sobel pair 3×3 reads. ")


def test_the_same_layer_on_another_map_is_another_question(panel: TeachPanel, asked: Asked) -> None:
    result = evaluate(replace(recipe_from("conv filters 4 size 3 channels 3 | relu"), selected=1), COLOUR)
    panel.show_shown(show(result, Selection(output_map=0)))
    choose_source(panel, Source.LAYER)
    asked.answer_all()
    count = len(asked.questions)

    panel.show_shown(show(result, Selection(output_map=0)))
    again = len(asked.questions)
    panel.show_shown(show(result, Selection(output_map=3)))

    assert again == count
    assert asked.questions[-1].target == FromLayer(Activation(), 3, (3,))


def test_the_bias_of_a_layer_is_pointed_out_and_learned(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(replace(CONV, bias=(40.0,))))
    choose_source(panel, Source.LAYER)
    asked.answer_all()
    before = panel.summary.text()

    press(panel.bar.bias)
    asked.answer_all()

    assert before.startswith("A bias of 40 is wanted too: tick Bias.")
    assert "The bias is 40." in panel.summary.text()
    assert "9 weights and 1 bias" in panel.lead.text()
    assert "576 weights and 64 biases" in panel.lead.text()


@pytest.mark.parametrize(
    ("layer", "part"),
    [
        (Pool(), "The output of Max pool 2×2 has another scale"),
        (Dense(), "Dense 10 gives numbers that have no places"),
        (replace(CONV, stride=Pair(2, 2)), "The output of Identity 3×3 has another scale"),
    ],
)
def test_a_layer_that_cannot_be_taught_says_why(panel: TeachPanel, asked: Asked, layer: Layer, part: str) -> None:
    panel.show_shown(shown(layer))

    choose_source(panel, Source.LAYER)
    asked.answer_all()

    assert panel.lead.text().startswith(part)
    assert panel.pictures.cells == ()
    assert not panel.use.isEnabled()


def test_without_a_layer_a_sentence_says_what_to_do(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV, selected=-1))
    asked.answer_all()

    choose_source(panel, Source.LAYER)

    assert panel.lead.text().startswith("Select a layer: then the maps learn what it does.")
    assert not panel.use.isEnabled()


def test_a_file_is_wanted_and_then_taught(panel: TeachPanel, asked: Asked, qtbot: QtBot) -> None:
    panel.show_shown(shown(CONV))
    choose_source(panel, Source.FILE)
    empty = panel.lead.text()

    with qtbot.waitSignal(panel.file_wanted):
        press(panel.bar.open)
    negative = Frame(255 - PIXELS, white=255)
    panel.show_after(negative)
    press(panel.bar.bias)
    asked.answer_all()

    assert empty.startswith("Open a file that shows what should come out")
    assert panel.bar.chosen is Source.FILE
    assert panel.kernel.kernel is not None
    assert panel.kernel.kernel[1, 1] == pytest.approx(-1)
    assert "The bias is 255." in panel.summary.text()


def test_what_is_off_by_the_files_rounding_alone_is_said_to_be_learned(panel: TeachPanel, asked: Asked) -> None:
    before = PIXELS[:, :, 0].astype(np.float64)
    mean = sum(np.roll(before, (row, column), (0, 1)) for row in (-1, 0, 1) for column in (-1, 0, 1)) / 9
    panel.show_shown(shown(CONV))

    panel.show_after(Frame(np.rint(mean).astype(np.uint8)[:, :, None], white=255))
    asked.answer_all()

    assert panel.lead.text().startswith(
        "A convolution of 3×3 does this as exactly as the file’s whole numbers can tell"
    )


def test_a_file_of_another_size_is_refused_with_both_sizes(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))

    panel.show_after(Frame(np.zeros((30, 20, 1), np.uint8), white=255, name="small.png"))
    asked.answer_all()

    assert panel.lead.text() == (
        "The wanted output small.png has 20×30 pixels, but the picture has 64×64; choose a file of the same size."
    )


def painting(panel: TeachPanel, asked: Asked) -> np.ndarray:
    panel.show_shown(shown(CONV))
    choose_source(panel, Source.PAINTED)
    asked.answer_all()
    assert panel.canvas.after is not None
    return panel.canvas.after.copy()


def test_painting_by_mouse_changes_what_is_wanted(panel: TeachPanel, asked: Asked) -> None:
    piece = painting(panel, asked)
    unpainted = panel.lead.text()
    row, column = (int(place) for place in np.argwhere((piece > 70) & (piece < 180))[0])

    touch(panel, row, column)
    touch(panel, row, column + 1, Qt.MouseButton.RightButton)
    asked.answer_all()

    target = asked.questions[-1].target
    expected = piece.copy()
    expected[row, column] += 0.25 * 255
    expected[row, column + 1] = max(piece[row, column + 1] - 0.25 * 255, 0)
    assert unpainted.startswith("Nothing is painted yet")
    assert isinstance(target, Painted)
    assert target.after is not None
    np.testing.assert_array_equal(target.before, piece)
    np.testing.assert_allclose(target.after, expected)
    assert not panel.lead.text().startswith("Nothing is painted yet")


def test_a_stroke_paints_every_pixel_it_enters_once(panel: TeachPanel, asked: Asked) -> None:
    piece = painting(panel, asked)
    canvas = panel.canvas
    panel.bar.brush.setValue(10)

    places = [canvas.pixel_rect(6, column).center().toPoint() for column in (4, 5, 6)]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=places[0])
    for place in (places[0], places[1], places[1], places[2]):
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=places[2])
    QTest.mouseMove(canvas, canvas.pixel_rect(9, 9).center().toPoint())

    expected = piece.copy()
    expected[6, 4:7] = np.minimum(expected[6, 4:7] + 25.5, 255)
    assert canvas.after is not None
    np.testing.assert_allclose(canvas.after, expected)


def test_the_keyboard_paints_too(panel: TeachPanel, asked: Asked) -> None:
    piece = painting(panel, asked)
    canvas = panel.canvas
    canvas.setFocus()

    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        QTest.keyClick(canvas, key)
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    darker = canvas.after
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    QTest.keyClick(canvas, Qt.Key.Key_Plus)

    assert darker is not None
    assert darker[2, 1] == pytest.approx(max(piece[2, 1] - 63.75, 0))
    assert canvas.after is not None
    assert canvas.after[2, 1] == pytest.approx(min(darker[2, 1] + 127.5, 255))
    assert "row 3, column 2" in canvas.accessibleName()


def test_a_painting_stays_when_the_picture_changes_until_it_is_started_over(panel: TeachPanel, asked: Asked) -> None:
    piece = painting(panel, asked)
    touch(panel, 5, 5)
    asked.answer_all()

    panel.show_shown(shown(CONV, frame=Frame(PIXELS[::-1].copy(), white=255)))
    asked.answer_all()
    before = asked.lessons[-1].pair.before
    press(panel.bar.restart)
    asked.answer_all()

    np.testing.assert_array_equal(before, piece)
    assert panel.lead.text().startswith("Nothing is painted yet")
    assert panel.canvas.after is not None
    assert not np.array_equal(panel.canvas.after, piece)


def test_while_a_lesson_is_under_way_strokes_wait_and_the_last_is_taught(panel: TeachPanel, asked: Asked) -> None:
    painting(panel, asked)
    count = len(asked.questions)

    for column in (3, 4, 5):
        touch(panel, 8, column)
    waiting = len(asked.questions) - count
    asked.answer_all()

    target = asked.questions[-1].target
    assert waiting == 1
    assert len(asked.questions) - count == 2
    assert isinstance(target, Painted)
    np.testing.assert_array_equal(target.after, panel.canvas.after)


def test_the_kernel_goes_into_the_editor_as_one_edit(
    panel: TeachPanel, asked: Asked, edited: list[tuple[Any, str]], said: list[str]
) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()

    press(panel.use)

    assert edited == [(replace(CONV, weight=Weights(SOBEL[None, None])), "")]
    assert said == ["Filter 1 of Identity 3×3 now has the learned kernel; undo brings the old one back."]


@pytest.mark.parametrize(
    ("layer", "output_map", "expected"),
    [
        (
            Conv(weight=Weights(np.zeros((2, 3, 3, 3))), bias=(1.0, 2.0)),
            1,
            np.stack([np.zeros((3, 3, 3)), np.stack([SOBEL / 3] * 3)]),
        ),
        (
            Conv(weight=Weights(np.zeros((3, 1, 3, 3))), bias=(0.0, 0.0, 0.0), channels=Channels.EACH),
            1,
            np.stack([np.zeros((1, 3, 3)), SOBEL[None], np.zeros((1, 3, 3))]),
        ),
        (
            Conv(weight=Weights(np.zeros((1, 3, 3, 3))), bias=(0.0,), orientation=Orientation.CONVOLUTION),
            0,
            np.stack([np.stack([SOBEL[::-1, ::-1] / 3] * 3)]),
        ),
        (
            Conv(weight=Weights(np.zeros((1, 3, 3, 3))), bias=(0.0,), dilation=Pair(2, 2)),
            0,
            np.stack([np.stack([SOBEL / 3] * 3)]),
        ),
    ],
)
def test_the_layer_then_does_to_grey_what_was_learned(
    panel: TeachPanel, asked: Asked, edited: list[tuple[Any, str]], layer: Conv, output_map: int, expected: np.ndarray
) -> None:
    panel.show_shown(shown(layer, frame=COLOUR, output_map=output_map))
    asked.answer_all()

    press(panel.use)

    np.testing.assert_allclose(edited[0][0].weight.array, expected, atol=1e-9)
    assert edited[0][0].bias == layer.bias
    assert edited[0][0].dilation == Pair(1, 1)


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda: shown(Pool()), "Max pool 2×2 is no convolution"),
        (lambda: shown(Activation()), "ReLU is no convolution"),
        (lambda: shown(CONV, selected=-1), "Select a convolution first"),
        (shown, "Select a convolution first"),
    ],
)
def test_without_a_convolution_a_sentence_says_where_the_kernel_could_go(
    panel: TeachPanel, asked: Asked, edited: list[Any], said: list[str], make: Callable[[], Shown], part: str
) -> None:
    panel.show_shown(make())
    asked.answer_all()

    press(panel.use)

    assert edited == []
    assert said[0].startswith(part)


def test_a_learned_bias_goes_into_the_editor_too(
    panel: TeachPanel, asked: Asked, edited: list[tuple[Any, str]]
) -> None:
    panel.show_shown(shown(CONV))
    panel.show_after(Frame(255 - PIXELS, white=255))
    press(panel.bar.bias)
    asked.answer_all()

    press(panel.use)

    assert edited[0][0].bias == (255.0,)


def test_the_same_picture_is_asked_about_once(panel: TeachPanel, asked: Asked) -> None:
    first = shown(CONV)
    panel.show_shown(first)
    asked.answer_all()

    panel.show_shown(first)
    again = len(asked.questions)
    panel.rest()
    panel.show_shown(first)

    assert again == 1
    assert len(asked.questions) == 2


def test_an_answer_to_an_older_question_is_not_shown(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    older = asked.waiting[0]
    QTest.keyClick(panel.bar.kernel, Qt.Key.Key_End)

    panel.show_answer(answer(older))

    assert panel.kernel.kernel is None
    assert len(asked.questions) == 2


def test_frames_that_stream_in_wait_for_the_lesson_under_way(panel: TeachPanel, asked: Asked) -> None:
    for seed in range(4):
        pixels = np.random.default_rng(seed).integers(0, 256, (64, 64, 1)).astype(np.uint8)
        panel.show_shown(shown(CONV, frame=Frame(pixels, white=255)))
    asked_while_waiting = len(asked.questions)
    asked.answer_all()

    assert asked_while_waiting == 1
    assert len(asked.questions) == 2


@pytest.mark.parametrize("room", [(1112, 710), (768, 530), (700, 400)])
@pytest.mark.parametrize("source", Source)
def test_it_fits_its_stage(qtbot: QtBot, room: tuple[int, int], source: Source) -> None:
    panel, area = TeachPanel(), QScrollArea()
    qtbot.addWidget(area)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setWidget(panel)
    area.resize(*room)
    area.show()
    qtbot.waitExposed(area)
    asked = Asked(panel)
    panel.show_shown(shown(CONV))
    choose_source(panel, source)
    asked.answer_all()
    if source is Source.PAINTED:
        touch(panel, 9, 9)
        asked.answer_all()

    QApplication.processEvents()

    assert (panel.width(), panel.height()) == room


@pytest.mark.parametrize("shape", [(1, 1), (2, 5), (6, 6), (9, 200)])
def test_small_pictures_get_a_lesson_or_a_sentence(panel: TeachPanel, asked: Asked, shape: tuple[int, int]) -> None:
    frame = Frame(np.random.default_rng(0).integers(0, 256, (*shape, 1)).astype(np.uint8), white=255)
    panel.show_shown(shown(Activation(), frame=frame))

    for source in Source:
        choose_source(panel, source)
        asked.answer_all()

        assert panel.lead.text().endswith((".", ")"))


def test_the_chart_names_its_three_lines(panel: TeachPanel, asked: Asked) -> None:
    panel.show_shown(shown(CONV))
    asked.answer_all()

    assert {line.name for line in panel.chart.lines} == {"Convolution", "Local", "Dense"}
