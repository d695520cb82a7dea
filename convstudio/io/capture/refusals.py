"""Why a source cannot be read, in one sentence for the person. Used by the reader process only."""

import http.client
import os
import socket
import sys
from http import HTTPStatus
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from convstudio.io.capture.messages import LARGEST
from convstudio.io.files import printable

PORTS = {"http": 80, "https": 443, "rtsp": 554, "rtsps": 322, "rtmp": 1935}
PATIENCE = 2.0  # seconds for one question to a server


def shown_address(address: str) -> str:
    """An address as it may be shown: without user name, password and query."""
    parts = _split(address)
    return f"{parts.scheme}://{_server(parts)}{parts.path}" if parts else "the address"


def why_no_camera(number: int) -> str:
    """A camera does not open."""
    device = Path(f"/dev/video{number}")
    if sys.platform == "linux" and not device.exists():
        return f"There is no camera number {number}; plug it in or choose another source."
    if sys.platform == "linux" and not os.access(device, os.R_OK | os.W_OK):
        return f"Camera {number} may not be read by this user; add the user to the group “video” and log in again."
    return f"Camera {number} is busy or gives no picture; close other programs that use it, or plug it in again."


def why_no_file(path: str) -> str | None:
    """A path that must not be opened, or None where it may be tried."""
    name = printable(Path(path))
    try:
        if not Path(path).exists():
            return f"There is no file “{name}” at that place; choose another."
        if not Path(path).is_file():
            return f"“{name}” is not a regular file; choose a video file."
        if Path(path).stat().st_size == 0:
            return f"“{name}” is empty; choose a video file."
        if not os.access(path, os.R_OK):
            return f"“{name}” may not be read by this user; change its permissions or choose another."
    except (OSError, ValueError) as error:
        return f"“{name}” cannot be opened ({_reason(error)}); choose another file."
    return None


def not_a_video(path: str) -> str:
    """The file is there, but nothing in it can be played."""
    return f"“{printable(Path(path))}” cannot be read as a video; it may be damaged, or be something else."


def broken_off(path: str, position: float, duration: float) -> str:
    """A video that stops before its end."""
    return (
        f"“{printable(Path(path))}” can be read up to {position:.1f} of {duration:.1f} seconds; "
        "the rest is damaged or missing."
    )


def too_large(width: int, height: int) -> str:
    """Frames beyond the cap."""
    return (
        f"Frames of {width}×{height} pixels are too large to play; the limit is {LARGEST:,} pixels, "
        "so make the video smaller first."
    )


def why_no_stream(address: str) -> str:
    """A stream does not open; asks the server once what is wrong."""
    parts = _split(address)
    if parts is None or parts.hostname is None:
        return "The address of the stream names no server; write it as http://server:port/path."
    where = _server(parts)
    try:
        answer = _ask(parts)
    except ConnectionRefusedError:
        return f"Nothing listens at {where}; check the address and that the stream is running."
    except socket.gaierror:
        return f"The server “{parts.hostname}” cannot be found; check the address and the network."
    except (OSError, http.client.HTTPException) as error:
        return f"The server {where} does not answer as it should ({_reason(error)}); check it and the network."
    if answer >= HTTPStatus.BAD_REQUEST:
        return f"The server {where} answers {answer} ({_phrase(answer)}); check the address and the password."
    return f"The server {where} answers, but sends nothing that can be read as a video."


def _ask(parts: SplitResult) -> int:
    """The status that an http server answers with; 0 for others that accept the connection."""
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 80)
    if parts.scheme not in ("http", "https"):
        socket.create_connection((host, port), timeout=PATIENCE).close()
        return 0
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=PATIENCE)
    try:
        connection.request("GET", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
        return connection.getresponse().status
    finally:
        connection.close()


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        _ = parts.port  # raises for a port that is no number
    except ValueError:
        return None
    return parts


def _server(parts: SplitResult) -> str:
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{parts.port}" if parts.port else host


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {PATIENCE:.0f} seconds"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "unknown status"
