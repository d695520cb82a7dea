"""The flow: cards, selecting, switching, naming, moving, putting in and scrolling, with real mouse and keys."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import Document, with_layer
from convstudio.core.recipe.layers import Activation, Channels, Conv, Pool, Weights
from convstudio.core.recipe.plan import plan
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.views.flow.card import Card
from convstudio.views.flow.choices import CHOICES
from convstudio.views.flow.flow import LayerFlow
from convstudio.views.measures import COMPACT, MEDIUM, SMALL, Measures
from tests.pointer import point_at

SIX = Conv(weight=Weights(np.ones((6, 3, 3, 3))), bias=(0.0,) * 6)
SOBEL = Conv(weight=Weights([[[[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]]), bias=(0.0,), channels=Channels.EACH)
RECIPE = Document((SIX, Activation(), Pool()), selected=0)
LONG = Document((SOBEL, *(Activation() for _ in range(8))), selected=0)
LEFT = Qt.MouseButton.LeftButton


def shown(document: Document) -> Shown:
    times = iter(range(100))
    frame = Frame(np.zeros((48, 64, 3), np.uint8), white=255, name="Coffee")
    return show(evaluate(document, frame, clock=lambda: next(times) / 100), Selection())


def place_in(flow: LayerFlow, widget: QWidget) -> QPoint:
    """Where a widget begins, in pixels of the flow."""
    return widget.mapTo(flow, QPoint())


def before(flow: LayerFlow, index: int) -> QPoint:
    """In the gap before a layer's card, above the plus that comes there."""
    return QPoint(flow.layers[index].x() - 10, 12)


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def focus(flow: LayerFlow, index: int) -> None:
    """Come to a card with the Tab key."""
    flow.cards[index + 1].setFocus(Qt.FocusReason.TabFocusReason)


@pytest.fixture
def flow(qtbot: QtBot) -> Iterator[LayerFlow]:
    window = QWidget()
    layout = QVBoxLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    flow = LayerFlow(window)
    layout.addWidget(flow)
    layout.addStretch(1)
    qtbot.addWidget(window)
    window.resize(1128, 200)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    flow.show_shown(shown(RECIPE))
    yield flow  # noqa: PT022  # the window lives as long as this frame


# what the cards say


def test_cards_say_names_and_shapes_and_leave_the_figures_to_their_tooltips(flow: LayerFlow) -> None:
    # 6 filters · (3·3·3 + 1) = 168; the clock goes on by 10 ms between two readings
    assert [(card.content.name, card.content.shape) for card in flow.cards] == [
        ("Coffee", "64 × 48, colour"),
        ("Conv 3×3", "64 × 48, 6 maps"),
        ("ReLU", "64 × 48, 6 maps"),
        ("Max pool 2×2", "32 × 24, 6 maps"),
    ]
    figures = "Conv 3×3: 64 × 48, 6 maps, 168 parameters (162 weights and 6 biases), computed in 10.0 ms. "
    assert flow.layers[0].toolTip().startswith(figures)
    assert flow.source.toolTip() == "Coffee: 64 × 48, colour. 3 layers turn 64×48×3 into 32×24×6 with 168 parameters."
    assert all(card.content.thumbnail is not None for card in flow.cards)


def test_a_filter_on_each_channel_keeps_the_colour_and_has_its_presets_name(flow: LayerFlow) -> None:
    flow.show_shown(shown(Document((SOBEL, Activation()), selected=0)))

    assert (flow.layers[0].content.name, flow.layers[0].content.shape) == ("Sobel 3×3", "64 × 48, colour")
    assert flow.layers[1].content.shape == "64 × 48, colour"


def test_a_recipe_without_result_still_tells_its_shapes(qtbot: QtBot) -> None:
    flow = LayerFlow()
    qtbot.addWidget(flow)

    flow.show_document(RECIPE, plan(RECIPE, Shape(3, 480, 640)))

    assert flow.layers[0].content.shape == "640 × 480, 6 maps"
    assert flow.layers[0].content.thumbnail is None


