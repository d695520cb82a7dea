"""Measures: the numbers that lessons ask for, against counting by hand and the reference."""

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.ops import reference
from convstudio.core.recipe.text import recipe_from
from convstudio.insight.lessons.measures import NAMES, measure

NOISE = np.random.default_rng(8).integers(0, 256, (48, 64, 1)).astype(np.uint8)
KERNEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float64)
SOBEL = "conv [1 0 -1; 2 0 -2; 1 0 -1]"


def result_of(recipe: str, pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = NOISE) -> Result:
    return evaluate(recipe_from(recipe), Frame(pixels.copy(), white=255))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outputs", 16),
        ("inputs ignored", 27),
        ("weights", 9),
        ("local weights", 144),
        ("dense weights", 576),
        ("output at 1,2", 30),
        ("largest output", 30),
        ("outputs that are not 0", 8),
        ("kernel rank", 1),
    ],
)
def test_the_articles_grid(name: str, value: float) -> None:
    grid = np.tile(np.array([10, 10, 10, 0, 0, 0], np.uint8)[:, None], (6, 1, 1))

    assert measure(result_of("conv article-vertical padding valid", grid), name) == value


LENET = (
    "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2 "
    "| dense 120 | dense 84 | dense 10"
)


def test_a_stack_has_the_parameters_of_all_its_layers() -> None:
    result = result_of(LENET, np.zeros((32, 32, 3), np.uint8))

    assert measure(result, "parameters of the stack") == 62_006
    assert measure(result, "weights of the stack") + measure(result, "biases of the stack") == 62_006
    assert measure(result, "parameters") == 850  # of the last layer, which is selected


@pytest.mark.parametrize(
    ("recipe", "inputs"),
    [
        ("conv size 3", 9),  # of the output in the middle
        ("conv size 9", 36),  # never more than there are
        ("conv size 9 border reflect", 36),
        ("conv size 3 each", 9),
        ("transposed 4 stride 2 padding 1", 4),
        ("average 3 stride 3", 9),
        ("global average", 36),
        ("dense 4", 36),
        ("relu", 1),
    ],
)
def test_an_output_sees_real_inputs_once_each(recipe: str, inputs: int) -> None:
    result = result_of(recipe, np.zeros((6, 6, 1), np.uint8))

    assert measure(result, "inputs seen") == inputs
    assert measure(result, "inputs ignored") == 36 - inputs


def test_stride_1_moves_along_and_stride_2_only_with_even_shifts() -> None:
    unstrided, strided = result_of(SOBEL), result_of(f"{SOBEL} stride 2")

    assert [measure(unstrided, f"shift error at {across},0") for across in (1, 2, -3)] == [0, 0, 0]
    assert measure(unstrided, "shift error at 0,1") == 0
    assert measure(strided, "shift error at 2,0") == measure(strided, "shift error at −4,6") == 0
    assert measure(strided, "shift error at 1,0") > 0.3


def test_the_border_error_and_the_change_by_hand() -> None:
    """‖f(Sx) − S f(x)‖ and ‖f(Sx) − f(x)‖ over ‖f(x)‖ on the same outputs; the column that came in is left out."""
    x = NOISE[:, :, 0][None].astype(np.float64)
    moved = np.zeros_like(x)
    moved[:, :, 1:] = x[:, :, :-1]
    f, f_of_moved = (reference.conv2d(planes, KERNEL[None, None], padding=1) for planes in (x, moved))
    apart = f_of_moved[:, :, 1:] - f[:, :, :-1]
    change = f_of_moved[:, :, 1:] - f[:, :, 1:]
    is_border = np.ones(apart.shape[1:], np.bool_)
    is_border[1:-1, 1:-1] = False
    result = result_of(SOBEL)

    border, changed = measure(result, "border error at 1,0"), measure(result, "shift change at 1,0")

    assert border == pytest.approx(
        np.linalg.norm(apart[:, is_border]) / np.linalg.norm(f[:, :, 1:][:, is_border]), rel=1e-5
    )
    assert changed == pytest.approx(np.linalg.norm(change) / np.linalg.norm(f[:, :, 1:]), rel=1e-5)


def test_pooling_everything_on_a_ring_changes_nothing_and_the_stack_is_asked_for_by_name() -> None:
    result = evaluate(recipe_from(f"{SOBEL} border circular | relu | global average"), Frame(NOISE.copy(), white=255))

    assert measure(result, "shift change at 5,3 of the stack") == 0
    assert measure(result, "shift error at 5,3 of the stack") == 0


def test_half_a_pixel_is_known_too() -> None:
    assert measure(result_of(SOBEL), "shift error at 0.5,0") == 0  # linear layers follow means


@pytest.mark.parametrize("name", ["beauty", "shift error at 1", "shift error at 0.3,0", "output at 99,0"])
def test_what_is_not_known_is_refused(name: str) -> None:
    with pytest.raises(ConvStudioError):
        measure(result_of(SOBEL), name)


def test_a_border_that_is_not_there_has_no_error() -> None:
    with pytest.raises(ConvStudioError, match="no border error here"):
        measure(result_of(f"{SOBEL} padding valid"), "border error at 70,0")


def test_every_name_is_told_to_those_who_ask_for_another() -> None:
    with pytest.raises(ConvStudioError) as refusal:
        measure(result_of(SOBEL), "beauty")

    assert all(name in str(refusal.value) for name in NAMES)
