"""Sessions: a recipe and where its picture comes from, as a `.convstudio` file, whose entries are in `format`."""

import base64
import codecs
import json
import math
import os
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path, PurePath, PurePosixPath
from typing import Any, NoReturn

import msgspec
import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Display, Document
from convstudio.core.recipe.layers import Layer
from convstudio.io.decoding.images import decode_image
from convstudio.io.files import printable, read_file, read_head, write_file
from convstudio.io.sessions.format import (
    VERSION,
    WITH_PICTURE,
    WITHOUT_PICTURE,
    DisplayEntry,
    LayerEntry,
    SessionEntry,
    SourceEntry,
    entry_of,
    layer_of,
)
from convstudio.io.unicode import excerpt, is_file_name, is_text

SUFFIX = ".convstudio"
MOST_BYTES = 64 * 2**20
MOST_PICTURE_BYTES = 40 * 2**20  # packed; a third more as text, and there is room for the recipe
_HEAD = 2**16  # bytes in which a session says that it is one
FORMAT = "convstudio session"
_CAMERA = re.compile("[0-9]{1,9}")
_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$\.?(?P<place>.*)`)?$", re.DOTALL)


class SourceKind(StrEnum):
    """Where pictures come from."""

    FILE = "file"
    SAMPLE = "sample"
    URL = "url"
    CAMERA = "camera"
    GRID = "grid"
    PICTURE = "picture"  # pasted or dropped: it has no place but the session
    NONE = "none"


@dataclass(frozen=True)
class SourceReference:
    """A source by name: a path, a sample's key, an address or a camera; typed grids and pasted pictures are carried."""

    kind: SourceKind = SourceKind.NONE
    text: str = ""
    grid: tuple[tuple[float, ...], ...] | None = None
    frame: Frame | None = field(default=None, compare=False)
    page: int = 0  # of a file that holds several pictures, from 0
    display_range: tuple[float, float] | None = field(default=None, compare=False)  # that a person chose


@dataclass(frozen=True)
class Session:
    """What is saved and opened again."""

    document: Document
    source: SourceReference = field(default_factory=SourceReference)


def with_suffix(path: Path) -> Path:
    """The name of a session's file: what was chosen, with the ending that sessions have."""
    return path if path.name.lower().endswith(SUFFIX) else path.with_name(path.name + SUFFIX)


def begins_as_json(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a JSON object, as a session's are and no picture's."""
    return head.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n").startswith(b"{")


def save_session(path: Path, session: Session) -> SourceReference:
    """Write a session, and say which source it will be opened with: a picture too large to be carried is left out.

    A picture below its folder is named relative to it. No other file than a session is written over.
    """
    source = session.source
    picture = _png_of(source.frame) if source.kind is SourceKind.PICTURE else None
    if source.kind is SourceKind.PICTURE and picture is None:
        source = SourceReference(SourceKind.NONE, source.text)
    if source.kind is SourceKind.FILE:
        source = replace(source, text=str(_absolute(Path(source.text))))
    data = _to_json(Session(session.document, source), picture, _absolute(path).parent)
    head = read_head(path, size=_HEAD) if path.is_file() else b""
    if head and not (begins_as_json(head) and FORMAT.encode() in head):
        raise ConvStudioError(
            f"“{printable(path)}” is there and is no session, so it is not written over; choose another name."
        )
    write_file(path, data)
    return source


def load_session(path: Path) -> Session:
    """Read a session, and nothing of what its source names."""
    data = read_file(path, most=MOST_BYTES)
    try:
        return from_json(data, folder=_absolute(path).parent)
    except ConvStudioError as error:
        raise ConvStudioError(f"“{printable(path)}” cannot be opened: {error}") from error


def is_elsewhere(source: SourceReference, session: Path) -> bool:
    """Whether a session reads from an address, a camera, or a file outside its own folder.

    Nothing outside the folder is looked at to find out: even that can reach another computer.
    """
    match source.kind:
        case SourceKind.URL | SourceKind.CAMERA:
            return True
        case SourceKind.FILE:
            return not _is_inside(_absolute(Path(source.text)), _absolute(session).parent)
        case _:
            return False


def where_picture_lies(source: SourceReference, session: Path) -> Path:
    """The file that a session names; one of that name beside it, where it was moved without its folders."""
    named, folder = Path(source.text), _absolute(session).parent
    beside = folder / re.split(r"[\\/]", source.text)[-1]
    is_moved = not os.path.exists(named) and beside.is_file() and _is_inside(beside, folder)  # noqa: PTH110
    return beside if is_moved else named


def _is_inside(file: Path, folder: Path) -> bool:
    """Whether a file is below a folder, by its name and by what links make of it."""
    if not file.is_relative_to(folder):
        return False
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


def to_json(session: Session, *, folder: Path | None = None) -> bytes:
    """A session as text; files below `folder` are named relative to it."""
    return _to_json(session, _png_of(session.source.frame), folder)


def _to_json(session: Session, picture: bytes | None, folder: Path | None) -> bytes:
    document, source = session.document, session.source
    text = source.text
    if source.kind is SourceKind.FILE and folder is not None:
        file = _absolute(Path(text))
        text = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else str(file)
    older = WITHOUT_PICTURE if picture is None else WITH_PICTURE
    entry = SessionEntry(
        format=FORMAT,
        version=VERSION if source.page or source.display_range else older,
        layers=tuple(entry_of(layer) for layer in document.layers),
        display=DisplayEntry(mode=document.display.mode, limit=document.display.limit, low=document.display.low),
        selected=document.selected,
        source=SourceEntry(
            kind=source.kind,
            text=text,
            grid=source.grid,
            picture=_base64_of(picture),
            page=source.page,
            display_range=source.display_range,
        ),
    )
    try:
        # escapes keep names whose bytes are no UTF-8
        return json.dumps(msgspec.to_builtins(entry), allow_nan=False, separators=(",", ":")).encode("ascii")
    except ValueError as error:
        raise ConvStudioError(
            "The session holds a number that is not finite, which its file cannot keep; replace the number."
        ) from error


def from_json(data: bytes, *, folder: Path | None = None, source: SourceKind | None = None) -> Session:
    """The session in a text; relative files are below `folder`. Refusals name the place in the text.

    Where `source` is said, any other kind is refused before it is looked at.
    """
    if len(data) > MOST_BYTES:
        raise ConvStudioError(f"a session has at most {MOST_BYTES // 2**20} MiB; choose another file.")
    raw = _parse(data)
    _check_version(raw)
    _check_values(raw)
    try:
        entry = msgspec.convert(raw, SessionEntry, strict=True)
    except msgspec.ValidationError as error:
        raise ConvStudioError(_sentence(str(error))) from error
    if source is not None and entry.source.kind != source:
        raise ConvStudioError(f"source.kind is “{excerpt(entry.source.kind)}”, but “{source}” is expected; mend it.")
    layers = tuple(_layer(index, layer) for index, layer in enumerate(entry.layers))
    document = Document(layers, Display(entry.display.mode, entry.display.limit, entry.display.low), entry.selected)
    return Session(document, _source(entry.source, folder))


def _parse(data: bytes) -> Any:  # whatever JSON can hold
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_object)
    except ConvStudioError:
        raise
    except json.JSONDecodeError as error:
        raise ConvStudioError(
            f"it is not a session, as line {error.lineno}, column {error.colno} is no JSON; choose a session file."
        ) from error
    except (ValueError, RecursionError) as error:  # no UTF-8, endless digits, endless brackets
        raise ConvStudioError("it is not a session, as it is no JSON text; choose a session file.") from error


def _refuse_constant(word: str) -> NoReturn:
    raise ConvStudioError(f"it holds {word} where a finite number is needed; replace it.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for name, value in pairs:
        if not is_text(name):
            raise ConvStudioError(f"it has a name with half of a character, “{excerpt(name)}”; mend it.")
        if name in entries:
            raise ConvStudioError(f"it says “{excerpt(name)}” twice in one place; keep one of them.")
        entries[name] = value
    return entries


def _check_version(raw: Any) -> None:
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise ConvStudioError("it is JSON but not a session of ConvStudio; choose a session file.")
    version = raw.get("version")
    if type(version) is int and version > VERSION:
        raise ConvStudioError(
            f"it was saved by a newer ConvStudio (version {version} of the format, and this one reads {VERSION}); "
            "update ConvStudio."
        )
    if type(version) is not int or version < WITHOUT_PICTURE:
        expected = f"{WITHOUT_PICTURE} to {VERSION}"
        raise ConvStudioError(f"version is {json.dumps(version)[:20]}, but it must be {expected}; choose another file.")


def _sentence(message: str) -> str:
    match = _PLACE.match(message)
    what, place = (match["what"], match["place"]) if match else (message, None)
    what = what.replace("`", "")
    what = what[:1].lower() + what[1:]
    return f"{place or 'its outermost object'} is wrong ({what}); mend it or choose another file."


