"""The Count stage: the article's numbers at true scale, what is supposed, and the table on demand."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from math import log10

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProxyStyle, QStyle, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.counts import compare
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Channels, Conv, Dense, Layer, Pool, Weights
from convstudio.core.recipe.plan import Plan, plan
from convstudio.core.recipe.text import recipe_from
from convstudio.core.wording import factor, integer, memory, power
from convstudio.insight.parameters.sparsity_pattern import answer
from convstudio.insight.parameters.what_if import Scope, subject_of
from convstudio.views import theme
from convstudio.views.explain.parameters.chart import decades, tick_step, tick_text
from convstudio.views.explain.parameters.column import side_at, step_at
from convstudio.views.explain.parameters.panel import CountStage
from convstudio.views.explain.parameters.places import Counted, places_for
from convstudio.views.explain.parameters.stops import DENSE, LOCAL, SHARED, CountSlider, texts_of
from convstudio.views.explain.parameters.table import BarCell
from convstudio.views.fields import NumberBox
from convstudio.views.inspector.wording import stack_sentence

ARTICLE = Conv(weight=Weights(np.ones((6, 3, 5, 5))), bias=(0.0,) * 6, padding=Padding.VALID)
EACH = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), channels=Channels.EACH)
TABLE = {
    "dense": ["14,450,688", "4,704", "14,455,392", "14,450,688", "57.8 MB"],
    "local": ["352,800", "4,704", "357,504", "352,800", "1.43 MB"],
    "conv": ["450", "6", "456", "352,800", "1.82 kB"],
}


def planned(*layers: Layer, source: Shape = Shape(3, 480, 640)) -> Plan:  # noqa: B008  # a tuple: it cannot change
    return plan(Document(layers), source)


def same(kernel: int) -> Conv:
    return Conv(weight=Weights(np.ones((1, 1, kernel, kernel))), bias=(0.0,))


def table(stage: CountStage) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for (way, _), cell in stage.table.table.cells.items():
        rows.setdefault(way, []).append(cell.text())
    return rows


def type_number(box: NumberBox, text: str) -> None:
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Return)


def click(widget: object) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


@pytest.fixture
def stage(qtbot: QtBot) -> CountStage:
    stage = CountStage()
    qtbot.addWidget(stage)
    assert stage.column is not None
    qtbot.addWidget(stage.column)
    stage.asked.connect(lambda question: stage.show_answer(answer(question)))
    stage.resize(1112, 710)
    stage.column.resize(312, 760)
    with qtbot.waitExposed(stage):
        stage.show()
    with qtbot.waitExposed(stage.column):
        stage.column.show()
    return stage


def choose(stage: CountStage, scope: str) -> None:
    click(stage.settings.scopes.buttons[scope])


def test_the_articles_example_in_one_click(stage: CountStage) -> None:
    choose(stage, "article")

    column = stage.settings
    assert table(stage) == TABLE
    assert stage.slider.accessibleName() == "Dense 14,450,688, local 352,800, shared 450; at local"
    assert (column.sparsity.text(), column.sharing.text()) == ("÷ 41", "÷ 784")
    assert column.sparsity_words.text() == "An output sees 75 of 3,072 inputs."
    assert column.sharing_words.text() == "Each weight works at 784 places."
    assert column.question.text() == "456 or 156, with biases?"
    assert [card.accessibleName() for card in column.cards] == [
        "456 = 6 × (5·5·3 + 1): sees all channels",
        "156 = 6 × (5·5 + 1): groups 3: sees one",
    ]
    assert [card.isChecked() for card in column.cards] == [True, False]


def test_the_card_of_156_is_the_layer_in_groups(stage: CountStage) -> None:
    choose(stage, "article")

    click(stage.settings.cards[1])

    assert table(stage)["conv"] == ["150", "6", "156", "117,600", "624 bytes"]
    assert stage.settings.groups.value() == 3
    assert [card.isChecked() for card in stage.settings.cards] == [False, True]
    click(stage.settings.cards[0])
    assert table(stage) == TABLE


def test_the_same_numbers_come_from_a_recipe(stage: CountStage) -> None:
    stage.show_plan(planned(ARTICLE, source=Shape(3, 32, 32)), 0)

    assert table(stage) == TABLE
    assert stage.settings.scopes.choice == "layer"


def test_the_example_leads_back_to_the_recipe(stage: CountStage) -> None:
    stage.show_plan(planned(EACH), 0)

    choose(stage, "article")
    choose(stage, "layer")

    assert table(stage)["conv"][2] == "10"
    assert [box.value() for box in stage.settings.sides] == [480, 640, 3]


def test_groups_are_supposed_here_only(stage: CountStage) -> None:
    counted_plan = planned(ARTICLE, source=Shape(3, 32, 32))
    stage.show_plan(counted_plan, 0)

    type_number(stage.settings.groups, "3")

    assert table(stage)["conv"] == ["150", "6", "156", "117,600", "624 bytes"]
    assert counted_plan.steps[0].layer == ARTICLE
    click(stage.settings.reset)
    assert table(stage) == TABLE
    assert not stage.settings.reset.isEnabled()


def test_a_recipe_in_groups_has_its_card_checked(stage: CountStage) -> None:
    grouped = replace(ARTICLE, weight=Weights(np.ones((6, 1, 5, 5))), groups=3)

    stage.show_plan(planned(grouped, source=Shape(3, 32, 32)), 0)

    assert [card.isChecked() for card in stage.settings.cards] == [False, True]
    assert table(stage)["conv"][2] == "156"
    click(stage.settings.cards[0])
    assert table(stage)["conv"][2] == "456"


def test_filters_kernel_and_stride_are_supposed(stage: CountStage) -> None:
    choose(stage, "article")

    type_number(stage.settings.filters, "12")
    type_number(stage.settings.kernel, "3")
    type_number(stage.settings.stride, "2")

    # 12 · (3·3·3) weights at 15 · 15 places
    assert table(stage)["conv"][:3] == ["324", "12", "336"]
    assert table(stage)["local"][0] == f"{15 * 15 * 324:,}"
    assert stage.settings.kernel.text() == "3 × 3"


def test_a_number_that_the_layer_refuses_goes_back(stage: CountStage, qtbot: QtBot) -> None:
    choose(stage, "article")

    with qtbot.waitSignal(stage.message) as said:
        type_number(stage.settings.groups, "2")

    assert "2 groups cannot share 3 input channels and 6 filters equally" in said.args[0]
    assert stage.settings.groups.value() == 1
    assert table(stage) == TABLE


def test_a_thousand_pixels_neither_overflow_nor_lose_a_digit(stage: CountStage) -> None:
    choose(stage, "article")

    type_number(stage.settings.sides[0], "1000")
    type_number(stage.settings.sides[1], "1000")

    # 3·10⁶ × (996 · 996 · 6) = 3·10⁶ × 5,952,096
    assert table(stage)["dense"][0] == "17,856,288,000,000"
    assert stage.slider.accessibleName().startswith("Dense 17.9 trillion, local 446,407,200, shared 450")
    assert table(stage)["conv"][2] == "456"


def test_in_little_room_large_numbers_are_powers_with_every_digit_in_the_tooltip(stage: CountStage) -> None:
    choose(stage, "article")
    stage.resize(768, 530)
    click(stage.settings.table)

    type_number(stage.settings.sides[0], "1000")
    type_number(stage.settings.sides[1], "1000")

    cell = stage.table.table.cells["dense", "weights"]
    assert (cell.text(), cell.toolTip()) == ("1.79·10¹³", "17,856,288,000,000")


def slide(stage: CountStage, key: Qt.Key) -> tuple[int, int, int]:
    """Move the slider, and read the supposed size: width, height, channels."""
    stage.settings.slider.setFocus()
    QTest.keyClick(stage.settings.slider, key)
    height, width, channels = (box.value() for box in stage.settings.sides)
    return width, height, channels


@pytest.mark.parametrize("source", [Shape(3, 480, 640), Shape(1, 427, 640), Shape(3, 32, 32), Shape(1, 6, 6)])
@pytest.mark.parametrize("is_slid", [False, True])
def test_the_articles_example_stays_square_whatever_was_counted_before(
    stage: CountStage, source: Shape, *, is_slid: bool
) -> None:
    stage.show_plan(planned(EACH, source=source), 0)
    if is_slid:
        slide(stage, Qt.Key.Key_PageUp)

    choose(stage, "article")
    ends = [slide(stage, key) for key in (Qt.Key.Key_End, Qt.Key.Key_Home)]

    assert ends == [(4000, 4000, 3), (8, 8, 3)]


def test_the_slider_keeps_the_proportions_of_the_picture(stage: CountStage) -> None:
    stage.show_plan(planned(EACH, source=Shape(3, 427, 640)), 0)

    assert [slide(stage, key)[:2] for key in (Qt.Key.Key_Home, Qt.Key.Key_End)] == [(8, 5), (4000, 2669)]


def test_the_slider_keeps_the_proportions_of_a_size_that_was_typed(stage: CountStage) -> None:
    stage.show_plan(planned(EACH), 0)
    type_number(stage.settings.sides[0], "64")

    ends = [slide(stage, key) for key in (Qt.Key.Key_Home, Qt.Key.Key_End)]

    assert ends == [(8, 1, 3), (4000, 400, 3)]  # of 640×64


def test_a_supposed_size_holds_for_the_picture_it_was_supposed_of(stage: CountStage) -> None:
    stage.show_plan(planned(EACH), 0)
    slide(stage, Qt.Key.Key_End)

    stage.show_plan(planned(EACH, source=Shape(3, 100, 50)), 0)

    assert [box.value() for box in stage.settings.sides] == [100, 50, 3]
    assert slide(stage, Qt.Key.Key_End) == (2000, 4000, 3)


def test_supposed_groups_hold_for_the_layer_they_were_supposed_of(stage: CountStage) -> None:
    counted_plan = planned(ARTICLE, replace(ARTICLE, weight=Weights(np.ones((6, 6, 5, 5)))), source=Shape(3, 32, 32))
    stage.show_plan(counted_plan, 0)
    click(stage.settings.cards[1])

    stage.show_plan(counted_plan, 1)

    assert table(stage)["conv"][0] == "900"
    assert stage.settings.groups.value() == 1


def test_the_curve_tells_exact_counts_at_the_size_under_the_mouse(stage: CountStage) -> None:
    choose(stage, "article")
    click(stage.settings.table)

    curve = stage.table.curve
    smallest, largest = curve.point_at(0.0), curve.point_at(curve.width())

    assert smallest is not None
    assert largest is not None
    assert (smallest.side, smallest.conv, largest.side, largest.conv) == (8, 450, 4000, 450)
    assert stage.table.bars.accessibleName().endswith("Dense 14,450,688, Local 352,800, Convolution 450")
    assert "at 32 pixels, Dense 14,450,688" in curve.accessibleName()


def test_what_has_no_weights_stands_for_the_whole_stack(stage: CountStage) -> None:
    second = Conv(weight=Weights(np.ones((2, 6, 1, 1))), bias=(0.0,) * 2)

    stage.show_plan(planned(ARTICLE, Activation(), Pool(), second, source=Shape(3, 32, 32)), 2)

    # the second: 14·14·6 = 1,176 inputs, 14·14·2 = 392 outputs, 12 weights and 2 biases
    assert table(stage)["dense"][0] == f"{14_450_688 + 1_176 * 392:,}"
    assert table(stage)["conv"][:3] == ["462", "8", "470"]
    assert stage.settings.sharing_words.text() == "462 weights do the work of 355,000."
    assert not stage.settings.kernel.isEnabled()


@pytest.mark.parametrize(
    ("layers", "index", "start"),
    [
        ((Dense(units=2),), 0, "Dense 2 is fully connected itself: 1,843,200 weights and 2 biases."),
        ((replace(ARTICLE, enabled=False),), 0, "Nothing is convolved here yet."),
        ((), -1, "Nothing is convolved here yet."),
    ],
)
def test_where_nothing_can_be_compared_it_says_why(
    stage: CountStage, layers: tuple[Layer, ...], index: int, start: str
) -> None:
    stage.show_plan(planned(*layers), index)

    assert stage.picture.accessibleName().startswith(start)
    assert not stage.settings.figures.isVisible()
    assert not stage.slider.isEnabled()
    assert not stage.grab().isNull()


def test_each_channel_alone_has_one_kernel_of_nine_weights(stage: CountStage) -> None:
    stage.show_plan(planned(replace(EACH, border=Border.CIRCULAR)), 0)

    assert table(stage)["conv"][:3] == ["9", "1", "10"]
    assert stage.settings.sharing_words.text() == "Each weight works at 921,600 places."  # 640 · 480 · 3
    assert stage.settings.cards[0].accessibleName() == "10 = 1 × (3·3 + 1): each channel alone"
    assert not stage.settings.groups.isEnabled()


def test_padding_is_no_input(stage: CountStage) -> None:
    stage.show_plan(planned(same(3), source=Shape(1, 6, 6)), 0)

    assert table(stage)["local"] == ["256", "36", "292", "256", "1.17 kB"]
    assert stage.table.table.cells["conv", "connections"].toolTip() == (
        "256; 324 multiply-adds, those over the padding included"
    )
    assert stage.settings.sparsity_words.text() == "An output sees ≈ 7.11 of 36 inputs on average."
    assert stage.settings.sharing.text() == "÷ 28.4"


def test_an_output_never_sees_more_inputs_than_there_are(stage: CountStage) -> None:
    stage.show_plan(planned(same(5), source=Shape(1, 3, 3)), 0)

    assert stage.settings.sparsity_words.text() == "An output sees 9 of 9 inputs on average."
    assert table(stage)["local"][0] == table(stage)["dense"][0] == "81"


@pytest.mark.parametrize(
    ("layer", "sparsity", "sharing"),
    [
        (same(3), "An output sees 1 of 1 input on average.", "Nothing is shared: 9 weights, 1 connection."),
        (
            Conv(
                weight=Weights(np.ones((1, 1, 2, 2))), bias=(0.0,), dilation=Pair(2, 2), padding=Amounts(1, 1, 1, 1)
            ),
            "No window meets the picture: every output is its bias.",
            "Nothing is shared: 4 weights, 0 connections.",
        ),
    ],
)  # fmt: skip
def test_a_picture_of_one_pixel_is_counted_too(stage: CountStage, layer: Conv, sparsity: str, sharing: str) -> None:
    stage.show_plan(planned(layer, source=Shape(1, 1, 1)), 0)

    assert stage.settings.sparsity_words.text() == sparsity
    assert stage.settings.sharing_words.text() == sharing
    assert not stage.grab().isNull()


def test_a_whole_stack_has_its_dense_layers_too(stage: CountStage) -> None:
    lenet = recipe_from(
        "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2 "
        "| dense 120 | dense 84 | dense 10"
    )
    counted_plan = plan(lenet, Shape(3, 32, 32))
    stage.show_plan(counted_plan, 0)

    choose(stage, "stack")

    assert table(stage)["conv"][:3] == ["61,770", "236", "62,006"]
    assert stack_sentence(counted_plan, 7).endswith("with 62,006 parameters.")
    assert not stage.grab().isNull()


def test_counting_waits_until_the_stage_is_seen(qtbot: QtBot) -> None:
    stage = CountStage()
    qtbot.addWidget(stage)
    assert stage.column is not None
    qtbot.addWidget(stage.column)
    stage.show_plan(planned(ARTICLE, source=Shape(3, 32, 32)), 0)
    hidden = table(stage)["conv"][2]

    stage.show()

    assert hidden == "–"
    assert table(stage)["conv"][2] == "456"


def test_the_arrows_go_from_stop_to_stop(stage: CountStage, qtbot: QtBot) -> None:
    choose(stage, "article")
    stage.slider.setFocus()

    QTest.keyClick(stage.slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: stage.slider.position == SHARED)
    at_the_end = stage.slider.accessibleName()
    QTest.keyClick(stage.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: stage.slider.position == DENSE)

    assert at_the_end.endswith("at shared")
    assert "Each of them has a weight of its own." in stage.picture.accessibleName()


def test_a_click_on_a_number_goes_there_and_a_drag_ends_at_the_nearest_stop(stage: CountStage, qtbot: QtBot) -> None:
    choose(stage, "article")
    slider = stage.slider
    track = slider.height() - 20

    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 30, 20))  # 450
    qtbot.waitUntil(lambda: slider.position == SHARED)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() - 14, track))
    QTest.mouseMove(slider, QPoint(round(0.6 * slider.width()), track))
    between = slider.position
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(0.6 * slider.width()), track))
    qtbot.waitUntil(lambda: slider.position == LOCAL)

    assert LOCAL < between < SHARED


@pytest.mark.parametrize(
    ("position", "numbers"),
    [
        (DENSE, ("14,450,688", "352,800", "450")),
        (0.5, ("14,450,688", "2,257,920", "450")),  # 352,800 · √40.96
        (LOCAL, ("14,450,688", "352,800", "450")),
        (1.5, ("14,450,688", "352,800", "12,600")),  # 450 · √784
        (SHARED, ("14,450,688", "352,800", "450")),
    ],
)
def test_the_numbers_count_down_with_the_slider(position: float, numbers: tuple[str, str, str]) -> None:
    comparison = _counted_article()[0].comparison

    assert texts_of(comparison).numbers_at(position) == numbers


def test_the_colours_gather_on_the_way_to_the_dot(stage: CountStage) -> None:
    choose(stage, "article")
    picture = stage.picture
    places = places_for(*_counted_article(), picture.width(), picture.height())
    way = 0.8 * 0.8 * (3 - 2 * 0.8)  # eased, at four fifths of the second half
    passing = (places.matrix.center() + (places.dot.center() - places.matrix.center()) * way).toPoint()
    corner = places.matrix.toRect().adjusted(0, 0, -places.matrix.toRect().width() * 3 // 4, 0)

    images = {}
    for position in (1.2, 1.5, 1.9, SHARED):
        picture.show_position(position)
        images[position] = picture.grab().toImage()

    assert images[1.2].copy(corner) != images[1.5].copy(corner)  # the first half paints them
    assert images[1.5].copy(corner) == images[SHARED].copy(corner)
    assert images[1.9].pixelColor(passing) not in (images[1.5].pixelColor(passing), images[SHARED].pixelColor(passing))


def test_what_gathers_passes_under_the_card_of_the_weights(stage: CountStage) -> None:
    choose(stage, "article")
    picture = stage.picture
    places = places_for(*_counted_article(), picture.width(), picture.height())
    inside = places.card.adjusted(8, 8, -8, -8).toRect()

    images = {}
    for position in (LOCAL, 0.5, 1.6, 1.8):
        picture.show_position(position)
        images[position] = picture.grab(inside).toImage()

    assert all(image == images[LOCAL] for image in images.values())


def test_in_a_narrow_slider_no_number_meets_the_next_one_and_the_knob_covers_no_word(qtbot: QtBot) -> None:
    slider = CountSlider()
    qtbot.addWidget(slider)
    with qtbot.waitExposed(slider):
        slider.show()
    subject = subject_of(None, -1, Scope.ARTICLE)
    assert subject is not None
    comparison = subject.comparison_in(subject.planned())
    assert comparison is not None
    slider.show_texts(texts_of(comparison))

    for width in (320, 390, 620, 900):
        slider.resize(width, 80)
        for position in (DENSE, 0.01, 0.5, LOCAL, 1.01, SHARED):
            slider.show_position(position)
            areas = [*slider.number_places, *slider.saving_places, slider.knob_place]
            assert not any(first.intersects(second) for first, second in combinations(areas, 2)), (width, position)


def test_play_goes_to_the_other_end_and_back(stage: CountStage, qtbot: QtBot) -> None:
    choose(stage, "article")

    click(stage.play)
    qtbot.waitUntil(lambda: stage.slider.position == SHARED)
    back = stage.play.accessibleName()
    click(stage.play)
    qtbot.waitUntil(lambda: stage.slider.position == DENSE)

    assert back == "Play back to dense"


def test_where_nothing_shall_move_play_jumps(stage: CountStage) -> None:
    class Still(QProxyStyle):
        def styleHint(self, hint: QStyle.StyleHint, *rest: object) -> int:
            is_duration = hint is QStyle.StyleHint.SH_Widget_Animation_Duration
            return 0 if is_duration else super().styleHint(hint, *rest)  # type: ignore[arg-type]

    style = Still()
    style.setParent(stage)  # a widget does not keep its style
    stage.setStyle(style)
    choose(stage, "article")

    click(stage.play)

    assert stage.slider.position == SHARED


def test_the_areas_are_the_counts(stage: CountStage) -> None:
    stage.show_plan(planned(ARTICLE, source=Shape(3, 32, 32)), 0)
    counted_plan = planned(ARTICLE, source=Shape(3, 32, 32))
    comparison = compare(counted_plan.steps[0])
    assert comparison is not None

    for width, height in ((1112, 600), (768, 430), (700, 300)):
        places = places_for(Counted(counted_plan.steps, comparison), width, height)

        areas = [area.width() * area.height() for area in (places.matrix, places.local, places.dot)]
        assert areas[0] / areas[1] == pytest.approx(40.96)
        assert areas[1] / areas[2] == pytest.approx(784)
        assert QRectF(0, 0, width, height).contains(places.matrix)
        assert not places.card.isEmpty()


def test_blue_is_where_the_windows_connect(stage: CountStage, qtbot: QtBot) -> None:
    choose(stage, "article")
    picture = stage.picture
    places = places_for(*_counted_article(), picture.width(), picture.height())
    local, ground = theme.tokens(stage).local, theme.tokens(stage).dense

    image = picture.grab().toImage()
    blue = image.pixelColor((places.matrix.topLeft() + QPointF(1, 1)).toPoint())  # output 1 reads input 1
    blank = image.pixelColor((places.matrix.bottomLeft() + QPointF(8, -8)).toPoint())  # and not the last one
    stage.slider.setFocus()
    QTest.keyClick(stage.slider, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: stage.slider.position == DENSE)
    dense = picture.grab().toImage().pixelColor((places.matrix.bottomLeft() + QPointF(8, -8)).toPoint())

    assert (blue.red(), blue.green(), blue.blue()) == (local.red(), local.green(), local.blue())
    assert blank != blue
    assert dense == ground


def test_the_wheel_comes_near_until_the_weights_are_cells(stage: CountStage) -> None:
    choose(stage, "article")
    picture = stage.picture

    for _ in range(40):
        turn_wheel(picture, 120)
    nearest, sentence = picture.zoom, picture.accessibleName()
    image = picture.grab().toImage()
    for _ in range(40):
        turn_wheel(picture, -120)

    assert nearest == 1.0
    assert "times nearer" in sentence
    middle = image.width() // 2
    assert len({image.pixel(middle, y) for y in range(image.height())}) > 10  # the colours of thirty weights
    assert picture.zoom == 0.0


def test_escape_leaves_the_dot_before_the_stage(stage: CountStage, qtbot: QtBot) -> None:
    choose(stage, "article")
    stage.picture.setFocus()
    turn_wheel(stage.picture, 1200)

    QTest.keyClick(stage.picture, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: stage.picture.zoom == 0.0)


def test_few_connections_are_lines(stage: CountStage) -> None:
    six = recipe_from("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid")

    stage.show_plan(plan(six, Shape(1, 6, 6)), 0)

    assert stage.picture.accessibleName() == (
        "144 lines, a weight for each of them. The areas at the right are at scale."
    )
    assert not stage.grab().isNull()


@pytest.mark.parametrize(
    ("recipe", "source"),
    [
        ("conv filters 64 size 3 channels 32 padding valid", Shape(32, 28, 28)),
        ("conv filters 6 size 5 padding valid", Shape(3, 4000, 4000)),
        ("conv size 31", Shape(1, 64, 64)),
        ("conv size 1", Shape(1, 1, 5000)),
    ],
)
def test_layers_of_any_size_are_drawn(stage: CountStage, recipe: str, source: Shape) -> None:
    stage.show_plan(plan(recipe_from(recipe), source), 0)

    for position, zoom in ((DENSE, 0.0), (1.4, 0.0), (SHARED, 0.3), (SHARED, 1.0)):
        stage.picture.show_position(position)
        stage.picture.show_zoom(zoom)
        assert not stage.picture.grab().isNull()


def test_it_says_what_it_counts_for_the_strip(stage: CountStage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.compared) as said:
        choose(stage, "article")

    assert said.args[0].saving == Fraction(3211264, 100)


def _counted_article() -> tuple[Counted]:
    subject = subject_of(None, -1, Scope.ARTICLE)
    assert subject is not None
    comparison = subject.comparison_in(subject.planned())
    assert comparison is not None
    return (Counted(subject.planned().steps, comparison),)


def turn_wheel(widget: QWidget, delta: int) -> None:
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle, widget.mapToGlobal(middle), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # Qt's own
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(4096, 100), "40.96"),
        (Fraction(784), "784"),
        (Fraction(3211264, 100), "32,112.64"),
        (Fraction(1, 3), "≈ 0.33"),
        (Fraction(21, 2), "10.5"),
    ],
)
def test_factors_are_exact_or_say_that_they_are_not(value: Fraction, text: str) -> None:
    assert factor(value) == text


def test_large_integers_are_written_by_python() -> None:
    assert integer(17_856_288_000_000) == "17,856,288,000,000"
    assert power(17_856_288_000_000) == "1.79·10¹³"
    assert integer(10**30) == "1.00·10³⁰"
    texts = [memory(count) for count in (624, 1_824, 57_821_568, 999_700, 10**12)]
    assert texts == ["624 bytes", "1.82 kB", "57.8 MB", "1 MB", "1 TB"]


def test_axes_are_powers_of_ten() -> None:
    assert [decades(count) for count in (1, 10, 11, 14_450_688)] == [1, 1, 2, 8]
    assert [tick_step(powers) for powers in (3, 4, 8, 16)] == [1, 1, 2, 4]
    assert [tick_text(exponent) for exponent in (0, 3, 8)] == ["1", "1,000", "10⁸"]


@pytest.mark.parametrize("side", [8, 100, 640, 4000])
def test_the_slider_finds_back_to_its_size(side: int) -> None:
    assert side_at(step_at(side)) == pytest.approx(side, rel=0.02)


def test_bars_under_the_numbers_are_their_logarithms(stage: CountStage) -> None:
    choose(stage, "article")

    for name, counts in {
        "weights": (14_450_688, 352_800, 450),
        "connections": (14_450_688, 352_800, 352_800),
        "memory": (4 * 14_455_392, 4 * 357_504, 4 * 456),
    }.items():
        for way, count in zip(("dense", "local", "conv"), counts, strict=True):
            cell = stage.table.table.cells[way, name]
            assert isinstance(cell, BarCell)
            assert cell.share == pytest.approx(log10(count) / 8)  # all three scales end at 100 million
