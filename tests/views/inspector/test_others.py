"""The pages of pooling, activation and dense layers, and the source."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from convstudio.core.activations import ActivationKind
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Dense, Layer, Pool, PoolKind, Weights
from convstudio.core.recipe.plan import Step, plan
from convstudio.views.inspector.activation import ActivationPanel, curve_points
from convstudio.views.inspector.dense import DensePanel
from convstudio.views.inspector.pool import PoolPanel
from convstudio.views.inspector.source import SourcePanel


def step_of(layer: Layer) -> Step:
    return plan(Document((layer,)), Shape(3, 48, 64)).steps[0]


def edits(spy: QSignalSpy) -> list[tuple[Layer, str]]:
    return [(spy.at(place)[0], spy.at(place)[1]) for place in range(spy.count())]


@pytest.fixture
def pool(qtbot: QtBot) -> PoolPanel:
    panel = PoolPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_step(step_of(Pool()))
    return panel


@pytest.fixture
def activation(qtbot: QtBot) -> ActivationPanel:
    panel = ActivationPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_step(step_of(Activation()))
    return panel


def test_a_new_window_takes_an_equal_stride_along(pool: PoolPanel) -> None:
    spy = QSignalSpy(pool.layer_edited)

    QTest.keyClick(pool.window_size.rows, Qt.Key.Key_Up)
    pool.show_step(step_of(Pool(window=Pair(3, 3), stride=Pair(2, 2))))
    QTest.keyClick(pool.window_size.columns, Qt.Key.Key_Up)

    assert edits(spy) == [
        (Pool(window=Pair(3, 3), stride=Pair(3, 3)), "window"),
        (Pool(window=Pair(4, 4), stride=Pair(2, 2)), "window"),
    ]


def test_an_unlinked_window_has_two_sides(pool: PoolPanel) -> None:
    spy = QSignalSpy(pool.layer_edited)
    QTest.mouseClick(pool.link, Qt.MouseButton.LeftButton)

    QTest.keyClick(pool.window_size.columns, Qt.Key.Key_Up)
    pool.show_step(step_of(Pool(window=Pair(2, 3), stride=Pair(2, 3))))
    QTest.mouseClick(pool.link, Qt.MouseButton.LeftButton)

    assert edits(spy) == [
        (Pool(window=Pair(2, 3), stride=Pair(2, 3)), "window"),
        (Pool(window=Pair(2, 2), stride=Pair(2, 2)), "window"),
    ]


def test_an_average_drops_dilation_which_only_a_maximum_has(pool: PoolPanel) -> None:
    pool.show_step(step_of(Pool(dilation=Pair(2, 2))))
    spy = QSignalSpy(pool.layer_edited)

    QTest.mouseClick(pool.kind.buttons["average"], Qt.MouseButton.LeftButton)

    assert edits(spy) == [(Pool(kind=PoolKind.AVERAGE), "")]


def test_the_box_shows_the_numbers_of_the_window_and_which_goes_on(pool: PoolPanel) -> None:
    before = pool.view.accessibleName(), pool.view.grab().toImage()

    pool.show_window_values(np.array([[12.0, 48.0], [96.0, 31.0]]), 96.0, (1, 0))

    assert before[0] == "Point at the output to see a window's numbers"
    assert pool.view.accessibleName() == "The window holds 12, 48; 96, 31; 96 goes on"
    assert pool.view.grab().toImage() != before[1]
    assert pool.sentence.text() == "The largest of four goes on"


def test_numbers_of_another_window_are_forgotten(pool: PoolPanel) -> None:
    pool.show_window_values(np.ones((2, 2)), 1.0, (0, 0))

    pool.show_step(step_of(Pool(window=Pair(3, 3))))

    assert pool.view.accessibleName() == "Point at the output to see a window's numbers"
    assert pool.sentence.text() == "The largest of nine goes on"


@pytest.mark.parametrize(
    "values", [np.array([[np.nan, np.inf], [-np.inf, 0.0]]), np.full((12, 12), -1e30), np.zeros((1, 1))]
)
def test_any_window_is_painted(pool: PoolPanel, values: np.typing.NDArray[np.float64]) -> None:
    pool.show_window_values(values, float("nan"), None)

    assert not pool.view.grab().isNull()
    assert pool.view.property("reported-fault") is None


def test_the_slope_belongs_to_the_leaky_kind_only(activation: ActivationPanel) -> None:
    spy = QSignalSpy(activation.layer_edited)
    of_relu = activation.slope.isEnabled(), activation.slope.text_shown

    QTest.keyClick(activation.kind, Qt.Key.Key_Down)
    leaky = Activation(kind=ActivationKind.LEAKY_RELU)
    activation.show_step(step_of(leaky))
    activation.slope.selectAll()
    QTest.keyClicks(activation.slope, "0.25")
    QTest.keyClick(activation.slope, Qt.Key.Key_Return)

    assert of_relu == (False, "None")
    assert edits(spy) == [(leaky, ""), (replace(leaky, slope=0.25), "slope")]


@pytest.mark.parametrize(
    ("kind", "at_minus_four", "at_zero", "at_four"),
    [
        (ActivationKind.RELU, 0, 0, 4),
        (ActivationKind.LEAKY_RELU, -1, 0, 4),
        (ActivationKind.ABSOLUTE, 4, 0, 4),
        (ActivationKind.SIGMOID, 0.01798621, 0.5, 0.98201379),
        (ActivationKind.TANH, -0.99932930, 0, 0.99932930),
    ],
)
def test_the_curve_is_the_operations_own(
    kind: ActivationKind, at_minus_four: float, at_zero: float, at_four: float
) -> None:
    points = dict(curve_points(Activation(kind=kind, slope=0.25)))

    assert [points[-4.0], points[0.0], points[4.0]] == pytest.approx([at_minus_four, at_zero, at_four], abs=1e-8)


def test_dense_counts_its_weights(qtbot: QtBot) -> None:
    panel = DensePanel()
    qtbot.addWidget(panel)

    panel.show_step(step_of(Dense(units=10)))

    # 48 · 64 · 3 = 9,216
    assert panel.weights.text() == "92,160 weights, 10 biases"


def test_weights_that_a_network_learned_are_not_drawn_anew(qtbot: QtBot) -> None:
    panel = DensePanel()
    qtbot.addWidget(panel)
    learned = Dense(weight=Weights(np.ones((2, 3, 48, 64))), bias=(0.0, 0.0))

    panel.show_step(step_of(learned))
    fixed = panel.units.isEnabled(), panel.seed.isEnabled(), panel.weights.text()
    panel.show_step(step_of(Dense(units=10)))

    assert fixed == (False, False, "18,432 weights, 2 biases")
    assert panel.units.isEnabled()
    assert panel.seed.isEnabled()


def test_dense_units_and_seed(qtbot: QtBot) -> None:
    panel = DensePanel()
    qtbot.addWidget(panel)
    panel.show_step(step_of(Dense(units=10)))
    spy = QSignalSpy(panel.layer_edited)

    QTest.keyClick(panel.units, Qt.Key.Key_Up)
    QTest.keyClick(panel.seed, Qt.Key.Key_Up)

    assert edits(spy) == [(Dense(units=11), "units"), (Dense(units=10, seed=1), "seed")]


def test_a_small_grey_picture_is_typed_and_resized(qtbot: QtBot) -> None:
    panel = SourcePanel()
    qtbot.addWidget(panel)
    panel.show()
    spy = QSignalSpy(panel.grid_edited)
    panel.show_frame(Frame(np.array([[[10.0], [0.0]]]), white=10, name="grid"))

    QTest.mouseClick(
        panel.grid, Qt.MouseButton.LeftButton, pos=panel.grid.cell_rect(0, 1).center().toPoint()
    )  # fmt: skip
    QTest.keyClicks(panel.grid, "7")
    QTest.keyClick(panel.grid.editor, Qt.Key.Key_Return)
    panel.show_frame(Frame(np.array([[[10.0], [7.0]]]), white=10, name="grid"))
    QTest.keyClick(panel.size_fields.rows, Qt.Key.Key_Up)

    assert spy.at(0) == [[[10.0, 7.0]]]
    assert spy.at(1) == [[[10.0, 7.0], [0.0, 0.0]]]


def test_a_photograph_has_no_numbers_to_type(qtbot: QtBot) -> None:
    panel = SourcePanel()
    qtbot.addWidget(panel)
    panel.show()

    panel.show_frame(Frame(np.zeros((40, 50, 3), np.uint8), white=255, name="photo"))

    assert panel.facts.text == "50 × 40 pixels, colour"
    assert not panel.grid.isVisible()
    assert panel.sentence.text() == "8-bit numbers; 255 is white."
