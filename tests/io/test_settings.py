"""Settings are remembered, and a damaged file never keeps the window from opening."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from convstudio.io.settings import Settings, Theme, load_settings, save_settings, settings_path, with_recent

CHOSEN = Settings(Theme.DARK, ("b.png", "http://a/ü"), "Z2Vv", folder="/pictures/\udcff", wiped=("landscape",))


def test_settings_come_back_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "settings.json"

    save_settings(path, CHOSEN)

    assert load_settings(path) == CHOSEN
    assert json.loads(path.read_text())["theme"] == "dark"


def test_without_a_file_there_are_defaults_and_none_is_made(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json") == Settings()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"3", b'"dark"', b"\xff", b"[" * 10**5])
def test_a_damaged_file_gives_defaults_and_is_kept_aside(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(data)

    assert load_settings(path) == Settings()
    assert (tmp_path / "settings.json.damaged").read_bytes() == data
    assert not path.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("theme", "pink"),
        ("theme", 3),
        ("theme", "\ud800"),
        ("recent", "a"),
        ("recent", [1]),
        ("window_geometry", "ü"),
        ("folder", "\ud800"),
        ("hologram", True),
    ],
)
def test_a_setting_that_is_not_known_keeps_the_others(tmp_path: Path, name: str, value: object) -> None:
    path = tmp_path / "settings.json"
    save_settings(path, CHOSEN)
    entries = json.loads(path.read_text())
    path.write_text(json.dumps({**entries, name: value}))

    settings = load_settings(path)

    defaults = Settings()
    expected = replace(CHOSEN, **{name: getattr(defaults, name)}) if hasattr(defaults, name) else CHOSEN
    assert settings == expected
    assert path.exists()


def test_recent_sources_with_half_of_a_character_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"recent": ["a.png", "\ud800.png", "\udcff.png"]}))

    assert load_settings(path).recent == ("a.png", "\udcff.png")


def test_a_folder_in_the_place_of_the_file_gives_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert tmp_path.is_dir()


def test_what_a_newer_version_adds_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "light", "hologram": true}')

    assert load_settings(path) == Settings(Theme.LIGHT)
    assert path.exists()


def test_the_ten_newest_are_remembered_once_each(tmp_path: Path) -> None:
    settings = Settings()
    for number in range(12):
        settings = with_recent(settings, f"{number}.png")

    again = with_recent(settings, "5.png").recent

    assert settings.recent == tuple(f"{number}.png" for number in range(11, 1, -1))
    assert again[0] == "5.png"
    assert sorted(again) == sorted(settings.recent)


@pytest.mark.parametrize(
    ("platform", "variables", "expected"),
    [
        ("linux", {}, "home/.config/convstudio/settings.json"),
        ("linux", {"XDG_CONFIG_HOME": "{tmp}/xdg"}, "xdg/convstudio/settings.json"),
        ("linux", {"XDG_CONFIG_HOME": "relative"}, "home/.config/convstudio/settings.json"),
        ("darwin", {"XDG_CONFIG_HOME": "{tmp}/xdg"}, "home/Library/Application Support/convstudio/settings.json"),
        ("win32", {"APPDATA": "{tmp}/roaming"}, "roaming/convstudio/settings.json"),
        ("win32", {}, "home/AppData/Roaming/convstudio/settings.json"),
    ],
)
def test_each_platform_has_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, variables: dict[str, str], expected: str
) -> None:
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(tmp=tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(sys, "platform", platform)

    path = settings_path()

    assert path == tmp_path / expected
