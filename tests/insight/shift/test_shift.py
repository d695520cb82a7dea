"""THE SHIFT TEST: the published facts of translation, each against plain arrays."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Pair
from convstudio.core.ops import reference
from convstudio.core.recipe.document import Display, DisplayMode
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Pool,
    PoolKind,
    Weights,
)
from convstudio.insight.shift.baseline import Experiment, run_baseline, seen_part_of
from convstudio.insight.shift.comparison import (
    Curve,
    CurveQuestion,
    Direction,
    NoAnswer,
    ShiftAnswer,
    ShiftComparison,
    ShiftQuestion,
    answer,
    compare_shift,
    errors_of,
)
from convstudio.insight.shift.equivariance import Conclusion, Errors
from convstudio.insight.shift.translation import Shift, own_region, translate, unaffected_region
from convstudio.insight.shift.what_if import BorderChoice, Layers, StrideChoice, WhatIf, apply_what_if
from convstudio.io.samples import load_sample

RANDOM = np.random.default_rng(5)
PICTURE = RANDOM.integers(0, 256, (3, 64, 64)).astype(np.float32)
KERNEL = RANDOM.normal(size=(4, 3, 3, 3))
CONV = Conv(weight=Weights(KERNEL), bias=(1.0, -2.0, 0.0, 3.0))
RING = replace(CONV, border=Border.CIRCULAR)
DOUBLING = ConvTranspose(weight=Weights(RANDOM.normal(size=(3, 2, 4, 4))), bias=(0.0, 1.0), stride=Pair(2, 2))
SOBEL = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
EDGE = Conv(weight=Weights([[[[1, 0, -1]] * 3] * 3]), bias=(0.0,))
AVERAGE = Pool(kind=PoolKind.AVERAGE, is_global=True)


def compared(
    *layers: Layer,
    shift: Shift,
    what_if: WhatIf = WhatIf(),  # noqa: B008
    planes: NDArray[np.float32] = PICTURE,
) -> ShiftComparison:
    comparison = answer(ShiftQuestion(Experiment(layers, planes, white=255.0, what_if=what_if), shift))
    assert isinstance(comparison, ShiftComparison)
    return comparison


def errors_by_shift(
    *layers: Layer,
    what_if: WhatIf = WhatIf(),  # noqa: B008
    planes: NDArray[np.float32] = PICTURE,
) -> dict[int, Errors]:
    curve = answer(CurveQuestion(Experiment(layers, planes, white=255.0, what_if=what_if)))
    assert isinstance(curve, Curve)
    return dict(zip(curve.shifts, curve.errors, strict=True))


def number(value: float | None) -> float:
    assert value is not None
    return value


@pytest.mark.parametrize("shift", [Shift.of(1), Shift.of(-3, 2), Shift.of(0, 5), Shift.of(16, -16)])
@pytest.mark.parametrize("border", list(Border))
def test_with_stride_1_the_interior_moves_along_exactly(shift: Shift, border: Border) -> None:
    pool = Pool(window=Pair(3, 3), stride=Pair(1, 1))

    comparison = compared(replace(CONV, border=border), Activation(), pool, CONV, shift=shift)

    assert number(comparison.errors.interior) < 1e-6
    assert comparison.conclusion in (Conclusion.EQUIVARIANT, Conclusion.INSIDE)


def test_the_errors_are_those_of_plain_arrays() -> None:
    """dx = 2, zeros: outputs 2 … 63 are compared, of them 3 … 62 see no padding and nothing that came in."""
    comparison = compared(CONV, shift=Shift.of(2))

    shifted = np.zeros_like(PICTURE)
    shifted[:, :, 2:] = PICTURE[:, :, :-2]
    f = reference.conv2d(PICTURE, KERNEL, CONV.bias, padding=1)
    f_of_shifted = reference.conv2d(shifted, KERNEL, CONV.bias, padding=1)
    apart = f_of_shifted[:, :, 2:] - f[:, :, :-2]
    is_border = np.ones(apart.shape, np.bool_)
    is_border[:, 1:-1, 1:-1] = False
    same = f[:, :, 2:]  # the norm below the line is over the same outputs
    border = np.linalg.norm(apart[is_border]) / np.linalg.norm(same[is_border])
    changed = np.linalg.norm(f_of_shifted[:, :, 2:] - same) / np.linalg.norm(same)
    np.testing.assert_allclose(number(comparison.errors.border), border, rtol=1e-4)
    np.testing.assert_allclose(
        number(comparison.errors.everything), np.linalg.norm(apart) / np.linalg.norm(same), rtol=1e-4
    )
    np.testing.assert_allclose(number(comparison.errors.change), changed, rtol=1e-4)
    assert comparison.expected.compared == Region(0, 64, 2, 64)
    assert comparison.expected.interior == Region(1, 63, 3, 63)
    assert comparison.conclusion is Conclusion.INSIDE


def test_a_valid_layer_has_no_border_and_no_error() -> None:
    """Rolling the input and comparing all outputs would report an error that is not there."""
    comparison = compared(replace(CONV, padding=Padding.VALID), shift=Shift.of(3, -2))

    assert number(comparison.errors.interior) < 1e-6
    assert comparison.errors.border is None
    assert comparison.conclusion is Conclusion.EQUIVARIANT
    assert comparison.expected.interior == comparison.expected.compared == Region(0, 60, 3, 62)


@pytest.mark.parametrize("shift", [Shift.of(1), Shift.of(-7, 3), Shift.of(0, 11)])
def test_on_a_ring_the_border_moves_along_too(shift: Shift) -> None:
    comparison = compared(RING, Activation(), RING, shift=shift)

    assert number(comparison.errors.interior) < 1e-6
    assert number(comparison.errors.border) < 1e-6
    assert comparison.conclusion is Conclusion.EQUIVARIANT
    assert comparison.expected.compared == Region(0, 64, 0, 64)


def test_stride_2_is_a_comb() -> None:
    errors = errors_by_shift(replace(CONV, stride=Pair(2, 2)))

    even = [number(errors[shift].interior) for shift in errors if shift % 2 == 0]
    odd = [number(errors[shift].interior) for shift in errors if shift % 2]
    assert list(errors) == list(range(-16, 17))
    assert max(even) < 1e-6
    assert min(odd) > 0.3


def test_a_stride_along_one_axis_is_a_comb_along_that_axis_alone() -> None:
    experiment = Experiment((replace(CONV, stride=Pair(2, 1)),), PICTURE, white=255.0)

    across, down = (answer(CurveQuestion(experiment, direction)) for direction in Direction)

    assert isinstance(across, Curve)
    assert isinstance(down, Curve)
    assert all(errors.interior == 0 for errors in across.errors)
    zeros = {shift for shift, errors in zip(down.shifts, down.errors, strict=True) if errors.interior == 0}
    assert zeros == set(range(-16, 17, 2))


def test_an_odd_shift_is_compared_with_the_mean_of_two_outputs() -> None:
    """S f(x) for half an output: the mean of the neighbours, on outputs whose windows both see only the picture.

    Padding is seen in the first row and column alone; the frame that is left out has the last ones too.
    """
    comparison = compared(replace(CONV, stride=Pair(2, 2)), shift=Shift.of(1))

    shifted = np.zeros_like(PICTURE)
    shifted[:, :, 1:] = PICTURE[:, :, :-1]
    f = reference.conv2d(PICTURE, KERNEL, CONV.bias, padding=1, stride=2)
    f_of_shifted = reference.conv2d(shifted, KERNEL, CONV.bias, padding=1, stride=2)
    apart = (f_of_shifted[:, :, 1:] - (f[:, :, 1:] + f[:, :, :-1]) / 2)[:, 1:-1, 1:-1]
    expected = np.linalg.norm(apart) / np.linalg.norm(f[:, 1:-1, 2:-1])
    assert comparison.expected.interior == Region(1, 31, 2, 31)
    np.testing.assert_allclose(number(comparison.errors.interior), expected, rtol=1e-5)


@pytest.mark.parametrize("across", [1, 3, -5, 16])
@pytest.mark.parametrize("border", [Border.ZEROS, Border.REFLECT])
def test_a_photographs_errors_are_the_ones_of_plain_arrays_in_both_regions(across: int, border: Border) -> None:
    """Coffee, Sobel, stride 2: zeros at its edge answer loudly, and that must not shrink what is said of its inside."""
    photograph = load_sample("coffee").pixels.transpose(2, 0, 1)
    sobel = Conv(weight=Weights([[SOBEL]]), bias=(0.0,), border=border, stride=Pair(2, 2), channels=Channels.EACH)

    comparison = compared(sobel, shift=Shift.of(across), planes=photograph.astype(np.float32))

    middle = photograph[:, 176:304, 256:384].astype(np.float64)
    shifted = np.zeros_like(middle)
    shifted[:, :, max(across, 0) : 128 + min(across, 0)] = middle[:, :, max(-across, 0) : 128 - max(across, 0)]
    kernels = np.repeat(np.array(SOBEL, np.float64)[None, None], 3, axis=0)
    f, f_of_shifted = (
        reference.conv2d(planes, kernels, padding=1, stride=2, groups=3, border=border) for planes in (middle, shifted)
    )
    columns = np.arange(64)
    low, high = np.floor(columns - across / 2).astype(int), np.ceil(columns - across / 2).astype(int)
    is_known = (low >= 0) & (high < 64)
    moved_output = (f[:, :, low % 64] + f[:, :, high % 64]) / 2
    # column c of f(Sx) reads the picture's pixels 2c − 1 − dx … 2c + 1 − dx; both of f(x) below it must read no padding
    is_clear = is_known & (2 * columns - 1 >= max(across, 0)) & (2 * columns + 1 < 128 + min(across, 0)) & (low >= 1)
    known, clear = np.flatnonzero(is_known), np.flatnonzero(is_clear)
    frame = max(clear[0] - known[0], known[-1] - clear[-1])  # as wide on the right as on the left
    inside = np.zeros((64, 64), np.bool_)
    inside[1:63, known[0] + frame : known[-1] + 1 - frame] = True
    edge = np.broadcast_to(is_known, (64, 64)) & ~inside
    for error, where in ((comparison.errors.interior, inside), (comparison.errors.border, edge)):
        apart = np.linalg.norm((f_of_shifted - moved_output)[:, where])
        np.testing.assert_allclose(number(error), apart / np.linalg.norm(f[:, where]), rtol=1e-4, atol=1e-6)


def test_coffee_by_sobel_at_stride_2_differs_by_46_percent_after_one_pixel() -> None:
    """A frame of one output is left out on all four sides, below the line as above it: 0.4585, in float64 by hand."""
    photograph = load_sample("coffee").pixels.transpose(2, 0, 1)
    sobel = Conv(weight=Weights([[SOBEL]]), bias=(0.0,), stride=Pair(2, 2), channels=Channels.EACH)

    comparison = compared(sobel, shift=Shift.of(1), planes=photograph.astype(np.float32))

    x = photograph[:, 176:304, 256:384].astype(np.float64)
    shifted = np.concatenate([np.zeros((3, 128, 1)), x[:, :, :-1]], axis=2)
    f, f_of_shifted = (sobel_at_every_second_place(planes) for planes in (x, shifted))
    apart = f_of_shifted[:, :, 1:] - (f[:, :, 1:] + f[:, :, :-1]) / 2
    error = np.linalg.norm(apart[:, 1:-1, 1:-1]) / np.linalg.norm(f[:, 1:-1, 2:-1])
    np.testing.assert_allclose(error, 0.4585, atol=5e-5)
    np.testing.assert_allclose(number(comparison.errors.interior), error, rtol=1e-5)


def sobel_at_every_second_place(planes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sobel with zeros around, at stride 2: by slices of the picture and nothing of the program's."""
    _, height, width = planes.shape
    room = np.pad(planes, ((0, 0), (1, 1), (1, 1)))
    return np.asarray(
        sum(
            SOBEL[row][column] * room[:, row : row + height : 2, column : column + width : 2]
            for row in range(3)
            for column in range(3)
        )
    )


