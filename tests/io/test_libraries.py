"""Libraries that are installed are really run, and keep the rules that their documentation gives."""

import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.insight.conventions.comparison import ConventionsQuestion, answer
from convstudio.insight.conventions.emulation import call_of, emulate, largest_difference, refusal_of
from convstudio.insight.conventions.libraries import CONVENTIONS, Convention, Library, Rounding
from convstudio.io import libraries
from convstudio.io.libraries import run_installed

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]])
MODULES = {
    Library.SCIPY_CORRELATE: "scipy",
    Library.SCIPY_CORRELATE_8BIT: "scipy",
    Library.SCIPY_CONVOLVE: "scipy",
    Library.SCIPY_SIGNAL: "scipy",
    Library.PYTORCH: "torch",
    Library.PILLOW: "PIL",
}
IMPORTS = {
    Library.NUMPY: "import numpy as np",
    Library.OPENCV: "import cv2",
    Library.OPENCV_8BIT: "import cv2",
    Library.SCIPY_CORRELATE: "from scipy import ndimage",
    Library.SCIPY_CORRELATE_8BIT: "from scipy import ndimage",
    Library.SCIPY_CONVOLVE: "from scipy import ndimage",
    Library.SCIPY_SIGNAL: "from scipy import signal",
    Library.PYTORCH: "import torch\nimport torch.nn.functional as F",
    Library.PILLOW: "from PIL import Image, ImageFilter",
}


def can_be_imported(name: str) -> bool:
    """Installed and whole: a library that cannot be loaded is treated like one that is not there."""
    try:
        import_module(name)
    except (ImportError, OSError):
        return False
    return True


RUNNING = [row for row in CONVENTIONS if row.can_run and can_be_imported(MODULES.get(row.library, "numpy"))]
SIZES = [(1, 1), (3, 3), (5, 5), (4, 4), (2, 3), (1, 7), (13, 13), (31, 30)]
CASES = [(row, size) for row in RUNNING for size in SIZES if not refusal_of(row, (40, 33), size)]


def picture(height: int, width: int) -> NDArray[np.uint8]:
    return np.random.default_rng(11).integers(0, 256, (height, width), dtype=np.uint8)


@pytest.mark.parametrize(("convention", "size"), CASES, ids=lambda value: str(getattr(value, "way", value)))
@pytest.mark.parametrize("shape", [(40, 33), (128, 128)], ids=str)
def test_what_is_run_keeps_its_documented_rule(
    convention: Convention, size: tuple[int, int], shape: tuple[int, int]
) -> None:
    # quarters with the sum 8: halves come out often, and are exact in single precision too
    kernel = np.random.default_rng(size[0]).integers(-4, 5, size).astype(np.float64)
    kernel[0, 0] += 32 - kernel.sum()
    kernel /= 4
    plane = picture(*shape)

    run = run_installed(convention.library, plane, kernel)

    assert run is not None
    expected = emulate(convention, plane, kernel).values
    # OpenCV takes the way over frequencies for large kernels; in 8 bits a half may then fall to either side
    rounding = 1.0 if convention.rounding is not Rounding.NONE and min(size) > 10 else 0.0
    assert largest_difference(run, expected, convention.rounding) <= rounding + 1e-7 * 255 * np.abs(kernel).sum()


@pytest.mark.parametrize("convention", RUNNING, ids=lambda row: str(row.library))
def test_a_kernel_of_sum_0_keeps_its_rule_too(convention: Convention) -> None:
    plane = picture(20, 30)

    run = run_installed(convention.library, plane, SOBEL)

    assert run is not None
    np.testing.assert_allclose(run, emulate(convention, plane, SOBEL).values, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (4, 4)], ids=str)
@pytest.mark.parametrize("way", [Library.NUMPY, Library.OPENCV, Library.OPENCV_8BIT])
def test_tiny_pictures_keep_the_rules(way: Library, shape: tuple[int, int]) -> None:
    convention = next(row for row in CONVENTIONS if row.library is way)
    kernel = np.arange(25.0).reshape(5, 5)
    plane = picture(*shape)

    run = run_installed(way, plane, kernel)

    assert run is not None
    np.testing.assert_allclose(run, emulate(convention, plane, kernel).values, rtol=0, atol=1e-3)


def test_numpy_and_opencv_are_always_run() -> None:
    assert {Library.NUMPY, Library.OPENCV, Library.OPENCV_8BIT} <= {row.library for row in RUNNING}


@pytest.mark.parametrize("way", [Library.KERAS, Library.MATLAB_CONV2, Library.IMAGEJ, Library.OURS])
def test_what_cannot_be_run_from_here_gives_nothing(way: Library) -> None:
    assert run_installed(way, picture(4, 4), np.ones((3, 3))) is None


@pytest.mark.parametrize("convention", RUNNING, ids=lambda row: str(row.library))
def test_a_sum_that_is_0_but_for_rounding_counts_as_0(convention: Convention) -> None:
    kernel = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, -3.6]])  # adds up to 4e−16, or to 0, as one adds
    plane = picture(20, 30)

    run = run_installed(convention.library, plane, kernel)

    assert run is not None
    allowed = 1e-3 if convention.rounding is Rounding.NONE else 1.0
    assert largest_difference(run, emulate(convention, plane, kernel).values, convention.rounding) <= allowed


