"""What the address of a live source leads to. Opening it lives in `opening`."""

from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.io.capture.messages import AddressKind

SCHEMES = ("http", "https", "rtsp", "rtsps", "rtmp")


def kind_of(address: str | int) -> AddressKind:
    """What an address leads to; refuses negative camera numbers and protocols that are not read here."""
    if isinstance(address, int):
        if address < 0:
            raise ConvStudioError(f"There is no camera number {address}; cameras are numbered from 0.")
        return AddressKind.CAMERA
    scheme, separator, rest = address.partition("://")
    if not separator or not scheme.isalnum():
        return AddressKind.FILE
    if scheme.lower() not in SCHEMES or not rest:
        raise ConvStudioError(
            "Streams are read from addresses such as http://server:port/path or rtsp://server/path, "
            f"but this one begins with “{scheme}://”."
        )
    return AddressKind.STREAM


def absolute_address(address: str, kind: AddressKind) -> str:
    """A path that still means the same when the working folder changes, and never looks like "protocol:"."""
    return str(Path.cwd() / address) if kind is AddressKind.FILE else address
