"""The article's examples, read off the screen."""

from pathlib import Path

import numpy as np
from PySide6.QtGui import QAction

from convstudio.core.recipe.text import recipe_from
from tests.journeys.conftest import Studio
from tests.pictures import write_png

LENET = (
    "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2 "
    "| dense 120 | dense 84 | dense 10"
)


def test_the_six_by_six_example_shows_0_30_30_0(studio: Studio) -> None:
    action = studio.window.findChild(QAction, "action-articles-example")
    assert action is not None

    action.trigger()
    studio.until(lambda: studio.application.feed.frame is not None and studio.application.feed.frame.shape == (1, 6, 6))
    shown = studio.settled()

    assert shown.result.outputs[0][0].tolist() == [[0, 30, 30, 0]] * 4


def test_the_parameter_panel_shows_the_articles_layer(studio: Studio) -> None:
    studio.application.commands.sources.open_sample("coffee")
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


def test_a_whole_network_has_62006_parameters_wherever_they_stand(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    write_png(path, np.arange(32 * 32 * 3, dtype=np.uint32).reshape(32, 32, 3).astype(np.uint8))
    studio.drop(path)
    studio.opened(path.name)

    studio.application.commands.recipe.reset(recipe_from(LENET))
    studio.settled()
    studio.application.panels.window.show_stage("count")
    studio.click("scope-stack")

    assert studio.text("count-conv-total") == "62,006"
    assert studio.text("parameters-lead").startswith("On 32×32×3, the whole stack needs 62,006 parameters;")
    assert studio.find("source-card").toolTip().endswith("with 62,006 parameters.")