@pytest.mark.parametrize("way", MODULES)
@pytest.mark.parametrize("error", [ImportError, OSError])
def test_what_is_not_installed_gives_nothing(
    monkeypatch: pytest.MonkeyPatch, way: Library, error: type[Exception]
) -> None:
    def refuse(name: str) -> None:
        raise error(name)

    monkeypatch.setattr(libraries, "import_module", refuse)

    assert run_installed(way, picture(9, 9), np.ones((3, 3))) is None


@pytest.mark.parametrize("convention", RUNNING, ids=lambda row: str(row.library))
@pytest.mark.parametrize("kernel", [SOBEL, np.full((3, 3), 1 / 9), np.arange(9.0).reshape(3, 3)], ids=["0", "1", "36"])
def test_the_text_that_is_shown_pasted_into_python_gives_the_rows_numbers(
    convention: Convention, kernel: NDArray[np.float64]
) -> None:
    """Every row that can be run, with nothing but the imports that its names stand for."""
    plane = picture(40, 33)
    question = ConventionsQuestion(plane, kernel, Convention(Library.OURS, "ours", "", ""))
    row = next(row for row in answer(question, run=run_installed).rows if row.convention is convention)
    names: dict[str, Any] = {"image": plane, "kernel": kernel}
    exec(IMPORTS[convention.library], names)

    if convention.library is Library.NUMPY:  # one dimension: row by row, added up where they lie
        pasted = np.zeros((42, 35))
        for down, kernel_row in enumerate(kernel):
            for place, image_row in enumerate(plane):
                names |= {"row": image_row, "kernel_row": kernel_row}
                pasted[place + down] += eval(call_of(convention, kernel), names)
    else:
        pasted = np.asarray(eval(call_of(convention, kernel), names), np.float64)

    assert row.is_run
    assert row.output is not None
    np.testing.assert_array_equal(pasted.reshape(pasted.shape[-2:]), row.output.values)


def correlated_in_c(image: NDArray[Any], kernel: NDArray[np.float64]) -> NDArray[Any]:
    """As SciPy's documentation and source say: mirrored with the edge twice, the output of the input's type."""
    height, width = image.shape
    room = tuple((length // 2, length - 1 - length // 2) for length in kernel.shape)
    padded = np.pad(image.astype(np.float64), room, "symmetric")
    sums = sum(
        weight * padded[row : row + height, column : column + width] for (row, column), weight in np.ndenumerate(kernel)
    )
    return np.asarray(sums).astype(np.int64).astype(image.dtype) if image.dtype == np.uint8 else np.asarray(sums)


def test_scipy_gets_floats_where_the_call_says_so_and_8_bits_where_it_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    types: list[np.dtype[Any]] = []

    def correlate(image: NDArray[Any], kernel: NDArray[np.float64]) -> NDArray[Any]:
        types.append(image.dtype)
        return correlated_in_c(image, kernel)

    monkeypatch.setattr(libraries, "import_module", lambda name: SimpleNamespace(correlate=correlate))
    plane = picture(40, 33)

    floats, bits = (run_installed(way, plane, SOBEL) for way in (Library.SCIPY_CORRELATE, Library.SCIPY_CORRELATE_8BIT))

    assert types == [np.float64, np.uint8]
    assert floats is not None
    assert bits is not None
    assert floats.min() < -256
    np.testing.assert_array_equal(bits, floats % 256)  # whole numbers: what wraps is what is left
    for way, values in ((Library.SCIPY_CORRELATE, floats), (Library.SCIPY_CORRELATE_8BIT, bits)):
        convention = next(row for row in CONVENTIONS if row.library is way)
        np.testing.assert_array_equal(values, emulate(convention, plane, SOBEL).values)


def test_pytorch_gets_a_batch_of_one_picture_with_one_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    def conv2d(image: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
        assert (image.shape, weight.shape) == ((1, 1, 6, 7), (1, 1, 3, 2))
        assert image.dtype == weight.dtype == np.float32
        rows = [[(image[0, 0, y : y + 3, x : x + 2] * weight[0, 0]).sum() for x in range(6)] for y in range(4)]
        return np.array(rows, np.float32)[None, None]

    def tensor(array: NDArray[Any]) -> SimpleNamespace:
        assert min(array.strides) >= 0  # PyTorch reads no turned views
        return SimpleNamespace(float=lambda: array.astype(np.float32))

    modules = {"torch": SimpleNamespace(tensor=tensor), "torch.nn.functional": SimpleNamespace(conv2d=conv2d)}
    monkeypatch.setattr(libraries, "import_module", modules.__getitem__)
    plane, kernel = picture(6, 7), np.arange(6.0).reshape(3, 2)[::-1, ::-1]

    run = run_installed(Library.PYTORCH, plane, kernel)

    assert run is not None
    convention = next(row for row in CONVENTIONS if row.library is Library.PYTORCH)
    np.testing.assert_array_equal(run, emulate(convention, plane, kernel).values)


def test_no_library_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, convstudio.io.libraries\n"
        "print(sorted({'scipy', 'torch', 'PIL'} & {name.partition('.')[0] for name in sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
