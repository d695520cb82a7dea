"""The doors between the rooms, one sentence each."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "convstudio"
QT = ("PySide6", "pyqtgraph", "superqt", "shiboken6")
OURS = "convstudio"
OUTSIDE = ("commands", "looking", "sources", "exporting", "cli", "app", "wiring")  # what no room may import


def imports_of(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def offenders(files: list[Path], *forbidden: str) -> list[str]:
    return [
        f"{file.relative_to(PACKAGE)} imports {name}"
        for file in files
        for name in sorted(imports_of(file))
        if any(name == part or name.startswith(f"{part}.") for part in forbidden)
    ]


def room(name: str) -> list[Path]:
    files = sorted((PACKAGE / name).rglob("*.py"))
    assert files
    return files


@pytest.mark.parametrize("name", ["core", "insight"])
def test_arithmetic_and_explanations_know_nothing_of_windows_files_threads_or_clocks(name: str) -> None:
    forbidden = (*QT, "threading", "subprocess", "time", "pathlib", "io", "multiprocessing", "asyncio", "msgspec")
    sharing = "threads.py", "ops/jit/crew.py"  # spread one call over the cores; their threads do strips and calls alone
    allowed = {PACKAGE / "core" / file for file in sharing}

    assert offenders([file for file in room(name) if file not in allowed], *forbidden) == []


def test_core_imports_no_other_room() -> None:
    rooms = [f"{OURS}.{name}" for name in ("insight", "io", "runtime", "views", *OUTSIDE)]

    assert offenders(room("core"), *rooms) == []


def test_insight_imports_core_alone() -> None:
    rooms = [f"{OURS}.{name}" for name in ("io", "runtime", "views", *OUTSIDE)]

    assert offenders(room("insight"), *rooms) == []


def test_only_one_module_imports_opencv_itself() -> None:
    others = [file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "core" / "opencv.py"]

    assert offenders(others, "cv2") == []


def test_core_uses_nothing_but_numpy_and_the_standard_library() -> None:
    for file in room("core"):
        foreign = {name.partition(".")[0] for name in imports_of(file)} - set(sys.stdlib_module_names)
        assert foreign <= {OURS, "numpy", "cv2"}, file


def test_in_core_opencv_serves_the_fast_roads_the_planes_and_the_display_only() -> None:
    names = "opencv.py", "frame.py", "view/shown.py", "view/previews.py"
    allowed = {PACKAGE / "core" / name for name in names}
    others = [
        file for file in room("core") if file not in allowed and file.parent.name not in ("ops", "jit", "display")
    ]

    assert offenders(others, f"{OURS}.core.opencv") == []


def test_the_outside_world_knows_no_widgets_and_no_runtime() -> None:
    rooms = [f"{OURS}.{name}" for name in ("runtime", "views", *OUTSIDE)]

    assert offenders(room("io"), *QT, *rooms) == []


def test_runtime_knows_no_widgets_and_no_files() -> None:
    rooms = [f"{OURS}.{name}" for name in ("io", "views", *OUTSIDE)]

    assert offenders(room("runtime"), "PySide6.QtWidgets", "PySide6.QtGui", "pyqtgraph", *rooms) == []


def test_views_neither_read_files_nor_evaluate() -> None:
    rooms = [f"{OURS}.{name}" for name in ("io", "runtime", *OUTSIDE, "core.evaluation.evaluate.evaluate")]

    assert offenders(room("views"), *rooms) == []


def test_commands_open_no_widgets() -> None:
    widgets = ("PySide6.QtWidgets", "pyqtgraph", f"{OURS}.views", f"{OURS}.app", f"{OURS}.cli", f"{OURS}.wiring")

    assert offenders([PACKAGE / f"{name}.py" for name in ("commands", "looking", "sources")], *widgets) == []


def test_the_command_line_imports_no_qt() -> None:
    forbidden = (*QT, f"{OURS}.runtime", f"{OURS}.views", f"{OURS}.commands", f"{OURS}.wiring")

    assert offenders([PACKAGE / "cli.py"], *forbidden) == []


def test_nobody_imports_the_composition_root_but_the_entry_points() -> None:
    others = [file for file in PACKAGE.rglob("*.py") if file.name not in ("app.py", "cli.py", "__main__.py")]

    assert offenders(others, f"{OURS}.app") == []
    assert offenders([file for file in others if file.parent.name != "wiring"], f"{OURS}.wiring") == []


def test_packaging_stays_a_folder_of_scripts() -> None:
    assert not (PACKAGE.parent / "packaging" / "__init__.py").exists()
