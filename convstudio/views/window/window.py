"""The window: the rows, the stage and the column beside it; it takes what is dropped and decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QMenuBar,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from convstudio.views import icons, theme
from convstudio.views.flow import keys as flow_keys
from convstudio.views.kernel import keys as kernel_keys
from convstudio.views.measures import Measured, Measures, measures_for
from convstudio.views.pictures.canvas import keys as picture_keys
from convstudio.views.search.finder import Finder
from convstudio.views.search.keys_page import Keys, KeysPage
from convstudio.views.style_sheet import set_kind
from convstudio.views.window.actions import ACTIONS, Menu, State
from convstudio.views.window.file_steps import FileSteps
from convstudio.views.window.search_field import SearchField
from convstudio.views.window.stage_row import StageRow
from convstudio.views.window.stages import PICTURES
from convstudio.views.window.status import StatusLine

SMALLEST = 896, 480  # logical pixels: 1366×768 at 150 %, without the desktop's own bars
PRESENTER = "presenter"  # the column beside a picture that is shown to many
PRESENTER_SHARE, WIDEST, NARROWEST = 0.38, 544, 280  # of the width beside a lesson, and in pixels
LAYER = "layer"  # the column that a stage has unless it brings its own


@dataclass(frozen=True)
class WindowParts:
    """What the window is filled with."""

    flow: QWidget
    stages: Mapping[str, QWidget]
    layer: QWidget  # the column for the selected layer
    columns: Mapping[str, QWidget]  # by the stage that each belongs to, or by its own name
    lesson: QWidget
    above: QWidget  # a question
    below: tuple[QWidget, ...]  # how a video goes on, and the pages of a file
    strip: QWidget


class MainWindow(QMainWindow):
    """Everything on the screen."""

    asked = Signal(str)  # an action's name
    files_dropped = Signal(object)  # paths or addresses
    picture_dropped = Signal(object)  # QImage
    stage_changed = Signal(str)  # the stage that is on now
    column_changed = Signal(str)  # the column that is beside it now
    measures_changed = Signal(object)  # Measures
    closing = Signal(object)  # QCloseEvent; who would lose work ignores it

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("ConvStudio")
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        self.actions_by_name: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.camera_menu, self.samples_menu, self.recent_menu = (QMenu(self) for _ in range(3))
        self.samples_menu.setTitle("Samples")
        self.recent_menu.setTitle("Open again")
        self.menu_bar = QMenuBar(self)
        self._make_actions()
        self.search_field = SearchField(self.actions_by_name["search"], self)
        self.stage_row = StageRow(self.actions_by_name, self._open_menu(), self.camera_menu, self)
        self.status = StatusLine(self)
        self.file_steps = FileSteps(self)
        self.finder = Finder(self)
        self.keys_page = KeysPage(key_tables(), self)
        self.stages = QStackedWidget(self)
        self.stages.setObjectName("stage")
        self.stages.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.columns = QStackedWidget(self)
        self.columns.setObjectName("columns")
        set_kind(self.columns, "panel")
        self._stage_names: list[str] = []
        self._columns: dict[str, QWidget] = {}
        self._parts: WindowParts | None = None
        self.measures = measures_for(*SMALLEST)
        self.is_presenting = False
        self._focused_in: dict[str, QWidget] = {}  # by the column
        self._chrome: list[QWidget] = []  # what is away while somebody presents
        self._has_flow = self._has_column = True  # a lesson leaves away what its step does not need

    def fill(self, parts: WindowParts) -> None:
        """Put everything into its place."""
        self._parts = parts
        for name, widget in parts.stages.items():
            self._stage_names.append(name)
            self.stages.addWidget(widget)
        for name, widget in ((LAYER, parts.layer), *parts.columns.items()):
            self.add_column(name, widget)
        parts.lesson.hide()
        parts.lesson.setParent(self)
        parts.lesson.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(parts.lesson, "panel")
        self.menu_row = self._menu_row()
        self.setMenuWidget(self.menu_row)
        centre = QWidget(self)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        upper, lower = _line(centre), _line(centre)
        for widget in (self.stage_row, upper, parts.above):
            layout.addWidget(widget)
        layout.addLayout(self._middle(centre, parts), 1)
        layout.addWidget(lower)
        layout.addWidget(self._bottom_row(centre, parts))
        self._chrome = [self.menu_row, self.stage_row, upper, lower, self.bottom_row]
        self.setCentralWidget(centre)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # and not the first field, which nobody has chosen
        self._show_measures(measures_for(self.width(), self.height()), parts)

    def add_column(self, name: str, widget: QWidget) -> None:
        """Give a stage a column of its own, to be shown in the place of the layer's."""
        self._columns[name] = widget
        if isinstance(widget, Measured):
            widget.show_measures(self.measures)
        self.columns.addWidget(widget)

    # what is on the screen

    @property
    def stage(self) -> str:
        """The stage that is on."""
        return self._stage_names[self.stages.currentIndex()]

    @property
    def column(self) -> str:
        """The column that is beside it."""
        return next(name for name, widget in self._columns.items() if widget is self.columns.currentWidget())

    def show_stage(self, name: str) -> None:
        """Show one stage in the place of another, with the column that belongs to it."""
        is_other = name != self.stage
        self.stages.setCurrentIndex(self._stage_names.index(name))
        if is_other:
            self.stage_changed.emit(name)
        self.show_column(name)

    def show_column(self, name: str) -> None:
        """Show a column, or the layer's where there is none of that name, and all that is around the stage."""
        self._has_flow = self._has_column = True
        self._turn_to_column(name)

    def show_around(self, *, has_flow: bool, has_column: bool) -> None:
        """Leave the flow or the column away, until a stage or a column is asked for."""
        self._has_flow, self._has_column = has_flow, has_column
        self._show_around()

    def column_of(self, widget: QWidget) -> str:
        """The name of the column that a widget is a part of; "" for none."""
        return next((name for name, column in self._columns.items() if column.isAncestorOf(widget)), "")

    def has_own_column(self, stage: str) -> bool:
        """Whether a stage is controlled from a column of its own."""
        return stage in self._columns

    def _turn_to_column(self, name: str) -> None:
        if self.is_presenting and (name not in self._columns or name == LAYER):
            name = PRESENTER  # a stage that is controlled from its own column keeps that
        before, focused = self.column, self.focusWidget()
        is_within = self.columns.isAncestorOf(focused)
        self.columns.setCurrentWidget(self._columns.get(name, self._columns[LAYER]))
        self._fit_columns()
        self._show_around()
        if self.column != before:
            if is_within:  # the keyboard stays in the column, where it was before
                self._focused_in[before] = focused
                self._focused_in.get(self.column, self).setFocus(Qt.FocusReason.OtherFocusReason)
            self.column_changed.emit(self.column)

    def show_presenter(self, *, is_on: bool) -> None:
        """Leave nothing on the screen but the stage and, beside the pictures, the kernel; or bring everything back."""
        self.is_presenting = is_on
        for widget in self._chrome:
            widget.setVisible(not is_on)
        self._turn_to_column(self.stage)

    @property
    def around(self) -> Mapping[Qt.Edge, Sequence[QWidget]]:
        """What is around the stage, by the edge over which it leaves when somebody presents."""
        flow = [self._parts.flow] if self._parts is not None else []
        return {
            Qt.Edge.TopEdge: [self.menu_row, self.stage_row, *flow],
            Qt.Edge.BottomEdge: [self.bottom_row],
            Qt.Edge.RightEdge: [self.columns],
        }

    def show_lesson(self, *, is_open: bool) -> None:
        """Show the lesson's card beside the stage, or put it away."""
        if self._parts is not None:
            self._parts.lesson.setVisible(is_open)
            self._fit_columns()

    def _show_around(self) -> None:
        """Show the flow and the column where they have a place."""
        if self._parts is not None:
            self._parts.flow.setVisible(self._has_flow and not self.is_presenting)
        is_shown = self.stage == PICTURES if self.column == PRESENTER else self._has_column or self.is_presenting
        self._column_line.setVisible(is_shown and self.column != PRESENTER)
        self.columns.setVisible(is_shown)

    def show_state(self, state: State) -> None:
        """Enable and check every action for a state; the one place where this happens."""
        for row in ACTIONS:
            action = self.actions_by_name[row.name]
            action.setEnabled(row.enabled_when(state))
            if row.is_on is not None:
                action.setChecked(row.is_on(state))

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the sizes that go with the room there is."""
        super().resizeEvent(event)
        self._fit_columns()
        measures = measures_for(event.size().width(), event.size().height())
        if measures != self.measures and self._parts is not None:
            self._show_measures(measures, self._parts)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, which nobody else wanted, goes back to the pictures; what is pasted there is a picture."""
        if event.key() == Qt.Key.Key_Escape and self.is_presenting:
            self.asked.emit("presenter")
        elif event.key() == Qt.Key.Key_Escape:
            self.show_stage(PICTURES)
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.asked.emit("paste")
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before work is lost."""
        self.closing.emit(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, addresses and pictures."""
        if _dropped_texts(event.mimeData()) or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand on what was dropped."""
        texts = _dropped_texts(event.mimeData())
        if texts:
            self.files_dropped.emit(texts)
        elif event.mimeData().hasImage():
            self.picture_dropped.emit(QImage(event.mimeData().imageData()))
        event.acceptProposedAction()

    # building

    def _menu_row(self) -> QWidget:
        row = QWidget(self)
        row.setObjectName("menu-row")
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, theme.SPACE, 0)
        layout.setSpacing(0)
        layout.addWidget(self.menu_bar, 1)
        layout.addWidget(self.search_field)
        return row

    def _middle(self, parent: QWidget, parts: WindowParts) -> QHBoxLayout:
        """The lesson's card, the flow over the stage, and the column at the right."""
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(parts.flow)
        left.addWidget(self.stages, 1)
        for widget in parts.below:
            left.addWidget(widget)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(parts.lesson)
        middle.addLayout(left, 1)
        self._column_line = _line(parent, is_upright=True)
        middle.addWidget(self._column_line)
        middle.addWidget(self.columns)
        return middle

    def _bottom_row(self, parent: QWidget, parts: WindowParts) -> QWidget:
        self.bottom_row = QWidget(parent)
        self.bottom_row.setObjectName("bottom-row")
        self.bottom_row.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        set_kind(self.bottom_row, "panel")
        layout = QHBoxLayout(self.bottom_row)
        layout.setContentsMargins(2 * theme.SPACE, 0, 2 * theme.SPACE, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addWidget(parts.strip)
        layout.addWidget(self.file_steps)
        layout.addWidget(self.status, 1)
        return self.bottom_row

    def _show_measures(self, measures: Measures, parts: WindowParts) -> None:
        self.measures = measures
        self.search_field.show_measures(measures)
        self.menu_row.setFixedHeight(measures.menu_row)
        self.stage_row.show_measures(measures)
        parts.flow.setFixedHeight(measures.flow)
        for widget in (parts.flow, parts.strip, parts.lesson, *parts.stages.values(), *self._columns.values()):
            if isinstance(widget, Measured):
                widget.show_measures(measures)
        self._fit_columns()
        self.bottom_row.setFixedHeight(measures.bottom_row)
        self.measures_changed.emit(measures)

    def _fit_columns(self) -> None:
        lesson = self._parts.lesson.width() if self._parts is not None and self._parts.lesson.isVisible() else 0
        room = round((self.width() - lesson) * PRESENTER_SHARE)
        width = max(NARROWEST, min(WIDEST, room)) if self.column == PRESENTER else self.measures.inspector
        self.columns.setFixedWidth(width)

    def _make_actions(self) -> None:
        for menu in Menu:
            parent = self.menu_bar if menu.inside is None else self.menus[menu.inside]
            self.menus[menu] = parent.addMenu(menu.value if menu.inside else f"&{menu}")
            self.menus[menu].setToolTipsVisible(True)
        for row in ACTIONS:
            action = QAction(row.text, self)
            action.setObjectName(f"action-{row.name}")
            keys = f" ({row.key_text})" if row.keys else ""
            action.setToolTip(f"{row.tip}{keys}")
            action.setStatusTip("")
            action.setShortcuts(row.keys)
            if row.icon:
                action.setIcon(icons.icon(row.icon))
            action.setCheckable(row.is_on is not None)
            action.triggered.connect(lambda _=False, name=row.name: self._ask(name))
            self.menus[row.menu].addAction(action)
            self.addAction(action)  # its key works wherever the menus are
            self.actions_by_name[row.name] = action
        first = self.menus[Menu.FILE].actions()[1]
        self.menus[Menu.FILE].insertMenu(first, self.samples_menu)
        self.menus[Menu.FILE].insertMenu(first, self.recent_menu)

    def _ask(self, name: str) -> None:
        self.asked.emit(name)

    def _open_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.addAction(self.actions_by_name["open"])
        menu.addMenu(self.samples_menu)
        menu.addMenu(self.recent_menu)
        menu.addSeparator()
        menu.addActions([self.actions_by_name[name] for name in ("paste", "new-grid", "open-stream")])
        return menu


def key_tables() -> list[tuple[str, Keys]]:
    """Every key of the window, the flow, the pictures and the kernel, by where it works."""
    menus = [
        (menu.value, [(row.key_text, row.text) for row in ACTIONS if row.menu is menu and row.keys]) for menu in Menu
    ]
    return [("Kernel", kernel_keys.KEYS), ("Pictures", picture_keys.KEYS), ("Flow of layers", flow_keys.KEYS), *menus]


def _line(parent: QWidget, *, is_upright: bool = False) -> QFrame:
    """A hairline between two parts."""
    line = QFrame(parent)
    set_kind(line, "upright line" if is_upright else "line")
    return line


def _dropped_texts(data: QMimeData) -> list[str]:
    return [url.toLocalFile() or url.toString() for url in data.urls()]