def test_without_padding_there_is_no_frame() -> None:
    """At stride 2 a 2×2 window meets no edge: all that is compared is interior."""
    comparison = compared(Pool(), shift=Shift.of(2))

    assert comparison.expected.interior == comparison.expected.compared == Region(0, 32, 1, 32)


def test_pictures_have_the_ends_that_outputs_have_elsewhere() -> None:
    experiment = Experiment((EDGE,), PICTURE, white=255.0, display=Display(DisplayMode.SIGNED, 500.0))

    comparison = answer(ShiftQuestion(experiment, Shift.of(2)))

    assert isinstance(comparison, ShiftComparison)
    pictures = comparison.pictures
    assert {(shown.low, shown.high) for shown in (pictures.output, pictures.output_of_moved)} == {(-500.0, 500.0)}
    np.testing.assert_array_equal(pictures.output.pixels[1:63, 1:61], pictures.moved_output.pixels[1:63, 3:63])


def test_the_teeth_of_the_comb_are_equally_long() -> None:
    """On noise, Sobel at stride 2 has an error of √1.25 at every odd shift, however little is left to compare.

    In a row f(Sx) is −1 0 1 around pixel p, and S f(x) the mean of the same around p − 1 and p + 1, −½ 0 0 0 ½: the
    difference ½ −1 0 1 −½ has the energy 2.5, and f(x) has 2.
    """
    noise = np.random.default_rng(8).normal(size=(3, 128, 128)).astype(np.float32)
    sobel = Conv(weight=Weights([[SOBEL]]), bias=(0.0,), stride=Pair(2, 2), channels=Channels.EACH)

    errors = errors_by_shift(sobel, planes=noise)

    teeth = [number(errors[shift].interior) for shift in errors if shift % 2]
    np.testing.assert_allclose(teeth, np.sqrt(1.25), rtol=0.03)


