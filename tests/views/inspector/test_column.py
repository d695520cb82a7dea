"""The column: the page that fits the layer, everything in sight in every size, and nothing that moves."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QDir, QPoint, QRect, Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.geometry.shapes import Shape
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Channels, Conv, ConvTranspose, Dense, Layer, Pool, Weights
from convstudio.core.recipe.new_layers import image_filter
from convstudio.core.recipe.plan import Step, plan, refused_step
from convstudio.views import theme
from convstudio.views.inspector.column import InspectorColumn
from convstudio.views.inspector.source import Offer
from convstudio.views.measures import Measures, measures_for

SOBEL = image_filter(build(find("sobel-x")))
MIXED = Conv(weight=Weights(np.arange(54.0).reshape(2, 3, 3, 3)), bias=(0.0, 0.0))
LAYERS: dict[str, Layer] = {
    "kernel": SOBEL,
    "mixed": MIXED,
    "transposed": ConvTranspose(weight=Weights(np.ones((3, 1, 4, 4))), bias=(0.0,)),
    "pool": Pool(),
    "global": Pool(is_global=True),
    "activation": Activation(),
    "dense": Dense(),
    "wide gabor": image_filter(build(find("gabor"), sigma=4.5)),
    "gabor": image_filter(build(find("gabor"))),
}
FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
SIZES = ((1024, 700), (1280, 800), (1440, 900), (1920, 1080))
FIELDS = ("kernel", "filters", "kernel-plane", "kernel-presets", "kernel-size", "stride", "padding", "border",
          "dilation", "groups", "bias", "size-formula")  # fmt: skip
OF_A_POOL = ("pool-kind", "pool-window", "stride", "padding", "pool-ceil-mode", "pool-count-include-pad",
             "size-formula")  # fmt: skip


def step_of(layer: Layer, shape: Shape = Shape(3, 480, 640)) -> Step:  # noqa: B008  # a tuple: it cannot change
    return plan(Document((layer,)), shape).steps[0]


def room(measures: Measures, height: int) -> int:
    """What the window's rows leave to the column, and the lines between them."""
    return height - measures.menu_row - measures.stage_row - measures.bottom_row - 2


@pytest.fixture
def column(qtbot: QtBot, qapp: QApplication) -> InspectorColumn:
    QDir.setSearchPaths(theme.FONTS_PREFIX, [str(FONTS)])  # what fits is a matter of the window's own typeface
    theme.fonts(qapp)
    column = InspectorColumn([Offer(f"sample{place}", f"Sample {place}", "A sample.") for place in range(10)])
    qtbot.addWidget(column)
    return column


def show_in(column: InspectorColumn, width: int, height: int) -> None:
    """Give the column the sizes that it has in a window of so many pixels."""
    measures = measures_for(width, height)
    column.show_measures(measures)
    column.setFixedSize(measures.inspector, room(measures, height))
    column.show()
    column.show_measures(measures)