def test_without_layers_there_are_the_picture_and_a_place_for_the_first(flow: LayerFlow) -> None:
    flow.show_shown(shown(Document()))

    assert flow.layers == []
    # margin 8, the picture's card 220, an arrow's room 28
    assert place_in(flow, flow.add).x() == 8 + 220 + 28


def test_a_refusal_marks_the_layer_and_says_why(flow: LayerFlow) -> None:
    sentence = "Layer 3 (Max pool 2×2): the window does not fit."

    flow.show_refusal(2, sentence)

    card = flow.layers[2]
    assert (card.content.refusal, card.content.shape) == (sentence, "cannot work")
    assert card.toolTip() == sentence
    assert sentence in card.accessibleName()
    flow.show_shown(shown(RECIPE))
    assert card.content.refusal == ""
    assert sentence not in card.toolTip()


class Painted(QObject):
    """The cards that were painted, by their indices."""

    def __init__(self, cards: tuple[Card, ...]) -> None:
        super().__init__()
        self.indices: set[int] = set()
        for card in cards:
            card.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take note, and let the card paint."""
        if event.type() is QEvent.Type.Paint and isinstance(watched, Card):
            self.indices.add(watched.index)
        return False


def test_only_the_card_that_changed_is_painted(flow: LayerFlow, qtbot: QtBot) -> None:
    QApplication.processEvents()
    painted = Painted(flow.cards)

    flow.layers[1].show_content(replace(flow.layers[1].content, shape="1 × 1, grey"))
    flow.layers[2].show_content(replace(flow.layers[2].content))
    qtbot.waitUntil(lambda: bool(painted.indices))
    QApplication.processEvents()

    assert painted.indices == {1}


def test_showing_never_emits(flow: LayerFlow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(flow.layer_selected), qtbot.assertNotEmitted(flow.layer_edited):
        flow.show_shown(shown(Document((SIX, Pool()), selected=1)))
        flow.show_document(Document((), selected=-1), None)
        flow.show_document(RECIPE, None)

    assert flow.selected == 0


# selecting and switching


def test_a_click_selects_and_the_keys_go_along_the_cards(flow: LayerFlow) -> None:
    selected: list[int] = []
    flow.layer_selected.connect(selected.append)

    QTest.mouseClick(flow.layers[1], LEFT)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home):
        QTest.keyClick(focused(), key)

    assert selected == [1, 0, -1, 2, -1]
    assert focused() is flow.source


def test_behind_the_last_card_the_keys_reach_the_place_for_another_layer(flow: LayerFlow, qtbot: QtBot) -> None:
    focus(flow, 0)

    for _ in range(3):
        QTest.keyClick(focused(), Qt.Key.Key_Right)
    assert focused() is flow.add
    with qtbot.assertNotEmitted(flow.layer_selected), qtbot.assertNotEmitted(flow.layer_deleted):
        QTest.keyClick(flow.add, Qt.Key.Key_Delete)
        QTest.keyClick(flow.add, Qt.Key.Key_Left)

    assert flow.selected == 2
    assert focused() is flow.layers[2]


def test_the_flow_is_one_tab_stop(flow: LayerFlow) -> None:
    tab = Qt.FocusPolicy.TabFocus

    assert [child for child in flow.findChildren(QWidget) if (child.focusPolicy() & tab) == tab] == [flow.layers[0]]


def test_a_click_on_the_eye_switches_a_layer_off_and_does_nothing_else(flow: LayerFlow, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(flow.layer_selected), qtbot.waitSignal(flow.layer_edited) as edited:
        QTest.mouseClick(flow.layers[1].eye, LEFT)

    assert edited.args == [1, Activation(enabled=False), ""]
    assert flow.layers[1].content.is_on  # until the document says otherwise


def test_space_switches_a_layer_that_is_off_on(flow: LayerFlow, qtbot: QtBot) -> None:
    flow.show_shown(shown(with_layer(RECIPE, 1, Activation(enabled=False))))
    assert (flow.layers[1].content.is_on, flow.layers[1].content.shape) == (False, "switched off")
    assert not flow.layers[1].eye.isChecked()

    focus(flow, 1)
    with qtbot.waitSignal(flow.layer_edited) as edited:
        QTest.keyClick(focused(), Qt.Key.Key_Space)

    assert edited.args == [1, Activation(), ""]


def test_the_picture_cannot_be_deleted_named_or_switched_off(flow: LayerFlow, qtbot: QtBot) -> None:
    flow.show_shown(shown(Document(RECIPE.layers, selected=-1)))
    focus(flow, -1)

    with qtbot.assertNotEmitted(flow.layer_deleted), qtbot.assertNotEmitted(flow.layer_edited):
        for key in (Qt.Key.Key_Delete, Qt.Key.Key_Space, Qt.Key.Key_F2):
            QTest.keyClick(focused(), key)

    assert flow.findChild(QLineEdit, "layer-name") is None
    assert not flow.source.eye.isVisible()


# names


def test_a_double_click_renames_and_a_live_picture_leaves_what_is_typed(flow: LayerFlow, qtbot: QtBot) -> None:
    QTest.mouseClick(flow.layers[0], LEFT)
    QTest.mouseDClick(flow.layers[0], LEFT)
    editor = flow.findChild(QLineEdit, "layer-name")
    assert isinstance(editor, QLineEdit)

    QTest.keyClicks(editor, "My ")
    flow.show_shown(shown(RECIPE))  # a live picture goes on while the name is typed
    QTest.keyClicks(editor, "edges")
    with qtbot.waitSignal(flow.layer_edited) as edited:
        QTest.keyClick(editor, Qt.Key.Key_Return)

    assert edited.args is not None
    assert (edited.args[0], edited.args[1].name) == (0, "My edges")


def test_f2_edits_the_name_and_escape_leaves_it(flow: LayerFlow, qtbot: QtBot) -> None:
    focus(flow, 0)
    QTest.keyClick(focused(), Qt.Key.Key_F2)
    editor = focused()
    assert isinstance(editor, QLineEdit)

    with qtbot.assertNotEmitted(flow.layer_edited):
        QTest.keyClicks(editor, "No")
        QTest.keyClick(editor, Qt.Key.Key_Escape)

    assert flow.layers[0].editor is None
    assert focused() is flow.layers[0]


def test_a_presets_name_that_is_left_becomes_nobodys_own(flow: LayerFlow, qtbot: QtBot) -> None:
    flow.show_shown(shown(Document((SOBEL,), selected=0)))
    focus(flow, 0)
    QTest.keyClick(focused(), Qt.Key.Key_F2)

    with qtbot.assertNotEmitted(flow.layer_edited):
        QTest.keyClick(focused(), Qt.Key.Key_Return)


# moving


@pytest.mark.parametrize(("key", "moved"), [(Qt.Key.Key_Left, [1, 0]), (Qt.Key.Key_Right, [1, 2])])
def test_alt_and_an_arrow_move_a_layer_and_the_focus_goes_along(
    flow: LayerFlow, qtbot: QtBot, key: Qt.Key, moved: list[int]
) -> None:
    flow.show_shown(shown(Document(RECIPE.layers, selected=1)))
    focus(flow, 1)

    with qtbot.waitSignal(flow.layer_moved) as signal:
        QTest.keyClick(focused(), key, Qt.KeyboardModifier.AltModifier)
    assert signal.args == moved

    flow.show_document(Document(RECIPE.layers, selected=moved[1]), None)
    assert focused() is flow.layers[moved[1]]


def test_the_first_layer_does_not_move_over_the_picture(flow: LayerFlow, qtbot: QtBot) -> None:
    focus(flow, 0)

    with qtbot.assertNotEmitted(flow.layer_moved):
        QTest.keyClick(focused(), Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)


def carry(flow: LayerFlow, card: Card, slot: QPoint) -> None:
    """Move the mouse that holds a card in its middle, until the card's corner is at a slot."""
    QTest.mouseMove(card, card.mapFrom(flow, slot + card.rect().center()))


