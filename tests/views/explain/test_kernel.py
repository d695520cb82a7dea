"""THE KERNEL EXAMINED: what it says of a kernel, which one it is asked about, and its pictures."""

import re
from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
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
    ConvTranspose,
    Dense,
    Layer,
    Orientation,
    Pool,
    Weights,
)
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.kernel.analysis import KernelQuestion, answer
from convstudio.views.explain.kernel.chart import nice_top
from convstudio.views.explain.kernel.panel import KernelExaminedPanel, KernelView

FRAME = Frame(np.arange(12 * 16 * 3, dtype=np.uint16).reshape(12, 16, 3), 600)


def shown(*layers: Layer, selected: int = 0) -> Shown:
    return show(evaluate(Document(layers, selected=selected), FRAME), Selection())


def filter_of(key: str, **values: float) -> Conv:
    kernels = build(find(key), **values)
    return Conv(weight=Weights(kernels[:, None]), bias=(0.0,) * len(kernels), channels=Channels.EACH)


@pytest.fixture
def panel(qtbot: QtBot) -> KernelExaminedPanel:
    """A panel whose questions are answered at once."""
    panel = KernelExaminedPanel()
    qtbot.addWidget(panel)
    panel.asked.connect(lambda question: panel.show_answer(answer(question)))
    panel.resize(1112, 710)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def lead(panel: KernelExaminedPanel) -> str:
    return f"{panel.title.text()} {panel.second.text()}".strip()


def fact(panel: KernelExaminedPanel, name: str) -> str:
    QTest.mouseClick(panel.views.buttons[KernelView.FACTS], Qt.MouseButton.LeftButton)
    label = panel.findChild(QLabel, f"examined-{name}")
    assert isinstance(label, QLabel)
    assert label.isVisible()
    return label.text()


def test_sobel_is_told_in_numbers(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("sobel-x")))

    assert lead(panel) == (
        "This kernel finds vertical edges: positive where it gets brighter to the right. Even areas become 0."
    )
    assert fact(panel, "name") == "Sobel, left to right"
    assert fact(panel, "sum") == "0; mean 0 over 9 weights"
    assert fact(panel, "energy") == "12, the sum of the squared weights"
    assert fact(panel, "noise-gain") == "√12 ≈ 3.464 times the spread of white noise"
    assert fact(panel, "symmetry") == "Same under top ↔ bottom; negated by left ↔ right, half turn"
    assert fact(panel, "rank") == "1 of at most 3: separable into one column times one row"
    assert fact(panel, "factors") == "column (1, 2, 1) × row (−1, 0, 1)"
    assert fact(panel, "saving") == "9 multiplications become 6 for each output"
    assert fact(panel, "strongest-wave") == "8 times at 0.25 cycles/pixel, 4 pixels long, from left to right"


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (filter_of("identity"), "This kernel leaves the picture exactly as it is."),
        (filter_of("gaussian"), "This kernel smooths in every direction. The brightness of even areas stays."),
        (filter_of("box", size=1), "This kernel leaves the picture exactly as it is."),
        (filter_of("laplacian-4"), "This kernel finds edges in every direction. Even areas become 0."),
        (
            filter_of("motion", length=9, angle=45),
            "This kernel smooths along a line at 45°; detail across it stays. The brightness of even areas stays.",
        ),
        (
            filter_of("sharpen-4"),
            "This kernel sharpens: fine detail passes up to 7.42 times as strongly as even areas. "
            "The brightness of even areas stays.",
        ),
        (
            filter_of("shift", right=2, down=-1),
            "This kernel moves the picture 2 pixels to the right and 1 pixel up. The brightness of even areas stays.",
        ),
        (
            filter_of("line-45"),
            "This kernel finds lines that rise to the right at 45°, and both sides of edges that run so. "
            "Even areas become 0.",
        ),
        (
            filter_of("sobel-45"),
            "This kernel finds edges that fall to the right at 45°: positive where it gets brighter towards the upper "
            "right. Even areas become 0.",
        ),
    ],
)
def test_the_lead_says_what_it_does(panel: KernelExaminedPanel, layer: Layer, sentence: str) -> None:
    panel.show_shown(shown(layer))

    assert lead(panel) == sentence


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda plane: plane * 0.5, "Scharr, left to right, times 0.5"),
        (lambda plane: -plane, "Scharr, left to right, negated"),
        (lambda plane: np.pad(plane, 1), "Scharr, left to right"),
        (lambda plane: plane * 0, "None: all weights are 0"),
    ],
)
def test_the_name_says_what_was_changed(
    panel: KernelExaminedPanel, make: Callable[[np.ndarray], np.ndarray], name: str
) -> None:
    plane = make(build(find("scharr-x"))[0])

    panel.show_shown(shown(Conv(weight=Weights(plane[None, None]), bias=(0.0,), channels=Channels.EACH)))

    assert fact(panel, "name") == name


