"""Listing cameras gives names where there are some, and never harms the window."""

import os
import sys
from pathlib import Path

import pytest

from convstudio.io import processes
from convstudio.io.capture import cameras
from convstudio.io.capture.cameras import CameraInfo, list_cameras


def run_instead(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a program take the place of the process that asks the drivers."""
    command = [sys.executable, "-c", program]
    monkeypatch.setattr(processes, "python_command", lambda module: (command, dict(os.environ)))


def test_listing_finds_what_the_system_has() -> None:
    listed = list_cameras()

    has_devices = any(Path("/dev").glob("video*"))
    assert all(camera.index >= 0 and camera.name for camera in listed)
    assert has_devices or listed == ()


def test_an_address_holds_backend_and_number() -> None:
    assert CameraInfo(2, "Desk", 200).address == 202


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "print('no camera, but many words')",
        "from convstudio.io.processes import Parent; Parent().send({'cameras': [[1, 2]]})",
        "import threading; threading.Event().wait()",
    ],
)
def test_a_driver_that_crashes_talks_or_hangs_means_no_cameras(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "PATIENCE", 1.0)
    run_instead(program, monkeypatch)

    assert list_cameras() == ()


def test_a_driver_that_prints_before_the_answer_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = {"cameras": [{"index": 0, "name": "Desk", "backend": 200}]}
    imports = "from convstudio.io.processes import Parent; parent = Parent()"
    run_instead(f"{imports}; print('driver 1.0', flush=True); parent.send({answer})", monkeypatch)

    assert list_cameras() == (CameraInfo(0, "Desk", 200),)