@pytest.mark.parametrize(("start", "end"), [(0, 2), (2, 0), (0, 1)])
def test_a_card_is_dragged_and_a_gap_opens_where_it_would_land(
    flow: LayerFlow, qtbot: QtBot, start: int, end: int
) -> None:
    card, slots = flow.layers[start], [layer.pos() for layer in flow.layers]
    QTest.mousePress(card, LEFT)
    carry(flow, card, (slots[start] + slots[end]) / 2)
    carry(flow, card, slots[end])

    assert flow.drop_target == end
    others = [layer for layer in flow.layers if layer is not card]
    free = [slot for number, slot in enumerate(slots) if number != end]
    qtbot.waitUntil(lambda: [layer.pos() for layer in others] == free)  # the gap stands open
    with qtbot.waitSignal(flow.layer_moved) as signal:
        QTest.mouseRelease(card, LEFT)

    assert signal.args == [start, end]
    assert flow.drop_target is None


def test_a_drag_back_to_its_place_or_given_up_moves_nothing(flow: LayerFlow, qtbot: QtBot) -> None:
    card, slots = flow.layers[1], [layer.pos() for layer in flow.layers]

    with qtbot.assertNotEmitted(flow.layer_moved):
        for is_given_up in (False, True):
            QTest.mousePress(card, LEFT)
            carry(flow, card, slots[0])
            assert flow.drop_target == 0
            if is_given_up:
                QTest.keyClick(focused(), Qt.Key.Key_Escape)
            else:
                carry(flow, card, slots[1])
            QTest.mouseRelease(card, LEFT)
            assert [layer.pos() for layer in flow.layers] == slots


