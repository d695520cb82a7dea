"""Files that hold weights alone: which layers they become, and what is said of what they do not say."""

import importlib.util
import io
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.ops import reference
from convstudio.core.recipe.layers import Activation, Conv, Layer
from convstudio.io.networks.network import InputScale, document_of, notes_of
from convstudio.io.networks.reader import read_network
from convstudio.io.networks.sequence import has_filters_last
from tests.io.networks.models import Array, numbers, run_by_ours, save

SEQUENTIAL: dict[str, Array] = {
    "features.0.weight": numbers(6, 3, 5, 5),
    "features.0.bias": numbers(6),
    "features.2.weight": numbers(8, 6, 3, 3),
    "features.10.weight": numbers(8, 1, 3, 3),
    "features.10.bias": numbers(8),
    "features.11.weight": numbers(8),
    "features.11.bias": numbers(8),
    "features.11.running_mean": numbers(8),
    "features.11.running_var": np.abs(numbers(8)) + 0.1,
    "head.weight": numbers(4, 8),
}


def kinds(layers: tuple[Layer, ...]) -> list[str]:
    return [type(layer).__name__ for layer in layers]


def test_a_sequential_network_from_safetensors_is_a_chain(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_file(SEQUENTIAL, path)
    picture = numbers(3, 9, 8)

    network = read_network(path)
    outputs = run_by_ours(network.layers, picture)

    assert kinds(network.layers) == ["Conv", "Activation", "Conv", "Activation", "Conv", "Activation", "Conv"]
    assert network.channels == 3
    t = {name.removeprefix("features."): array.astype(np.float64) for name, array in SEQUENTIAL.items()}
    values = np.maximum(reference.conv2d(picture, t["0.weight"], t["0.bias"], padding=2), 0)
    values = np.maximum(reference.conv2d(values, t["2.weight"], padding=1), 0)
    values = reference.conv2d(values, t["10.weight"], t["10.bias"], padding=1, groups=8)
    mean, variance, scale, shift = (
        t[f"11.{name}"].reshape(-1, 1, 1) for name in ("running_mean", "running_var", "weight", "bias")
    )
    values = np.maximum((values - mean) / np.sqrt(variance + 1e-5) * scale + shift, 0)
    values = np.einsum("oc,chw->ohw", t["head.weight"], values)
    np.testing.assert_allclose(outputs[-1], values, rtol=1e-4, atol=1e-4 * np.abs(values).max())


def test_what_such_a_file_does_not_say_is_said(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_file(SEQUENTIAL, path)

    network = read_network(path)

    assert network.has_assumed
    assert notes_of(network) == (
        "The file holds weights alone and does not say what lies between them: padding that keeps the size and stride "
        "1 were taken, and a ReLU stands between them; pools and strides are missing.",
        "No file says with which numbers a network was taught; 0 to 1 was taken for black (0) to white (255).",
    )


def test_the_assumed_activation_can_be_another_or_none(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_file(SEQUENTIAL, path)
    network = read_network(path)

    other = document_of(network, activation=Activation(kind=ActivationKind.TANH), scale=InputScale.AS_THEY_ARE)
    none = document_of(network, activation=Activation(enabled=False), scale=InputScale.AS_THEY_ARE)

    assert [layer.kind for layer in other.layers if isinstance(layer, Activation)] == [ActivationKind.TANH] * 3
    assert kinds(none.layers) == ["Conv"] * 4


def test_slopes_of_a_prelu_stand_in_the_place_of_a_relu_and_a_second_end_is_left_out(tmp_path: Path) -> None:
    arrays = {
        "conv1.weight": numbers(4, 3, 3, 3), "conv1.bias": numbers(4), "prelu1.weight": np.abs(numbers(4)),
        "conv2_1.weight": numbers(2, 4, 1, 1), "conv2_2.weight": numbers(3, 4, 1, 1),
    }  # fmt: skip
    save(tmp_path / "net.npz", **arrays)

    network = read_network(tmp_path / "net.npz")

    assert kinds(network.layers) == ["Conv", "Activation", "Conv"]
    prelu = network.layers[1]
    assert isinstance(prelu, Activation)
    assert prelu.slopes == tuple(arrays["prelu1.weight"].astype(np.float64).tolist())
    assert not network.has_assumed
    assert "A second end of the network was left out: “conv2_2” reads 4 channels, but 2 arrive." in network.notes
    assert [bank.name for bank in network.banks] == ["conv1", "conv2_1", "conv2_2"]


def test_weights_that_do_not_follow_each_other_are_refused_with_their_names(tmp_path: Path) -> None:
    arrays = {"a.weight": numbers(4, 3, 3, 3), "b.weight": numbers(4, 5, 3, 3), "c.weight": numbers(4, 4, 3, 3)}
    save(tmp_path / "net.npz", **arrays)

    network = read_network(tmp_path / "net.npz")

    assert network.refusal == (
        "“net.npz” is no chain of layers: “b” reads 5 channels, but 4 arrive; pick one of its 3 convolutions instead."
    )


@pytest.mark.parametrize(
    ("array", "shape"),
    [(numbers(6, 3, 5, 5), (6, 3, 5, 5)), (numbers(7, 3, 3), (7, 1, 3, 3)), (numbers(3, 5), (1, 1, 3, 5)),
     (numbers(3, 3, 3, 32), (32, 3, 3, 3))],
    ids=["bank", "planes", "kernel", "TensorFlow's order"],
)  # fmt: skip
def test_a_single_array_is_a_bank(tmp_path: Path, array: Array, shape: tuple[int, ...]) -> None:
    np.save(tmp_path / "net.npy", array)

    network = read_network(tmp_path / "net.npy")

    (layer,) = network.layers
    assert isinstance(layer, Conv)
    assert layer.weight.array.shape == shape
    if shape == (32, 3, 3, 3):
        np.testing.assert_array_equal(layer.weight.array[5, 1], array[:, :, 1, 5])


def test_an_array_that_is_no_bank_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "net.npy", numbers(480, 640))

    with pytest.raises(ConvStudioError, match=r"an array of the shape \(480, 640\), which is no bank of filters"):
        read_network(tmp_path / "net.npy")


def test_half_precision_and_bfloat16_are_read(tmp_path: Path) -> None:
    weight = np.array([1.0, -2.5, 0.15625, 0.0], np.float32).reshape(1, 1, 2, 2)
    (tmp_path / "net.safetensors").write_bytes(_bfloat16(weight))
    save_file({"w": weight.astype(np.float16)}, tmp_path / "half.safetensors")

    for name in ("net", "half"):
        np.testing.assert_array_equal(read_network(tmp_path / f"{name}.safetensors").banks[0].weight, weight)


def _bfloat16(array: Array) -> bytes:
    """A safetensors file by hand: the length of the header, the header, the upper halves of float32."""
    data = (np.ascontiguousarray(array).view(np.uint32) >> 16).astype("<u2").tobytes()
    header = f'{{"w":{{"dtype":"BF16","shape":{list(array.shape)},"data_offsets":[0,{len(data)}]}}}}'.encode()
    return len(header).to_bytes(8, "little") + header + data


def test_a_pytorch_file_is_read_where_pytorch_is(tmp_path: Path) -> None:
    path = tmp_path / "net.pt"
    if importlib.util.find_spec("torch") is None:
        path.write_bytes(b"PK\3\4")

        with pytest.raises(ConvStudioError, match="only PyTorch can read, and it is not installed here"):
            read_network(path)
        return
    torch = importlib.import_module("torch")
    content = io.BytesIO()
    torch.save({"state_dict": {name: torch.from_numpy(array) for name, array in SEQUENTIAL.items()}}, content)
    path.write_bytes(content.getvalue())

    network = read_network(path)

    assert kinds(network.layers) == ["Conv", "Activation", "Conv", "Activation", "Conv", "Activation", "Conv"]


def test_the_order_of_axes_is_told_by_where_the_kernel_is() -> None:
    assert has_filters_last((5, 5, 1, 32))
    assert has_filters_last((1, 1, 64, 128))
    assert not has_filters_last((32, 1, 5, 5))
    assert not has_filters_last((3, 3, 3, 3))
    assert not has_filters_last((16, 16, 3, 3))


@pytest.mark.parametrize("scale", InputScale)
def test_the_scale_brings_black_and_white_to_what_a_network_was_taught_with(tmp_path: Path, scale: InputScale) -> None:
    save(tmp_path / "net.npz", **{"a.weight": numbers(2, 3, 1, 1), "b.weight": numbers(2, 2, 1, 1)})
    network = read_network(tmp_path / "net.npz")
    white = np.full((3, 1, 1), 65535, np.float32)
    expected = {
        InputScale.UNIT: [1.0, 1.0, 1.0],
        InputScale.AS_THEY_ARE: [65535.0, 65535.0, 65535.0],
        InputScale.SIGNED: [1.0, 1.0, 1.0],
        InputScale.IMAGENET: [(1 - 0.485) / 0.229, (1 - 0.456) / 0.224, (1 - 0.406) / 0.225],
    }[scale]

    document = document_of(network, scale=scale, white=65535)
    outputs = run_by_ours(document.layers[: len(document.layers) - len(network.layers)], white)

    np.testing.assert_allclose((outputs or (white,))[-1].reshape(-1), expected, rtol=1e-5)
