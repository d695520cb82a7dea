"""Kernels in files: the person's own, one plain file each, and those that other programs read and write."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.size import MOST_CELLS, check_size
from convstudio.core.kernels.text import MOST_TEXT, TextStyle, described, readings, write
from convstudio.core.recipe.own_kernels import LONGEST_NAME, LONGEST_NOTE, OwnKernel, checked_name
from convstudio.io.files import make_folder, printable, read_file, read_head, write_file
from convstudio.io.settings import settings_path

Plane = NDArray[np.float64]

FOLDER = "kernels"
SUFFIX = ".txt"
NPY = ".npy"
MOST_KEPT = 500  # files that are read of a folder
_MOST_BYTES = 4 * MOST_TEXT
_MAGIC = b"\x93NUMPY"


class KernelFormat(StrEnum):
    """What a kernel is written as; the values are what a person reads."""

    TEXT = "Text with name and note"
    CSV = "CSV"
    IMAGEJ = "ImageJ's Convolver"
    IMAGEMAGICK = "ImageMagick"
    NPY = "NumPy array"

    @property
    def suffix(self) -> str:
        """The end of a file's name."""
        return {KernelFormat.CSV: ".csv", KernelFormat.NPY: NPY}.get(self, SUFFIX)


@dataclass(frozen=True, eq=False)
class KernelFile:
    """What a file holds: a name, a note, and each kernel (height, width) that its text may mean."""

    name: str
    note: str
    planes: tuple[Plane, ...]


def kernels_folder(settings_file: Path | None = None) -> Path:
    """Where the person's own kernels are: beside the settings."""
    return (settings_file or settings_path()).parent / FOLDER


def load_kernels(folder: Path) -> tuple[OwnKernel, ...]:
    """The kernels of a folder, by their names; files that hold none are passed over."""
    kernels: dict[str, OwnKernel] = {}
    with contextlib.suppress(OSError):
        for path in sorted(folder.glob(f"*{SUFFIX}"))[:MOST_KEPT]:
            with contextlib.suppress(ConvStudioError):
                file = read_kernel_file(path)
                if len(file.planes) == 1:
                    kernel = OwnKernel(checked_name(file.name), file.note, file.planes[0])
                    kernels.setdefault(kernel.key, kernel)
    return tuple(sorted(kernels.values(), key=lambda kernel: kernel.name.casefold()))


def change_kernels(folder: Path, *, remove: Sequence[str] = (), keep: Sequence[OwnKernel] = ()) -> None:
    """Take kernels out of the folder, by their keys, and put others in, each in the place of one of its key."""
    for kernel in keep:
        checked_name(kernel.name)
        make_folder(folder)
        write_file(_file_of(folder, kernel.key), _text_of(kernel).encode())
    staying = {kernel.key for kernel in keep}
    for path in sorted(folder.glob(f"*{SUFFIX}")) if remove else ():
        with contextlib.suppress(ConvStudioError):
            if OwnKernel(read_kernel_file(path).name, "", np.zeros((1, 1))).key in set(remove) - staying:
                _remove(path)


def _file_of(folder: Path, key: str) -> Path:
    return folder / f"{key}{SUFFIX}"


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise ConvStudioError(
            f"“{printable(path)}” cannot be deleted ({error.strerror}); change that, or leave it."
        ) from error


def _text_of(kernel: OwnKernel) -> str:
    note = [f"# {line}\n" for line in kernel.note[:LONGEST_NOTE].splitlines() if line.strip()]
    return f"# {kernel.name}\n{''.join(note)}{write(kernel.plane, TextStyle.PLAIN)}\n"


# files of any program


def write_kernel_file(path: Path, kernel: OwnKernel, file_format: KernelFormat) -> None:
    """Write a kernel so that the other program, and `read_kernel_file`, read the same numbers.

    Raises
    ------
    ConvStudioError
        If the program cannot hold it, or the file cannot be written.
    """
    match file_format:
        case KernelFormat.TEXT:
            data = _text_of(kernel).encode()
        case KernelFormat.CSV:
            data = f"{write(kernel.plane, TextStyle.CSV)}\n".encode()
        case KernelFormat.IMAGEMAGICK:
            data = f"{write(kernel.plane, TextStyle.IMAGEMAGICK)}\n".encode()
        case KernelFormat.IMAGEJ:
            height, width = kernel.plane.shape
            if height % 2 == 0 or width % 2 == 0:
                raise ConvStudioError(
                    f"ImageJ takes kernels with an odd number of rows and columns alone, and this one is "
                    f"{height}×{width}; add a row or column of zeros, or choose another format."
                )
            data = f"{write(kernel.plane, TextStyle.IMAGEJ)}\n".encode()
        case KernelFormat.NPY:
            buffer = io.BytesIO()
            np.save(buffer, kernel.plane, allow_pickle=False)
            data = buffer.getvalue()
    write_file(path, data)


