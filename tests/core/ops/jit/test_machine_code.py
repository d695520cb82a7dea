"""Machine code for several kinds of processors, when it is made, and what is done without it."""

import os
import subprocess
import sys
from math import prod
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core import buffers as memory
from convstudio.core import ops
from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.geometry.shapes import Shape
from convstudio.core.geometry.window import SlidingWindow
from convstudio.core.ops import jit, reference
from convstudio.core.ops.increment import updated
from convstudio.core.ops.jit import elementwise, readiness
from convstudio.core.ops.jit.activations import ACTIVATIONS
from convstudio.core.ops.jit.llvm import Processor, processor
from convstudio.core.ops.jit.readiness import compile_all
from convstudio.core.ops.methods import Method, only
from convstudio.core.ops.updates import Tap, Update
from tests.amounts import random_cases

Numbers = NDArray[np.float32]
NEON, AVX2, AVX_512 = Processor(4, 32, 24, 8), Processor(8, 16, 12, 6), Processor(16, 32, 24, 8)
PROCESSORS = pytest.mark.parametrize(
    "kind_of_processor", [NEON, AVX2, AVX_512], ids=lambda cpu: f"{cpu.lanes} lanes", indirect=True
)


@pytest.fixture(autouse=True, scope="module")
def machine_code() -> None:
    """The code is there from the beginning."""
    compile_all()


@pytest.fixture
def kind_of_processor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Processor:
    """Everything is computed as on such a processor; LLVM makes of its vectors what this one has."""
    processor: Processor = request.param
    for module in (jit, readiness):
        monkeypatch.setattr(module, "usable", lambda: processor)
    return processor


def surround(monkeypatch: pytest.MonkeyPatch, start: int) -> list[Numbers]:
    """Put results into the middle of memory that is 77 everywhere; the list grows with what surrounds them."""
    around: list[Numbers] = []

    def empty(shape: tuple[int, ...]) -> Numbers:
        count = prod(shape)
        full = memory.aligned(start + count + 40)
        full[:] = 77
        around.extend((full[:start], full[start + count :]))
        return full[start : start + count].reshape(shape)

    monkeypatch.setattr(memory, "empty", empty)
    return around


def window_of(x: Numbers, out: Numbers, pads: Amounts = NOTHING, border: Border = Border.ZEROS) -> SlidingWindow:
    """The window that makes an output of an input by steps of one pixel."""
    return SlidingWindow(Shape(*x.shape), Shape(*out.shape), pads=pads, border=border)


def whole(generator: np.random.Generator, *shape: int) -> Numbers:
    """Whole numbers so small that sums of their products are exact."""
    return generator.integers(-9, 10, shape).astype(np.float32)


