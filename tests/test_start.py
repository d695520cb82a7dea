"""What is imported and made before somebody needs it: a quick start depends on what is not."""

import subprocess
import sys
from pathlib import Path

WINDOW = """
import sys
from pathlib import Path
from convstudio.app import Application, quiet_qt
application = Application(quiet_qt(sys.argv[:1]), Path(sys.argv[1]))
application.window.show()
print(*sys.modules)
application.close()
"""

SETTLED = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop
from convstudio.app import Application, quiet_qt
from convstudio.core.ops.jit.readiness import is_compiled
qt = quiet_qt(sys.argv[:1])
application = Application(qt, Path(sys.argv[1]))
application.settle()
while not is_compiled():
    qt.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
print(is_compiled())
application.close()
"""


def imported(program: str, *arguments: str) -> set[str]:
    """The modules that a program names on its last line."""
    command = [sys.executable, "-c", program, *arguments]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    return set(said.splitlines()[-1].split())


def test_the_decoding_process_can_be_started_before_numpy_is_imported() -> None:
    modules = imported("import sys\nfrom convstudio.io.decoding import decoder\nprint(*sys.modules)")

    assert "convstudio.io.decoding.decoder" in modules
    assert not {"numpy", "cv2"} & modules


def test_an_explanation_is_neither_imported_nor_made_before_somebody_looks(tmp_path: Path) -> None:
    modules = imported(WINDOW, str(tmp_path / "settings.json"))

    assert "convstudio.views.pictures.pair" in modules  # they are in front
    names = {
        f"convstudio.views.explain.{name}"
        for name in ("matrix", "shift", "reach", "teach", "conventions", "parameters")
    }
    assert not (names | {"convstudio.insight.teach.training", "convstudio.insight.conventions.comparison"}) & modules
    assert not {"llvmlite", "onnx", "safetensors", "google.protobuf"} & modules
    assert not {"tifffile", "PIL", "imagecodecs", "pillow_heif"} & modules  # they decode, in a process of their own
    assert "convstudio.io.networks.reading" not in modules


def test_machine_code_is_compiled_once_the_window_stands(tmp_path: Path) -> None:
    words = imported(SETTLED, str(tmp_path / "settings.json"))

    assert words == {"True"}