def test_where_the_output_is_0_there_is_no_error_to_tell() -> None:
    """A flat picture between zeros: Sobel answers at the border alone, and nothing is claimed of the interior."""
    flat = np.full((1, 32, 32), 7, np.float32)

    comparison = compared(EDGE, shift=Shift.of(1), planes=flat)

    assert comparison.errors.interior is None
    assert number(comparison.errors.border) > 0.1
    assert comparison.conclusion is Conclusion.NEITHER


def test_two_strides_of_2_make_a_comb_of_4() -> None:
    errors = errors_by_shift(replace(CONV, stride=Pair(2, 2)), Pool(), what_if=WhatIf(border=BorderChoice.CIRCULAR))

    exact = [shift for shift in errors if number(errors[shift].everything) < 1e-6]
    assert exact == list(range(-16, 17, 4))


def test_a_stride_that_is_undone_leaves_its_comb() -> None:
    up = ConvTranspose(weight=Weights(np.ones((4, 2, 2, 2))), bias=(0.0, 0.0), stride=Pair(2, 2))

    errors = errors_by_shift(replace(CONV, stride=Pair(2, 2)), up)

    assert number(errors[2].interior) < 1e-6
    assert number(errors[3].interior) > 0.1


@pytest.mark.parametrize("across", [1, 2, 3])
def test_global_pooling_on_a_ring_does_not_change_at_all(across: int) -> None:
    comparison = compared(RING, Activation(), AVERAGE, shift=Shift.of(across, -5))

    assert number(comparison.errors.everything) < 1e-6
    assert number(comparison.errors.change) < 1e-6
    assert comparison.errors.interior is None
    assert comparison.conclusion is Conclusion.INVARIANT


