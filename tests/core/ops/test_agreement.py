"""Every operation agrees on random cases with its float64 reference, which can be read."""

import numpy as np
import pytest
from hypothesis import assume, given

from convstudio.core.errors import ConvStudioError
from convstudio.core.ops.jit import compile_all
from convstudio.core.ops.methods import Method, only
from tests.amounts import random_cases
from tests.core.ops import agreement, cases
from tests.core.ops.cases import Case

CASES = random_cases(2000)


@pytest.fixture(autouse=True, scope="module")
def machine_code() -> None:
    """The compiled loops are there from the beginning."""
    compile_all()


def check(case: Case, *methods: Method) -> None:
    """Compare with the reference, with an error in proportion to what was added up."""
    try:
        exact = agreement.slow(case)
    except ConvStudioError:
        assume(False)

    with only(*(methods or Method)):
        output = agreement.fast(case)

    assert agreement.error(output, exact, agreement.magnitude(case)) <= agreement.TOLERANCE


@CASES
@given(cases.convolutions())
def test_convolution_agrees_with_the_reference(case: Case) -> None:
    check(case)


@random_cases(400)
@given(cases.large_convolutions())
def test_convolution_with_large_kernels_agrees_with_the_reference(case: Case) -> None:
    check(case)


@random_cases(1000)
@given(cases.convolutions())
def test_convolution_by_machine_code_agrees_with_the_reference(case: Case) -> None:
    check(case, Method.COMPILED)


@random_cases(400)
@given(cases.large_convolutions())
def test_large_kernels_by_machine_code_agree_with_the_reference(case: Case) -> None:
    check(case, Method.COMPILED)


@random_cases(1000)
@given(cases.convolutions())
def test_convolution_without_machine_code_agrees_with_the_reference(case: Case) -> None:
    check(case, *(method for method in Method if method is not Method.COMPILED))


@CASES
@given(cases.transposed_convolutions())
def test_transposed_convolution_agrees_with_the_reference(case: Case) -> None:
    check(case)


@CASES
@given(cases.max_pools())
def test_max_pooling_agrees_with_the_reference(case: Case) -> None:
    try:
        exact = agreement.slow(case)
    except ConvStudioError:
        assume(False)

    output = agreement.fast(case)

    np.testing.assert_array_equal(output, exact.astype(np.float32))


@CASES
@given(cases.avg_pools())
def test_average_pooling_agrees_with_the_reference(case: Case) -> None:
    check(case)


@CASES
@given(cases.activations())
def test_activations_agree_with_the_reference(case: Case) -> None:
    check(case)


@CASES
@given(cases.for_each_pixel())
def test_what_is_made_of_each_pixel_agrees_with_the_reference(case: Case) -> None:
    check(case)


@CASES
@given(cases.resized_planes())
def test_resized_planes_agree_with_the_reference(case: Case) -> None:
    check(case)


@CASES
@given(cases.ranks())
def test_ranks_agree_with_the_reference(case: Case) -> None:
    try:
        exact = agreement.slow(case)
    except ConvStudioError:
        assume(False)

    output = agreement.fast(case)

    np.testing.assert_array_equal(output, exact.astype(np.float32))


@CASES
@given(cases.dense_layers())
def test_dense_layers_agree_with_the_reference(case: Case) -> None:
    check(case)
