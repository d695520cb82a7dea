"""Trace: every product behind one output, against hand arithmetic and against what evaluating gives."""

import numpy as np
import pytest

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import Result, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    Softmax,
    Weights,
)
from convstudio.insight.trace.trace import Operation, strongest, trace

EDGE = Weights([[[[1, 0, -1]] * 3]])
random = np.random.default_rng(7)


def article_frame() -> Frame:
    return Frame(np.array([[[v] for v in (10.0, 10.0, 10.0, 0.0, 0.0, 0.0)]] * 6), white=10)


def article() -> Result:
    return evaluate(Document((Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID),)), article_frame())


def numbers(*shape: int) -> Weights:
    return Weights(random.integers(-4, 5, shape))


def counting(height: int, width: int) -> Frame:
    return Frame(np.arange(height * width, dtype=np.float64).reshape(height, width, 1), white=height * width)


def test_the_articles_unit_is_the_sum_of_nine_products() -> None:
    calculation = trace(article(), 0, 0, 0, 1)

    assert calculation.taps.values[0].tolist() == [[10, 10, 0]] * 3
    assert calculation.taps.weights[0].tolist() == [[1, 0, -1]] * 3
    assert calculation.taps.products[0].tolist() == [[10, 0, 0]] * 3
    assert (calculation.total, calculation.bias, calculation.result, calculation.output) == (30, 0, 30, 30)


def test_the_articles_unit_depends_on_9_of_36_inputs() -> None:
    calculation = trace(article(), 0, 0, 0, 1)

    assert (calculation.took_part, calculation.inputs, calculation.left_out) == (9, 36, 27)
    assert calculation.regions == (Region(0, 3, 1, 4), Region(0, 1, 1, 2))


def test_the_bias_is_added() -> None:
    layer = Conv(weight=EDGE, bias=(2.5,), padding=Padding.VALID)

    calculation = trace(evaluate(Document((layer,)), article_frame()), 0, 0, 3, 2)

    assert (calculation.total, calculation.bias, calculation.result) == (30, 2.5, 32.5)


@pytest.mark.parametrize(
    ("border", "left", "inputs"),
    [
        (Border.ZEROS, (0, 0, 0), 4),  # two rows and two columns are in the picture
        (Border.REFLECT, (5, 1, 5), 4),
        (Border.REPLICATE, (0, 0, 4), 4),
        (Border.CIRCULAR, (15, 3, 7), 9),
    ],
)
def test_padding_reads_what_its_border_says(border: Border, left: tuple[int, ...], inputs: int) -> None:
    layer = Conv(weight=Weights([[[[1, 1, 1]] * 3]]), bias=(0,), border=border)

    calculation = trace(evaluate(Document((layer,)), counting(4, 4)), 0, 0, 0, 0)

    assert tuple(calculation.taps.values[0][:, 0].tolist()) == left
    assert calculation.taps.is_padding.tolist() == [[True] * 3, [True, False, False], [True, False, False]]
    assert calculation.took_part == inputs


def test_a_mirrored_value_says_where_it_came_from() -> None:
    layer = Conv(weight=Weights([[[[1, 1, 1]] * 3]]), bias=(0,), border=Border.REFLECT)

    calculation = trace(evaluate(Document((layer,)), counting(4, 4)), 0, 0, 0, 3)

    assert calculation.taps.rows.places.tolist() == [-1, 0, 1]
    assert calculation.taps.rows.sources.tolist() == [1, 0, 1]
    assert calculation.taps.columns.places.tolist() == [2, 3, 4]
    assert calculation.taps.columns.sources.tolist() == [2, 3, 2]


def test_filters_that_take_each_channel_alone_are_numbered_filter_by_filter() -> None:
    frame = Frame(np.full((3, 3, 3), (1.0, 10.0, 100.0)), white=100)
    layer = Conv(weight=Weights([[[[2.0]]], [[[3.0]]]]), bias=(0, 0), channels=Channels.EACH)

    calculation = trace(evaluate(Document((layer,)), frame), 0, 4, 1, 1)

    assert (calculation.filter_number, calculation.taps.channels.tolist(), calculation.result) == (1, [1], 30)
    assert (calculation.took_part, calculation.inputs) == (1, 27)


