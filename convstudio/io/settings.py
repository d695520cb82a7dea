"""What the window remembers between two starts, as a small file. Applying it is the application's business."""

import contextlib
import json
import os
import sys
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from convstudio.core.errors import ConvStudioError
from convstudio.io.files import make_folder, read_file, write_file
from convstudio.io.unicode import is_file_name

MOST_RECENT = 10
_MOST_BYTES = 2**20
_WINDOWS_OWN = ("window_geometry",)


class Theme(StrEnum):
    """The look that the person chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Settings:
    """What is remembered. The geometry is the window's own text; `recent` has the newest first.

    `wiped` are the kinds of proportion for which input and output share one pane.
    """

    theme: Theme = Theme.SYSTEM
    recent: tuple[str, ...] = ()
    window_geometry: str = ""
    is_welcomed: bool = False
    folder: str = ""
    wiped: tuple[str, ...] = ()


def settings_path() -> Path:
    """The file in the place that the platform has for such things."""
    return _configuration_folder() / "convstudio" / "settings.json"


def load_settings(path: Path) -> Settings:
    """Read settings one by one: one that is missing or wrong has its default.

    A file that holds no settings at all is renamed, not lost.
    """
    if not os.path.lexists(path):
        return Settings()
    try:
        entries = json.loads(read_file(path, most=_MOST_BYTES))
        if not isinstance(entries, dict):
            raise ConvStudioError("Settings are a JSON object with a name for each.")
    except (ConvStudioError, ValueError, RecursionError):
        with contextlib.suppress(OSError):
            if path.is_file():
                path.replace(path.with_name(f"{path.name}.damaged"))
        return Settings()
    settings: dict[str, Any] = {}  # whatever JSON can hold, until it is checked
    for name, kind in get_type_hints(Settings).items():
        with contextlib.suppress(KeyError, ValueError):  # there is none; or it is damaged, or another version's
            settings[name] = _check_texts(name, msgspec.convert(entries[name], kind, strict=True))
    return Settings(**settings)


def _check_texts(name: str, value: object) -> object:
    """The value, where its texts are right: the window's own are ASCII, the others name files.

    Raises
    ------
    ValueError
        If one cannot.
    """
    match value:
        case tuple():
            return tuple(text for text in value if is_file_name(text))[:MOST_RECENT]
        case str() if not (value.isascii() if name in _WINDOWS_OWN else is_file_name(value)):
            raise ValueError(name)
        case _:
            return value


def save_settings(path: Path, settings: Settings) -> None:
    """Write what is to be remembered, making the folder where it is missing."""
    make_folder(path.parent)
    write_file(path, json.dumps(msgspec.to_builtins(settings), indent=2).encode("ascii"))


def with_recent(settings: Settings, text: str) -> Settings:
    """The settings with a source as the newest of the ten that are remembered."""
    recent = (text, *(other for other in settings.recent if other != text))
    return replace(settings, recent=recent[:MOST_RECENT])


def _configuration_folder() -> Path:
    match sys.platform:
        case "win32":
            return Path(os.environ.get("APPDATA") or _home() / "AppData" / "Roaming")
        case "darwin":
            return _home() / "Library" / "Application Support"
        case _:
            # the XDG Base Directory Specification: a relative path is to be ignored
            chosen = Path(os.environ.get("XDG_CONFIG_HOME") or ".")
            return chosen if chosen.is_absolute() else _home() / ".config"


def _home() -> Path:
    try:
        home = Path.home()
    except RuntimeError:  # neither HOME nor the list of users has one
        home = Path()
    if not home.is_absolute():
        raise ConvStudioError("There is no home folder to keep the settings in; set HOME to the path of a folder.")
    return home
