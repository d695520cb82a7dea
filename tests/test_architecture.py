"""The doors between the rooms, one sentence each."""

import ast
import sys
from collections import Counter
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "convstudio"
QT = ("PySide6", "shiboken6")
OURS = "convstudio"
OUTSIDE = ("commands", "cli", "app", "wiring")  # what no room may import


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
    sharing = "threads.py", "ops/jit/thread_pool.py"  # spread one call over the cores; nothing else is done there
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


def test_in_core_opencv_serves_the_fast_methods_the_planes_and_the_display_only() -> None:
    names = "opencv.py", "activations.py", "frame.py", "view/shown.py", "view/previews.py"
    allowed = {PACKAGE / "core" / name for name in names}
    others = [
        file
        for file in room("core")
        if file not in allowed and file.parent.name not in ("ops", "pooling", "jit", "display")
    ]

    assert offenders(others, f"{OURS}.core.opencv") == []


def test_the_outside_world_knows_no_widgets_and_no_runtime() -> None:
    rooms = [f"{OURS}.{name}" for name in ("runtime", "views", *OUTSIDE)]

    assert offenders(room("io"), *QT, *rooms) == []


def test_runtime_knows_no_widgets_and_no_files() -> None:
    rooms = [f"{OURS}.{name}" for name in ("io", "views", *OUTSIDE)]

    assert offenders(room("runtime"), "PySide6.QtWidgets", "PySide6.QtGui", *rooms) == []


def test_views_neither_read_files_nor_evaluate() -> None:
    rooms = [f"{OURS}.{name}" for name in ("io", "runtime", *OUTSIDE, "core.evaluation.evaluate.evaluate")]

    assert offenders(room("views"), *rooms) == []


def test_commands_open_no_widgets() -> None:
    widgets = ("PySide6.QtWidgets", f"{OURS}.views", f"{OURS}.app", f"{OURS}.cli", f"{OURS}.wiring")

    assert offenders(room("commands"), *widgets) == []


def test_no_command_object_is_made_of_another() -> None:
    classes = [
        node
        for file in room("commands")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    ]

    assert {base.id for node in classes for base in node.bases if isinstance(base, ast.Name)} == {"QObject"}


def test_the_command_line_imports_no_qt() -> None:
    forbidden = (*QT, f"{OURS}.runtime", f"{OURS}.views", f"{OURS}.commands", f"{OURS}.wiring")

    assert offenders([PACKAGE / "cli.py"], *forbidden) == []


def test_nobody_imports_the_composition_root_but_the_entry_points() -> None:
    others = [file for file in PACKAGE.rglob("*.py") if file.name not in ("app.py", "cli.py", "__main__.py")]

    assert offenders(others, f"{OURS}.app") == []
    assert offenders([file for file in others if "wiring" not in file.parts], f"{OURS}.wiring") == []


MODULES = {
    ".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): file
    for file in PACKAGE.rglob("*.py")
}
LARGEST_FOLDER = 14  # past a dozen files a folder wants packages named after its subjects
LAYERS = ("kernels", "geometry", "recipe", "ops", "display", "evaluation", "view")  # of core, each may use those before


def test_no_module_is_imported_in_a_circle() -> None:
    TopologicalSorter({name: modules_used(file) for name, file in MODULES.items()}).prepare()


def test_the_packages_of_core_stand_on_each_other_in_one_order() -> None:
    for position, name in enumerate(LAYERS):
        later = [f"{OURS}.core.{other}" for other in LAYERS[position + 1 :]]

        assert offenders(room(f"core/{name}"), *later) == [], name


def test_a_folder_is_small_enough_to_be_taken_in_at_a_glance() -> None:
    sizes = Counter(file.parent for file in PACKAGE.rglob("*.py") if file.name != "__init__.py")

    assert {str(folder.relative_to(PACKAGE)): size for folder, size in sizes.items() if size > LARGEST_FOLDER} == {}


def test_every_package_says_what_it_is() -> None:
    for folder in {file.parent for file in PACKAGE.rglob("*.py")}:
        assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))), folder


def test_others_use_of_a_package_what_its_face_names() -> None:
    faces = {name: names_of(file) for name, file in MODULES.items() if file.name == "__init__.py"}

    for user, file in MODULES.items():
        for target in modules_used(file):
            package, _, module = target.rpartition(".")
            face = faces.get(package)
            is_inside = user == package or user.startswith(f"{package}.")
            assert is_inside or face is None or module in face, f"{user} imports {target}"


def modules_used(file: Path) -> set[str]:
    """Our modules that a file imports, or imports something of; of `from package import module` the module alone."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            modules |= {name if name in MODULES else node.module for name in names}
    return modules & MODULES.keys()


def names_of(package: Path) -> list[str] | None:
    """What a package's `__all__` names, or None where it names nothing."""
    for node in ast.parse(package.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            return list(ast.literal_eval(node.value))
    return None


def test_nothing_outside_imports_the_parts_of_the_jit() -> None:
    jit = f"{OURS}.core.ops.jit"
    parts = [name for name in MODULES if name.startswith(f"{jit}.")]

    assert offenders([file for name, file in MODULES.items() if name != jit and name not in parts], *parts) == []


ORIGINS = {"found", "made", "told", "given", "kept", "seen", "wanted", "some", "each", "one"}


def test_a_variable_is_named_after_what_it_holds_and_not_how_it_came_about() -> None:
    for file in PACKAGE.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        stored = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        parameters = {node.arg for node in nodes if isinstance(node, ast.arg)}
        assert not (stored | parameters) & ORIGINS, file


def test_one_word_is_one_type() -> None:
    classes = Counter(
        node.name
        for file in PACKAGE.rglob("*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef)
    )

    assert [name for name, count in classes.items() if count > 1] == []


def test_packaging_stays_a_folder_of_scripts() -> None:
    assert not (PACKAGE.parent / "packaging" / "__init__.py").exists()
