"""Teaching three kinds of map: what they learn from how many examples, by hand and by plain loops."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.core.ops import reference
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
from convstudio.insight.teach.models import FittedModel, ModelKind, fit, predict, relative_error, unknowns
from convstudio.insight.teach.sampling import choose_samples, patches_of, side_of
from convstudio.insight.teach.targets import (
    FromFile,
    FromLayer,
    FromPreset,
    Painted,
    Target,
    TrainingPair,
    middle,
    training_pair,
)
from convstudio.insight.teach.training import NoTraining, Training, TrainingQuestion, answer, room_for, without_rounding

KERNEL = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, -1.0], [2.0, 0.25, -4.0]])


def noise(height: int, width: int, channels: int = 1, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).integers(0, 256, (channels, height, width)).astype(np.float32)


PICTURE = noise(96, 96)


def correlated(plane: NDArray[np.float64], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """Every output whose window lies in the plane, by plain loops."""
    rows, columns = kernel.shape
    outputs = np.zeros((plane.shape[0] - rows + 1, plane.shape[1] - columns + 1))
    for row in range(outputs.shape[0]):
        for column in range(outputs.shape[1]):
            outputs[row, column] = float((plane[row : row + rows, column : column + columns] * kernel).sum())
    return outputs


def taught(planes: NDArray[np.float32], target: Target, **choices: Any) -> Training:
    training = answer(TrainingQuestion(planes, target, **choices))
    assert isinstance(training, Training), training.sentence
    return training


def refused(planes: NDArray[np.float32], target: Target, **choices: Any) -> str:
    refusal = answer(TrainingQuestion(planes, target, **choices))
    assert isinstance(refusal, NoTraining)
    return refusal.sentence


def conv(kernel: NDArray[np.float64], bias: float = 0.0, **more: object) -> Conv:
    return Conv(weight=Weights(kernel[None, None]), bias=(bias,), **more)  # type: ignore[arg-type]


# fitting


def test_one_example_tells_the_convolution_its_kernel() -> None:
    inputs = noise(10, 10).astype(np.float64)
    outputs = correlated(inputs[0], KERNEL)[None]

    fitted = fit(ModelKind.CONVOLUTION, inputs, outputs)

    np.testing.assert_allclose(fitted.weights.reshape(3, 3), KERNEL, atol=1e-10)
    assert fitted.rank == 9


def test_the_six_by_six_example_gives_the_kernel_with_the_smallest_weights() -> None:
    """Columns of the kernel with sums a, b, c see 10(a+b+c) = 0, 10(a+b) = 30, 10a = 30, 0 = 0: a = 3, b = 0, c = −3.

    Each sum is smallest when it is shared equally by three rows: 1, 0, −1.
    """
    picture = np.tile([10.0, 10, 10, 0, 0, 0], (6, 1))[None]
    targets = np.tile([0.0, 30, 30, 0], (4, 1))[None]

    fitted = fit(ModelKind.CONVOLUTION, picture, targets)

    np.testing.assert_allclose(fitted.weights.reshape(3, 3), np.tile([1.0, 0, -1], (3, 1)), atol=1e-12)
    assert fitted.rank == 3


def test_the_locally_connected_map_needs_nine_examples_and_the_dense_one_a_hundred() -> None:
    inputs = np.random.default_rng(1).normal(size=(101, 10, 10))
    outputs = np.array([correlated(patch, KERNEL) for patch in inputs])

    errors = {
        (kind, count): relative_error(outputs[100:], predict(fit(kind, inputs[:count], outputs[:count]), inputs[100:]))
        for kind, counts in ((ModelKind.LOCAL, (8, 9)), (ModelKind.DENSE, (99, 100)))
        for count in counts
    }

    right = {place for place, error in errors.items() if error is not None and error < 1e-6}
    assert right == {(ModelKind.LOCAL, 9), (ModelKind.DENSE, 100)}


@pytest.mark.parametrize("kind", ModelKind)
def test_a_bias_is_learned(kind: ModelKind) -> None:
    inputs = np.random.default_rng(2).normal(size=(130, 10, 10)) + 3
    outputs = np.array([correlated(patch, KERNEL) for patch in inputs]) + 12.5

    fitted = fit(kind, inputs, outputs, has_bias=True)

    np.testing.assert_allclose(fitted.biases, 12.5, rtol=1e-9)
    np.testing.assert_allclose(predict(fitted, inputs), outputs, rtol=1e-8, atol=1e-8)


def test_the_dense_map_of_two_by_two_inputs_is_a_matrix() -> None:
    weights = np.array([[1.0, 2.0, 3.0, 4.0]])

    outputs = predict(
        FittedModel(ModelKind.DENSE, 2, weights, np.array([0.5]), rank=1), np.array([[[1.0, 0.0], [0.0, 10.0]]])
    )

    assert outputs.tolist() == [[[41.5]]]


def test_the_locally_connected_map_has_weights_for_each_output() -> None:
    weights = np.array([[1.0, 0, 0, 0], [0, 1.0, 0, 0], [0, 0, 1.0, 0], [0, 0, 0, 2.0]])

    outputs = predict(FittedModel(ModelKind.LOCAL, 2, weights, np.zeros(4), rank=1), np.arange(9.0).reshape(1, 3, 3))

    assert outputs.tolist() == [[[0.0, 2.0], [6.0, 16.0]]]


@pytest.mark.parametrize(("size", "counts"), [(3, [9, 576, 6_400]), (5, [25, 1_600, 9_216]), (7, [49, 3_136, 12_544])])
def test_unknowns_are_counted(size: int, counts: list[int]) -> None:
    assert [unknowns(kind, size, 8).weights for kind in ModelKind] == counts
    assert [unknowns(kind, size, 8, has_bias=True).biases for kind in ModelKind] == [1, 64, 64]


def test_no_error_can_be_told_where_nothing_is_wanted() -> None:
    assert relative_error(np.zeros((1, 2, 2)), np.ones((1, 2, 2))) is None


# lessons


@pytest.mark.parametrize("key", [p.key for p in PRESETS if build(p).shape[0] == 1 and max(build(p).shape) <= 7])
def test_every_preset_is_found_from_a_single_example(key: str) -> None:
    kernel = build(find(key))[0]
    size = next(size for size in (3, 5, 7) if size >= max(kernel.shape))

    training = taught(PICTURE, FromPreset(key), size=size)

    assert training.difference is not None
    assert training.difference < 1e-6
    assert training.convolution.tests_error is not None
    assert training.convolution.tests_error < 1e-6


@pytest.mark.parametrize("examples", [1, 2, 5])
def test_from_few_examples_the_other_maps_err_ten_times_as_much(examples: int) -> None:
    training = taught(PICTURE, FromPreset("sobel-x"), examples=examples)

    errors = [pupil.tests_error for pupil in training.reports]

    assert None not in errors
    conv_error, *others = (error or 0.0 for error in errors)
    assert conv_error < 1e-9
    assert min(others) > 0.1


@pytest.mark.parametrize("shift", [1, 2, 3, 4])
def test_only_the_convolution_still_works_when_the_example_is_shifted(shift: int) -> None:
    training = taught(PICTURE, FromPreset("laplacian-8"), examples=2, shift=shift)

    known = [pupil.known_error or 0.0 for pupil in training.reports]
    shifted = [pupil.shifted_error or 0.0 for pupil in training.reports]

    assert max(known) < 1e-9  # all three know the example by heart
    assert shifted[0] < 1e-9
    assert min(shifted[1:]) > 0.3


def test_the_shifted_example_is_the_same_picture_further_right() -> None:
    training = taught(PICTURE, FromPreset("sobel-y"), shift=3)

    assert training.shifted is not None
    np.testing.assert_array_equal(training.shifted.input[:, 3:], training.known.input[:, :-3])
    np.testing.assert_array_equal(training.shifted.target[:, 3:], training.known.target[:, :-3])


def test_what_is_wanted_is_the_filtered_patch() -> None:
    training = taught(PICTURE, FromPreset("sobel-x"))

    np.testing.assert_allclose(
        training.known.target, correlated(training.known.input, build(find("sobel-x"))[0]), rtol=1e-12, atol=1e-9
    )


def test_the_curves_end_where_every_map_has_learned_enough() -> None:
    training = taught(PICTURE, FromPreset("sobel-x"))

    assert training.counts == (1, 2, 5, 20, 200)
    assert all((curve[-1] or 0.0) < 1e-6 for curve in training.curves)
    assert [sum((error or 0.0) > 1e-6 for error in curve) for curve in training.curves] == [0, 3, 4]


def test_examples_and_tests_lie_apart_and_are_always_the_same() -> None:
    before = PICTURE[0].astype(np.float64)

    chosen = choose_samples(before, Region(1, 95, 1, 95), 3, count=20)

    again = choose_samples(before, Region(1, 95, 1, 95), 3, count=20)
    np.testing.assert_array_equal(chosen.examples, again.examples)
    assert chosen.are_apart
    distances = np.abs(chosen.examples[:, None] - chosen.tests[None]).max(axis=2)
    assert distances.min() >= 10  # patches of 10×10 inputs


@pytest.mark.parametrize("side", [96, 24])
def test_no_other_example_is_the_first_one_shifted(side: int) -> None:
    room = Region(1, side - 1, 1, side - 1)

    examples = choose_samples(PICTURE[0, :side, :side].astype(np.float64), room, 3, count=200).examples

    first, others = examples[0], examples[1:]
    is_shifted = (others[:, 0] == first[0]) & (others[:, 1] < first[1]) & (others[:, 1] >= first[1] - 4)
    assert first[1] >= 1 + 4  # there is room for the longest shift
    assert not is_shifted.any()


def test_a_patch_is_cut_around_its_outputs() -> None:
    plane = np.arange(100.0).reshape(10, 10)

    patch = patches_of(plane, np.array([[4, 5]]), side=2, size=3)[0]

    np.testing.assert_array_equal(patch, plane[3:7, 4:8])


@pytest.mark.parametrize(("least", "side"), [(1, 1), (2, 2), (4, 3), (14, 8), (500, 8), (0, 0), (-3, 0)])
def test_small_pictures_have_small_patches(least: int, side: int) -> None:
    assert side_of(Region(0, least, 0, 600)) == side


def test_a_kernel_too_small_for_what_is_wanted_errs_and_has_no_right_kernel() -> None:
    training = taught(PICTURE, FromPreset("gaussian"), size=3, examples=20)

    assert training.difference is None
    assert training.pair.kernel is not None
    assert training.pair.kernel.shape == (7, 7)
    assert (training.convolution.examples_error or 0.0) > 0.01


def test_stripes_fix_only_what_can_be_seen() -> None:
    stripes = np.tile(np.array([0.0, 0, 0, 255, 255, 255] * 16, np.float32), (96, 1))[None]

    training = taught(stripes, FromPreset("sobel-x"))

    assert training.rank == 3  # one unknown for each column of the kernel
    np.testing.assert_allclose(training.kernel, np.tile([-4 / 3, 0, 4 / 3], (3, 1)), atol=1e-9)


def test_the_articles_picture_is_large_enough() -> None:
    picture = np.tile(np.array([10.0, 10, 10, 0, 0, 0], np.float32), (6, 1))[None]

    training = taught(picture, FromPreset("article-vertical"), examples=20)

    assert training.samples.side == 3
    assert (training.convolution.tests_error or 0.0) < 1e-9


def test_huge_pictures_are_cut_to_their_middle() -> None:
    assert middle(2000, 3000) == Region(680, 1320, 1180, 1820)


def test_progress_is_told() -> None:
    fractions: list[float] = []

    answer(TrainingQuestion(PICTURE, FromPreset("box")), fractions.append)

    assert fractions == sorted(fractions)
    assert len(fractions) >= 15
    assert 0 <= fractions[0] <= fractions[-1] < 1


# where the wanted output comes from


@pytest.mark.parametrize("padding", [Padding.SAME, Padding.VALID, Padding.FULL])
@pytest.mark.parametrize("orientation", Orientation)
def test_a_layers_own_kernel_is_found(padding: Padding, orientation: Orientation) -> None:
    layer = conv(KERNEL, padding=padding, orientation=orientation)

    training = taught(PICTURE, FromLayer(layer), size=5)

    expected = KERNEL if orientation is Orientation.CORRELATION else KERNEL[::-1, ::-1]
    np.testing.assert_allclose(training.kernel, np.pad(expected, 1), atol=1e-5)
    assert training.difference is not None
    assert training.difference < 1e-5


def test_a_layers_output_on_grey_is_what_is_wanted() -> None:
    weights = np.random.default_rng(4).normal(size=(2, 3, 3, 3))
    layer = Conv(weight=Weights(weights), bias=(0.0, 7.0))
    planes = noise(40, 40, channels=3)

    pair = training_pair(planes, FromLayer(layer, 1))

    grey = planes.astype(np.float64).mean(axis=0)
    expected = reference.conv2d(np.repeat(grey[None], 3, axis=0), weights, np.array([0.0, 7.0]), padding=1)[1]
    inside = (slice(1, -1), slice(1, -1))
    np.testing.assert_allclose(pair.after[inside], expected[inside], rtol=1e-4, atol=1e-3)
    assert pair.known == Region(1, 39, 1, 39)
    assert pair.bias == 7.0


def test_each_channel_alone_is_one_kernel_for_grey() -> None:
    layer = conv(KERNEL, channels=Channels.EACH)

    training = taught(noise(64, 64, channels=3), FromLayer(layer))

    np.testing.assert_allclose(training.kernel, KERNEL, atol=1e-5)


def test_a_dilated_kernel_is_found_with_its_gaps() -> None:
    training = taught(PICTURE, FromLayer(conv(KERNEL, dilation=Pair(2, 2))), size=5)

    expected = np.zeros((5, 5))
    expected[::2, ::2] = KERNEL
    np.testing.assert_allclose(training.kernel, expected, atol=1e-5)


def test_an_even_kernel_stands_where_the_layer_has_its_anchor() -> None:
    training = taught(PICTURE, FromLayer(conv(np.array([[1.0, 2.0], [3.0, 4.0]]))))

    np.testing.assert_allclose(training.kernel, [[0, 0, 0], [0, 1, 2], [0, 3, 4]], atol=1e-6)


def test_a_transposed_layer_stamps_its_kernel_turned_by_half() -> None:
    layer = ConvTranspose(weight=Weights(KERNEL[None, None]), bias=(0.0,), padding=Pair(1, 1))

    training = taught(PICTURE, FromLayer(layer))

    np.testing.assert_allclose(training.kernel, KERNEL[::-1, ::-1], atol=1e-5)


def test_a_mean_is_a_convolution_and_a_maximum_is_none() -> None:
    mean = Pool(kind=PoolKind.AVERAGE, window=Pair(3, 3), stride=Pair(1, 1))
    most = Pool(window=Pair(3, 3), stride=Pair(1, 1))

    of_mean, of_most = taught(PICTURE, FromLayer(mean)), taught(PICTURE, FromLayer(most))

    np.testing.assert_allclose(of_mean.kernel, np.full((3, 3), 1 / 9), atol=1e-6)
    assert (of_most.convolution.examples_error or 0.0) > 0.01


def test_a_curve_is_no_convolution_unless_it_changes_nothing() -> None:
    signed = PICTURE - 128

    of_signed, of_positive = taught(signed, FromLayer(Activation())), taught(PICTURE, FromLayer(Activation()))

    assert (of_signed.convolution.examples_error or 0.0) > 0.1
    np.testing.assert_allclose(of_positive.kernel, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], atol=1e-6)


def test_a_layer_that_is_switched_off_is_the_identity() -> None:
    training = taught(PICTURE, FromLayer(conv(KERNEL, enabled=False)))

    np.testing.assert_allclose(training.kernel, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], atol=1e-9)


def test_a_bias_of_the_layer_is_learned_where_it_is_asked_for() -> None:
    layer = conv(KERNEL, bias=40.0)

    without, with_one = taught(PICTURE, FromLayer(layer)), taught(PICTURE, FromLayer(layer), has_bias=True)

    assert (without.convolution.examples_error or 0.0) > 0.001
    assert with_one.bias == pytest.approx(40, rel=1e-5)
    assert (with_one.convolution.tests_error or 0.0) < 1e-6


@pytest.mark.parametrize(
    ("layer", "part"),
    [
        (Dense(units=10), "Dense 10 gives numbers that have no places"),
        (Pool(is_global=True), "Global max pool gives numbers that have no places"),
        (Pool(), "The output of Max pool 2×2 has another scale"),
        (conv(KERNEL, stride=Pair(2, 2)), "The output of Conv 3×3 has another scale"),
        (
            ConvTranspose(weight=Weights(np.ones((1, 1, 2, 2))), bias=(0.0,), stride=Pair(2, 2)),
            "The output of Transposed conv 2×2 has another scale",
        ),
    ],
)
def test_a_layer_whose_output_does_not_lie_on_the_picture_is_refused(layer: Layer, part: str) -> None:
    assert refused(PICTURE, FromLayer(layer)).startswith(part)


def test_of_what_comes_in_a_layer_gets_what_it_reads() -> None:
    """The third of four maps, as a curve reads it; the fourth is no number, and must not be looked at."""
    maps = noise(40, 40, channels=4) - 128
    maps[3] = np.nan

    pair = training_pair(maps, FromLayer(Activation(), channels=(2,)))

    np.testing.assert_array_equal(pair.before, maps[2])
    np.testing.assert_array_equal(pair.after, np.maximum(maps[2], 0))


def test_what_a_layer_reads_and_makes_is_finite_or_refused() -> None:
    broken = PICTURE.copy()
    broken[0, 5, 5] = np.inf

    assert refused(broken, FromLayer(Activation())).startswith("Some numbers that ReLU reads are not finite")
    assert refused(PICTURE, FromLayer(conv(KERNEL * 5e37))).startswith("Some outputs of Conv 3×3 are not finite")


def test_a_layer_that_reads_too_little_is_told_so() -> None:
    sentence = refused(PICTURE[:, :2, :2], FromLayer(conv(KERNEL)))

    assert sentence.startswith("What Conv 3×3 reads has 2×2 pixels, and no place")


def test_a_file_teaches_the_kernel_that_made_it() -> None:
    plane = PICTURE[0].astype(np.float64)
    filtered = np.pad(correlated(plane, KERNEL), 1).astype(np.float32)

    training = taught(PICTURE, FromFile(Frame(filtered[:, :, None], white=255)))

    np.testing.assert_allclose(training.kernel, KERNEL, atol=1e-5)
    assert training.difference is None


def test_a_file_in_8_bits_teaches_nearly_the_same() -> None:
    blurred = np.pad(correlated(PICTURE[0].astype(np.float64), np.full((3, 3), 1 / 9)), 1)

    training = taught(PICTURE, FromFile(Frame(np.rint(blurred)[:, :, None].astype(np.uint8), white=255)), examples=20)

    np.testing.assert_allclose(training.kernel, np.full((3, 3), 1 / 9), atol=2e-3)


def test_a_file_of_another_size_is_refused_with_both_sizes() -> None:
    frame = Frame(np.zeros((50, 60, 1), np.uint8), white=255, name="other.png")

    assert refused(PICTURE, FromFile(frame)) == (
        "The wanted output other.png has 60×50 pixels, but the picture has 96×96; choose a file of the same size."
    )


def test_nothing_painted_is_the_identity() -> None:
    training = taught(PICTURE, Painted())

    np.testing.assert_allclose(training.kernel, [[0, 0, 0], [0, 1, 0], [0, 0, 0]], atol=1e-9)
    assert training.pair.before.shape == (20, 20)


def test_what_was_painted_stands_in_the_first_example() -> None:
    before = noise(20, 20)[0].astype(np.float64)
    after = before.copy()
    after[3, 5] += 60

    training = taught(PICTURE, Painted(before, after), examples=1)

    assert (training.known.target - training.known.input[1:-1, 1:-1]).max() == pytest.approx(60)
    assert (training.convolution.known_error or 0.0) > 0.01  # no convolution changes one pixel alone


def test_an_even_painting_is_a_convolution() -> None:
    before = noise(20, 20)[0].astype(np.float64)

    training = taught(PICTURE, Painted(before, before / 2))

    np.testing.assert_allclose(training.kernel, 0.5 * np.eye(9)[4].reshape(3, 3), atol=1e-9)


@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 3), (1, 50), (6, 6), (9, 4), (10, 10), (17, 300)])
@pytest.mark.parametrize("size", [3, 7])
def test_pictures_of_any_size_get_a_lesson_or_a_sentence(shape: tuple[int, int], size: int) -> None:
    training = answer(TrainingQuestion(noise(*shape), FromPreset("sobel-x"), size=size, examples=20))

    if isinstance(training, NoTraining):
        assert f"The picture has {shape[1]}×{shape[0]} pixels" in training.sentence
    else:
        assert min(shape) >= size
        assert 1 <= training.examples <= 20


def test_a_flat_picture_and_pixels_that_are_no_numbers_break_nothing() -> None:
    flat = taught(np.full((1, 40, 40), 7, np.float32), FromPreset("sobel-x"))
    broken = PICTURE.copy()
    broken[0, 0, 0] = np.nan

    sentence = refused(broken, FromPreset("sobel-x"))

    assert flat.convolution.tests_error is None
    assert sentence.startswith("Some pixels of this picture are not finite")


def test_room_is_kept_for_the_windows_of_both_kernels() -> None:
    plane = np.zeros((20, 30))

    assert room_for(TrainingPair(plane, plane, Region(6, 14, 1, 29)), 5) == Region(6, 14, 2, 28)


def test_rounding_is_tidied_away() -> None:
    assert without_rounding(np.array([[2.0000000000000004, -1e-15], [0.1111111111111111, 0]])).tolist() == [
        [2, 0],
        [0.111111111, 0],
    ]
