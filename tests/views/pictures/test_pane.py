"""The pane: pointing, zooming and reading one picture with real mouse and keys."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.core.display.pictures import Picture, picture
from convstudio.core.display.ranges import Scale
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.document import Display
from convstudio.views import theme
from convstudio.views.pictures.arrangement import Arrangement
from convstudio.views.pictures.canvas.images import stage
from convstudio.views.pictures.canvas.marks import Box
from convstudio.views.pictures.canvas.placement import View
from convstudio.views.pictures.gallery import tiles_of
from convstudio.views.pictures.pane import PicturePane


def signed(planes: NDArray[np.float32]) -> Picture:
    return picture(planes, Display(), Scale(255, is_signed=True))


def point(pane: PicturePane, row: float, column: float) -> QPoint:
    """Where the middle of a pixel is on the canvas, by the view's own definition."""
    view, canvas = pane.canvas.view, pane.canvas
    x = (column + 0.5 - view.x) * view.wide + canvas.width() / 2
    y = (row + 0.5 - view.y) * view.high + canvas.height() / 2
    return QPoint(round(x), round(y))


@pytest.fixture
def pane(qtbot: QtBot) -> PicturePane:
    pane = PicturePane("output")
    qtbot.addWidget(pane)
    pane.resize(400, 400)
    whole = QRect(0, 0, 400, 400)
    pane.arrange(Arrangement(QRect(), whole, None, None, QSize()), 0)
    with qtbot.waitExposed(pane):
        pane.show()
    planes = np.arange(-18, 18, dtype=np.float32).reshape(1, 6, 6)
    pane.show_picture(signed(planes), planes, title="OUTPUT of Conv 3×3 · 6×6×1")
    return pane


def test_before_a_picture_it_says_what_to_do(qtbot: QtBot) -> None:
    pane = PicturePane("output")
    qtbot.addWidget(pane)

    assert not pane.has_canvas


def test_moving_over_a_pixel_points_at_it(qtbot: QtBot, pane: PicturePane) -> None:
    with qtbot.waitSignal(pane.pixel_hovered) as signal:
        QTest.mouseMove(pane.canvas, point(pane, 4, 1))

    assert signal.args == [(4, 1)]


def test_a_click_pins_a_pixel(qtbot: QtBot, pane: PicturePane) -> None:
    with qtbot.waitSignal(pane.pixel_pinned) as signal:
        QTest.mouseClick(pane.canvas, Qt.MouseButton.LeftButton, pos=point(pane, 2, 3))

    assert signal.args == [(2, 3)]


def test_beside_the_picture_there_is_nothing_to_pin(qtbot: QtBot, pane: PicturePane) -> None:
    pane.canvas.show_view(View(3, 3, 10, 10))

    with qtbot.assertNotEmitted(pane.pixel_pinned):
        QTest.mouseClick(pane.canvas, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_dragging_moves_the_picture_and_pins_nothing(qtbot: QtBot, pane: PicturePane) -> None:
    before, canvas = pane.canvas.view, pane.canvas
    start = point(pane, 3, 3)

    with qtbot.assertNotEmitted(pane.pixel_pinned):
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas, start + QPoint(40, 0))
        QTest.mouseMove(canvas, start + QPoint(60, 0))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))

    assert pane.canvas.view.x == pytest.approx(before.x - 60 / before.wide)
    assert pane.canvas.view.y == before.y


def test_the_wheel_zooms_around_the_cursor(qtbot: QtBot, pane: PicturePane) -> None:
    before, canvas = pane.canvas.view, pane.canvas
    at = QPointF(point(pane, 1, 4))

    wheel = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, wheel)

    assert pane.canvas.view.wide == pytest.approx(1.25 * before.wide)
    assert (QPointF(point(pane, 1, 4)) - at).manhattanLength() <= 2


def test_arrows_move_the_probe_and_enter_pins(qtbot: QtBot, pane: PicturePane) -> None:
    canvas = pane.canvas
    with qtbot.waitSignal(pane.pixel_hovered):
        QTest.mouseMove(canvas, point(pane, 2, 2))

    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    with qtbot.waitSignal(pane.pixel_pinned) as signal:
        QTest.keyClick(canvas, Qt.Key.Key_Return)

    assert signal.args == [(3, 3)]


def test_the_probe_stays_in_the_picture(qtbot: QtBot, pane: PicturePane) -> None:
    canvas = pane.canvas
    with qtbot.waitSignal(pane.pixel_hovered):
        QTest.mouseMove(canvas, point(pane, 0, 0))

    QTest.keyClick(canvas, Qt.Key.Key_Up)

    assert canvas.hovered == (0, 0)


def test_f_shows_the_whole_picture_again(qtbot: QtBot, pane: PicturePane) -> None:
    whole = pane.canvas.fitting()
    QTest.keyClick(pane.canvas, Qt.Key.Key_Plus)
    assert pane.canvas.view != whole

    QTest.keyClick(pane.canvas, Qt.Key.Key_F)

    assert pane.canvas.view == whole


def test_pixels_are_painted_where_the_probe_finds_them(qtbot: QtBot, pane: PicturePane) -> None:
    planes = np.zeros((1, 6, 6), np.float32)
    planes[0, 1, 4] = 7  # the only warm pixel
    pane.show_picture(signed(planes), planes, title="OUTPUT")

    image = pane.canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    offset = QPoint(-20, -20)  # beside the printed number
    here = image.pixelColor((point(pane, 1, 4) + offset) * ratio)
    there = image.pixelColor((point(pane, 4, 1) + offset) * ratio)

    assert here.red() > here.blue() + 50
    assert abs(there.red() - there.blue()) < 5