def area(column: InspectorColumn, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(column, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("name", list(LAYERS))
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_cut_off_and_nothing_lies_over_another(
    column: InspectorColumn, name: str, width: int, height: int
) -> None:
    show_in(column, width, height)
    column.show_step(step_of(LAYERS[name]))
    column.grab()

    shown = [
        widget
        for widget in column.findChildren(QWidget)
        if widget.isVisible() and widget.objectName() and widget.window() is column
    ]
    assert len(shown) > 5
    for widget in shown:
        assert column.rect().contains(area(column, widget)), widget.objectName()
        assert widget.width() >= min(widget.minimumSizeHint().width(), 24), widget.objectName()


def test_a_layer_that_is_refused_keeps_its_controls_and_without_a_picture_it_is_said_what_to_do(
    column: InspectorColumn,
) -> None:
    show_in(column, 1024, 700)
    column.show_empty(has_picture=False)
    column.show_step(None)
    without_picture = column.empty.text()
    document = Document(tuple(Pool() for _ in range(4)), selected=2)
    step = refused_step(document, Shape(1, 6, 6), 2)
    column.show_step(step)
    column.fields.formula.show_refusal(
        "The kernel spans 2 pixels but the input's height is only 1; use a smaller kernel, more padding or another."
    )
    column.grab()
    column.show_empty(has_picture=True)
    column.show_step(refused_step(document, Shape(1, 6, 6), 3))

    assert without_picture.startswith("Open a picture")
    assert step is not None
    assert step.input == Shape(1, 1, 1)
    assert column.fields.formula.refusal.text() == "The kernel spans 2 pixels but the input's height is only 1."
    assert column.empty.text().startswith("Nothing arrives here")


@pytest.mark.parametrize("name", list(LAYERS))
def test_every_kind_of_layer_can_be_shown_where_it_is_refused(column: InspectorColumn, name: str) -> None:
    show_in(column, 1024, 700)

    column.show_step(refused_step(Document((LAYERS[name],)), Shape(1, 1, 1), 0))

    column.grab()
    assert column.empty.isHidden()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_control_of_a_convolution_and_of_a_pool_is_in_sight(
    column: InspectorColumn, width: int, height: int
) -> None:
    show_in(column, width, height)
    for layer, names in ((SOBEL, FIELDS), (Pool(), OF_A_POOL)):
        column.show_step(step_of(layer))
        column.grab()
        areas = []
        for name in names:
            widget = column.findChild(QWidget, name)
            assert isinstance(widget, QWidget), name
            assert widget.isVisible(), name
            areas.append((name, area(column, widget)))
        for place, (name, rect) in enumerate(areas):
            for other, another in areas[place + 1 :]:
                assert not rect.intersects(another), (name, other)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_fields_stay_where_they_are_whatever_the_kernel_and_the_layer(
    column: InspectorColumn, width: int, height: int
) -> None:
    show_in(column, width, height)
    places = set()
    for name in ("kernel", "mixed", "transposed", "pool", "global", "gabor", "wide gabor"):
        column.show_step(step_of(LAYERS[name]))
        column.grab()
        fields = column.fields
        places.add(
            (area(column, fields.stride).topLeft().toTuple(), area(column, fields.formula.label).topLeft().toTuple())
        )
    for size in (1, 2, 31):
        column.show_step(step_of(image_filter(np.ones((1, size, size)))))
        column.grab()
        places.add(
            (area(column, column.fields.stride).topLeft().toTuple(),
             area(column, column.fields.formula.label).topLeft().toTuple())
        )  # fmt: skip

    assert len(places) == 1


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_longest_formula_is_read_to_its_end(column: InspectorColumn, width: int, height: int) -> None:
    show_in(column, width, height)

    column.show_step(step_of(image_filter(np.ones((1, 31, 31))), Shape(3, 4000, 6000)))
    column.grab()

    label = column.fields.formula.label
    assert label.sizeHint().width() <= label.width()
    assert label.sizeHint().height() <= label.height()


def test_a_low_window_has_two_pages(column: InspectorColumn) -> None:
    show_in(column, 960, 540)
    column.show_step(step_of(LAYERS["gabor"]))
    first = column.kernel.grid.isVisible(), column.kernel.parameters.isVisible(), column.fields.stride.isVisible()

    QTest.mouseClick(column.pages.buttons["lower"], Qt.MouseButton.LeftButton)
    second = column.kernel.grid.isVisible(), column.kernel.parameters.isVisible(), column.fields.stride.isVisible()

    assert first == (True, True, False)
    assert second == (False, False, True)
    assert column.rect().contains(area(column, column.fields.formula.label))


def test_in_a_larger_window_there_are_no_pages(column: InspectorColumn) -> None:
    show_in(column, 960, 540)
    QTest.mouseClick(column.pages.buttons["lower"], Qt.MouseButton.LeftButton)

    show_in(column, 1440, 900)
    column.show_step(step_of(SOBEL))

    assert not column.pages.isVisible()
    assert column.kernel.grid.isVisible()
    assert column.fields.stride.isVisible()


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("kernel", "Sobel, left to right"),
        ("mixed", "Conv 3×3"),
        ("gabor", "Gabor"),
        ("pool", "Max pool 2×2"),
        ("activation", "ReLU"),
        ("dense", "Dense 10"),
    ],
)
def test_the_title_is_the_presets_or_the_layers_name(column: InspectorColumn, name: str, title: str) -> None:
    show_in(column, 1440, 900)

    column.show_step(step_of(LAYERS[name]))

    assert column.title.accessibleName() == title


