"""Panels that leave over the edges of the window when somebody presents."""

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtWidgets import QApplication, QLabel, QProxyStyle, QStyle, QWidget
from pytestqt.qtbot import QtBot

from convstudio.views.presenter.slide import Slide, _leaving


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(400, 300)
    for name, place in {"top": (0, 0, 400, 40), "flow": (0, 40, 300, 40), "right": (300, 40, 100, 220)}.items():
        label = QLabel(name, window)
        label.setObjectName(name)
        label.setGeometry(*place)
    window.show()
    return window


def part(window: QWidget, name: str) -> QWidget:
    widget = window.findChild(QLabel, name)
    assert widget is not None
    return widget


def test_what_leaves_together_is_gone_together_and_stays_at_its_edge(window: QWidget) -> None:
    above = _leaving(Qt.Edge.TopEdge, [part(window, "top"), part(window, "flow")], window)
    (right,) = _leaving(Qt.Edge.RightEdge, [part(window, "right")], window)
    screen = QRect(0, 0, 1000, 700)

    assert [leaving.corner(window.rect(), 0.0).toTuple() for leaving in (*above, right)] == [(0, 0), (0, 40), (300, 40)]
    assert [leaving.corner(screen, 1.0).toTuple() for leaving in above] == [(0, -80), (0, -40)]
    assert [right.corner(screen, share).toTuple() for share in (0.0, 1.0)] == [(900, 40), (1000, 40)]


def test_it_lets_the_mouse_through_and_goes_when_all_has_left(window: QWidget, qtbot: QtBot) -> None:
    slide = Slide({Qt.Edge.TopEdge: [part(window, "top")]}, window)
    is_moving = slide.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, slide) > 0

    with qtbot.waitSignal(slide.destroyed):
        slide.start()
        was_over = slide.isVisible(), slide.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    assert was_over == (is_moving, True)


class Still(QProxyStyle):
    """A desktop that asks for reduced motion."""

    def styleHint(self, hint: QStyle.StyleHint, *rest: object) -> int:
        is_duration = hint is QStyle.StyleHint.SH_Widget_Animation_Duration
        return 0 if is_duration else super().styleHint(hint, *rest)  # type: ignore[arg-type]


def test_without_motion_nothing_is_painted_over_the_window(window: QWidget) -> None:
    slide = Slide({Qt.Edge.TopEdge: [part(window, "top")]}, window)
    style = Still()
    style.setParent(window)  # a widget does not keep its style
    slide.setStyle(style)

    slide.start()

    assert not slide.isVisible()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
