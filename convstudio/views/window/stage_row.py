"""The row below the menus: what to open, back and forth, the stages as words, and what to take home."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from convstudio.views import icons, theme
from convstudio.views.controls.word_button import WordButton
from convstudio.views.measures import Measures
from convstudio.views.style_sheet import set_kind
from convstudio.views.window.stages import STAGES

ICON = QSize(18, 18)
HOME = ("export", "copy-output", "", "save", "save-as")


class StageRow(QWidget):
    """Buttons for the actions of the table; the stages that find no room are behind “More”."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        open_menu: QMenu,
        camera_menu: QMenu,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("stage-row")
        self.open = self._menu_button("tool-open", "Open", "folder-open", "A picture, a video, a session", open_menu)
        self.camera = self._menu_button("tool-camera", "Camera", "camera", "Watch a camera", camera_menu)
        self.undo, self.redo = (self._button(actions[name], has_words=False) for name in ("undo", "redo"))
        self.stages = tuple(self._button(actions[stage.action], has_words=True) for stage in STAGES)
        for button in self.stages:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setProperty("kind", "stage")
            button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)  # its line is the row's
        self._more_menu = QMenu(self)
        self.more = self._menu_button("tool-more", "More", "", "The other stages", self._more_menu)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.more.setProperty("kind", "stage")
        home_menu = QMenu(self)
        home_menu.setToolTipsVisible(True)
        for name in HOME:
            if name:
                home_menu.addAction(actions[name])
            else:
                home_menu.addSeparator()
        self.home = self._menu_button("take-home", "Take home", "download", "Save what came out", home_menu)
        self.home.setIcon(icons.icon("download", on_accent=True))
        self.home.setProperty("kind", "primary")
        line = QFrame(self)
        set_kind(line, "upright line")
        line.setFixedHeight(24)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, 0, theme.SPACE, 0)
        layout.setSpacing(theme.SPACE // 2)
        for widget in (self.open, self.camera, self.undo, self.redo, line, *self.stages, self.more):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.home)
        self._line = line

    def show_measures(self, measures: Measures) -> None:
        """Take the height of the row, and leave words out where there is little room."""
        self.setFixedHeight(measures.stage_row)
        self.camera.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if measures.has_second_line
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """The stages ask for no room: those that find none are behind “More”."""
        return QSize(480, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many stages as there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        gap = theme.SPACE // 2
        others = (self.open, self.camera, self.undo, self.redo, self._line, self.home)
        room = self.width() - 2 * theme.SPACE - sum(widget.sizeHint().width() + gap for widget in others) - gap
        widths = [button.sizeHint().width() + gap for button in self.stages]
        count = len(widths)
        if sum(widths) > room:
            room -= self.more.sizeHint().width() + gap
            while count > 1 and sum(widths[:count]) > room:
                count -= 1
        hidden = [button.defaultAction() for button in self.stages[count:]]
        for place, button in enumerate(self.stages):
            button.setVisible(place < count)
        self.more.setVisible(bool(hidden))
        if self._more_menu.actions() != hidden:
            self._more_menu.clear()
            self._more_menu.addActions(hidden)

    def _button(self, action: QAction, *, has_words: bool) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setObjectName(f"tool-{action.objectName().removeprefix('action-')}")
        button.setIconSize(ICON)
        button.setAccessibleName(action.text())
        if not has_words:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return button

    def _menu_button(self, name: str, text: str, icon: str, tip: str, menu: QMenu) -> QToolButton:
        button = WordButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setIconSize(ICON)
        if icon:
            button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(menu)
        return button
