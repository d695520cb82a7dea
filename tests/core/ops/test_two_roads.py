"""Every operation takes random cases down both of its roads: the fast one, and the float64 one that can be read."""

from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.errors import ConvStudioError
from convstudio.core.layers import ActivationKind, Border
from convstudio.core.ops import reference

CASES = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
TOLERANCE = 1e-5  # of the sum of magnitudes
Numbers = NDArray[Any]


@st.composite
def numbers(draw: st.DrawFn, *shape: int) -> Numbers:
    """An array of one of the kinds that sources deliver, in one of the layouts that slicing leaves behind."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["signed", "bytes", "words", "zeros", "large"]))
    layout = draw(st.sampled_from(["plain", "fortran", "strided", "read-only"]))
    full = (*shape[:-1], shape[-1] * 2)
    match kind:
        case "bytes":
            made: Numbers = generator.integers(0, 256, full).astype(np.uint8)
        case "words":
            made = generator.integers(0, 65536, full).astype(np.uint16)
        case "zeros":
            made = np.zeros(full, np.float32)
        case "large":
            made = generator.normal(0, 1e6, full).astype(np.float64)
        case _:
            made = generator.normal(0, 1, full).astype(np.float32)
    if layout == "strided":
        return made[..., ::2]
    made = made[..., : shape[-1]].copy()
    if layout == "fortran":
        return np.asfortranarray(made)
    made.flags.writeable = layout != "read-only"
    return made


pairs = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))
paddings = st.one_of(
    st.integers(0, 4),
    st.tuples(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.tuples(st.integers(0, 4), st.integers(0, 4))),
    st.just("valid"),
)


def check(fast: Numbers, slow: Numbers, magnitude: Numbers) -> None:
    """Compare both roads, with an error in proportion to what was added up."""
    assert fast.dtype == np.float32
    assert fast.flags.c_contiguous
    assert fast.shape == slow.shape
    error = np.abs(fast.astype(np.float64) - slow)
    assert (error <= TOLERANCE * magnitude + 1e-30).all(), (error - TOLERANCE * magnitude).max()


@CASES
@given(st.data())
def test_convolution_is_the_same_on_both_roads(data: st.DataObject) -> None:
    groups = data.draw(st.integers(1, 3))
    per_group, filters = data.draw(st.integers(1, 3)), data.draw(st.sampled_from([1, 2, 9])) * groups
    height, width = data.draw(st.sampled_from([(9, 11), (1, 30), (24, 24), (40, 30), (66, 70)]))
    x = data.draw(numbers(per_group * groups, height, width))
    kernel = data.draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    weight = data.draw(numbers(filters, per_group, *kernel)).astype(np.float64)
    bias = data.draw(st.none() | st.just(np.linspace(-1, 1, filters)))
    arguments: dict[str, Any] = {
        "stride": data.draw(pairs),
        "padding": data.draw(paddings),
        "dilation": data.draw(pairs),
        "groups": groups,
        "border": data.draw(st.sampled_from(Border)),
    }
    try:
        slow = reference.conv2d(x, weight, bias, **arguments)
    except ConvStudioError:
        assume(False)

    fast = ops.conv2d(x, weight, bias, **arguments)

    sizes = np.abs(x.astype(np.float64))
    magnitude = reference.conv2d(sizes, np.abs(weight), None if bias is None else np.abs(bias), **arguments)
    check(fast, slow, magnitude)


@CASES
@given(st.data())
def test_transposed_convolution_is_the_same_on_both_roads(data: st.DataObject) -> None:
    groups = data.draw(st.integers(1, 3))
    inputs, filters = data.draw(st.integers(1, 3)) * groups, data.draw(st.integers(1, 3))
    x = data.draw(numbers(inputs, data.draw(st.integers(1, 16)), data.draw(st.integers(1, 16))))
    kernel = data.draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    weight = data.draw(numbers(inputs, filters, *kernel)).astype(np.float64)
    arguments: dict[str, Any] = {
        "stride": data.draw(pairs),
        "padding": data.draw(st.integers(0, 3)),
        "output_padding": data.draw(st.integers(0, 2)),
        "dilation": data.draw(pairs),
        "groups": groups,
    }
    try:
        slow = reference.conv_transpose2d(x, weight, **arguments)
    except ConvStudioError:
        assume(False)

    fast = ops.conv_transpose2d(x, weight, **arguments)

    magnitude = reference.conv_transpose2d(np.abs(x.astype(np.float64)), np.abs(weight), **arguments)
    check(fast, slow, magnitude)


@CASES
@given(st.data())
def test_max_pooling_is_the_same_on_both_roads(data: st.DataObject) -> None:
    x = data.draw(numbers(data.draw(st.integers(1, 3)), data.draw(st.integers(1, 24)), data.draw(st.integers(1, 24))))
    window = data.draw(pairs)
    arguments: dict[str, Any] = {
        "stride": data.draw(st.none() | pairs),
        "padding": data.draw(paddings),
        "dilation": data.draw(pairs),
        "ceil_mode": data.draw(st.booleans()),
    }
    try:
        slow = reference.max_pool2d(x, window, **arguments)
    except ConvStudioError:
        assume(False)

    fast = ops.max_pool2d(x, window, **arguments)

    np.testing.assert_array_equal(fast, slow.astype(np.float32))


@CASES
@given(st.data())
def test_average_pooling_is_the_same_on_both_roads(data: st.DataObject) -> None:
    x = data.draw(numbers(data.draw(st.integers(1, 3)), data.draw(st.integers(1, 24)), data.draw(st.integers(1, 24))))
    window = data.draw(st.one_of(pairs, st.tuples(st.integers(1, 20), st.integers(1, 20))))
    arguments: dict[str, Any] = {
        "stride": data.draw(st.none() | pairs),
        "padding": data.draw(paddings),
        "ceil_mode": data.draw(st.booleans()),
        "count_include_pad": data.draw(st.booleans()),
    }
    try:
        slow = reference.avg_pool2d(x, window, **arguments)
    except ConvStudioError:
        assume(False)

    fast = ops.avg_pool2d(x, window, **arguments)

    check(fast, slow, reference.avg_pool2d(np.abs(x.astype(np.float64)), window, **arguments))


@CASES
@given(st.data())
def test_activations_and_dense_layers_are_the_same_on_both_roads(data: st.DataObject) -> None:
    x = data.draw(numbers(data.draw(st.integers(1, 3)), data.draw(st.integers(1, 9)), data.draw(st.integers(1, 9))))
    weights = data.draw(numbers(data.draw(st.integers(1, 5)), x.size)).astype(np.float64)
    kind = data.draw(st.sampled_from(ActivationKind))

    curve = ops.activate(x, kind, 0.25)
    sums = ops.dense(x, weights)

    slow = reference.activate(x, kind, 0.25)
    check(curve, slow, np.abs(slow) + 1e-30)
    check(sums, reference.dense(x, weights), reference.dense(np.abs(x.astype(np.float64)), np.abs(weights)))
