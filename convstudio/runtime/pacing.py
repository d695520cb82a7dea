"""Pacing: when the panels are brought up to date beside the pictures. What they show is decided elsewhere.

A picture is painted first. Where pictures follow one another, the panels follow in short turns, so that the event loop
paints in between and none of its turns is long; where one stands still they follow at once.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from time import perf_counter

from PySide6.QtCore import QObject, QTimer, Signal

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose

PATIENCE = 24  # milliseconds; the panels show a drag with its pictures, or after so long where those are slow
TURN = 3  # milliseconds between two turns: what one changed is painted before the next
FIGURES_INTERVAL = 50  # milliseconds between two updates of thumbnails and figures, which nobody reads any quicker


class Pacing(QObject):
    """Says when to show the recipe and when to show figures."""

    recipe_due = Signal()  # time to show the newest recipe
    figures_due = Signal()  # time to show thumbnails and figures of the latest picture

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turns: list[Callable[[], None]] = []  # what follows a picture
        self._figures_at = -inf  # when they were due the last time
        self._between_turns = QTimer(self)
        self._between_turns.setInterval(TURN)
        self._between_turns.timeout.connect(self._take_turn)
        self._patience = _single_shot(self, PATIENCE, self._lose_patience)
        self._last_figures = _single_shot(self, FIGURES_INTERVAL, self._bring_figures)  # when no other picture comes

    def drag(self) -> None:
        """A drag has changed the recipe: it is due with a picture, or soon."""
        if not self._patience.isActive():
            self._patience.start()

    def follow(self, *, is_moving: bool) -> None:
        """A picture is shown: what follows is due, in turns where other pictures come after this one."""
        self._turns = [self.recipe_due.emit, self._bring_figures]
        if not is_moving:
            while self._turns:
                self._take_turn()
            return
        if 1000 * (perf_counter() - self._figures_at) < FIGURES_INTERVAL:
            self._turns.pop()
            self._last_figures.start()
        self._between_turns.start()

    def recipe_shown(self) -> None:
        """The panels show the newest recipe, for whatever reason."""
        self._patience.stop()

    def drop(self) -> None:
        """What would follow the latest picture is no longer true; another picture, or a refusal, is."""
        self._turns.clear()
        self._between_turns.stop()
        self._last_figures.stop()

    def _lose_patience(self) -> None:
        """The recipe is due, but not before what follows a picture: both at once would make one long turn."""
        if self._turns:
            self._patience.start()
        else:
            self.recipe_due.emit()

    def _take_turn(self) -> None:
        turn = self._turns.pop(0)
        if not self._turns:
            self._between_turns.stop()
        turn()

    def _bring_figures(self) -> None:
        self._last_figures.stop()
        self._figures_at = perf_counter()
        self.figures_due.emit()


def is_drag(before: Document | None, document: Document) -> bool:
    """Whether nothing but numbers of the selected layer's weights and biases differs."""
    if before is None or before is document or document.selected < 0 or len(before.layers) != len(document.layers):
        return False
    old, new = before.layers[document.selected], document.layers[document.selected]
    if not isinstance(old, Conv | ConvTranspose) or not isinstance(new, Conv | ConvTranspose):
        return False
    if type(old) is not type(new) or old.weight.array.shape != new.weight.array.shape:
        return False
    layers = list(document.layers)
    layers[document.selected] = replace(new, weight=old.weight, bias=old.bias)
    return replace(document, layers=tuple(layers)) == before and document.selected == before.selected


def _single_shot(parent: QObject, milliseconds: int, timeout: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(timeout)
    return timer
