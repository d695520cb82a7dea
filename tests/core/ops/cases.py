"""Random cases of every operation: arrays as sources deliver them, and arguments, of which some do not fit together."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.sizes import ceil_division

Numbers = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """One call: the name of the operation, what comes before the star in its signature, and what comes behind."""

    name: str
    x: Numbers
    others: tuple[Any, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


@st.composite
def numbers(draw: st.DrawFn, *shape: int) -> Numbers:
    """An array of one of the kinds that sources deliver, in one of the layouts that slicing leaves behind."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["signed", "bytes", "words", "zeros", "large", "patches"]))
    layout = draw(st.sampled_from(["plain", "fortran", "strided", "read-only"]))
    full = (*shape[:-1], shape[-1] * 2)
    match kind:
        case "bytes":
            values: Numbers = generator.integers(0, 256, full).astype(np.uint8)
        case "words":
            values = generator.integers(0, 65536, full).astype(np.uint16)
        case "zeros":
            values = np.zeros(full, np.float32)
        case "large":
            values = generator.normal(0, 1e6, full).astype(np.float64)
        case "patches":  # much, little and nothing side by side
            scales = generator.choice(
                [0, 1e-6, 1, 1e6], (*full[:-2], ceil_division(full[-2], 8), ceil_division(full[-1], 8))
            )
            areas = np.kron(scales, np.ones((8, 8)))[..., : full[-2], : full[-1]]
            values = (generator.normal(0, 1, full) * areas).astype(np.float32)
        case _:
            values = generator.normal(0, 1, full).astype(np.float32)
    if layout == "strided":
        return values[..., ::2]
    values = values[..., : shape[-1]].copy()
    if layout == "fortran":
        return np.asfortranarray(values)
    values.flags.writeable = layout != "read-only"
    return values


pairs = st.one_of(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)))
paddings = st.one_of(
    st.integers(0, 4),
    st.tuples(st.tuples(st.integers(0, 4), st.integers(0, 4)), st.tuples(st.integers(0, 4), st.integers(0, 4))),
    st.just("valid"),
)


@st.composite
def convolutions(draw: st.DrawFn) -> Case:
    """Convolutions of small planes, with some that are large enough for every method."""
    groups = draw(st.integers(1, 3))
    per_group, filters = draw(st.integers(1, 3)), draw(st.sampled_from([1, 2, 9, 17])) * groups
    height, width = draw(st.sampled_from([(9, 11), (1, 30), (24, 24), (40, 30), (66, 70), (90, 110)]))
    x = draw(numbers(per_group * groups, height, width))
    kernel = draw(st.tuples(st.integers(1, 8), st.integers(1, 8)))
    if filters <= 2 and draw(st.integers(0, 3)) == 0:
        kernel = draw(st.tuples(st.integers(9, 24), st.integers(9, 24)))  # for the methods that only large ones take
    weight = draw(numbers(filters, per_group, *kernel)).astype(np.float64)
    if draw(st.integers(0, 3)) == 0:
        weight = weight[..., :1] * weight[..., :1, :]  # a column times a row
    bias = draw(st.none() | st.just(np.linspace(-1, 1, filters)))
    options = {
        "stride": draw(pairs),
        "padding": draw(paddings),
        "dilation": draw(pairs),
        "groups": groups,
        "border": draw(st.sampled_from(Border)),
    }
    return Case("conv2d", x, (weight, bias), options)


