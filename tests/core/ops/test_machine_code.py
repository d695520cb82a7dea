"""Machine code for several kinds of processors, when it is made, and what is done without it."""

import os
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.layers import ActivationKind
from convstudio.core.ops import reference
from convstudio.core.ops.costs import Kind
from convstudio.core.ops.microkernel import PART, microkernel
from convstudio.core.ops.native import Processor, processor
from convstudio.core.ops.readiness import make
from convstudio.core.ops.roads import only
from convstudio.core.ops.sigmoid import sigmoid

Numbers = NDArray[np.float32]
PROCESSORS = pytest.mark.parametrize("found", [Processor(4, 24, 8), Processor(8, 12, 6), Processor(16, 24, 8)], ids=str)


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
def test_the_sigmoid_is_exact_for_any_number(found: Processor) -> None:
    values = np.concatenate([np.linspace(-110, 110, 5001), [0.0, -0.0, np.inf, -np.inf, np.nan, 1e-30, -3e38]])
    x, out = values.astype(np.float32), np.full(len(values), 77, np.float32)

    sigmoid(found).run(out.ctypes.data, x.ctypes.data, len(x))

    exact = 1 / (1 + np.exp(-np.maximum(x.astype(np.float64), -700)))
    np.testing.assert_allclose(out, exact, rtol=3e-7, atol=2e-45)  # 2⁻¹⁴⁹ is the smallest float32


def test_many_equal_products_are_added_up_without_drifting() -> None:
    make()
    weight = np.full((1, 1, 31, 31), 0.1)
    weight[0, 0, 3, 4] = 0.2  # no column times a row
    x = np.full((1, 60, 70), np.float32(0.3))

    with only(Kind.COMPILED):
        found = ops.conv2d(x, weight)

    np.testing.assert_allclose(found, reference.conv2d(x, weight), rtol=1e-6)


def test_a_region_is_bit_equal_to_the_same_crop_of_the_whole() -> None:
    make()
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(3, 90, 150)), generator.normal(size=(5, 3, 4, 3))

    with only(Kind.COMPILED):
        whole = ops.conv2d(x, weight)
        part = ops.conv2d(x[:, 20:61, 33:110], weight)

    np.testing.assert_array_equal(part, whole[:, 20 : 61 - 3, 33 : 110 - 2])


def test_two_rows_at_once_are_bit_equal_to_each_alone() -> None:
    make()
    generator = np.random.default_rng(0)
    x, weight = generator.normal(size=(1, 61, 150)).astype(np.float32), generator.normal(size=(1, 1, 9, 9))
    broken = x.copy()
    broken[0, 60, 149] = np.nan  # then every row is alone

    with only(Kind.COMPILED):
        together, alone = ops.conv2d(x, weight, padding=4), ops.conv2d(broken, weight, padding=4)

    np.testing.assert_array_equal(together[:, :56, :145], alone[:, :56, :145])
    assert np.isnan(alone).sum() == 5 * 5


def test_machine_code_is_made_only_when_it_has_been_missed() -> None:
    printed = program(
        "import sys, numpy as np\n"
        "from convstudio.core import ops\n"
        "x, weight = np.ones((3, 300, 400), np.float32), np.random.default_rng(0).normal(size=(6, 3, 5, 5))\n"
        "first = ops.conv2d(x, weight)\n"
        "print('llvmlite' in sys.modules)\n"
        "calls = 0\n"
        "while 'llvmlite' not in sys.modules:\n"
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


def test_a_curve_of_few_numbers_needs_no_vector() -> None:
    make()

    assert ops.activate([0.0], ActivationKind.SIGMOID).tolist() == [0.5]
