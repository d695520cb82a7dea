"""The drawing of one step: the numbers that stand on the page, where they come from, and that it stands still."""

from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF
from PySide6.QtGui import QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.trace.formula import Notation
from convstudio.insight.trace.sliding import Excerpt, excerpt_around
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import Trace, trace
from convstudio.views.explain.trace.drawing import (
    SIZE,
    Mark,
    cell_texts,
    draw_step,
    image_of_step,
    input_table,
    kernel_tables,
    output_table,
    sums_sentence,
)

GRID = Frame(np.array([[[v] for v in (10.0, 10.0, 10.0, 0.0, 0.0, 0.0)]] * 6), white=10)
COLOUR = Frame(np.random.default_rng(5).integers(0, 256, (40, 50, 3), dtype=np.uint8), white=255)
EDGE = "conv [1 0 -1; 1 0 -1; 1 0 -1]"


def staged(recipe: str, unit: Unit, frame: Frame = GRID) -> tuple[Result, Excerpt, Trace]:
    result = evaluate(recipe_from(recipe), frame)
    return result, excerpt_around(result, 0, unit), trace(result, 0, *unit)


def texts_of(stage: Excerpt, output_trace: Trace, notation: Notation = Notation.NUMBERS) -> list[str]:
    """Every text on the page, with plain spaces."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    drawing = QSvgGenerator()
    drawing.setOutputDevice(buffer)
    drawing.setSize(SIZE)
    drawing.setViewBox(QRectF(0, 0, SIZE.width(), SIZE.height()))
    painter = QPainter(drawing)
    draw_step(painter, stage, output_trace, notation)
    painter.end()
    root = ET.fromstring(bytes(data.data()))
    return [(node.text or "").replace("\u00a0", " ") for node in root.iter() if node.tag.endswith("}text")]


@pytest.mark.usefixtures("qapp")
def test_the_articles_step_holds_its_numbers() -> None:
    _, stage, output_trace = staged(f"{EDGE} padding valid", Unit(0, 1, 1))

    texts = texts_of(stage, output_trace)

    assert "Output of Vertical edge 3×3 at row 2, column 2: 30" in texts
    assert {"input", "weights", "products", "output", "×", "=", "Σ"} <= set(texts)
    assert texts.count("10") == 18 + 3  # half of the inputs, and the first column of products
    assert texts.count("30") == 3  # outputs 0 30 30 0 and 0 30: later ones are not there yet
    assert texts.count("−1") == 3
    row = "10·1 + 10·0 + 0·(−1)"
    assert "".join(texts).replace(" ", "").endswith(f"y[1,1]={row}+{row}+{row}+0=30".replace(" ", ""))


@pytest.mark.usefixtures("qapp")
def test_letters_are_drawn_when_asked_for() -> None:
    _, stage, output_trace = staged(f"{EDGE} padding valid", Unit(0, 1, 1))

    texts = " ".join(texts_of(stage, output_trace, Notation.SYMBOLS))

    assert "y[1, 1] = w[0, 0]·x[1, 1] + w[0, 1]·x[1, 2]" in texts
    assert texts.endswith("w[2, 2]·x[3, 3] + b = 30")


def test_outputs_appear_in_the_order_of_the_visit() -> None:
    _, stage, output_trace = staged(f"{EDGE} padding valid", Unit(0, 1, 1))

    table = output_table(stage, output_trace)

    np.testing.assert_array_equal(table.numbers[0], [0, 30, 30, 0])
    assert table.is_empty is not None
    np.testing.assert_array_equal(table.is_empty.sum(axis=1), [0, 2, 4, 4])
    assert table.marks == (Mark(1, 1, 1, 1),)


@pytest.mark.parametrize(
    ("recipe", "unit", "marks"),
    [
        (f"{EDGE} padding valid", Unit(0, 1, 2), (Mark(1, 2, 3, 3),)),
        (EDGE, Unit(0, 0, 0), (Mark(0, 0, 3, 3),)),  # rows and columns of the table start in the padding
        (
            f"{EDGE} padding valid dilation 2", Unit(0, 1, 1),
            tuple(Mark(row, column, 1, 1) for row in (1, 3, 5) for column in (1, 3, 5)),
        ),
        ("max 2", Unit(0, 1, 2), (Mark(2, 4, 2, 2),)),
        ("transposed 3 stride 2", Unit(0, 3, 4), (Mark(1, 1, 1, 2),)),  # row 3 from input 1, column 4 from 1 and 2
        ("transposed 1 stride 2", Unit(0, 1, 1), ()),
    ],
)  # fmt: skip
def test_the_inputs_that_are_read_are_marked(recipe: str, unit: Unit, marks: tuple[Mark, ...]) -> None:
    _, stage, output_trace = staged(recipe, unit)

    assert input_table(stage, output_trace).marks == marks


def test_the_largest_input_is_marked_as_the_winner() -> None:
    frame = Frame(np.arange(16.0).reshape(4, 4, 1), white=16)

    _, stage, output_trace = staged("max 2", Unit(0, 0, 1), frame)

    assert input_table(stage, output_trace).winner == (1, 3)


def test_a_transposed_kernel_is_drawn_whole_with_the_cells_that_meet_an_input() -> None:
    _, stage, output_trace = staged("transposed 3 stride 2", Unit(0, 3, 4))

    tables = kernel_tables(stage, output_trace)

    assert tables is not None
    weights, products = tables
    assert weights.numbers.tolist() == np.ones((3, 3)).tolist()
    assert set(weights.marks) == {Mark(1, 0, 1, 1), Mark(1, 2, 1, 1)}
    assert products.is_empty is not None
    np.testing.assert_array_equal(np.argwhere(~products.is_empty), [[1, 0], [1, 2]])


def test_only_weighted_sums_have_weights() -> None:
    assert kernel_tables(*staged("max 2", Unit(0, 0, 0))[1:]) is None
    assert kernel_tables(*staged("average 2", Unit(0, 0, 0))[1:]) is None
    assert kernel_tables(*staged("relu", Unit(0, 0, 0))[1:]) is None


def test_a_window_that_is_too_large_says_which_part_is_drawn() -> None:
    _, stage, output_trace = staged("conv filters 1 size 31", Unit(0, 20, 20), COLOUR)

    table, tables = input_table(stage, output_trace), kernel_tables(stage, output_trace)

    assert table.heading == "input, red (1 of 3): middle 12×12 of 31×31"
    assert table.marks == (Mark(0, 0, 12, 12),)
    assert tables is not None
    assert tables[0].numbers.shape == (12, 12)


def test_each_channels_share_is_told() -> None:
    frame = Frame(np.array([[[1, 2, 3]]], np.uint8), white=255)

    _, _, output_trace = staged("conv [1] [10] [100]", Unit(0, 0, 0), frame)

    assert sums_sentence(output_trace) == "The products of each channel add up to: red 1, green 20, blue 300."
    assert sums_sentence(staged(EDGE, Unit(0, 0, 0))[2]) == ""


@pytest.mark.parametrize(
    ("numbers", "fitting", "expected"),
    [
        ([-1 / 3, 0, 1 / 3], 5, ["−0.33", "0", "0.33"]),  # in as many digits on both sides of 0
        ([-1 / 3, 0, 2 / 3], 4, ["−0.3", "0", "0.7"]),
        ([231.0, -73.5, np.nan, -np.inf], 5, ["231", "−73.5", "NaN", "−∞"]),
        ([0.125, 12345.0], 4, ["0.12", "1e4"]),  # no number of digits fits both
    ],
)
def test_numbers_in_one_table_have_equally_many_digits(numbers: list[float], fitting: int, expected: list[str]) -> None:
    texts = cell_texts(np.array([numbers]), fitting)

    assert texts.tolist() == [expected]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    "recipe",
    [f"{EDGE} padding valid", "transposed 3 stride 2", "max 3 stride 2 padding 1", f"{EDGE} dilation 2 border reflect"],
)
def test_the_tables_stand_still_while_the_window_slides(recipe: str) -> None:
    result, stage, _ = staged(recipe, Unit(0, 1, 1))

    images = [image_of_step(stage, trace(result, 0, *unit), Notation.NUMBERS) for unit in stage.units]

    assert {image.shape for image in images} == {(SIZE.height(), SIZE.width(), 3)}
    assert all((page != other).any() for page, other in pairwise(images))
    shares = [np.mean(page != other) for page, other in pairwise(images)]
    assert max(shares) < 0.1


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(
    ("recipe", "frame"),
    [
        ("dense 10", COLOUR),
        ("dense 10", GRID),
        ("conv filters 4 size 9", COLOUR),
        ("conv filters 1 size 31 stride 7", COLOUR),
        ("transposed 31 stride 5", COLOUR),
        ("transposed 1 stride 9", GRID),
        ("global max", COLOUR),
        ("average 3 stride 1 padding 1", COLOUR),
        ("sigmoid", COLOUR),
        (EDGE, Frame(np.array([[[7.0]]]), white=10)),
        (EDGE, Frame(np.full((9, 9, 1), np.nan), white=1.0)),
        (EDGE, Frame(np.full((9, 9, 1), 1e30), white=1.0)),
    ],
)
def test_every_layer_can_be_drawn(recipe: str, frame: Frame) -> None:
    result = evaluate(recipe_from(recipe), frame)
    _, height, width = result.outputs[0].shape

    for unit in (Unit(0, 0, 0), Unit(0, height - 1, width - 1)):
        page = image_of_step(excerpt_around(result, 0, unit), trace(result, 0, *unit), Notation.SYMBOLS)

        assert (page < 128).any()
        assert (page[:, -4:] == 255).all()  # nothing runs off the page
        assert (page[-4:] == 255).all()


def test_a_pdf_is_a_page_of_letters_and_lines(qtbot: QtBot) -> None:
    _, stage, output_trace = staged(f"{EDGE} padding valid", Unit(0, 1, 1))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    painter.setWindow(0, 0, SIZE.width(), SIZE.height())

    draw_step(painter, stage, output_trace, Notation.NUMBERS)
    painter.end()

    assert bytes(data.data()).startswith(b"%PDF-")
    assert len(data.data()) > 5_000
    assert b"/FontFile2" in bytes(data.data())