def test_a_kernel_like_no_other_gets_no_name(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("random", size=5)))

    assert fact(panel, "name").startswith("No named kernel is near; the nearest is ")


@pytest.mark.parametrize(
    ("layers", "selected", "part"),
    [
        ((filter_of("box"),), -1, "The photo has no kernel."),
        ((), -1, "The photo has no kernel."),
        ((Activation(),), 0, "ReLU has no kernel to examine."),
        ((Pool(),), 0, "Max pool 2×2 has no kernel to examine."),
        ((Dense(units=2),), 0, "Dense 2 has no kernel to examine."),
        (
            (Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,), channels=Channels.EACH, enabled=False),),
            0,
            "Conv 1×1 is switched off, so its kernel does nothing.",
        ),
    ],
)
def test_without_a_kernel_a_sentence_says_why(
    panel: KernelExaminedPanel, layers: tuple[Layer, ...], selected: int, part: str
) -> None:
    panel.show_shown(shown(filter_of("box")))

    panel.show_shown(shown(*layers, selected=selected))

    assert panel.lead.text().startswith(part)
    assert not panel.content.isVisible()
    assert not panel.plane.isVisible()


def test_filter_and_channel_are_chosen_with_the_keyboard(panel: KernelExaminedPanel) -> None:
    weights = np.zeros((2, 3, 1, 1))
    weights[1, 2] = 5
    panel.show_shown(shown(Conv(weight=Weights(weights), bias=(0.0, 0.0))))
    assert fact(panel, "sum") == "0; mean 0 over 1 weight"

    QTest.keyClick(panel.plane.filters, Qt.Key.Key_Down)
    QTest.keyClick(panel.plane.channels, Qt.Key.Key_End)

    assert panel.plane.filters.currentText() == "Filter 2 of 2"
    assert panel.plane.channels.currentText() == "On blue"
    assert fact(panel, "sum") == "5; mean 5 over 1 weight"


def test_the_choice_stays_with_the_layer_and_starts_anew_with_another(panel: KernelExaminedPanel) -> None:
    first = Conv(weight=Weights(np.ones((4, 3, 3, 3))), bias=(0.0,) * 4)
    panel.show_shown(shown(first, first))
    QTest.keyClick(panel.plane.filters, Qt.Key.Key_End)

    panel.show_shown(shown(first, first))
    assert panel.plane.filter_index == 3
    panel.show_shown(shown(first, first, selected=1))

    assert panel.plane.filter_index == 0
    assert panel.plane.channels.itemText(3) == "On channel 4"


def test_the_question_is_asked_once_and_again_only_while_it_is_open(qtbot: QtBot) -> None:
    panel = KernelExaminedPanel()
    qtbot.addWidget(panel)
    asked: list[KernelQuestion] = []
    panel.asked.connect(asked.append)

    panel.show_shown(shown(filter_of("box")))
    panel.show_shown(shown(filter_of("box")))
    panel.show_answer(answer(asked[0]))
    panel.show_shown(shown(filter_of("box")))

    assert len(asked) == 2


def test_an_answer_about_another_kernel_is_not_shown(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("box")))

    panel.show_answer(answer(KernelQuestion(filter_of("sobel-x"), 0, 0)))

    assert fact(panel, "name") == "Box blur (size 3)"


