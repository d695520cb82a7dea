"""The kernel examined: its numbers by hand, its answers to waves and to a point by the slow method."""

from math import pi, sqrt

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from convstudio.core.evaluation.evaluate import apply
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.ops import reference
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Layer, Orientation, Weights
from convstudio.core.recipe.plan import plan
from convstudio.insight.kernel.analysis import (
    KernelAnalysis,
    KernelQuestion,
    Symmetry,
    answer,
    outer_products,
    symmetries_of,
)
from convstudio.insight.kernel.edges import edge_answers
from convstudio.insight.kernel.frequency_response import STEPS, response_of

SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def examined(plane: ArrayLike, **choices: object) -> KernelAnalysis:
    layer = Conv(weight=Weights(np.array(plane, dtype=np.float64)[None, None]), bias=(0.0,), **choices)  # type: ignore[arg-type]
    return answer(KernelQuestion(layer, 0, 0))


def drawn(height: int, width: int) -> NDArray[np.float64]:
    return np.random.default_rng(7).normal(size=(height, width))


def output(layer: Layer, picture: NDArray[np.float64]) -> NDArray[np.float32]:
    step = plan(Document((layer,)), Shape(1, *picture.shape)).steps[0]
    return apply(step, picture[None].astype(np.float32)).reshape(step.output[1:])


def test_sobel_in_numbers() -> None:
    analysis = examined(SOBEL)

    assert (analysis.sum, analysis.mean, analysis.energy) == (0, 0, 12)
    assert analysis.noise_gain == sqrt(12)
    assert (analysis.rank, analysis.multiplications, analysis.separated) == (1, 9, 6)
    assert analysis.products[0].column.tolist() == [1, 2, 1]
    assert analysis.products[0].row.tolist() == [-1, 0, 1]
    assert analysis.share_of_first == 1


def test_five_by_five_separated_saves_fifteen_of_twenty_five_multiplications() -> None:
    analysis = examined(build(find("binomial"))[0])

    assert (analysis.multiplications, analysis.separated) == (25, 10)
    assert analysis.products[0].column.tolist() == [1, 4, 6, 4, 1]
    np.testing.assert_allclose(analysis.products[0].row, np.array([1, 4, 6, 4, 1]) / 256)


def test_a_kernel_that_is_not_square_is_separated_into_its_height_and_its_width() -> None:
    analysis = examined(np.outer([1, 2, 1], [1, 0, 0, 0, -1]))

    assert (analysis.multiplications, analysis.separated) == (15, 8)


def test_the_products_of_a_kernel_of_any_rank_add_up_to_it() -> None:
    kernel = drawn(5, 4)

    products = outer_products(kernel)

    assert len(products) == 4
    np.testing.assert_allclose(sum(np.outer(product.column, product.row) for product in products), kernel, atol=1e-12)


def test_the_best_single_product_of_the_laplacian() -> None:
    # [0 1 0; 1 −4 1; 0 1 0] has the singular values √6 ± 2 (from A·Aᵀ on the symmetric vectors); (√6 + 2)² of 20 is
    # held by the first
    analysis = examined([[0, 1, 0], [1, -4, 1], [0, 1, 0]])

    assert (analysis.rank, analysis.separated) == (2, 12)
    assert analysis.share_of_first == pytest.approx((sqrt(6) + 2) ** 2 / 20)


def test_a_kernel_of_zeros_has_nothing_to_tell() -> None:
    analysis = examined(np.zeros((3, 3)))

    assert (analysis.rank, analysis.products, analysis.separated, analysis.share_of_first, analysis.nearest) == (
        0,
        (),
        0,
        0,
        None,
    )
    assert analysis.response.peak.gain == 0


def test_noise_comes_out_stronger_by_the_noise_gain() -> None:
    noise = np.random.default_rng(3).normal(size=(1, 200, 200))
    analysis = examined(SOBEL)

    filtered = reference.conv2d(noise, np.array(SOBEL)[None, None])

    assert filtered.std() / noise.std() == pytest.approx(analysis.noise_gain, rel=0.02)


@pytest.mark.parametrize(
    ("plane", "same", "negated"),
    [
        (SOBEL, {Symmetry.TOP_BOTTOM}, {Symmetry.LEFT_RIGHT, Symmetry.HALF_TURN}),
        (np.ones((3, 3)), set(Symmetry), set()),
        ([[1, 2], [3, 4]], set(), set()),
        ([[1, 0], [0, -1]], {Symmetry.DIAGONAL}, {Symmetry.HALF_TURN}),
        ([[1, 2, 1]], {Symmetry.LEFT_RIGHT, Symmetry.TOP_BOTTOM, Symmetry.HALF_TURN}, set()),
    ],
)
def test_symmetries(plane: ArrayLike, same: set[Symmetry], negated: set[Symmetry]) -> None:
    analysis = symmetries_of(np.array(plane, dtype=np.float64))

    assert (set(analysis.same), set(analysis.negated)) == (same, negated)


