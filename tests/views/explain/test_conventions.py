"""CONVENTIONS: what the table and the sentences say, what is asked and when, and the pictures of the differences."""

from functools import partial

import numpy as np
import pytest
from numpy.typing import ArrayLike
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, Layer, Pool, Weights
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.conventions.comparison import ConventionsQuestion, answer
from convstudio.insight.conventions.emulation import call_of
from convstudio.insight.conventions.libraries import CONVENTIONS
from convstudio.io.libraries import run_installed
from convstudio.views.explain.conventions.panel import ConventionsPanel
from convstudio.views.explain.conventions.pictures import difference_image
from convstudio.views.explain.conventions.table import COLUMNS, ConventionsTable

ROW = Frame(np.array([[[10], [20], [40], [80]]], np.uint8), 255, name="four pixels")
LEFT = [[1, 0, 0]]  # reads the pixel at the left


def conv(kernel: ArrayLike, **choices: object) -> Conv:
    weights = np.array(kernel, dtype=np.float64)[None, None]
    return Conv(weight=Weights(weights), bias=(0.0,), channels=Channels.EACH, **choices)  # type: ignore[arg-type]


def shown(*layers: Layer, frame: Frame = ROW, selected: int = 0) -> Shown:
    return show(evaluate(Document(layers, selected=selected), frame), Selection())


def cells(table: ConventionsTable, name: str) -> dict[str, str]:
    """What stands in one column, for each row."""
    place = list(COLUMNS).index(name)
    texts = {}
    for row in range(table.rowCount()):
        first, item = table.item(row, 0), table.item(row, place)
        assert first is not None
        assert item is not None
        texts[first.text()] = item.text()
    return texts


@pytest.fixture
def panel(qtbot: QtBot) -> ConventionsPanel:
    """A panel whose questions are answered at once."""
    panel = ConventionsPanel()
    qtbot.addWidget(panel)
    panel.asked.connect(lambda question: panel.show_answer(answer(question, run=run_installed)))
    panel.resize(1680, 710)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_the_table_tells_who_differs_and_where(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT)))

    # here 0 10 20 40; reflected 20 10 20 40; with the edge twice 10 10 20 40; flipped it reads the right: 20 40 80 0
    kernel, outside = cells(panel.table, "kernel"), cells(panel.table, "outside")
    inside, border = cells(panel.table, "inside"), cells(panel.table, "border")
    assert len(kernel) == 1 + len(CONVENTIONS)
    assert (kernel["This layer"], outside["This layer"]) == ("as written", "zeros")
    assert (outside["OpenCV, floats"], inside["OpenCV, floats"], border["OpenCV, floats"]) == (
        "reflect 101",
        "same",
        "20",
    )
    assert (outside["SciPy correlate"], border["SciPy correlate"]) == ("symmetric", "10")
    assert (kernel["NumPy convolve"], inside["NumPy convolve"], border["NumPy convolve"]) == ("flipped", "60", "40")
    assert (inside["Keras, valid"], border["Keras, valid"]) == ("same", "–")
    assert (inside["Keras, same"], border["Keras, same"]) == ("same", "same")
    assert cells(panel.table, "size")["MATLAB conv2"] == "6×1"
    assert cells(panel.table, "numbers")["MATLAB imfilter"] == "0 … 255"
    checked = cells(panel.table, "checked")
    assert (checked["OpenCV, 8 bits"], checked["ImageJ Convolve"], checked["Pillow Kernel"]) == (
        "run",
        "by rule",
        "refuses",
    )


def test_the_lead_counts_who_agrees(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT)))

    # inside OpenCV twice, SciPy correlate twice, PyTorch, Keras twice, imfilter and ImageJ; also at the border Keras
    # with padding “same” and imfilter
    assert panel.lead.text() == (
        "Ways to filter that agree with this layer: 9 of 13 inside the picture, 2 at its border too."
    )
    assert panel.place.text() == ("All 4×1 pixels of four pixels in 8 bits; stride, dilation and bias are left out.")


def test_a_kernel_that_is_the_same_turned_says_why_flipping_does_not_show(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv([[1, 2, 1]])))

    assert panel.lead.text().endswith("Turned by 180° this kernel is the same, so flipping it changes nothing.")
    assert cells(panel.table, "inside")["SciPy convolve2d"] == "same"