def test_a_flipped_kernel_names_the_cells_as_they_are_written() -> None:
    layer = Conv(weight=EDGE, bias=(0,), padding=Padding.VALID, orientation=Orientation.CONVOLUTION)

    calculation = trace(evaluate(Document((layer,)), article_frame()), 0, 0, 0, 1)

    assert calculation.taps.columns.cells.tolist() == [2, 1, 0]
    assert calculation.result == -30


def test_a_maximum_names_its_winner_and_does_not_let_padding_win() -> None:
    frame = Frame(np.full((4, 4, 1), -5.0), white=1)
    frame.pixels.flags.writeable = True
    frame.pixels[1, 0] = -2
    layer = Pool(window=Pair(3, 3), stride=Pair(1, 1), padding=Amounts(1, 1, 1, 1))

    calculation = trace(evaluate(Document((layer,)), frame), 0, 0, 0, 0)

    assert (calculation.operation, calculation.winner, calculation.result, calculation.output) == (
        Operation.LARGEST,
        (0, 2, 1),
        -2,
        -2,
    )
    assert calculation.took_part == 4


@pytest.mark.parametrize(("counts_padding", "divisor", "mean"), [(True, 9, 10 / 9), (False, 4, 2.5)])
def test_an_average_names_its_divisor(counts_padding: bool, divisor: int, mean: float) -> None:
    layer = Pool(
        kind=PoolKind.AVERAGE, window=Pair(3, 3), stride=Pair(1, 1), padding=Amounts(1, 1, 1, 1),
        count_include_pad=counts_padding,
    )  # fmt: skip

    calculation = trace(evaluate(Document((layer,)), counting(4, 4)), 0, 0, 0, 0)

    assert (calculation.total, calculation.divisor) == (0 + 1 + 4 + 5, divisor)
    assert calculation.result == pytest.approx(mean)


def test_a_unit_of_a_transposed_layer_meets_only_the_inputs_that_reach_it() -> None:
    # kernel 3, stride 2, no padding: output 2 on one axis is input 0 through cell 2 and input 1 through cell 0
    layer = ConvTranspose(weight=Weights([[[[1, 2, 3]] * 3]]), bias=(0,), stride=Pair(2, 2))

    calculation = trace(evaluate(Document((layer,)), counting(3, 3)), 0, 0, 1, 2)

    assert calculation.taps.rows.places.tolist() == [0]
    assert calculation.taps.columns.places.tolist() == [0, 1]
    assert calculation.taps.columns.cells.tolist() == [2, 0]
    assert calculation.result == calculation.output == 0 * 3 + 1 * 1


def test_a_dense_unit_depends_on_everything() -> None:
    calculation = trace(evaluate(Document((Dense(units=3, seed=1),)), counting(4, 5)), 0, 2, 0, 0)

    assert (calculation.took_part, calculation.left_out) == (20, 0)
    assert calculation.result == pytest.approx(calculation.output, rel=1e-5)
    magnitudes = [abs(term.product) for term in strongest(calculation, 5)]
    assert magnitudes == sorted(np.abs(calculation.taps.products).ravel().tolist(), reverse=True)[:5]


def test_a_layer_switched_off_hands_its_input_on() -> None:
    layer = Conv(weight=EDGE, bias=(9,), enabled=False)

    calculation = trace(evaluate(Document((layer,)), counting(4, 4)), 0, 0, 2, 3)

    assert (calculation.operation, calculation.result, calculation.took_part, calculation.inputs) == (
        Operation.COPY,
        11,
        1,
        16,
    )


