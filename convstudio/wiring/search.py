"""The search: everything that can be looked for in the window as it is now, and what choosing it does."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject

from convstudio.commands.commands import Commands
from convstudio.core.display.pictures import Picture
from convstudio.core.kernels.choices import PresetChoice
from convstudio.io.lessons import lesson_title
from convstudio.io.samples import SAMPLES
from convstudio.views.search.entries import SearchEntry, SearchGroup, fields_of, go_to
from convstudio.views.window.actions import ACTIONS, Action, Menu
from convstudio.views.window.stages import STAGES
from convstudio.wiring.lessons.steps import LessonWiring
from convstudio.wiring.panels import Panels
from convstudio.wiring.presets import PresetWiring

OF_STAGES = {stage.action for stage in STAGES}
SETTINGS = {"presenter", "full-screen"}
Deed = tuple[SearchEntry, Callable[[], object]]


class SearchWiring(QObject):
    """Fills the finder when it opens, previews the preset that is highlighted, and does what is chosen."""

    def __init__(self, panels: Panels, commands: Commands, presets: PresetWiring, lessons: LessonWiring) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._presets, self._lessons = panels, commands, presets, lessons
        self._deeds: dict[str, Callable[[], object]] = {}
        self._choices: dict[str, PresetChoice] = {}
        self._is_looking = False
        panels.window.finder.looked_at.connect(self._look_at)
        panels.window.finder.chosen.connect(lambda name: self._deeds[name]())

    def open(self) -> None:
        """Search in what there is now."""
        choices = self._panels.presets.choices
        self._choices = {f"preset {choice.title}": choice for choice in choices}
        deeds = [*self._actions(), *self._all_presets(), *self._fields(), *self._samples(), *self._all_lessons()]
        self._deeds = {entry.name: deed for entry, deed in deeds}
        self._panels.window.finder.search([entry for entry, _ in deeds])
        self._commands.looking.preview_choices(choices, self._panels.presets.side, self._show_pictures)

    def _look_at(self, name: str) -> None:
        choice = self._choices.get(name)
        if choice is not None or self._is_looking:
            self._presets.look_at(choice)
        self._is_looking = choice is not None

    def _show_pictures(self, pictures: dict[str, Picture]) -> None:
        self._panels.window.finder.show_pictures({f"preset {title}": shown for title, shown in pictures.items()})

    # what there is

    def _actions(self) -> Iterator[Deed]:
        for row in ACTIONS:
            action = self._panels.window.actions_by_name[row.name]
            if row.name != "search":
                entry = SearchEntry(row.name, _heading_of(row), row.text, row.tip, row.key_text, action.isEnabled())
                yield entry, action.trigger

    def _all_presets(self) -> Iterator[Deed]:
        can_take = self._presets.can_take
        for name, choice in self._choices.items():
            tip = choice.preset.description if can_take else "Select a layer with a kernel first"
            yield (
                SearchEntry(name, SearchGroup.PRESETS, choice.title, tip, "", can_take),
                partial(self._presets.take, choice),
            )

    def _fields(self) -> Iterator[Deed]:
        for number, (text, field) in enumerate(fields_of(self._panels.window.columns)):
            yield SearchEntry(f"field {number}", SearchGroup.FIELDS, text, field.toolTip()), partial(go_to, field)

    def _samples(self) -> Iterator[Deed]:
        for sample in SAMPLES:
            entry = SearchEntry(f"sample {sample.key}", SearchGroup.SAMPLES, sample.title, sample.sentence)
            yield entry, partial(self._commands.sources.open_sample, sample.key)

    def _all_lessons(self) -> Iterator[Deed]:
        for number, path in enumerate(self._lessons.files, 1):
            entry = SearchEntry(f"lesson {number}", SearchGroup.LESSONS, lesson_title(path), f"Lesson {number}")
            yield entry, partial(self._lessons.open, path)


def _heading_of(row: Action) -> SearchGroup:
    if row.name in OF_STAGES:
        return SearchGroup.STAGES
    return SearchGroup.SETTINGS if row.menu is Menu.THEME or row.name in SETTINGS else SearchGroup.COMMANDS