@st.composite
def large_convolutions(draw: st.DrawFn) -> Case:
    """Convolutions with kernels that are large, or a few columns times rows, over planes with black and faint areas."""
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    groups, per_group, filters = draw(st.sampled_from([(1, 1, 1), (1, 2, 1), (2, 1, 2), (1, 1, 2)]))
    height, width = draw(st.sampled_from([(64, 64), (70, 90), (300, 40)]))
    x = generator.normal(0, 1, (per_group * groups, height, width)).astype(np.float32)
    for _ in range(draw(st.integers(0, 3))):
        top, left = generator.integers(0, height), generator.integers(0, width)
        x[:, top : top + 40, left : left + 40] *= np.float32(draw(st.sampled_from([0, 1e-7, 1e-12, 1e9])))
    high, wide = draw(st.integers(5, 33)), draw(st.integers(5, 33))
    rank = draw(st.sampled_from([0, 0, 1, 2, 3]))
    weight = generator.normal(size=(filters, per_group, high, wide))
    if rank:
        columns, rows = generator.normal(size=(high, rank)), generator.normal(size=(rank, wide))
        weight[:] = columns @ rows
    if draw(st.booleans()):
        weight = weight.astype(np.float32).astype(np.float64)
    weight[..., :: draw(st.sampled_from([1, 2, 40])), 0] = 0
    bias = draw(st.none() | st.just(np.linspace(-1, 1, filters)))
    pads = st.sampled_from([0, (high // 2, wide // 2), ((high - 1, 0), (wide - 1, 2)), ((1, high), (0, wide + 1))])
    options = {
        "stride": draw(st.sampled_from([1, 1, 2, (1, 2)])),
        "padding": draw(pads),
        "dilation": draw(st.sampled_from([1, 1, (2, 1)])),
        "groups": groups,
        "border": draw(st.sampled_from(Border)),
    }
    return Case("conv2d", x, (weight, bias), options)


@st.composite
def transposed_convolutions(draw: st.DrawFn) -> Case:
    """Transposed convolutions of small planes."""
    groups = draw(st.integers(1, 3))
    inputs, filters = draw(st.integers(1, 3)) * groups, draw(st.integers(1, 3))
    x = draw(numbers(inputs, draw(st.integers(1, 16)), draw(st.integers(1, 16))))
    kernel = draw(st.tuples(st.integers(1, 5), st.integers(1, 5)))
    weight = draw(numbers(inputs, filters, *kernel)).astype(np.float64)
    options = {
        "stride": draw(pairs),
        "padding": draw(st.integers(0, 3)),
        "output_padding": draw(st.integers(0, 2)),
        "dilation": draw(pairs),
        "groups": groups,
    }
    return Case("conv_transpose2d", x, (weight, None), options)


pooled = st.one_of(
    st.tuples(st.integers(1, 3), st.integers(1, 24), st.integers(1, 24)).flatmap(lambda shape: numbers(*shape)),
    st.sampled_from([(1, 66, 70), (2, 70, 64)]).flatmap(lambda shape: numbers(*shape)),
)


@st.composite
def max_pools(draw: st.DrawFn) -> Case:
    """Max pooling of small planes."""
    x = draw(pooled)
    window = draw(pairs)
    options = {
        "stride": draw(st.none() | pairs),
        "padding": draw(paddings),
        "dilation": draw(pairs),
        "ceil_mode": draw(st.booleans()),
    }
    return Case("max_pool2d", x, (window,), options)


@st.composite
def avg_pools(draw: st.DrawFn) -> Case:
    """Average pooling of small planes, windows as large as they too."""
    x = draw(pooled)
    window = draw(st.one_of(pairs, st.tuples(st.integers(1, 20), st.integers(1, 20))))
    options = {
        "stride": draw(st.none() | pairs),
        "padding": draw(paddings),
        "ceil_mode": draw(st.booleans()),
        "count_include_pad": draw(st.booleans()),
    }
    return Case("avg_pool2d", x, (window,), options)


@st.composite
def activations(draw: st.DrawFn) -> Case:
    """Every activation on small planes."""
    x = draw(numbers(draw(st.integers(1, 3)), draw(st.integers(1, 9)), draw(st.integers(1, 9))))
    slope = draw(st.one_of(st.just(0.25), st.lists(st.floats(0, 2), min_size=len(x), max_size=len(x))))
    return Case("activate", x, (draw(st.sampled_from(ActivationKind)), slope))


@st.composite
def for_each_pixel(draw: st.DrawFn) -> Case:
    """Scale and shift, softmax and magnitude of small planes."""
    name = draw(st.sampled_from(["scale_shift", "softmax", "magnitude"]))
    x = draw(numbers(2 * draw(st.integers(1, 3)), draw(st.integers(1, 20)), draw(st.integers(1, 20))))
    several = st.lists(st.floats(-3, 3, width=32), min_size=len(x), max_size=len(x))
    others = (draw(several | st.just(0.5)), draw(several | st.just(-1.0))) if name == "scale_shift" else ()
    return Case(name, x, others)


@st.composite
def resized_planes(draw: st.DrawFn) -> Case:
    """Small planes made smaller or larger, by a factor or to a size."""
    x = draw(numbers(draw(st.integers(1, 2)), draw(st.integers(1, 40)), draw(st.integers(1, 40))))
    sides = st.integers(1, 60)
    factors = st.floats(0.1, 3).map(lambda factor: round(factor, 4))
    where = draw(
        st.one_of(
            st.builds(lambda size: {"size": size}, sides | st.tuples(sides, sides)),
            st.builds(lambda factor: {"factor": factor}, factors | st.tuples(factors, factors)),
        )
    )
    mode = draw(st.sampled_from(ResizeMode))
    return Case("resize", x, (), {**where, "mode": mode, "align_corners": draw(st.booleans())})


@st.composite
def ranks(draw: st.DrawFn) -> Case:
    """Minimum, median and other ranks of small planes."""
    x = draw(pooled)
    window = draw(pairs | st.sampled_from([3, 5]))
    options = {
        "stride": draw(st.none() | pairs),
        "padding": draw(paddings),
        "dilation": draw(pairs),
        "ceil_mode": draw(st.booleans()),
    }
    if draw(st.booleans()):
        return Case("rank_pool2d", x, (window, draw(st.sampled_from([0.0, 25.0, 50.0, 50.0, 80.0, 100.0]))), options)
    return Case("min_pool2d", x, (window,), options)


@st.composite
def dense_layers(draw: st.DrawFn) -> Case:
    """Dense layers on small planes."""
    x = draw(numbers(draw(st.integers(1, 3)), draw(st.integers(1, 9)), draw(st.integers(1, 9))))
    return Case("dense", x, (draw(numbers(draw(st.integers(1, 5)), x.size)).astype(np.float64),))
