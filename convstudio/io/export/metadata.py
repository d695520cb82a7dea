"""What comes with a picture beside its pixels: what of it each format keeps, and where it stands in a file."""

import struct
import zlib
from collections.abc import Iterator

from convstudio.core.metadata import Metadata

INCH = 0.0254  # metres
PLACES = {"RGB ": 3, "GRAY": 1}  # the colour spaces of profiles (ICC.1, 7.2.6), and how many channels they are for
SPACE = slice(16, 20)  # where a profile says which it is
LONGEST_EXIF = 65_527  # bytes of a JPEG's segment, without its length and name
LONGEST_PIECE = 65_519  # of a profile in such a segment
EXIF, PROFILE = b"Exif\0\0", b"ICC_PROFILE\0"
JFIF = b"\xff\xd8\xff\xe0\0\x10JFIF\0"
JFIF_END, UNIT_PLACE, PER_INCH = 20, 13, 1
HAS_PROFILE, HAS_ALPHA, HAS_EXIF = 0x20, 0x10, 0x08  # flags of a WebP's VP8X chunk
RATIO = 1000  # of a TIFF's resolution


def profile_for(profile: bytes, channels: int) -> bytes:
    """The profile, where it is for pictures of so many channels, opacity included; else none."""
    return profile if PLACES.get(profile[SPACE].decode("latin-1")) == (1 if channels == 1 else 3) else b""


def png_chunks(metadata: Metadata) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG (third edition, 11.3)."""
    if metadata.profile:
        yield b"iCCP", b"ICC profile\0\0" + zlib.compress(metadata.profile)
    if metadata.resolution:
        across, down = (round(side / INCH) for side in metadata.resolution)
        yield b"pHYs", struct.pack(">IIB", across, down, 1)
    if metadata.exif:
        yield b"eXIf", metadata.exif


def in_jpeg(data: bytes, metadata: Metadata) -> bytes:
    """A JPEG as OpenCV writes it, which begins with a JFIF segment, with what comes with its picture."""
    if not data.startswith(JFIF):
        return data
    head = bytearray(data[:JFIF_END])
    if metadata.resolution:
        across, down = (min(max(round(side), 1), 65_535) for side in metadata.resolution)
        struct.pack_into(">BHH", head, UNIT_PLACE, PER_INCH, across, down)
    parts = [bytes(head)]
    if metadata.exif:
        parts.append(_segment(0xE1, EXIF + metadata.exif))
    pieces = [metadata.profile[at : at + LONGEST_PIECE] for at in range(0, len(metadata.profile), LONGEST_PIECE)]
    for number, piece in enumerate(pieces, start=1):
        parts.append(_segment(0xE2, PROFILE + bytes((number, len(pieces))) + piece))
    return b"".join((*parts, data[JFIF_END:]))


def in_webp(data: bytes, metadata: Metadata, width: int, height: int, *, has_alpha: bool) -> bytes:
    """A WebP file with what comes with its picture, in the extended form of the container."""
    if not (metadata.profile or metadata.exif):
        return data
    body = data[12:]
    if body[:4] == b"VP8X":
        body = body[8 + struct.unpack_from("<I", body, 4)[0] :]
    flags = HAS_PROFILE * bool(metadata.profile) | HAS_ALPHA * has_alpha | HAS_EXIF * bool(metadata.exif)
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    parts = [_riff_chunk(b"VP8X", bytes((flags, 0, 0, 0)) + size)]
    if metadata.profile:
        parts.append(_riff_chunk(b"ICCP", metadata.profile))
    parts.append(body)
    if metadata.exif:
        parts.append(_riff_chunk(b"EXIF", metadata.exif))
    whole = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(whole)) + whole


def ratios(metadata: Metadata) -> list[list[int]]:
    """Pixels an inch across and down as a TIFF has them, each a numerator and a denominator; [] where nobody said."""
    return [[round(side * RATIO), RATIO] for side in metadata.resolution or ()]


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