def test_global_pooling_with_zeros_is_not_quite_invariant() -> None:
    comparison = compared(CONV, AVERAGE, shift=Shift.of(16))

    shifted = np.zeros_like(PICTURE)
    shifted[:, :, 16:] = PICTURE[:, :, :-16]
    means = reference.conv2d(PICTURE, KERNEL, CONV.bias, padding=1).mean(axis=(1, 2))
    shifted_means = reference.conv2d(shifted, KERNEL, CONV.bias, padding=1).mean(axis=(1, 2))
    expected = np.linalg.norm(shifted_means - means) / np.linalg.norm(means)
    np.testing.assert_allclose(number(comparison.errors.everything), expected, rtol=1e-4)
    assert comparison.conclusion is Conclusion.NEITHER


def test_a_dense_layer_is_neither() -> None:
    comparison = compared(RING, Dense(units=8), shift=Shift.of(2))

    assert comparison.conclusion is Conclusion.NEITHER
    assert number(comparison.errors.everything) > 0.1


def test_dense_after_global_pooling_is_invariant() -> None:
    comparison = compared(RING, Dense(units=8), shift=Shift.of(2), what_if=WhatIf(has_average=True))

    assert comparison.conclusion is Conclusion.INVARIANT


def test_half_pixels_are_means_and_linear_layers_follow_them() -> None:
    half = compared(RING, shift=Shift.of(0.5))
    bent = compared(RING, Activation(kind=ActivationKind.ABSOLUTE), shift=Shift.of(0.5))

    assert number(half.errors.everything) < 1e-6
    assert number(bent.errors.everything) > 0.1
    assert bent.conclusion is Conclusion.NEITHER


