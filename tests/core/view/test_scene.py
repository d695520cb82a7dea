"""Which cells of an output a scene shows."""

from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Pool, Weights
from convstudio.core.recipe.plan import plan
from convstudio.core.view.scene import Scene, cells_on, reduction_at

STRIDED = Conv(weight=Weights([[[[1.0] * 3] * 3]]), bias=(0.0,), stride=Pair(2, 2), padding=Padding.VALID)


@given(
    st.floats(-50, 250), st.floats(-50, 250), st.floats(1, 200), st.floats(1, 200),
    st.floats(0.02, 4.0), st.booleans(),
)  # fmt: skip
def test_every_output_pixel_whose_centre_is_on_the_screen_is_in_the_cells(
    left: float, top: float, width: float, height: float, scale: float, is_pooled: bool
) -> None:
    recipe_plan = plan(Document((STRIDED, Pool()) if is_pooled else (STRIDED,)), Shape(1, 180, 160))
    scene = Scene(recipe_plan.source, left, top, left + width, top + height, scale)
    # output i of the strided filter looks at pixels 2i … 2i + 2, its centre is at 2i + 1.5; a pool of two of them,
    # output i of which looks at 2i and 2i + 1 of these, has its centre at 4i + 2.5
    step, centre = (4, 2.5) if is_pooled else (2, 1.5)
    _, rows, columns = recipe_plan.output

    cells = cells_on(scene, recipe_plan, len(recipe_plan.steps) - 1)

    pixels = cells.pixels(recipe_plan.output)
    seen_rows = [row for row in range(rows) if top <= step * row + centre <= top + height]
    seen_columns = [column for column in range(columns) if left <= step * column + centre <= left + width]
    if seen_rows and seen_columns:
        assert pixels.top <= seen_rows[0] <= seen_rows[-1] < pixels.bottom
        assert pixels.left <= seen_columns[0] <= seen_columns[-1] < pixels.right
    assert cells.reduction == 1 or cells.reduction * scale * step <= 1 + 1e-4


def test_a_cell_is_never_larger_than_a_pixel_of_the_screen() -> None:
    assert [reduction_at(1 / factor) for factor in (1, 2, 3, 7, 20, 64)] == [1, 2, 3, 7, 20, 64]
    assert reduction_at(0.051) == 19  # 1 / 0.051 = 19.6


def test_a_scene_beside_the_picture_shows_no_cell() -> None:
    recipe_plan = plan(Document(), Shape(1, 100, 100))

    cells = cells_on(Scene(recipe_plan.source, 200.0, 0.0, 300.0, 100.0, 1.0), recipe_plan, -1)

    assert cells.region.is_empty
