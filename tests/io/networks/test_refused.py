"""Networks that are no chain of layers, and files that are hostile: what is said of them."""

import io
import os
import pickle
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from onnx import ModelProto, NodeProto, TensorProto, helper

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.padding import Padding
from convstudio.io.networks.graphs.onnx_file import inside
from convstudio.io.networks.reader import read_network
from tests.io.networks.models import Array, Case, model_of, node, numbers, run_by_onnx_runtime, run_by_ours

RESIDUAL = Case(
    [
        node("Conv", "x w1", "c1", pads=[1, 1, 1, 1]),
        node("Relu", "c1", "r1"),
        node("Conv", "r1 w2", "c2", pads=[1, 1, 1, 1], strides=[1, 1]),
        node("Add", "c2 r1", "y"),
    ],
    {"w1": numbers(4, 3, 3, 3), "w2": numbers(4, 4, 3, 3)},
    (),
)
UNKNOWN = Case(
    [node("Conv", "x w1", "c1"), node("LRN", "c1", "n1", size=3), node("Relu", "n1", "y")],
    {"w1": numbers(4, 3, 3, 3)},
    (),
)
INPUTS = Case([node("Conv", "x w1", "c1"), node("Relu", "c1", "y")], {"w1": numbers(4, 3, 5)}, (), shape=(1, 3, 9))
REFUSALS = [
    (
        RESIDUAL,
        "“n.onnx” is no chain of layers: The network branches behind Relu “relu-r1” into Conv “conv-c2” and Add "
        "“add-y”, but a recipe is one chain; pick one of its 2 convolutions instead.",
    ),
    (
        UNKNOWN,
        "“n.onnx” is no chain of layers: LRN “lrn-n1” is no layer that there is here; pick its convolution instead.",
    ),
    (
        INPUTS,
        "“n.onnx” is no chain of layers: The network reads an input of 3 axes, not one of 4: pictures, channels, rows, "
        "columns, and no convolution is in it.",
    ),
]


def refusal_of(path: Path) -> str:
    """Why a file is no chain of layers, however that is said."""
    try:
        return read_network(path).refusal
    except ConvStudioError as refusal:
        return str(refusal)


def write(folder: Path, model: ModelProto | bytes, name: str = "n.onnx") -> Path:
    path = folder / name
    path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    return path


@pytest.mark.parametrize(("case", "sentence"), REFUSALS, ids=["branches", "unknown operator", "three axes"])
def test_a_refusal_names_the_operator_and_which_of_them(tmp_path: Path, case: Case, sentence: str) -> None:
    assert refusal_of(write(tmp_path, model_of(case))) == sentence


def test_the_filters_of_a_refused_network_can_be_picked(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, model_of(RESIDUAL)))

    first, second = network.banks
    assert [(bank.name, bank.shape_text) for bank in network.banks] == [
        ("conv-c1", "4 filters, 3 channels, 3×3"),
        ("conv-c2", "4 filters, 4 channels, 3×3"),
    ]
    np.testing.assert_array_equal(first.picked().weight.array, RESIDUAL.tensors["w1"])
    np.testing.assert_array_equal(second.picked().weight.array, RESIDUAL.tensors["w2"])
    assert first.picked().padding == (1, 1, 1, 1)


BRANCHES = Case(
    [
        node("ConvTranspose", "x w1 b1", "t1", strides=[2, 2], pads=[1, 1, 1, 1]),
        node("Flatten", "x", "f"),
        node("Gemm", "f w2 b2", "d1", transB=1, alpha=0.5),
        node("Gemm", "d1 w3 b3", "d2", transB=1),  # what it reads is no picture
        node("Flatten", "t1", "g"),
        node("Concat", "g d2", "y", axis=1),
    ],
    {
        "w1": numbers(3, 3, 4, 4), "b1": numbers(3), "w2": numbers(5, 3 * 6 * 7), "b2": numbers(5),
        "w3": numbers(3, 5), "b3": numbers(3),
    },
    (),
    shape=(1, 3, 6, 7),
)  # fmt: skip


def test_filters_of_transposed_and_dense_layers_can_be_picked_too(tmp_path: Path) -> None:
    network = read_network(write(tmp_path, model_of(BRANCHES)))
    planes = numbers(*BRANCHES.shape[1:])
    theirs = run_by_onnx_runtime(BRANCHES, planes)

    transposed, dense = (bank.picked() for bank in network.banks)
    assert [(bank.name, bank.shape_text) for bank in network.banks] == [
        ("convtranspose-t1", "3 filters, 3 channels, 4×4"),
        ("gemm-d1", "5 filters, 3 channels, 6×7"),
    ]
    (units,) = run_by_ours([replace(dense, padding=Padding.VALID)], planes)
    np.testing.assert_allclose(units.reshape(-1), theirs["d1"][0], rtol=1e-4, atol=1e-5)
    other = numbers(3, 12, 14)  # a transpose: what the one makes of x, times y, is x times what the other makes of y
    (back,) = run_by_ours([transposed], other)
    forth = theirs["t1"][0] - BRANCHES.tensors["b1"][:, None, None]
    assert float((forth * other).sum()) == pytest.approx(float((planes * back).sum()), rel=1e-3)


