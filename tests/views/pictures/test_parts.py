"""Parts: what is exact on the screen, and where a preview lies, by hand."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Layer, Pool, Weights
from convstudio.core.view.patches import Patch
from convstudio.core.view.refinement import refine
from convstudio.core.view.scene import Cells
from convstudio.core.view.shown import Selection
from convstudio.views.pictures.canvas.patches import Parts, parts_of
from convstudio.views.pictures.canvas.placement import View, ViewTransform
from convstudio.views.pictures.unit_list import UnitList

FRAME = Frame(np.zeros((2100, 2100, 1), np.uint8), white=255)  # its preview has 420×420 pixels, each of 5×5
WIDE = Conv(weight=Weights(np.ones((1, 1, 1, 11))), bias=(0.0,), padding=Padding.VALID, channels=Channels.EACH)


def parts(reduction: int) -> Parts:
    """40×40 pixels, all of them in one patch."""
    side = 40 // reduction
    patch = Patch(Cells(Region(0, side, 0, side), reduction), np.zeros((side, side, 4), np.uint8), None)
    return Parts(40, 40, QRectF(0, 0, 40, 40), (patch,))


@pytest.mark.parametrize(("reduction", "scale", "ratio", "is_exact"), [
    (4, 0.25, 1.0, True),
    (4, 0.5, 1.0, False),  # two pixels share one of the screen, and here four do
    (4, 0.25, 2.0, False),  # a screen with twice as many pixels
    (1, 0.25, 1.0, True),
    (1, 8.0, 2.0, True),
])  # fmt: skip
def test_a_patch_is_exact_where_it_is_as_fine_as_the_screen(
    reduction: int, scale: float, ratio: float, is_exact: bool
) -> None:
    transform = ViewTransform(View(20, 20, scale, scale), 10, 10)

    assert parts(reduction).is_exact(transform, ratio) is is_exact


def test_what_no_patch_covers_is_not_exact() -> None:
    fine = parts(1)
    half = Parts(80, 40, fine.place, fine.patches)

    assert half.is_exact(ViewTransform(View(20, 20, 1, 1), 10, 10), 1.0)
    assert not half.is_exact(ViewTransform(View(20, 40, 1, 1), 10, 10), 1.0)


@pytest.mark.parametrize(("layer", "place"), [
    # a cell of the preview's output stands for 10×10 pixels of the frame, 5×5 of the output
    (Pool(), QRectF(0, 0, 1050, 1050)),
    # the middle of 11 pixels is 5 from the first; in the preview that is 25 pixels of the frame, and 410 · 5 are left
    (WIDE, QRectF(20, 0, 2050, 2100)),
])  # fmt: skip
def test_a_preview_lies_where_its_windows_look(layer: Layer, place: QRectF) -> None:
    (shown,) = refine(Document((layer,), selected=0), FRAME, Selection(), None)

    parts = parts_of(shown, is_input=False)

    assert parts is not None
    assert parts.place == place


@pytest.mark.parametrize("size", [(552, 558), (376, 400)])
def test_few_units_fill_the_pane_and_all_are_in_sight(qtbot: QtBot, size: tuple[int, int]) -> None:
    units = UnitList()
    qtbot.addWidget(units)
    units.resize(*size)
    units.show()
    units.show_values(np.linspace(-3, 3, 10, dtype=np.float32))
    QApplication.processEvents()

    rows = [units.visualRect(units.model().index(row, 0)) for row in range(10)]
    assert all(units.viewport().rect().contains(row) for row in rows)
    assert min(row.width() for row in rows) > size[0] - 12
    assert not units.horizontalScrollBar().isVisible()
