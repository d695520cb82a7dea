"""The files that networks come in, and how they are told apart. What is in them is read in the reader's process."""

from enum import StrEnum


class NetworkFormat(StrEnum):
    """How a file holds a network or its weights."""

    ONNX = "ONNX"
    SAFETENSORS = "safetensors"
    NPZ = "NumPy archive"
    NPY = "NumPy array"
    PYTORCH = "PyTorch"


SUFFIXES = {
    ".onnx": NetworkFormat.ONNX,
    ".safetensors": NetworkFormat.SAFETENSORS,
    ".npz": NetworkFormat.NPZ,
    ".npy": NetworkFormat.NPY,
    ".pt": NetworkFormat.PYTORCH,
    ".pth": NetworkFormat.PYTORCH,
}
"""By the ends of their names, which is all that tells an ONNX file or an archive of weights from another one."""


def network_format(name: str) -> NetworkFormat | None:
    """What a file of that name holds, or None where it is no network.

    Examples
    --------
    >>> network_format("LeNet.ONNX"), network_format("photo.png")
    (<NetworkFormat.ONNX: 'ONNX'>, None)
    """
    return next((kind for suffix, kind in SUFFIXES.items() if name.lower().endswith(suffix)), None)
