"""LAYERS: rows, selecting, switching, naming, moving and adding, with real mouse and keys."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import Document, with_layer
from convstudio.core.recipe.layers import Activation, Conv, Pool, Weights
from convstudio.core.recipe.plan import plan
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.views.flow.choices import CHOICES
from convstudio.views.flow.panel import LayersPanel
from convstudio.views.flow.row_painter import Index, RowPainter, box_place, name_place
from convstudio.views.flow.rows import ROW_ROLE, LayerRow

SIX = Conv(weight=Weights(np.ones((6, 3, 3, 3))), bias=(0.0,) * 6)
RECIPE = Document((SIX, Activation(), Pool()), selected=0)


def shown(document: Document) -> Shown:
    times = iter(range(100))
    frame = Frame(np.zeros((48, 64, 3), np.uint8), white=255, name="Coffee")
    return show(evaluate(document, frame, clock=lambda: next(times) / 100), Selection())


def row(panel: LayersPanel, number: int) -> LayerRow:
    answer = panel.list.rows.index(number).data(ROW_ROLE)
    assert isinstance(answer, LayerRow)
    return answer


def centre(panel: LayersPanel, number: int) -> QPoint:
    return panel.list.visualRect(panel.list.rows.index(number)).center()


@pytest.fixture
def panel(qtbot: QtBot) -> LayersPanel:
    panel = LayersPanel()
    qtbot.addWidget(panel)
    panel.resize(280, 520)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.show_shown(shown(RECIPE))
    return panel


def test_the_row_that_changed_is_all_that_is_painted(panel: LayersPanel, qtbot: QtBot) -> None:
    QApplication.processEvents()
    painted: list[int] = []
    delegate, paint = panel.list.itemDelegate(), RowPainter.paint

    class Noting(RowPainter):
        def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
            painted.append(index.row())
            paint(self, painter, option, index)

    panel.list.setItemDelegate(Noting(panel.list))
    panel.list.doItemsLayout()
    panel.list.viewport().repaint()  # now, so that nothing is left to be painted later
    assert painted == [0, 1, 2, 3]
    painted.clear()
    known = panel.list.rows.rows

    panel.list.rows.show_rows((*known[:2], replace(known[2], time="7 ms"), *known[3:]))
    qtbot.waitUntil(lambda: bool(painted))
    QApplication.processEvents()

    assert set(painted) == {2}
    panel.list.setItemDelegate(delegate)


def test_rows_tell_shape_parameters_and_time(panel: LayersPanel) -> None:
    texts = [(row(panel, n).name, row(panel, n).shape, row(panel, n).time, row(panel, n).detail) for n in range(4)]

    # 6 filters · (3·3·3 + 1) = 168; the clock goes on by 10 ms between two readings
    assert texts == [
        ("Coffee", "64×48×3", "", "the source"),
        ("Conv 3×3", "64×48×6", "10.0 ms", "168 parameters"),
        ("ReLU", "64×48×6", "10.0 ms", "no parameters"),
        ("Max pool 2×2", "32×24×6", "10.0 ms", "no parameters"),
    ]
    assert all(row(panel, n).thumbnail is not None for n in range(4))
    assert panel.lead.text() == "3 layers turn 64×48×3 into 32×24×6 with 168 parameters."


def test_a_recipe_without_result_still_tells_its_shapes(qtbot: QtBot) -> None:
    panel = LayersPanel()
    qtbot.addWidget(panel)

    panel.show_document(RECIPE, plan(RECIPE, Shape(3, 480, 640)))

    assert row(panel, 1).shape == "640×480×6"
    assert row(panel, 1).thumbnail is None


def test_without_layers_it_says_how_to_get_one(panel: LayersPanel) -> None:
    panel.show_shown(shown(Document()))

    assert panel.lead.text() == "No layers yet: the picture stays as it is. Add one with + Layer."
    assert not panel.delete.isEnabled()


def test_clicking_and_arrow_keys_select(panel: LayersPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.layer_selected) as clicked:
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=centre(panel, 2))
    with qtbot.waitSignals([panel.layer_selected] * 2) as _:
        QTest.keyClick(panel.list, Qt.Key.Key_Up)
        QTest.keyClick(panel.list, Qt.Key.Key_Up)

    assert clicked.args == [1]
    assert panel.list.selected == -1


def test_showing_never_emits(panel: LayersPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.layer_selected), qtbot.assertNotEmitted(panel.layer_edited):
        panel.show_shown(shown(Document((SIX, Pool()), selected=1)))
        panel.show_document(Document((), selected=-1), None)
        panel.show_document(RECIPE, None)

    assert panel.list.selected == 0


def test_a_click_on_the_box_switches_a_layer_off_and_does_nothing_else(panel: LayersPanel, qtbot: QtBot) -> None:
    place = box_place(panel.list.visualRect(panel.list.rows.index(2))).center()

    with qtbot.waitSignal(panel.layer_edited) as edited:
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert edited.args == [1, Activation(enabled=False), ""]
    assert row(panel, 2).is_on  # until the document says otherwise


def test_space_switches_the_selected_layer(panel: LayersPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.layer_edited) as edited:
        QTest.keyClick(panel.list, Qt.Key.Key_Space)

    assert edited.args is not None
    assert edited.args[0] == 0
    assert not edited.args[1].enabled


def test_a_layer_that_is_off_is_muted_and_can_be_switched_on(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.show_shown(shown(with_layer(RECIPE, 1, Activation(enabled=False))))

    assert (row(panel, 2).is_on, row(panel, 2).shape) == (False, "switched off")
    with qtbot.waitSignal(panel.layer_edited) as edited:
        QTest.keyClick(panel.list, Qt.Key.Key_Space)
    assert edited.args == [1, Activation(), ""]


def test_a_double_click_on_the_name_edits_it(panel: LayersPanel, qtbot: QtBot) -> None:
    place = name_place(panel.list.visualRect(panel.list.rows.index(1)), 16).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    editor = panel.findChild(QLineEdit, "layer-name")
    assert isinstance(editor, QLineEdit)

    QTest.keyClicks(editor, "My ")
    panel.show_shown(shown(RECIPE))  # a live picture goes on while the name is typed
    QTest.keyClicks(editor, "edges")
    with qtbot.waitSignal(panel.layer_edited) as edited:
        QTest.keyClick(editor, Qt.Key.Key_Return)

    assert edited.args is not None
    assert (edited.args[0], edited.args[1].name) == (0, "My edges")


def test_f2_edits_the_name_and_escape_leaves_it(panel: LayersPanel, qtbot: QtBot) -> None:
    QTest.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.findChild(QLineEdit, "layer-name")
    assert isinstance(editor, QLineEdit)

    with qtbot.assertNotEmitted(panel.layer_edited):
        QTest.keyClicks(editor, "No")
        QTest.keyClick(editor, Qt.Key.Key_Escape)

    assert row(panel, 1).name == "Conv 3×3"


@pytest.mark.parametrize(("key", "selected", "moved"), [(Qt.Key.Key_Up, 1, [1, 0]), (Qt.Key.Key_Down, 1, [1, 2])])
def test_alt_and_an_arrow_move_a_layer(
    panel: LayersPanel, qtbot: QtBot, key: Qt.Key, selected: int, moved: list[int]
) -> None:
    panel.show_shown(shown(Document(RECIPE.layers, selected=selected)))

    with qtbot.waitSignal(panel.layer_moved) as signal:
        QTest.keyClick(panel.list, key, Qt.KeyboardModifier.AltModifier)

    assert signal.args == moved


def test_the_first_layer_does_not_move_over_the_photo(panel: LayersPanel, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.layer_moved):
        QTest.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)

    assert not panel.up.isEnabled()


@pytest.mark.parametrize(
    ("start", "end", "offset", "moved"), [(1, 3, 8, [0, 2]), (3, 1, -8, [2, 0]), (1, 2, 8, [0, 1])]
)
def test_dragging_moves_a_layer(
    panel: LayersPanel, qtbot: QtBot, start: int, end: int, offset: int, moved: list[int]
) -> None:
    viewport = panel.list.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=centre(panel, start))
    middle = (centre(panel, start) + centre(panel, end)) / 2
    QTest.mouseMove(viewport, middle)
    QTest.mouseMove(viewport, centre(panel, end) + QPoint(0, offset))

    with qtbot.waitSignal(panel.layer_moved) as signal:
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=centre(panel, end) + QPoint(0, offset))

    assert signal.args == moved
    assert panel.list.drop_target is None


def test_a_drag_back_to_its_place_or_given_up_moves_nothing(panel: LayersPanel, qtbot: QtBot) -> None:
    viewport = panel.list.viewport()

    with qtbot.assertNotEmitted(panel.layer_moved):
        for is_given_up in (False, True):
            QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=centre(panel, 2))
            QTest.mouseMove(viewport, centre(panel, 1) - QPoint(0, 8))
            assert panel.list.drop_target == 0
            if is_given_up:
                QTest.keyClick(panel.list, Qt.Key.Key_Escape)
            else:
                QTest.mouseMove(viewport, centre(panel, 2))
            QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=centre(panel, 2))


def test_buttons_and_delete_key_name_the_selected_layer(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.show_shown(shown(Document(RECIPE.layers, selected=1)))

    with qtbot.waitSignal(panel.layer_duplicated) as duplicated:
        QTest.mouseClick(panel.duplicate, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.layer_deleted) as deleted:
        QTest.mouseClick(panel.delete, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(panel.layer_deleted) as keyed:
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)

    assert (duplicated.args, deleted.args, keyed.args) == ([1], [1], [1])


def test_a_right_click_offers_what_can_be_done_with_a_layer(panel: LayersPanel, qtbot: QtBot) -> None:
    place = centre(panel, 3)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, panel.list.viewport().mapToGlobal(place))
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.RightButton, pos=place)
    QApplication.sendEvent(panel.list.viewport(), event)
    menu = panel.findChild(QMenu, "layer-menu")
    assert isinstance(menu, QMenu)

    offered = {action.text(): action for action in menu.actions()}
    with qtbot.waitSignal(panel.layer_deleted) as deleted:
        offered["Delete"].trigger()
    menu.close()

    assert list(offered) == ["Name…", "Duplicate", "Move up", "Move down", "Delete"]
    assert deleted.args == [2]
    assert not offered["Move down"].isEnabled()


def test_the_photo_cannot_be_deleted_named_or_switched_off(panel: LayersPanel, qtbot: QtBot) -> None:
    panel.show_shown(shown(Document(RECIPE.layers, selected=-1)))

    with qtbot.assertNotEmitted(panel.layer_deleted), qtbot.assertNotEmitted(panel.layer_edited):
        for key in (Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_F2):
            QTest.keyClick(panel.list, key)

    assert panel.findChild(QLineEdit, "layer-name") is None


def test_the_menu_offers_every_kind_and_each_makes_a_layer_that_works(panel: LayersPanel, qtbot: QtBot) -> None:
    shape = Shape(3, 48, 64)
    actions = [action for action in panel.menu.actions() if not action.isSeparator()]

    kinds = []
    for action in actions:
        with qtbot.waitSignal(panel.layer_added) as added:
            action.trigger()
        assert added.args is not None
        kinds.append(added.args[0])

    assert kinds == list(CHOICES)
    for kind in kinds:
        assert plan(Document((CHOICES[kind].make(shape),)), shape).output.size > 0


def test_a_refusal_marks_the_layer_and_says_why(panel: LayersPanel) -> None:
    sentence = "Layer 3 (Max pool 2×2): the window does not fit."

    panel.show_refusal(2, sentence)

    assert (row(panel, 3).refusal, row(panel, 3).shape) == (sentence, "cannot work here")
    assert panel.refusal.isVisible()
    assert panel.refusal.text() == sentence
    panel.show_shown(shown(RECIPE))
    assert not panel.refusal.isVisible()
    assert row(panel, 3).refusal == ""


def test_in_a_low_panel_the_selected_row_is_seen_and_nothing_lies_over_it(panel: LayersPanel) -> None:
    panel.resize(236, 150)
    QApplication.processEvents()

    selected = panel.list.visualRect(panel.list.currentIndex())
    assert not panel.lead.isVisible()
    assert panel.list.geometry().bottom() < panel.add.geometry().top()
    assert panel.list.viewport().rect().contains(selected.center())


def test_an_edit_repaints_no_row_that_says_the_same(panel: LayersPanel, qtbot: QtBot) -> None:
    edited = with_layer(RECIPE, 1, Activation(name="Rectify"))
    changes: list[tuple[int, int]] = []
    panel.list.rows.dataChanged.connect(lambda first, last, *_: changes.append((first.row(), last.row())))

    panel.show_document(RECIPE, plan(RECIPE, Shape(3, 48, 64)))
    panel.show_document(edited, plan(edited, Shape(3, 48, 64)))

    assert changes == [(2, 2)]
