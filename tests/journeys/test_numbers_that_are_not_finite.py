"""Recipes and pictures whose numbers are infinite or none at all: every panel shows them, and the window stays."""

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Amounts
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import (
    Activation,
    Conv,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.insight.trace.taps import Unit
from convstudio.views.window.stages import NAMES
from tests.journeys.conftest import Studio

HUGE = Conv(weight=Weights(np.full((1, 1, 3, 3), 1e38)), bias=(0.0,))
DIFFERENCE = Conv(weight=Weights([[[[1e38, 0.0, -1e38]]]]), bias=(0.0,))  # of infinities: no number
PLAIN = Conv(weight=Weights([[[[1.0, 0.0, -1.0]] * 3]]), bias=(0.0,))
SMALL = np.arange(36.0).reshape(6, 6, 1)
HOLED = np.where(SMALL == 14, np.nan, SMALL)
ENDLESS = np.where(SMALL == 14, np.inf, np.where(SMALL == 21, -np.inf, SMALL))
LARGE = np.where(np.arange(128.0 * 128).reshape(128, 128, 1) % 97 == 0, np.nan, 3.0)

ENDS: dict[str, tuple[Layer, ...]] = {
    "conv": (),
    "dense": (Dense(units=3),),
    "global maximum": (Pool(is_global=True),),
    "global average": (Pool(kind=PoolKind.AVERAGE, is_global=True),),
    "pool": (Pool(padding=Amounts(1, 1, 1, 1), window=Pair(3, 3)),),
    "sigmoid": (Activation(kind=ActivationKind.SIGMOID),),
}
STARTS: dict[str, tuple[tuple[Layer, ...], NDArray[np.float64]]] = {
    "overflow": ((HUGE, HUGE), SMALL),
    "infinities that cancel": ((HUGE, HUGE, DIFFERENCE), SMALL),
    "a hole in the picture": ((PLAIN,), HOLED),
    "infinite pixels": ((PLAIN,), ENDLESS),
    "many holes": ((PLAIN,), LARGE),
}


@pytest.fixture
def broken(studio: Studio) -> list[str]:
    """What was told as a fault of the program."""
    faults: list[str] = []
    studio.application.wiring.broke.connect(faults.append)
    return faults


def look_at_everything(studio: Studio) -> None:
    """Every panel in front once, as it is painted."""
    for name in NAMES:
        studio.application.window.show_stage(name)
        studio.settled()
        studio.told()
        studio.until(lambda: not studio.application._explanation_pool._work_queue.qsize())
        studio.window.grab()


@pytest.mark.parametrize("start", STARTS)
def test_every_panel_shows_what_is_not_finite(studio: Studio, broken: list[str], start: str) -> None:
    layers, pixels = STARTS[start]
    for end in ENDS.values():
        document = Document((*layers, *end), Display(), len(layers) + len(end) - 1)

        studio.application.commands.sessions.set_up(document, Frame(pixels, white=35.0, name="numbers"))
        shown = studio.settled()
        studio.application.wiring.probe.choose(Unit(0, 0, 0))
        look_at_everything(studio)
        for mode in DisplayMode:
            studio.application.commands.recipe.edit_display(Display(mode))
            studio.settled()
            studio.window.grab()

        assert any(not np.isfinite(planes).all() for planes in shown.result.outputs)
        assert broken == []


@pytest.mark.parametrize(
    ("padding", "shape", "count"), [(Amounts(20, 20, 20, 20), "36×1", 36), (Amounts(60, 0, 0, 0), "48×6", 288)]
)
def test_a_window_that_reads_only_padding_has_a_blank_matrix(
    studio: Studio, broken: list[str], padding: Amounts, shape: str, count: int
) -> None:
    layer = Conv(weight=Weights(np.ones((2, 1, 3, 3))), bias=(0.0, 0.0), padding=padding)

    studio.application.commands.sessions.set_up(
        Document((layer,), Display(), 0), Frame(SMALL, white=35.0, name="numbers")
    )
    studio.settled()
    studio.application.wiring.probe.choose(Unit(0, 0, 0))
    look_at_everything(studio)
    studio.application.window.show_stage("weights")
    studio.until(lambda: studio.text("matrix-caption") != "")
    leads = [studio.text("matrix-caption")]
    for mode in ("cut", "filled", "tied"):
        studio.click(f"matrix-{mode}")
        studio.window.grab()
        leads.append(studio.text("matrix-caption"))

    what = f"A cut of Conv 3×3 as one {shape} matrix"
    blank = f"{what}: all {count} places are blank, as these outputs read nothing but padding."
    filled = f"Blanks filled (dense): all {count} places hold {count} weights, free to be learned."
    assert leads == [blank, blank, filled, blank]
    assert broken == []
