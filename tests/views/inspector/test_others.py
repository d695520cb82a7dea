"""The inspectors of pooling, activation and dense layers, and the inspector that picks the right one."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from pytestqt.qtbot import QtBot

from convstudio.core.activations import ActivationKind
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.core.recipe.plan import Step, plan
from convstudio.views.inspector.activation import ActivationPanel, curve_points
from convstudio.views.inspector.dense import DensePanel
from convstudio.views.inspector.inspector import Inspector
from convstudio.views.inspector.pool import PoolPanel

CONV = Conv(weight=Weights(np.ones((1, 3, 3, 3))), bias=(0.0,))
TRANSPOSED = ConvTranspose(weight=Weights(np.ones((3, 1, 3, 3))), bias=(0.0,))


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


@pytest.fixture
def inspector(qtbot: QtBot) -> Inspector:
    inspector = Inspector()
    qtbot.addWidget(inspector)
    inspector.resize(340, 500)
    inspector.show()
    return inspector


def test_a_new_window_takes_an_equal_stride_along(pool: PoolPanel) -> None:
    spy = QSignalSpy(pool.layer_edited)

    QTest.keyClick(pool.window_size.boxes[0], Qt.Key.Key_Up)
    pool.show_step(step_of(Pool(window=Pair(3, 3), stride=Pair(2, 2))))
    QTest.keyClick(pool.window_size.boxes[0], Qt.Key.Key_Up)

    assert edits(spy) == [
        (Pool(window=Pair(3, 3), stride=Pair(3, 3)), "window"),
        (Pool(window=Pair(4, 4), stride=Pair(2, 2)), "window"),
    ]


def test_pool_numbers_and_switches(pool: PoolPanel) -> None:
    spy = QSignalSpy(pool.layer_edited)

    QTest.keyClick(pool.stride.boxes[0], Qt.Key.Key_Down)
    QTest.keyClick(pool.padding.boxes[0], Qt.Key.Key_Up)
    QTest.keyClick(pool.dilation.boxes[0], Qt.Key.Key_Up)
    QTest.keyClick(pool.ceil_mode, Qt.Key.Key_Space)
    QTest.keyClick(pool.is_global, Qt.Key.Key_Space)

    assert edits(spy) == [
        (Pool(stride=Pair(1, 1)), "stride"),
        (Pool(padding=Amounts(1, 1, 1, 1)), "padding"),
        (Pool(dilation=Pair(2, 2)), "dilation"),
        (Pool(ceil_mode=True), ""),
        (Pool(is_global=True), ""),
    ]


def test_an_average_drops_dilation_which_only_a_maximum_has(pool: PoolPanel) -> None:
    pool.show_step(step_of(Pool(dilation=Pair(2, 2))))
    spy = QSignalSpy(pool.layer_edited)
    assert (pool.dilation.isVisible(), pool.counts_padding.isVisible()) == (True, False)

    QTest.keyClick(pool.kind, Qt.Key.Key_Down)
    average = Pool(kind=PoolKind.AVERAGE)
    pool.show_step(step_of(average))
    QTest.keyClick(pool.counts_padding, Qt.Key.Key_Space)

    assert edits(spy) == [(average, ""), (replace(average, count_include_pad=False), "")]
    assert (pool.dilation.isVisible(), pool.counts_padding.isVisible()) == (False, True)


def test_a_global_pool_shows_nothing_that_it_ignores(pool: PoolPanel) -> None:
    pool.show_step(step_of(Pool(is_global=True)))

    fields = (pool.window_size, pool.stride, pool.padding, pool.dilation, pool.ceil_mode, pool.counts_padding)
    assert [field.isVisible() for field in fields] == [False] * 6
    assert not pool.formulas[0].isVisible()


def test_the_slope_belongs_to_the_leaky_kind_only(activation: ActivationPanel) -> None:
    spy = QSignalSpy(activation.layer_edited)
    assert not activation.slope.isVisible()

    QTest.keyClick(activation.kind, Qt.Key.Key_Down)
    leaky = Activation(kind=ActivationKind.LEAKY_RELU)
    activation.show_step(step_of(leaky))
    activation.slope.selectAll()
    QTest.keyClicks(activation.slope, "0.25")
    QTest.keyClick(activation.slope, Qt.Key.Key_Return)

    assert activation.slope.isVisible()
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
    assert panel.weights.text().startswith("10 × 9,216 = 92,160 weights, and 10 biases.")


def test_dense_units_and_seed(qtbot: QtBot) -> None:
    panel = DensePanel()
    qtbot.addWidget(panel)
    panel.show_step(step_of(Dense(units=10)))
    spy = QSignalSpy(panel.layer_edited)

    QTest.keyClick(panel.units, Qt.Key.Key_Up)
    QTest.keyClick(panel.seed, Qt.Key.Key_Up)

    assert edits(spy) == [(Dense(units=11), "units"), (Dense(units=10, seed=1), "seed")]


@pytest.mark.parametrize("layer", [CONV, TRANSPOSED, Pool(), Activation(), Dense()])
def test_the_inspector_shows_the_panel_that_fits(inspector: Inspector, layer: Layer) -> None:
    expected = {
        Conv: inspector.conv,
        ConvTranspose: inspector.transposed,
        Pool: inspector.pool,
        Activation: inspector.activation,
        Dense: inspector.dense,
    }[type(layer)]

    inspector.show_step(step_of(layer))

    assert [panel for panel in inspector.panels if panel.isVisible()] == [expected]
    assert inspector.title.text().startswith("1. ")


def test_the_inspector_hands_on_what_its_panels_send(inspector: Inspector) -> None:
    inspector.show_step(step_of(Pool()))
    edited, ended = QSignalSpy(inspector.layer_edited), QSignalSpy(inspector.gesture_ended)

    QTest.keyClick(inspector.pool.stride.boxes[0], Qt.Key.Key_Up)
    QTest.keyClick(inspector.pool.stride.boxes[0], Qt.Key.Key_Return)

    assert edits(edited) == [(Pool(stride=Pair(3, 3)), "stride")]
    assert ended.count() >= 1


def test_an_empty_inspector_says_how_to_fill_it(inspector: Inspector) -> None:
    inspector.show_step(step_of(Pool()))

    inspector.show_step(None)

    assert inspector.empty.isVisible()
    assert [panel for panel in inspector.panels if panel.isVisible()] == []
