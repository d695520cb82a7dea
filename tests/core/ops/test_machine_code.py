"""Machine code for several kinds of processors, when it is made, and what is done without it."""

import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Shape
from convstudio.core.layers import ActivationKind, Pair
from convstudio.core.ops import blocks, compiled, memory, reference
from convstudio.core.ops.costs import Kind
from convstudio.core.ops.curves import CURVES, curve
from convstudio.core.ops.microkernel import PART, microkernel
from convstudio.core.ops.native import Processor, processor
from convstudio.core.ops.passes import affine, over
from convstudio.core.ops.readiness import make
from convstudio.core.ops.roads import only
from convstudio.core.ops.shifted import shifted_sum
from convstudio.core.ops.slides import convolution
from convstudio.core.ops.square import square
from tests.amounts import random_cases

Numbers = NDArray[np.float32]
NEON, AVX2, AVX_512 = Processor(4, 32, 24, 8), Processor(8, 16, 12, 6), Processor(16, 32, 24, 8)
PROCESSORS = pytest.mark.parametrize("found", [NEON, AVX2, AVX_512], ids=str)


def program(text: str) -> str:
    """What a program prints in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-W", "error", "-c", text]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def test_this_computer_has_machine_code() -> None:
    assert processor() is not None


@PROCESSORS
@pytest.mark.parametrize("filters", range(1, 9))
@pytest.mark.parametrize("is_wide", [True, False])
def test_the_loop_adds_up_what_a_table_points_at(found: Processor, filters: int, is_wide: bool) -> None:
    kernel = microkernel(found, filters)
    columns = kernel.columns + 3 if is_wide else found.lanes + 1
    generator = np.random.default_rng(filters)
    x = generator.integers(-9, 10, (5, columns + 7)).astype(np.float32)
    offsets = generator.integers(0, 7, PART + 5)
    weights = generator.integers(-3, 4, (len(offsets), filters)).astype(np.float32)
    bias = np.arange(filters, dtype=np.float32)
    out = np.full((filters, 2, columns + 2), 77, np.float32)

    kernel.loop(columns)(
        out.ctypes.data, out[0].size, out.shape[2], x.ctypes.data, 2 * x.shape[1], offsets.ctypes.data,
        weights.ctypes.data, len(offsets), 2, columns, bias.ctypes.data,
    )  # fmt: skip

    windows = np.stack([x[::2][:2, offset : offset + columns] for offset in offsets])
    expected = np.einsum("tyx,tf->fyx", windows, weights) + bias[:, None, None]
    np.testing.assert_array_equal(out[:, :, :columns], expected)  # sums of whole numbers are exact
    np.testing.assert_array_equal(out[:, :, columns:], 77)


@PROCESSORS
@pytest.mark.parametrize("wide", [1, 3, 5, 6, 14])
def test_the_square_loop_adds_up_what_a_table_points_at(found: Processor, wide: int) -> None:
    filters, columns = found.lanes, 2 * found.lanes + 3
    generator = np.random.default_rng(wide)
    x = generator.integers(-9, 10, (5, columns + 7 + wide)).astype(np.float32)
    firsts = generator.integers(0, 7, PART // wide + 5)
    offsets = np.add.outer(firsts, np.arange(wide)).ravel()
    weights = generator.integers(-3, 4, (len(offsets), filters)).astype(np.float32)
    bias = np.arange(filters, dtype=np.float32)
    out = np.full((filters, 2, columns + 2), 77, np.float32)

    square(found, wide)(
        out.ctypes.data, out[0].size, out.shape[2], x.ctypes.data, 2 * x.shape[1], offsets.ctypes.data,
        weights.ctypes.data, len(offsets), 2, columns, bias.ctypes.data,
    )  # fmt: skip

    windows = np.stack([x[::2][:2, offset : offset + columns] for offset in offsets])
    expected = np.einsum("tyx,tf->fyx", windows, weights) + bias[:, None, None]
    np.testing.assert_array_equal(out[:, :, :columns], expected)
    np.testing.assert_array_equal(out[:, :, columns:], 77)


@pytest.mark.parametrize(
    ("found", "weight", "options", "expected"),
    [
        (AVX_512, (6, 3, 5, 5), {}, [6]),
        (AVX_512, (9, 3, 5, 5), {}, [5, 4]),
        (AVX_512, (41, 3, 5, 5), {}, [16, 16, 5, 4]),
        (AVX_512, (16, 3, 5, 2), {}, [8, 8]),  # few columns share a number
        (AVX_512, (16, 3, 5, 17), {}, [8, 8]),  # more than there are registers, and no part of them divides 17
        (AVX_512, (16, 3, 5, 5), {"dilation": (1, 2)}, [8, 8]),
        (AVX_512, (16, 3, 5, 5), {"stride": (2, 1), "dilation": (2, 1)}, [16]),
        (AVX_512, (16, 3, 5, 5), {"stride": (1, 2)}, [8, 8]),
        (AVX_512, (34, 3, 5, 5), {"groups": 2}, [16, 1]),
        (AVX2, (17, 3, 5, 5), {}, [8, 8, 1]),
        (NEON, (17, 3, 5, 5), {}, [6, 6, 5]),
    ],
)
def test_filters_are_computed_in_squares_where_the_kernel_suits_them(
    found: Processor, weight: tuple[int, ...], options: dict[str, Any], expected: list[int]
) -> None:
    chosen: dict[str, Any] = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1, "border": "zeros"} | options
    slide = convolution(Shape(3 * chosen["groups"], 50, 60), weight, **chosen)

    assert compiled.teams(slide, found) == expected


@PROCESSORS
@pytest.mark.parametrize("kind", CURVES)
def test_a_curve_is_exact_for_any_number(found: Processor, kind: ActivationKind) -> None:
    values = np.concatenate(
        [np.linspace(-110, 110, 5001), np.geomspace(1e-38, 20, 999), -np.geomspace(1e-38, 20, 999),
         [0.0, -0.0, np.inf, -np.inf, np.nan, -3e38]]
    )  # fmt: skip
    x, out = values.astype(np.float32), np.full(len(values), 77, np.float32)

    over(curve(found, kind), x, out, found, 0.25)

    exact = reference.activate(x, kind, 0.25)
    np.testing.assert_allclose(out, exact, rtol=5e-7, atol=2e-45)  # 2⁻¹⁴⁹ is the smallest float32


@PROCESSORS
@pytest.mark.parametrize("kind", CURVES)
def test_a_curve_leaves_every_kind_of_nan_one(found: Processor, kind: ActivationKind) -> None:
    bits = [0x7FC00000, 0x7FC00001, 0x7F800001, 0x7FC000FF, 0x7FC01234, 0x7FFFFFFF, 0xFFFFFFFF, 0xFF800001]
    x = np.array(bits * 3, np.uint32).view(np.float32)
    out = np.zeros_like(x)

    over(curve(found, kind), x, out, found, 0.25)

    assert np.isnan(out).all()


@PROCESSORS
@pytest.mark.parametrize("is_large", [True, False])
def test_a_pass_writes_each_number_once_wherever_lines_of_the_cache_begin(found: Processor, is_large: bool) -> None:
    generator = np.random.default_rng(0)
    for count in (1, 3, 4, 15, 16, 17, 64, 100, 129):
        for start in range(17):
            given = generator.integers(-99, 100, count).astype(np.float32)
            out, some = np.full(200, 77, np.float32), slice(start, start + count)

            over(affine(found), given, out[some], found, -2, 7, large=0 if is_large else 1000)
            np.testing.assert_array_equal(out[some], 7 - 2 * given)
            np.testing.assert_array_equal(np.delete(out, some), 77)


@PROCESSORS
@pytest.mark.parametrize("is_large", [True, False])
def test_a_shifted_sum_reads_each_source_once_and_no_padding(found: Processor, is_large: bool) -> None:
    generator = np.random.default_rng(0)
    for columns in (found.lanes, found.lanes + 1, 3 * found.lanes - 1, 97):
        for start in range(17):
            x, before = generator.integers(-99, 100, (2, 4, columns)).astype(np.float32)
            first, last = sorted(generator.integers(0, columns + 1, 2).tolist())
            down, across = generator.integers(-1, 4, 3), generator.integers(-1, columns, columns)
            across[first:last] = np.arange(columns - last + first, columns)  # these lie side by side
            room = np.full(start + 3 * columns + 5, 77, np.float32)
            out = room[start : start + 3 * columns].reshape(3, columns)

            shifted_sum(found)(
                out.ctypes.data, before.ctypes.data, x.ctypes.data, columns, down.ctypes.data, across.ctypes.data,
                3, columns, first, last, 3, int(is_large),
            )  # fmt: skip

            is_read = (down >= 0)[:, None] & (across >= 0)
            np.testing.assert_array_equal(out, before[:3] + 3 * np.where(is_read, x[np.ix_(down, across)], 0))
            assert (room[:start] == 77).all()
            assert (room[start + 3 * columns :] == 77).all()


@PROCESSORS
def test_a_zero_of_the_padding_leaves_even_what_is_no_number_to_be_added(found: Processor) -> None:
    x, before = np.full(found.lanes, np.inf, np.float32), np.arange(found.lanes, dtype=np.float32)
    out, down, across = np.zeros_like(x), np.array([0]), np.full(found.lanes, -1)
    addresses = out.ctypes.data, before.ctypes.data, x.ctypes.data

    shifted_sum(found)(*addresses, 0, down.ctypes.data, across.ctypes.data, 1, found.lanes, 0, 0, 2, 0)

    np.testing.assert_array_equal(out, before)


def test_many_equal_products_are_added_up_without_drifting() -> None:
    make()
    weight = np.full((1, 1, 31, 31), 0.1)
    weight[0, 0, 3, 4] = 0.2  # no column times a row
    x = np.full((1, 60, 70), np.float32(0.3))

    with only(Kind.COMPILED):
        found = ops.conv2d(x, weight)

    np.testing.assert_allclose(found, reference.conv2d(x, weight), rtol=1e-6)


@pytest.mark.parametrize("filters", [5, 20])
def test_a_region_is_bit_equal_to_the_same_crop_of_the_whole(filters: int) -> None:
    make()
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(3, 190, 350)), generator.normal(size=(filters, 3, 4, 3))

    with only(Kind.COMPILED):
        whole = ops.conv2d(x, weight)
        part = ops.conv2d(x[:, 20:61, 33:110], weight)

    np.testing.assert_array_equal(part, whole[:, 20 : 61 - 3, 33 : 110 - 2])


def test_two_rows_at_once_are_bit_equal_to_each_alone() -> None:
    make()
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(1, 61, 150)).astype(np.float32), generator.normal(size=(1, 1, 9, 9))
    broken = x.copy()
    broken[0, 59, 149] = np.nan  # then every row is alone, or the one before the windows that see it would have it, too

    with only(Kind.COMPILED):
        together, alone = ops.conv2d(x, weight, padding=4), ops.conv2d(broken, weight, padding=4)
        odd = ops.conv2d(x[:, 7:], weight, padding=((0, 4), (4, 4)))

    np.testing.assert_array_equal(together[:, :55, :145], alone[:, :55, :145])
    np.testing.assert_array_equal(odd, together[:, 11:])
    assert np.isnan(alone).sum() == 6 * 5


@pytest.mark.parametrize("size", [7, 9, 11, 15, 31])
def test_a_flat_picture_comes_out_flat(size: int) -> None:
    make()
    weight = np.random.default_rng(1).normal(size=(1, 1, size, size))
    weight -= weight.mean()  # what is left is rounding alone, which a stretched display would show

    with only(Kind.COMPILED):
        found = ops.conv2d(np.full((1, 70, 90), 0.3), weight)

    assert np.unique(found).size == 1


@given(st.data())
@random_cases(500)
def test_strips_fill_the_output_once_and_are_no_smaller_than_a_tile(data: st.DataObject) -> None:
    def pair(low: int, high: int) -> tuple[int, int]:
        return data.draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    groups, channels = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 2))
    source = Shape(groups * channels, *pair(1, 400))
    kernel, stride, padding = pair(1, 9), pair(1, 2), (pair(0, 40), pair(0, 40))
    try:
        slide = convolution(
            source, (groups, channels, *kernel), stride=stride, padding=padding, dilation=1, groups=groups,
            border="zeros",
        )  # fmt: skip
    except ConvStudioError:
        assume(False)
    assume(slide.output.width >= 16)
    rows = data.draw(st.integers(1, min(2, slide.output.height)))
    inside = blocks.inside(slide, Pair(rows, 16)) if data.draw(st.booleans()) else None
    every = (
        [*blocks.within(slide, inside, rows, reads=1), *blocks.around(slide, inside, rows)]
        if inside
        else blocks.everywhere(slide, rows)
    )

    filled = np.zeros(slide.output, int)
    for strip in every:
        filled[strip.group, strip.top : strip.bottom, strip.left : strip.right] += 1
        assert strip.bottom - strip.top >= rows
        assert strip.right - strip.left >= 16

    assert (filled == 1).all()


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
    make()
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

    with only(Kind.COMPILED):
        found = ops.conv2d(planes, weights, **options)

    np.testing.assert_allclose(found, reference.conv2d(planes, weights, **options), atol=1e-4)
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
        "from convstudio.core.ops.readiness import is_made, make\n"
        "from convstudio.core.ops.roads import explain_road\n"
        "make()\n"
        "print(is_made(), explain_road((3, 300, 400), np.random.default_rng(0).normal(size=(6, 3, 5, 5))).kind)\n"
        "print(ops.conv2d(np.ones((3, 100, 100)), np.ones((6, 3, 5, 5)))[0, 0, 0])\n"
    )

    assert printed.splitlines() == ["False matrix product", "75.0"]


def test_machine_code_is_made_once_though_several_ask_for_it() -> None:
    printed = program(
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from convstudio.core.ops import native, readiness\n"
        "with ThreadPoolExecutor(4) as pool:\n"
        "    list(pool.map(lambda _: readiness.make(), range(4)))\n"
        "lanes, *_, filters = native.processor()\n"
        "wanted = 1 + 4 + 2 + 3 + 2 * filters + (lanes > filters)\n"
        "print(len(native._memory), wanted, readiness.is_made())\n"
    )

    count, wanted, is_made = printed.split()
    assert count == wanted
    assert is_made == "True"


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
        "from convstudio.core.layers import ActivationKind\n"
        "from convstudio.core.ops.readiness import is_made, make\n"
        "from convstudio.core.ops.roads import explain_road\n"
        "make()\n"
        "print(is_made(), explain_road((3, 300, 400), np.random.default_rng(0).normal(size=(6, 3, 5, 5))).kind)\n"
        "print(ops.conv2d(np.ones((3, 100, 100)), np.ones((6, 3, 5, 5)))[0, 0, 0])\n"
        "print(ops.activate(np.zeros(1000), ActivationKind.SIGMOID)[0])\n"
    )

    assert printed.splitlines() == ["False matrix product", "75.0", "0.5"]


@pytest.mark.parametrize("kind", CURVES)
@pytest.mark.parametrize("count", [1, 3, 15, 16, 17, 31])
def test_a_curve_is_bit_equal_however_few_numbers_it_is_asked_for(kind: ActivationKind, count: int) -> None:
    make()
    x = np.random.default_rng(0).normal(size=500_000).astype(np.float32)

    whole, few = ops.activate(x, kind), ops.activate(x[:count], kind)

    np.testing.assert_array_equal(few, whole[:count])