def program(text: str) -> str:
    """What a program prints in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-W", "error", "-c", text]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def test_this_computer_has_machine_code() -> None:
    assert processor() is not None


@PROCESSORS
@pytest.mark.parametrize("filters", [*range(1, 10), 16, 17, 41])
@pytest.mark.parametrize("columns", [20, 133])
def test_any_number_of_filters_is_exact(kind_of_processor: Processor, filters: int, columns: int) -> None:
    generator = np.random.default_rng(filters)
    x, weight = whole(generator, 3, 9, columns), whole(generator, filters, 3, 5, 5)

    with only(Method.COMPILED):
        result = ops.conv2d(x, weight, np.arange(filters))

    np.testing.assert_array_equal(result, reference.conv2d(x, weight, np.arange(filters)))


@PROCESSORS
@pytest.mark.parametrize(
    ("weight", "options"),
    [
        *(((16, 3, 5, wide), {}) for wide in (1, 2, 3, 6, 14, 17)),
        ((16, 3, 5, 5), {"dilation": (1, 2)}),
        ((16, 3, 5, 5), {"stride": (2, 1), "dilation": (2, 1)}),
        ((16, 3, 5, 5), {"stride": (1, 2)}),
        ((34, 3, 5, 5), {"groups": 2, "padding": 2}),
        ((1, 3, 9, 9), {"padding": 4}),  # two rows share their pixels
    ],
)
def test_any_window_is_exact(kind_of_processor: Processor, weight: tuple[int, ...], options: dict[str, Any]) -> None:
    generator = np.random.default_rng(0)
    x, numbers = whole(generator, 3 * options.get("groups", 1), 50, 60), whole(generator, *weight)

    with only(Method.COMPILED):
        result = ops.conv2d(x, numbers, **options)

    np.testing.assert_array_equal(result, reference.conv2d(x, numbers, **options))


@PROCESSORS
@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_an_activation_is_exact_for_any_number(kind_of_processor: Processor, kind: ActivationKind) -> None:
    x = np.concatenate(
        [np.linspace(-110, 110, 5001), np.geomspace(1e-38, 20, 999), -np.geomspace(1e-38, 20, 999),
         [0.0, -0.0, np.inf, -np.inf, np.nan, -3e38]]
    ).astype(np.float32)  # fmt: skip

    result = ops.activate(x, kind, 0.25)

    np.testing.assert_allclose(result, reference.activate(x, kind, 0.25), rtol=5e-7, atol=2e-45)  # the smallest number


@PROCESSORS
@pytest.mark.parametrize("kind", ACTIVATIONS)
def test_an_activation_leaves_every_kind_of_nan_one(kind_of_processor: Processor, kind: ActivationKind) -> None:
    bits = [0x7FC00000, 0x7FC00001, 0x7F800001, 0x7FC000FF, 0x7FC01234, 0x7FFFFFFF, 0xFFFFFFFF, 0xFF800001]

    result = ops.activate(np.array(bits * 3, np.uint32).view(np.float32), kind, 0.25)

    assert np.isnan(result).all()


@PROCESSORS
@pytest.mark.parametrize("is_large", [True, False])
@pytest.mark.parametrize("columns", [16, 17, 31, 64, 97, 129])
@pytest.mark.parametrize("start", [0, 1, 15])
def test_a_changed_scale_and_bias_write_each_number_once_wherever_lines_of_the_cache_begin(
    kind_of_processor: Processor, is_large: bool, columns: int, start: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elementwise, "LARGE", 0 if is_large else 10**9)
    around, old = surround(monkeypatch, start), whole(np.random.default_rng(columns), 2, 3, columns)

    result = updated(old, old, [Update(-2, 7), Update(3)], window_of(old, old))

    np.testing.assert_array_equal(result, np.stack([7 - 2 * old[0], 3 * old[1]]))
    assert all((numbers == 77).all() for numbers in around)


@PROCESSORS
@pytest.mark.parametrize("is_large", [True, False])
@pytest.mark.parametrize("border", Border)
@pytest.mark.parametrize("columns", [18, 32, 33, 47, 97])
@pytest.mark.parametrize("start", [0, 1, 15])
def test_a_changed_weight_adds_its_input_and_no_padding(
    kind_of_processor: Processor, is_large: bool, border: Border, columns: int, start: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(elementwise, "LARGE", 0 if is_large else 10**9)
    around, generator = surround(monkeypatch, start), np.random.default_rng(columns)
    x, padding = whole(generator, 1, 6, columns), ((1, 4), (17, 17))
    # sources begin and end one number within a vector of 4, 8 and 16
    taps = tuple(Tap(0, row, column, row + 1) for row, column in enumerate((0, 8, 12, 22, 26, 34)))
    change = np.zeros((1, 1, 6, 35))
    for _, row, column, amount in taps:
        change[0, 0, row, column] = amount
    old = whole(generator, 1, 6, columns)

    result = updated(old, x, [Update(taps=taps)], window_of(x, old, Amounts(1, 4, 17, 17), border))

    np.testing.assert_array_equal(result, old + reference.conv2d(x, change, padding=padding, border=border))
    assert all((numbers == 77).all() for numbers in around)


@PROCESSORS
def test_a_zero_of_the_padding_leaves_even_what_is_no_number_to_be_added(kind_of_processor: Processor) -> None:
    x, old = np.full((1, 1, 16), np.inf, np.float32), np.arange(48, dtype=np.float32).reshape(1, 3, 16)
    window = window_of(x, old, Amounts(1, 1, 16, 0))

    result = updated(old, x, [Update(taps=(Tap(0, 0, 0, 2),))], window)

    np.testing.assert_array_equal(result, old)  # what lies left of the picture, or above and below, is 0 · 2


def test_each_of_many_changed_weights_adds_the_input_under_its_own_column() -> None:
    generator, columns = np.random.default_rng(0), 150
    x, old = whole(generator, 1, 3, 40), whole(generator, columns, 3, 40)
    weight = np.eye(columns).reshape(columns, 1, 1, columns)
    updates = [Update(taps=(Tap(0, 0, column, 1),)) for column in range(columns)]

    result = updated(old, x, updates, window_of(x, old, Amounts(0, 0, 75, 74)))

    np.testing.assert_array_equal(result, old + reference.conv2d(x, weight, padding=((0, 0), (75, 74))))


def test_many_equal_products_are_added_up_without_drifting() -> None:
    weight = np.full((1, 1, 31, 31), 0.1)
    weight[0, 0, 3, 4] = 0.2  # no column times a row
    x = np.full((1, 60, 70), np.float32(0.3))

    with only(Method.COMPILED):
        output = ops.conv2d(x, weight)

    np.testing.assert_allclose(output, reference.conv2d(x, weight), rtol=1e-6)


@pytest.mark.parametrize("filters", [5, 20])
def test_a_region_is_bit_equal_to_the_same_crop_of_the_whole(filters: int) -> None:
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(3, 190, 350)), generator.normal(size=(filters, 3, 4, 3))

    with only(Method.COMPILED):
        whole = ops.conv2d(x, weight)
        part = ops.conv2d(x[:, 20:61, 33:110], weight)

    np.testing.assert_array_equal(part, whole[:, 20 : 61 - 3, 33 : 110 - 2])


def test_two_rows_at_once_are_bit_equal_to_each_alone() -> None:
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(1, 61, 150)).astype(np.float32), generator.normal(size=(1, 1, 9, 9))
    broken = x.copy()
    broken[0, 59, 149] = np.nan  # then every row is alone, or the one before the windows that see it would have it, too

    with only(Method.COMPILED):
        together, alone = ops.conv2d(x, weight, padding=4), ops.conv2d(broken, weight, padding=4)
        odd = ops.conv2d(x[:, 7:], weight, padding=((0, 4), (4, 4)))

    np.testing.assert_array_equal(together[:, :55, :145], alone[:, :55, :145])
    np.testing.assert_array_equal(odd, together[:, 11:])
    assert np.isnan(alone).sum() == 6 * 5


@pytest.mark.parametrize("size", [7, 9, 11, 15, 31])
def test_a_flat_picture_comes_out_flat(size: int) -> None:
    weight = np.random.default_rng(1).normal(size=(1, 1, size, size))
    weight -= weight.mean()  # what is left is rounding alone, which a stretched display would show

    with only(Method.COMPILED):
        output = ops.conv2d(np.full((1, 70, 90), 0.3), weight)

    assert np.unique(output).size == 1


@random_cases(300)
@given(st.data())
def test_large_planes_are_exact_wherever_their_windows_lie(data: st.DataObject) -> None:
    def pair(low: int, high: int) -> tuple[int, int]:
        return data.draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    groups, channels = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
    generator = np.random.default_rng(data.draw(st.integers(0, 99)))
    x = whole(generator, groups * channels, *pair(16, 420))
    weight = whole(generator, groups * data.draw(st.sampled_from([1, 2])), channels, *pair(1, 9))
    options: dict[str, Any] = {"stride": pair(1, 2), "padding": (pair(0, 40), pair(0, 40)), "groups": groups}
    try:
        exact = reference.conv2d(x, weight, **options)
    except ConvStudioError:
        assume(False)

    with only(Method.COMPILED):
        result = ops.conv2d(x, weight, **options)

    np.testing.assert_array_equal(result, exact)


@pytest.mark.parametrize(
    ("channels", "weight", "options"),
    [
        (1, (1, 1, 9, 9), {"padding": 4}),
        (1, (1, 1, 3, 3), {"padding": ((50, 1), (300, 2))}),
        (1, (1, 1, 3, 3), {"padding": ((1, 50), (2, 300))}),
        (3, (7, 3, 5, 4), {"padding": "same"}),
        (3, (18, 3, 5, 4), {"padding": "same"}),
        (4, (34, 2, 3, 3), {"groups": 2, "padding": 2}),
        (4, (8, 2, 3, 3), {"groups": 2, "stride": (2, 3), "padding": 2}),
        (2, (2, 1, 3, 5), {"groups": 2, "dilation": (9, 7), "padding": (9, 14), "border": "reflect"}),
    ],
)
def test_nothing_but_the_planes_is_read_and_nothing_but_the_output_written(
    channels: int, weight: tuple[int, ...], options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = np.random.default_rng(0)
    around = np.full((channels + 2, 410, 330), np.nan, np.float32)
    planes = around[1:-1]  # what lies before and after them would spread
    planes[:] = generator.normal(size=planes.shape)
    outs: list[NDArray[np.float32]] = []

    def guarded(shape: tuple[int, ...]) -> NDArray[np.float32]:
        outs.append(np.full((shape[0] + 2, *shape[1:]), 77, np.float32))
        return outs[-1][1:-1]

    monkeypatch.setattr(memory, "empty", guarded)
    weights = generator.normal(size=weight)

    with only(Method.COMPILED):
        output = ops.conv2d(planes, weights, **options)

    np.testing.assert_allclose(output, reference.conv2d(planes, weights, **options), atol=1e-4)
    np.testing.assert_array_equal(outs[0][[0, -1]], 77)


def test_a_distance_without_a_next_one_may_be_as_large_as_it_likes() -> None:
    x = np.ones((1, 70, 80), np.float32)

    assert ops.conv2d(x, np.ones((1, 1, 1, 1)), dilation=2**63).shape == (1, 70, 80)
    assert ops.conv2d(x, np.ones((1, 1, 3, 3)), stride=(2**63, 1)).shape == (1, 1, 78)


def test_machine_code_that_cannot_be_made_is_done_without() -> None:
    printed = program(
        "import numpy as np, llvmlite.binding\n"
        "def broken(text): raise RuntimeError('LLVM IR parsing error')\n"
        "llvmlite.binding.parse_assembly = broken\n"
        "from convstudio.core import ops\n"
        "from convstudio.core.ops.jit.readiness import compile_all, is_compiled\n"
        "compile_all()\n"
        "print(is_compiled())\n"
        "print(ops.conv2d(np.ones((3, 100, 100)), np.ones((6, 3, 5, 5)))[0, 0, 0])\n"
    )

    assert printed.splitlines() == ["False", "75.0"]


def test_machine_code_is_made_once_though_several_ask_for_it() -> None:
    counts = [
        program(
            "from concurrent.futures import ThreadPoolExecutor\n"
            "import llvmlite.binding as llvm\n"
            "texts, parse = [], llvm.parse_assembly\n"
            "llvm.parse_assembly = lambda text: texts.append(text) or parse(text)\n"
            "from convstudio.core.ops.jit import readiness\n"
            f"with ThreadPoolExecutor({callers}) as pool:\n"
            f"    list(pool.map(lambda _: readiness.compile_all(), range({callers})))\n"
            "print(len(texts), readiness.is_compiled())\n"
        ).split()
        for callers in (1, 4)
    ]

    assert counts[0] == counts[1]
    assert int(counts[0][0]) > 0
    assert counts[0][1] == "True"


def test_machine_code_is_made_only_when_it_has_been_missed() -> None:
    printed = program(
        "import sys, numpy as np\n"
        "from convstudio.core import ops\n"
        "x, weight = np.ones((3, 300, 400), np.float32), np.random.default_rng(0).normal(size=(6, 3, 5, 5))\n"
        "first = ops.conv2d(x, weight)\n"
        "print('llvmlite' in sys.modules)\n"
        "calls = 0\n"
        "while 'llvmlite' not in sys.modules and calls < 3000:\n"
        "    calls += 1\n"
        "    last = ops.conv2d(x, weight)\n"
        "print(calls > 10, np.abs(first - last).max() < 1e-4)\n"
    )

    assert printed.split() == ["False", "True", "True"]


def test_without_llvmlite_everything_is_computed_all_the_same() -> None:
    printed = program(
        "import sys\n"
        "sys.modules['llvmlite'] = None\n"
        "import numpy as np\n"
        "from convstudio.core import ops\n"
        "from convstudio.core.activations import ActivationKind\n"
        "from convstudio.core.ops.jit.readiness import compile_all, is_compiled\n"
        "compile_all()\n"
        "print(is_compiled())\n"
        "print(ops.conv2d(np.ones((3, 100, 100)), np.ones((6, 3, 5, 5)))[0, 0, 0])\n"
        "print(ops.activate(np.zeros(1000), ActivationKind.SIGMOID)[0])\n"
    )

    assert printed.splitlines() == ["False", "75.0", "0.5"]


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("count", [1, 3, 15, 16, 17, 31])
def test_an_activation_is_bit_equal_however_few_numbers_it_is_asked_for(kind: ActivationKind, count: int) -> None:
    x = np.random.default_rng(0).normal(size=500_000).astype(np.float32)

    whole, few = ops.activate(x, kind), ops.activate(x[:count], kind)

    np.testing.assert_array_equal(few, whole[:count])
