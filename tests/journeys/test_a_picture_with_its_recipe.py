"""A picture that the program wrote comes back: as a picture, or as the recipe that made it."""

from pathlib import Path

import numpy as np

from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.io.export.export import ExportOptions, export_recipe
from convstudio.io.export.png import png
from convstudio.io.sessions.carried import png_chunk
from tests.journeys.conftest import Studio

RECIPE = recipe_from("outline | relu | max 2")
PIXELS = np.arange(192, dtype=np.uint8).reshape(12, 16, 1)


def test_the_recipe_or_the_picture_as_the_person_says(studio: Studio, tmp_path: Path) -> None:
    commands = studio.application.commands
    (path,) = export_recipe(RECIPE, Frame(PIXELS, white=255), 1, 0, ExportOptions(), tmp_path / "filtered.png")

    studio.drop(path)  # the first picture of all: it opens at once
    studio.opened("filtered.png")
    studio.until(lambda: studio.find("question-bar").isVisible())
    assert studio.text("question-sentence") == "“filtered.png” carries the recipe that made it: Outline, ReLU."
    studio.click("question-no")
    assert not studio.find("question-bar").isVisible()

    studio.settled_on_a_picture()
    frame, document = commands.sources.feed.frame, commands.recipe.document
    studio.drop(path)
    studio.until(lambda: studio.find("question-bar").isVisible())
    assert commands.sources.feed.frame is frame
    studio.click("question-yes")
    studio.settled()
    assert commands.recipe.document.layers == RECIPE.layers[:2]
    assert commands.sources.feed.frame is frame
    assert not studio.find("question-bar").isVisible()
    studio.press("Ctrl+Z")
    assert commands.recipe.document.layers == document.layers

    studio.drop(path)
    studio.until(lambda: studio.find("question-bar").isVisible())
    studio.click("question-no")
    studio.opened("filtered.png")
    assert commands.recipe.document.layers == document.layers


def test_a_hostile_recipe_is_refused_in_a_sentence_and_its_picture_opens(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "stranger.png"
    path.write_bytes(
        b"".join(png(PIXELS, chunks=[(b"iTXt", png_chunk(b'{"format":"convstudio session","version":99}'))]))
    )
    refusals: list[str] = []
    studio.application.commands.sources.refused.connect(refusals.append)

    studio.drop(path)
    studio.opened("stranger.png")

    assert refusals == [
        "The recipe in “stranger.png” cannot be used: it was saved by a newer ConvStudio (version 99 of the format, "
        "and this one reads 3); update ConvStudio."
    ]
    assert not studio.find("question-bar").isVisible()
