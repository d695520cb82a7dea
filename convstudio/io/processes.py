"""Child processes: started, limited, spoken with over two pipes, and ended. What a child does lives elsewhere.

A child runs code that may crash or block: a decoder, a camera's driver. It may use 4 GiB and dies with its parent.
A message is two lengths, a head in JSON and a body of plain bytes, in both directions.
Both sides import this module. It imports no NumPy, so that a parent can start a child before it does so itself.
"""

import json
import math
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Any, NamedTuple, cast

import convstudio

if sys.platform == "linux":
    from fcntl import F_SETPIPE_SZ, fcntl

MEMORY = 4 * 2**30  # bytes of address space that a child may use
PIPE_BYTES = 2**20  # in flight; the most that Linux grants everybody: each turn between the processes moves more
LONGEST_HEAD = 2**20  # bytes
DYING = 1.0  # seconds for a killed child to go; a driver can hold it longer, and then nobody can do more
GLANCE = 0.25  # seconds between two looks at how much a child has worked
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
NO_WINDOW = 0x08000000  # CREATE_NO_WINDOW of Windows
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # else a thread for each core, with its memory
_LENGTHS = struct.Struct("<IQ")

Head = dict[str, Any]


class Message(NamedTuple):
    """What goes through a pipe at once."""

    head: Head
    body: memoryview


class Request(NamedTuple):
    """A message to a child, whose body is never large."""

    head: Head
    body: bytes