def _layer(index: int, entry: LayerEntry) -> Layer:
    try:
        return layer_of(entry)
    except ConvStudioError as error:
        raise ConvStudioError(f"layers[{index}].weight: {error}") from error


def _check_values(raw: Any) -> None:
    """Refuse numbers that were too large to be finite, and texts that hold half of a character.

    A file's name may be of bytes that are no UTF-8, which Python keeps as such halves.
    """
    waiting: list[tuple[str, Any]] = [("", raw)]
    while waiting:
        place, value = waiting.pop()
        match value:
            case float() if not math.isfinite(value):
                raise ConvStudioError(f"{place} is too large a number; write a finite one.")
            case str() if not (is_text(value) or (place == "source.text" and is_file_name(value))):
                raise ConvStudioError(f"{place} holds half of a character, “{excerpt(value)}”; mend it.")
            case dict():
                waiting += [(f"{place}.{name}" if place else name, part) for name, part in value.items()]
            case list():
                waiting += [(f"{place}[{index}]", part) for index, part in enumerate(value)]


def _source(entry: SourceEntry, folder: Path | None) -> SourceReference:
    if entry.kind not in tuple(SourceKind):
        raise ConvStudioError(f"source.kind is “{excerpt(entry.kind)}”; write one of {', '.join(SourceKind)}.")
    kind, text = SourceKind(entry.kind), entry.text
    if kind is not SourceKind.FILE and not is_text(text):
        raise ConvStudioError(f"source.text holds half of a character, “{excerpt(text)}”; mend it.")
    if kind is SourceKind.CAMERA and not _CAMERA.fullmatch(text):
        raise ConvStudioError(
            f"source.text is “{excerpt(text)}”, but a camera is a number such as 0; write its number or another source."
        )
    if kind is SourceKind.GRID and not (entry.grid and entry.grid[0] and len({len(row) for row in entry.grid}) == 1):
        raise ConvStudioError("source.grid needs rows of one length with at least one number; mend it.")
    if kind is SourceKind.FILE:
        if not text or "\0" in text:
            raise ConvStudioError("source.text must be the name of a file; mend it.")
        is_relative = not PurePath(text).is_absolute() and not re.match(r"[A-Za-z]:[\\/]", text)
        if folder is not None and is_relative:
            text = str(folder / PurePosixPath(text))
    if (kind is SourceKind.PICTURE) != (entry.picture is not None):
        raise ConvStudioError("source.picture must be there where source.kind is “picture”, and nowhere else; mend it.")
    if entry.display_range is not None and not entry.display_range[0] < entry.display_range[1]:
        raise ConvStudioError("source.display_range needs a lower value before a higher one; mend it.")
    return SourceReference(
        kind,
        text,
        entry.grid,
        None if entry.picture is None else _picture_from(entry.picture, text),
        entry.page if kind is SourceKind.FILE else 0,
        entry.display_range,
    )


def _png_of(frame: Frame | None) -> bytes | None:
    """A picture as a PNG file, without loss; None where there is none, or where it does not go into a session."""
    if frame is None or frame.pixels.dtype not in (np.uint8, np.uint16):
        return None
    from convstudio.io.export.png import png  # noqa: PLC0415  # whoever counts a session's recipe needs no OpenCV

    pixels = frame.pixels
    if frame.alpha is not None:
        colours = np.repeat(pixels, 3, axis=2) if pixels.shape[2] == 1 else pixels
        pixels = np.dstack((colours, frame.alpha))

    parts = png(pixels)
    return b"".join(parts) if sum(map(len, parts)) <= MOST_PICTURE_BYTES else None


def _base64_of(picture: bytes | None) -> str | None:
    return None if picture is None else base64.b64encode(picture).decode("ascii")


def _picture_from(text: str, name: str) -> Frame:
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise ConvStudioError("source.picture is no base64; mend it or choose another file.") from error
    return decode_image(data, name[:40] or "picture")


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 (resolving links would lose "beside")
