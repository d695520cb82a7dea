"""Every action of the window as a row of one table: its name, words, key, icon, place, and when it can be asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QKeySequence

from convstudio.views.flow.choices import CHOICES
from convstudio.views.window.stages import PICTURES, STAGES, Stage


@dataclass(frozen=True)
class State:
    """What decides which actions are enabled."""

    has_result: bool = False
    can_undo: bool = False
    can_redo: bool = False
    is_live: bool = False
    is_frozen: bool = False
    is_seekable: bool = False
    has_layer: bool = False
    layers: int = 0
    selected: int = -1
    has_lesson: bool = False
    stage: str = PICTURES
    files: int = 0  # that were opened together
    file: int = 0  # the one that is open, from 0
    pages: int = 1  # of the open file
    page: int = 0  # the one that is wanted, from 0


class Menu(StrEnum):
    """The menus, by the words in the menu bar."""

    FILE = "File"
    EDIT = "Edit"
    LAYER = "Layer"
    ADD = "Add layer"
    VIEW = "View"
    PLAY = "Play"
    THEME = "Theme"
    LEARN = "Learn"
    HELP = "Help"

    @property
    def inside(self) -> "Menu | None":
        """The menu that it is a part of; None for one in the menu bar."""
        return {Menu.LAYER: Menu.EDIT, Menu.ADD: Menu.LAYER, Menu.PLAY: Menu.VIEW, Menu.THEME: Menu.VIEW}.get(self)


def always(_: State) -> bool:
    """Enabled in every state."""
    return True


@dataclass(frozen=True)
class Action:
    """One thing that a person can ask for. `is_on` makes it a switch and says whether it is on.

    `standard` is the desktop's key for it, and `key` ours, which works as well.
    """

    name: str
    menu: Menu
    text: str
    tip: str
    key: str = ""
    icon: str = ""
    enabled_when: Callable[[State], bool] = always
    is_on: Callable[[State], bool] | None = None
    standard: QKeySequence.StandardKey | None = None
    other_key: str = ""

    @property
    def keys(self) -> list[QKeySequence]:
        """Its keys, the desktop's own ones before ours; the first is the one that is shown."""
        own = [QKeySequence(key) for key in (self.key, self.other_key) if key]
        desktop = [] if self.standard is None else QKeySequence.keyBindings(self.standard)
        return [*desktop, *(key for key in own if key not in desktop)]

    @property
    def key_text(self) -> str:
        """The key that is shown, "" where there is none."""
        return self.keys[0].toString(QKeySequence.SequenceFormat.NativeText) if self.keys else ""


def _has_result(state: State) -> bool:
    return state.has_result


def _has_layer(state: State) -> bool:
    return state.has_layer


def _is_live(state: State) -> bool:
    return state.is_live


def _is_seekable(state: State) -> bool:
    return state.is_seekable


def _is_on_stage(stage: Stage) -> Callable[[State], bool]:
    return lambda state: state.stage == stage.name


