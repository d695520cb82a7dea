"""The same operations in other libraries, each as its users would call it. One that is not installed is left out."""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.rows import Operation, Planes, Row

Work = Callable[[], NDArray[Any]]
LARGE = 15  # from this size of kernel on SciPy's users go through its Fourier transform


def peers(row: Row, x: Planes) -> dict[str, Work]:
    """Everybody who can do a row, by name."""
    makers: dict[str, Callable[[Row, Planes], Work | None]] = {
        "OpenCV": opencv,
        "ONNX Runtime": onnx_runtime,
        "PyTorch": pytorch,
        "PyTorch NHWC": partial(pytorch, layout="channels_last"),
        "SciPy": scipy,
    }
    works = {name: make(row, x) for name, make in makers.items() if name not in missing()}
    return {name: work for name, work in works.items() if work is not None}


def missing() -> list[str]:
    """Peers that are not installed."""
    needed = {
        "ONNX Runtime": ("onnx", "onnxruntime"),
        "PyTorch": ("torch",),
        "PyTorch NHWC": ("torch",),
        "SciPy": ("scipy",),
    }
    return [name for name, modules in needed.items() if not all(map(find_spec, modules))]


def opencv(row: Row, x: Planes) -> Work | None:
    """Plane by plane, with the border of zeros."""
    match row.operation:
        case Operation.CONV:
            return lambda: _filtered(row, x)
        case Operation.MAX_POOL:
            return lambda: _by_planes(x, row, lambda plane: _dilated(plane, row))
        case Operation.AVG_POOL if row.stride == 1:
            return lambda: _by_planes(x, row, lambda plane: cv2.blur(plane, (row.window, row.window), anchor=(0, 0)))
        case Operation.AVG_POOL:
            size = (row.size[1] // row.stride, row.size[0] // row.stride)
            return lambda: np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in x])
        case Operation.RELU:
            return lambda: cv2.max(x.reshape(-1, x.shape[-1]), 0.0).reshape(x.shape)  # type: ignore[call-overload]  # a scalar works
        case _:
            return None