def test_pooling_changes_the_output_less_than_the_layer_before() -> None:
    """Location is traded for tolerance: of a one pixel wide line, a 4×4 maximum moves only where a window ends."""
    line = np.zeros((1, 64, 64), np.float32)
    line[0, :, 33] = 255
    keep = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))

    alone = compared(keep, shift=Shift.of(1), planes=line)
    pooled = compared(keep, Pool(window=Pair(4, 4), stride=Pair(4, 4)), shift=Shift.of(1), planes=line)

    np.testing.assert_allclose(number(alone.errors.change), np.sqrt(2), rtol=1e-6)
    assert pooled.errors.change == 0


def test_blurring_before_subsampling_lowers_the_teeth() -> None:
    strided = replace(CONV, stride=Pair(2, 2))

    without, blurred = errors_by_shift(strided)[1], errors_by_shift(strided, what_if=WhatIf(has_blur=True))[1]

    assert number(blurred.interior) < number(without.interior) / 2


def test_what_is_supposed_is_a_copy() -> None:
    layers: Layers = (replace(CONV, padding=Padding.VALID), Activation(), Pool(), Dense(units=3))

    layers_run = apply_what_if(layers, WhatIf(BorderChoice.ZEROS, StrideChoice.ONE, has_pool=True, has_average=True))

    assert layers_run == (
        replace(CONV, padding=Padding.SAME),
        Activation(),
        Pool(stride=Pair(1, 1)),
        Pool(),
        AVERAGE,
        Dense(units=3),
    )
    assert apply_what_if(layers, WhatIf()) == layers


def test_the_blur_is_the_binomial_between_the_layer_and_its_stride() -> None:
    layers = apply_what_if((replace(RING, stride=Pair(2, 1)),), WhatIf(has_blur=True))

    assert [layer.stride for layer in layers if isinstance(layer, Conv)] == [Pair(1, 1), Pair(2, 1)]
    blur = layers[1]
    assert isinstance(blur, Conv)
    assert (blur.weight.array * 16).tolist() == [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]]
    assert (blur.border, blur.channels) == (Border.CIRCULAR, Channels.EACH)


@pytest.mark.parametrize(
    "layer",
    [
        Pool(),
        Pool(window=Pair(3, 3), stride=Pair(2, 2), padding=Amounts(1, 1, 1, 1)),
        Pool(kind=PoolKind.AVERAGE, window=Pair(5, 4), stride=Pair(1, 1)),
        replace(CONV, padding=Padding.VALID, stride=Pair(4, 2)),
        replace(CONV, weight=Weights(RANDOM.normal(size=(4, 3, 4, 2))), dilation=Pair(2, 3)),
        replace(DOUBLING, padding=Pair(1, 1)),
    ],
)
@pytest.mark.parametrize("has_blur", [False, True])
def test_supposed_circular_every_layer_is_exact_up_to_its_border(layer: Layer, has_blur: bool) -> None:
    comparison = compared(layer, shift=Shift.of(8, -4), what_if=WhatIf(BorderChoice.CIRCULAR, has_blur=has_blur))

    assert number(comparison.errors.everything) < 1e-6
    assert comparison.conclusion is Conclusion.EQUIVARIANT


def test_a_large_picture_is_tested_on_its_middle() -> None:
    planes = np.zeros((1, 301, 401), np.float32)
    deep = (replace(CONV, weight=Weights(np.ones((1, 1, 31, 31))), bias=(0.0,), stride=Pair(3, 3)),) * 2

    assert run_baseline(Experiment((CONV,), planes, white=1.0)).part == Region(86, 214, 136, 264)
    # 31 + 30·3 = 121 pixels of receptive field; 252 is the largest multiple of 9 up to 256
    assert run_baseline(Experiment(deep, planes, white=1.0)).part == Region(24, 276, 74, 326)