def test_the_layers_border_makes_the_difference_go_away(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT, border=Border.REFLECT)))

    assert cells(panel.table, "outside")["This layer"] == "reflect 101"
    assert cells(panel.table, "border")["OpenCV, floats"] == "same"


def test_a_row_is_chosen_with_the_arrow_keys_and_tells_everything(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv([[0, 0, 0, 1]])))
    assert panel.detail.sentences.text().startswith("NumPy convolve: np.convolve(row, kernel_row)")

    QTest.keyClick(panel.table, Qt.Key.Key_Down)

    sentences = panel.detail.sentences.text()
    assert sentences.startswith("OpenCV, floats: cv2.filter2D(image, cv2.CV_64F, kernel)\n")
    assert "It lays the kernel as it is written: correlation." in sentences
    assert "the edge itself once (reflect 101)" in sentences
    assert "The anchor of its 1×4 kernel is row 1, column 3; this layer's is row 1, column 2." in sentences
    assert sentences.endswith("It was really run here and keeps its documented rule exactly.")
    assert "docs.opencv.org" in panel.detail.source.text()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("MATLAB conv2", "4×1 pixels become 6×1."),
        ("MATLAB imfilter", "An 8-bit picture stays 8-bit: rounded, halves up, and clipped to 0 … 255."),
        ("ImageJ Convolve", "It divides by the sum of the weights, 1, unless it is told not to."),
        ("Keras, same", "It gives this layer's numbers everywhere."),
        ("Keras, valid", "It gives this layer's numbers inside and none at the border."),
        ("SciPy correlate", "It gives this layer's numbers inside; at the border it differs by up to 10."),
        ("SciPy convolve", "It differs by up to 60 inside and by up to 40 at the border."),
        ("Pillow Kernel", "It takes kernels of 3×3 and 5×5 only, not 1×3."),
        ("MATLAB conv2", "It cannot be run from here: these numbers follow from its documentation."),
    ],
)
def test_every_way_says_what_it_does(panel: ConventionsPanel, name: str, sentence: str) -> None:
    panel.show_shown(shown(conv(LEFT)))

    panel.table.setCurrentCell(list(cells(panel.table, "library")).index(name), 0)

    assert sentence in panel.detail.sentences.text()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ImageJ Convolve", "It divides by the sum of the weights, but that is 0 here, and then it divides by 1."),
        ("Pillow Kernel", "It would divide by the sum of the weights, which is 0 here, so it has to be told a scale"),
        ("SciPy, 8 bits", "fractions are cut off, and numbers outside of 0 … 255 wrap around."),
    ],
)
def test_a_sum_of_0_and_8_bits_are_said_as_they_are(panel: ConventionsPanel, name: str, sentence: str) -> None:
    frame = Frame(np.random.default_rng(1).integers(0, 256, (9, 9, 1)).astype(np.uint8), 255)
    panel.show_shown(shown(conv([[-1, 0, 1]] * 3), frame=frame))

    panel.table.setCurrentCell(list(cells(panel.table, "library")).index(name), 0)

    assert sentence in panel.detail.sentences.text()


def test_the_call_in_the_table_and_in_the_detail_is_the_one_that_is_run(panel: ConventionsPanel) -> None:
    kernel = np.array([[-1.0, 0, 1]] * 3)
    panel.show_shown(shown(conv(kernel)))

    calls = cells(panel.table, "call")
    for place, convention in enumerate(CONVENTIONS, start=1):
        panel.table.setCurrentCell(place, 0)
        assert calls[convention.name] == call_of(convention, kernel)
        assert f"{convention.name}: {calls[convention.name]}\n" in panel.detail.sentences.text()


def test_ways_and_programs_are_counted(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT), selected=-1))

    # NumPy, OpenCV, SciPy, PyTorch, Keras, MATLAB, ImageJ, Pillow
    programs = {name.split()[0].strip(",") for name in (convention.name for convention in CONVENTIONS)}
    assert len(programs) == 8
    assert panel.lead.text().endswith(f"as {len(CONVENTIONS)} ways in 8 programs would do it.")


def test_anchors_are_a_column_where_a_kernel_has_no_middle(panel: ConventionsPanel) -> None:
    place = list(COLUMNS).index("anchor")
    panel.show_shown(shown(conv(LEFT)))
    odd = panel.table.isColumnHidden(place)

    panel.show_shown(shown(conv([[1, 2], [3, 4]])))

    assert odd
    assert not panel.table.isColumnHidden(place)
    anchors = cells(panel.table, "anchor")
    assert (anchors["This layer"], anchors["OpenCV, floats"], anchors["SciPy convolve"]) == ("1, 1", "2, 2", "1, 1")
    assert anchors["PyTorch conv2d"] == "–"


