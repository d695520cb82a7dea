"""The very first start: when its card comes, what its rows do, and what closes it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject

from convstudio.commands.commands import Commands
from convstudio.views.window.stages import PICTURES
from convstudio.views.window.welcome import WelcomeCard
from convstudio.wiring.panels import Panels
from convstudio.wiring.preferences import Preferences


class WelcomeWiring(QObject):
    """Shows the card once in a person's life with the program."""

    def __init__(
        self, panels: Panels, commands: Commands, preferences: Preferences, ways: Mapping[str, Callable[[], object]]
    ) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._preferences, self._ways = panels, commands, preferences, ways
        self._card: WelcomeCard | None = None

    def open(self) -> None:
        """Show the card with the first picture, unless it was shown in an earlier start."""
        if not self._preferences.settings.is_welcomed:
            self._commands.looking.shown.connect(self._show)

    def _show(self, _: object) -> None:
        panels, commands = self._panels, self._commands
        commands.looking.shown.disconnect(self._show)
        if panels.window.stage != PICTURES or commands.recipe.store.can_undo:
            return  # work has begun already
        self._preferences.keep(replace(self._preferences.settings, is_welcomed=True))
        self._card = card = WelcomeCard(panels.pair.after.canvas)
        card.chosen.connect(lambda name: self._ways[name]())
        card.closed.connect(self._forget)
        for work in (
            commands.recipe.store.changed,
            commands.sources.opening_began,
            panels.window.stage_changed,
            panels.pair.unit_pinned,
            panels.kernel.presets_toggled,
        ):
            work.connect(card.close_card)
        card.open_card()

    def _forget(self) -> None:
        if self._card is not None:
            self._card.deleteLater()
            self._card = None
