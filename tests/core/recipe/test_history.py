"""Undo and redo as values."""

from dataclasses import replace

from convstudio.core.recipe.document import Document, with_inserted, with_moved, without_layer
from convstudio.core.recipe.history import DEPTH, History, record, redo, seal, undo
from convstudio.core.recipe.layers import Activation, Pool


def documents(count: int) -> list[Document]:
    return [Document((Activation(slope=number),)) for number in range(count)]


def test_undo_goes_back_and_redo_forth() -> None:
    first, second, third = documents(3)
    history = record(record(History(first), second), third)

    back = undo(undo(history))

    assert back.present == first
    assert redo(redo(back)).present == third


def test_one_gesture_is_one_step() -> None:
    first, second, third = documents(3)

    history = record(record(History(first), second, merge="drag"), third, merge="drag")

    assert undo(history).present == first


def test_the_next_gesture_is_another_step() -> None:
    first, second, third = documents(3)

    history = record(seal(record(History(first), second, merge="drag")), third, merge="drag")

    assert undo(history).present == second


def test_an_edit_after_undo_drops_the_future() -> None:
    first, second, third = documents(3)

    history = record(undo(record(History(first), second)), third)

    assert redo(history) == history
    assert undo(history).present == first


def test_selecting_is_not_an_edit() -> None:
    document = Document((Activation(),))

    history = record(History(document), replace(document, selected=0))

    assert history.past == ()
    assert history.present.selected == 0


def test_the_past_is_bounded() -> None:
    history = History(Document())
    for document in documents(DEPTH + 10):
        history = record(history, document)

    assert len(history.past) == DEPTH


def test_layers_are_put_in_moved_and_taken_out() -> None:
    document = Document((Activation(), Pool()))

    inserted = with_inserted(document, 1, Activation(slope=9))
    moved = with_moved(inserted, 0, 2)

    assert [layer.__class__ for layer in moved.layers] == [Activation, Pool, Activation]
    assert moved.selected == 2
    assert without_layer(moved, 0).layers == (Pool(), Activation())