def python_command(module: str) -> tuple[list[str], dict[str, str]]:
    """How to run a module of this very package in another process: the command and its environment.

    The folder that the person happens to be in is not searched, so that a `cv2.py` lying there is not run.
    """
    command, environment = [sys.executable, "-P", "-m", module], ENVIRONMENT | os.environ
    root = Path(convstudio.__file__).resolve().parent.parent
    if root.name not in ("site-packages", "dist-packages"):  # a checkout, which the other process may not find
        paths = [str(root), os.environ.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    return command, environment


def is_alive(process: int) -> bool:
    """Whether there is a process of that number. Windows cannot be asked without harm, and keeps open files anyway."""
    if sys.platform == "win32":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _no_body(_: Head, size: int) -> memoryview:
    if size:
        raise ValueError(f"there are {size} bytes where none belong")
    return memoryview(b"")


class Child:
    """A child process as its parent holds it.

    It dies with the thread that makes it: make it in one that lives as long as the child is needed.

    Parameters
    ----------
    module
        What it runs; it begins with making a `Parent`.
    environment
        Variables beside those of this process.
    room
        Memory for a message's body, by its head and size; raises ValueError for what must not come.
    waits_to_write
        Whether `send` waits until there is room in the pipe; otherwise it raises OSError where there is none.
    """

    def __init__(
        self,
        module: str,
        *,
        environment: Mapping[str, str] | None = None,
        room: Callable[[Head, int], memoryview] = _no_body,
        waits_to_write: bool = True,
    ) -> None:
        command, variables = python_command(module)
        is_windows = sys.platform == "win32"
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env={**variables, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=not is_windows,  # Ctrl+C in the terminal is meant for the parent
            creationflags=NO_WINDOW if is_windows else 0,
        )
        self._input, self._output = cast("FileIO", self._process.stdin), cast("FileIO", self._process.stdout)
        self._room = room
        self._can_read = _waiting_for(self._output.fileno())
        self._until = math.inf
        self._messages = self._incoming()
        if not is_windows:
            os.set_blocking(self._input.fileno(), waits_to_write)
        if sys.platform == "linux":
            for pipe in (self._input, self._output):
                with suppress(OSError):  # this person may have no more
                    fcntl(pipe, F_SETPIPE_SZ, PIPE_BYTES)

    @property
    def number(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def send(self, head: Head, *body: bytes | memoryview) -> None:
        """Send a message; OSError where the child has gone."""
        _send(self._input, head, *body)

    def receive(self) -> Message:
        """The next message; EOFError where the child has gone, or sends what is no message."""
        message = self.receive_until(math.inf)
        assert message is not None
        return message

    def receive_until(self, until: float) -> Message | None:
        """As `receive`; None where the message is not complete at that time, and then the next call goes on with it."""
        self._until = until
        try:
            return next(self._messages)
        except StopIteration:  # an earlier call has failed
            raise EOFError("the child is out of step") from None

    def kill(self) -> None:
        """End the process now, from any thread; whoever waits for a message hears of it at once."""
        self._process.kill()

    def end(self) -> None:
        """Kill the process, and leave neither a zombie nor an open pipe."""
        self._process.kill()
        for pipe in (self._input, self._output):
            with suppress(OSError):
                pipe.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(DYING)

    def _incoming(self) -> Iterator[Message | None]:
        """Messages; None whenever the time is over."""
        while True:
            lengths = bytearray(_LENGTHS.size)
            yield from self._fill(memoryview(lengths))
            head_size, body_size = _LENGTHS.unpack(lengths)
            if head_size > LONGEST_HEAD:
                raise EOFError("what came is no message")
            text = bytearray(head_size)
            yield from self._fill(memoryview(text))
            try:
                head = json.loads(text)
                body = self._room(head, body_size)
            except (ValueError, TypeError, LookupError) as error:
                raise EOFError("what came is no message") from error
            yield from self._fill(body)
            yield Message(head, body)

    def _fill(self, rest: memoryview) -> Iterator[None]:
        while rest:
            while not self._can_read(self._until - time.monotonic()):
                yield None
            count = self._output.readinto(rest)
            if not count:
                raise EOFError("the child has gone")
            rest = rest[count:]


class Parent:
    """The process that started this one, as a child speaks with it. Making it limits this process.

    Ctrl+C, standard output and the death of the parent are no longer what they are for other processes.
    """

    def __init__(self) -> None:
        _limit_self()
        self._input, self._output = BufferedReader(FileIO(0, closefd=False)), _own_output()

    def send(self, head: Head, *body: bytes | memoryview) -> None:
        """Send a message; OSError where the parent has gone."""
        _send(self._output, head, *body)

    def receive(self) -> Request | None:
        """The next message, or None where the parent has gone."""
        lengths = self._input.read(_LENGTHS.size)
        if len(lengths) < _LENGTHS.size:
            return None
        head_size, body_size = _LENGTHS.unpack(lengths)
        text, body = self._input.read(head_size), self._input.read(body_size)
        if len(text) + len(body) < head_size + body_size:
            return None
        return Request(json.loads(text), body)


def _send(pipe: FileIO, head: Head, *body: bytes | memoryview) -> None:
    text = json.dumps(head).encode()
    size = sum(memoryview(part).nbytes for part in body)
    for part in (_LENGTHS.pack(len(text), size) + text, *body):
        rest = memoryview(part).cast("B")
        while rest:
            count = pipe.write(rest)
            if count is None:  # the pipe is full, and nobody is to wait
                raise BlockingIOError
            rest = rest[count:]


def _limit_self() -> None:
    """Limit memory, leave no core file, be deaf to Ctrl+C, and die with the parent, where the system can."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if sys.platform == "linux":  # macOS refuses
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)


def limit_work(seconds: float) -> None:
    """End this process after so much work, should nobody be left to do it; 0 calls it off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _own_output() -> FileIO:
    """The pipe to the parent under a number of its own, so that no library can print into it."""
    output = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return FileIO(output, "wb")


def _waiting_for(descriptor: int) -> Callable[[float], bool]:
    """A function that waits for something to read, so many seconds at most."""
    if not hasattr(select, "poll"):
        return lambda seconds: seconds > 0  # Windows cannot wait for a pipe; the read does, until the next message
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return lambda seconds: bool(poll.poll(None if seconds == math.inf else max(seconds, 0) * 1000))


class Deadline:
    """Kills a child that works for longer than the block may take, or stands still for as long.

    Time in which others have the cores is not counted: a child must not be given up because of them.
    """

    def __init__(self, child: Child, seconds: float) -> None:
        self.is_over = False
        self._child = child
        self._seconds = seconds
        self._is_left = threading.Event()
        self._watch = threading.Thread(target=self._look, name="convstudio-deadline", daemon=True)

    def __enter__(self) -> None:
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        self._is_left.set()
        self._watch.join()

    def _look(self) -> None:
        first = last = _work_of(self._child.number)
        moved = time.monotonic()
        while not self._is_left.wait(min(GLANCE, self._seconds / 2)):
            work, now = _work_of(self._child.number), time.monotonic()
            if work != last:
                last, moved = work, now
            if work - first > self._seconds or now - moved > self._seconds:
                self.is_over = True
                self._child.kill()
                return


def _work_of(process: int) -> float:
    """Seconds for which a process has had a core; where the system tells nobody, time itself stands for it."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