# adding, putting in, deleting


def entries_of(menu: QMenu) -> list[QAction]:
    """Everything that a menu and the menus in it offer."""
    entries = []
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            entries += entries_of(inner)
        elif not action.isSeparator():
            entries.append(action)
    return entries


def test_the_menu_at_the_end_offers_every_kind_and_each_makes_a_layer_that_works(flow: LayerFlow, qtbot: QtBot) -> None:
    shape = Shape(4, 48, 64)
    kinds = []

    for action in entries_of(flow.menu):
        with qtbot.waitSignal(flow.layer_added) as added:
            action.trigger()
        assert added.args is not None
        kinds.append(added.args[0])
        assert added.args[1] == 3  # behind the last

    assert kinds == list(CHOICES)
    for kind in kinds:
        assert plan(Document((CHOICES[kind].make(shape),)), shape).output.size > 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_between_two_cards_a_plus_puts_a_layer_in(flow: LayerFlow, qtbot: QtBot, place: int) -> None:
    point_at(flow, before(flow, place))
    assert flow.plus.isVisible()
    menu = flow.plus.menu()
    menu.popup(flow.plus.mapToGlobal(flow.plus.rect().bottomLeft()))
    action = next(action for action in menu.actions() if action.objectName() == "add-relu")

    with qtbot.waitSignal(flow.layer_added) as added:
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

    assert added.args == ["ReLU", place]


def test_over_a_card_there_is_no_plus(flow: LayerFlow) -> None:
    point_at(flow, before(flow, 1))
    assert flow.plus.isVisible()

    point_at(flow.layers[1], flow.layers[1].rect().center())

    assert not flow.plus.isVisible()


def test_the_delete_key_takes_the_selected_layer_out(flow: LayerFlow, qtbot: QtBot) -> None:
    focus(flow, 0)

    with qtbot.waitSignal(flow.layer_deleted) as deleted:
        QTest.keyClick(focused(), Qt.Key.Key_Delete)

    assert deleted.args == [0]


