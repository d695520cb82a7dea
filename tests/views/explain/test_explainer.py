"""What every explanation does alike."""

from pytestqt.qtbot import QtBot

from convstudio.views.explain.explainer import Explainer


def test_a_refusal_takes_the_place_of_the_answer_that_was_awaited(qtbot: QtBot) -> None:
    panel = Explainer("some")
    qtbot.addWidget(panel)
    panel.show()
    panel.show_progress(0.4)
    qtbot.waitUntil(lambda: panel.progress.isVisible() and panel.cancel.isVisible())

    panel.show_refusal("There is no layer to explain.")

    assert panel.lead.text() == "There is no layer to explain."
    assert not panel.progress.isVisible()
    assert not panel.cancel.isVisible()
