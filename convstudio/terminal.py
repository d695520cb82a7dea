"""What a terminal is told: every text can be written to it, one sentence ends a command, and its status says how.

What commands do lives in `cli`. Nothing is imported here but the standard library: a missing library is one of the
things that are told of.
"""

import codecs
import errno
import os
import re
import sys
from collections.abc import Callable
from typing import TextIO

from convstudio.core.errors import ConvStudioError, out_of_memory

ERRORS = "convstudio-plain"  # the name under which Python knows what becomes of a character that cannot be written
PLAIN = {
    "×": "x", "−": "-", "–": "-", "…": "...", "“": '"', "”": '"', "’": "'", "·": "*", "≈": "~", "→": "->", "÷": "/",
    "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", "≤": "<=", "≥": ">=", "²": "^2", "³": "^3",
}  # fmt: skip
"""What stands for our signs where only ASCII can be written."""
LONGEST_WORD = 300  # characters of a word in a sentence; what somebody pasted by mistake may have thousands
_LONG_WORD = re.compile(rf"(\S{{60}})\S{{{LONGEST_WORD},}}(\S{{20}})")


def prepare() -> None:
    """Let every text be written, whatever characters the terminal has."""
    codecs.register_error(ERRORS, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=ERRORS)


def guarded(run: Callable[[], int]) -> int:
    """Run a command and tell in one sentence what ended it; the exit status."""
    try:
        try:
            return run()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()  # a full disk shows itself here, and not after the last word
    except (ConvStudioError, MemoryError) as error:
        return refuse(str(out_of_memory() if isinstance(error, MemoryError) else error))
    except ImportError as error:
        reason = re.sub(r"\s+", " ", str(error)).rstrip(". ")
        return refuse(
            f"A library that ConvStudio needs cannot be used: {reason}. Install it, or install ConvStudio again."
        )
    except BrokenPipeError:
        _let_go(sys.stdout)
        return 1
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise
        _let_go(sys.stdout)
        refuse(f"What there is to say cannot be written ({error.strerror}); send it to another place.")
        return 1
    except KeyboardInterrupt:
        show_progress("")
        refuse("stopped; files that were complete stay, and none is left half written.")
        return 130  # as shells have it for Ctrl+C


def tell(text: str) -> None:
    """Say something on the standard output."""
    print(text, flush=True)


def refuse(sentence: str, *, program: str = "convstudio") -> int:
    """Say why a command cannot be carried out; the status for that."""
    print(f"{program}: {shortened(sentence)}", file=sys.stderr)
    return 2


def shortened(sentence: str) -> str:
    """A sentence without the middle of a word that nobody would read.

    Examples
    --------
    >>> len(shortened(f"There is no file “{'x' * 5000}”."))
    98
    """
    return _LONG_WORD.sub(r"\1…\2", sentence)


PROGRESS_WIDTH = 70  # letters of a line that tells how far a file is


def show_progress(text: str) -> None:
    """Put a text in place of the last one, where somebody sees it."""
    if sys.stderr is not None and sys.stderr.isatty():
        sys.stderr.write(f"\r{text:{PROGRESS_WIDTH}}\r")
        sys.stderr.flush()


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """The characters that cannot be written, in those that can."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    characters = error.object[error.start : error.end]
    words = [PLAIN.get(character) or character.encode("ascii", "backslashreplace").decode() for character in characters]
    return "".join(words), error.end


def _let_go(stream: TextIO | None) -> None:
    """Send what is still to be written nowhere: Python writes it when it ends, and would complain."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
