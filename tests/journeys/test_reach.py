"""Sparsity and reach in the window: the numbers on the screen against counts by hand."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from convstudio.insight.trace.taps import Unit
from convstudio.views.explain.reach.pictures import HeatMap
from tests.journeys.conftest import Studio


def open_reach(studio: Studio) -> None:
    """The article's example, with the panel in front."""
    studio.settled_on_a_picture()
    studio.press("Ctrl+Shift+A")
    studio.opened("6×6 grid")
    studio.application.window.show_stage("reach")
    studio.until(lambda: studio.application.window.stage == "reach")


def test_one_output_of_the_article_sees_9_of_36(studio: Studio) -> None:
    open_reach(studio)

    assert "sees 9 of the 36 values of the picture and ignores 27: one in 4." in studio.text("reach-sight")
    studio.click("reach-cone")
    cone = studio.find("reach-cone-picture")
    assert (
        "picture: 3×3 of its pixels are needed; Vertical edge 3×3: this one output sees 3×3 pixels"
        in cone.accessibleName()
    )
    studio.until(lambda: "(measured 3×3)" in cone.accessibleName())


def test_the_measured_field_has_as_many_places_as_weights_that_are_not_0(studio: Studio) -> None:
    open_reach(studio)

    studio.until(lambda: "moved the output" in studio.text("reach-sentence"))

    sentence = studio.text("reach-sentence")
    assert "6 of the 36 pixels moved the output" in sentence  # the middle column of weights is 0
    assert "With noise everywhere outside of the 3×3 pixels of the plan (outlined) it did not move." in sentence


def test_arrow_keys_choose_a_neighbour_and_mark_it_on_the_pictures(studio: Studio) -> None:
    open_reach(studio)
    panel = studio.application.panels.explanations["reach"].open()

    QTest.keyClick(panel, Qt.Key.Key_Up)
    QTest.keyClick(panel, Qt.Key.Key_Left)

    assert studio.application.wiring.probe.shown == Unit(0, 1, 1)  # one up and left of the middle, row 2 and column 2


def test_a_place_of_the_padding_map_is_clicked(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.window.show_stage("reach")
    studio.click("reach-padding")
    heat = studio.find("reach-padding-map", HeatMap)
    assert isinstance(heat, HeatMap)
    studio.until(lambda: "read some padding" in studio.text("reach-sentence"))
    assert "the most is 55.6 % of what an output reads" in studio.text("reach-sentence")  # 5 of 9 at a corner

    QTest.mouseClick(heat, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))

    assert studio.application.wiring.probe.shown == Unit(0, 0, 0)


def test_three_small_kernels_beside_a_large_one(studio: Studio) -> None:
    open_reach(studio)

    studio.click("reach-stacked")

    assert "27 weights instead of 49" in studio.text("reach-sentence")
