"""The operations against OpenCV, PyTorch and ONNX Runtime in one process, by interleaved rounds.

python3 packaging/test.py --bench operations. A peer that is not installed is left out; each row is the median of ours
over that of the best peer.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core import ops
from convstudio.core.kernels import build, find
from convstudio.core.layers import ActivationKind
from convstudio.core.opencv import cv2
from convstudio.core.ops.workers import cores

Planes = NDArray[np.float32]
Work = Callable[[], object]
ROUNDS = 9
WIDE, SMALL = (1080, 1920), (540, 960)


@dataclass(frozen=True)
class Row:
    """One operation, ours and the peers'."""

    name: str
    ours: Work
    peers: dict[str, Work] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """What a row measured, in milliseconds."""

    name: str
    ours: float
    peers: dict[str, float]

    @property
    def ratio(self) -> float:
        """Ours over the best peer."""
        return self.ours / min(self.peers.values()) if self.peers else float("nan")


def _optional(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        return None


def convolution(name: str, x: Planes, exact: NDArray[Any], *, dilation: int = 1, groups: int = 1) -> Row:
    """Same padding, zeros, stride 1; the peers get the weights in single precision."""
    weight = np.ascontiguousarray(exact, np.float32)
    filters, per, height, width = weight.shape
    pads = (height - 1) * dilation // 2, (width - 1) * dilation // 2
    peers: dict[str, Work] = {}
    spread = np.zeros((filters, per, (height - 1) * dilation + 1, (width - 1) * dilation + 1), np.float32)
    spread[:, :, ::dilation, ::dilation] = weight

    def by_plane() -> list[Planes]:
        made = []
        each = filters // groups
        for number in range(filters):
            first = number // each * per
            total = cv2.filter2D(x[first], cv2.CV_32F, spread[number, 0], borderType=cv2.BORDER_CONSTANT)
            for place in range(1, per):
                more = cv2.filter2D(x[first + place], cv2.CV_32F, spread[number, place], borderType=cv2.BORDER_CONSTANT)
                cv2.add(total, more, dst=total)
            made.append(total)
        return made

    peers["OpenCV"] = by_plane
    torch = _optional("torch")
    if torch is not None:
        tensor, weights = torch.from_numpy(x[None]), torch.from_numpy(weight)
        convolve = torch.nn.functional.conv2d
        peers["PyTorch"] = lambda: convolve(tensor, weights, padding=pads, dilation=dilation, groups=groups)
    session = _session(x, weight, pads, dilation, groups)
    if session is not None:
        peers["ONNX Runtime"] = lambda: session.run(None, {"x": x[None]})
    return Row(name, lambda: ops.conv2d(x, exact, padding=pads, dilation=dilation, groups=groups), peers)


def _session(x: Planes, weight: Planes, pads: tuple[int, int], dilation: int, groups: int) -> Any:
    onnx, runtime = _optional("onnx"), _optional("onnxruntime")
    if onnx is None or runtime is None:
        return None
    make = onnx.helper
    node = make.make_node(
        "Conv", ["x", "w"], ["y"], pads=[*pads, *pads], dilations=[dilation, dilation], group=groups
    )  # fmt: skip
    kind = onnx.TensorProto.FLOAT
    graph = make.make_graph(
        [node], "g",
        [make.make_tensor_value_info("x", kind, (1, *x.shape))],
        [make.make_tensor_value_info("y", kind, (1, len(weight), *x.shape[1:]))],
        [onnx.numpy_helper.from_array(weight, "w")],
    )  # fmt: skip
    model = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)
    options = runtime.SessionOptions()
    options.intra_op_num_threads = cores()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # else it slows down whoever comes next
    return runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def rows() -> list[Row]:
    """Every row, with its arrays made."""
    generator = np.random.default_rng(0)

    def noise(*shape: int) -> Planes:
        return generator.normal(size=shape).astype(np.float32)

    grey, rgb = noise(1, *WIDE), noise(3, *WIDE)
    gaussian = [build(find("gaussian"), sigma=size / 7, size=size)[:, None] for size in (15, 31)]
    sobel = build(find("sobel-x"))[:, None]
    made = [convolution(f"grey {size}×{size}", grey, noise(1, 1, size, size)) for size in (3, 5, 15, 31)]
    made += [
        convolution("grey Sobel 3×3, rank 1", grey, sobel),
        convolution("grey Gaussian 15×15, rank 1", grey, gaussian[0]),
        convolution("grey Gaussian 31×31, rank 1", grey, gaussian[1]),
        convolution("rgb each alone 3×3", rgb, noise(3, 1, 3, 3), groups=3),
        convolution("rgb each alone 7×7", rgb, noise(3, 1, 7, 7), groups=3),
        convolution("rgb → 6, 5×5", rgb, noise(6, 3, 5, 5)),
        convolution("rgb → 6, 5×5, dilation 2", rgb, noise(6, 3, 5, 5), dilation=2),
        convolution("6 → 16, 5×5, 960×540", noise(6, *SMALL), noise(16, 6, 5, 5)),
        convolution("rgb → 64, 7×7, 960×540", noise(3, *SMALL), noise(64, 3, 7, 7)),
    ]
    return made + _others(rgb, noise(3, *SMALL), noise(3, 3, 4, 4))


