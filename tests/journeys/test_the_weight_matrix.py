"""The layer as one matrix in the window: the article's numbers, ties cut, and the pattern that follows the recipe."""

import re

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from convstudio.insight.trace.taps import Unit
from convstudio.views.explain.matrix.grids import GridRole, MatrixGrids
from convstudio.views.explain.matrix.pictures import MatrixPicture
from tests.journeys.conftest import Studio


def open_matrix(studio: Studio) -> None:
    """The article's example, with the panel in front."""
    studio.settled_on_a_picture()
    studio.press("Ctrl+Shift+A")
    studio.opened("6×6 grid")
    studio.application.window.show_stage("weights")
    studio.until(lambda: "16×36 matrix" in studio.text("matrix-caption"))


def matrix_on_screen(studio: Studio) -> tuple[np.ndarray, MatrixPicture]:
    """The letters of the painted matrix as numbers: a is 1, and a blank is 0."""
    picture = studio.find("matrix-picture", MatrixPicture)
    assert isinstance(picture, MatrixPicture)
    rows, columns = picture.shape
    studio.until(lambda: picture.is_in_sight(rows - 1, columns - 1))  # it has found its place
    faces = [[picture.face_at(row, column) for column in range(columns)] for row in range(rows)]
    return np.array(
        [[0 if face is None else ord(face.text) - ord("a") + 1 for face in line] for line in faces]
    ), picture


def grid_on_screen(studio: Studio, part: GridRole, count: int) -> list[float]:
    """The numbers written into a grid beside the matrix."""
    grids = studio.find("matrix-grids", MatrixGrids)
    assert isinstance(grids, MatrixGrids)
    return [float(grids.texts(part)[key].replace("−", "-")) for key in range(count)]


def test_the_matrix_on_the_screen_times_the_input_is_the_articles_output(studio: Studio) -> None:
    open_matrix(studio)

    letters, _ = matrix_on_screen(studio)
    kernel = np.array([0, 1, 0, -1, 1, 0, -1, 1, 0, -1])  # of a blank and of a to i, as the article has them
    product = kernel[letters] @ np.array(grid_on_screen(studio, GridRole.INPUT, 36))

    assert letters.shape == (16, 36)
    assert (letters > 0).sum() == 144
    assert len(set(letters[letters > 0].tolist())) == 9
    assert product.reshape(4, 4).tolist() == [[0, 30, 30, 0]] * 4
    assert grid_on_screen(studio, GridRole.OUTPUT, 16) == [0, 30, 30, 0] * 4
    assert (
        studio.text("matrix-caption")
        == "Vertical edge 3×3 as one 16×36 matrix: 144 tied places hold 9 weights, 432 are blank."
    )
    assert studio.text("matrix-equation") == "Matrix × input = layer, exactly."


def test_looked_at_for_the_first_time_it_is_about_the_output_that_was_pinned_before(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.wiring.probe.choose(Unit(0, 40, 70))

    studio.application.window.show_stage("weights")
    studio.until(lambda: "an input of rows" in studio.text("matrix-sentence"))

    match = re.search(r"rows (\d+)–(\d+), columns (\d+)–(\d+)", studio.text("matrix-sentence"))
    assert match is not None
    top, bottom, left, right = (int(edge) for edge in match.groups())
    assert top < 40 < bottom
    assert left < 70 < right


def test_ties_are_cut_and_blanks_filled_and_the_recipe_stays(studio: Studio) -> None:
    open_matrix(studio)
    document = studio.application.commands.recipe.document

    studio.click("matrix-cut")
    cut = studio.text("matrix-caption")
    studio.click("matrix-filled")
    filled = studio.text("matrix-caption")

    assert "144 weights instead of 9, 16 times as many" in cut
    assert "576 weights instead of 9, 64 times as many" in filled
    assert studio.application.commands.recipe.document is document


def test_hovering_a_place_tells_its_twins(studio: Studio) -> None:
    open_matrix(studio)
    _, picture = matrix_on_screen(studio)

    studio.hover(picture, picture.cell_rect(0, 2).center().toPoint())

    assert studio.text("matrix-sentence") == (
        "Weight c = −1 joins input row 1, column 3 (10) to output row 1, column 1 (0) and stands at 16 places."
    )


def test_a_weight_that_is_typed_is_in_all_its_places_at_once(studio: Studio) -> None:
    open_matrix(studio)

    studio.type_into_cell(1, 1, "2")
    studio.until(lambda: grid_on_screen(studio, GridRole.OUTPUT, 16) == [20, 50, 30, 0] * 4)

    _, picture = matrix_on_screen(studio)
    studio.hover(picture, picture.cell_rect(0, 7).center().toPoint())
    assert "Weight e = 2" in studio.text("matrix-sentence")
    assert "stands at 16 places" in studio.text("matrix-sentence")


def test_the_pattern_follows_the_place_that_is_pinned(studio: Studio) -> None:
    studio.settled_on_a_picture()
    studio.application.window.show_stage("weights")
    studio.until(lambda: studio.text("matrix-caption").startswith("A cut of"))

    studio.application.wiring.probe.choose(Unit(0, 100, 200))

    # 6×6 outputs around row 100, column 200 from 0, and the 8×8 inputs they read
    studio.until(lambda: "rows 97–104, columns 197–204" in studio.text("matrix-sentence"))


def test_the_keyboard_walks_over_the_matrix(studio: Studio) -> None:
    open_matrix(studio)
    _, picture = matrix_on_screen(studio)

    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=picture.cell_rect(0, 0).center().toPoint())
    picture.setFocus()
    QTest.keyClick(picture, Qt.Key.Key_Down)
    QTest.keyClick(picture, Qt.Key.Key_Right)
    QTest.mouseMove(picture, QPoint(-5, -5))

    assert studio.text("matrix-sentence").startswith(
        "Weight a = 1 joins input row 1, column 2 (10) to output row 1, column 2"
    )
