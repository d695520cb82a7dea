"""Surroundings in which nothing can work: a sentence and a status, in real processes; never an abort or a traceback."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import NUMBERS, SWITCHES, check_variables
from convstudio.terminal import shortened
from tests.pictures import read_png, write_png

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "XDG_SESSION_TYPE")
LONG = "x" * 5000
NOBODY = """
import os, pwd, sys

def unknown(number: int) -> None:
    raise KeyError(number)

pwd.getpwuid = unknown  # as for a user of a container that no list names
from convstudio.cli import main
sys.exit(main(sys.argv[1:]))
"""
WITHOUT = """
import sys

class Missing:
    def find_spec(self, name: str, path: object, target: object = None) -> None:
        if name == "LIBRARY":
            raise ImportError("libGL.so.1: cannot open shared object file: No such file or directory")

sys.meta_path.insert(0, Missing())
from convstudio.cli import main
sys.exit(main(sys.argv[1:]))
"""


def run(*words: str | Path, cwd: Path, code: str = "", **variables: str | None) -> subprocess.CompletedProcess[str]:
    """Run the command with variables of the environment changed; None takes one away."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    command = [sys.executable, *(["-c", code] if code else ["-m", "convstudio"]), *map(str, words)]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        env={name: value for name, value in surroundings.items() if value is not None},
    )


