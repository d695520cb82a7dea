"""Libraries that are installed are really run, and keep the rules that their documentation gives."""

import subprocess
import sys
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.insight.convention_rules import by_rule, refusal_of
from convstudio.insight.convention_table import CONVENTIONS, Convention, Rounding, Way
from convstudio.io import libraries
from convstudio.io.libraries import run_installed

MODULES = {
    Way.SCIPY_CORRELATE: "scipy",
    Way.SCIPY_CONVOLVE: "scipy",
    Way.SCIPY_SIGNAL: "scipy",
    Way.PYTORCH: "torch",
    Way.PILLOW: "PIL",
}


def can_be_imported(name: str) -> bool:
    """Installed and whole: a library that cannot be loaded is treated like one that is not there."""
    try:
        import_module(name)
    except (ImportError, OSError):
        return False
    return True


RUNNING = [row for row in CONVENTIONS if row.can_run and can_be_imported(MODULES.get(row.way, "numpy"))]
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

    run = run_installed(convention.way, plane, kernel)

    assert run is not None
    expected = by_rule(convention, plane, kernel).values
    # OpenCV takes the way over frequencies for large kernels; in 8 bits a half may then fall to either side
    rounding = 1.0 if convention.rounding is not Rounding.NONE and min(size) > 10 else 0.0
    np.testing.assert_allclose(run, expected, rtol=0, atol=rounding + 1e-7 * 255 * np.abs(kernel).sum())


@pytest.mark.parametrize("convention", RUNNING, ids=lambda row: str(row.way))
def test_a_kernel_of_sum_0_keeps_its_rule_too(convention: Convention) -> None:
    kernel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1.0]])
    plane = picture(20, 30)

    run = run_installed(convention.way, plane, kernel)

    assert run is not None
    np.testing.assert_allclose(run, by_rule(convention, plane, kernel).values, rtol=0, atol=1e-6)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (4, 4)], ids=str)
@pytest.mark.parametrize("way", [Way.NUMPY, Way.OPENCV, Way.OPENCV_8BIT])
def test_tiny_pictures_keep_the_rules(way: Way, shape: tuple[int, int]) -> None:
    convention = next(row for row in CONVENTIONS if row.way is way)
    kernel = np.arange(25.0).reshape(5, 5)
    plane = picture(*shape)

    run = run_installed(way, plane, kernel)

    assert run is not None
    np.testing.assert_allclose(run, by_rule(convention, plane, kernel).values, rtol=0, atol=1e-3)


def test_numpy_and_opencv_are_always_run() -> None:
    assert {Way.NUMPY, Way.OPENCV, Way.OPENCV_8BIT} <= {row.way for row in RUNNING}


@pytest.mark.parametrize("way", [Way.KERAS, Way.MATLAB_CONV2, Way.IMAGEJ, Way.OURS])
def test_what_cannot_be_run_from_here_gives_nothing(way: Way) -> None:
    assert run_installed(way, picture(4, 4), np.ones((3, 3))) is None


@pytest.mark.parametrize("convention", RUNNING, ids=lambda row: str(row.way))
def test_a_sum_that_is_0_but_for_rounding_counts_as_0(convention: Convention) -> None:
    kernel = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6], [0.7, 0.8, -3.6]])  # adds up to 4e−16, or to 0, as one adds
    plane = picture(20, 30)

    run = run_installed(convention.way, plane, kernel)

    assert run is not None
    allowed = 1e-3 if convention.rounding is Rounding.NONE else 1.0
    np.testing.assert_allclose(run, by_rule(convention, plane, kernel).values, rtol=0, atol=allowed)


@pytest.mark.parametrize("way", MODULES)
@pytest.mark.parametrize("error", [ImportError, OSError])
def test_what_is_not_installed_gives_nothing(monkeypatch: pytest.MonkeyPatch, way: Way, error: type[Exception]) -> None:
    def refuse(name: str) -> None:
        raise error(name)

    monkeypatch.setattr(libraries, "import_module", refuse)

    assert run_installed(way, picture(9, 9), np.ones((3, 3))) is None


def test_pytorch_gets_a_batch_of_one_picture_with_one_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    def conv2d(image: NDArray[np.float32], weight: NDArray[np.float32]) -> SimpleNamespace:
        assert (image.shape, weight.shape) == ((1, 1, 6, 7), (1, 1, 3, 2))
        assert image.dtype == weight.dtype == np.float32
        rows = [[(image[0, 0, y : y + 3, x : x + 2] * weight[0, 0]).sum() for x in range(6)] for y in range(4)]
        return SimpleNamespace(numpy=lambda: np.array(rows, np.float32)[None, None])

    torch = SimpleNamespace(
        from_numpy=lambda array: array, nn=SimpleNamespace(functional=SimpleNamespace(conv2d=conv2d))
    )
    monkeypatch.setattr(libraries, "import_module", lambda name: torch)
    plane, kernel = picture(6, 7), np.arange(6.0).reshape(3, 2)

    run = run_installed(Way.PYTORCH, plane, kernel)

    assert run is not None
    convention = next(row for row in CONVENTIONS if row.way is Way.PYTORCH)
    np.testing.assert_array_equal(run, by_rule(convention, plane, kernel).values)


def test_no_library_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys, convstudio.io.libraries\n"
        "print(sorted({'scipy', 'torch', 'PIL'} & {name.partition('.')[0] for name in sys.modules}))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
