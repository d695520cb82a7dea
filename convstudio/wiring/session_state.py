"""Belongings: what a person supposes, pins or chooses in a panel belongs to the session it was set for.

A lesson's step, an opened session and a reset recipe begin without any of it; who comes back finds it again, by leaving
the lesson as by undo. What a panel keeps is its own affair (`Keeper`).
"""

from collections.abc import Iterator
from typing import Protocol

from PySide6.QtCore import QObject

from convstudio.commands.looking import LookingCommands
from convstudio.runtime.store import Store
from convstudio.wiring.panels import Panels
from convstudio.wiring.probe import ProbeWiring


class Keeper(Protocol):
    """Whoever holds something that belongs to a session."""

    @property
    def belongings(self) -> object:
        """What was set for the session on the screen, as a frozen value."""

    def take_belongings(self, belongings: object) -> None:
        """Hold what was set for another session; None is what a session begins with."""


class Belongings(QObject):
    """Puts away what belongs to one session, and brings out what belongs to the next."""

    def __init__(self, panels: Panels, store: Store, probe: ProbeWiring, looking: LookingCommands) -> None:
        super().__init__(panels.window)
        self._panels, self._probe, self._looking = panels, probe, looking
        self._put_away: dict[int, dict[str, object]] = {}  # by the number of the session, and the keeper's name
        store.session_changed.connect(self._exchange)

    def _exchange(self, before: int, now: int) -> None:
        keepers = dict(self._keepers())
        self._put_away[before] = {name: keeper.belongings for name, keeper in keepers.items()}
        brought_out = self._put_away.pop(now, {})
        for name, keeper in keepers.items():
            keeper.take_belongings(brought_out.get(name))

    def _keepers(self) -> Iterator[tuple[str, Keeper]]:
        yield "step", self._panels.step
        yield "probe", self._probe
        yield "source range", self._looking
        for name, holder in self._panels.explanations.items():
            if holder.panel is not None:
                yield name, holder.panel