def test_what_is_not_run_on_so_small_a_picture_says_so(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(np.ones((5, 5)))))  # the picture is one pixel high

    panel.table.setCurrentCell(list(cells(panel.table, "library")).index("SciPy correlate"), 0)

    assert "It is not run on so small a picture: these" in panel.detail.sentences.text()


def test_the_chosen_way_stays_chosen(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT)))
    panel.table.setCurrentCell(5, 0)
    chosen = panel.detail.sentences.text().partition(":")[0]

    panel.show_shown(shown(conv([[0, 0, 1]])))

    assert panel.table.currentRow() == 5
    assert panel.detail.sentences.text().startswith(chosen)


def test_in_little_room_the_numbers_stay(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT)))
    panel.resize(1112, 710)

    hidden = [name for column, name in enumerate(COLUMNS) if panel.table.isColumnHidden(column)]
    assert hidden == ["call", "anchor", "size", "numbers"]  # the kernel has a middle
    assert panel.minimumSizeHint().width() <= 1000
    panel.resize(1680, 710)
    assert [name for column, name in enumerate(COLUMNS) if panel.table.isColumnHidden(column)] == ["anchor"]


@pytest.mark.parametrize("kernel", [LEFT, [[-1, 0, 1]] * 3])  # with a sum of 0 Pillow's call is longer
def test_no_call_is_cut_where_there_is_room(panel: ConventionsPanel, kernel: ArrayLike) -> None:
    panel.show_shown(shown(conv(kernel)))

    column = list(COLUMNS).index("call")
    assert panel.table.sizeHintForColumn(column) <= panel.table.columnWidth(column)


def test_no_word_of_the_detail_is_wider_than_its_place(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv([[-1, 0, 1]] * 3)))

    for place in range(1, panel.table.rowCount()):
        panel.table.setCurrentCell(place, 0)
        assert panel.detail.sentences.minimumSizeHint().width() <= panel.detail.words.viewport().width()


@pytest.mark.parametrize("size", [(776, 552), (1112, 710)])
def test_what_is_said_of_the_chosen_way_is_whole(panel: ConventionsPanel, size: tuple[int, int]) -> None:
    panel.resize(*size)
    panel.show_shown(
        shown(conv([[1, 0, -1], [2, 0, -2], [1, 0, -1]]), frame=Frame(np.full((64, 64, 1), 7, np.uint8), 255))
    )
    panel.grab()
    words = panel.detail.words

    assert words.verticalScrollBar().maximum() == 0
    assert panel.table.height() > words.height()


@pytest.mark.parametrize(
    ("layers", "selected", "part"),
    [
        ((conv(LEFT),), -1, "The photo has no kernel to lay on it."),
        ((), -1, "The photo has no kernel to lay on it."),
        ((Pool(),), 0, "Max pool 2×2 has no kernel to examine."),
        ((conv(LEFT, enabled=False),), 0, "Shift 1×3 is switched off"),
    ],
)
def test_without_a_kernel_a_sentence_says_why(
    panel: ConventionsPanel, layers: tuple[Layer, ...], selected: int, part: str
) -> None:
    frame = Frame(np.zeros((4, 4, 1), np.uint8), 255)
    panel.show_shown(shown(conv(LEFT)))

    panel.show_shown(shown(*layers, frame=frame, selected=selected))

    assert panel.lead.text().startswith(part)
    assert not panel.pictures.isVisible()
    assert not panel.place.isVisible()


def test_filter_and_channel_of_the_picture_are_chosen(panel: ConventionsPanel) -> None:
    colours = np.zeros((4, 4, 3), np.uint8)
    colours[..., 1] = 100
    weights = np.zeros((2, 3, 1, 1))
    weights[1, 1] = 3
    layer = Conv(weight=Weights(weights), bias=(0.0, 0.0))
    panel.show_shown(shown(layer, frame=Frame(colours, 255, name="green")))
    assert "of green, red, in 8 bits" in panel.place.text()

    QTest.keyClick(panel.plane.filters, Qt.Key.Key_Down)
    QTest.keyClick(panel.plane.channels, Qt.Key.Key_Down)

    assert "of green, green, in 8 bits" in panel.place.text()
    middle = panel.detail.difference._area().center().toPoint()
    assert panel.detail.difference.sentence_at(middle) == "Row 3, column 3: this layer 300, there 300."