def test_the_focus_stays_in_the_flow_when_its_card_goes(flow: LayerFlow) -> None:
    flow.show_shown(shown(Document(RECIPE.layers, selected=2)))
    focus(flow, 2)

    flow.show_document(Document(RECIPE.layers[:2], selected=1), None)

    assert focused() is flow.layers[1]


@pytest.mark.parametrize("reason", [QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard])
def test_the_menu_of_a_card_offers_what_can_be_done_with_it(
    flow: LayerFlow, qtbot: QtBot, reason: QContextMenuEvent.Reason
) -> None:
    flow.show_shown(shown(Document(RECIPE.layers, selected=2)))
    card = flow.layers[2]
    place = card.rect().center()
    QApplication.sendEvent(card, QContextMenuEvent(reason, place, card.mapToGlobal(place)))
    menu = flow.findChild(QMenu, "layer-menu")
    assert isinstance(menu, QMenu)

    offered = {action.text().partition("\t")[0]: action for action in menu.actions() if not action.isSeparator()}
    with qtbot.waitSignal(flow.layer_duplicated) as duplicated:
        offered["Duplicate"].trigger()
    with qtbot.waitSignal(flow.layer_deleted) as deleted:
        offered["Delete"].trigger()
    menu.close()

    names = ["Rename…", "Switch off", "Duplicate", "Move left", "Move right", "Add behind", "Delete"]
    assert list(offered) == names
    assert (duplicated.args, deleted.args) == ([2], [2])
    assert not offered["Move right"].isEnabled()


# sizes


@pytest.mark.parametrize(("measures", "height"), [(MEDIUM, 80), (SMALL, 48), (COMPACT, 40)])
def test_it_is_as_high_as_the_window_wants(flow: LayerFlow, measures: Measures, height: int) -> None:
    flow.show_measures(measures)

    assert flow.height() == height
    for card in flow.cards:
        assert card.height() <= height
        assert card.rect().contains(card.eye.geometry())


def test_more_cards_than_fit_scroll_under_the_first_and_the_last(flow: LayerFlow) -> None:
    width = flow.window().width()
    flow.show_shown(shown(LONG))
    assert flow.window().width() == width
    first, last, start = place_in(flow, flow.source), place_in(flow, flow.add), flow.layers[0].x()

    middle = QPointF(flow.rect().center())
    wheel = QWheelEvent(
        middle, flow.mapToGlobal(middle), QPoint(), QPoint(0, -360), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,  # Qt's
    )  # fmt: skip
    QApplication.sendEvent(flow, wheel)

    assert flow.layers[0].x() < start
    assert (place_in(flow, flow.source), place_in(flow, flow.add)) == (first, last)
    assert last.x() + flow.add.width() <= flow.width()


def test_the_selected_card_is_scrolled_into_sight(flow: LayerFlow) -> None:
    flow.show_shown(shown(LONG))
    focus(flow, 0)

    QTest.keyClick(focused(), Qt.Key.Key_End)
    assert flow.layers[-1].geometry().right() <= place_in(flow, flow.add).x()
    QTest.keyClick(focused(), Qt.Key.Key_Home)
    QTest.keyClick(focused(), Qt.Key.Key_Right)

    assert flow.layers[0].x() > flow.source.geometry().right()


def test_where_a_card_lies_under_an_end_it_takes_no_click(flow: LayerFlow, qtbot: QtBot) -> None:
    flow.show_shown(shown(LONG))
    focus(flow, 0)
    QTest.keyClick(focused(), Qt.Key.Key_End)
    arrow = QPoint(8 + 220 + 14, 40)

    widget = flow.childAt(arrow)
    assert widget is not None
    with qtbot.assertNotEmitted(flow.layer_selected):
        QTest.mouseClick(widget, LEFT, pos=widget.mapFrom(flow, arrow))