def test_the_receptive_field_goes_down_to_the_frame() -> None:
    layers = (Conv(weight=EDGE, bias=(0,), padding=Padding.VALID), Pool(), Conv(weight=EDGE, bias=(0,)))

    calculation = trace(evaluate(Document(layers), counting(10, 10)), 2, 0, 1, 1)

    # 3×3 pooled values, 6×6 values below them, 8×8 pixels
    assert calculation.regions == (Region(0, 8, 0, 8), Region(0, 6, 0, 6), Region(0, 3, 0, 3), Region(1, 2, 1, 2))


LAYERS: tuple[Layer, ...] = (
    Conv(weight=numbers(4, 3, 3, 5), bias=(1, 2, 3, 4), stride=Pair(2, 1), dilation=Pair(1, 2)),
    Conv(weight=numbers(6, 1, 2, 2), bias=(0, 1, 2, 3, 4, 5), groups=3, padding=Amounts(2, 0, 1, 3)),
    Conv(weight=numbers(2, 1, 3, 3), bias=(1, -1), channels=Channels.EACH, border=Border.REFLECT),
    Conv(weight=numbers(2, 3, 3, 2), bias=(1, -1), border=Border.CIRCULAR, orientation=Orientation.CONVOLUTION),
    Conv(weight=numbers(1, 3, 3, 3), bias=(1,), border=Border.REPLICATE, padding=Padding.FULL),
    ConvTranspose(
        weight=numbers(3, 2, 3, 2), bias=(1, 2), stride=Pair(2, 3), padding=Pair(1, 0), output_padding=Pair(1, 2)
    ),
    ConvTranspose(weight=numbers(3, 1, 2, 3), bias=(1, 2, 3), groups=3, dilation=Pair(2, 1)),
    Pool(window=Pair(3, 2), stride=Pair(2, 2), padding=Amounts(1, 1, 1, 0), dilation=Pair(2, 1), ceil_mode=True),
    Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), padding=Amounts(1, 1, 1, 1), ceil_mode=True),
    Pool(kind=PoolKind.AVERAGE, window=Pair(2, 3), padding=Amounts(1, 0, 0, 2), count_include_pad=False),
    Pool(kind=PoolKind.AVERAGE, is_global=True),
    Pool(is_global=True),
    Dense(units=4, seed=3),
    *(Activation(kind=kind) for kind in ActivationKind),
)


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: type(layer).__name__)
def test_the_arithmetic_gives_what_evaluating_gives(layer: Layer) -> None:
    frame = Frame(random.integers(-9, 10, (7, 8, 3)).astype(np.float64) / 4, white=3)
    result = evaluate(Document((layer,)), frame)
    shape = result.plan.output

    traced = np.array(
        [
            [[trace(result, 0, c, y, x).result for x in range(shape.width)] for y in range(shape.height)]
            for c in range(shape.channels)
        ]
    )

    np.testing.assert_allclose(traced, result.outputs[0], rtol=2e-5, atol=1e-5)


def test_changing_an_input_that_took_no_part_changes_nothing() -> None:
    layer = Conv(weight=numbers(4, 3, 3, 5), bias=(1, 2, 3, 4), stride=Pair(2, 1))
    pixels = random.normal(size=(7, 8, 3))
    before = trace(evaluate(Document((layer,)), Frame(pixels.copy(), white=1)), 0, 1, 1, 2)
    region = before.regions[0]

    changed = pixels + 100.0
    inside = (slice(max(region.top, 0), region.bottom), slice(max(region.left, 0), region.right))
    changed[inside] = pixels[inside]
    after = trace(evaluate(Document((layer,)), Frame(changed, white=1)), 0, 1, 1, 2)

    assert before.output == after.output


def test_there_is_no_output_outside_of_the_output() -> None:
    with pytest.raises(ConvStudioError, match="row 5"):
        trace(article(), 0, 0, 4, 0)


