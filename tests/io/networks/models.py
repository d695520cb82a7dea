"""Networks made for the tests, run by ONNX Runtime and by ours."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper
from onnxruntime.capi.onnxruntime_pybind11_state import Fail, InvalidArgument, InvalidGraph, RuntimeException

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Layer

Array = NDArray[Any]
Planes = NDArray[np.float32]
RNG = np.random.default_rng(20)


def numbers(*shape: int, scale: float = 0.5) -> Planes:
    """Weights."""
    return (RNG.normal(size=shape) * scale).astype(np.float32)


def save(path: Path, **arrays: Array) -> None:
    """Write an archive of NumPy's; names with points go in as `**{"a.weight": …}`."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as file:
                np.lib.format.write_array(file, array, allow_pickle=False)


def node(operator: str, inputs: str, outputs: str, **attributes: Any) -> NodeProto:
    """An operator; names are separated by blanks, and one that is left out is “-”."""
    names = ["" if name == "-" else name for name in inputs.split()]
    return helper.make_node(
        operator, names, outputs.split(), name=f"{operator.lower()}-{outputs.split(maxsplit=1)[0]}", **attributes
    )


@dataclass(frozen=True)
class Case:
    """A network and the values, by name, that the outputs of its layers must equal."""

    nodes: Sequence[NodeProto]
    tensors: Mapping[str, Array]
    values: Sequence[str]
    shape: tuple[int, ...] = (1, 3, 12, 14)
    version: int = 17
    dynamic: bool = field(default=False)


def model_of(case: Case, outputs: Sequence[str] | None = None) -> ModelProto:
    """The network in ONNX's own form; all of its values are outputs where they are named."""
    sizes: list[Any] = ["n", case.shape[1], "h", "w"] if case.dynamic else list(case.shape)
    graph = helper.make_graph(
        list(case.nodes),
        "network",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, sizes)],
        [helper.make_empty_tensor_value_info(name) for name in outputs or [case.nodes[-1].output[0]]],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in case.tensors.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", case.version)], ir_version=9)


def run_by_onnx_runtime(case: Case, planes: Planes) -> dict[str, Array]:
    """Every value of a network by ONNX Runtime; none where it refuses to run it."""
    names = list(dict.fromkeys(name for entry in case.nodes for name in entry.output if name))
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    data = model_of(case, names).SerializeToString()
    try:
        session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        return dict(zip(names, session.run(names, {"x": planes[None]}), strict=True))
    except (Fail, InvalidArgument, InvalidGraph, RuntimeException):
        return {}


def run_by_ours(layers: Sequence[Layer], planes: Planes) -> tuple[Planes, ...]:
    """Every layer's output."""
    frame = Frame(np.ascontiguousarray(planes.transpose(1, 2, 0)), white=1.0)
    return evaluate(Document(tuple(layers)), frame).outputs


def picture(case: Case) -> Planes:
    """What a network is shown."""
    return RNG.uniform(-1, 1, case.shape[1:]).astype(np.float32)


def assert_alike(layers: Sequence[Layer], case: Case) -> None:
    """Every layer has the output that ONNX Runtime has at its place."""
    planes = picture(case)
    theirs = run_by_onnx_runtime(case, planes)
    ours = run_by_ours(layers, planes)
    assert len(ours) == len(case.values), [type(layer).__name__ for layer in layers]
    for name, output in zip(case.values, ours, strict=True):
        if not name:  # it lies within one operator of theirs
            continue
        expected = theirs[name]
        size = float(np.abs(expected).max(initial=0.0))
        np.testing.assert_allclose(output.reshape(-1), expected.reshape(-1), rtol=2e-4, atol=2e-5 * size, err_msg=name)
        if expected.ndim == 4:
            assert output.shape == expected.shape[1:], name
