"""What other libraries do, checked against the numbers that their own documentation prints, and by plain loops."""

from math import floor

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.recipe.layers import Conv, ConvTranspose, Orientation, Weights
from convstudio.insight.conventions.comparison import (
    ConventionsQuestion,
    LibraryComparison,
    LibraryResult,
    answer,
    convention_of,
    question_of,
)
from convstudio.insight.conventions.emulation import call_of, emulate, refusal_of, total_of
from convstudio.insight.conventions.libraries import (
    CONVENTIONS,
    Convention,
    Division,
    Edge,
    Flip,
    Library,
    Rounding,
)

BY_LIBRARY = {convention.library: convention for convention in CONVENTIONS}
# A = magic(5) of MATLAB's documentation of imfilter
MAGIC = np.array(
    [[17, 24, 1, 8, 15], [23, 5, 7, 14, 16], [4, 6, 13, 20, 22], [10, 12, 19, 21, 3], [11, 18, 25, 2, 9]], np.uint8
)


def layer_with(kernel: ArrayLike, **choices: object) -> Conv:
    weights = np.array(kernel, dtype=np.float64)[None, None]
    return Conv(weight=Weights(weights), bias=(0.0,), **choices)  # type: ignore[arg-type]


def emulated(library: Library, picture: ArrayLike, kernel: ArrayLike) -> list[list[float]]:
    values = emulate(BY_LIBRARY[library], np.array(picture, np.uint8), np.array(kernel, dtype=np.float64)).values
    rows: list[list[float]] = values.tolist()
    return rows


def compared(kernel: ArrayLike, picture: NDArray[np.uint8] | None = None, **choices: object) -> LibraryComparison:
    layer = layer_with(kernel, **choices)
    image = np.random.default_rng(5).integers(0, 256, (24, 20), dtype=np.uint8) if picture is None else picture
    return answer(ConventionsQuestion(image, layer.weight.array[0, 0], convention_of(layer)))


def row_of(comparison: LibraryComparison, library: Library) -> LibraryResult:
    return next(row for row in comparison.rows if row.convention.library is library)


def test_numpys_own_example() -> None:
    assert emulated(Library.NUMPY, [[1, 2, 3]], [[0, 1, 0.5]]) == [[0, 1, 2.5, 4, 1.5]]


def test_matlabs_own_example_of_imfilter() -> None:
    # the documentation prints imfilter(A, [-1 0 1]) for A of class uint8
    assert emulated(Library.MATLAB_IMFILTER, MAGIC, [[-1, 0, 1]]) == [
        [24, 0, 0, 14, 0],
        [5, 0, 9, 9, 0],
        [6, 9, 14, 9, 0],
        [12, 9, 9, 0, 0],
        [18, 14, 0, 0, 0],
    ]


def test_matlabs_own_example_of_class_double_is_this_layers_too() -> None:
    comparison = compared([[-1, 0, 1]], MAGIC)

    assert comparison.ours.values.tolist() == [
        [24, -16, -16, 14, -8],
        [5, -16, 9, 9, -14],
        [6, 9, 14, 9, -20],
        [12, 9, 9, -16, -21],
        [18, 14, -16, -16, -2],
    ]


def test_matlabs_own_example_with_the_kernel_flipped() -> None:
    # imfilter(A, [-1 0 1], 'conv'), a part of conv2's full result
    full = emulate(BY_LIBRARY[Library.MATLAB_CONV2], MAGIC, np.array([[-1.0, 0, 1]]))

    assert full.values.shape == (5, 7)
    assert (full.top, full.left) == (0, -1)
    assert full.values[0, 1:-1].tolist() == [-24, 16, 16, -14, 8]


def test_tensorflow_pads_more_at_the_bottom_and_at_the_right() -> None:
    # printed by tf.nn.conv2d of ones (10×10) with ones (6×6), padding "SAME"
    values = emulated(Library.KERAS_SAME, np.ones((10, 10)), np.ones((6, 6)))

    assert values[0] == [16, 20, 24, 24, 24, 24, 24, 20, 16, 12]
    assert values[-1] == [12, 15, 18, 18, 18, 18, 18, 15, 12, 9]


