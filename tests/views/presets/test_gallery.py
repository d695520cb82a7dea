"""The gallery by mouse and keyboard: hovering looks at a preset, leaving takes it back, a click takes it."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.kernels.choices import CHOICES, PresetChoice
from convstudio.views.presets.gallery import PresetGallery
from tests.pointer import point_at


class Stage:
    """An input and an output side by side, and the gallery over the input; what it says is noted by title."""

    def __init__(self, width: int) -> None:
        self.widget = QWidget()
        self.input, self.output = QWidget(self.widget), QWidget(self.widget)
        self.output.setMouseTracking(True)
        layout = QHBoxLayout(self.widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.input, 1)
        layout.addWidget(self.output, 1)
        self.widget.resize(2 * width, 700)
        self.gallery = PresetGallery()
        self.gallery.lie_over(self.widget, self.output)
        self.looked_at: list[str] = []
        self.taken: list[str] = []
        self.closed = 0
        self.gallery.looked_at.connect(self._note_look)
        self.gallery.taken.connect(lambda choice: self.taken.append(choice.title))
        self.gallery.closed.connect(self._note_closed)

    def _note_look(self, choice: PresetChoice | None) -> None:
        self.looked_at.append("" if choice is None else choice.title)

    def _note_closed(self) -> None:
        self.closed += 1

    def place(self, title: str) -> QPoint:
        rect = self.gallery.tiles.rect_of(title)
        assert not rect.isEmpty(), title
        return rect.center()

    def click(self, title: str) -> None:
        QTest.mouseClick(self.gallery.tiles, Qt.MouseButton.LeftButton, pos=self.place(title))


def stage_of(qtbot: QtBot, width: int) -> Stage:
    stage = Stage(width)
    qtbot.addWidget(stage.widget)
    stage.widget.show()
    with qtbot.waitActive(stage.widget):
        stage.widget.activateWindow()
    stage.gallery.open_gallery()
    return stage


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    return stage_of(qtbot, 552)


def test_it_lies_over_the_input_alone_and_follows_it(stage: Stage, qtbot: QtBot) -> None:
    covered = stage.gallery.geometry()
    stage.widget.resize(800, 600)

    qtbot.waitUntil(lambda: stage.gallery.width() == 400 - 8)
    assert covered.width() + 8 == stage.output.x() + 152 == 552  # the gap between the pictures stays
    assert stage.gallery.height() == 600


@pytest.mark.parametrize(("width", "columns"), [(552, 4), (376, 3)])
def test_as_many_pictures_stand_side_by_side_as_there_is_room_for(qtbot: QtBot, width: int, columns: int) -> None:
    tiles = stage_of(qtbot, width).gallery.tiles

    tops = [tiles.rect_of(choice.title).y() for choice in CHOICES]

    assert tops.count(tops[0]) == columns


def test_it_says_how_many_presets_there_are_and_the_search_has_the_keyboard(stage: Stage) -> None:
    assert stage.gallery.search.placeholderText() == f"Search {len(CHOICES)} presets"
    assert stage.gallery.search.hasFocus()


def test_what_the_mouse_rests_on_is_looked_at_and_leaving_takes_it_back(stage: Stage, qtbot: QtBot) -> None:
    point_at(stage.gallery.tiles, stage.place("Emboss"))
    qtbot.waitUntil(lambda: stage.looked_at == ["Emboss"])

    point_at(stage.output, stage.output.rect().center())

    qtbot.waitUntil(lambda: stage.looked_at == ["Emboss", ""])
    assert stage.taken == []


def test_a_mouse_in_passing_looks_at_nothing_on_its_way(stage: Stage, qtbot: QtBot) -> None:
    for title in ("Sobel, vertical", "Sobel, horizontal", "Laplacian", "Outline"):
        QTest.mouseMove(stage.gallery.tiles, stage.place(title))

    qtbot.waitUntil(lambda: bool(stage.looked_at))
    assert stage.looked_at == ["Outline"]


def test_what_is_scrolled_under_the_mouse_is_looked_at(stage: Stage, qtbot: QtBot) -> None:
    tiles = stage.gallery.tiles
    place = stage.place("Emboss")
    point_at(tiles, place)
    qtbot.waitUntil(lambda: stage.looked_at == ["Emboss"])
    below = tiles.rect_of("Motion, 45°").center() - place

    tiles.move(tiles.pos() - below)

    qtbot.waitUntil(lambda: stage.looked_at == ["Emboss", "Motion, 45°"])


def test_a_click_takes_it_and_the_gallery_stays(stage: Stage) -> None:
    stage.click("Emboss")

    assert stage.taken == ["Emboss"]
    assert stage.gallery.isVisible()


def test_arrows_look_and_enter_takes(stage: Stage) -> None:
    QTest.keyClick(stage.gallery.search, Qt.Key.Key_Down)
    tiles = stage.gallery.tiles
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
        QTest.keyClick(tiles, key)

    assert tiles.hasFocus()
    assert stage.looked_at == ["Sobel, vertical", "Sobel, horizontal", "Laplacian", "Emboss"]
    assert stage.taken == ["Emboss"]


def test_arrows_stay_within_the_tiles_and_bring_the_last_into_sight(stage: Stage) -> None:
    QTest.keyClick(stage.gallery.search, Qt.Key.Key_Down)
    tiles = stage.gallery.tiles
    QTest.keyClick(tiles, Qt.Key.Key_Up)
    QTest.keyClick(tiles, Qt.Key.Key_Left)
    QTest.keyClick(tiles, Qt.Key.Key_End)
    QTest.keyClick(tiles, Qt.Key.Key_Right)

    last = tiles.rect_of(CHOICES[-1].title)
    assert stage.looked_at == [CHOICES[0].title, CHOICES[-1].title]
    assert tiles.visibleRegion().contains(last.adjusted(8, 2, -8, -2))


def test_words_leave_what_has_them_and_enter_takes_the_first(stage: Stage) -> None:
    QTest.keyClicks(stage.gallery.search, "gabor 45")
    titles = [choice.title for choice in stage.gallery.tiles.choices]
    QTest.keyClick(stage.gallery.search, Qt.Key.Key_Return)

    assert titles == ["Gabor, 45°"]
    assert stage.taken == ["Gabor, 45°"]


def test_without_a_match_it_says_so(stage: Stage) -> None:
    QTest.keyClicks(stage.gallery.search, "no such thing")
    QTest.keyClick(stage.gallery.search, Qt.Key.Key_Return)

    none = stage.gallery.findChild(QWidget, "preset-none")
    assert none is not None
    assert none.isVisible()
    assert stage.taken == []


def test_the_filter_leaves_one_kind(stage: Stage) -> None:
    button = stage.gallery.findChild(QWidget, "preset-filter-blur")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert {choice.preset.key for choice in stage.gallery.tiles.choices} == {
        "box", "gaussian", "motion", "disk", "binomial",
    }  # fmt: skip


def test_tab_stays_in_the_gallery_and_looks_at_the_first_tile(stage: Stage) -> None:
    names = []
    for _ in range(5):
        focused = QApplication.focusWidget()
        assert focused is not None
        names.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)

    assert names == ["preset-search", "preset-filter-all", "preset-close", "preset-tiles", "preset-search"]
    assert stage.looked_at == [CHOICES[0].title, ""]


@pytest.mark.parametrize("way", ["escape", "escape on a tile", "cross"])
def test_it_closes_and_takes_back_what_was_looked_at(stage: Stage, way: str) -> None:
    QTest.keyClick(stage.gallery.search, Qt.Key.Key_Down)
    match way:
        case "escape":
            stage.gallery.search.setFocus()
            QTest.keyClick(stage.gallery.search, Qt.Key.Key_Escape)
        case "cross":
            QTest.mouseClick(stage.gallery.close_button, Qt.MouseButton.LeftButton)
        case _:
            QTest.keyClick(stage.gallery.tiles, Qt.Key.Key_Escape)

    assert stage.closed == 1
    assert not stage.gallery.isVisible()
    assert stage.looked_at == [CHOICES[0].title, ""]
    assert stage.taken == []


def test_every_control_has_a_name(stage: Stage) -> None:
    unnamed = [
        widget.objectName()
        for widget in stage.gallery.findChildren(QWidget)
        if widget.focusPolicy() is not Qt.FocusPolicy.NoFocus and widget.isVisible() and not widget.accessibleName()
    ]

    assert unnamed == []


@pytest.mark.parametrize("width", [360, 552])
def test_what_a_preset_does_is_said_over_the_search_field_and_covers_no_tile(qtbot: QtBot, width: int) -> None:
    stage = stage_of(qtbot, width)
    tiles = stage.gallery.tiles
    said = stage.gallery.findChild(QLabel, "preset-description")
    assert isinstance(said, QLabel)
    place = stage.place("Emboss")
    point_at(tiles, place)
    qtbot.waitUntil(lambda: stage.looked_at == ["Emboss"])

    QApplication.sendEvent(tiles, QHelpEvent(QEvent.Type.ToolTip, place, tiles.mapToGlobal(place)))

    assert said.isVisible()
    assert said.text().startswith("Emboss: ")
    area = stage.gallery.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    assert not said.geometry().intersects(area.geometry())
    for choice in CHOICES:
        tiles.described.emit(f"{choice.preset.title}: {choice.preset.description}")
        assert said.heightForWidth(said.width()) <= said.height(), choice.title

    point_at(stage.output, stage.output.rect().center())
    qtbot.waitUntil(lambda: not said.isVisible())


def test_three_pictures_stand_side_by_side_in_the_smallest_window(qtbot: QtBot) -> None:
    tiles = stage_of(qtbot, 350).gallery.tiles

    tops = [tiles.rect_of(choice.title).y() for choice in CHOICES]

    assert tops.count(tops[0]) == 3
    assert tiles.side >= 96
