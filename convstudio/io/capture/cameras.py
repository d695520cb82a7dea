"""The cameras of this computer by name. Asked in a process of its own: drivers may block or crash.

Reading a camera lives in `capture`.
"""

from dataclasses import dataclass

from convstudio.io.processes import Child, Deadline, Parent

MODULE = "convstudio.io.capture.cameras"
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
    """The cameras that there are; none where asking fails."""
    try:
        child = Child(MODULE)
    except OSError:
        return ()
    try:
        with Deadline(child, PATIENCE):
            answer = child.receive().head
        return tuple(CameraInfo(**row) for row in answer["cameras"])
    except (OSError, EOFError, TypeError, LookupError):
        return ()
    finally:
        child.end()


def main() -> None:
    """Tell the parent of the cameras of the first backend that has any, so that none is listed twice."""
    parent = Parent()
    import cv2_enumerate_cameras  # noqa: PLC0415 - imports cv2, which only the process asked may do without our door

    from convstudio.core.opencv import cv2  # noqa: PLC0415

    usable = set(cv2.videoio_registry.getCameraBackends())
    rows: list[dict[str, object]] = []
    for backend in cv2_enumerate_cameras.supported_backends:
        if backend in usable and not rows:
            cameras = sorted(cv2_enumerate_cameras.enumerate_cameras(backend), key=lambda camera: camera.index)
            rows = [{"index": camera.index, "name": camera.name, "backend": backend} for camera in cameras]
    parent.send({"cameras": rows})


if __name__ == "__main__":
    main()
