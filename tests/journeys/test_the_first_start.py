"""The first start: one photograph, one kernel, and a card with three ways to begin that nobody sees again."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel

from convstudio.core.recipe.first_recipes import first_recipe
from convstudio.insight.trace.taps import Unit
from convstudio.io.settings import load_settings
from convstudio.views.window.welcome import WelcomeCard
from tests.journeys.conftest import Studio


def card(studio: Studio) -> WelcomeCard | None:
    widget = studio.window.findChild(WelcomeCard)
    return widget if widget is not None and widget.isVisible() else None


@pytest.fixture
def first(studio: Studio) -> Studio:
    """The program as somebody sees it who starts it for the first time."""
    studio.application.open(())
    studio.application.welcome()
    studio.until(lambda: card(studio) is not None)
    studio.settled()
    return studio


def test_the_card_lies_within_the_output_and_says_how_to_begin(first: Studio) -> None:
    welcome = card(first)
    assert welcome is not None
    output = first.application.panels.pair.after.canvas

    assert welcome.title.text() == "Nine numbers made this picture"
    assert [way.text() for way in welcome.ways] == ["Follow the article", "Open my picture", "Try a filter"]
    assert output.rect().contains(welcome.geometry())
    for size in ((1024, 700), (960, 540)):
        first.window.resize(*size)
        first.until(lambda: output.rect().contains(welcome.geometry()))


def test_it_comes_in_the_very_first_start_alone(first: Studio, tmp_path: Path) -> None:
    assert load_settings(tmp_path / "settings.json").is_welcomed
    QTest.keyClick(first.window, Qt.Key.Key_Escape)
    assert card(first) is None

    first.application.welcome()
    first.application.commands.sources.open_sample("camera")
    first.opened("Camera man")

    assert card(first) is None


def test_escape_and_the_cross_close_it_and_change_nothing(first: Studio) -> None:
    first.click("welcome-close")

    assert card(first) is None
    assert first.application.commands.recipe.document == first_recipe()
    assert first.application.panels.window.stage == "pictures"


def test_work_with_the_picture_closes_it(first: Studio) -> None:
    first.type_into_cell(0, 0, "5")

    assert card(first) is None


def test_follow_the_article_begins_its_argument(first: Studio) -> None:
    first.click("welcome-article")
    first.until(lambda: first.text("lesson-title").startswith("Follow the article · step 1 of"))
    first.settled()

    assert card(first) is None
    assert first.text("lesson-heading") == "An edge is a difference"


def test_the_article_among_the_samples_shows_its_numbers_and_what_makes_the_30(first: Studio) -> None:
    first.press("Ctrl+Shift+A")
    shown = first.opened("6×6 grid")

    np.testing.assert_array_equal(shown.result.outputs[0][0], [[0, 30, 30, 0]] * 4)
    assert first.application.panels.window.stage == "step"
    pins = first.application.wiring.probe.pins
    assert (pins.green, pins.red) == (Unit(0, 0, 0), Unit(0, 3, 2))
    assert card(first) is None


def test_open_my_picture_asks_for_a_file(
    first: Studio, photograph: tuple[Path, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = photograph
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))

    first.click("welcome-open")

    assert first.opened(path.name).result.frame.name == path.name


def test_try_a_filter_opens_the_gallery(first: Studio) -> None:
    first.click("welcome-presets")

    assert first.application.panels.presets.isVisible()
    assert card(first) is None


def test_the_first_screen_has_no_jargon(first: Studio) -> None:
    first.told()
    words = " ".join(
        str(label.text()) for label in first.window.findChildren(QLabel) if label.isVisibleTo(first.window)
    ).lower()

    for jargon in ("rank", "loop", "gemm", "im2col", "separable", "fft"):
        assert jargon not in words


def test_the_article_stands_in_the_menu_of_samples(studio: Studio) -> None:
    studio.settled_on_a_picture()
    menu = studio.application.window.samples_menu
    menu.popup(studio.window.mapToGlobal(studio.window.rect().center()))
    argument, action = menu.actions()[:2]
    assert argument.text() == "Follow the article"
    assert action.text() == "The article"

    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    shown = studio.opened("6×6 grid")

    np.testing.assert_array_equal(shown.result.outputs[0][0], [[0, 30, 30, 0]] * 4)
    assert studio.application.panels.window.stage == "step"