StandardKey = QKeySequence.StandardKey
ACTIONS = (
    Action("open", Menu.FILE, "Open…", "Open a picture, a video or a session", "Ctrl+O", "folder-open", standard=StandardKey.Open),
    Action("open-stream", Menu.FILE, "Open a stream…", "Watch a network camera: http:// or rtsp://", "Ctrl+L", "globe"),
    Action("previous-file", Menu.FILE, "The file before", "Of the files that were opened together", "PgUp", "", lambda state: state.file > 0),
    Action("next-file", Menu.FILE, "The next file", "Of the files that were opened together", "PgDown", "", lambda state: state.file < state.files - 1),
    Action("previous-page", Menu.FILE, "The page before", "Of a file with several pictures: its pages, slices, frames or channels", "Alt+PgUp", "", lambda state: state.page > 0),
    Action("next-page", Menu.FILE, "The next page", "Of a file with several pictures: its pages, slices, frames or channels", "Alt+PgDown", "", lambda state: state.page < state.pages - 1),
    Action("paste", Menu.FILE, "Paste picture", "Take the picture from the clipboard, or the file that was copied", "Ctrl+Shift+V", "clipboard-paste"),
    Action("new-grid", Menu.FILE, "Type a grid of numbers", "Use a small grid of typed numbers as picture", "Ctrl+G", "table"),
    Action("save", Menu.FILE, "Save session", "Save the recipe and where its picture came from", "Ctrl+S", "save", standard=StandardKey.Save),
    Action("save-as", Menu.FILE, "Save session as…", "Save the session under another name", "Ctrl+Shift+S", standard=StandardKey.SaveAs),
    Action("export", Menu.FILE, "Save picture…", "Save what came out, in the values, format and depth you choose", "Ctrl+E", "download", _has_result),
    Action("quit", Menu.FILE, "Quit", "Close ConvStudio", "Ctrl+Q", standard=StandardKey.Quit),
    Action("undo", Menu.EDIT, "Undo", "Take back the last edit", "Ctrl+Z", "undo-2", lambda state: state.can_undo, standard=StandardKey.Undo),
    Action("redo", Menu.EDIT, "Redo", "Do it again", "Ctrl+Shift+Z", "redo-2", lambda state: state.can_redo, standard=StandardKey.Redo),
    Action(
        "copy-output", Menu.EDIT, "Copy output", "Put the output as shown on the clipboard", "Ctrl+Shift+C", "copy",
        _has_result,
    ),
    Action("reset", Menu.EDIT, "Default recipe", "Start again with the recipe of the first start; Undo brings yours back", "Ctrl+Shift+N"),
    Action("small-network", Menu.LEARN, "A network's first layers", "Six filters across the colours, ReLU and max pooling"),
    Action("face-finder", Menu.LEARN, "A network that finds faces", "The first network of MTCNN as layers: it lights up where a face is, on the portrait or on your camera"),
    Action("articles-example", Menu.LEARN, "The article", "Its grid 10 10 10 0 0 0 under the filter 1 0 −1, one output at a time", "Ctrl+Shift+A"),
    *(
        Action(choice.name, Menu.ADD, f"Add {choice.label}", choice.tip, choice.keys, "", _has_result)
        for choice in CHOICES.values()
    ),
    Action("duplicate-layer", Menu.LAYER, "Duplicate layer", "Put a copy behind the layer", "Ctrl+D", "copy", _has_layer),
    Action("delete-layer", Menu.LAYER, "Delete layer", "Take the layer out", "Ctrl+Del", "trash-2", _has_layer),
    Action("toggle-layer", Menu.LAYER, "Switch layer on or off", "Leave the layer out for a while", "Ctrl+B", "power", _has_layer),
    Action(
        "layer-left", Menu.LAYER, "Move layer left", "Apply the layer earlier", "Ctrl+Shift+Left", "arrow-left",
        lambda state: state.selected > 0,
    ),
    Action(
        "layer-right", Menu.LAYER, "Move layer right", "Apply the layer later", "Ctrl+Shift+Right", "arrow-right",
        lambda state: 0 <= state.selected < state.layers - 1,
    ),
    Action(
        "previous-layer", Menu.LAYER, "Select the layer before", "Show the layer before this one", "Ctrl+PgUp", "",
        lambda state: state.selected >= 0,
    ),
    Action(
        "next-layer", Menu.LAYER, "Select the next layer", "Show the layer behind this one", "Ctrl+PgDown", "",
        lambda state: state.selected < state.layers - 1,
    ),
    *(
        Action(stage.action, Menu.VIEW, stage.title, stage.tip, f"Ctrl+{number}" if number <= 9 else "", is_on=_is_on_stage(stage))
        for number, stage in enumerate(STAGES, 1)
    ),
    Action("fit", Menu.VIEW, "Fit the pictures", "Show all of both pictures", "Ctrl+0", "maximize", _has_result),
    Action("actual-size", Menu.VIEW, "Actual size", "One pixel of the picture on one of the screen", "Ctrl+Alt+0", "scan", _has_result),
    Action("theme-system", Menu.THEME, "Theme of the system", "Dark or light as the system is", "Ctrl+T, S"),
    Action("theme-light", Menu.THEME, "Light theme", "Dark text on light ground", "Ctrl+T, L", "sun"),
    Action("theme-dark", Menu.THEME, "Dark theme", "Light text on dark ground", "Ctrl+T, D", "moon"),
    Action("presenter", Menu.VIEW, "Present", "Picture and kernel fill the screen, for a class to see", "F5", "presentation"),
    Action("full-screen", Menu.VIEW, "Full screen", "Use the whole screen, or no longer", "F11", standard=StandardKey.FullScreen),
    Action("step-back", Menu.PLAY, "Step back", "The calculation of the output before", "Ctrl+,", "step-back", _has_layer),
    Action("step-forward", Menu.PLAY, "Step", "The calculation of the next output", "Ctrl+.", "step-forward", _has_layer),
    Action("step-play", Menu.PLAY, "Slide", "Let the window slide over all outputs, or stop it", "Ctrl+/", "play", _has_layer),
    Action(
        "freeze", Menu.PLAY, "Freeze", "Hold the present frame; the source goes on", "Ctrl+Space", "snowflake", _is_live,
        lambda state: state.is_frozen,
    ),
    Action("play-pause", Menu.PLAY, "Play or pause", "Stop the video, or go on", "Ctrl+P", "pause", _is_seekable),
    Action("back", Menu.PLAY, "Back 5 seconds", "Go back in the video", "Ctrl+Left", "step-back", _is_seekable),
    Action("forward", Menu.PLAY, "Forward 5 seconds", "Go on in the video", "Ctrl+Right", "step-forward", _is_seekable),
    Action(
        "follow-article", Menu.LEARN, "Follow the article", "The argument for convolutions, step by step, with your own hands",
        "", "graduation-cap",
    ),
    Action("lessons", Menu.LEARN, "Lessons", "Five lessons of ten steps on why convolutions work", "F6", "graduation-cap"),
    Action("open-lesson", Menu.LEARN, "Open a lesson…", "Open a lesson that somebody wrote", "Shift+F6"),
    Action(
        "leave-lesson", Menu.LEARN, "Leave the lesson", "Your own recipe and picture come back", "Ctrl+F6", "",
        lambda state: state.has_lesson,
    ),
    Action("search", Menu.HELP, "Search", "Presets, commands, fields, samples, lessons and settings", "Ctrl+K", "search", other_key="Ctrl+Shift+P"),
    Action("shortcuts", Menu.HELP, "Keys", "What the window, the pictures and the kernel can be asked for by the keyboard", "F1", "circle-help", standard=StandardKey.HelpContents),
    Action("about", Menu.HELP, "About ConvStudio", "Version and licences", "Shift+F1", "info"),
)  # fmt: skip