def test_a_true_convolution_and_a_transposed_layer_say_that_they_turn_the_kernel(panel: KernelExaminedPanel) -> None:
    sobel = build(find("sobel-x"))[:, None]
    panel.show_shown(shown(Conv(weight=Weights(sobel), bias=(0.0,), orientation=Orientation.CONVOLUTION)))
    assert "brighter to the left" in lead(panel)
    assert fact(panel, "flipped").startswith("A true convolution turns the kernel by 180° first")

    panel.show_shown(shown(ConvTranspose(weight=Weights(np.repeat(sobel, 3, 0)), bias=(0.0,))))

    assert fact(panel, "flipped").startswith("A transposed layer stamps the kernel")
    assert panel.captions["impulse"].text() == "Impulse: the kernel itself"


def test_dilation_is_told(panel: KernelExaminedPanel) -> None:
    layer = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), channels=Channels.EACH, dilation=Pair(2, 2))

    panel.show_shown(shown(layer))

    assert fact(panel, "dilation") == "Its cells lie 2×2 pixels apart, so the gains repeat before π."


def test_the_pictures_tell_what_is_under_the_mouse(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("sobel-x")))
    impulse = panel.impulse

    middle = impulse.sentence_at(impulse.cell_rect(1, 1).center())
    left = impulse.sentence_at(impulse.cell_rect(1, 0).center())

    assert middle == "At the place of the pixel itself the output is 0."
    assert left == "1 left, 0 down: the output is 2."  # the place left of a bright pixel sees it at its right
    assert panel.axes.sentence_at(QPoint(-5, -5)) == ""


def test_the_gains_under_the_mouse_are_those_of_the_formula(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("sobel-x")))
    area = panel.axes.area()

    sentence = panel.axes.sentence_at(QPoint(round(area.left() + area.width() / 2), round(area.center().y())))

    assert sentence == "At 0.25 cycles/pixel waves are multiplied by 8 across and by 0 down."


@pytest.mark.parametrize(("most", "top"), [(0, 1), (1, 1), (8, 8), (8.0000000001, 8), (0.00112, 0.0015), (13, 15)])
def test_axes_end_at_round_numbers(most: float, top: float) -> None:
    assert nice_top(most) == top


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (31, 31), (4, 2)])
@pytest.mark.parametrize("room", [(1504, 890), (1112, 710), (768, 530), (700, 400)])
def test_every_size_of_kernel_is_painted(
    panel: KernelExaminedPanel, size: tuple[int, int], room: tuple[int, int]
) -> None:
    weights = np.random.default_rng(0).normal(size=(1, 1, *size))
    panel.resize(*room)

    panel.show_shown(shown(Conv(weight=Weights(weights), bias=(0.0,), channels=Channels.EACH)))

    image = panel.grab().toImage()
    assert (image.width(), image.height()) == room
    rows, columns = size
    for cells in (panel.impulse, panel.kernel):
        assert cells.rect().contains(cells.cell_rect(rows - 1, columns - 1).bottomRight())
    below = [*panel.captions.values(), *(words for pair in panel.words.values() for words in pair)]
    placed = [widget.geometry() for widget in (panel.response, panel.kernel, panel.edges, panel.impulse, *below)]
    assert all(panel.content.rect().contains(rect) for rect in placed)
    assert not any(first.intersects(second) for first, second in combinations(placed, 2))


@pytest.mark.parametrize(
    ("layer", "flat", "edges", "noise"),
    [
        (filter_of("identity"), "stay as they are", "stay sharp", "stays as strong"),
        # three thirds added one by one: ⅓ and ⅔ stand between 0 and 1; √(9/81) of the noise
        (filter_of("box"), "stay as they are", "are spread over 3 pixels", "comes out 0.33 times as strong"),
        (
            filter_of("sobel-x"),
            "become 0",
            "upright ones give up to 4 times their height; level ones give nothing",
            "comes out 3.5 times as strong",
        ),
        # 5 in the middle, −1 at four sides: 2 on the bright side of an edge, −1 on the dark one; √29
        (filter_of("sharpen-4"), "stay as they are", "overshoot by 100 %", "comes out 5.4 times as strong"),
    ],
)
def test_flat_places_edges_and_noise_in_words(
    panel: KernelExaminedPanel, layer: Layer, flat: str, edges: str, noise: str
) -> None:
    panel.show_shown(shown(layer))

    assert [words.text() for _, words in panel.words.values()] == [flat, edges, noise]


