"""Files read and written whole; one is replaced only when the new one is complete. What is in them lives elsewhere."""

import contextlib
import errno
import functools
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.core.wording import memory
from convstudio.io.processes import is_alive

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_FORBIDDEN = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))
_MEBIBYTE = 2**20
_STRAY = re.compile(r"\.convstudio-(?:(?P<process>[0-9]{1,9})-)?[0-9a-f]{16}")  # a temporary file of ours
_OLD = 3600  # seconds without a change after which a temporary file is taken for left behind

Part = bytes | memoryview  # of a file, in bytes


class _Prepared(NamedTuple):
    """A complete file that waits beside the place it will take."""

    path: Path
    target: Path
    temporary: Path
    size: int


def printable(path: Path) -> str:
    """A file's name as it can be shown, whatever bytes it is made of."""
    return os.fsencode(path.name or str(path)).decode("utf-8", "replace")


def write_file(path: Path, *parts: Part) -> None:
    """Replace a file by these parts, or leave it as it is and say why."""
    with together() as write:
        write(path, *parts)


@contextlib.contextmanager
def together() -> Iterator[Callable[..., None]]:
    """Write several files: all take their places when the block ends, and none where it raises.

    What the block gets writes one of them, as `write_file` does, under a name that is gone afterwards.
    """
    prepared: list[_Prepared] = []

    def write(path: Path, *parts: Part) -> None:
        target = Path(os.path.realpath(path))  # a link keeps pointing at the file it names
        mode = _check_target(path, target)
        remove_strays(target.parent)
        temporary = target.with_name(f".convstudio-{os.getpid()}-{os.urandom(8).hex()}")
        prepared.append(_Prepared(path, target, temporary, sum(map(len, parts))))
        _prepare(prepared[-1], parts, mode)

    try:
        yield write
        for file in prepared:
            try:
                os.replace(file.temporary, file.target)  # noqa: PTH105
            except OSError as error:
                raise ConvStudioError(_why_not_written(file.path, file.size, error)) from error
    finally:
        for file in prepared:
            with contextlib.suppress(OSError):
                file.temporary.unlink()  # it is gone already when all went well
    for folder in {file.target.parent for file in prepared}:
        _settle(folder)


def read_head(path: Path, *, size: int) -> bytes:
    """The first bytes of a regular file, at most `size` of them."""
    with opened(path) as (file, _):
        return file.read(size)


def read_file(path: Path, *, most: int) -> bytes:
    """The bytes of a regular file that has at most `most` of them."""
    with opened(path) as (file, size):
        # no more memory is asked for than the file needs; files that only tell their size when read are small
        data = b"" if size > most else file.read(min(most, max(size, _MEBIBYTE)) + 1)
    if max(size, len(data)) > most:
        raise ConvStudioError(
            f"“{printable(path)}” is larger than {most // _MEBIBYTE} MiB, the most that is read of such a file; "
            "choose another."
        )
    return data


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[BinaryIO, int]]:
    """A regular file, open to be read, and its size; refused in a sentence where it cannot be."""
    name = printable(path)
    try:
        # a pipe or a device would wait for somebody to write
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise ConvStudioError(f"“{name}” is not a file that can be read to its end; choose a regular file.")
            yield file, about.st_size
    except FileNotFoundError as error:
        raise ConvStudioError(f"There is no file “{name}”; check the name, or choose another file.") from error
    except IsADirectoryError as error:
        raise ConvStudioError(f"“{name}” is a folder; choose a file in it.") from error
    except OSError as error:
        reason = "may not be read by this user" if error.errno in _FORBIDDEN else f"cannot be read ({error.strerror})"
        raise ConvStudioError(f"“{name}” {reason}; change that, or choose another file.") from error
    except ValueError as error:  # a zero byte in the name
        if isinstance(error, ConvStudioError):
            raise
        raise ConvStudioError("A file's name cannot hold a zero byte; choose another name.") from error


@functools.cache
def remove_strays(folder: Path) -> None:
    """Remove the temporary files of processes of ours that were killed; once a run for each folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            named = _STRAY.fullmatch(entry.name)
            with contextlib.suppress(OSError):
                if named and _is_left(entry, named["process"]):
                    Path(entry.path).unlink()


def _is_left(entry: os.DirEntry[str], process: str | None) -> bool:
    """Whether nobody writes a temporary file any more: it is old, and the process that it is named after has ended."""
    about = entry.stat(follow_symlinks=False)
    is_old = stat.S_ISREG(about.st_mode) and time.time() - about.st_mtime > _OLD
    return is_old and not (process and is_alive(int(process)))


def make_folder(folder: Path) -> tuple[Path, ...]:
    """Create a folder with those above it; the new ones, the innermost first."""
    try:
        missing = tuple(path for path in (folder, *folder.parents) if not path.exists())
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise ConvStudioError(f"“{printable(folder)}” is a file or lies in one; choose another folder.") from error
    except OSError as error:
        raise ConvStudioError(
            f"The folder “{printable(folder)}” cannot be made ({error.strerror}); choose another place."
        ) from error
    return missing


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those folders that are empty."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _check_target(path: Path, target: Path) -> int | None:
    """The mode of the file that will be replaced, if there is one; refuses what must not be replaced."""
    name = printable(path)
    if not target.parent.is_dir():
        raise ConvStudioError(
            f"“{name}” cannot be written because there is no folder “{printable(target.parent)}”; "
            "make it or choose another folder."
        )
    try:
        there = target.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConvStudioError(_why_not_written(path, 0, error)) from error
    if stat.S_ISDIR(there.st_mode):
        raise ConvStudioError(f"“{name}” is a folder; choose a name for a file.")
    if not stat.S_ISREG(there.st_mode):
        raise ConvStudioError(f"“{name}” is a device or a pipe; choose a name for a file.")
    if not os.access(target, os.W_OK):  # replacing it would pass by its protection
        raise ConvStudioError(f"“{name}” is protected against writing; choose another name or unlock it.")
    return stat.S_IMODE(there.st_mode)


def _prepare(file: _Prepared, parts: Iterable[Part], mode: int | None) -> None:
    try:
        # the mode is what the umask leaves, as for any new file
        descriptor = os.open(file.temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        try:
            _fill(descriptor, parts, file.size)
            if mode is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise ConvStudioError(_why_not_written(file.path, file.size, error)) from error


def _fill(descriptor: int, parts: Iterable[Part], size: int) -> None:
    for part in parts:
        rest = memoryview(part)
        while rest:
            written = os.write(descriptor, rest)
            if written <= 0:
                raise OSError(errno.EIO, "nothing was written")
            rest = rest[written:]
    if os.fstat(descriptor).st_size != size:
        raise OSError(errno.EIO, "a part was lost")
    os.fsync(descriptor)


def _settle(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _why_not_written(path: Path, length: int, error: OSError) -> str:
    name = printable(path)
    if error.errno in _FULL:
        return (
            f"There is no room for the {memory(length)} of “{name}”, so nothing was changed; "
            "free some space or choose another disk."
        )
    if error.errno in _FORBIDDEN:
        return f"“{name}” may not be written to this folder by this user; choose another folder."
    if error.errno == errno.ENAMETOOLONG:
        return f"The name “{name[:20]}…” has {len(os.fsencode(path.name))} bytes, too many; choose a shorter one."
    return f"“{name}” could not be written ({error.strerror}), so nothing was changed; choose another place."
