"""Moving pictures for tests: an MJPEG stream over HTTP on loopback, and video files; each frame carries its number.

The server can stall, cut its viewers off, vanish and come back on the same port. No test lives here.
"""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from convstudio.core.opencv import cv2

BITS = 16  # of the number written into a picture
BOUNDARY = "next-picture"
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary={BOUNDARY}\r\nConnection: close\r\n\r\n"
QUIET = 5.0  # seconds that a socket may take before it counts as gone


def numbered_picture(number: int, *, width: int = 320, height: int = 240) -> NDArray[np.uint8]:
    """A grey (H, W, 3) picture whose upper half is a row of bars, one for each bit of the number: white is 1."""
    picture = np.full((height, width, 3), 96, np.uint8)
    cell = width // BITS
    for bit in range(BITS):
        picture[: height // 2, bit * cell : (bit + 1) * cell] = 255 if number >> bit & 1 else 0
    return picture


def number_in(pixels: NDArray[Any]) -> int:
    """The number that a picture carries, whatever its size and after any codec."""
    height, width = pixels.shape[:2]
    cell = width // BITS
    middles = pixels[height // 4, cell // 2 : cell * BITS : cell, 0]
    return sum(1 << bit for bit, value in enumerate(middles) if value > 127)


def write_video(
    path: Path, *, frames: int = 50, rate: float = 25.0, width: int = 320, height: int = 240, codec: str = "MJPG"
) -> Path:
    """Write a video whose frames carry 0, 1, 2, …"""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*codec), rate, (width, height))
    assert writer.isOpened()
    for number in range(frames):
        writer.write(numbered_picture(number, width=width, height=height))
    writer.release()
    return path


class StillServer:
    """Answers every request alike over HTTP: with a body and what it is, whole or for ever; `paths` counts requests."""

    def __init__(self, body: bytes, content_type: str, *, status: int = 200, location: str = "", rest: int = 0) -> None:
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        asked = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.paths.append(self.path)
                asked.headers.append(dict(self.headers))
                is_moved = bool(location) and self.path != location
                self.send_response(302 if is_moved else status)
                if is_moved:
                    self.send_header("Location", location)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(0 if is_moved else len(body) + rest))
                self.end_headers()
                with suppress(OSError):
                    self.wfile.write(b"" if is_moved else body)
                    if rest and not is_moved:
                        asked.is_over.wait(QUIET)  # what is missing does not come

            def log_message(self, *_: object) -> None:
                pass

        self.is_over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class MjpegServer:
    """Streams numbered pictures to anybody who connects; `sent` is the newest number, `visits` counts connections.

    `size` is that of the next picture, (width, height), and may be changed.
    """

    def __init__(self, *, rate: float = 30.0, width: int = 320, height: int = 240) -> None:
        self.rate = rate
        self.size = (width, height)
        self.sent = -1
        self.visits = 0
        self.port = 0
        self._listener: socket.socket | None = None
        self._viewers: list[socket.socket] = []
        self._changed = threading.Condition()
        self._is_stalled = False
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/stream.mjpg"

    @property
    def viewers(self) -> int:
        """How many are connected now."""
        with self._changed:
            return len(self._viewers)

    def wait_until(self, is_so: Callable[[], bool], seconds: float = 20.0) -> bool:
        """Wait for something to become true of this server."""
        with self._changed:
            return self._changed.wait_for(is_so, seconds)

    def wait_for_visits(self, count: int) -> bool:
        """Wait until so many connections have been made in all."""
        return self.wait_until(lambda: self.visits >= count)

    def wait_until_sent(self, number: int) -> bool:
        """Wait until a picture has been sent."""
        return self.wait_until(lambda: self.sent >= number)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; on the port of before when there was one."""
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        self._listener = listener
        self._is_stalled = False
        self._threads = [
            threading.Thread(target=self._accept, args=(listener,), name="mjpeg accept"),
            threading.Thread(target=self._send, args=(listener,), name="mjpeg send"),
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Vanish: nothing listens, every connection is cut."""
        with self._changed:
            listener, self._listener = self._listener, None
            self._changed.notify_all()
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.drop()
        for thread in self._threads:
            thread.join()
        self.drop()

    def stall(self) -> None:
        """Keep the connections and send nothing."""
        with self._changed:
            self._is_stalled = True

    def play(self) -> None:
        """Go on after a stall."""
        with self._changed:
            self._is_stalled = False

    def drop(self) -> None:
        """Cut every connection; whoever connects again is served."""
        with self._changed:
            viewers, self._viewers = self._viewers, []
        for viewer in viewers:
            with suppress(OSError):
                viewer.shutdown(socket.SHUT_RDWR)
            viewer.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                viewer, _ = listener.accept()
            except OSError:
                return
            viewer.settimeout(QUIET)
            viewer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                viewer.recv(65536)
                viewer.sendall(HEAD.encode())
            except OSError:
                viewer.close()
                continue
            with self._changed:
                self._viewers.append(viewer)
                self.visits += 1
                self._changed.notify_all()

    def _send(self, listener: socket.socket) -> None:
        due = time.monotonic()
        while True:
            with self._changed:
                due = max(due + 1 / self.rate, time.monotonic() - 1)
                self._changed.wait_for(lambda: self._listener is not listener, max(due - time.monotonic(), 0))
                if self._listener is not listener:
                    return
                if self._is_stalled:
                    continue
                viewers = list(self._viewers)
            width, height = self.size
            picture = numbered_picture(self.sent + 1, width=width, height=height)
            data = cv2.imencode(".jpg", picture)[1].tobytes()
            part = f"--{BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(data)}\r\n\r\n"
            for viewer in viewers:
                self._deliver(viewer, part.encode() + data + b"\r\n")
            with self._changed:
                self.sent += 1
                self._changed.notify_all()

    def _deliver(self, viewer: socket.socket, part: bytes) -> None:
        try:
            viewer.sendall(part)
        except OSError:
            with self._changed:
                if viewer in self._viewers:
                    self._viewers.remove(viewer)
            viewer.close()