def test_the_clear_outputs_are_those_whose_windows_are_in_the_picture() -> None:
    """By running the layers: outputs that stay finite when everything outside of the region is not a number."""
    up = ConvTranspose(weight=Weights(np.ones((4, 1, 3, 3))), bias=(0.0,), stride=Pair(2, 2), padding=Pair(1, 1))
    down = replace(CONV, stride=Pair(2, 3), padding=Padding.VALID, dilation=Pair(2, 1))
    baseline = run_baseline(
        Experiment((down, Activation(kind=ActivationKind.TANH), up), PICTURE[:, :40, :45], white=255.0)
    )

    region = unaffected_region(baseline.plan, Region(5, 33, 4, 45))

    poisoned = np.full((3, 40, 45), np.nan)
    poisoned[:, 5:33, 4:45] = PICTURE[:, 5:33, 4:45]
    middle = np.tanh(reference.conv2d(poisoned, KERNEL, CONV.bias, stride=(2, 3), dilation=(2, 1)))
    room = np.pad(middle, ((0, 0), (1, 1), (1, 1)), constant_values=np.nan)  # beyond its input there is nothing to see
    ends = reference.conv_transpose2d(room, np.ones((4, 1, 3, 3)), stride=2, padding=3)[0]
    rows, columns = np.nonzero(np.isfinite(ends))
    assert region == Region(rows.min(), rows.max() + 1, columns.min(), columns.max() + 1)


def test_moving_by_hand() -> None:
    planes = np.array([[[1, 2, 3], [4, 5, 6]]], np.float32)

    assert translate(planes, Shift.of(1), is_ring=False).tolist() == [[[0, 1, 2], [0, 4, 5]]]
    assert translate(planes, Shift.of(-1, 1), is_ring=True).tolist() == [[[5, 6, 4], [2, 3, 1]]]
    assert translate(planes, Shift.of(-0.5), is_ring=False).tolist() == [[[1.5, 2.5, 1.5], [4.5, 5.5, 3]]]
    assert translate(planes, Shift.of(9, 9), is_ring=False).tolist() == [[[0] * 3] * 2]
    assert translate(planes, Shift(Fraction(1, 4)), is_ring=True).tolist()[0][0] == [1.5, 1.75, 2.75]
    assert own_region(2, 3, Shift.of(-0.5, 3)).is_empty
    assert own_region(6, 8, Shift.of(-0.5, 1.5)) == Region(2, 6, 0, 7)


def test_a_flat_answer_has_nothing_to_compare() -> None:
    flat = np.full((1, 32, 32), 7, np.float32)
    edge = Conv(weight=Weights([[[[1, 0, -1]]]]), bias=(0.0,), padding=Padding.VALID)

    comparison = compared(edge, shift=Shift.of(1), planes=flat)

    assert comparison.conclusion is Conclusion.UNKNOWN
    assert comparison.errors.everything is None


def test_pixels_that_are_no_numbers_have_nothing_to_compare() -> None:
    planes = PICTURE.copy()
    planes[0, 3, 3], planes[1, 5, 5] = np.nan, np.inf

    assert compared(CONV, shift=Shift.of(0.5), planes=planes).conclusion is Conclusion.UNKNOWN


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 50), (1, 6, 6), (3, 5, 2)])
def test_tiny_pictures_are_answered(shape: tuple[int, int, int]) -> None:
    experiment = Experiment(
        (CONV, Activation(), Pool(padding=Amounts(1, 1, 1, 1))), np.ones(shape, np.float32), white=1.0
    )
    all_supposed = (
        WhatIf(),
        WhatIf(BorderChoice.CIRCULAR, has_blur=True),
        WhatIf(has_pool=True, has_average=True),
    )
    answers: list[ShiftAnswer] = [
        answer(ShiftQuestion(replace(experiment, what_if=what_if), Shift.of(2))) for what_if in all_supposed
    ]

    assert all(isinstance(item, ShiftComparison | NoAnswer) for item in answers)