def test_mixing_channels_is_one_switch_and_moves_nothing(column: InspectorColumn) -> None:
    show_in(column, 1440, 900)
    column.show_step(step_of(SOBEL))
    spy = QSignalSpy(column.layer_edited)
    before = area(column, column.kernel.planes), column.kernel.grid.plane.tolist()

    QTest.mouseClick(column.mix, Qt.MouseButton.LeftButton)
    mixed = spy.at(0)[0]
    column.show_step(step_of(mixed))
    column.grab()
    after = area(column, column.kernel.planes), column.kernel.grid.plane.tolist()
    QTest.mouseClick(column.mix, Qt.MouseButton.LeftButton)

    assert isinstance(mixed, Conv)
    assert (mixed.channels, mixed.weight.array.shape) == (Channels.ACROSS, (1, 3, 3, 3))
    assert column.kernel.planes.count() == 4
    assert before == after
    assert spy.at(1)[0] == SOBEL


def test_a_picture_of_one_channel_has_nothing_to_mix(column: InspectorColumn) -> None:
    column.show_step(step_of(SOBEL, Shape(1, 40, 40)))

    assert not column.mix.isEnabled()
    assert column.kernel.planes.currentText() == "One channel"


def test_the_bias_follows_the_filter(column: InspectorColumn) -> None:
    show_in(column, 1440, 900)
    column.show_step(step_of(Conv(weight=Weights(np.ones((2, 3, 3, 3))), bias=(1.0, 5.0))))

    column.kernel.filters.setFocus()
    QTest.keyClick(column.kernel.filters, Qt.Key.Key_Down)

    assert column.fields.bias.text_shown == "5"


def test_a_pools_switch_takes_the_whole_map(column: InspectorColumn) -> None:
    show_in(column, 1440, 900)
    column.show_step(step_of(Pool()))
    spy = QSignalSpy(column.layer_edited)

    QTest.mouseClick(column.whole_map, Qt.MouseButton.LeftButton)

    assert spy.at(0)[0] == Pool(is_global=True)


def test_the_source_has_samples_where_layers_have_fields(column: InspectorColumn) -> None:
    show_in(column, 1024, 700)
    column.show_step(None, is_source=True)
    spy = QSignalSpy(column.samples.sample_chosen)

    button = column.findChild(QWidget, "sample-sample9")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert spy.at(0) == ["sample9"]
    assert column.rect().contains(area(column, button))
    assert not column.fields.isVisible()


def test_a_layer_that_is_shown_again_leaves_the_focus_where_it_is(column: InspectorColumn, qtbot: QtBot) -> None:
    show_in(column, 1440, 900)
    with qtbot.waitActive(column):
        column.activateWindow()
    column.show_step(step_of(SOBEL))
    for widget in (column.kernel.grid, column.fields.padding):
        widget.setFocus()

        column.show_step(step_of(LAYERS["gabor"]))

        assert widget.hasFocus()


def test_a_layer_that_cannot_work_is_said_to(column: InspectorColumn) -> None:
    column.show()

    column.show_step(None)

    assert column.empty.isVisible()
    assert not column.kernel.isVisible()


def test_it_follows_the_theme(column: InspectorColumn, qapp: QApplication) -> None:
    show_in(column, 1440, 900)
    column.show_step(step_of(SOBEL))
    sheet, palette = qapp.styleSheet(), qapp.palette()

    theme.apply(qapp, Qt.ColorScheme.Dark)
    QApplication.processEvents()
    dark = column.fields.formula.label.text()
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    QApplication.processEvents()

    assert theme.DARK.padding.name() in dark