def colours_in(pane: PicturePane, row: int, column: int) -> int:
    """How many colours the inside of a pixel has on the screen."""
    image = pane.canvas.grab().toImage()
    ratio, half = image.devicePixelRatio(), round(pane.canvas.view.wide / 2) - 2
    middle = point(pane, row, column)
    places = [
        (middle + QPoint(right, down)) * ratio for right in range(-half, half + 1) for down in range(-half, half + 1)
    ]
    return len({image.pixel(place) for place in places})


def test_pixels_bear_their_values_where_these_have_room(pane: PicturePane) -> None:
    with_room = colours_in(pane, 2, 3)

    pane.canvas.show_view(View(3, 3, 19, 19))

    assert with_room > 1
    assert colours_in(pane, 2, 3) == 1


def test_large_pixels_are_parted_by_lines(pane: PicturePane) -> None:
    planes = np.zeros((1, 6, 6), np.float32)
    pane.show_picture(signed(planes), planes, title="OUTPUT")

    def is_parted() -> bool:
        image = pane.canvas.grab().toImage()
        ratio, half = image.devicePixelRatio(), round(pane.canvas.view.wide / 2)
        middle = point(pane, 2, 3)
        around = [middle + QPoint(half + right, -half // 2) for right in (-3, -1, 0, 1, 3)]
        return len({image.pixel(place * ratio) for place in around}) > 1

    large = is_parted()
    pane.canvas.show_view(View(3, 3, 19, 19))

    assert large
    assert not is_parted()


def test_pixels_smaller_than_the_screens_are_blended(pane: PicturePane) -> None:
    planes = np.zeros((1, 40, 1200), np.float32)
    planes[0, :, ::2] = 10
    shown = signed(planes)
    pane.show_picture(shown, planes, title="OUTPUT")

    pane.canvas.show_view(View(600, 20, 0.25, 0.25))
    image = pane.canvas.grab().toImage()
    green = image.pixelColor(point(pane, 20, 600) * image.devicePixelRatio()).green()

    darker, lighter = sorted(int(shown.pixels[20, column, 1]) for column in (600, 601))
    assert darker + 10 < green < lighter - 10


def test_around_the_picture_is_ground_and_a_frame_when_keys_go_there(pane: PicturePane, qtbot: QtBot) -> None:
    canvas = pane.canvas
    canvas.show_view(View(3, 3, 10, 10))
    canvas.clearFocus()
    at_rest = canvas.grab().toImage()

    pane.activateWindow()
    canvas.setFocus()
    qtbot.waitUntil(canvas.hasFocus)
    focused = canvas.grab().toImage()

    ground, accent = stage(canvas.palette()).rgb(), theme.tokens(canvas).accent.rgb()
    assert at_rest.pixel(1, 1) == at_rest.pixel(5, 5) == ground
    assert (focused.pixel(1, 1), focused.pixel(5, 5)) == (accent, ground)


def test_another_part_of_the_picture_is_painted_at_once(pane: PicturePane, qtbot: QtBot) -> None:
    QApplication.processEvents()
    painted: list[QEvent.Type] = []
    watcher = Watcher(painted)
    pane.canvas.installEventFilter(watcher)

    pane.canvas.show_view(View(3, 3, 19, 19))

    qtbot.waitUntil(lambda: QEvent.Type.Paint in painted)


def test_a_box_is_painted_around_its_region(qtbot: QtBot, pane: PicturePane) -> None:
    before = pane.canvas.grab().toImage()

    pane.show_boxes((Box(Region(1, 4, 1, 4), "receptive field 3×3"),))

    after = pane.canvas.grab().toImage()
    view = pane.canvas.view
    corner = point(pane, 2, 1) - QPoint(round(view.wide / 2), 0)
    assert after.pixelColor(corner) != before.pixelColor(corner)
    assert after.pixelColor(point(pane, 5, 5) + QPoint(20, 20)) == before.pixelColor(point(pane, 5, 5) + QPoint(20, 20))


def test_showing_emits_nothing(qtbot: QtBot, pane: PicturePane) -> None:
    planes = np.ones((1, 3, 9), np.float32)

    with (
        qtbot.assertNotEmitted(pane.view_changed),
        qtbot.assertNotEmitted(pane.pixel_hovered),
        qtbot.assertNotEmitted(pane.map_selected),
    ):
        pane.show_tiles(tiles_of((signed(planes), signed(planes)), 2, ()), 1, None)
        pane.show_picture(signed(planes), planes, title="OUTPUT")
        pane.show_boxes((Box(Region(0, 1, 0, 1), "a"),))


def test_the_same_picture_is_not_painted_again(pane: PicturePane, qtbot: QtBot) -> None:
    planes = np.zeros((1, 6, 6), np.float32)
    first, second = signed(planes), signed(planes)
    pane.show_picture(first, planes, title="INPUT")
    painted: list[QEvent.Type] = []
    watcher = Watcher(painted)
    qtbot.waitUntil(lambda: pane.canvas.view == pane.canvas.fitting())
    QApplication.processEvents()
    pane.canvas.installEventFilter(watcher)

    pane.canvas.show_picture(first, planes)
    QApplication.processEvents()
    is_painted_for_the_same = QEvent.Type.Paint in painted
    pane.canvas.show_picture(second, planes)
    qtbot.waitUntil(lambda: QEvent.Type.Paint in painted)

    assert not is_painted_for_the_same


class Watcher(QObject):
    """Notes the events of a widget."""

    def __init__(self, kinds: list[QEvent.Type]) -> None:
        super().__init__()
        self.kinds = kinds

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.kinds.append(event.type())
        return False
