"""Files that hold weights alone: their arrays with their names, in an order in which they may follow each other.

Used in the reader's process alone. Nothing in a file is run: NumPy reads no objects, PyTorch nothing but weights.
"""

import importlib
import importlib.util
import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.networks.formats import NetworkFormat
from convstudio.io.networks.graphs.graph import Array, printed

MOST_TENSORS = 20_000
MOST_BYTES = 2**30
DEEPEST = 8  # dictionaries within each other
Tensors = dict[str, Array]


def read_tensors(data: bytes, kind: NetworkFormat, name: str) -> Tensors:
    """The arrays of decimals in a file.

    Raises
    ------
    ConvStudioError
        If it is damaged, larger than what is read, or its library is not there.
    """
    readers = {
        NetworkFormat.SAFETENSORS: _safetensors,
        NetworkFormat.NPZ: _archive,
        NetworkFormat.NPY: _array,
        NetworkFormat.PYTORCH: _pytorch,
    }
    try:
        tensors = readers[kind](data, name)
    except (ValueError, TypeError, OSError, EOFError, zipfile.BadZipFile, SyntaxError) as error:
        if isinstance(error, ConvStudioError):
            raise
        raise _damaged(name, kind) from error
    decimals = {key: array for key, array in tensors.items() if np.issubdtype(array.dtype, np.floating) and array.size}
    if not decimals:
        raise ConvStudioError(f"“{name}” holds no decimals, so there are no weights in it; choose another file.")
    return decimals


def in_their_order(names: list[str]) -> list[str]:
    """Names as layers follow each other: the file's order, but where that is the alphabet's, 2 comes before 10.

    Examples
    --------
    >>> in_their_order(["10.weight", "2.weight"]), in_their_order(["stem.weight", "head.weight"])
    (['2.weight', '10.weight'], ['stem.weight', 'head.weight'])
    """
    if names != sorted(names):
        return names
    return sorted(
        names, key=lambda name: [(int(part) if part.isdigit() else -1, part) for part in re.split(r"(\d+)", name)]
    )


def _safetensors(data: bytes, name: str) -> Tensors:
    from safetensors import SafetensorError, deserialize  # noqa: PLC0415 - only the reader's process needs it

    try:
        entries = deserialize(data)  # type: ignore[no-untyped-call]
    except SafetensorError as error:
        raise _damaged(name, NetworkFormat.SAFETENSORS) from error
    _check_count(len(entries), name)
    length = int.from_bytes(data[:8], "little")
    places = {key: about.get("data_offsets", [0])[0] for key, about in json.loads(data[8 : 8 + length]).items()}
    entries.sort(key=lambda entry: places[entry[0]])  # the library gives them in no order
    return {key: array for key, entry in entries if (array := _stored(entry)) is not None}


def _stored(entry: Mapping[str, Any]) -> Array | None:
    """The array of an entry, or None where its numbers are of a type without an equal here."""
    kinds = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}
    if entry["dtype"] not in kinds:
        return None
    array = np.frombuffer(entry["data"], kinds[entry["dtype"]]).reshape(entry["shape"])
    if entry["dtype"] == "BF16":  # the upper half of a float32
        return (array.astype(np.uint32) << 16).view(np.float32)
    return array


def _archive(data: bytes, name: str) -> Tensors:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _check_count(len(entries), name)
        size = sum(entry.file_size for entry in entries)
        if size > MOST_BYTES:
            raise _too_large(name, size)
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {key: np.asarray(arrays[key]) for key in arrays.files}


def _array(data: bytes, name: str) -> Tensors:
    file = io.BytesIO(data)
    version = np.lib.format.read_magic(file)
    reads = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    lengths, _, kind = reads(file)
    size = kind.itemsize
    for length in lengths:
        size *= length
    if size > len(data):
        raise _damaged(name, NetworkFormat.NPY)
    return {name.rpartition(".")[0] or name: np.load(io.BytesIO(data), allow_pickle=False)}


def _pytorch(data: bytes, name: str) -> Tensors:
    if importlib.util.find_spec("torch") is None:
        raise ConvStudioError(
            f"“{name}” is a PyTorch file, which only PyTorch can read, and it is not installed here; "
            "save the weights as safetensors, or export the network as ONNX."
        )
    torch = importlib.import_module("torch")
    try:
        content = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises whatever it meets
        if "weights_only" in str(error) or "Unsupported" in str(error):
            raise ConvStudioError(
                f"“{name}” holds parts of a program, which are never run here; "
                "save its state_dict() alone, or export the network as ONNX."
            ) from error
        raise _damaged(name, NetworkFormat.PYTORCH) from error
    tensors: Tensors = {}
    _collect(content, "", tensors, torch.Tensor, depth=0)
    _check_count(len(tensors), name)
    return tensors


def _collect(content: object, prefix: str, tensors: Tensors, kind: type, *, depth: int) -> None:
    """The arrays in a dictionary, and in those within it."""
    if isinstance(content, kind):
        tensor: Any = content
        if tensor.is_floating_point() and not tensor.is_sparse and not tensor.is_quantized:
            tensors[prefix or "weight"] = tensor.detach().float().contiguous().numpy()
    elif isinstance(content, Mapping) and depth < DEEPEST:
        for key, value in content.items():
            _collect(value, f"{prefix}.{key}" if prefix else str(key), tensors, kind, depth=depth + 1)


def _check_count(count: int, name: str) -> None:
    if count > MOST_TENSORS:
        raise ConvStudioError(
            f"“{name}” holds {count:,} arrays, more than the {MOST_TENSORS:,} that are read; choose another."
        )


def _too_large(name: str, size: int) -> ConvStudioError:
    return ConvStudioError(
        f"“{name}” unpacks to {size / 2**20:,.0f} MiB, more than the {MOST_BYTES // 2**20:,} MiB that are read of a "
        "network; choose a smaller one."
    )


def _damaged(name: str, kind: NetworkFormat) -> ConvStudioError:
    return ConvStudioError(
        f"“{printed(name)}” is damaged: it is no whole {kind} file without objects; copy or download it again."
    )