def _others(rgb: Planes, small: Planes, kernels: Planes) -> list[Row]:
    torch = _optional("torch")
    ours: dict[str, Work] = {
        "rgb max pool 2×2": lambda: ops.max_pool2d(rgb, 2),
        "rgb max pool 3×3, stride 1": lambda: ops.max_pool2d(rgb, 3, stride=1, padding=1),
        "rgb average pool 2×2": lambda: ops.avg_pool2d(rgb, 2),
        "rgb average pool 3×3, stride 1": lambda: ops.avg_pool2d(rgb, 3, stride=1, padding=1),
        "rgb ReLU": lambda: ops.activate(rgb, ActivationKind.RELU),
        "rgb sigmoid": lambda: ops.activate(rgb, ActivationKind.SIGMOID),
        "transposed 3 → 3, 4×4, stride 2, 960×540": lambda: ops.conv_transpose2d(small, kernels, stride=2, padding=1),
    }
    if torch is None:
        return [Row(name, work) for name, work in ours.items()]
    tensor, little, weights = torch.from_numpy(rgb[None]), torch.from_numpy(small[None]), torch.from_numpy(kernels)
    functional = torch.nn.functional
    peers: tuple[Work, ...] = (
        lambda: functional.max_pool2d(tensor, 2),
        lambda: functional.max_pool2d(tensor, 3, 1, 1),
        lambda: functional.avg_pool2d(tensor, 2),
        lambda: functional.avg_pool2d(tensor, 3, 1, 1),
        lambda: functional.relu(tensor),
        lambda: torch.sigmoid(tensor),
        lambda: functional.conv_transpose2d(little, weights, stride=2, padding=1),
    )
    return [Row(name, work, {"PyTorch": peer}) for (name, work), peer in zip(ours.items(), peers, strict=True)]


def measured(row: Row) -> Figure:
    """Interleaved rounds after one that warms up; medians."""
    works = {"": row.ours, **row.peers}
    times: dict[str, list[float]] = {name: [] for name in works}
    for number in range(ROUNDS + 1):
        for name, work in works.items():
            start = perf_counter()
            work()
            if number:
                times[name].append((perf_counter() - start) * 1000)
    return Figure(row.name, median(times[""]), {name: median(times[name]) for name in row.peers})


def main(only: str = "") -> list[dict[str, Any]]:
    """Measure every row whose name has the words; print as they come."""
    found: list[Figure] = []
    torch = _optional("torch")
    if torch is not None:
        torch.set_num_threads(cores())
        torch.set_grad_enabled(False)
    cv2.setNumThreads(cores())
    for row in rows():
        if only.casefold() in row.name.casefold():
            figure = measured(row)
            found.append(figure)
            peers = "  ".join(f"{name} {time:.1f}" for name, time in figure.peers.items())
            print(f"{figure.name:42} {figure.ours:7.1f} ms   {peers:48} ours/best {figure.ratio:5.2f}", flush=True)
    ratios = [figure.ratio for figure in found if figure.peers]
    if ratios:
        print(f"geometric mean of ours/best: {float(np.exp(np.mean(np.log(ratios)))):.2f}")
    return [{"name": f.name, "ours": f.ours, "peers": f.peers, "ratio": f.ratio} for f in found]


if __name__ == "__main__":
    main()
