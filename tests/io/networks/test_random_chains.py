"""Random chains of operators: ours gives what ONNX Runtime gives, whatever stride, padding, dilation and groups."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from onnx import NodeProto

from convstudio.core.errors import ConvStudioError
from convstudio.io.networks.formats import NetworkFormat
from convstudio.io.networks.network import NetworkFile
from convstudio.io.networks.reading import read
from tests.amounts import random_cases
from tests.io.networks.models import Array, Case, model_of, node, numbers, picture, run_by_onnx_runtime, run_by_ours

SMALL = st.integers(1, 3)
ACTIVATIONS: list[dict[str, Any]] = [
    {"operator": "Relu"}, {"operator": "Sigmoid"}, {"operator": "Tanh"}, {"operator": "HardSwish"},
    {"operator": "LeakyRelu", "alpha": 0.3}, {"operator": "Elu", "alpha": 0.5}, {"operator": "HardSigmoid"},
    {"operator": "HardSigmoid", "alpha": 0.4, "beta": 0.3}, {"operator": "Softplus"}, {"operator": "Identity"},
]  # fmt: skip


@st.composite
def chains(draw: st.DrawFn) -> Case:
    """Up to five operators on a picture of three channels."""
    nodes: list[NodeProto] = []
    tensors: dict[str, Array] = {}
    channels, name = 3, "x"
    for number in range(draw(st.integers(1, 5))):
        output = f"y{number}"
        kind = draw(st.sampled_from(["conv", "conv", "transposed", "pool", "activation", "norm", "pad"]))
        match kind:
            case "conv":
                channels = _convolution(draw, nodes, tensors, name, output, channels)
            case "transposed":
                channels = _transposed(draw, nodes, tensors, name, output, channels)
            case "pool":
                nodes.append(_pool(draw, name, output))
            case "activation":
                settings = dict(draw(st.sampled_from(ACTIVATIONS)))
                nodes.append(node(settings.pop("operator"), name, output, **settings))
            case "norm":
                names = [f"{part}{number}" for part in "gbmv"]
                tensors |= {key: np.abs(numbers(channels)) + 0.1 for key in names}
                nodes.append(node("BatchNormalization", " ".join([name, *names]), output))
            case _:
                tensors[f"p{number}"] = np.array([0, 0, *(draw(SMALL) - 1 for _ in (0, 1)), 0, 0, 1, 2])
                mode = draw(st.sampled_from(["constant", "edge", "reflect"]))
                nodes.append(node("Pad", f"{name} p{number}", output, mode=mode))
        name = output
    return Case(nodes, tensors, (), shape=(1, 3, draw(st.integers(9, 14)), draw(st.integers(9, 14))))


def _convolution(
    draw: st.DrawFn, nodes: list[NodeProto], tensors: dict[str, Array], name: str, output: str, channels: int
) -> int:
    groups = draw(st.sampled_from([1, channels]))
    filters = groups * draw(SMALL)
    rows, columns = draw(SMALL), draw(SMALL)
    tensors[f"w{output}"] = numbers(filters, channels // groups, rows, columns)
    tensors[f"b{output}"] = numbers(filters)
    settings: dict[str, Any] = {"strides": [draw(SMALL), draw(SMALL)], "group": groups}
    rule = draw(st.sampled_from(["", "SAME_UPPER", "SAME_LOWER", "VALID"]))
    if rule:
        settings["auto_pad"] = rule
    else:
        settings["pads"] = [draw(SMALL) - 1 for _ in range(4)]
        settings["dilations"] = [draw(SMALL), draw(SMALL)]
    nodes.append(node("Conv", f"{name} w{output} b{output}", output, **settings))
    return filters


def _transposed(
    draw: st.DrawFn, nodes: list[NodeProto], tensors: dict[str, Array], name: str, output: str, channels: int
) -> int:
    groups = draw(st.sampled_from([1, channels]))
    tensors[f"w{output}"] = numbers(channels, 2, draw(SMALL), draw(SMALL))
    strides = [draw(st.integers(1, 2)), draw(st.integers(1, 2))]
    extra = [draw(st.integers(0, stride - 1)) for stride in strides]
    nodes.append(
        node("ConvTranspose", f"{name} w{output}", output, strides=strides, output_padding=extra, group=groups)
    )
    return 2 * groups


def _pool(draw: st.DrawFn, name: str, output: str) -> NodeProto:
    window = [draw(SMALL), draw(SMALL)]
    settings: dict[str, Any] = {
        "kernel_shape": window,
        "strides": [draw(SMALL), draw(SMALL)],
        "pads": [draw(st.integers(0, (window[axis % 2] - 1) // 2)) for axis in range(4)],
        "ceil_mode": int(draw(st.booleans())),
    }
    operator = draw(st.sampled_from(["MaxPool", "AveragePool"]))
    if operator == "AveragePool":
        settings["count_include_pad"] = int(draw(st.booleans()))
    return node(operator, name, output, **settings)


def read_or_refuse(case: Case) -> NetworkFile | str:
    """The network, or why it is none."""
    try:
        network = read(model_of(case).SerializeToString(), NetworkFormat.ONNX, "n.onnx", "/nowhere")
    except ConvStudioError as refusal:
        return str(refusal)
    return network.refusal or network


@random_cases(200)
@given(case=chains())
def test_a_random_chain_gives_what_onnx_runtime_gives(case: Case) -> None:
    planes = picture(case)
    values = run_by_onnx_runtime(case, planes)

    network = read_or_refuse(case)
    if isinstance(network, str):
        assert "does nothing" in network or not values, network
        return
    if not values:  # ONNX Runtime refuses some padding that is none of ours to refuse
        return

    theirs = values[case.nodes[-1].output[0]][0]
    ours = run_by_ours(network.layers, planes)[-1]
    size = float(np.abs(theirs).max(initial=0.0))
    assert ours.shape == theirs.shape
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4 * max(size, 1e-3))
