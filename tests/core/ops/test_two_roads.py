"""Every operation takes random cases down both of its roads: the fast one, and the float64 one that can be read."""

import numpy as np
import pytest
from hypothesis import assume, given

from convstudio.core.errors import ConvStudioError
from convstudio.core.ops.jit import make
from convstudio.core.ops.methods import Method, only
from tests.amounts import random_cases
from tests.core.ops import cases
from tests.core.ops import two_roads as roads
from tests.core.ops.cases import Case

CASES = random_cases(2000)


@pytest.fixture(autouse=True, scope="module")
def machine_code() -> None:
    """The compiled loops are there from the beginning."""
    make()


def check(case: Case, *kinds: Method) -> None:
    """Compare both roads, with an error in proportion to what was added up."""
    try:
        exact = roads.slow(case)
    except ConvStudioError:
        assume(False)

    with only(*(kinds or Method)):
        found = roads.fast(case)

    assert roads.error(found, exact, roads.magnitude(case)) <= roads.TOLERANCE


@CASES
@given(cases.convolutions())
def test_convolution_is_the_same_on_both_roads(case: Case) -> None:
    check(case)


@random_cases(400)
@given(cases.large_convolutions())
def test_convolution_with_large_kernels_is_the_same_on_both_roads(case: Case) -> None:
    check(case)


@random_cases(1000)
@given(cases.convolutions())
def test_convolution_by_machine_code_is_the_same_on_both_roads(case: Case) -> None:
    check(case, Method.COMPILED)


@random_cases(400)
@given(cases.large_convolutions())
def test_large_kernels_by_machine_code_are_the_same_on_both_roads(case: Case) -> None:
    check(case, Method.COMPILED)


@random_cases(1000)
@given(cases.convolutions())
def test_convolution_without_machine_code_is_the_same_on_both_roads(case: Case) -> None:
    check(case, *(kind for kind in Method if kind is not Method.COMPILED))


@CASES
@given(cases.transposed_convolutions())
def test_transposed_convolution_is_the_same_on_both_roads(case: Case) -> None:
    check(case)


@CASES
@given(cases.max_pools())
def test_max_pooling_is_the_same_on_both_roads(case: Case) -> None:
    try:
        exact = roads.slow(case)
    except ConvStudioError:
        assume(False)

    found = roads.fast(case)

    np.testing.assert_array_equal(found, exact.astype(np.float32))


@CASES
@given(cases.avg_pools())
def test_average_pooling_is_the_same_on_both_roads(case: Case) -> None:
    check(case)


@CASES
@given(cases.activations())
def test_activations_are_the_same_on_both_roads(case: Case) -> None:
    check(case)


@CASES
@given(cases.dense_layers())
def test_dense_layers_are_the_same_on_both_roads(case: Case) -> None:
    check(case)