def network(*nodes: NodeProto, **tensors: Array) -> Case:
    return Case(nodes, tensors, ())


W = numbers(4, 3, 3, 3)
NAN = np.full((1, 3, 1, 1), np.nan, np.float32)
CIRCLE = node("Conv", "x w", "a"), node("Relu", "b", "c"), node("Add", "a c", "b")
SAME = node("ConvTranspose", "x w", "y", strides=[2, 2], auto_pad="SAME_UPPER")
DENSE = node("Flatten", "x", "f"), node("Gemm", "f w", "y")
IMPOSSIBLE = {
    "reads 3 channels, but 4 arrive": network(node("Conv", "x w", "c"), node("Conv", "c w", "y"), w=W),
    "A kernel has 1 to 31 rows, not 33": network(node("Conv", "x w", "y"), w=numbers(4, 3, 33, 33)),
    "does not fit what arrives": network(node("Conv", "x w", "y"), w=numbers(4, 3, 13, 3)),
    "The stride is 0×1": network(node("Conv", "x w", "y", strides=[0, 1]), w=W),
    "Conv “conv-y” reads 21 channels": network(node("Conv", "x w", "y", group=7), w=W),
    "contradict each other": network(node("Conv", "x w", "y", pads=[1, 1]), w=W),
    "strides for 3 axes": network(node("Conv", "x w", "y", strides=[1, 1, 1]), w=W),
    "takes the same values twice": network(node("Conv", "x x", "y")),
    "takes shares along axis 3": network(node("Softmax", "x", "y", axis=3)),
    "pads along the channels": network(node("Pad", "x p", "y"), p=np.array([0, 1, 0, 0, 0, 0, 0, 0])),
    "pads with 2": network(node("Pad", "x p v", "y"), p=np.array([0, 0, 1, 0, 0, 0, 0, 0]), v=np.array(2, np.float32)),
    "not one for each channel": network(node("Add", "x b", "y"), b=numbers(14)),
    "keeps values between 0 and 3": network(
        node("Clip", "x a b", "y"), a=np.array(0, np.float32), b=np.array(3, np.float32)
    ),
    "finite": network(node("Conv", "x w", "y"), w=NAN),
    "no inputs": network(node("Relu", "z", "y")),
    "joins the results": network(*CIRCLE, w=W),
    "circle": network(node("Relu", "x", "x")),
    "cuts off": network(SAME, w=numbers(3, 1, 3, 3)),
    "output_shape": network(node("ConvTranspose", "x w", "y", output_shape=[9, 9]), w=numbers(3, 1, 3, 3)),
    "reads 12 values, but 3×12×14 arrive": network(*DENSE, w=numbers(12, 4)),
}


@pytest.mark.parametrize("words", IMPOSSIBLE)
def test_what_cannot_be_is_refused_at_its_operator(tmp_path: Path, words: str) -> None:
    case = IMPOSSIBLE[words]

    sentence = refusal_of(write(tmp_path, model_of(case)))

    assert words in sentence
    assert "is no chain of layers" in sentence


# hostile files


def external(location: str, *, offset: int = 0, count: int = 27) -> ModelProto:
    """A network whose weights lie in another file."""
    model = model_of(Case([node("Conv", "x w1", "y")], {"w1": numbers(1, 3, 3, 3)}, ()))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.dims[0] = count // 27
    for key, value in (("location", location), ("offset", str(offset)), ("length", str(4 * count))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return model


def test_numbers_in_another_file_of_its_folder_are_read(tmp_path: Path) -> None:
    weight = numbers(1, 3, 3, 3)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "w.bin").write_bytes(bytes(8) + weight.tobytes())

    network = read_network(write(tmp_path, external("data/w.bin", offset=8)))

    assert network.refusal == ""
    np.testing.assert_array_equal(network.banks[0].weight, weight)


@pytest.mark.parametrize(
    "location",
    ["../secret.bin", "../../etc/passwd", "/etc/passwd", "a/../../secret.bin", "link.bin", "C:\\secret.bin", ""],
)
def test_numbers_outside_its_folder_are_not_read(tmp_path: Path, location: str) -> None:
    (tmp_path / "secret.bin").write_bytes(bytes(108))
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")

    sentence = refusal_of(write(folder, external(location)))

    assert "outside its own folder, which is not read" in sentence


@pytest.mark.parametrize(
    ("offset", "count", "words"),
    [
        (-4, 27, "does not hold"),
        (4, 27, "does not hold"),
        (0, 2700, "does not hold"),
        (0, 27 * 10**9, "MiB of numbers"),
    ],
    ids=["before", "behind", "more", "much more"],
)
def test_other_files_that_do_not_hold_the_numbers_are_refused(
    tmp_path: Path, offset: int, count: int, words: str
) -> None:
    (tmp_path / "w.bin").write_bytes(bytes(108))

    assert words in refusal_of(write(tmp_path, external("w.bin", offset=offset, count=count)))


