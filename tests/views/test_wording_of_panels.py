"""What all panels say of random recipes: no rounding noise, no −0, and nouns in the form of their numbers."""

import re
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.activations import ActivationKind
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts
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
from convstudio.insight.trace.influence import uses_of_cell
from convstudio.insight.trace.sliding import way_of
from convstudio.insight.trace.trace import trace
from convstudio.views.explain.trace.panel import StepStage
from convstudio.views.explain.trace.text import full_text, strongest_lines
from convstudio.views.flow.flow import LayerFlow
from convstudio.views.inspector.column import InspectorColumn
from convstudio.views.pictures.pair import PicturePair
from convstudio.views.pictures.probe_boxes import boxes_of_probed, boxes_of_reach, boxes_of_uses
from convstudio.views.probe.equation import equation_of
from convstudio.views.probe.probed import Probed, Role
from convstudio.views.window.status import StatusLine
from convstudio.wiring.explanations import EXPLANATIONS

KERNELS = (
    np.array([[1.0]]),
    np.array([[0.1, 0.2, -0.3]]),  # 5.6e−17 in float64
    np.array([[0.1], [0.7], [-0.8]]),
    np.array([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]]),  # its factors are 0 but for rounding
    np.array([[-0.1, 0.0, 0.1], [-0.2, 0.0, 0.2], [-0.1, 0.0, 0.1]]),
    np.full((3, 3), 1 / 9),
    np.array([[0.1, 0.2, 0.1], [0.3, -1.4, 0.3], [0.1, 0.2, 0.1]]),
    np.array([[1 / 3, -1 / 3], [1 / 7, -1 / 7]]),
)
CURVES = (ActivationKind.RELU, ActivationKind.LEAKY_RELU, ActivationKind.ABSOLUTE)
SIZES = ((1, 1), (1, 5), (6, 6), (9, 8))
BEFORE = r"[\d.,×·÷:+=√/–−(]"  # then the 1 is a part of a longer number, or of a formula
ONE = "(?:bias|across|is|has)"  # words that end in s and are no plurals
WRONG = {
    "rounding noise": re.compile(r"e−1\d|e−[2-9]\d"),
    "a negative nothing": re.compile(r"−0(?:\.0+)?(?![\d.])"),
    "a plural of one": re.compile(rf"(?<!{BEFORE} )(?<!{BEFORE})(?<!Dense )\b1 (?!{ONE}\b)[a-z]+s\b"),
    "one of one": re.compile(r"\b1 of the 1\b|\ball 1\b|\b1 to 1\b"),
}


def random_layer(draw: np.random.Generator, channels: int, *, is_last: bool) -> Layer:
    """A layer that takes what arrives, whatever its size."""
    kernel = KERNELS[draw.integers(len(KERNELS))]
    bias = float(draw.choice([0.0, 0.1, -0.3]))
    border = Border(draw.choice(["zeros", "replicate"]))
    layers: list[Layer] = [
        Conv(weight=Weights(np.repeat(kernel[None, None], channels, axis=1)), bias=(bias,), border=border),
        Conv(weight=Weights(np.stack([kernel] * 2)[:, None]), bias=(bias, 0.0), channels=Channels.EACH),
        ConvTranspose(weight=Weights(np.repeat(kernel[None, None], channels, axis=0)), bias=(bias,)),
        Pool(kind=PoolKind.MAX, window=Pair(3, 3), stride=Pair(1, 1), padding=Amounts(1, 1, 1, 1)),
        Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), stride=Pair(1, 1), padding=Amounts(1, 1, 1, 1)),
        Activation(kind=CURVES[draw.integers(len(CURVES))]),
        Pool(kind=PoolKind.AVERAGE, is_global=True),
        Dense(units=int(draw.integers(1, 4))),
    ]
    return layers[draw.integers(len(layers) if is_last else len(layers) - 2)]


def random_result(seed: int) -> Shown:
    """A recipe of one to three layers on a small picture of one or three channels."""
    draw = np.random.default_rng(seed)
    height, width = SIZES[draw.integers(len(SIZES))]
    channels = int(draw.choice([1, 3]))
    frame = Frame(draw.integers(0, 256, (height, width, channels)).astype(np.uint8), white=255)
    document, count = Document(), int(draw.integers(1, 4))
    for place in range(count):
        result = evaluate(document, frame)
        layer = random_layer(draw, result.plan.output.channels, is_last=place == count - 1)
        document = Document((*document.layers, layer), selected=place)
    return show(evaluate(document, frame), Selection())


def texts_in(panel: QWidget) -> Iterator[str]:
    """What can be read on a panel, and what its tooltips and accessible names say."""
    for widget in (panel, *panel.findChildren(QWidget)):
        is_text = isinstance(widget, QLabel | QAbstractButton)
        if not widget.isVisibleTo(panel) or isinstance(widget, QComboBox):
            continue
        for name in ("text", "accessibleName", "toolTip") if is_text else ("accessibleName", "toolTip"):
            yield str(widget.property(name) or "")


def texts_of(qtbot: QtBot, shown: Shown) -> Iterator[str]:
    """What all panels say of a result, one after the other, with all their questions answered."""
    plan, index = shown.result.plan, shown.output_index
    step = plan.steps[index]
    unit_trace = trace(shown.result, index, 0, step.output.height // 2, step.output.width // 2)
    window = QMainWindow()
    qtbot.addWidget(window)
    stage = StepStage()
    inspector, flow, pair, status = InspectorColumn(), LayerFlow(), PicturePair(), StatusLine(window)
    panels: list[QWidget] = [stage, inspector, flow, pair, status]
    for panel in panels:
        qtbot.addWidget(panel)
    stage.show_way(shown, way_of(shown.result, index, unit_trace.unit), unit_trace)
    stage.show_probed((Probed(unit_trace, Role.GREEN),), None)
    if isinstance(step.layer, Conv | ConvTranspose):
        yield from (box.label for box in boxes_of_uses(uses_of_cell(step, 0, 0)))
    inspector.show_step(step)
    flow.show_document(shown.result.document, plan)
    flow.show_shown(shown)
    pair.show_shown(shown)
    status.show_milliseconds(3.0)
    probed = Probed(unit_trace, Role.GREEN)
    yield from (box.label for side in boxes_of_probed(probed, index - 1) for box in side)
    equation = equation_of(probed, shown, 0, ghost=QColor("white"))
    yield from (equation.heading, equation.result, *(text for text, _ in equation.line))
    yield from (box.label for side in boxes_of_reach(unit_trace.regions[-1], (0, 0)) for box in side)
    yield from (full_text(unit_trace), strongest_lines(unit_trace))
    for row in EXPLANATIONS:
        explainer, answer = row.make()
        qtbot.addWidget(explainer)
        if row.name != "learn":  # its networks are the same whatever is on the screen, and learn for seconds
            explainer.asked.connect(
                lambda question, to=explainer, by=answer: to.show_answer(by(question, lambda _: None))
            )
        explainer.show()
        explainer.show_shown(shown)
        panels.append(explainer)
    for panel in panels:
        yield from texts_in(panel)


@pytest.mark.parametrize("seed", range(24))
def test_no_panel_shows_noise_or_counts_one_as_many(qtbot: QtBot, seed: int) -> None:
    said = [text for text in texts_of(qtbot, random_result(seed)) if text]

    wrong = {(why, text) for why, sign in WRONG.items() for text in said if sign.search(text)}
    assert len(said) > 100
    assert not wrong