def assert_refused(process: subprocess.CompletedProcess[str], *words: str) -> None:
    """It ended by itself, with status 2 and one sentence that has these words."""
    assert process.returncode == 2, process.stderr
    assert len(process.stderr.splitlines()) == 1
    assert process.stderr.startswith("convstudio")
    for word in words:
        assert word in process.stderr
    assert len(process.stderr) < 500


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A small picture in a file."""
    path = tmp_path / "photograph.png"
    write_png(path, np.arange(8 * 9 * 3, dtype=np.uint8).reshape(8, 9, 3))
    return path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENCV_IO_MAX_IMAGE_PIXELS", "abc"),
        ("OPENCV_IO_MAX_IMAGE_WIDTH", ""),
        ("OPENCV_IO_MAX_IMAGE_HEIGHT", "99999999999999999999999"),
        ("OPENCV_TRACE", "perhaps"),
    ],
)
def test_a_variable_that_opencv_cannot_read_is_named(photograph: Path, name: str, value: str) -> None:
    process = run("apply", "box", photograph, "-o", "out", cwd=photograph.parent, **{name: value})

    assert_refused(process, name, f"“{value}”")
    assert not (photograph.parent / "out").exists()


@pytest.mark.parametrize("name", [*NUMBERS, *SWITCHES])
def test_every_variable_that_ends_opencv_is_looked_at(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "abc")
    with pytest.raises(ConvStudioError, match=name):
        check_variables()

    monkeypatch.setenv(name, "1")
    check_variables()


def test_numbers_may_have_opencvs_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENCV_IMGCODECS_WEBP_MAX_FILE_SIZE", "64MB")

    check_variables()


@pytest.mark.parametrize("command", [(), ("demonstrate", "out")], ids=["window", "demonstrate"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DISPLAY", ":77"),
        ("WAYLAND_DISPLAY", "wayland-77"),
        ("QT_QPA_PLATFORM", "nonsense"),
        ("QT_QPA_PLATFORM", "xcb"),
    ],
)
def test_a_screen_that_is_not_there_is_named(tmp_path: Path, command: tuple[str, ...], name: str, value: str) -> None:
    dead: dict[str, Any] = {**dict.fromkeys(SCREENS), name: value, "XDG_RUNTIME_DIR": str(tmp_path)}

    process = run(*command, cwd=tmp_path, **dead)

    assert_refused(process, f"{name} is “{value}”", "convstudio apply")


@pytest.mark.parametrize("library", ["PySide6.QtWidgets", "PySide6.QtCore", "cv2", "msgspec"])
def test_a_missing_library_is_named(tmp_path: Path, library: str) -> None:
    process = run(cwd=tmp_path, code=WITHOUT.replace("LIBRARY", library), QT_QPA_PLATFORM="offscreen")

    assert_refused(process, "libGL.so.1", "Install it")


def test_files_are_filtered_without_qt(photograph: Path) -> None:
    code = WITHOUT.replace("LIBRARY", "PySide6")

    process = run("apply", "identity", photograph, "-o", "out", cwd=photograph.parent, code=code)

    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize("home", [None, "relative/folder"])
def test_without_a_home_the_window_says_what_to_set(tmp_path: Path, home: str | None) -> None:
    process = run(cwd=tmp_path, code=NOBODY, HOME=home, XDG_CONFIG_HOME=None, QT_QPA_PLATFORM="offscreen")

    assert_refused(process, "no home folder", "HOME")
    assert list(tmp_path.iterdir()) == []


def test_without_a_home_files_are_filtered(photograph: Path) -> None:
    process = run("apply", "identity", photograph, "-o", "out", cwd=photograph.parent, code=NOBODY, HOME=None)

    written = photograph.parent / "out" / photograph.name
    assert (process.returncode, process.stderr) == (0, "")
    np.testing.assert_array_equal(read_png(written.read_bytes()), read_png(photograph.read_bytes()))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--help",), "32x32x3"),
        (("count", "32x32x3", "--filters", "6", "--kernel", "5"), "28x28x6"),
        (("kernels",), "3x3"),
        (("kernels", "sobol-x"), 'no preset "sobol-x"'),
        (("apply", "box", "fotografía.png", "-o", "out"), 'no file "fotograf\\xeda.png"'),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_terminal_of_plain_letters_is_told_everything(tmp_path: Path, words: tuple[str, ...], text: str) -> None:
    process = run(*words, cwd=tmp_path, PYTHONIOENCODING="ascii")

    assert text in process.stdout + process.stderr
    assert "Traceback" not in process.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("apply", LONG, "photograph.png", "-o", "out"),
        ("apply", "box", "photograph.png", "-o", LONG),
        ("kernels", LONG),
        ("count", LONG),
        ("count", "5x5x3", "--kernel", LONG),
        ("count", "5x5x3", "--padding", LONG),
        ("demonstrate", LONG),
    ],
    ids=lambda words: " ".join(word for word in words if word != LONG),
)
def test_five_thousand_characters_are_one_short_sentence(photograph: Path, words: tuple[str, ...]) -> None:
    process = run(*words, cwd=photograph.parent, QT_QPA_PLATFORM="offscreen")

    assert_refused(process, "x…x")


def test_a_file_with_a_name_of_five_thousand_characters_stops_no_other(photograph: Path) -> None:
    process = run("apply", "identity", LONG, photograph, "-o", "out", cwd=photograph.parent)

    assert process.returncode == 1
    assert "File name too long" in process.stderr
    assert len(process.stderr) < 500
    assert (photograph.parent / "out" / photograph.name).is_file()


@pytest.mark.parametrize("folder", ["photograph.png", "photograph.png/inside", "/proc/nowhere"])
def test_the_demonstration_is_not_written_where_no_folder_can_be(photograph: Path, folder: str) -> None:
    before = photograph.read_bytes()

    process = run("demonstrate", folder, cwd=photograph.parent, QT_QPA_PLATFORM="offscreen")

    assert_refused(process, f"“{Path(folder).name}”", "another")
    assert photograph.read_bytes() == before


def test_a_full_disk_behind_the_output_is_told(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        process = subprocess.run(
            [sys.executable, "-m", "convstudio", "kernels"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            timeout=60,
        )

    assert process.returncode == 1
    assert process.stderr.splitlines() == [
        "convstudio: What there is to say cannot be written (No space left on device); send it to another place."
    ]


def test_only_words_that_nobody_would_read_are_shortened() -> None:
    path = "/".join(["a folder"] * 60)

    assert shortened(f"There is no file {path}.") == f"There is no file {path}."
    assert shortened(f"“{'x' * 400}”") == f"“{'x' * 59}…{'x' * 19}”"
