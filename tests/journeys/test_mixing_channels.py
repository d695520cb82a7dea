"""Somebody makes a network's filter of an image filter, and goes back."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from convstudio.core.geometry.borders import Border
from convstudio.core.recipe.layers import Channels, Conv
from tests.journeys.conftest import Studio


def layer_of(studio: Studio) -> Conv:
    layer = studio.settled().result.document.layers[0]
    assert isinstance(layer, Conv)
    return layer


def on_a_colour_picture(studio: Studio) -> None:
    studio.application.commands.sources.open_sample("coffee")
    studio.opened("Coffee")
    studio.told()


def test_a_filter_gives_a_colour_picture_until_its_channels_are_mixed(studio: Studio) -> None:
    on_a_colour_picture(studio)
    first, colour = layer_of(studio), studio.settled().result.outputs[0].shape[0]

    studio.click("mix-channels")
    mixed, grey = layer_of(studio), studio.settled().result.outputs[0].shape[0]
    studio.press("Ctrl+Z")

    assert (first.channels, first.border) == (Channels.EACH, Border.REFLECT)
    assert (colour, grey) == (3, 1)
    assert mixed.weight.array.shape == (1, 3, 3, 3)
    assert layer_of(studio) == first


def test_slices_that_were_typed_come_back(studio: Studio) -> None:
    on_a_colour_picture(studio)
    kernel = studio.application.panels.kernel
    studio.click("mix-channels")
    studio.settled()
    studio.told()
    kernel.planes.setFocus()
    QTest.keyClick(kernel.planes, Qt.Key.Key_Down)
    studio.type_into_cell(1, 1, "7")
    mixed = layer_of(studio)

    studio.click("mix-channels")
    alone = layer_of(studio)
    studio.told()
    studio.click("mix-channels")

    assert kernel.planes.itemText(1) == "Slice: red"
    assert alone.weight.array[0, 0, 1].tolist() == [-2, 7, 2]
    np.testing.assert_array_equal(layer_of(studio).weight.array, mixed.weight.array)


def test_a_sharpening_kernel_that_is_typed_keeps_the_colours(studio: Studio) -> None:
    on_a_colour_picture(studio)
    for row, line in enumerate(([0, -1, 0], [-1, 5, -1], [0, -1, 0])):
        for column, value in enumerate(line):
            studio.type_into_cell(row, column, str(value))

    result = studio.settled().result

    assert studio.text("kernel-panel-sentence") == "Sum 1: brightness stays"
    assert studio.find("inspector-title").accessibleName() == "Sharpen, 4 neighbours"
    pixels = result.frame.pixels.astype(np.float64)
    for channel in range(3):  # the mean of each colour stays, but for the mirrored edge
        assert abs(result.outputs[0][channel].mean() - pixels[:, :, channel].mean()) < 1
