"""Listing cameras gives names where there are some, and never harms the window."""

import sys
from pathlib import Path

import pytest

from convstudio.io.capture import cameras
from convstudio.io.capture.cameras import CameraInfo, list_cameras


def test_listing_finds_what_the_system_has() -> None:
    found = list_cameras()

    has_devices = any(Path("/dev").glob("video*"))
    assert all(camera.index >= 0 and camera.name for camera in found)
    assert has_devices or found == ()


def test_an_address_holds_backend_and_number() -> None:
    assert CameraInfo(2, "Desk", 200).address == 202


@pytest.mark.parametrize(
    "program",
    [
        "import os; os.abort()",
        "print('no camera, but many words')",
        "print('[[1, 2]]')",
        "import threading; threading.Event().wait()",
    ],
)
def test_a_driver_that_crashes_talks_or_hangs_means_no_cameras(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cameras, "PATIENCE", 1.0)
    monkeypatch.setattr(cameras, "python_command", lambda module: ([sys.executable, "-c", program], {}))

    assert list_cameras() == ()


def test_a_driver_that_prints_before_the_answer_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    program = """print('driver 1.0'); print('[{"index": 0, "name": "Desk", "backend": 200}]')"""
    monkeypatch.setattr(cameras, "python_command", lambda module: ([sys.executable, "-c", program], {}))

    assert list_cameras() == (CameraInfo(0, "Desk", 200),)
