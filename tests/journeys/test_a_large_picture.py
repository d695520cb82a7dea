"""A picture that is too large to be computed whole is exact wherever it is on the screen, and a preview until then."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.document import Display, DisplayMode, Document
from convstudio.core.frame import Frame
from convstudio.core.layers import Channels, Conv, Weights
from convstudio.core.region import Region
from convstudio.core.shown import Shown
from tests.journeys.conftest import Studio

ROWS, COLUMNS = 2400, 3200
KERNEL = [[1.0, 2.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, -3.0]]
LAYER = Conv(weight=Weights([[KERNEL]]), bias=(4.0,), channels=Channels.EACH)
CLIPPED = Display(DisplayMode.CLIP)


@pytest.fixture(scope="module")
def large() -> Frame:
    """7.7 megapixels of noise on slow waves: no two places are alike."""
    noise = np.random.default_rng(5).integers(0, 60, (ROWS, COLUMNS, 3))
    waves = np.sin(np.arange(ROWS) / 300)[:, None, None] * 60 + np.sin(np.arange(COLUMNS) / 200)[None, :, None] * 30
    return Frame((100 + waves + noise).astype(np.uint8), white=255, name="waves")


def filtered(frame: Frame, region: Region, kernel: list[list[float]] = KERNEL, bias: float = 4.0) -> NDArray[Any]:
    """A 3×3 filter on each colour of a part of a picture with zeros around it, by shifts and sums."""
    room = np.pad(np.moveaxis(frame.pixels, 2, 0).astype(np.float64), ((0, 0), (1, 1), (1, 1)))
    made = np.full((3, region.height, region.width), bias)
    for row, column in np.ndindex(3, 3):
        top, left = region.top + row, region.left + column
        made += kernel[row][column] * room[:, top : top + region.height, left : left + region.width]
    return made


def exactly(frame: Frame, region: Region, kernel: list[list[float]] = KERNEL) -> NDArray[np.uint8]:
    """The colours of a part of the filtered picture, from black 0 to white 255."""
    return np.rint(filtered(frame, region, kernel).clip(0, 255)).astype(np.uint8).transpose(1, 2, 0)


def start(studio: Studio, frame: Frame, *layers: Any, display: Display = CLIPPED, selected: int = 0) -> Shown:
    studio.application.commands.set_up(Document(layers or (LAYER,), display, selected=selected), frame)
    return studio.settled()


def reading(studio: Studio) -> str:
    return studio.application.panels.pair.after.reading.text


def test_at_actual_size_the_screen_shows_the_exact_picture(studio: Studio, large: Frame) -> None:
    start(studio, large)

    studio.press("Ctrl+1") if False else studio.application.panels.pair.show_actual_size()
    shown = studio.settled()

    (patch,) = shown.output_patches
    assert patch.cells.reduction == 1
    np.testing.assert_allclose(patch.pixels, exactly(large, patch.region), atol=1)
    assert reading(studio).startswith("exact on the screen")