def test_a_pipe_in_the_place_of_numbers_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "w.bin")

    assert "does not hold the numbers" in refusal_of(write(tmp_path, external("w.bin")))


@pytest.mark.parametrize("length", [0, 1, 10, 200, -1])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, length: int) -> None:
    data = model_of(RESIDUAL).SerializeToString()[: length or None]

    sentence = refusal_of(write(tmp_path, data if length else b""))

    assert ("damaged" in sentence) or ("empty" in sentence) or ("no operators" in sentence)


def test_a_shape_of_more_numbers_than_there_are_is_refused(tmp_path: Path) -> None:
    for lengths, words in (
        ([10**9, 10**9, 3, 3], "MiB of numbers"),
        ([4, 3, 3, 4], "does not hold"),
        ([-1, 3, 3, 3], "an axis of -1"),
    ):
        model = model_of(RESIDUAL)
        del model.graph.initializer[0].dims[:]
        model.graph.initializer[0].dims.extend(lengths)

        assert words in refusal_of(write(tmp_path, model))


def test_a_million_operators_are_refused(tmp_path: Path) -> None:
    case = Case([helper.make_node("Relu", [f"v{n}" if n else "x"], [f"v{n + 1}"]) for n in range(20_001)], {}, ())

    assert "20,001 operators" in refusal_of(write(tmp_path, model_of(case)))


def test_many_operators_are_followed_in_reasonable_time(tmp_path: Path) -> None:
    case = Case([helper.make_node("Identity", [f"v{n}" if n else "x"], [f"v{n + 1}"]) for n in range(19_999)], {}, ())

    assert "does nothing to what it reads" in refusal_of(write(tmp_path, model_of(case)))


def test_a_pytorch_file_with_a_program_runs_nothing(tmp_path: Path) -> None:
    witness = tmp_path / "run"

    class Program:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch {witness}",)

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"weight": Program()}, protocol=2))
        archive.writestr("archive/version", "3\n")

    for data in (content.getvalue(), pickle.dumps(Program())):
        sentence = refusal_of(write(tmp_path, data, "n.pt"))

        assert not witness.exists()
        assert any(words in sentence for words in ("never run", "damaged", "not installed here"))


def test_an_array_of_objects_is_not_unpacked(tmp_path: Path) -> None:
    np.save(tmp_path / "n.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.savez(tmp_path / "n.npz", a=np.array([{"a": 1}], dtype=object), allow_pickle=True)

    for name in ("n.npy", "n.npz"):
        assert "without objects" in refusal_of(tmp_path / name)


def test_an_archive_that_unpacks_to_more_than_memory_is_refused(tmp_path: Path) -> None:
    np.savez_compressed(tmp_path / "n.npz", a=np.zeros((1, 1, 31, 31), np.float32))
    data = (tmp_path / "n.npz").read_bytes()
    length = zipfile.ZipFile(io.BytesIO(data)).infolist()[0].file_size
    directory = data.rindex(b"PK\1\2")
    forged = data[directory:].replace(length.to_bytes(4, "little"), (2**31).to_bytes(4, "little"), 1)

    assert "unpacks to 2,048 MiB" in refusal_of(write(tmp_path, data[:directory] + forged, "n.npz"))


def test_an_array_that_says_it_is_huge_is_refused(tmp_path: Path) -> None:
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000), }".ljust(117) + b"\n"
    data = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header

    assert "damaged" in refusal_of(write(tmp_path, data, "n.npy"))


def test_a_cut_off_safetensors_file_is_refused(tmp_path: Path) -> None:
    for data in (b"\0", b"\xff" * 16, (10**12).to_bytes(8, "little") + b"{}", (2).to_bytes(8, "little") + b"{}"):
        sentence = refusal_of(write(tmp_path, data, "n.safetensors"))

        assert "damaged" in sentence or "no decimals" in sentence


def test_a_reader_that_crashes_or_stands_still_harms_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, model_of(RESIDUAL))

    with pytest.raises(ConvStudioError, match="crashed, and nothing else was harmed"):
        read_network(path, module="tests.io.networks.crashing_reader")
    with pytest.raises(ConvStudioError, match=r"more than 0\.5 seconds of work"):
        read_network(path, module="tests.io.networks.sleeping_reader", patience=0.5)
    with pytest.raises(ConvStudioError, match="reading does not start"):
        read_network(path, module="tests.io.networks.no_reader")


def test_a_location_is_inside_its_folder_or_nowhere(tmp_path: Path) -> None:
    assert inside(str(tmp_path), "a/b.bin") == tmp_path.resolve() / "a" / "b.bin"
    for location in ("", "..", "../a", "a/../../b", "/a", "a//b", "\\a", "a\0b", "C:/a"):
        assert inside(str(tmp_path), location) is None, location
