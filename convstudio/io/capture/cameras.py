"""The cameras of this computer by name. Asked in a process of its own: drivers may block or crash.

Reading a camera lives in `capture`.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

from convstudio.io.processes import python_command

PATIENCE = 5.0  # seconds for all drivers to answer


@dataclass(frozen=True)
class CameraInfo:
    """A camera that can be opened: its number among those of a backend of OpenCV."""

    index: int
    name: str
    backend: int

    @property
    def address(self) -> int:
        """What `Capture` opens: backend and number in one, as OpenCV writes it."""
        return self.backend + self.index


def list_cameras() -> tuple[CameraInfo, ...]:
    """The cameras found; none where asking fails."""
    command, environment = python_command("convstudio.io.capture.cameras")
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
        return tuple(CameraInfo(**row) for row in json.loads(answer.stdout.splitlines()[-1]))
    except (OSError, subprocess.SubprocessError, ValueError, TypeError, LookupError):
        return ()


def _found() -> list[dict[str, object]]:
    """The cameras of the first backend that has any, so that none is listed twice."""
    import cv2_enumerate_cameras  # noqa: PLC0415 - imports cv2, which only the process asked may do without our door

    from convstudio.core.opencv import cv2  # noqa: PLC0415

    usable = set(cv2.videoio_registry.getCameraBackends())
    for backend in cv2_enumerate_cameras.supported_backends:
        if backend not in usable:
            continue
        cameras = sorted(cv2_enumerate_cameras.enumerate_cameras(backend), key=lambda camera: camera.index)
        if cameras:
            return [{"index": camera.index, "name": camera.name, "backend": backend} for camera in cameras]
    return []


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_found()) + "\n")
