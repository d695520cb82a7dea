"""ONNX files: from the bytes to a graph, through the library of its authors. Used in the reader's process alone.

Numbers that lie in files beside the ONNX file are read from its own folder and from nowhere else.
"""

import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.networks.graphs.graph import Array, Attribute, Graph, Node, printed

MOST_NODES = 20_000
MOST_BYTES = 2**30  # of a network's numbers, as its file says


def read_onnx(data: bytes, name: str, folder: str) -> Graph:
    """The graph in the bytes of an ONNX file, whose other files may lie in `folder`.

    Raises
    ------
    ConvStudioError
        If it is damaged, larger than what is read, or reaches for files elsewhere.
    """
    import onnx  # noqa: PLC0415 - only the reader's process needs it
    from google.protobuf.message import DecodeError  # noqa: PLC0415

    try:
        model = onnx.load_model_from_string(data)
    except DecodeError as error:
        raise ConvStudioError(f"“{name}” is damaged: it is no whole ONNX file; copy or download it again.") from error
    graph = model.graph
    if not graph.node:
        raise ConvStudioError(f"“{name}” holds no operators, so it is no network; choose another file.")
    if len(graph.node) > MOST_NODES:
        raise ConvStudioError(
            f"“{name}” has {len(graph.node):,} operators, more than the {MOST_NODES:,} that are read; choose another."
        )
    tensors = _Tensors(name, folder)
    stored = {tensor.name: tensors.array(tensor) for tensor in graph.initializer}
    nodes = tuple(_node(node, tensors) for node in graph.node)
    versions = [entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")]
    return Graph(
        nodes=nodes,
        tensors=stored,
        inputs={entry.name: _lengths(entry) for entry in graph.input if entry.name not in stored},
        outputs=tuple(entry.name for entry in graph.output),
        version=max(versions, default=1),
    )


def _lengths(entry: Any) -> tuple[int | None, ...]:
    """The lengths of an input's axes."""
    axes = entry.type.tensor_type.shape.dim
    return tuple(axis.dim_value if axis.HasField("dim_value") and axis.dim_value > 0 else None for axis in axes)


def _node(node: Any, tensors: "_Tensors") -> Node:
    operator = node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
    attributes = {printed(entry.name): _attribute(entry, tensors) for entry in node.attribute}
    return Node(printed(operator), node.name, tuple(node.input), tuple(node.output), attributes)


def _attribute(entry: Any, tensors: "_Tensors") -> Attribute:
    """The value of an attribute; None of graphs within graphs, and of what no operator has that is known here."""
    kinds = type(entry)
    readers: dict[int, Callable[[], Attribute]] = {
        kinds.FLOAT: lambda: float(entry.f),
        kinds.INT: lambda: int(entry.i),
        kinds.STRING: lambda: bytes(entry.s).decode("utf-8", "replace"),
        kinds.INTS: lambda: tuple(int(number) for number in entry.ints),
        kinds.FLOATS: lambda: tuple(float(number) for number in entry.floats),
        kinds.TENSOR: lambda: tensors.array(entry.t),
    }
    return readers.get(entry.type, lambda: None)()


class _Tensors:
    """The numbers of a network, counted before they are unpacked."""

    def __init__(self, name: str, folder: str) -> None:
        self._name, self._folder = name, folder
        self._bytes = 0

    def array(self, tensor: Any) -> Array:
        """A stored tensor as an array of the numbers it stands for."""
        import onnx  # noqa: PLC0415 - see above
        from onnx import numpy_helper  # noqa: PLC0415

        lengths = tuple(int(length) for length in tensor.dims)
        try:
            kind = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
        except (KeyError, ValueError) as error:
            raise self._damaged(f"{printed(tensor.name)} has numbers of no known type") from error
        if any(length < 0 for length in lengths):
            raise self._damaged(f"{printed(tensor.name)} has an axis of {min(lengths)}")
        count = 1
        for length in lengths:
            count *= length
        size = count * kind.itemsize
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise ConvStudioError(
                f"“{self._name}” says that it has more than {MOST_BYTES // 2**20:,} MiB of numbers, the most that is "
                "read of a network; choose a smaller one."
            )
        if tensor.data_location == onnx.TensorProto.EXTERNAL:
            where = {entry.key: entry.value for entry in tensor.external_data}
            return np.frombuffer(self._external(where, size), kind).reshape(lengths)
        try:
            return np.asarray(numpy_helper.to_array(tensor))
        except (ValueError, TypeError) as error:
            raise self._damaged(f"{printed(tensor.name)} does not hold the {count:,} numbers of its shape") from error

    def _external(self, where: dict[str, str], size: int) -> bytes:
        """The bytes of numbers in another file: in the folder of the network or below it, and nowhere else."""
        location = where.get("location", "")
        path = inside(self._folder, location)
        if path is None:
            raise ConvStudioError(
                f"“{self._name}” keeps numbers in “{printed(location)}”, outside its own folder, which is not read; "
                "move that file beside the network, and export the network again."
            )
        try:
            offset = int(where.get("offset", "0"))
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        except ValueError as error:
            raise self._damaged("it does not say where its numbers begin") from error
        except OSError as error:
            raise ConvStudioError(
                f"“{self._name}” keeps numbers in “{printed(location)}”, which cannot be read ({error.strerror}); "
                "put that file beside the network."
            ) from error
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode) or not 0 <= offset <= about.st_size - size:
                raise self._damaged(f"“{printed(location)}” does not hold the numbers that it should")
            file.seek(offset)
            return file.read(size)

    def _damaged(self, why: str) -> ConvStudioError:
        return ConvStudioError(f"“{self._name}” is damaged: {why}; copy or download it again.")


def inside(folder: str, location: str) -> Path | None:
    """The file that a location names within a folder, links followed; None where it lies elsewhere.

    Examples
    --------
    >>> inside("/models", "../../etc/passwd") is None, inside("/models", "/etc/passwd") is None
    (True, True)
    """
    parts = location.replace("\\", "/").split("/")
    if not location or "\0" in location or ":" in parts[0] or not _are_plain(parts):
        return None
    root = Path(os.path.realpath(folder))
    path = Path(os.path.realpath(root.joinpath(*parts)))
    return path if path.is_relative_to(root) else None


def _are_plain(parts: Iterable[str]) -> bool:
    return all(part not in ("", "..") for part in parts)
