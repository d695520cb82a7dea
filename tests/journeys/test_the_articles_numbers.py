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


def test_the_stage_says_what_456_and_156_are(studio: Studio) -> None:
    studio.settled_on_a_picture()

    studio.click("tool-stage-count")
    studio.click("count-scope-article")

    assert studio.find("count-slider").accessibleName() == "Dense 14,450,688, local 352,800, shared 450; at local"
    assert (studio.text("count-sparsity"), studio.text("count-sharing")) == ("÷ 41", "÷ 784")
    assert studio.text("count-sparsity-words") == "An output sees 75 of 3,072 inputs."
    assert studio.text("count-sharing-words") == "Each weight works at 784 places."
    assert studio.text("count-question") == "456 or 156, with biases?"
    together, apart = studio.find("count-together"), studio.find("count-apart")
    assert (together.accessibleName(), apart.accessibleName()) == (
        "456 = 6 × (5·5·3 + 1): sees all channels",
        "156 = 6 × (5·5 + 1): groups 3: sees one",
    )
    assert not together.visibleRegion().isEmpty()
    assert studio.find("count-strip").property("toolTip") == (
        "The selected layer has 450 weights; locally connected 352,800, dense 14,450,688."
    )


def test_the_strip_opens_the_stage_and_both_count_the_same(studio: Studio) -> None:
    studio.settled_on_a_picture()
    counted = studio.find("count-strip").toolTip()

    studio.click("count-open")

    assert studio.find("count-strip").toolTip() == counted
    assert studio.text("count-conv-weights") == "9"
    assert studio.find("count-together").accessibleName().startswith("10 = 1 × (3·3 + 1)")


def test_a_whole_network_has_62006_parameters_wherever_they_stand(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    write_png(path, np.arange(32 * 32 * 3, dtype=np.uint32).reshape(32, 32, 3).astype(np.uint8))
    studio.drop(path)
    studio.opened(path.name)

    studio.application.commands.recipe.reset(recipe_from(LENET))
    studio.settled()
    studio.application.panels.window.show_stage("count")
    studio.click("count-scope-stack")

    assert studio.text("count-conv-total") == "62,006"
    assert studio.find("source-card").toolTip().endswith("with 62,006 parameters.")
