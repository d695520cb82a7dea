"""The weight matrix: the article's numbers, every column by an impulse, ties, cuts and the layer's own outputs."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair
from convstudio.core.ops import dense_weights, reference
from convstudio.core.recipe.counts import compare_stack
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.first_recipes import articles_recipe
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Orientation,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.insight.matrix.entries import BLANK
from convstudio.insight.matrix.weight_matrix import (
    MatrixQuestion,
    Mode,
    NoMatrix,
    Reason,
    WeightMatrix,
    answer,
    unroll,
)
from convstudio.insight.trace.taps import Unit

ROUND = Amounts(1, 1, 1, 1)
RANDOM = np.random.default_rng(20240611)


def result_of(layers: tuple[Layer, ...], shape: tuple[int, int, int]) -> Result:
    channels, height, width = shape
    pixels = RANDOM.uniform(-2, 2, (height, width, channels)).astype(np.float32)
    return evaluate(Document(layers), Frame(pixels, white=2))


def deep(layer: Layer, channels: int, side: int) -> Result:
    """A layer behind another that makes it many channels."""
    weight = Weights(RANDOM.normal(size=(channels, 1, 1, 1)))
    return result_of((Conv(weight=weight, bias=(0.0,) * channels), layer), (1, side, side))


def matrix_of(result: Result, index: int = 0, near: Unit | None = None) -> WeightMatrix:
    matrix = unroll(result, index, near=near)
    assert isinstance(matrix, WeightMatrix)
    return matrix


def conv(filters: int, planes: int, kernel: tuple[int, int] = (3, 3), **choices: object) -> Conv:
    weight = Weights(RANDOM.normal(size=(filters, planes, *kernel)))
    bias = tuple(RANDOM.normal(size=filters).tolist())
    return replace(Conv(weight=weight, bias=bias), **choices)  # type: ignore[arg-type]  # fields by name


def transposed(inputs: int, per_group: int, kernel: tuple[int, int] = (3, 3), **choices: object) -> ConvTranspose:
    weight = Weights(RANDOM.normal(size=(inputs, per_group, *kernel)))
    layer = replace(ConvTranspose(weight=weight, bias=()), **choices)  # type: ignore[arg-type]
    return replace(layer, bias=tuple(RANDOM.normal(size=layer.filters).tolist()))


def columns_by_impulses(layer: Layer, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """The matrix by another method: what the layer adds for a 1 at each input alone."""

    def output(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        frame = Frame(np.ascontiguousarray(np.moveaxis(pixels, 0, 2)), white=1)
        return evaluate(Document((layer,)), frame).outputs[0].ravel().astype(np.float64)

    nothing = output(np.zeros(shape))
    impulses = np.eye(int(np.prod(shape))).reshape(-1, *shape)
    return np.stack([output(impulse) - nothing for impulse in impulses], axis=1)


@pytest.fixture
def article() -> WeightMatrix:
    pixels = np.tile(np.array([10.0, 10, 10, 0, 0, 0]), (6, 1))[:, :, None]
    return matrix_of(evaluate(articles_recipe(), Frame(pixels, white=10)))


def test_the_articles_matrix_has_144_tied_places_with_9_weights(article: WeightMatrix) -> None:
    assert article.entries.identities.shape == (16, 36)
    assert article.places_in(Mode.TIED) == 144
    assert article.weights_in(Mode.TIED) == 9
    assert article.submatrix.is_whole_picture


def test_a_tied_place_stays_a_place_where_its_weight_is_0(article: WeightMatrix) -> None:
    zeros = (article.entries.identities != BLANK) & (article.entries.values == 0)

    assert zeros.sum() == 3 * 16


def test_matrix_times_input_makes_0_30_30_0_as_the_layer_does(article: WeightMatrix) -> None:
    by_hand = article.entries.values @ article.inputs

    assert article.product.reshape(4, 4).tolist() == [[0, 30, 30, 0]] * 4
    np.testing.assert_array_equal(by_hand, article.product)
    assert article.layer.reshape(4, 4).tolist() == [[0, 30, 30, 0]] * 4
    assert article.difference == 0


def test_one_output_depends_on_9_of_the_36_inputs(article: WeightMatrix) -> None:
    assert [int(article.inputs_of(row, Mode.TIED).sum()) for row in range(16)] == [9] * 16
    assert np.flatnonzero(article.inputs_of(5, Mode.TIED)).tolist() == [7, 8, 9, 13, 14, 15, 19, 20, 21]
    assert article.inputs_of(5, Mode.FILLED).sum() == 36


def test_a_corner_has_an_effect_on_one_output_and_the_middle_on_nine(article: WeightMatrix) -> None:
    assert article.outputs_of(0, Mode.TIED).sum() == 1
    assert article.outputs_of(2 * 6 + 2, Mode.TIED).sum() == 9


def test_each_weight_has_sixteen_places_and_cut_ties_leave_one(article: WeightMatrix) -> None:
    (weight,) = article.parts_at(5, 8)

    assert weight == 1
    assert article.twins_in(Mode.TIED, (weight,)).sum() == 16
    own = int(article.identities_in(Mode.CUT)[5, 8])
    assert np.argwhere(article.twins_in(Mode.CUT, (own,))).tolist() == [[5, 8]]


def test_cutting_and_filling_change_the_counts_and_no_place(article: WeightMatrix) -> None:
    cut, filled = article.identities_in(Mode.CUT), article.identities_in(Mode.FILLED)

    np.testing.assert_array_equal(cut == BLANK, article.entries.identities == BLANK)
    assert sorted(cut[cut != BLANK].tolist()) == list(range(144))
    assert (article.places_in(Mode.CUT), article.weights_in(Mode.CUT)) == (144, 144)
    assert sorted(filled.ravel().tolist()) == list(range(576))
    assert (article.places_in(Mode.FILLED), article.weights_in(Mode.FILLED)) == (576, 576)


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (conv(1, 1, stride=Pair(2, 1), padding=Padding.SAME), (1, 7, 6)),
        (conv(1, 1, dilation=Pair(2, 2), padding=Amounts(1, 2, 0, 3)), (1, 6, 6)),
        (conv(2, 3, (2, 3), padding=Padding.VALID, orientation=Orientation.CONVOLUTION), (3, 5, 5)),
        (conv(2, 3, (2, 2)), (3, 4, 4)),
        (conv(3, 1, groups=3), (3, 4, 4)),
        (conv(2, 1, (3, 3), channels=Channels.EACH), (3, 3, 3)),
        (conv(1, 1, border=Border.REFLECT), (1, 5, 5)),
        (conv(1, 1, (5, 5), border=Border.REPLICATE), (1, 4, 4)),
        (conv(1, 1, (5, 3), border=Border.CIRCULAR, padding=Padding.FULL), (1, 4, 4)),
        (transposed(1, 1, (4, 4), stride=Pair(2, 2), padding=Pair(1, 1)), (1, 4, 4)),
        (transposed(3, 1, (2, 3), stride=Pair(1, 2), groups=3, output_padding=Pair(0, 1)), (3, 2, 2)),
        (transposed(3, 1, (3, 3), dilation=Pair(2, 1)), (3, 2, 2)),
        (Pool(kind=PoolKind.AVERAGE), (3, 5, 4)),
        (Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), padding=ROUND, count_include_pad=False), (1, 6, 6)),
        (Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), padding=ROUND, ceil_mode=True), (1, 6, 6)),
        (Pool(kind=PoolKind.AVERAGE, is_global=True), (3, 4, 5)),
        (Dense(units=5, seed=3), (3, 4, 5)),
    ],
)  # fmt: skip
def test_every_column_is_what_the_layer_makes_of_an_impulse(layer: Layer, shape: tuple[int, int, int]) -> None:
    result = result_of((layer,), shape)

    matrix = matrix_of(result)

    assert matrix.submatrix.is_whole_picture
    if matrix.is_whole and not isinstance(layer, Pool):  # then the counts are those of the layer
        counts = compare_stack(result.plan)
        assert matrix.entries.places == result.plan.steps[0].connections
        assert matrix.weights_to_share == result.plan.parameters - result.plan.steps[0].biases
        assert counts is None or matrix.places_in(Mode.FILLED) == counts.dense.weights
    np.testing.assert_allclose(matrix.entries.values, columns_by_impulses(layer, shape), atol=1e-6)
    assert matrix.difference < 1e-5
    assert matrix.is_rounding


def test_the_product_with_bias_is_the_reference_convolution() -> None:
    layer = conv(2, 1, stride=Pair(2, 2), padding=Amounts(1, 1, 1, 1))
    result = result_of((layer,), (1, 8, 8))

    matrix = matrix_of(result)

    expected = reference.conv2d(result.source, layer.weight.array, layer.bias, stride=2, padding=1)
    np.testing.assert_allclose(matrix.product, expected.ravel())
    np.testing.assert_allclose(matrix.bias, np.repeat(layer.bias, 16))


def test_a_filter_on_each_channel_alone_ties_its_weights_over_the_channels() -> None:
    matrix = matrix_of(result_of((conv(1, 1, padding=Padding.VALID, channels=Channels.EACH),), (3, 4, 4)))

    assert matrix.entries.identities.shape == (3 * 4, 3 * 16)
    assert matrix.places_in(Mode.TIED) == 3 * 4 * 9
    assert matrix.weights_in(Mode.TIED) == 9
    assert matrix.twins_in(Mode.TIED, (0,)).sum() == 3 * 4
    assert (matrix.entries.identities[:4, 16:] == BLANK).all()


def test_a_replicated_border_adds_several_weights_at_one_place() -> None:
    layer = Conv(weight=Weights([[[[1.0, 10.0, 100.0]]]]), bias=(0.0,), border=Border.REPLICATE)

    matrix = matrix_of(result_of((layer,), (1, 1, 4)))

    assert matrix.entries.values.tolist() == [[11, 100, 0, 0], [1, 10, 100, 0], [0, 1, 10, 100], [0, 0, 1, 110]]
    assert matrix.parts_at(0, 0) == (0, 1)
    assert matrix.parts_at(3, 3) == (1, 2)
    assert (matrix.places_in(Mode.TIED), matrix.weights_in(Mode.TIED)) == (10, 3)
    assert np.argwhere(matrix.twins_in(Mode.TIED, (0,))).tolist() == [[0, 0], [1, 0], [2, 1], [3, 2]]


def test_an_average_that_leaves_out_padding_has_other_shares_at_its_corners() -> None:
    layer = Pool(
        kind=PoolKind.AVERAGE,
        window=Pair(2, 2),
        stride=Pair(1, 1),
        padding=Amounts(1, 0, 1, 0),
        count_include_pad=False,
    )

    matrix = matrix_of(result_of((layer,), (1, 2, 2)))

    assert matrix.entries.values.tolist() == [
        [1, 0, 0, 0],
        [0.5, 0.5, 0, 0],
        [0.5, 0, 0.5, 0],
        [0.25, 0.25, 0.25, 0.25],
    ]
    assert matrix.weights_in(Mode.TIED) == 3


def test_a_photograph_is_cut_around_its_middle() -> None:
    matrix = matrix_of(result_of((conv(1, 1),), (1, 48, 64)))

    window = matrix.submatrix
    assert not window.is_whole_picture
    assert window.is_complete
    assert (window.output_rows, window.output_columns) == ((22, 23, 24, 25), (30, 31, 32, 33))
    assert (window.input_rows, window.input_columns) == (tuple(range(21, 27)), tuple(range(29, 35)))
    assert matrix.difference < 1e-5


def test_a_cut_goes_to_the_place_that_was_pinned_and_keeps_its_border() -> None:
    layer = conv(1, 1, border=Border.CIRCULAR)
    result = result_of((layer,), (1, 48, 64))

    matrix = matrix_of(result, near=Unit(0, 0, 63))

    assert matrix.submatrix.output_rows == (0, 1, 2, 3)
    assert matrix.submatrix.output_columns == (60, 61, 62, 63)
    assert matrix.submatrix.input_rows == (0, 1, 2, 3, 4, 47)
    assert matrix.submatrix.input_columns == (0, 59, 60, 61, 62, 63)
    assert matrix.entries.places == 144
    np.testing.assert_allclose(matrix.layer, result.outputs[0][0, :4, 60:].ravel())
    assert matrix.difference < 1e-5


def test_a_place_that_the_layer_does_not_have_is_not_followed() -> None:
    matrix = matrix_of(result_of((conv(1, 1),), (1, 48, 64)), near=Unit(0, 48, 0))

    assert matrix.submatrix.output_rows == (22, 23, 24, 25)


def test_filters_that_do_not_fit_are_left_out_from_the_one_looked_at() -> None:
    result = result_of((conv(6, 3),), (3, 48, 64))

    matrix = unroll(result, 0, channel=3)

    assert isinstance(matrix, WeightMatrix)
    assert matrix.submatrix.output_channels == (3, 4)
    assert matrix.entries.identities.shape == (2 * 4, 3 * 16)
    assert matrix.weights_in(Mode.TIED) == 54
    np.testing.assert_allclose(matrix.layer, result.outputs[0][3:5, 23:25, 31:33].ravel())
    assert matrix.difference < 1e-5


def test_groups_leave_blocks_blank() -> None:
    matrix = matrix_of(result_of((conv(6, 1, groups=3),), (3, 48, 64)))

    assert matrix.submatrix.output_channels == (0, 2, 4)
    assert matrix.entries.identities.shape == (3 * 4, 3 * 16)
    assert (matrix.entries.identities[:4, 16:] == BLANK).all()
    assert matrix.entries.places == 3 * 4 * 9


def test_a_wide_dilation_shows_only_inputs_that_are_read() -> None:
    matrix = matrix_of(result_of((conv(1, 1, dilation=Pair(9, 9)),), (1, 64, 64)))

    assert matrix.submatrix.is_complete
    assert matrix.submatrix.input_rows == (22, 23, 31, 32, 40, 41)
    assert matrix.difference < 1e-5


@pytest.mark.parametrize(
    "layer",
    [
        conv(2, 60),
        conv(4, 30, groups=2),
        conv(2, 60, (5, 5), border=Border.REFLECT, orientation=Orientation.CONVOLUTION, stride=Pair(2, 3)),
        conv(1, 60, padding=Padding.FULL, border=Border.REPLICATE),
        transposed(60, 2, (4, 4), stride=Pair(2, 2), padding=Pair(1, 1)),
        transposed(60, 1, (5, 6), groups=2, stride=Pair(1, 2), padding=Pair(0, 2), output_padding=Pair(0, 1)),
        Dense(units=30),
    ],
)
@pytest.mark.parametrize("near", [None, Unit(0, 0, 0)])
def test_where_one_output_reads_too_much_a_part_makes_its_share(layer: Layer, near: Unit | None) -> None:
    result = deep(layer, 60, 12)

    matrix = matrix_of(result, 1, near)

    assert not matrix.submatrix.is_complete
    assert matrix.submatrix.inputs <= 108
    chosen = np.zeros_like(result.outputs[0])
    window = matrix.submatrix
    part = np.ix_(window.input_channels, window.input_rows, window.input_columns)
    chosen[part] = result.outputs[0][part]
    bare = replace(layer, bias=(0.0,) * len(layer.bias)) if isinstance(layer, Conv | ConvTranspose) else layer
    share = share_of(bare, chosen)[np.ix_(window.output_channels, window.output_rows, window.output_columns)]
    np.testing.assert_allclose(matrix.product, share.ravel(), atol=1e-4)
    np.testing.assert_allclose(matrix.layer, share.ravel(), atol=1e-4)
    assert matrix.bias.tolist() == [0] * window.outputs


def share_of(layer: Layer, planes: NDArray[np.float32]) -> NDArray[np.float64]:
    """What a layer makes of planes by the reference."""
    match layer:
        case Conv():
            weight = layer.weight.array
            if layer.orientation is Orientation.CONVOLUTION:
                weight = weight[:, :, ::-1, ::-1]
            height, width = layer.kernel
            pads: object = (height // 2, width // 2)
            if layer.padding is Padding.FULL:
                pads = (height - 1, width - 1)
            return reference.conv2d(
                planes, weight, stride=layer.stride, padding=pads, groups=layer.groups, border=layer.border  # type: ignore[arg-type]
            )  # fmt: skip
        case ConvTranspose():
            return reference.conv_transpose2d(
                planes, layer.weight.array, stride=layer.stride, padding=layer.padding,
                output_padding=layer.output_padding, groups=layer.groups,
            )  # fmt: skip
        case _:
            assert isinstance(layer, Dense)
            return reference.dense(planes, dense_weights(layer.units, planes.size, layer.seed))


def test_a_kernel_of_31_is_shown_in_part() -> None:
    matrix = matrix_of(result_of((conv(1, 1, (31, 31)),), (1, 64, 64)))

    assert not matrix.submatrix.is_complete
    assert matrix.entries.identities.shape == (4, 64)
    assert matrix.places_in(Mode.TIED) == 4 * 64
    assert matrix.weights_in(Mode.TIED) == 81  # two outputs along an axis meet 8 inputs with 8 + 1 of the kernel's rows
    assert matrix.difference < 1e-4


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ((), Reason.NO_LAYER),
        ((Pool(),), Reason.LARGEST),
        ((Activation(),), Reason.CURVE),
        ((conv(1, 1, enabled=False),), Reason.SWITCHED_OFF),
        ((Pool(kind=PoolKind.AVERAGE, is_global=True),), Reason.TOO_WIDE),
    ],
)
def test_what_has_no_matrix_says_why(layers: tuple[Layer, ...], reason: Reason) -> None:
    refusal = answer(MatrixQuestion(result_of(layers, (1, 40, 40)), len(layers) - 1))

    assert isinstance(refusal, NoMatrix)
    assert refusal.reason is reason


def test_an_infinite_input_passes_only_where_there_is_a_connection() -> None:
    pixels = np.ones((6, 6, 1), np.float32)
    pixels[0, 0] = np.inf
    ones = Conv(weight=Weights(np.ones((1, 1, 3, 3))), bias=(0.0,), padding=Padding.VALID)

    matrix = matrix_of(evaluate(Document((ones,)), Frame(pixels, white=1)))

    assert matrix.product[0] == np.inf
    assert matrix.product[1:].tolist() == [9.0] * 15


def test_a_picture_of_one_pixel_has_a_matrix() -> None:
    matrix = matrix_of(result_of((conv(1, 1),), (1, 1, 1)))

    assert matrix.entries.identities.tolist() == [[4]]
    assert matrix.difference < 1e-6