def test_products_that_cancel_leave_0_and_no_rounding() -> None:
    third = 1 / 3
    layer = Conv(weight=Weights([[[[0.1, 0.2, -0.3], [-third, 0.0, third], [0.0, 0.0, 0.0]]]]), bias=(0.0,))
    grid = Frame(np.full((3, 3, 1), 34.0), white=34)

    calculation = trace(evaluate(Document((layer,)), grid), 0, 0, 1, 1)

    assert calculation.taps.products.sum() != 0  # 0.1 + 0.2 − 0.3 is 5.6e−17
    assert calculation.total == calculation.result == 0


def test_a_small_sum_of_large_products_is_kept() -> None:
    layer = Conv(weight=Weights([[[[1e6, -1e6, 1e-6]]]]), bias=(0.0,))
    grid = Frame(np.ones((1, 3, 1)), white=1)

    assert trace(evaluate(Document((layer,)), grid), 0, 0, 0, 1).total == 1e-6


def grey_column(*values: float) -> Frame:
    """A picture of three channels and one pixel."""
    return Frame(np.array([[list(values)]]), white=1)


def test_a_share_is_e_to_the_power_over_the_sum_of_all_powers() -> None:
    frame = grey_column(0.0, np.log(2.0), np.log(5.0))

    calculation = trace(evaluate(Document((Softmax(),)), frame), 0, 1, 0, 0)

    assert calculation.operation is Operation.SHARE
    assert calculation.result == pytest.approx(2 / 8)
    assert calculation.took_part == 3


def test_a_magnitude_is_the_root_of_two_squares_that_lie_half_of_the_channels_apart() -> None:
    filters = Weights([[[[3.0]]], [[[1.0]]], [[[4.0]]], [[[0.0]]]])
    bank = Conv(weight=filters, bias=(0.0,) * 4)

    calculation = trace(evaluate(Document((bank, Magnitude())), Frame(np.ones((1, 1, 1)), white=1)), 1, 0, 0, 0)

    assert (calculation.operation, calculation.result, calculation.total) == (Operation.LENGTH, 5.0, 25.0)
    assert calculation.taps.channels.tolist() == [0, 2]


def test_a_normalised_value_is_a_product_and_a_shift() -> None:
    layer = Normalisation(mean=(1.0, 2.0, 3.0), deviation=(4.0,))

    calculation = trace(evaluate(Document((layer,)), grey_column(9.0, 12.0, 5.0)), 0, 1, 0, 0)

    assert (calculation.total, calculation.bias, calculation.result) == (3.0, -0.5, 2.5)


def test_the_median_of_a_corner_is_of_what_is_in_the_picture() -> None:
    layer = Pool(kind=PoolKind.MEDIAN, window=Pair(3, 3), stride=Pair(1, 1), padding=Amounts(1, 1, 1, 1))

    calculation = trace(evaluate(Document((layer,)), counting(4, 4)), 0, 0, 0, 0)

    assert calculation.result == 1.0  # the lower middle one of 0, 1, 4 and 5
    assert calculation.output == 1.0
    assert calculation.winner == (0, 1, 2)


def test_a_pixel_that_is_made_smaller_is_the_mean_of_four() -> None:
    layer = Resize(mode=ResizeMode.AREA, factor=(0.5, 0.5))

    calculation = trace(evaluate(Document((layer,)), counting(4, 4)), 0, 0, 1, 1)

    assert calculation.taps.values[0].tolist() == [[10, 11], [14, 15]]
    assert calculation.taps.weights[0].tolist() == [[0.25, 0.25], [0.25, 0.25]]
    assert calculation.result == 12.5


def test_each_channel_of_a_prelu_has_its_own_slope() -> None:
    layer = Activation(kind=ActivationKind.PRELU, slopes=(0.5, 0.25, 2.0))

    result = evaluate(Document((layer,)), grey_column(-8.0, -8.0, -8.0))

    assert [trace(result, 0, channel, 0, 0).result for channel in range(3)] == [-4.0, -2.0, -16.0]
    assert result.outputs[0].ravel().tolist() == [-4.0, -2.0, -16.0]