def test_scipys_borders_repeat_the_edge_and_opencvs_do_not() -> None:
    # (d c b a | a b c d) and (c b | a b c d): the kernel reads the pixel at its left
    assert emulated(Library.SCIPY_CORRELATE, [[1, 2, 3]], [[1, 0, 0]]) == [[1, 1, 2]]
    assert emulated(Library.OPENCV, [[1, 2, 3]], [[1, 0, 0]]) == [[2, 1, 2]]
    assert emulated(Library.IMAGEJ, [[1, 2, 9]], [[0, 0, 1]]) == [[2, 9, 9]]


def test_anchors_of_even_kernels() -> None:
    picture, kernel = [[0, 0, 0, 1, 0, 0, 0]], [[1, 2, 3, 4]]

    assert emulated(Library.OPENCV, picture, kernel) == [[0, 0, 4, 3, 2, 1, 0]]
    assert emulated(Library.SCIPY_CONVOLVE, picture, kernel) == [[0, 1, 2, 3, 4, 0, 0]]
    assert emulated(Library.MATLAB_IMFILTER, picture, kernel) == [[0, 4, 3, 2, 1, 0, 0]]


def test_pillow_by_plain_loops() -> None:
    picture = np.random.default_rng(2).integers(0, 256, (6, 7), dtype=np.uint8)
    kernel = np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9.0]])
    expected = picture.astype(float)
    for row in range(1, 5):
        for column in range(1, 6):
            total = sum(
                kernel[2 - down, right] * picture[row - 1 + down, column - 1 + right]
                for down in range(3)
                for right in range(3)
            )
            expected[row, column] = floor(total / 45 + 0.5)

    assert emulated(Library.PILLOW, picture, kernel) == expected.tolist()


def test_imagej_by_plain_loops() -> None:
    picture = np.random.default_rng(3).integers(0, 256, (5, 6), dtype=np.uint8)
    kernel = np.array([[-1, 3, 0], [0, 1, 0], [2, 0, 0.0]])
    expected = np.zeros((5, 6))
    for row in range(5):
        for column in range(6):
            total = sum(
                kernel[1 + down, 1 + right] * picture[min(max(row + down, 0), 4), min(max(column + right, 0), 5)]
                for down in (-1, 0, 1)
                for right in (-1, 0, 1)
            )
            expected[row, column] = min(max(floor(total / 5 + 0.5), 0), 255)

    assert emulated(Library.IMAGEJ, picture, kernel) == expected.tolist()


def test_a_sum_of_0_is_divided_by_nowhere() -> None:
    assert emulated(Library.IMAGEJ, [[0, 10, 30]], [[-1, 0, 1]]) == [[10, 30, 20]]


def test_scipy_in_8_bits_cuts_off_and_wraps_around() -> None:
    """Sobel's row on 10 200 0, the edge twice: 190, 0 − 10 and 0 − 200; a half of 3, 10 and 255 is cut off."""
    assert emulated(Library.SCIPY_CORRELATE_8BIT, [[10, 200, 0]], [[-1, 0, 1]]) == [[190, 246, 56]]
    assert emulated(Library.SCIPY_CORRELATE_8BIT, [[3, 10, 255]], [[0, 0.5, 0]]) == [[1, 5, 127]]
    assert emulated(Library.SCIPY_CORRELATE_8BIT, [[3, 10, 255]], [[0, 2, 0]]) == [[6, 20, 254]]
    assert emulated(Library.SCIPY_CORRELATE_8BIT, [[1, 1, 1]], [[0, -0.5, 0]]) == [[0, 0, 0]]


def test_a_call_is_written_for_the_kernel_at_hand() -> None:
    """Pillow divides by the sum unless it is told a scale; ImageJ divides by 1 where the sum is 0, untold."""
    pillow = BY_LIBRARY[Library.PILLOW]

    of_sum_9 = call_of(pillow, np.ones((3, 3)))
    of_sum_0 = call_of(pillow, np.array([[-1.0, 0, 1]] * 3))
    of_nearly_0 = call_of(pillow, np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, -3.6]]))

    assert of_sum_9.endswith("(3, 3), kernel.ravel()))")
    assert of_sum_0.endswith("(3, 3), kernel.ravel(), scale=1))")
    assert of_nearly_0 == of_sum_0
    assert call_of(BY_LIBRARY[Library.KERAS], np.ones((3, 5))) == "Conv2D(1, (3, 5))"
    assert BY_LIBRARY[Library.IMAGEJ].division is Division.SUM_OR_1