def test_the_gain_of_a_box_along_an_axis_follows_its_formula() -> None:
    waves = np.linspace(0, pi, STEPS + 1)

    analysis = examined(np.full((3, 3), 1 / 9)).response

    np.testing.assert_allclose(analysis.across, np.abs(1 + 2 * np.cos(waves)) / 3, atol=1e-12)
    np.testing.assert_allclose(analysis.down, analysis.across, atol=1e-12)
    assert analysis.peak.gain == pytest.approx(1)
    assert (analysis.peak.cycles, analysis.peak.direction) == (0, None)


def test_the_gain_of_sobel_follows_its_formula() -> None:
    waves = np.linspace(0, pi, STEPS + 1)

    response = examined(SOBEL).response

    np.testing.assert_allclose(response.across, 8 * np.sin(waves), atol=1e-12)
    np.testing.assert_allclose(response.down, 0, atol=1e-12)
    assert response.peak.gain == pytest.approx(8)
    assert (response.peak.cycles, response.peak.direction) == (0.25, 0)


@pytest.mark.parametrize(("right", "up"), [(16, 0), (0, 16), (16, 32), (-32, 16)])
def test_a_filtered_wave_has_the_gain_that_the_picture_shows(right: int, up: int) -> None:
    kernel = drawn(4, 5)
    rows, columns = np.mgrid[0:64, 0:64]
    angle = pi / STEPS * (columns * right - rows * up)  # rows count downwards
    wave = np.stack([np.cos(angle), np.sin(angle)])

    cosine, sine = reference.conv2d(wave, np.stack([kernel[None]] * 2), groups=2)

    response = response_of(kernel)
    np.testing.assert_allclose(np.hypot(cosine, sine), response.square[STEPS - up, STEPS + right], atol=1e-9)


def test_a_dilated_kernel_answers_to_waves_of_half_the_frequency() -> None:
    kernel = drawn(3, 3)

    plain, dilated = response_of(kernel), response_of(kernel, Pair(1, 2))

    np.testing.assert_allclose(dilated.across[: STEPS // 2], plain.across[:STEPS:2], atol=1e-12)
    np.testing.assert_allclose(dilated.down, plain.down, atol=1e-12)


@pytest.mark.parametrize("size", [(3, 3), (5, 4), (2, 2)])
@pytest.mark.parametrize("orientation", Orientation)
def test_the_impulse_answer_is_what_the_layer_makes_of_one_pixel(
    size: tuple[int, int], orientation: Orientation
) -> None:
    layer = Conv(weight=Weights(drawn(*size)[None, None]), bias=(0.0,), orientation=orientation)
    picture = np.zeros((11, 11))
    picture[5, 5] = 1

    analysis = answer(KernelQuestion(layer, 0, 0))

    top, left = 5 - size[0] // 2, 5 - size[1] // 2
    shown = output(layer, picture)
    np.testing.assert_allclose(shown[top : top + size[0], left : left + size[1]], analysis.impulse, rtol=1e-6)
    assert np.count_nonzero(shown) == analysis.impulse.size


def test_a_transposed_layer_stamps_its_kernel_as_written() -> None:
    kernel = drawn(3, 3)
    layer = ConvTranspose(weight=Weights(kernel[None, None]), bias=(0.0,))

    analysis = answer(KernelQuestion(layer, 0, 0))

    assert analysis.is_flipped
    np.testing.assert_allclose(output(layer, np.ones((1, 1))), analysis.impulse, rtol=1e-6)


def test_the_plane_is_that_of_the_filter_and_channel() -> None:
    weights = np.arange(2 * 3 * 2 * 2, dtype=np.float64).reshape(2, 3, 2, 2)

    analysis = answer(KernelQuestion(Conv(weight=Weights(weights), bias=(0.0, 0.0)), 1, 2))

    assert analysis.plane.tolist() == [[20, 21], [22, 23]]


@pytest.mark.parametrize("dilation", [1, 3])
def test_the_answers_to_an_edge_are_those_of_the_reference(dilation: int) -> None:
    """An edge in the middle of a picture, filtered whole, read off along its middle row and column."""
    weights = np.random.default_rng(6).normal(size=(3, 4))
    answers = edge_answers(weights, Pair(dilation, dilation))
    half = 20
    edge = (np.arange(2 * half) >= half).astype(np.float64)
    upright = np.broadcast_to(edge, (2 * half, 2 * half))[None]

    across, down = (
        reference.conv2d(np.ascontiguousarray(planes), weights[None, None], padding="same", dilation=dilation)[0]
        for planes in (upright, upright.transpose(0, 2, 1))
    )

    places = half + answers.places
    np.testing.assert_allclose(answers.across, across[half, places], atol=1e-12)
    np.testing.assert_allclose(answers.down, down[places, half], atol=1e-12)
