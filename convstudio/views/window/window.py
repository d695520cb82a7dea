"""The window: it arranges the panels, shows the actions and takes what is dropped. It decides nothing."""

from collections.abc import Sequence

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QImage, QKeySequence
from PySide6.QtWidgets import (
    QDockWidget,
    QMainWindow,
    QMenu,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from convstudio.views import icons
from convstudio.views.scrolling import scrolling
from convstudio.views.window.actions import ACTIONS, ICON_ONLY, TOOLBAR, Menu, State
from convstudio.views.window.finder import Finder, SearchEntry
from convstudio.views.window.status import StatusLine

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


class MainWindow(QMainWindow):
    """Everything on the screen."""

    asked = Signal(str)  # an action's name
    files_dropped = Signal(object)  # paths or addresses
    picture_dropped = Signal(object)  # QImage
    panel_seen = Signal(str, bool)  # a dock came to the front, or it was hidden, by another tab too
    closing = Signal(object)  # QCloseEvent; who would lose work ignores it

    def __init__(self, centre: Sequence[QWidget], *, above: QWidget | None = None) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.setWindowTitle("ConvStudio")
        self.setAcceptDrops(True)
        self.setDockNestingEnabled(True)
        self.setTabPosition(BOTTOM, self.tabPosition(Qt.DockWidgetArea.TopDockWidgetArea))
        self.setCorner(Qt.Corner.BottomLeftCorner, BOTTOM)
        self.setCorner(Qt.Corner.BottomRightCorner, BOTTOM)
        middle = QWidget(self)
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if above is not None:
            layout.addWidget(above)
        for place, widget in enumerate(centre):
            layout.addWidget(widget, 1 if place == 0 else 0)
        self.setCentralWidget(middle)
        self.status = StatusLine(self)
        self.setStatusBar(self.status)
        self.docks: dict[str, QDockWidget] = {}
        self._visible_panels: set[str] = set()
        self.actions_by_name: dict[str, QAction] = {}
        self.menus: dict[str, QMenu] = {}
        self.camera_menu, self.samples_menu, self.recent_menu = (QMenu(self) for _ in range(3))
        self.recent_menu.setTitle("Open again")
        self._first_state = QByteArray()
        self._make_actions()
        self._make_toolbar()
        self.finder = Finder(self)
        self.finder.chosen.connect(self._run)

    def add_panel(self, name: str, title: str, widget: QWidget, area: Qt.DockWidgetArea, *, scrolls: bool) -> None:
        """Put a panel into a dock; panels at the bottom share one place as tabs."""
        dock = QDockWidget(title, self)
        dock.setObjectName(f"dock-{name}")
        dock.setWidget(scrolling(widget) if scrolls else widget)
        siblings = [other for other in self.docks.values() if self.dockWidgetArea(other) == area]
        self.addDockWidget(area, dock)
        if siblings and area == BOTTOM:
            self.tabifyDockWidget(siblings[-1], dock)
            siblings[0].raise_()
        self.docks[name] = dock
        dock.visibilityChanged.connect(lambda is_seen: self._note_visibility(name, is_seen=is_seen))
        toggle = dock.toggleViewAction()
        toggle.setToolTip(f"Show or hide {title}")
        self.menus[Menu.VIEW].addAction(toggle)

    def arrange(self, sizes: dict[str, int], heights: dict[str, int]) -> None:
        """Give the docks their first sizes and remember them for “Put the panels back”."""
        self.resizeDocks([self.docks[name] for name in sizes], list(sizes.values()), Qt.Orientation.Horizontal)
        self.resizeDocks([self.docks[name] for name in heights], list(heights.values()), Qt.Orientation.Vertical)
        self._first_state = self.saveState()

    def put_back(self) -> None:
        """Every panel where it was at the first start."""
        self.restoreState(self._first_state)

    def raise_panel(self, name: str) -> None:
        """Show a panel, even if it was hidden or lies behind another."""
        self.docks[name].show()
        self.docks[name].raise_()

    def share_height(self, heights: dict[str, int]) -> None:
        """Divide the height between panels that lie above each other."""
        self.resizeDocks([self.docks[name] for name in heights], list(heights.values()), Qt.Orientation.Vertical)

    def is_seen(self, name: str) -> bool:
        """Whether a panel is on the screen; Qt calls one behind another tab visible, too."""
        return name in self._visible_panels

    def show_state(self, state: State) -> None:
        """Enable and check every action for a state; the one place where this happens."""
        for row in ACTIONS:
            action = self.actions_by_name[row.name]
            action.setEnabled(row.enabled_when(state))
            if row.is_on is not None:
                action.setChecked(row.is_on(state))

    def search(self) -> None:
        """Open the finder on every action."""
        entries = [
            SearchEntry(row.name, row.text, row.tip, row.key, self.actions_by_name[row.name].isEnabled())
            for row in ACTIONS
        ]
        self.finder.search(entries)

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

    def _note_visibility(self, name: str, *, is_seen: bool) -> None:
        if not isValid(self):  # a dock goes away with the window, after the window has
            return
        if is_seen:
            self._visible_panels.add(name)
        else:
            self._visible_panels.discard(name)
        self.panel_seen.emit(name, is_seen)

    def _make_actions(self) -> None:
        for menu in Menu:
            parent = self.menus[Menu.LAYER] if menu is Menu.ADD else self.menuBar()
            self.menus[menu] = parent.addMenu(f"&{menu}")
            self.menus[menu].setToolTipsVisible(True)
        for row in ACTIONS:
            action = QAction(row.text, self)
            action.setObjectName(f"action-{row.name}")
            keys = f" ({row.key})" if row.key else ""
            action.setToolTip(f"{row.tip}{keys}")
            action.setStatusTip("")
            if row.key:
                action.setShortcut(QKeySequence(row.key))
            if row.icon:
                action.setIcon(icons.icon(row.icon))
            action.setCheckable(row.is_on is not None)
            action.triggered.connect(lambda _=False, name=row.name: self.asked.emit(name))
            self.menus[row.menu].addAction(action)
            self.actions_by_name[row.name] = action
        first = self.menus[Menu.FILE].actions()[1]
        self.menus[Menu.FILE].insertMenu(first, self.recent_menu)

    def _make_toolbar(self) -> None:
        bar = QToolBar("Tools", self)
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for name in TOOLBAR:
            match name:
                case "":
                    bar.addSeparator()
                case "stretch":
                    space = QWidget(bar)
                    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
                    bar.addWidget(space)
                case "camera":
                    bar.addWidget(_menu_button(bar, "Camera", "camera", "Watch a camera", self.camera_menu))
                case "samples":
                    bar.addWidget(_menu_button(bar, "Samples", "images", "Pictures to start with", self.samples_menu))
                case _:
                    bar.addAction(self.actions_by_name[name])
                    button = bar.widgetForAction(self.actions_by_name[name])
                    if name in ICON_ONLY and isinstance(button, QToolButton):
                        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.addToolBar(bar)

    def _run(self, name: str) -> None:
        self.actions_by_name[name].trigger()


def _menu_button(bar: QToolBar, text: str, icon: str, tip: str, menu: QMenu) -> QToolButton:
    button = QToolButton(bar)
    button.setObjectName(f"tool-{text.lower()}")
    button.setText(text)
    button.setIcon(icons.icon(icon))
    button.setToolTip(tip)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setMenu(menu)
    return button


def _dropped_texts(data: QMimeData) -> list[str]:
    return [url.toLocalFile() or url.toString() for url in data.urls()]
