"""Own kernels are plain files, and what is written for another program is read back to the same numbers."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.layers import Conv
from convstudio.core.recipe.own_kernels import OwnKernel
from convstudio.io.kernels import (
    KernelFormat,
    change_kernels,
    kernels_folder,
    load_kernels,
    read_kernel_file,
    write_kernel_file,
)
from convstudio.io.recipes import read_recipe
from tests.amounts import random_cases

Plane = NDArray[np.float64]
SOBEL = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home, whose folder of own kernels this is."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return kernels_folder()


def plane_of(recipe: str) -> Plane:
    layer = read_recipe(recipe).layers[0]
    assert isinstance(layer, Conv)
    plane: Plane = layer.weight.array[0, 0]
    return plane


@pytest.mark.parametrize("file_format", KernelFormat, ids=str)
@random_cases(200)
@given(
    plane=arrays(
        np.float64,
        array_shapes(min_dims=2, max_dims=2, max_side=7),
        elements=st.floats(-1e30, 1e30, allow_subnormal=False),
    )
)
def test_what_is_written_is_read_back_exactly(
    tmp_path_factory: pytest.TempPathFactory, file_format: KernelFormat, plane: np.ndarray
) -> None:
    if file_format is KernelFormat.IMAGEJ and not all(side % 2 for side in plane.shape):
        plane = np.zeros((3, 3))
    path = tmp_path_factory.mktemp("kernels") / f"kernel{file_format.suffix}"

    write_kernel_file(path, OwnKernel("Mine", "a note", plane), file_format)
    file = read_kernel_file(path)

    assert len(file.planes) == 1
    np.testing.assert_array_equal(file.planes[0], plane)


def test_imagej_is_refused_what_it_would_not_take(tmp_path: Path) -> None:
    with pytest.raises(ConvStudioError, match="this one is 2×3"):
        write_kernel_file(tmp_path / "a.txt", OwnKernel("a", "", np.ones((2, 3))), KernelFormat.IMAGEJ)


def test_a_kept_kernel_is_one_plain_file_that_any_editor_reads(tmp_path: Path) -> None:
    change_kernels(tmp_path, keep=[OwnKernel("Soft edge", "for roofs\nand walls", SOBEL)])

    assert (tmp_path / "soft-edge.txt").read_text() == (
        "# Soft edge\n# for roofs\n# and walls\n1  0  -1\n2  0  -2\n1  0  -1\n"
    )
    (kernel,) = load_kernels(tmp_path)
    assert (kernel.name, kernel.note) == ("Soft edge", "for roofs\nand walls")
    np.testing.assert_array_equal(kernel.plane, SOBEL)


def test_files_that_somebody_put_there_are_kernels_and_others_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "from-a-friend.txt").write_text("1,5 0,25\n2 1\n")
    (tmp_path / "shopping.txt").write_text("milk")
    (tmp_path / "binary.txt").write_bytes(b"\0\1\2")
    (tmp_path / "two-meanings.txt").write_text("0,25; 1,5")

    kernels = load_kernels(tmp_path)

    assert [kernel.name for kernel in kernels] == ["from-a-friend"]
    np.testing.assert_array_equal(kernels[0].plane, [[1.5, 0.25], [2, 1]])


def test_renaming_leaves_one_file_and_deleting_none(tmp_path: Path) -> None:
    change_kernels(tmp_path, keep=[OwnKernel("First", "", SOBEL)])
    change_kernels(tmp_path, remove=["first"], keep=[OwnKernel("Second", "", SOBEL)])
    renamed = [path.name for path in tmp_path.iterdir()]
    change_kernels(tmp_path, remove=["second"])

    assert renamed == ["second.txt"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["Emboss", "sobel-x", "ReLU", "max", "…", "x" * 61, "con"])
def test_names_that_mean_something_else_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConvStudioError):
        change_kernels(tmp_path, keep=[OwnKernel(name, "", SOBEL)])

    assert list(tmp_path.iterdir()) == []


def test_a_recipe_may_be_an_own_kernel_a_file_or_the_numbers_themselves(home: Path, tmp_path: Path) -> None:
    change_kernels(home, keep=[OwnKernel("Soft edge", "", SOBEL)])
    csv, npy = tmp_path / "kernel.csv", tmp_path / "kernel.npy"
    write_kernel_file(csv, OwnKernel("a", "", SOBEL), KernelFormat.CSV)
    write_kernel_file(npy, OwnKernel("a", "", SOBEL), KernelFormat.NPY)

    for recipe in ("soft-edge", "1 0 -1; 2 0 -2; 1 0 -1", "3x3: 1,0,-1 2,0,-2 1,0,-1", str(csv), str(npy)):
        np.testing.assert_array_equal(plane_of(recipe), SOBEL)
    assert [layer.name for layer in read_recipe("soft-edge | relu").layers] == ["Soft edge", ""]


def test_a_name_that_is_nearly_right_is_told(home: Path) -> None:
    change_kernels(home, keep=[OwnKernel("Soft edge", "", SOBEL)])

    with pytest.raises(ConvStudioError, match="did you mean soft-edge"):
        read_recipe("soft-egde")


def test_text_with_two_readings_is_refused_with_both_named(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("1,1\n2,2\n")

    for recipe in (str(path), "1,1; 2,2"):
        with pytest.raises(ConvStudioError, match=r"\[1\.1;? 2\.2\] \(.×.\) or as \[1 1; 2 2\] \(2×2\)"):
            read_recipe(recipe)


@pytest.mark.parametrize(
    "array", [np.zeros((2, 3, 3)), np.zeros((40, 40)), np.array([["a"]]), np.zeros((2, 2), complex)], ids=str
)
def test_arrays_that_are_no_kernel_are_refused(tmp_path: Path, array: np.ndarray) -> None:
    path = tmp_path / "array.npy"
    np.save(path, array)

    with pytest.raises(ConvStudioError):
        read_kernel_file(path)


def test_a_header_that_promises_a_huge_array_allocates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "huge.npy"
    np.save(path, np.zeros((3, 3)))
    path.write_bytes(path.read_bytes().replace(b"(3, 3), }      ", b"(99999999, 9), }")[: 128 + 8])

    with pytest.raises(ConvStudioError):
        read_kernel_file(path)
