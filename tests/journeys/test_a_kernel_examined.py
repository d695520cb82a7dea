"""Looking at what a kernel is, whatever the picture."""

import numpy as np

from convstudio.core.recipe.layers import Conv
from tests.journeys.conftest import Studio


def test_typing_a_weight_changes_what_the_kernel_is_said_to_be(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.window.show_stage("kernel")
    for row, column, text in ((0, 0, "1"), (0, 1, "2"), (0, 2, "1"), (1, 0, "2"), (1, 1, "4"), (1, 2, "2")):
        studio.type_into_cell(row, column, text)
    for column, text in enumerate(("1", "2", "1")):
        studio.type_into_cell(2, column, text)
    shown = studio.settled()
    layer = shown.result.document.layers[0]
    assert isinstance(layer, Conv)
    kernel = layer.weight.array[0, 0]

    studio.until(lambda: studio.text("examined-sum").startswith("16;"))

    assert kernel.tolist() == [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
    assert studio.text("examined-title") == "This kernel smooths in every direction."
    assert studio.text("examined-second") == "The brightness of even areas is multiplied by 16."
    assert studio.text("examined-flat-words") == "are multiplied by 16"
    assert studio.text("examined-energy").startswith(f"{int(np.sum(kernel**2))},")
    assert studio.text("examined-factors") == "column (1, 2, 1) × row (1, 2, 1)"
    assert studio.text("examined-saving") == "9 multiplications become 6 for each output"


def test_a_panel_brought_back_to_the_front_knows_the_present_kernel(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.window.show_stage("kernel")
    studio.until(lambda: studio.text("examined-title").startswith("This kernel"))
    studio.application.window.show_stage("count")
    studio.type_into_cell(1, 1, "7")

    studio.application.window.show_stage("kernel")

    studio.until(lambda: studio.text("examined-sum").startswith("7;"))
