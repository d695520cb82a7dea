"""Files are written whole or not at all."""

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.io.files import make_folder, read_file, together, write_file

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from convstudio.core.errors import ConvStudioError
from convstudio.io.files import write_file
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    write_file(Path(sys.argv[1]), b"new" * 100_000)
except ConvStudioError as error:
    print(error)
"""


def test_a_file_that_is_there_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old and longer")
    target.chmod(0o640)

    write_file(target, b"new")

    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a.bin", b"new")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a.bin").stat().st_mode) == 0o640


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")

    done = subprocess.run([sys.executable, "-c", FULL_DISK, target], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == (
        "There is no room for the 300 kB of “a.bin”, so nothing was changed; free some space or choose another disk."
    )
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_files_that_belong_together_come_together_or_not_at_all(tmp_path: Path) -> None:
    first, second = tmp_path / "a.bin", tmp_path / "b.bin"
    first.write_bytes(b"old")

    def interrupted() -> None:
        with together() as write:
            write(first, b"ne", b"w")
            write(second, b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    after_the_interrupt = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with together() as write:
        write(first, b"ne", b"w")
        write(second, b"new")
        while_it_lasts = first.read_bytes(), second.exists()

    assert after_the_interrupt == {"a.bin": b"old"}
    assert while_it_lasts == (b"old", False)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.bin": b"new", "b.bin": b"new"}


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: whole(descriptor, data[:3]))

    write_file(tmp_path / "a.bin", b"0123456789")

    assert (tmp_path / "a.bin").read_bytes() == b"0123456789"


def test_a_write_that_does_nothing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda descriptor, data: 0)

    with pytest.raises(ConvStudioError, match="could not be written"):
        write_file(tmp_path / "a.bin", b"0123456789")

    assert list(tmp_path.iterdir()) == []


def test_a_link_keeps_pointing_at_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")

    write_file(tmp_path / "link", b"new")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_places_that_cannot_be_written_are_sentences(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(ConvStudioError, match="there is no folder “gone”"):
        write_file(tmp_path / "gone" / "a.png", b"")
    with pytest.raises(ConvStudioError, match="is a folder; choose a name for a file"):
        write_file(tmp_path, b"")
    with pytest.raises(ConvStudioError, match="is a device or a pipe"):
        write_file(tmp_path / "pipe", b"")
    with pytest.raises(ConvStudioError, match="has 300 bytes, too many"):
        write_file(tmp_path / ("x" * 300), b"")


def test_a_protected_file_and_a_protected_folder_are_sentences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")

    def refuse(path: object, flags: int, mode: int = 0) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:  # the administrator, who may run this test, is never refused
        patch.setattr(os, "access", lambda path, mode: False)
        with pytest.raises(ConvStudioError, match="is protected against writing"):
            write_file(target, b"new")
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refuse)
        with pytest.raises(ConvStudioError, match="may not be written to this folder"):
            write_file(target, b"new")

    assert target.read_bytes() == b"old"


def test_reading_takes_regular_files_of_a_size_only(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"12345")
    os.mkfifo(tmp_path / "pipe")

    assert read_file(tmp_path / "a.bin", most=5) == b"12345"
    with pytest.raises(ConvStudioError, match="is larger than"):
        read_file(tmp_path / "a.bin", most=4)
    with pytest.raises(ConvStudioError, match="choose a regular file"):
        read_file(tmp_path / "pipe", most=5)
    with pytest.raises(ConvStudioError, match="is a folder"):
        read_file(tmp_path, most=5)
    with pytest.raises(ConvStudioError, match=r"There is no file “b\.bin”"):
        read_file(tmp_path / "b.bin", most=5)


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_bytes(b"")

    assert (tmp_path / "a" / "b").is_dir()
    with pytest.raises(ConvStudioError, match="is a file or lies in one"):
        make_folder(tmp_path / "file" / "c")


ENDED = subprocess.Popen([sys.executable, "-c", ""])
ENDED.wait()


@pytest.mark.parametrize(
    ("name", "age", "is_removed"),
    [
        (f".convstudio-{ENDED.pid}-0123456789abcdef", 7200, True),
        (".convstudio-0123456789abcdef", 7200, True),  # as they were named before
        (f".convstudio-{ENDED.pid}-0123456789abcdef", 60, False),  # another computer may be writing it
        (f".convstudio-{os.getpid()}-0123456789abcdef", 7200, False),
        (".convstudio-0123456789abcdef.png", 7200, False),  # not ours
        (".convstudio-mine", 7200, False),
        ("convstudio-0123456789abcdef", 7200, False),
    ],
    ids=["ended", "old name", "ended but new", "living", "picture", "no number", "no dot"],  # alike in every process
)
def test_what_a_killed_process_left_is_removed_by_the_next_write_beside_it(
    tmp_path: Path, name: str, age: float, *, is_removed: bool
) -> None:
    stray = tmp_path / name
    stray.write_bytes(b"half")
    os.utime(stray, (time.time() - age, time.time() - age))

    write_file(tmp_path / "a.bin", b"new")

    assert stray.exists() is not is_removed


def test_folders_and_links_with_the_name_of_a_temporary_file_stay(tmp_path: Path) -> None:
    names = [f".convstudio-{digit * 16}" for digit in "ab"]
    (tmp_path / "picture").write_bytes(b"old")
    (tmp_path / names[0]).mkdir()
    (tmp_path / names[1]).symlink_to("picture")
    for name in names:
        os.utime(tmp_path / name, (0, 0), follow_symlinks=False)

    write_file(tmp_path / "a.bin", b"new")

    assert all(os.path.lexists(tmp_path / name) for name in names)


def test_a_write_that_is_killed_leaves_a_file_that_the_next_run_knows(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from convstudio.io.files import write_file\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_file(Path(sys.argv[1]), b'new')\n"
    )
    (tmp_path / "a.bin").write_bytes(b"old")
    subprocess.run([sys.executable, "-c", script, tmp_path / "a.bin"], check=False)
    (stray,) = set(tmp_path.iterdir()) - {tmp_path / "a.bin"}
    os.utime(stray, (0, 0))

    write_file(tmp_path / "b.bin", b"new")

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.bin": b"old", "b.bin": b"new"}
