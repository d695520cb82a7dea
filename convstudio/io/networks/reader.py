"""Networks in: a file is handed to a process of its own, which reads it and may be killed, and comes back as layers."""

from pathlib import Path

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.files import printable, read_file
from convstudio.io.networks.formats import network_format
from convstudio.io.networks.messages import MOST_BYTES, READING, Verdict, unpack
from convstudio.io.networks.network import NetworkFile
from convstudio.io.processes import Child, Deadline, Head, Message

MOST_FILE_BYTES = 2**30
STARTING = 30.0  # seconds to import everything, on a machine that is busy
MODULE = "convstudio.io.networks.reader_process"


def read_network(path: str | Path, *, patience: float = READING, module: str = MODULE) -> NetworkFile:
    """The network in a file; takes a second or more, so call it off the window's thread.

    Raises
    ------
    ConvStudioError
        If it cannot be read, or there is neither a chain of layers nor a convolution in it.
    """
    file = Path(path)
    name, kind = printable(file), network_format(file.name)
    if kind is None:
        raise ConvStudioError(f"“{name}” is no file of a network that is read here; choose an ONNX file.")
    data = read_file(file, most=MOST_FILE_BYTES)
    if not data:
        raise ConvStudioError(f"“{name}” is empty (0 bytes); choose another file.")
    request = {"name": name, "format": kind, "folder": str(file.absolute().parent)}
    reply = _ask(request, data, name, patience, module)
    match reply.head.get("is"):
        case Verdict.READ:
            size = int(reply.head["text"])
            try:
                return unpack(reply.body[:size], reply.body[size:], name)
            except (ValueError, LookupError, TypeError) as error:
                if isinstance(error, ConvStudioError):
                    raise
                raise _crashed(name) from error
        case Verdict.REFUSED:
            raise ConvStudioError(str(reply.head["why"]))
        case _:
            raise ConvStudioError(
                f"“{name}” cannot be read: {str(reply.head.get('trace', '')).strip().rpartition(chr(10))[2]}; "
                "please report this with the file."
            )


def _ask(request: Head, data: bytes, name: str, patience: float, module: str) -> Message:
    try:
        process = Child(module, room=_room)
    except OSError as error:
        raise ConvStudioError(
            f"“{name}” cannot be read, because no process to read it could be started ({error.strerror})."
        ) from error
    deadline, is_ready = Deadline(process, patience), False
    try:
        with Deadline(process, STARTING):
            process.receive()
        is_ready = True
        with deadline:
            process.send(request, data)
            return process.receive()
    except (OSError, EOFError):
        if deadline.is_over:
            raise ConvStudioError(
                f"“{name}” takes more than {patience:g} seconds of work to read and was given up; "
                "it may be damaged, or too large."
            ) from None
        if not is_ready:
            raise ConvStudioError(
                f"“{name}” cannot be read, because reading does not start; reinstall ConvStudio."
            ) from None
        raise _crashed(name) from None
    finally:
        process.end()


def _crashed(name: str) -> ConvStudioError:
    return ConvStudioError(
        f"“{name}” is damaged: reading it crashed, and nothing else was harmed; copy or download it again."
    )


def _room(_: Head, size: int) -> memoryview:
    """Memory for a network's text and numbers."""
    if size > MOST_BYTES:
        raise ValueError("no network is as large")
    return np.empty(size, np.uint8).data
