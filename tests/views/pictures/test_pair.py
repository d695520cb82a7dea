"""The pair: linked views, galleries, wipe and the probe's marks."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import Region, unit
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Channels, Conv, Dense, Layer, Pool, Weights
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.insight.trace.influence import uses_of_cell
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import trace
from convstudio.views import theme
from convstudio.views.pictures.canvas.canvas import Canvas
from convstudio.views.pictures.pair import PicturePair
from convstudio.views.probe.probed import Probed, Role

EDGE = Weights([[[[1, 0, -1]] * 3]])
ARTICLE = Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID)


def result_of(*layers: Layer, size: int = 6, channels: int = 1, selected: int = 0) -> Result:
    columns = [10.0] * (size // 2) + [0.0] * (size - size // 2)
    pixels = np.repeat(np.array([[[v] for v in columns]] * size), channels, axis=2)
    return evaluate(Document(layers, selected=selected), Frame(pixels, white=10))


def shown_of(*layers: Layer, size: int = 6, channels: int = 1, selected: int = 0, output_map: int = 0) -> Shown:
    return show(result_of(*layers, size=size, channels=channels, selected=selected), Selection(0, output_map))


def point(canvas: Canvas, row: float, column: float) -> QPoint:
    view = canvas.view
    x = (column + 0.5 - view.x) * view.wide + canvas.width() / 2
    y = (row + 0.5 - view.y) * view.high + canvas.height() / 2
    return QPoint(round(x), round(y))


@pytest.fixture
def pair(qtbot: QtBot) -> PicturePair:
    pair = PicturePair()
    qtbot.addWidget(pair)
    pair.resize(900, 500)
    with qtbot.waitExposed(pair):
        pair.show()
    return pair


def button(pair: PicturePair, name: str) -> QToolButton:
    widget = pair.findChild(QToolButton, name)
    assert isinstance(widget, QToolButton)
    return widget


def choose(pair: PicturePair, name: str) -> None:
    """Choose in the menu of sizes."""
    action = pair.findChild(QAction, name)
    assert action is not None
    action.trigger()


def test_the_headers_say_which_side_it_is_and_why_it_is_signed(pair: PicturePair) -> None:
    pair.show_shown(shown_of(ARTICLE))

    assert (pair.view_bar.title.text(), pair.display_bar.title.text()) == ("Input", "Output")
    assert pair.display_bar.note.text == "signed, as the weights sum to 0"
    assert pair.display_bar.segments.choice == "signed"
    assert pair.after.canvas.accessibleName() == "Output 4×4×1, signed, as the weights sum to 0"


def test_hovering_the_output_names_the_unit(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(ARTICLE))

    with qtbot.waitSignal(pair.unit_hovered) as signal:
        QTest.mouseMove(pair.after.canvas, point(pair.after.canvas, 0, 1))

    assert signal.args == [Unit(0, 0, 1)]


def test_a_colour_map_is_probed_in_the_chosen_channel(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights([[[[1.0]]], [[[2.0]]]]), bias=(0, 0), channels=Channels.EACH)
    pair.show_shown(shown_of(layer, channels=3, output_map=1))
    QTest.mouseMove(pair.after.canvas, point(pair.after.canvas, 2, 2))
    for _ in range(2):
        QTest.keyClick(pair.after.canvas, Qt.Key.Key_Down)

    with qtbot.waitSignal(pair.unit_pinned) as signal:
        QTest.mouseClick(pair.after.canvas, Qt.MouseButton.LeftButton, pos=point(pair.after.canvas, 3, 4))

    assert signal.args == [Unit(5, 3, 4)]


def test_the_probe_is_boxed_on_both_sides(pair: PicturePair) -> None:
    result = result_of(ARTICLE)
    pair.show_shown(show(result, Selection()))

    pair.show_probed((Probed(trace(result, 0, 0, 0, 1), Role.GREEN),))

    (field,) = pair.before.canvas.boxes
    (place,) = pair.after.canvas.boxes
    assert (field.region, field.role) == (Region(0, 3, 1, 4), Role.GREEN)
    assert (place.region, place.role) == (unit(0, 1), Role.GREEN)


def test_the_whole_recipe_is_probed_down_to_the_frame(pair: PicturePair) -> None:
    result = result_of(ARTICLE, Pool(), selected=-1)
    pair.show_shown(show(result, Selection()))

    pair.show_probed((Probed(trace(result, 1, 0, 1, 1), Role.POINTED),))

    # a pooled value sees 2×2 outputs from (2, 2), which see 4×4 pixels
    assert pair.before.canvas.boxes[0].region == Region(2, 6, 2, 6)


def test_every_use_of_a_cell_is_marked(pair: PicturePair) -> None:
    result = result_of(ARTICLE)
    pair.show_shown(show(result, Selection()))

    pair.show_uses(uses_of_cell(result.plan.steps[0], 0, 2))
    (box,) = pair.before.canvas.boxes
    pair.show_uses(None)

    assert (box.region, box.label) == (Region(0, 4, 2, 6), "weight used at 16 places")
    assert pair.before.canvas.boxes == ()


def test_marks_of_another_geometry_go(pair: PicturePair) -> None:
    result = result_of(ARTICLE)
    pair.show_shown(show(result, Selection()))
    pair.show_probed((Probed(trace(result, 0, 0, 0, 1), Role.POINTED),))

    pair.show_shown(shown_of(Pool()))

    assert pair.before.canvas.boxes == pair.after.canvas.boxes == ()


def test_views_are_linked_through_a_pool(pair: PicturePair) -> None:
    pair.show_shown(shown_of(Pool(), size=8))
    before, after = pair.before.canvas, pair.after.canvas
    assert (after.view.wide, after.view.x) == (2 * before.view.wide, before.view.x / 2)

    QTest.keyClick(after, Qt.Key.Key_Plus)
    QTest.mousePress(before, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    QTest.mouseMove(before, QPoint(90, 70))
    QTest.mouseRelease(before, Qt.MouseButton.LeftButton, pos=QPoint(90, 70))

    assert after.view.wide == pytest.approx(2 * before.view.wide)
    assert after.view.x == pytest.approx(before.view.x / 2)
    assert after.view.y == pytest.approx(before.view.y / 2)


def test_an_edit_keeps_the_zoom_and_a_new_source_refits(pair: PicturePair) -> None:
    pair.show_shown(shown_of(ARTICLE, size=12))
    choose(pair, "view-zoom-in")
    zoomed = pair.before.canvas.view

    pair.show_shown(shown_of(Conv(weight=EDGE, bias=(3.0,), padding=Padding.VALID), size=12))
    view = pair.before.canvas.view
    pair.show_shown(shown_of(ARTICLE, size=20))

    assert view == zoomed
    assert (pair.before.canvas.view.x, pair.before.canvas.view.y) == (10, 10)


def test_actual_size_is_one_input_pixel_on_one_screen_pixel(pair: PicturePair) -> None:
    pair.show_shown(shown_of(Pool(), size=8))

    choose(pair, "view-actual-size")

    ratio = pair.devicePixelRatioF()
    assert pair.before.canvas.view.wide * ratio == pytest.approx(1)
    assert pair.after.canvas.view.wide * ratio == pytest.approx(2)


def test_a_click_in_the_strip_selects_a_map(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights(np.ones((5, 1, 3, 3))), bias=(0.0,) * 5)
    pair.show_shown(shown_of(layer))
    strip = pair.after.strip
    assert strip.isVisible()
    assert not pair.before.strip.isVisible()

    with qtbot.waitSignal(pair.map_selected) as signal:
        QTest.mouseClick(
            strip.viewport(), Qt.MouseButton.LeftButton, pos=strip.visualRect(strip.model().index(2, 0)).center()
        )

    assert signal.args == ["output", 2]


def test_arrows_in_the_strip_select_the_next_map(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights(np.ones((5, 1, 3, 3))), bias=(0.0,) * 5)
    pair.show_shown(shown_of(layer, output_map=1))

    with qtbot.waitSignal(pair.map_selected) as signal:
        QTest.keyClick(pair.after.strip, Qt.Key.Key_Right)

    assert signal.args == ["output", 2]


def test_the_grid_shows_all_maps_and_a_click_enlarges_one(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights(np.ones((5, 1, 3, 3))), bias=(0.0,) * 5)
    pair.show_shown(shown_of(layer))
    button(pair, "view-gallery").click()
    grid = pair.after.grid
    assert grid.isVisible()
    assert pair.before.has_canvas

    with qtbot.waitSignal(pair.map_selected) as signal:
        QTest.mouseClick(
            grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.visualRect(grid.model().index(1, 0)).center()
        )

    assert signal.args == ["output", 1]
    assert pair.after.has_canvas


def test_the_wipe_shows_the_input_left_of_the_divider(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Conv(weight=Weights([[[[-1.0]]]]), bias=(0.0,)), size=8))
    canvas = pair.after.canvas

    button(pair, "view-wipe").click()
    qtbot.waitUntil(lambda: not pair.before.isVisible())
    image = canvas.grab().toImage()
    left = image.pixelColor((point(canvas, 6, 1) + QPoint(-8, 12)) * image.devicePixelRatio())

    assert left.name() == "#ffffff"  # 10 of 10 in the input; −10 in the output would be blue


def test_the_wipe_lays_the_input_under_a_smaller_output(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Pool(), size=8))
    canvas = pair.after.canvas

    button(pair, "view-wipe").click()
    qtbot.waitUntil(lambda: not pair.before.isVisible())
    canvas.zoom(0.5)
    image = canvas.grab().toImage()
    inside = image.pixelColor(point(canvas, 3, 0) * image.devicePixelRatio())
    below = image.pixelColor(point(canvas, 4.5, 0) * image.devicePixelRatio())

    assert inside.name() == "#ffffff"  # 8×8 pixels of 10 and 0 lie under 4×4 outputs
    assert below.name() != "#ffffff"


def test_single_numbers_end_the_wipe(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Pool(), size=8))
    button(pair, "view-wipe").click()

    pair.show_shown(shown_of(Dense(units=4), size=8))

    assert pair.before.isVisible()
    assert pair.after.units.isVisible()


def test_the_divider_can_be_dragged(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(ARTICLE, size=8))
    button(pair, "view-wipe").click()
    canvas = pair.after.canvas
    middle, height = canvas.width() // 2, canvas.height() // 2
    view = canvas.view

    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(middle, height))
    QTest.mouseMove(canvas, QPoint(middle // 2, height))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(middle // 2, height))

    assert canvas.divider == pytest.approx(0.25, abs=0.01)
    assert canvas.view == view


def test_dense_outputs_are_a_list_of_units(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Dense(units=4)))
    units = pair.after.units
    assert units.isVisible()

    with qtbot.waitSignal(pair.unit_pinned) as signal:
        QTest.mouseClick(
            units.viewport(), Qt.MouseButton.LeftButton, pos=units.visualRect(units.model().index(3, 0)).center()
        )

    assert signal.args == [Unit(3, 0, 0)]


def test_choosing_a_display_emits_the_whole_display(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(ARTICLE))

    with qtbot.waitSignal(pair.display_edited) as signal:
        QTest.mouseClick(pair.display_bar.segments.buttons["absolute"], Qt.MouseButton.LeftButton)

    assert signal.args == [Display(DisplayMode.ABSOLUTE), ""]


def test_stretch_is_chosen_behind_the_button_and_no_segment_is_down(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(ARTICLE))

    with qtbot.waitSignal(pair.display_edited) as signal:
        choose(pair, "output-range-stretch")
    result = result_of(ARTICLE)
    stretched = evaluate(replace(result.document, display=Display(DisplayMode.STRETCH)), result.frame)
    pair.show_shown(show(stretched, Selection()))

    assert signal.args == [Display(DisplayMode.STRETCH), ""]
    assert not any(button.isChecked() for button in pair.display_bar.segments.buttons.values())
    with qtbot.waitSignal(pair.display_edited) as signal:
        QTest.mouseClick(pair.display_bar.segments.buttons["signed"], Qt.MouseButton.LeftButton)
    assert signal.args == [Display(DisplayMode.SIGNED), ""]


def test_typing_the_ends_emits_them_and_nonsense_is_put_back(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))))
    menu = pair.display_bar.range_menu
    menu.open_menu()

    with qtbot.waitSignal(pair.display_edited) as signal:
        menu.high.selectAll()
        QTest.keyClicks(menu.high, "12,5")
        QTest.keyClick(menu.high, Qt.Key.Key_Return)
    with qtbot.assertNotEmitted(pair.display_edited):
        menu.low.selectAll()
        QTest.keyClicks(menu.low, "99")
        QTest.keyClick(menu.low, Qt.Key.Key_Return)

    assert signal.args == [Display(DisplayMode.CLIP, limit=12.5, low=0.0), ""]
    assert menu.low.text() == "0"


def test_an_end_of_the_histogram_is_dragged(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,)), size=80))
    histogram = pair.after.histogram
    edits: list[tuple[Display, str]] = []
    pair.display_edited.connect(lambda *edit: edits.append(edit))
    y, width = histogram.height() // 3, histogram.width()

    QTest.mousePress(histogram, Qt.MouseButton.LeftButton, pos=QPoint(width - 2, y))
    QTest.mouseMove(histogram, QPoint(width * 3 // 4, y))
    QTest.mouseMove(histogram, QPoint(width // 2, y))
    QTest.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=QPoint(width // 2, y))

    assert [display.limit for display, _ in edits] == pytest.approx([7.5, 5.0], rel=0.01)
    assert len({merge for _, merge in edits}) == 1
    assert edits[-1][0].low == 0.0
    with qtbot.waitSignal(pair.display_edited) as signal:
        QTest.mouseDClick(histogram, Qt.MouseButton.LeftButton, pos=QPoint(width // 2, y))
    assert signal.args[0].limit is None


def test_the_source_has_a_range_of_its_own(qtbot: QtBot, pair: PicturePair) -> None:
    pair.show_shown(shown_of(Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,)), size=80))

    with qtbot.assertNotEmitted(pair.display_edited), qtbot.waitSignal(pair.source_range_edited) as signal:
        QTest.keyClick(pair.before.histogram, Qt.Key.Key_Left)

    assert signal.args == [(0.0, pytest.approx(10 - 10 / 32))]


def test_a_dim_picture_says_how_it_is_shown(pair: PicturePair) -> None:
    pixels = np.arange(4096, dtype=np.uint16).reshape(64, 64, 1)
    document = Document((Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,)),), selected=0)

    pair.show_shown(show(evaluate(document, Frame(pixels, white=65535)), Selection()))

    assert pair.view_bar.note.text == "shown from 20 to 4,075, where nearly all values lie"
    assert pair.view_bar.range_menu.isVisible()


def test_the_share_that_is_clipped_is_a_button_that_marks_it(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights([[[[2.0]]]]), bias=(0.0,))
    result = result_of(layer, size=80)
    pair.show_shown(show(result, Selection()))
    clipped = pair.after.histogram.clipped

    with qtbot.waitSignal(pair.clipped_toggled) as signal:
        QTest.mouseClick(clipped, Qt.MouseButton.LeftButton)
    pair.show_shown(show(result, Selection(marks_output=True)))

    assert clipped.text() == "50 % clipped"
    assert signal.args == ["output", True]
    image = pair.after.canvas.grab().toImage()
    accent = theme.tokens(pair).accent.rgb()
    assert image.pixel(point(pair.after.canvas, 40, 10)) == accent
    assert image.pixel(point(pair.after.canvas, 40, 70)) != accent


def test_where_no_histogram_has_room_the_menu_marks_what_is_clipped(qtbot: QtBot, pair: PicturePair) -> None:
    pair.resize(900, 380)
    layer = Conv(weight=Weights([[[[2.0]]]]), bias=(0.0,))
    pair.show_shown(show(result_of(layer, size=80), Selection()))
    row = pair.display_bar.range_menu.clipped

    with qtbot.waitSignal(pair.clipped_toggled) as signal:
        row.trigger()

    assert not pair.after.histogram.isVisible()
    assert (row.text(), row.isVisible()) == ("Mark the 50 % clipped", True)
    assert signal.args == ["output", True]
    pair.resize(900, 700)
    assert pair.after.histogram.clipped.isChecked()
    assert not row.isVisible()


def test_one_colour_is_chosen_by_its_tile_and_given_back_by_a_second_click(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,), channels=Channels.EACH)
    result = result_of(layer, channels=3, size=80)
    pair.show_shown(show(result, Selection()))
    strip = pair.after.strip
    place = strip.visualRect(strip.model().index(1, 0)).center()

    with qtbot.waitSignal(pair.channel_selected) as signal:
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)
    pair.show_shown(show(result, Selection(output_channel=1)))
    with qtbot.waitSignal(pair.channel_selected) as again:
        QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert signal.args == ["output", 1]
    assert pair.display_bar.note.text.startswith("green alone")
    assert again.args == ["output", None]


def test_a_chosen_colour_is_the_one_that_is_probed(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,), channels=Channels.EACH)
    pair.show_shown(show(result_of(layer, channels=3), Selection(output_channel=2)))

    with qtbot.waitSignal(pair.unit_hovered) as signal:
        QTest.mouseMove(pair.after.canvas, point(pair.after.canvas, 0, 1))

    assert signal.args == [Unit(2, 0, 1)]


def test_a_wipe_is_remembered_for_pictures_of_that_proportion(qtbot: QtBot, pair: PicturePair) -> None:
    def wide(width: int) -> Shown:
        frame = Frame(np.ones((20, width, 1)), white=1)
        return show(evaluate(Document((Pool(),), selected=0), frame), Selection())

    pair.show_shown(wide(30))
    with qtbot.waitSignal(pair.wipe_chosen) as signal:
        button(pair, "view-wipe").click()
    pair.show_shown(wide(20))
    is_wiped_in_a_square = pair.before.isHidden()
    pair.show_shown(wide(40))

    assert signal.args == ["landscape", True]
    assert not is_wiped_in_a_square
    assert pair.before.isHidden()


def test_a_square_picture_fills_its_canvas_and_both_meet_in_the_middle(pair: PicturePair) -> None:
    pair.show_shown(shown_of(Pool(), size=80))
    before, after = pair.before.canvas, pair.after.canvas

    assert before.width() == before.height() == after.width()
    assert before.view.wide * 80 == pytest.approx(before.width())
    assert after.mapTo(pair, QPoint()).x() - before.mapTo(pair, QPoint(before.width(), 0)).x() == 8


def test_filled_the_picture_takes_all_of_its_half(pair: PicturePair) -> None:
    frame = Frame(np.ones((20, 60, 1)), white=1)
    pair.show_shown(show(evaluate(Document((Pool(),), selected=0), frame), Selection()))
    fitted = pair.before.canvas.height()

    choose(pair, "view-fill")

    assert pair.before.canvas.height() > fitted
    assert pair.before.canvas.view.wide * 20 == pytest.approx(pair.before.canvas.height())
    assert pair.view_bar.fitting.text() == "Fill"


def test_showing_emits_nothing(qtbot: QtBot, pair: PicturePair) -> None:
    layer = Conv(weight=Weights(np.ones((5, 1, 3, 3))), bias=(0.0,) * 5)

    with (
        qtbot.assertNotEmitted(pair.map_selected),
        qtbot.assertNotEmitted(pair.display_edited),
        qtbot.assertNotEmitted(pair.unit_hovered),
    ):
        pair.show_shown(shown_of(layer, output_map=3))
        pair.show_shown(shown_of(ARTICLE))
        pair.show_shown(shown_of(layer, Dense(units=3), selected=1))


def test_what_is_probed_is_lit_on_the_small_pictures_too(pair: PicturePair) -> None:
    layer = Conv(weight=Weights([[[[1.0]]], [[[2.0]]]]), bias=(0, 0))
    result = evaluate(Document((layer,), selected=0), Frame(np.ones((4, 8, 1)), white=1))
    pair.show_shown(show(result, Selection()))

    pair.show_probed((Probed(trace(result, 0, 0, 1, 5), Role.RED),))

    # the middle of row 2 of 4 and of column 6 of 8
    assert pair.marks.lit_places[1] == ((5.5 / 8, 1.5 / 4, Role.RED),)
    assert pair.marks.lit_places[0] == ((5.5 / 8, 1.5 / 4, Role.RED),)


def test_the_ring_has_the_values_of_the_border(pair: PicturePair) -> None:
    grounds = set()
    for border in Border:
        layer = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0,), border=border)
        pixels = np.array([[[0.0], [3.0], [9.0]], [[1.0], [4.0], [5.0]], [[2.0], [6.0], [8.0]]])
        pair.show_shown(show(evaluate(Document((layer,), selected=0), Frame(pixels, white=9)), Selection()))
        corner = pair.before.canvas.rectangle_of((-1, -1))
        place = corner.center() - QPointF(corner.width() / 3, corner.height() / 3)
        grounds.add(pair.before.canvas.grab().toImage().pixelColor(place.toPoint()).lightness())

    # 0 and 0 (the nearest pixel), 4 (mirrored at the first pixel), 8 (from the other end)
    assert len(grounds) == 3
