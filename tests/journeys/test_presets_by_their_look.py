"""Somebody looks through the presets: each is seen on the large output before anything is changed."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from convstudio.core.edits.channels import kernel_everywhere
from convstudio.core.frame import Frame
from convstudio.core.kernels.choices import CHOICES
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.layers import Conv
from convstudio.core.view.shown import Shown
from convstudio.io.sessions.session import SourceReference
from tests.journeys.conftest import Studio

EMBOSS = build(find("emboss"))[0]


def kernel_of(shown: Shown | None) -> NDArray[np.float64]:
    assert shown is not None
    layer = shown.result.document.layers[0]
    assert isinstance(layer, Conv)
    return kernel_everywhere(layer, 0)


def is_previewed(studio: Studio, kernel: NDArray[np.float64]) -> bool:
    looking = studio.application.commands.looking
    is_own = looking.on_screen is looking.latest
    return not is_own and np.array_equal(kernel_of(looking.on_screen), kernel)


def place_of(studio: Studio, title: str) -> QPoint:
    return studio.application.panels.presets.tiles.rect_of(title).center()


def open_gallery(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.commands.looking.select(0)
    studio.settled()
    QTest.mouseClick(studio.application.panels.kernel.open_presets, Qt.MouseButton.LeftButton)


def test_a_copy_while_looking_is_of_the_recipe_on_the_picture_that_is_on_the_screen(studio: Studio) -> None:
    open_gallery(studio)
    commands = studio.application.commands
    document, older = commands.recipe.document, commands.looking.latest
    studio.hover(studio.application.panels.presets.tiles, place_of(studio, "Emboss"))
    studio.until(lambda: is_previewed(studio, EMBOSS))
    frame = Frame(np.full((20, 30, 1), 7, np.uint8), white=255, name="the next")
    commands.sources.show_still(frame, SourceReference())
    studio.until(lambda: commands.looking.on_screen is not None and commands.looking.on_screen.result.frame is frame)
    copies: list[Shown] = []

    commands.looking.hand_over(copies.append)
    studio.until(lambda: len(copies) == 1)

    assert older is not None
    assert older.result.frame is not frame
    assert copies[0].result.frame is frame
    assert copies[0].result.document is document


def test_hovering_shows_it_on_the_output_and_leaving_takes_it_back(studio: Studio) -> None:
    open_gallery(studio)
    gallery, looking = studio.application.panels.presets, studio.application.commands.looking
    store = studio.application.commands.recipe.store
    pane = studio.application.panels.pair.after
    room, document = pane.geometry(), store.document
    was_dirty, could_undo = store.is_dirty, store.can_undo

    studio.hover(gallery.tiles, place_of(studio, "Emboss"))
    studio.until(lambda: is_previewed(studio, EMBOSS))
    chip, facts = studio.application.panels.preview_chip, studio.application.panels.kernel.sentence.text()
    was_named = chip.isVisible(), chip.accessibleName()
    QTest.mouseMove(studio.window, QPoint(studio.window.width() - 3, 3))
    studio.until(lambda: looking.on_screen is looking.latest)

    assert pane.geometry() == room  # the output neither moves nor shrinks
    assert facts == "Preview of Emboss: sum 1"
    assert was_named == (True, "Preview of Emboss, a click keeps it")
    assert not chip.isVisible()
    assert store.document is document
    assert (store.is_dirty, store.can_undo) == (was_dirty, could_undo)


def test_a_click_keeps_it_as_one_step_and_the_gallery_stays_until_escape(studio: Studio) -> None:
    open_gallery(studio)
    gallery = studio.application.panels.presets
    before = kernel_of(studio.settled())

    studio.hover(gallery.tiles, place_of(studio, "Emboss"))
    studio.until(lambda: is_previewed(studio, EMBOSS))
    QTest.mouseClick(gallery.tiles, Qt.MouseButton.LeftButton, pos=place_of(studio, "Emboss"))
    taken = kernel_of(studio.settled())
    was_open = gallery.isVisible()
    QTest.keyClick(gallery.tiles, Qt.Key.Key_Escape)
    studio.press("Ctrl+Z")

    np.testing.assert_array_equal(taken, EMBOSS)
    assert was_open
    assert not gallery.isVisible()
    assert not studio.application.panels.kernel.open_presets.isChecked()
    np.testing.assert_array_equal(kernel_of(studio.settled()), before)


def test_what_is_copied_while_a_preset_is_looked_at_is_the_recipes_own_output(studio: Studio) -> None:
    open_gallery(studio)
    looking = studio.application.commands.looking
    own = looking.latest

    QTest.keyClick(studio.application.panels.presets.search, Qt.Key.Key_Down)
    studio.until(lambda: looking.on_screen is not own)

    assert looking.latest is own


def test_the_preset_that_is_there_is_marked_also_when_the_gallery_is_opened_again(studio: Studio) -> None:
    open_gallery(studio)
    gallery = studio.application.panels.presets
    studio.until(lambda: gallery.tiles.present is not None)
    before = gallery.tiles.present
    QTest.keyClick(gallery.search, Qt.Key.Key_Escape)
    studio.application.panels.kernel.load_preset("outline", {})
    studio.settled()
    QTest.mouseClick(studio.application.panels.kernel.open_presets, Qt.MouseButton.LeftButton)

    studio.until(lambda: gallery.tiles.present != before)
    assert before is not None
    assert gallery.tiles.present is not None
    assert (before.title, gallery.tiles.present.title) == ("Sobel, vertical", "Outline")


def test_every_preset_is_shown_on_this_photograph(studio: Studio) -> None:
    open_gallery(studio)
    tiles = studio.application.panels.presets.tiles

    studio.until(lambda: len(tiles.pictures) == len(CHOICES))

    assert {picture.pixels.shape for picture in tiles.pictures.values()} == {(104, 104, 3)}


def test_another_stage_closes_the_gallery(studio: Studio) -> None:
    open_gallery(studio)
    QTest.keyClick(studio.application.panels.presets.search, Qt.Key.Key_Down)

    studio.application.window.show_stage("kernel")

    assert not studio.application.panels.presets.isVisible()
    assert studio.application.commands.looking.on_screen is studio.application.commands.looking.latest
