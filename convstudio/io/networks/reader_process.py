"""The process that reads a network: `python -m convstudio.io.networks.reader_process`, started by `reader` alone.

It reads one file and ends. It may crash; its memory and its work are limited. The file itself is opened on the other
side; files that an ONNX file names are opened here, if they lie in its folder.
"""

import traceback
from contextlib import suppress

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.networks.formats import NetworkFormat
from convstudio.io.networks.messages import READING, Verdict, pack
from convstudio.io.networks.reading import read
from convstudio.io.processes import Parent, limit_work

GRACE = 10  # seconds of a core after which a process that nobody killed in time ends itself
LONGEST_TRACE = 8000  # characters


def main() -> None:
    """Answer one request."""
    parent = Parent()
    parent.send({"is": Verdict.READ})  # ready: everything is imported but what the file needs
    request = parent.receive()
    if request is None:
        return
    limit_work(READING + GRACE)
    name = request.head["name"]
    try:
        network = read(request.body, NetworkFormat(request.head["format"]), name, request.head["folder"])
        text, arrays = pack(network)
    except ConvStudioError as refusal:
        parent.send({"is": Verdict.REFUSED, "why": str(refusal)})
    except MemoryError:
        why = f"“{name}” needs too much memory to read; choose a smaller network."
        parent.send({"is": Verdict.REFUSED, "why": why})
    except Exception:  # no file, however odd, ends more than its own reading
        parent.send({"is": Verdict.FAULT, "trace": traceback.format_exc()[-LONGEST_TRACE:]})
    else:
        parent.send({"is": Verdict.READ, "text": len(text)}, text, *(_bytes(array) for array in arrays))


def _bytes(array: "np.ndarray[tuple[int, ...], np.dtype[np.floating]]") -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # the parent has gone
        main()
