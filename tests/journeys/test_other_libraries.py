"""Comparing with what another library would have made of the same picture and kernel."""

import numpy as np

from convstudio.core.opencv import cv2
from convstudio.core.recipe.layers import Conv
from convstudio.core.recipe.text import recipe_from
from convstudio.views.explain.conventions.table import COLUMNS, ConventionsTable
from tests.journeys.conftest import Studio


def test_the_difference_from_opencv_is_what_opencv_makes_of_it(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.recipe.reset(recipe_from("conv sobel-x border zeros"))
    shown = studio.settled()
    studio.application.window.show_stage("libraries")
    table = studio.find("conventions-table", ConventionsTable)
    assert isinstance(table, ConventionsTable)
    studio.until(lambda: table.rowCount() > 1)
    layer = shown.result.plan.steps[0].layer
    assert isinstance(layer, Conv)
    kernel = layer.weight.array[0, 0]
    height, width = shown.result.frame.shape[1:]
    top, left = (height - 128) // 2, (width - 128) // 2
    part = shown.result.frame.pixels[top : top + 128, left : left + 128, 0].astype(np.float64)

    padded = np.pad(part, 1)
    zeros = sum(
        kernel[row, column] * padded[row : row + 128, column : column + 128] for row in range(3) for column in range(3)
    )
    mirrored = np.asarray(cv2.filter2D(part, cv2.CV_64F, kernel))
    expected = float(np.abs(mirrored - zeros).max())

    place = list(COLUMNS).index("border")
    shown_numbers = {table.item(row, 0).text(): table.item(row, place).text() for row in range(table.rowCount())}  # type: ignore[union-attr]
    assert f"{expected:.4g}" == shown_numbers["OpenCV, floats"]
    assert studio.text("conventions-lead").startswith("Ways to filter that agree with this layer: ")
    assert "The middle 128×128 pixels of Camera man" in studio.text("conventions-place")