def read_kernel_file(path: Path) -> KernelFile:
    """The kernel in a file: a NumPy array, or text in any notation that `core.kernels.text` reads.

    A text's first line is the name where it begins with #, and the lines with # that follow are the note; else the
    file's name is the name.

    Raises
    ------
    ConvStudioError
        If it holds no kernel.
    """
    data = read_file(path, most=_MOST_BYTES)
    if data.startswith(_MAGIC):
        return KernelFile(_stem(path), "", (_from_npy(path, data),))
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ConvStudioError(f"“{printable(path)}” is no text, so it holds no kernel; choose another file.")
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except ValueError:
        text = data.decode("latin-1")  # numbers are the same in every old code page
    name, note = _head_of(text)
    try:
        return KernelFile(name or _stem(path), note, readings(text))
    except ConvStudioError as error:
        raise ConvStudioError(f"“{printable(path)}” holds no kernel: {error}") from error


def read_one_kernel(path: Path) -> KernelFile:
    """As `read_kernel_file`, where nobody can be asked which of several readings is meant.

    Raises
    ------
    ConvStudioError
        If it holds no kernel, or its text can be read in several ways; the sentence names them.
    """
    file = read_kernel_file(path)
    if len(file.planes) > 1:
        ways = " or as ".join(map(described, file.planes))
        raise ConvStudioError(f"“{printable(path)}” can be read as {ways}; write the one that is meant.")
    return file


def is_kernel_array(path: Path) -> bool:
    """Whether a NumPy file holds a table as small as a kernel; a network's filters have more axes."""
    try:
        _shape_of(read_head(path, size=1024))
    except ConvStudioError:
        return False
    return True


def _stem(path: Path) -> str:
    name = " ".join("".join(letter if letter.isprintable() else " " for letter in printable(path)).split())
    return name.rpartition(".")[0][:LONGEST_NAME].strip() or name[:LONGEST_NAME].strip()


def _head_of(text: str) -> tuple[str, str]:
    """The name and the note in the lines with # before the numbers."""
    lines: list[str] = []
    for line in text.lstrip("\ufeff").splitlines():
        if not line.startswith("#"):
            break
        lines.append("".join(letter for letter in line.lstrip("#").strip() if letter.isprintable()))
    name = lines[0][:LONGEST_NAME].strip() if lines else ""
    return name, "\n".join(line for line in lines[1:] if line)[:LONGEST_NOTE]


def _from_npy(path: Path, data: bytes) -> Plane:
    try:
        height, width = _shape_of(data)
        array = np.load(io.BytesIO(data), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise ConvStudioError(
            f"“{printable(path)}” is no table of numbers of at most {MOST_CELLS}×{MOST_CELLS}; choose another file."
        ) from error
    plane = np.array(array, dtype=np.float64).reshape(height, width) + 0.0
    if not np.isfinite(plane).all():
        raise ConvStudioError(f"“{printable(path)}” holds a number that is not finite; replace it.")
    return plane


def _shape_of(head: bytes) -> tuple[int, int]:
    """Rows and columns of the table that a NumPy file begins with; nothing is allocated for it.

    Raises
    ------
    ConvStudioError
        If it holds something else.
    """
    stream = io.BytesIO(head)
    try:
        major, _ = np.lib.format.read_magic(stream)
        reader = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, _, kind = reader(stream)
    except (ValueError, EOFError, OSError) as error:
        raise ConvStudioError("It is no NumPy array; choose another file.") from error
    if not 1 <= len(shape) <= 2 or kind.kind not in "biuf":
        raise ConvStudioError("It is no table of numbers; choose another file.")
    height, width = (1, *shape)[-2:]
    check_size(height, width)
    return height, width
