"""The presenter's column: cells and numbers for the last row, and the sum in the colours of its signs."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from convstudio.views import theme
from convstudio.views.presenter.column import PresenterColumn
from convstudio.views.presenter.pointer import ringed_pointer

SOBEL = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])


@pytest.fixture
def column(qtbot: QtBot) -> PresenterColumn:
    column = PresenterColumn()
    qtbot.addWidget(column)
    column.resize(544, 900)
    column.show()
    return column


def test_a_kernel_of_three_by_three_has_cells_of_160_and_numbers_of_56(column: PresenterColumn) -> None:
    column.show_kernel(SOBEL, "Sobel", "Positive where it gets brighter.")

    assert (column.kernel.cell_side(), column.kernel.number_size()) == (160, 56)
    assert column.kernel.height() == 480
    assert column.sentence.font().pixelSize() == 30


@pytest.mark.parametrize(("rows", "columns", "side"), [(31, 31, 480 / 31), (1, 3, 160), (5, 2, 96)])
def test_other_kernels_fit_the_same_box(column: PresenterColumn, rows: int, columns: int, side: float) -> None:
    column.show_kernel(np.ones((rows, columns)), "", "")
    column.grab()

    assert column.kernel.cell_side() == pytest.approx(side)
    assert column.kernel.height() == round(side * rows)


def test_numbers_that_cannot_be_read_go(column: PresenterColumn) -> None:
    column.show_kernel(np.full((31, 31), 0.125), "", "")

    assert column.kernel.number_size() == 0


def test_a_layer_without_a_kernel_shows_none(column: PresenterColumn) -> None:
    column.show_kernel(SOBEL, "Sobel", "")
    column.show_kernel(None, "Max pool", "")

    assert not column.kernel.isVisible()
    assert column.title.text() == "Max pool"


def test_the_sum_is_said_in_parts_and_goes(column: PresenterColumn) -> None:
    column.show_sum(722.0, -108.0)
    shown = column.sum.text()
    column.clear_sum()

    assert [part for part in ("722", "108", "614") if part in shown] == ["722", "108", "614"]
    assert column.sum.text() == ""


def test_numbers_that_are_not_finite_are_painted(column: PresenterColumn) -> None:
    column.show_kernel(np.array([[np.nan, np.inf], [-np.inf, 0]]), "", "")

    assert not column.grab().isNull()


def test_the_tip_of_the_arrow_is_in_the_middle_of_the_ring(qtbot: QtBot) -> None:
    cursor = ringed_pointer(theme.LIGHT)
    image = cursor.pixmap().toImage()

    assert cursor.hotSpot().toTuple() == (48, 48)
    assert image.pixelColor(48 - 44, 48) == theme.LIGHT.accent
    assert image.pixelColor(1, 1).alpha() == 0


@pytest.mark.parametrize("height", [540, 700, 1080])
def test_nothing_lies_over_the_kernel_in_a_low_window(column: PresenterColumn, qtbot: QtBot, height: int) -> None:
    column.resize(366, height)
    sentence = "Positive where the picture gets brighter from left to right: it finds vertical edges."
    column.show_kernel(SOBEL, "Sobel, left to right", sentence)
    column.show_sum(300.0, 20.0)
    parts = [column.title, column.kernel, column.sentence, column.sum]

    def is_in_order() -> bool:
        ends = [end for part in parts for end in (part.geometry().top(), part.geometry().bottom())]
        is_whole = column.sentence.height() >= column.sentence.heightForWidth(column.sentence.width())
        return ends == sorted(ends) and is_whole and ends[-1] < height

    qtbot.waitUntil(is_in_order)
