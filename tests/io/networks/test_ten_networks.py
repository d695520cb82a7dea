"""Ten networks in ONNX's form: every layer of ours has the output that ONNX Runtime has at its place."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from convstudio.io.networks.reader import read_network
from tests.io.networks.models import Case, assert_alike, model_of, node, numbers

LENET = Case(
    [
        node("Conv", "x w1 b1", "c1"),
        node("Tanh", "c1", "t1"),
        node("AveragePool", "t1", "p1", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "p1 w2 b2", "c2", pads=[1, 1, 1, 1]),
        node("Relu", "c2", "r2"),
        node("MaxPool", "r2", "p2", kernel_shape=[2, 2], strides=[2, 2]),
        node("Flatten", "p2", "f"),
        node("Gemm", "f g1 gb1", "d1", transB=1),
        node("Relu", "d1", "r3"),
        node("MatMul", "r3 g2", "d2"),
        node("Add", "gb2 d2", "a2"),
        node("Softmax", "a2", "s", axis=-1),
    ],
    {
        "w1": numbers(6, 1, 5, 5), "b1": numbers(6), "w2": numbers(8, 6, 3, 3), "b2": numbers(8),
        "g1": numbers(12, 8 * 6 * 6), "gb1": numbers(12), "g2": numbers(12, 10), "gb2": numbers(10),
    },
    ("c1", "t1", "p1", "c2", "r2", "p2", "d1", "r3", "a2", "s"),
    shape=(1, 1, 28, 28),
)  # fmt: skip
DEPTHWISE = Case(
    [
        node("Conv", "x w1", "c1", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("BatchNormalization", "c1 g b m v", "n1", epsilon=1e-3),
        node("Clip", "n1 low high", "r1"),
        node("Conv", "r1 w2 b2", "c2", group=8, pads=[1, 1, 1, 1]),
        node("HardSwish", "c2", "h2"),
        node("Conv", "h2 w3", "c3"),
        node("Sigmoid", "c3", "g3"),
        node("Mul", "c3 g3", "m3"),
        node("GlobalAveragePool", "m3", "p"),
        node("Flatten", "p", "f"),
        node("Gemm", "f w4 b4", "y", alpha=0.5, beta=2.0),
    ],
    {
        "w1": numbers(8, 3, 3, 3), "g": numbers(8) + 1, "b": numbers(8), "m": numbers(8),
        "v": np.abs(numbers(8)) + 0.1, "low": np.array(0, np.float32),
        "high": np.array(6, np.float32), "w2": numbers(8, 1, 3, 3),
        "b2": numbers(8), "w3": numbers(5, 8, 1, 1), "w4": numbers(5, 4), "b4": numbers(4),
    },
    ("n1", "r1", "c2", "h2", "c3", "m3", "p", "y"),
    dynamic=True,
)  # fmt: skip
PADDED = Case(
    [
        node("Pad", "x pads", "p1", mode="reflect"),
        node("Conv", "p1 w1 b1", "c1", dilations=[2, 1]),
        node("Pad", "c1 zeros", "p2"),
        node("Conv", "p2 w2", "c2", pads=[1, 0, 0, 1]),
        node("LeakyRelu", "c2", "l2", alpha=0.2),
        node("Pad", "l2 edge", "p3", mode="edge"),
        node("MaxPool", "p3", "m3", kernel_shape=[3, 2], strides=[2, 1]),
        node("Pad", "m3 zeros", "p4"),
    ],
    {
        "pads": np.array([0, 0, 2, 1, 0, 0, 1, 3]), "zeros": np.array([0, 0, 0, 1, 0, 0, 2, 0]),
        "edge": np.array([0, 0, 1, 1, 0, 0, 0, 2]),
        "w1": numbers(4, 3, 3, 3), "b1": numbers(4), "w2": numbers(4, 4, 3, 3),
    },
    ("c1", "c2", "l2", "p3", "m3", "p4"),
)  # fmt: skip
POOLS = Case(
    [
        node("MaxPool", "x", "p1", kernel_shape=[3, 3], strides=[2, 2], pads=[1, 0, 1, 2], ceil_mode=1),
        node("AveragePool", "p1", "p2", kernel_shape=[3, 2], pads=[1, 0, 1, 1], count_include_pad=1),
        node("AveragePool", "p2", "p3", kernel_shape=[2, 2], pads=[1, 1, 0, 0], strides=[1, 2]),
        node("MaxPool", "p3", "p4", kernel_shape=[2, 2], dilations=[2, 1]),
        node("GlobalMaxPool", "p4", "p5"),
    ],
    {},
    ("p1", "p2", "p3", "p4", "p5"),
    shape=(1, 3, 15, 17),
)
TRANSPOSED = Case(
    [
        node("ConvTranspose", "x w1 b1", "c1", strides=[2, 3], pads=[1, 2, 0, 1], output_padding=[0, 1]),
        node("Elu", "c1", "e1", alpha=0.7),
        node("ConvTranspose", "e1 w2", "c2", group=2, dilations=[2, 1]),
        node("BatchNormalization", "c2 g b m v", "n2"),
        node("PRelu", "n2 slopes", "r2"),
    ],
    {
        "w1": numbers(3, 4, 4, 5), "b1": numbers(4), "w2": numbers(4, 3, 2, 3), "g": numbers(6), "b": numbers(6),
        "m": numbers(6), "v": np.abs(numbers(6)) + 0.1, "slopes": numbers(6, 1, 1),
    },
    ("c1", "e1", "n2", "r2"),
    shape=(1, 3, 5, 6),
)  # fmt: skip
SAME = Case(
    [
        node("Conv", "x w1", "c1", auto_pad="SAME_UPPER", strides=[2, 2]),
        node("Relu", "c1", "r1"),
        node("Conv", "r1 w2", "c2", auto_pad="SAME_LOWER", strides=[1, 1]),
        node("Conv", "c2 w2", "c3", auto_pad="VALID"),
        node("MaxPool", "c3", "p3", kernel_shape=[2, 2], auto_pad="SAME_UPPER"),
    ],
    {"w1": numbers(4, 3, 4, 3), "w2": numbers(4, 4, 2, 4)},
    ("c1", "r1", "c2", "c3", "p3"),
    shape=(1, 3, 13, 14),
)
NORMALISED = Case(
    [
        node("Sub", "x mean", "s0"),
        node("Div", "s0 spread", "n0"),
        node("Conv", "n0 w1 b1", "c1"),
        node("Mul", "c1 two", "m1"),
        node("Add", "m1 shift", "a1"),
        node("Sub", "one a1", "o1"),
        node("Gelu", "o1", "g1"),
        node("BatchNormalization", "g1 g b m v", "n1"),
        node("Softsign", "n1", "y"),
    ],
    {
        "mean": np.array([0.4, 0.5, 0.6], np.float32).reshape(1, 3, 1, 1),
        "spread": np.array([0.2, 0.3, 0.4], np.float32).reshape(3, 1, 1), "w1": numbers(4, 3, 3, 3), "b1": numbers(4),
        "two": np.array(2, np.float32), "shift": numbers(1, 4, 1, 1), "one": np.array([1], np.float32), "g": numbers(4),
        "b": numbers(4), "m": numbers(4), "v": np.abs(numbers(4)) + 0.1,
    },
    ("s0", "n0", "o1", "g1", "n1", "y"),
    version=20,
)  # fmt: skip
NEAREST = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
RESIZED = Case(
    [
        node("Conv", "x w1", "c1", strides=[2, 2]),
        node("Softplus", "c1", "s1"),
        node("Resize", "s1 - twice", "r1", **NEAREST),
        node("Conv", "r1 w2", "c2"),
        node("Resize", "c2 - more", "r2", mode="linear", coordinate_transformation_mode="half_pixel"),
        node("Resize", "r2 - - sizes", "r3", mode="linear", coordinate_transformation_mode="align_corners"),
        node("Abs", "r3", "y"),
    ],
    {
        "w1": numbers(4, 3, 3, 3), "w2": numbers(2, 4, 2, 2), "twice": np.array([1, 1, 2, 3], np.float32),
        "more": np.array([1, 1, 1.5, 2], np.float32), "sizes": np.array([1, 2, 21, 17]),
    },
    ("c1", "s1", "r1", "c2", "r2", "r3", "y"),
)  # fmt: skip
SPELLED_OUT = Case(
    [
        node("Conv", "x w1 b1", "c1"),
        node("Div", "c1 root", "e0"),
        node("Erf", "e0", "e1"),
        node("Add", "e1 one", "e2"),
        node("Mul", "c1 e2", "e3"),
        node("Mul", "e3 half", "gelu"),
        node("Softplus", "gelu", "q0"),
        node("Tanh", "q0", "q1"),
        node("Mul", "gelu q1", "mish"),
        node("HardSigmoid", "mish", "h0", alpha=1 / 6, beta=0.5),
        node("Mul", "mish h0", "swish"),
        node("HardSigmoid", "swish", "hard"),
        node("Identity", "hard", "i"),
        node("Dropout", "i", "d"),
        node("Relu", "d", "y"),
    ],
    {
        "w1": numbers(3, 3, 3, 3), "b1": numbers(3),
        "root": np.array(np.sqrt(2), np.float32), "one": np.array(1, np.float32),
        "half": np.array(0.5, np.float32),
    },
    ("c1", "gelu", "mish", "swish", "", "hard", "y"),
)  # fmt: skip
SHAPED = Case(
    [
        node("Conv", "x w1", "c1"),
        node("Tanh", "c1", "t1"),
        node("ReduceMean", "t1", "m1", axes=[2, 3], keepdims=0),
        node("Shape", "m1", "n0"),
        node("Gather", "n0 zero", "n1"),
        node("Unsqueeze", "n1 axis", "n2"),
        node("Concat", "n2 rest", "n3", axis=0),
        node("Reshape", "m1 n3", "f1"),
        node("MatMul", "f1 g1", "y"),
    ],
    {
        "w1": numbers(4, 3, 3, 3), "zero": np.array(0), "axis": np.array([0]), "rest": np.array([-1]),
        "g1": numbers(4, 3),
    },
    ("c1", "t1", "m1", "y"),
)  # fmt: skip
TEN = {
    "lenet": LENET, "depthwise": DEPTHWISE, "padded": PADDED, "pools": POOLS, "transposed": TRANSPOSED, "same": SAME,
    "normalised": NORMALISED, "resized": RESIZED, "spelled out": SPELLED_OUT, "shaped": SHAPED,
}  # fmt: skip


@pytest.mark.parametrize("name", TEN)
def test_every_layer_has_the_output_that_onnx_runtime_has(tmp_path: Path, name: str) -> None:
    case = TEN[name]
    path = tmp_path / "network.onnx"
    path.write_bytes(model_of(case).SerializeToString())

    network = read_network(path)

    assert network.refusal == ""
    assert network.channels in (case.shape[1], 0)
    assert_alike(network.layers, case)


RULED = Case(
    [
        node("Pad", "x pads", "p1"),
        node("Conv", "p1 w1", "c1", auto_pad="SAME_UPPER", strides=[2, 1]),
        node("Pad", "c1 pads", "p2", mode="reflect"),
        node("MaxPool", "p2", "m1", kernel_shape=[2, 3], auto_pad="SAME_LOWER", strides=[2, 2]),
    ],
    {"pads": np.array([0, 0, 0, 0, 0, 0, 1, 2]), "w1": numbers(2, 3, 2, 3)},
    ("c1", "p2", "m1"),
    shape=(1, 3, 10, 9),
)


def test_a_rule_for_padding_counts_what_was_padded_before(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(model_of(RULED).SerializeToString())

    assert_alike(read_network(path).layers, RULED)


EXPORTED = Case(  # as PyTorch writes padding, sizes and flattening
    [
        node("ConstantOfShape", "four", "k0"),
        node("Concat", "sides k0", "k1", axis=0),
        node("Reshape", "k1 pairs", "k2"),
        node("Slice", "k2 last first axis back", "k3"),
        node("Transpose", "k3", "k4", perm=[1, 0]),
        node("Reshape", "k4 flat", "k5"),
        node("Cast", "k5", "k6", to=7),
        node("Pad", "x k6", "p1", mode="reflect"),
        node("Conv", "p1 w1", "c1"),
        node("Selu", "c1", "s1"),
        node("Shape", "s1", "z0"),
        node("Slice", "z0 axis two axis", "z1"),
        node("Concat", "z1 size", "z2", axis=0),
        node("Resize", "s1 - - z2", "r1", **NEAREST),
        node("Reshape", "r1 batch", "f1"),
        node("Gemm", "f1 g1", "d1"),
        node("LogSoftmax", "d1", "y", axis=1),
    ],
    {
        "four": np.array([4]), "sides": np.array([2, 1, 1, 2], np.float32), "pairs": np.array([-1, 2]),
        "last": np.array([-1]), "first": np.array([-(2**62)]), "axis": np.array([0]), "back": np.array([-1]),
        "flat": np.array([-1]), "w1": numbers(4, 3, 3, 3), "two": np.array([2]), "size": np.array([5, 7]),
        "batch": np.array([-1, 4 * 5 * 7]), "g1": numbers(4 * 5 * 7, 3),
    },
    ("c1", "s1", "r1", "d1", ""),
)  # fmt: skip


def test_what_does_not_depend_on_the_picture_is_worked_out(tmp_path: Path) -> None:
    path = tmp_path / "network.onnx"
    path.write_bytes(model_of(EXPORTED).SerializeToString())

    network = read_network(path)

    assert network.refusal == ""
    assert network.notes == (
        "LogSoftmax “logsoftmax-y” gives logarithms of shares at its end; here they are the shares themselves.",
    )
    assert_alike(network.layers, EXPORTED)


def test_a_size_that_the_file_does_not_say_is_worked_out_of_the_dense_layer(tmp_path: Path) -> None:
    case = replace(LENET, dynamic=True)
    path = tmp_path / "network.onnx"
    path.write_bytes(model_of(case).SerializeToString())

    network = read_network(path)

    assert network.size == (28, 28)
    assert network.notes == ("The file does not say which size it reads; with 28×28 Gemm “gemm-d1” fits.",)
    assert_alike(network.layers, LENET)
