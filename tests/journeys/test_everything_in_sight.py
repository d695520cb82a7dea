"""What a person edits is in sight beside the pictures: nothing is clipped, scrolled away or covered, at any size."""

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QComboBox, QLabel, QLineEdit, QScrollBar, QWidget

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Pool
from convstudio.views.explain.explainer import Explainer
from convstudio.views.window.stages import NAMES
from tests.journeys.conftest import Studio

SIZES = ((1024, 700), (1440, 900), (1920, 1080))
COMPACT = 960, 540  # 1920×1080 at 200 %, where the column has two pages
SMALLEST = 896, 480
ANSWERED = {"weights": "matrix-sentence", "shift": "shift-number", "teach": "teach-summary"}
TOOLS = ("tools-normalise", "tools-flip", "tools-shift")
WINDOW = ("count-strip", "stage", "flow", "picture-input", "picture-output")
FIELDS = ("kernel", "stride", "padding", "border", "dilation", "groups", "size-formula")
POOLS = ("pool-window", "stride", "padding", "size-formula")


def visible_part(widget: QWidget) -> QRect:
    """What no parent clips, in the widget's own pixels."""
    rect, above = widget.rect(), widget
    while (parent := above.parentWidget()) is not None:
        rect &= QRect(widget.mapFrom(parent, QPoint(0, 0)), parent.size())
        above = parent
    return rect


def is_in_sight(studio: Studio, name: str) -> bool:
    """Whether one widget of that name is wholly on the screen."""
    widgets = [widget for widget in studio.window.findChildren(QWidget, name) if widget.isVisible()]
    return any(visible_part(widget) == widget.rect() and min(widget.width(), widget.height()) > 8 for widget in widgets)


def out_of_sight(studio: Studio, names: tuple[str, ...]) -> list[str]:
    """Those of which no widget is wholly on the screen, once everything has its place."""
    QApplication.processEvents()
    return [name for name in names if not is_in_sight(studio, name)]


def resized(studio: Studio, width: int, height: int) -> None:
    studio.window.resize(width, height)
    studio.until(lambda: (studio.window.width(), studio.window.height()) == (width, height))
    QApplication.processEvents()  # what stands in the window is laid out after it
    studio.settled()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_convolution_has_all_its_controls_in_sight(studio: Studio, size: tuple[int, int]) -> None:
    studio.settled_on_a_picture()

    resized(studio, *size)

    assert out_of_sight(studio, (*WINDOW, *FIELDS)) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_pool_has_all_its_controls_in_sight(studio: Studio, size: tuple[int, int]) -> None:
    studio.settled_on_a_picture()

    studio.application.commands.recipe.reset(Document((Pool(),), selected=0))
    resized(studio, *size)

    assert out_of_sight(studio, (*WINDOW, *POOLS)) == []


@pytest.mark.parametrize("size", [*SIZES, COMPACT], ids=str)
def test_no_stage_scrolls_sideways_or_widens_the_window(studio: Studio, size: tuple[int, int]) -> None:
    studio.settled_on_a_picture()
    resized(studio, *size)

    for name in NAMES:
        studio.application.window.show_stage(name)
        studio.settled()
        assert (studio.window.width(), studio.window.height()) == size
        assert [bar for bar in sideways_bars(studio.window) if bar.isVisible()] == []


@pytest.mark.parametrize("size", [COMPACT, SMALLEST], ids=str)
def test_in_a_low_window_two_pages_hold_all_of_a_kernel_and_nothing_lies_over_anything(
    studio: Studio, size: tuple[int, int]
) -> None:
    studio.settled_on_a_picture()
    resized(studio, *size)

    upper = ("filters", "kernel-size", "kernel-presets", "kernel", "kernel-panel-sentence", *TOOLS)
    assert out_of_sight(studio, upper) == []
    places = {name: in_window(studio, name) for name in upper}
    assert [(a, b) for a, b in combinations(upper, 2) if places[a].intersects(places[b])] == []
    studio.click("inspector-pages-lower")
    assert out_of_sight(studio, FIELDS[1:]) == []


def test_a_refused_field_says_so_once_in_the_place_of_the_size(studio: Studio) -> None:
    studio.settled_on_a_picture()
    line = studio.find("stride").findChild(QLineEdit)
    assert isinstance(line, QLineEdit)

    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, "abc")
    QTest.keyClick(line, Qt.Key.Key_Return)

    assert studio.text("layer-refusal").startswith("“abc” is no number")
    assert "abc" not in studio.text("status-sentence")
    assert not studio.find("notice").isVisible()


def in_window(studio: Studio, name: str) -> QRect:
    widget = next(widget for widget in studio.window.findChildren(QWidget, name) if widget.isVisible())
    return QRect(widget.mapTo(studio.window, QPoint(0, 0)), widget.size())


def sideways_bars(window: QWidget) -> list[QScrollBar]:
    return [area.horizontalScrollBar() for area in window.findChildren(QAbstractScrollArea)]


def is_cut(label: QLabel) -> bool:
    """Whether a label's words need more room than it has."""
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.sizeHint().width() > label.width()


def cut_words(panel: QWidget) -> list[str]:
    """The words of an explanation that are not wholly in sight."""
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible() and label.text()]
    boxes = [box for box in panel.findChildren(QComboBox) if box.isVisible()]
    return [
        *(label.text() for label in labels if is_cut(label)),
        *(box.currentText() for box in boxes if box.width() < box.minimumSizeHint().width()),
    ]


@pytest.mark.parametrize(("size", "theme"), [(COMPACT, "light"), ((1024, 700), "dark")], ids=str)
@pytest.mark.parametrize(("stage", "name"), ANSWERED.items(), ids=ANSWERED)
def test_no_word_of_an_explanation_is_cut(
    studio: Studio, size: tuple[int, int], theme: str, stage: str, name: str
) -> None:
    studio.settled_on_a_picture()
    studio.application.wiring.run(f"theme-{theme}")
    resized(studio, *size)

    studio.application.window.show_stage(stage)
    studio.until(lambda: studio.find(name).isVisible() and bool(studio.text(name)))
    panel = next(it for it in studio.window.findChildren(Explainer) if it.isAncestorOf(studio.find(name)))
    studio.until(lambda: not panel.progress.isVisible())
    studio.at_rest(lambda: cut_words(panel))

    assert cut_words(panel) == []


def test_few_hits_of_a_search_leave_the_pictures_in_sight(studio: Studio) -> None:
    studio.settled_on_a_picture()
    resized(studio, 1024, 700)

    studio.press("Ctrl+K")
    finder = studio.find("finder")
    whole = finder.height()
    QTest.keyClicks(studio.find("finder-line"), "sobel")
    few = finder.height()
    studio.find("finder-line").clear()  # type: ignore[attr-defined]

    assert few < 0.6 * whole
    assert finder.height() == whole
