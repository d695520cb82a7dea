"""The article's examples, read off the screen."""

from PySide6.QtGui import QAction

from tests.journeys.conftest import Studio


def test_the_six_by_six_example_shows_0_30_30_0(studio: Studio) -> None:
    action = studio.window.findChild(QAction, "action-articles-example")
    assert action is not None

    action.trigger()
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape == (1, 6, 6))
    shown = studio.settled()

    assert shown.result.outputs[0][0].tolist() == [[0, 30, 30, 0]] * 4
    assert studio.text("status-shapes") == "6×6×1 → 4×4×1"


def test_the_parameter_panel_shows_the_articles_layer(studio: Studio) -> None:
    studio.application.commands.open_sample("coffee")
    studio.settled()

    studio.click("article-example")

    assert studio.text("count-dense-weights") == "14,450,688"
    assert studio.text("count-local-weights") == "352,800"
    assert studio.text("count-conv-weights") == "450"
    assert studio.text("count-conv-total") == "456"
    assert "40.96" in studio.text("parameters-factors")
    assert "784" in studio.text("parameters-factors")
    question = studio.text("parameters-question")
    assert "456" in question
    assert "156" in question
