"""Still pictures at web addresses: asked for once and downloaded whole, within limits of size and time.

Runs in the reader process only, where a server that never ends harms nobody. Decoding does not live here.
"""

import base64
import http.client
import time
import urllib.error
import urllib.request
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit

from convstudio.core.errors import ConvStudioError
from convstudio.io.capture.refusals import shown_address
from convstudio.io.decoding.kinds import SUFFIXES

PAGES = frozenset(("text/html", "application/xhtml+xml"))
MOST_BYTES = 2**27
LONGEST = 30.0  # seconds for all of it
PATIENCE = 5.0  # seconds for one answer
_CHUNK = 2**16  # bytes


def is_web_address(address: str) -> bool:
    """Whether an address is asked for by HTTP, whose answers say what they are."""
    return urlsplit(address).scheme.lower() in ("http", "https")


def is_named_as_picture(address: str) -> bool:
    """Whether an address ends as files of pictures do; what comes may be something else."""
    return is_web_address(address) and PurePosixPath(urlsplit(address).path).suffix.lower() in SUFFIXES


def download_still(address: str) -> bytes | None:
    """The bytes of the picture that an address gives; None where it gives no picture, as it may give a stream.

    Raises
    ------
    ConvStudioError
        If the picture is too large, or takes too long to come, or what is there is a page to be read.
    """
    until = time.monotonic() + LONGEST
    try:
        with _opener().open(_request(address), timeout=PATIENCE) as answer:
            if answer.headers.get_content_type() in PAGES:
                raise ConvStudioError(
                    f"There is a page at {shown_address(address)}, and no picture; open the address of a picture, "
                    "which a browser copies from the menu of the right mouse button."
                )
            if answer.headers.get_content_maintype() != "image":  # a stream of pictures is "multipart"
                return None
            return _body(answer, address, until)
    except (OSError, http.client.HTTPException, ValueError) as error:  # the stream's own reader says what is wrong
        if isinstance(error, ConvStudioError):
            raise
        return None


def _body(answer: http.client.HTTPResponse, address: str, until: float) -> bytes:
    chunks, size = [], 0
    if int(answer.headers.get("Content-Length") or 0) > MOST_BYTES:
        raise _too_large(address)
    while chunk := answer.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise _too_large(address)
        if time.monotonic() > until:
            raise ConvStudioError(
                f"The picture at {shown_address(address)} takes more than {LONGEST:.0f} seconds to come; "
                "download it with another program and open the file."
            )
    return b"".join(chunks)


def _too_large(address: str) -> ConvStudioError:
    return ConvStudioError(
        f"The picture at {shown_address(address)} has more than {MOST_BYTES // 2**20} MiB, the most that is read; "
        "download it with another program and open the file."
    )


def _opener() -> urllib.request.OpenerDirector:
    """What follows redirects to other web addresses, and opens neither files nor anything else."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener


def _request(address: str) -> urllib.request.Request:
    """A request without the user and the password in its address: they go into a header of their own."""
    parts = urlsplit(address)
    user, _, server = parts.netloc.rpartition("@")
    request = urllib.request.Request(urlunsplit(parts._replace(netloc=server, fragment="")))  # noqa: S310 - web alone
    request.add_header("User-Agent", "ConvStudio")
    if user:
        name, _, password = user.partition(":")
        secret = base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode("ascii")
        request.add_unredirected_header("Authorization", f"Basic {secret}")
    return request