def test_255_and_0_are_neighbours_where_numbers_wrap_around() -> None:
    """A sum that rounding leaves just below 256 is 255 in one order of adding and 0 in another."""
    picture, kernel = np.array([[128]], np.uint8), np.array([[2.0]])

    def run(library: Library, plane: NDArray[np.uint8], weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
        return np.array([[255.0]]) if library in (Library.SCIPY_CORRELATE_8BIT, Library.OPENCV_8BIT) else None

    comparison = answer(ConventionsQuestion(picture, kernel, convention_of(layer_with(kernel))), run=run)

    scipy = row_of(comparison, Library.SCIPY_CORRELATE_8BIT)
    assert scipy.off_rule == 1
    assert comparison.keeps_its_rule(scipy)
    assert row_of(comparison, Library.OPENCV_8BIT).off_rule == 0


@pytest.mark.parametrize(
    ("library", "shape", "part"),
    [
        (Library.PILLOW, (7, 7), "It takes kernels of 3×3 and 5×5 only, not 7×7."),
        (Library.PILLOW, (3, 5), "It takes kernels of 3×3 and 5×5 only, not 3×5."),
        (Library.IMAGEJ, (3, 4), "It takes kernels of odd sizes only, not 3×4."),
        (Library.PYTORCH, (9, 1), "Without padding a kernel of 9×1 does not fit into 8×8 pixels."),
        (Library.OPENCV, (9, 2), ""),
    ],
)
def test_kernels_that_are_not_taken(library: Library, shape: tuple[int, int], part: str) -> None:
    assert refusal_of(BY_LIBRARY[library], (8, 8), shape) == part
    if part:
        with pytest.raises(ConvStudioError):
            emulate(BY_LIBRARY[library], np.zeros((8, 8), np.uint8), np.ones(shape))


def test_an_uneven_kernel_tells_the_flipping_ways_from_the_others() -> None:
    comparison = compared([[1, 2, 3], [4, 5, 6], [7, 8, 10]])

    flipping = {
        row.convention.library for row in comparison.rows if row.inside and row.convention.rounding is Rounding.NONE
    }
    assert flipping == {Library.NUMPY, Library.SCIPY_CONVOLVE, Library.SCIPY_SIGNAL, Library.MATLAB_CONV2}


def test_an_even_kernel_shifts_by_the_anchor() -> None:
    comparison = compared([[0, 0, 0, 1]], np.array([[10, 20, 40, 80, 160, 0, 0]], np.uint8))

    # here the weight reads two pixels further, at OpenCV one
    assert comparison.ours.values.tolist() == [[40, 80, 160, 0, 0, 0, 0]]
    opencv = row_of(comparison, Library.OPENCV)
    assert opencv.output is not None
    assert opencv.output.values.tolist() == [[20, 40, 80, 160, 0, 0, 0]]
    assert opencv.inside == 160


def test_inside_and_border_are_told_apart() -> None:
    picture = np.array([[10, 20, 40, 80]], np.uint8)

    comparison = compared([[1, 0, 0]], picture)

    # zeros at the left here: 0 10 20 40; mirrored there: 20 10 20 40
    opencv = row_of(comparison, Library.OPENCV)
    assert (opencv.inside, opencv.border) == (0, 20)
    assert opencv.difference.tolist() == [[20, 0, 0, 0]]


def test_inside_is_where_both_kernels_lie_on_the_picture() -> None:
    comparison = compared([[0, 1]], np.array([[200, 10, 20, 40]], np.uint8))

    # 10 20 40 0 here and 200 10 20 40 there: the first pixel is the border of one, the last that of the other
    opencv = row_of(comparison, Library.OPENCV)
    assert opencv.difference.tolist() == [[190, -10, -20, 40]]
    assert (opencv.inside, opencv.border) == (20, 190)


def test_where_there_is_no_output_there_is_no_difference() -> None:
    comparison = compared(np.ones((3, 3)))

    torch = row_of(comparison, Library.PYTORCH)
    assert (torch.inside, torch.border) == (0, None)
    assert np.isnan(torch.difference).sum() == 24 * 20 - 22 * 18


def test_the_layers_own_choices_are_what_is_compared_with() -> None:
    kernel = [[1, 2, 3], [4, 5, 6], [7, 8, 10]]

    reflected = compared(kernel, border=Border.REFLECT)
    flipped = compared(kernel, orientation=Orientation.CONVOLUTION)

    assert (row_of(reflected, Library.OPENCV).inside, row_of(reflected, Library.OPENCV).border) == (0, 0)
    assert (row_of(flipped, Library.MATLAB_CONV2).inside, row_of(flipped, Library.MATLAB_CONV2).border) == (0, 0)
    transposed = ConvTranspose(weight=Weights(np.ones((1, 1, 2, 2))), bias=(0.0,))
    assert (convention_of(transposed).flip, convention_of(transposed).edge) == (Flip.BOTH, Edge.ZEROS)


def test_what_was_run_takes_the_place_of_the_rule_and_is_checked_against_it() -> None:
    kernel = np.ones((1, 1))
    picture = np.full((2, 3), 7, np.uint8)

    def run(library: Library, plane: NDArray[np.uint8], weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
        return np.full((2, 3), 9.0) if library is Library.OPENCV else None

    comparison = answer(ConventionsQuestion(picture, kernel, convention_of(layer_with(kernel))), run=run)

    opencv, scipy = row_of(comparison, Library.OPENCV), row_of(comparison, Library.SCIPY_CONVOLVE)
    assert (opencv.is_run, opencv.off_rule, opencv.inside) == (True, 2, 2)
    assert not comparison.keeps_its_rule(opencv)
    assert (scipy.is_run, scipy.off_rule, scipy.inside) == (False, None, 0)


@pytest.mark.parametrize(
    ("library", "is_run"), [(Library.PILLOW, False), (Library.SCIPY_CORRELATE, False), (Library.OPENCV, True)]
)
def test_what_goes_wrong_on_a_picture_so_small_is_not_run(library: Library, is_run: bool) -> None:
    def run(asked: Library, plane: NDArray[np.uint8], weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
        return np.zeros(plane.shape) if asked is library else None

    kernel = np.ones((5, 5))
    picture = np.full((1, 9), 7, np.uint8)

    comparison = answer(ConventionsQuestion(picture, kernel, convention_of(layer_with(kernel))), run=run)

    assert row_of(comparison, library).is_run is is_run


def test_what_rounding_leaves_of_a_sum_is_0() -> None:
    kernel = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, -3.6]])

    assert sum(kernel.ravel().tolist()) != 0  # −4.4e−16, one after the other
    assert total_of(kernel[::-1]) == total_of(kernel) == 0
    assert total_of(kernel + 1e-6) == pytest.approx(9e-6)


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (2, 2), (3, 50)])
@pytest.mark.parametrize("size", [(1, 1), (3, 3), (5, 5), (4, 2), (31, 31)])
def test_no_size_of_picture_and_kernel_is_too_odd(shape: tuple[int, int], size: tuple[int, int]) -> None:
    picture = np.arange(shape[0] * shape[1]).reshape(shape).astype(np.uint8)

    comparison = compared(np.ones(size), picture)

    assert len(comparison.rows) == len(CONVENTIONS)
    assert all(row.refusal or row.difference.shape == shape for row in comparison.rows)


def test_the_question_is_the_middle_of_a_large_channel() -> None:
    pixels = np.zeros((300, 131, 3), np.uint8)
    pixels[86, 1, 1] = 200

    question = question_of(Frame(pixels, 255), 1, layer_with([[1]]), np.ones((1, 1)))

    assert question.picture.shape == (128, 128)
    assert (question.top, question.left) == (86, 1)
    assert question.picture[0, 0] == 200


def test_other_depths_are_brought_to_8_bits() -> None:
    deep = Frame(np.array([[[0], [65535], [32896]]], np.uint16), 65535)
    real = Frame(np.array([[[-0.5], [np.nan], [2.0]]], np.float32), 1)

    assert question_of(deep, 0, layer_with([[1]]), np.ones((1, 1))).picture.tolist() == [[0, 255, 128]]
    assert question_of(real, 0, layer_with([[1]]), np.ones((1, 1))).picture.tolist() == [[0, 0, 255]]


@pytest.mark.parametrize("convention", CONVENTIONS, ids=lambda convention: str(convention.library))
def test_every_way_names_the_page_that_says_so(convention: Convention) -> None:
    assert convention.source.startswith("https://")
    assert convention.name
    assert convention.call