def test_a_kernel_that_does_not_fit_gives_a_sentence() -> None:
    wide = Conv(weight=Weights(np.ones((1, 1, 9, 9))), bias=(0.0,), padding=Padding.VALID)

    refusal = answer(CurveQuestion(Experiment((wide,), np.ones((1, 4, 4), np.float32), white=1.0)))

    assert isinstance(refusal, NoAnswer)
    assert "9 pixels" in refusal.sentence


def test_costly_layers_are_tested_on_a_smaller_part() -> None:
    """64 filters of 31×31 over 64 channels are 3.9 million multiply-adds for each output."""
    costly = Conv(weight=Weights(np.ones((64, 64, 31, 31))), bias=(0.0,) * 64)

    part = run_baseline(Experiment((costly,), np.ones((64, 300, 300), np.float32), white=1.0)).part

    assert (part.height, part.width) == (32, 32)


def test_the_curve_tells_how_far_it_is() -> None:
    heard: list[float] = []

    answer(CurveQuestion(Experiment((CONV,), PICTURE, white=255.0)), heard.append)
    answer(ShiftQuestion(Experiment((CONV,), PICTURE, white=255.0), Shift.of(1)), heard.append)

    assert heard == [place / 33 for place in range(33)]


def test_both_outputs_have_the_same_colours_and_a_difference_has_its_own() -> None:
    pictures = compared(EDGE, shift=Shift.of(2)).pictures

    assert pictures.output_of_moved.mode is pictures.moved_output.mode is DisplayMode.SIGNED
    assert (pictures.output_of_moved.low, pictures.output_of_moved.high) == (
        pictures.moved_output.low,
        pictures.moved_output.high,
    )
    np.testing.assert_array_equal(pictures.output_of_moved.pixels[1:63, 3:63], pictures.moved_output.pixels[1:63, 3:63])
    assert pictures.difference.high == pytest.approx(pictures.scale)
    assert (pictures.difference.pixels[1:63, 3:63] == [247, 247, 245]).all()  # the neutral colour
    assert pictures.input.pixels[0, 0].tolist() == [0, 0, 0]


def test_units_without_places_are_laid_out_side_by_side() -> None:
    few = compared(RING, AVERAGE, shift=Shift.of(1)).pictures.moved_output
    many = compared(Dense(units=20), shift=Shift.of(1)).pictures.moved_output

    assert few.pixels.shape[:2] == (1, 4)
    assert many.pixels.shape[:2] == (4, 5)


def test_layers_that_are_switched_off_do_nothing() -> None:
    comparison = compared(replace(CONV, stride=Pair(2, 2), enabled=False), Dense(enabled=False), shift=Shift.of(1))

    assert comparison.conclusion is Conclusion.EQUIVARIANT
    assert comparison.baseline.period == (1, 1)
    assert comparison.expected.interior == Region(0, 64, 1, 64)


def test_the_whole_picture_is_seen_and_its_middle_is_tested() -> None:
    planes = np.random.default_rng(3).uniform(0, 255, (3, 200, 300)).astype(np.float32)
    halving = replace(CONV, stride=Pair(2, 2))

    comparison = compare_shift(ShiftQuestion(Experiment((halving,), planes, white=255.0), Shift.of(2)))

    assert comparison.baseline.part == Region(36, 164, 86, 214)
    assert comparison.whole.part == Region(0, 200, 0, 300)
    assert comparison.pictures.input.pixels.shape == (200, 300, 3)
    assert comparison.pictures.output_of_moved.pixels.shape[:2] == comparison.whole.output.shape[1:] == (100, 150)
    assert comparison.tested == Region(18, 82, 43, 107)
    assert comparison.errors == errors_of(Experiment((halving,), planes, white=255.0), Shift.of(2))


def test_of_a_small_picture_all_is_tested_and_nothing_is_marked() -> None:
    planes = np.ones((3, 100, 120), np.float32)

    assert compare_shift(ShiftQuestion(Experiment((CONV,), planes, white=1.0), Shift.of(1))).tested is None


def test_of_a_large_picture_the_middle_is_seen() -> None:
    baseline = run_baseline(Experiment((), np.zeros((1, 1100, 1500), np.float32), white=1.0))

    assert seen_part_of(baseline) == Region(38, 1062, 238, 1262)
