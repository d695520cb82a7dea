"""Recipes that pictures carry: the text of a session without a source, in a PNG's iTXt chunk or a TIFF's description.

Where it stands in the file is here, too; what the pixels are is the business of `export` and `decoding`.
"""

import struct
import zlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Document
from convstudio.io.files import opened, printable
from convstudio.io.sessions.session import FORMAT, Session, SourceKind, from_json, to_json

MOST_TEXT = 4 * 2**20  # characters; pictures do not carry a recipe that is longer
_KEYWORD = b"ConvStudio recipe"
_PNG = b"\x89PNG\r\n\x1a\n"
_TIFF = b"II*\0", b"MM\0*"
_MOST_CHUNKS = 2**20  # of a PNG, before which the recipe stands
_MOST_ENTRIES = 4096  # of a TIFF's directory
_DESCRIPTION, _ASCII = 270, 2  # a tag of TIFF and the type of its value
_BEGINNING = b'{"format":"' + FORMAT.encode() + b'"'


@dataclass(frozen=True, eq=False)
class Carrier:
    """A picture with the recipe that made it; `refusal` says why a recipe cannot be used."""

    frame: Frame
    document: Document | None
    refusal: str = ""


def carried_text(document: Document, index: int) -> bytes:
    """The layers up to `index` and how they are shown, as a picture carries them; b"" where there are none."""
    if index < 0:
        return b""
    text = to_json(Session(replace(document, layers=document.layers[: index + 1], selected=index)))
    return text if len(text) <= MOST_TEXT else b""


def png_chunk(text: bytes) -> bytes:
    """The body of an iTXt chunk: keyword, compressed, no language, no translated keyword, text."""
    return _KEYWORD + b"\0\1\0\0\0" + zlib.compress(text, 9)


def is_picture(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a picture, whether it may carry a recipe or not."""
    return head.startswith((_PNG, *_TIFF, b"\xff\xd8\xff", b"GIF8", b"BM")) or head[8:12] == b"WEBP"


def carried_recipe(path: Path) -> Document | None:
    """The recipe that a picture carries, or None.

    Raises
    ------
    ConvStudioError
        If it carries one that is damaged or hostile.
    """
    with opened(path) as (file, size):
        try:
            text = _text_in(file, size)
        except (struct.error, zlib.error, OSError) as error:
            raise ConvStudioError(f"The recipe in “{printable(path)}” is damaged; the picture may be whole.") from error
    if text is None:
        return None
    try:
        session = from_json(text, source=SourceKind.NONE)
    except ConvStudioError as error:
        raise ConvStudioError(f"The recipe in “{printable(path)}” cannot be used: {error}") from error
    return session.document


def _text_in(file: BinaryIO, size: int) -> bytes | None:
    head = file.read(8)
    if head == _PNG:
        return _text_in_png(file)
    if head[:4] in _TIFF:
        return _text_in_tiff(file, head, size)
    return None


def _text_in_png(file: BinaryIO) -> bytes | None:
    for _ in range(_MOST_CHUNKS):
        head = file.read(8)
        if len(head) < 8:
            return None
        length, kind = struct.unpack(">I4s", head)
        if kind == b"iTXt":
            begin = file.read(min(length, len(_KEYWORD) + 1))
            if begin == _KEYWORD + b"\0":
                return _unpacked(file.read(min(length - len(begin), MOST_TEXT)))
            length -= len(begin)
        elif kind in (b"IDAT", b"IEND"):
            return None
        file.seek(length + 4, 1)
    return None


def _unpacked(body: bytes) -> bytes:
    """What follows the keyword: flag, method, language and translated keyword, each up to a zero, and the text."""
    is_packed, rest = body[:1] == b"\1", body[2:]
    text = rest.split(b"\0", 2)[-1]
    if not is_packed:
        return text
    unpacker = zlib.decompressobj()
    unpacked = unpacker.decompress(text, MOST_TEXT + 1)
    if len(unpacked) > MOST_TEXT or not unpacker.eof:
        raise zlib.error("too long, or cut off")
    return unpacked


def _text_in_tiff(file: BinaryIO, head: bytes, size: int) -> bytes | None:
    order = "<" if head[:2] == b"II" else ">"
    file.seek(struct.unpack(f"{order}I", head[4:])[0])
    (count,) = struct.unpack(f"{order}H", file.read(2))
    for _ in range(min(count, _MOST_ENTRIES)):
        tag, kind, length, place = struct.unpack(f"{order}HHII", file.read(12))
        if tag == _DESCRIPTION and kind == _ASCII and 4 < length <= min(size, MOST_TEXT + 1):
            file.seek(place)
            text = file.read(length).rstrip(b"\0")
            return text if text.startswith(_BEGINNING) else None
    return None