def _filtered(row: Row, x: Planes) -> Planes:
    filters, per_group = row.weight.shape[:2]
    out = np.empty((filters, *row.size), np.float32)
    for number in range(filters):
        first = number // (filters // row.groups) * per_group
        for place in range(per_group):
            kernel = _dilated_kernel(row.weight[number, place], row.dilation)
            products = cv2.filter2D(x[first + place], cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
            if place:
                cv2.add(out[number], products, dst=out[number])
            else:
                out[number] = products
    return out


def _dilated_kernel(kernel: Planes, dilation: int) -> Planes:
    side = dilation * (len(kernel) - 1) + 1
    cells = np.zeros((side, side), np.float32)
    cells[::dilation, ::dilation] = kernel
    return cells


def _by_planes(x: Planes, row: Row, work: Callable[[Planes], NDArray[Any]]) -> NDArray[Any]:
    """The windows of a whole plane whose first cell is their anchor, of which every stride-th is the answer."""
    rows, columns = ((side - row.window) // row.stride + 1 for side in row.size)
    out = np.empty((len(x), rows, columns), np.float32)
    for plane, target in zip(x, out, strict=True):
        target[:] = work(plane)[: rows * row.stride : row.stride, : columns * row.stride : row.stride]
    return out


def _dilated(plane: Planes, row: Row) -> NDArray[Any]:
    return cv2.dilate(plane, np.ones((row.window, row.window), np.uint8), anchor=(0, 0))


def pytorch(row: Row, x: Planes, layout: str = "contiguous_format") -> Work | None:
    """With as many threads as there are cores, and without gradients.

    The other layout, in which a pixel's channels lie side by side, is the quicker one for most convolutions; the
    picture is in it already when the clock starts.
    """
    torch: Any = import_module("torch")
    functional, layout = torch.nn.functional, getattr(torch, layout)
    planes, weight = torch.from_numpy(x[None]).to(memory_format=layout, copy=True), torch.from_numpy(row.weight)
    if row.weight.size:
        weight = weight.to(memory_format=layout, copy=True)
    works: dict[Operation, Callable[[], Any]] = {
        Operation.CONV: lambda: functional.conv2d(
            planes, weight, padding="same", dilation=row.dilation, groups=row.groups
        ),
        Operation.TRANSPOSED: lambda: functional.conv_transpose2d(planes, weight, stride=row.stride),
        Operation.MAX_POOL: lambda: functional.max_pool2d(planes, row.window, stride=row.stride),
        Operation.AVG_POOL: lambda: functional.avg_pool2d(planes, row.window, stride=row.stride),
        Operation.RELU: lambda: functional.relu(planes),
        Operation.LEAKY_RELU: lambda: functional.leaky_relu(planes),
        Operation.SIGMOID: lambda: torch.sigmoid(planes),
        Operation.TANH: lambda: torch.tanh(planes),
    }
    work = works[row.operation]

    def call() -> NDArray[Any]:
        with torch.inference_mode():
            output: NDArray[Any] = work()[0].numpy()
        return output

    return call


def onnx_runtime(row: Row, x: Planes) -> Work | None:
    """A model of one node, optimised by the runtime's own rules."""
    onnx: Any = import_module("onnx")
    runtime: Any = import_module("onnxruntime")
    window, strides = [row.window] * 2, [row.stride] * 2
    pads = [row.span // 2] * 4
    nodes: dict[Operation, tuple[str, dict[str, Any]]] = {
        Operation.CONV: ("Conv", {"pads": pads, "dilations": [row.dilation] * 2, "group": row.groups}),
        Operation.TRANSPOSED: ("ConvTranspose", {"strides": strides}),
        Operation.MAX_POOL: ("MaxPool", {"kernel_shape": window, "strides": strides}),
        Operation.AVG_POOL: ("AveragePool", {"kernel_shape": window, "strides": strides}),
        Operation.RELU: ("Relu", {}),
        Operation.LEAKY_RELU: ("LeakyRelu", {"alpha": 0.01}),
        Operation.SIGMOID: ("Sigmoid", {}),
        Operation.TANH: ("Tanh", {}),
    }
    kind, options = nodes[row.operation]
    make, number = onnx.helper, onnx.TensorProto.FLOAT
    weights = [onnx.numpy_helper.from_array(row.weight, "weight")] if row.weight.size else []
    node = make.make_node(kind, ["x", *(["weight"] if weights else [])], ["y"], **options)
    ends = [make.make_tensor_value_info("x", number, [1, *x.shape]), make.make_tensor_value_info("y", number, None)]
    graph = make.make_graph([node], "row", ends[:1], ends[1:], weights)
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 21)], ir_version=10)
    settings = runtime.SessionOptions()
    settings.add_session_config_entry("session.force_spinning_stop", "1")  # else it slows down whoever comes next
    session = runtime.InferenceSession(model.SerializeToString(), settings, providers=["CPUExecutionProvider"])
    feed = {"x": x[None]}

    def call() -> NDArray[Any]:
        output: NDArray[Any] = session.run(None, feed)[0][0]
        return output

    return call


def scipy(row: Row, x: Planes) -> Work | None:
    """Single planes only: SciPy has no layers."""
    if row.operation is Operation.SIGMOID:
        expit: Any = import_module("scipy.special").expit
        return lambda: expit(x)
    if row.operation is not Operation.CONV or row.weight.size != row.weight.shape[-1] ** 2:
        return None
    kernel = row.weight[0, 0]
    if len(kernel) < LARGE:
        correlate: Any = import_module("scipy.ndimage").correlate
        return lambda: correlate(x[0], kernel, mode="constant")[None]
    convolve: Any = import_module("scipy.signal").oaconvolve
    return lambda: convolve(x[0], kernel[::-1, ::-1], mode="same")[None]
