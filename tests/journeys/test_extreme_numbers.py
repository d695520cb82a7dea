"""Recipes with extreme numbers: the window shows them, and a sentence says what does not work."""

from dataclasses import replace

import numpy as np

from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Display, Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense, Layer, Pool, Weights
from convstudio.insight.trace.taps import Unit
from tests.journeys.conftest import Studio

CONV = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,))
TRANSPOSED = ConvTranspose(weight=CONV.weight, bias=(0.0,))
BILLION = Pair(10**9, 10**9)
MOST = Pair(2**31 - 1, 2**31 - 1)
ALL_ROUND = Amounts(20_000, 20_000, 20_000, 20_000)
WORKING: tuple[Layer, ...] = (
    replace(CONV, padding=Amounts(20_000, 0, 0, 0)),
    replace(CONV, padding=Amounts(0, 0, 20_000, 0), border=Border.REPLICATE),
    replace(CONV, stride=Pair(2**16, 2**16)),
    Pool(stride=Pair(2**16, 2**16)),
    Dense(seed=2**31 - 1),
)
REFUSED: tuple[tuple[Layer, str], ...] = (
    (replace(CONV, padding=ALL_ROUND), "its output has 1,600,320,016 numbers"),
    (replace(CONV, padding=Amounts(2**31 - 1, 0, 0, 0)), "The padding is 2,147,483,647, but at most 65,536"),
    (replace(CONV, dilation=BILLION), "The dilation is 1,000,000,000, but at most 65,536"),
    (replace(CONV, dilation=BILLION, padding=Padding.FULL, stride=BILLION), "The stride is 1,000,000,000, but at most"),
    (replace(CONV, dilation=MOST, border=Border.REPLICATE), "The dilation is 2,147,483,647, but at most 65,536"),
    (replace(CONV, groups=2**31 - 1), "The number of groups is 2,147,483,647, but at most 65,536"),
    (replace(TRANSPOSED, dilation=BILLION, padding=BILLION), "The dilation is 1,000,000,000, but at most 65,536"),
    (replace(TRANSPOSED, stride=BILLION), "The stride is 1,000,000,000, but at most 65,536"),
    (replace(TRANSPOSED, padding=MOST), "The padding is 2,147,483,647, but at most 65,536"),
    (replace(TRANSPOSED, output_padding=MOST), "The output padding is 2,147,483,647, but at most 65,536"),
    (Pool(window=MOST, stride=MOST), "The window is 2,147,483,647, but at most 65,536"),
    (Pool(padding=Amounts(*MOST, *MOST)), "The padding is 2,147,483,647, but at most 65,536"),
    (Pool(dilation=MOST), "The dilation is 2,147,483,647, but at most 65,536"),
    (Dense(units=2**31 - 1), "The number of units is 2,147,483,647, but at most 1,073,741,824"),
)


def test_extreme_numbers_are_shown_or_refused_in_a_sentence(studio: Studio) -> None:
    commands, engine = studio.application.commands, studio.application.engine
    frame = Frame(np.arange(36.0).reshape(6, 6, 1), white=35.0, name="numbers")
    faults: list[str] = []
    refusals: list[str] = []
    studio.application.wiring.broke.connect(faults.append)
    for subject in commands.subjects:
        subject.refused.connect(refusals.append)

    for layer in WORKING:
        commands.sessions.set_up(Document((layer,), Display(), 0), frame)
        studio.settled()
        studio.application.wiring.probe.choose(Unit(0, 0, 0))
        studio.window.grab()
    assert refusals == []

    for layer, sentence in REFUSED:
        commands.sessions.set_up(Document((layer,), Display(), 0), frame)
        studio.until(lambda: bool(refusals) and not engine.is_busy)
        studio.window.grab()
        assert sentence in refusals.pop()
        refusals.clear()
    assert faults == []
