"""Other libraries, run where they are installed. The text that is shown is the text that is run.

A library is imported when it is asked for the first time; none of them is needed by the program itself.
"""

from importlib import import_module
from types import CodeType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from convstudio.core.opencv import cv2
from convstudio.insight.conventions.emulation import call_of
from convstudio.insight.conventions.libraries import CONVENTIONS, Library

Plane = NDArray[np.float64]
Grey = NDArray[np.uint8]

THERE: dict[str, Any] = {"np": np, "cv2": cv2}
MODULES = {
    "ndimage": "scipy.ndimage",
    "signal": "scipy.signal",
    "torch": "torch",
    "F": "torch.nn.functional",
    "Image": "PIL.Image",
    "ImageFilter": "PIL.ImageFilter",
}
"""What the names in the calls of the table stand for, where it may be missing."""


def run_installed(way: str, image: Grey, kernel: Plane) -> Plane | None:
    """What a library makes of a picture (H, W) of 8 bits and a kernel; None where it is not installed or not run."""
    convention = next((row for row in CONVENTIONS if row.library == way and row.can_run), None)
    if convention is None:
        return None
    call = compile(call_of(convention, kernel), convention.name, "eval")
    libraries = {name: _import_library(MODULES[name]) for name in call.co_names if name in MODULES}
    if None in libraries.values():
        return None
    names = THERE | libraries
    kernel = np.ascontiguousarray(kernel)  # a turned kernel is a view that PyTorch does not read
    if convention.library is Library.NUMPY:
        return _over_rows(call, names, image, kernel)
    values = np.asarray(_run(call, names | {"image": image, "kernel": kernel}), np.float64)
    return values.reshape(values.shape[-2:])  # PyTorch has axes for the pictures of a batch and their channels too


def _run(call: CodeType, names: dict[str, Any]) -> Any:
    return eval(call, dict(names))  # noqa: S307 - a text of our own table


def _over_rows(call: CodeType, names: dict[str, Any], image: Grey, kernel: Plane) -> Plane:
    """Convolve in two dimensions with NumPy's one: every row of the kernel over every row of the picture."""
    (height, width), (rows, columns) = image.shape, kernel.shape
    sums = np.zeros((height + rows - 1, width + columns - 1))
    for down, kernel_row in enumerate(kernel):
        for place, row in enumerate(image):
            sums[place + down] += _run(call, names | {"row": row, "kernel_row": kernel_row})
    return sums


def _import_library(name: str) -> ModuleType | None:
    """A library's module, or None where it is not installed or cannot be loaded."""
    try:
        return import_module(name)
    except (ImportError, OSError):
        return None