def test_the_channel_that_is_named_is_the_one_that_is_filtered(panel: ConventionsPanel) -> None:
    """A layer over four maps has no channel of the picture for each of its planes: red is taken, and red is named."""
    colours = np.zeros((4, 4, 3), np.uint8)
    colours[..., 0] = 100
    first = Conv(weight=Weights(np.ones((4, 3, 1, 1))), bias=(0.0,) * 4)
    second = Conv(weight=Weights(np.arange(1.0, 5).reshape(1, 4, 1, 1)), bias=(0.0,))
    panel.show_shown(shown(first, second, frame=Frame(colours, 255, name="scarlet"), selected=1))

    for _ in range(2):
        QTest.keyClick(panel.plane.channels, Qt.Key.Key_Down)

    assert panel.plane.channel == 2
    assert "of scarlet, red, in 8 bits" in panel.place.text()
    middle = panel.detail.difference._area().center().toPoint()
    assert panel.detail.difference.sentence_at(middle) == "Row 3, column 3: this layer 300, there 300."


def test_a_live_picture_is_asked_about_again_only_after_the_answer(qtbot: QtBot) -> None:
    panel = ConventionsPanel()
    qtbot.addWidget(panel)
    asked: list[ConventionsQuestion] = []
    panel.asked.connect(asked.append)
    frames = [Frame(np.full((4, 4, 1), value, np.uint8), 255) for value in (1, 2, 3)]

    for frame in frames:
        panel.show_shown(shown(conv(LEFT), frame=frame))
    assert [int(question.picture[0, 0]) for question in asked] == [1]
    panel.show_answer(answer(asked[0]))

    assert [int(question.picture[0, 0]) for question in asked] == [1, 3]


def test_another_kernel_does_not_wait(qtbot: QtBot) -> None:
    panel = ConventionsPanel()
    qtbot.addWidget(panel)
    asked: list[ConventionsQuestion] = []
    panel.asked.connect(asked.append)

    panel.show_shown(shown(conv(LEFT)))
    panel.show_shown(shown(conv([[0, 0, 1]])))
    panel.show_answer(answer(asked[0]))

    assert len(asked) == 2
    assert not panel.pictures.isVisibleTo(panel)  # the first answer is about a kernel that is gone


def test_a_question_that_was_dropped_is_asked_again(qtbot: QtBot) -> None:
    panel = ConventionsPanel()
    qtbot.addWidget(panel)
    asked: list[ConventionsQuestion] = []
    panel.asked.connect(asked.append)
    same = partial(shown, conv(LEFT))

    panel.show_shown(same())
    panel.show_shown(same())
    panel.show_answer(answer(asked[-1]))
    panel.show_shown(same())

    assert len(asked) == 2


def test_an_answer_that_takes_long_shows_progress(qtbot: QtBot) -> None:
    panel = ConventionsPanel()
    qtbot.addWidget(panel)
    asked: list[ConventionsQuestion] = []
    panel.asked.connect(asked.append)
    panel.show_shown(shown(conv(LEFT)))
    panel.show()

    qtbot.waitUntil(panel.progress.isVisible)

    assert panel.cancel.isVisible()


def test_differences_are_cool_below_and_warm_above_and_clear_where_there_are_none() -> None:
    image = difference_image(np.array([[-5.0, 0.0, 5.0, np.nan]]), 5)

    less, same, more, none = (image.pixelColor(column, 0) for column in range(4))
    assert less.blue() > less.red()
    assert (same.red(), same.green(), same.blue()) == (247, 247, 245)
    assert more.red() > more.blue()
    assert none.alpha() == 0


def test_the_picture_tells_both_numbers(panel: ConventionsPanel) -> None:
    panel.show_shown(shown(conv(LEFT)))
    panel.table.setCurrentCell(list(cells(panel.table, "library")).index("Keras, valid"), 0)
    picture = panel.detail.difference

    width = picture._area().width() / 4
    assert picture.sentence_at(QPoint(2, 2)) == "Row 1, column 1: this layer 0; here it makes no output."
    assert picture.sentence_at(QPoint(round(1.5 * width), 2)) == "Row 1, column 2: this layer 10, there 10."
    assert picture.sentence_at(QPoint(-3, 2)) == ""
