"""LAYERS: the recipe as a list, with the output of each layer, and the ways to change the list."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.shown import Shown
from convstudio.views.fields import tool_button
from convstudio.views.flow.choices import SECTIONS
from convstudio.views.flow.list import LayerList
from convstudio.views.flow.rows import Contents
from convstudio.views.inspector.wording import stack_sentence
from convstudio.views.refusal import RefusalLabel

LOW = 240  # pixels; a lower panel shows no sentence above its rows


class LayersPanel(QWidget):
    """The source and the layers, in the order in which they are applied."""

    layer_added = Signal(str)  # a label of `choices.CHOICES`
    layer_duplicated = Signal(int)
    layer_deleted = Signal(int)
    layer_moved = Signal(int, int)
    layer_edited = Signal(int, object, str)  # index, Layer, merge key
    layer_selected = Signal(int)  # −1 is the source

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layers-panel")
        self._contents = Contents()
        self.lead = QLabel(self)
        self.lead.setObjectName("layers-lead")
        self.lead.setWordWrap(True)
        self.list = LayerList(self)
        self.refusal = RefusalLabel("layers-refusal", self)
        self.menu = self._new_menu()
        self.add = tool_button("layer-add", "Layer", "plus", "Add a layer behind the selected one", self)
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.add.setMenu(self.menu)
        self.up = tool_button("layer-up", "Move up", "arrow-up", "Move the selected layer up (Alt+Up)", self)
        self.down = tool_button(
            "layer-down", "Move down", "arrow-down", "Move the selected layer down (Alt+Down)", self
        )
        self.duplicate = tool_button("layer-duplicate", "Duplicate", "copy", "Duplicate the selected layer", self)
        self.delete = tool_button("layer-delete", "Delete", "trash-2", "Delete the selected layer (Delete)", self)
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        for button in (self.up, self.down, self.duplicate, self.delete):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.lead)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.refusal)
        layout.addLayout(buttons)
        self.list.layer_selected.connect(self._select)
        self.list.layer_moved.connect(self.layer_moved)
        self.list.layer_deleted.connect(self.layer_deleted)
        self.list.menu_wanted.connect(self._show_menu)
        self.list.rows.name_entered.connect(self._name)
        self.list.rows.switch_turned.connect(self._switch)
        self.up.clicked.connect(lambda: self.list.move_selected(-1))
        self.down.clicked.connect(lambda: self.list.move_selected(1))
        self.duplicate.clicked.connect(lambda: self.layer_duplicated.emit(self.list.selected))
        self.delete.clicked.connect(lambda: self.layer_deleted.emit(self.list.selected))
        self._show(self._contents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low panel the rows need the room that the sentence above them takes."""
        super().resizeEvent(event)
        self.lead.setVisible(event.size().height() >= LOW)
        self.list.scrollTo(self.list.currentIndex())

    def show_shown(self, shown: Shown) -> None:
        """Show a result: pictures, shapes, counts and times."""
        result = shown.result
        name = result.frame.name
        self._show(Contents(result.document, result.plan, shown.thumbnails, result.milliseconds, source_name=name))

    def show_document(self, document: Document, plan: Plan | None) -> None:
        """Show a recipe before it has a result; thumbnails and times stay as long as the number of layers does."""
        previous = self._contents
        is_alike = len(document.layers) == len(previous.document.layers)
        thumbnails = previous.thumbnails if is_alike else previous.thumbnails[:1]
        times = previous.milliseconds if is_alike else ()
        self._show(Contents(document, plan, thumbnails, times, source_name=previous.source_name))

    def take_document(self, document: Document, plan: Plan | None) -> None:
        """Edit from here on a recipe of which only numbers changed; `show_document` shows them."""
        self._contents = replace(self._contents, document=document, plan=plan)

    def show_refusal(self, index: int, sentence: str) -> None:
        """Mark the layer that cannot work, and say why; the next `show_shown` or `show_document` takes the mark off."""
        self._show(replace(self._contents, refused=index, refusal=sentence))

    def _show(self, contents: Contents) -> None:
        self._contents = contents
        document = contents.document
        self.lead.setText(stack_sentence(contents.plan, len(document.layers)))
        self.refusal.show_sentence(contents.refusal)
        self.list.show_contents(contents)
        self._enable()

    def _enable(self) -> None:
        selected, last = self.list.selected, len(self._contents.document.layers) - 1
        self.up.setEnabled(selected > 0)
        self.down.setEnabled(0 <= selected < last)
        self.duplicate.setEnabled(selected >= 0)
        self.delete.setEnabled(selected >= 0)

    def _select(self, index: int) -> None:
        self._enable()
        self.layer_selected.emit(index)

    def _name(self, index: int, name: str) -> None:
        layer = self._contents.document.layers[index]
        self.layer_edited.emit(index, replace(layer, name=name), "")

    def _switch(self, index: int) -> None:
        layer = self._contents.document.layers[index]
        self.layer_edited.emit(index, replace(layer, enabled=not layer.enabled), "")

    def _new_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("layer-add-menu")
        menu.setToolTipsVisible(True)
        for section in SECTIONS:
            if not menu.isEmpty():
                menu.addSeparator()
            for choice in section:
                action = menu.addAction(choice.label)
                action.setObjectName(choice.name)
                action.setToolTip(choice.tip)
                action.setData(choice.label)
        menu.triggered.connect(lambda action: self.layer_added.emit(action.data()))
        return menu

    def _show_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("layer-menu")
        menu.addAction("Name…", lambda: self.list.edit(self.list.currentIndex()))
        for button in (self.duplicate, self.up, self.down, self.delete):
            action = menu.addAction(button.icon(), button.text(), button.click)
            action.setEnabled(button.isEnabled())
        menu.popup(place)