def test_a_separable_kernel_is_drawn_as_a_column_times_a_row(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("sobel-x")))
    separable = panel.captions["kernel"].text(), panel.kernel.sentence_at(panel.kernel.cell_rect(1, 2).center())
    panel.show_shown(shown(filter_of("laplacian-4")))

    assert separable == ("Kernel = column × row", "2 × 1 = 2")
    assert panel.captions["kernel"].text() == "Kernel: 2 columns × rows, added up"
    assert panel.kernel.sentence_at(panel.kernel.cell_rect(1, 1).center()) == "−4"


def test_the_chart_of_an_edge_tells_its_answers_under_the_mouse(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("sobel-x")))
    area = panel.edges.area()

    sentence = panel.edges.sentence_at(QPoint(round(area.center().x()), round(area.center().y())))

    assert sentence == "At pixel 0 of the edge: 4 where it is upright, 0 where it is level."
    assert panel.edges.ends() == (0.0, 4.0)


def test_the_large_picture_is_one_of_three(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(filter_of("sobel-x")))
    large = panel.response, panel.axes, panel.table

    seen = []
    for view in KernelView:
        QTest.mouseClick(panel.views.buttons[view], Qt.MouseButton.LeftButton)
        seen.append([picture.isVisible() for picture in large])

    assert seen == [[True, False, False], [False, True, False], [False, False, True]]


def test_the_gain_under_the_mouse_is_that_of_both_frequencies(panel: KernelExaminedPanel) -> None:
    """|H| of Sobel is |2 sin ω_x|·(2 + 2 cos ω_y): 8 at a quarter of a cycle across, 0 for even areas."""
    panel.show_shown(shown(filter_of("sobel-x")))
    area = panel.response.area()

    strongest = panel.response.sentence_at(QPoint(round(area.left() + 0.75 * area.width()), round(area.center().y())))
    even = panel.response.sentence_at(area.center().toPoint())

    assert strongest == "Waves of 0.25 cycles/pixel to the right and 0 upwards are multiplied by 8."
    assert even.endswith("are multiplied by 0.")


@pytest.mark.parametrize(
    "weights",
    [
        [[0.1, 0.2, -0.3]],  # adds up to 5.6e−17 in float64
        [[-0.1, 0.0, 0.1], [-0.2, 0.0, 0.2], [-0.1, 0.0, 0.1]],
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],  # two products, whose noughts are −2.9e−17 and the like
        [[0.1, 0.2, 0.1], [0.3, -1.4, 0.3], [0.1, 0.2, 0.1]],
        [[1 / 3, -1 / 3], [1 / 7, -1 / 7]],
    ],
)
def test_what_cancels_is_0_and_no_rounding_noise(panel: KernelExaminedPanel, weights: list[list[float]]) -> None:
    panel.show_shown(shown(Conv(weight=Weights(np.array(weights)[None, None]), bias=(0.0,), channels=Channels.EACH)))

    texts = [label.text() for label in panel.findChildren(QLabel)]
    texts += [widget.accessibleName() for widget in panel.findChildren(QWidget)]
    assert fact(panel, "sum").startswith("0; mean 0 over ")
    assert not [text for text in texts if re.search(r"e−1\d", text)]


def test_a_gain_of_1_is_unchanged_and_not_1_times(panel: KernelExaminedPanel) -> None:
    panel.show_shown(shown(Conv(weight=Weights([[[[0.5, 0.0, -0.5]]]]), bias=(0.0,), channels=Channels.EACH)))

    # |H| = |sin ω|: 1 at a quarter of a cycle per pixel, waves of 4 pixels
    assert fact(panel, "strongest-wave").startswith("Unchanged at 0.25 cycles/pixel, 4 pixels long")
