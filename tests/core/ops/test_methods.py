"""Each method of a convolution is exact where its own arithmetic would be at its limits, and says why it is taken."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.ops import reference
from convstudio.core.ops.filter2d import factors, kernel_parts
from convstudio.core.ops.jit import compile_all
from convstudio.core.ops.methods import Method, explain_method, only
from tests.core.ops import agreement
from tests.core.ops.cases import Case

Numbers = NDArray[Any]
HAT = np.array([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])


def noise(*shape: int) -> Numbers:
    return np.random.default_rng(sum(shape)).normal(size=shape)


KERNELS = {  # of each method, for planes of 96×120
    Method.COMPILED: noise(9, 3, 7, 6),
    Method.DIRECT: noise(1, 1, 15, 15),
    Method.SEPARABLE: np.outer(HAT, HAT)[None, None].astype(float),
    Method.FFT: noise(3, 3, 33, 35),
    Method.GEMM: noise(9, 3, 5, 4),
}
EVERY_METHOD = pytest.mark.parametrize("method", KERNELS)


@pytest.fixture(autouse=True, scope="module")
def machine_code() -> None:
    """The compiled loop is there from the beginning."""
    compile_all()


def by_method(method: Method, case: Case) -> Numbers:
    """What comes out of a case by this method."""
    with only(method):
        return agreement.fast(case)


def picture(weight: Numbers) -> Numbers:
    return noise(weight.shape[1], 96, 120)


@EVERY_METHOD
def test_each_method_can_be_asked_for(method: Method) -> None:
    weight = KERNELS[method]

    with only(method):
        estimate = explain_method((weight.shape[1], 96, 120), weight, padding="same")

    assert estimate.method is method
    assert estimate.reason.endswith(".")


def test_where_no_method_that_is_asked_for_is_possible_it_is_computed_all_the_same() -> None:
    weight = KERNELS[Method.GEMM][:1, :1]
    x = noise(1, 96, 5)

    with only(Method.SEPARABLE):
        result = ops.conv2d(x, weight, padding="same")

    np.testing.assert_allclose(result, reference.conv2d(x, weight, padding="same"), atol=1e-5)


@pytest.mark.parametrize(
    ("method", "shape", "weight", "groups", "sentence"),
    [
        (Method.SEPARABLE, (3, 1080, 1920), np.ones((3, 1, 19, 15)), 3, "19 + 15 products replace 285 at each pixel"),
        (Method.DIRECT, (3, 1080, 1920), noise(3, 1, 15, 15), 3, "Each kernel is cut into 2 pieces"),
        (Method.GEMM, (3, 1080, 1920), noise(6, 3, 5, 5), 1, "6 × 75 weights"),
        (Method.GEMM, (3, 32, 32), noise(6, 3, 5, 5), 1, "only 784 places"),  # 28 · 28
        (Method.COMPILED, (3, 1080, 1920), noise(6, 3, 5, 5), 1, "6 filters × "),
        (Method.COMPILED, (3, 1080, 1920), noise(3, 1, 9, 9), 3, "2 rows × "),
    ],
)
def test_the_reason_is_a_sentence_with_the_kernels_numbers(
    method: Method, shape: tuple[int, int, int], weight: Numbers, groups: int, sentence: str
) -> None:
    with only(method):
        estimate = explain_method(shape, weight, groups=groups)

    assert sentence in estimate.reason
    assert estimate.reason.endswith(".")


def test_a_method_is_explained_only_where_the_convolution_is_possible() -> None:
    with pytest.raises(ConvStudioError, match="stride is 0×0"):
        explain_method((1, 9, 9), np.ones((1, 1, 3, 3)), stride=0)


@EVERY_METHOD
@pytest.mark.parametrize("border", Border)
@pytest.mark.parametrize("padding", ["same", "valid", ((3, 2), (0, 7)), ((12, 0), (12, 1)), 12])
def test_every_method_has_every_border(method: Method, border: Border, padding: Any) -> None:
    weight = KERNELS[method]
    case = Case("conv2d", picture(weight), (weight, np.arange(len(weight))), {"padding": padding, "border": border})

    error = agreement.error(by_method(method, case), agreement.slow(case), agreement.magnitude(case))

    assert error <= agreement.TOLERANCE


@EVERY_METHOD
@pytest.mark.parametrize("options", [{"stride": (2, 1)}, {"dilation": (1, 2)}, {"padding": ((40, 0), (0, 40))}])
def test_every_method_has_strides_dilation_and_wide_padding(method: Method, options: dict[str, Any]) -> None:
    weight = KERNELS[method]
    case = Case("conv2d", picture(weight), (weight, None), options)

    error = agreement.error(by_method(method, case), agreement.slow(case), agreement.magnitude(case))

    assert error <= agreement.TOLERANCE


@EVERY_METHOD
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_spreads_as_far_as_the_kernel_and_no_further(method: Method, value: float) -> None:
    weight = KERNELS[method].copy()
    weight[:, :, 0] = 0  # 0 · ∞ is not a number either
    x = picture(weight)
    x[0, 50, 60] = value

    with only(method):
        output = ops.conv2d(x, weight, padding="same")

    exact = reference.conv2d(x, weight, padding="same")
    np.testing.assert_array_equal(np.isnan(output), np.isnan(exact))
    np.testing.assert_array_equal(np.isposinf(output), np.isposinf(exact))
    np.testing.assert_array_equal(np.isneginf(output), np.isneginf(exact))


def test_where_a_large_kernel_sees_nothing_there_is_nothing_but_the_bias() -> None:
    weight = KERNELS[Method.FFT]
    x = np.zeros((3, 160, 120))
    x[:, :60] = np.random.default_rng(0).integers(1, 256, (3, 60, 120))

    with only(Method.FFT):
        output = ops.conv2d(x, weight, [0, 2, 0], padding="same")

    below = 60 + 33 // 2  # the first row whose windows begin below the picture's content
    with only(Method.FFT):
        assert explain_method(x.shape, weight, padding="same").method is Method.FFT
    np.testing.assert_array_equal(output[0, below:], 0)
    np.testing.assert_array_equal(output[1, below:], 2)
    assert (output[0, : below - 1] != 0).all()


@pytest.mark.parametrize("scale", [1e-12, 1e-6, 1e12])
def test_little_beside_much_is_as_exact_as_anything(scale: float) -> None:
    weight = KERNELS[Method.FFT]
    x = picture(weight)
    x[:, 50:, :70] *= scale
    case = Case("conv2d", x, (weight, None), {"padding": "same"})

    error = agreement.error(by_method(Method.FFT, case), agreement.slow(case), agreement.magnitude(case))

    assert error <= agreement.TOLERANCE


def test_one_small_weight_over_the_only_pixel_is_as_exact_as_anything() -> None:
    weight = KERNELS[Method.FFT].copy()
    weight[:, :, 0, 0] = 1e-13
    x = np.zeros((3, 96, 120))
    x[:, 40, 50], x[:, 90, 100] = 1e-3, 1e6
    case = Case("conv2d", x, (weight, None), {"padding": "same"})

    error = agreement.error(by_method(Method.FFT, case), agreement.slow(case), agreement.magnitude(case))

    assert error <= agreement.TOLERANCE


@pytest.mark.parametrize("method", [Method.COMPILED, Method.DIRECT, Method.FFT, Method.GEMM])
def test_sums_of_whole_numbers_are_exact(method: Method) -> None:
    generator = np.random.default_rng(5)
    weight = generator.integers(-3, 4, KERNELS[method].shape)
    x = generator.integers(0, 256, (weight.shape[1], 96, 120)).astype(np.uint8)
    x[:, 30:80, 30:80] = 7

    with only(method):
        output = ops.conv2d(x, weight, padding="same")

    np.testing.assert_array_equal(output, reference.conv2d(x, weight, padding="same"))


def test_factors_are_found_to_the_rounding_of_float32_and_no_further() -> None:
    bell = np.exp(-((np.arange(15) - 7) ** 2) / 8)
    rounded = np.outer(bell, bell).astype(np.float32).astype(np.float64)
    bent, holed = rounded.copy(), rounded.copy()
    bent[0, 0] *= 1 + 1e-5
    holed[0, 0] = 0

    column, row = factors(rounded) or (np.zeros(15), np.zeros(15))

    np.testing.assert_allclose(np.outer(column, row), rounded, rtol=1e-6)
    assert factors(bent) is None
    assert factors(holed) is None
    assert factors(np.zeros((3, 3))) is None


@pytest.mark.parametrize("shape", [(1, 1), (9, 14), (15, 15), (31, 31), (2, 300), (300, 1)])
def test_the_parts_make_up_the_kernel_and_none_is_large(shape: tuple[int, int]) -> None:
    kernel = noise(*shape)

    total = np.zeros(shape)
    for row, column, cells in kernel_parts(kernel):
        total[row : row + cells.shape[0], column : column + cells.shape[1]] += cells
        assert cells.size < 130

    np.testing.assert_array_equal(total, kernel)


@pytest.mark.parametrize("weight_of_a_hole", [0.0, 1.0])
def test_a_large_kernel_over_a_black_channel_is_exact_and_says_nothing(weight_of_a_hole: float) -> None:
    generator = np.random.default_rng(0)
    planes = generator.normal(size=(2, 300, 400)).astype(np.float32)
    planes[1] = 0
    weight = generator.normal(size=(1, 2, 31, 31))
    weight[0, 1, 3, 3] *= weight_of_a_hole

    with only(Method.FFT):
        output = ops.conv2d(planes, weight, padding=15)

        alone = ops.conv2d(planes[:1], weight[:, :1], padding=15)
        nothing = ops.conv2d(planes * 0, weight, padding=15)
    np.testing.assert_array_equal(output, alone)
    assert not nothing.any()
