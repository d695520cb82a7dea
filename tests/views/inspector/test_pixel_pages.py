"""The pages of resize, scale and shift, normalise, softmax and magnitude, of PReLU and of ranks."""

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QAbstractSpinBox
from pytestqt.qtbot import QtBot

from convstudio.core.activations import ActivationKind
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops import dense_weights
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.plan import Step, plan
from convstudio.views.inspector.activation import ActivationPanel
from convstudio.views.inspector.dense import DensePanel, as_plane
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.inspector.pixels import MagnitudePanel, ScalePanel, SoftmaxPanel
from convstudio.views.inspector.pool import PoolPanel
from convstudio.views.inspector.resize import ResizePanel

LEFT = Qt.MouseButton.LeftButton
Page = TypeVar("Page", bound=LayerPage)


def step_of(layer: Layer, channels: int = 4) -> Step:
    return plan(Document((layer,)), Shape(channels, 48, 64)).steps[0]


def shown(qtbot: QtBot, page: Page, layer: Layer) -> tuple[Page, QSignalSpy]:
    qtbot.addWidget(page)
    page.resize(240, 320)
    page.show()
    page.show_step(step_of(layer))
    return page, QSignalSpy(page.layer_edited)


def type_into(box: QAbstractSpinBox, text: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def edits(spy: QSignalSpy) -> list[Layer]:
    return [spy.at(place)[0] for place in range(spy.count())]


def test_the_factor_and_the_size_of_a_resize_are_typed(qtbot: QtBot) -> None:
    layer = Resize(mode=ResizeMode.AREA, factor=(0.5, 0.5))
    page, spy = shown(qtbot, ResizePanel(), layer)

    type_into(page.factor, "0.25")
    QTest.mouseClick(page.by.buttons["size"], LEFT)

    assert edits(spy) == [replace(layer, factor=(0.25, 0.25)), replace(layer, size=Pair(24, 32))]
    assert page.view.accessibleName() == "64 × 48 becomes 32 × 24"


def test_corners_are_aligned_where_that_means_something(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, ResizePanel(), Resize(mode=ResizeMode.AREA))
    of_area = page.align.isEnabled()

    page.show_step(step_of(Resize(mode=ResizeMode.BILINEAR)))
    QTest.mouseClick(page.align, LEFT)

    assert not of_area
    assert edits(spy) == [Resize(mode=ResizeMode.BILINEAR, align_corners=True)]


def test_a_normalisation_says_its_formula_and_refuses_to_divide_by_0(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, ScalePanel(), Normalisation(mean=(127.5,), deviation=(128.0,)))
    refusals = QSignalSpy(page.edit_refused)

    type_into(page.boxes[0], "100")
    type_into(page.boxes[1], "0")

    assert page.sentence.text() == "f(v) = (v − 127.5) ÷ 128"
    assert edits(spy) == [Normalisation(mean=(100.0,), deviation=(128.0,))]
    assert "cannot be 0" in refusals.at(0)[0]


def test_every_map_may_have_a_scale_of_its_own(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, ScalePanel(), ScaleShift(scale=(2.0,), shift=(1.0,)))

    QTest.mouseClick(page.each, LEFT)
    apart = ScaleShift(scale=(2.0,) * 4, shift=(1.0,) * 4)
    page.show_step(step_of(apart))
    page.map.setValue(3)
    type_into(page.boxes[1], "-5")

    assert edits(spy) == [apart, replace(apart, shift=(1.0, 1.0, -5.0, 1.0))]


def test_the_maps_of_a_softmax_get_labels(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, SoftmaxPanel(), Softmax())

    page.map.setValue(2)
    page.label.setText("cat")
    QTest.keyClick(page.label, Qt.Key.Key_Return)

    assert edits(spy) == [Softmax(labels=("", "cat", "", ""))]


def test_a_magnitude_says_which_maps_go_together(qtbot: QtBot) -> None:
    page, _ = shown(qtbot, MagnitudePanel(), Magnitude())

    assert page.sentence.text().startswith("Map 1 goes with map 3")
    assert not page.grab().isNull()


def test_the_slope_of_one_map_of_a_prelu_is_edited_alone(qtbot: QtBot) -> None:
    layer = Activation(kind=ActivationKind.PRELU, slopes=(0.1, 0.2, 0.3, 0.4))
    page, spy = shown(qtbot, ActivationPanel(), layer)

    page.map.setValue(2)
    of_second = page.slope.value
    type_into(page.slope, "-0.5")

    assert of_second == 0.2
    assert edits(spy) == [replace(layer, slopes=(0.1, -0.5, 0.3, 0.4))]


def test_a_kind_that_is_chosen_begins_with_its_usual_number(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, ActivationPanel(), Activation())

    page.kind.setCurrentIndex(list(ActivationKind).index(ActivationKind.ELU))
    page.kind.activated.emit(page.kind.currentIndex())

    assert edits(spy) == [Activation(kind=ActivationKind.ELU, slope=1.0)]


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("0", PoolKind.MIN), ("25 %", PoolKind.PERCENTILE), ("100", PoolKind.MAX)],
)
def test_a_rank_with_a_name_takes_its_name(qtbot: QtBot, typed: str, kind: PoolKind) -> None:
    page, spy = shown(qtbot, PoolPanel(), Pool(kind=PoolKind.MEDIAN))

    type_into(page.percentile, typed)

    assert edits(spy) == [Pool(kind=kind, percentile=float(typed.removesuffix(" %")))]


def test_rank_begins_with_the_median(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, PoolPanel(), Pool())

    QTest.mouseClick(page.kind.buttons["rank"], LEFT)

    assert edits(spy) == [Pool(kind=PoolKind.MEDIAN)]


def test_a_dense_units_weights_are_typed_over_and_kept(qtbot: QtBot) -> None:
    page = DensePanel()
    qtbot.addWidget(page)
    page.resize(240, 320)
    page.show()
    page.show_step(plan(Document((Dense(units=2, seed=3),)), Shape(1, 2, 2)).steps[0])
    spy = QSignalSpy(page.layer_edited)
    drawn = dense_weights(2, 4, 3).astype(np.float64).reshape(2, 1, 2, 2)

    page.unit.setValue(2)
    plane = drawn[1, 0].copy()
    plane[0, 1] = 5.0
    page.grid.plane_edited.emit(plane, "")

    (edited,) = edits(spy)
    assert isinstance(edited, Dense)
    assert edited.weight is not None
    assert edited.weight.array[1, 0].tolist() == plane.tolist()
    assert edited.weight.array[0].tolist() == drawn[0].tolist()


def test_a_dense_unit_has_a_bias_of_its_own(qtbot: QtBot) -> None:
    page, spy = shown(qtbot, DensePanel(), Dense(units=3))

    page.unit.setValue(3)
    type_into(page.bias, "1.5")

    assert edits(spy) == [Dense(units=3, bias=(0.0, 0.0, 1.5))]


def test_planes_of_a_unit_lie_side_by_side() -> None:
    weights = np.arange(12.0).reshape(3, 2, 2)

    plane = as_plane(weights)

    assert plane[:, :2].tolist() == [[0, 1], [2, 3], [8, 9], [10, 11]]
    assert plane[:2, 2:].tolist() == [[4, 5], [6, 7]]
    assert np.isnan(plane[2:, 2:]).all()
