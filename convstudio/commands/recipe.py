"""The recipe: edits of layers, weights and the display, and undo. Opening another recipe is `sessions`."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from convstudio.commands.looking import LookingCommands
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import (
    Display,
    Document,
    with_inserted,
    with_layer,
    with_moved,
    without_layer,
)
from convstudio.core.recipe.layers import Layer
from convstudio.core.recipe.plan import Refusal
from convstudio.runtime.store import Store


class RecipeCommands(QObject):
    """Edits the document in the store, where the plan allows it."""

    said = Signal(str)  # what happened
    refused = Signal(str)  # what cannot be done, and what to do

    def __init__(self, store: Store, looking: LookingCommands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.store, self._looking = store, looking

    @property
    def document(self) -> Document:
        return self.store.document

    def edit(self, document: Document, merge: str = "") -> None:
        """Take an edited recipe, unless it turns one that works into one that cannot."""
        frame = self._looking.frame
        if frame is not None and self._looking.plan() is not None:
            try:
                self._looking.plan_of(document, frame)
            except Refusal as refusal:
                self.refused.emit(str(refusal))
                self.store.changed.emit(self.document)  # the panels show again what holds
                return
        with self._looking.drafts_of_a_gesture(is_under_way=bool(merge)):
            self.store.edit(document, merge=merge)

    def edit_layer(self, index: int, layer: Layer, merge: str = "") -> None:
        """Exchange one layer."""
        if 0 <= index < len(self.document.layers):
            key = f"{index} {merge}" if merge else ""
            self.edit(replace(with_layer(self.document, index, layer), selected=self.document.selected), key)

    def edit_selected(self, layer: Layer, merge: str = "") -> None:
        """Exchange the selected layer."""
        self.edit_layer(self.document.selected, layer, merge)

    def end_gesture(self) -> None:
        """The next edit is a step of its own."""
        self.store.seal()
        self._looking.settle()

    def add_layer(self, make: Callable[[Shape], Layer], place: int | None = None) -> None:
        """Put a new layer to a place, or behind the selected one; it is made for the shape that arrives there."""
        plan = self._looking.plan()
        if self._looking.frame is None:
            self.refused.emit("There is no picture yet, so a layer has nothing to work on; open a picture first.")
            return
        if plan is None:
            self.refused.emit("The recipe does not fit the picture; mend the marked layer before adding another.")
            return
        index = self.document.selected + 1 if place is None else min(max(place, 0), len(self.document.layers))
        try:
            layer = make(plan.shape_at(index - 1))
        except ConvStudioError as refusal:
            self.refused.emit(str(refusal))
            return
        self.edit(with_inserted(self.document, index, layer))

    def duplicate_layer(self, index: int) -> None:
        """Put a copy of a layer behind it."""
        if 0 <= index < len(self.document.layers):
            self.edit(with_inserted(self.document, index + 1, self.document.layers[index]))

    def delete_layer(self, index: int) -> None:
        """Take a layer out."""
        if 0 <= index < len(self.document.layers):
            self.edit(without_layer(self.document, index))
            self.said.emit(f"Layer {index + 1} is gone; Undo brings it back.")

    def move_layer(self, index: int, target: int) -> None:
        """Put a layer to another place."""
        count = len(self.document.layers)
        if 0 <= index < count and 0 <= target < count and index != target:
            self.edit(with_moved(self.document, index, target))

    def toggle_layer(self, index: int) -> None:
        """Switch a layer off or on."""
        if 0 <= index < len(self.document.layers):
            layer = self.document.layers[index]
            self.edit_layer(index, replace(layer, enabled=not layer.enabled))

    def edit_display(self, display: Display, merge: str = "") -> None:
        """Show outputs another way."""
        self.store.edit(replace(self.document, display=display), merge=f"display {merge}" if merge else "")

    def reset(self, document: Document) -> None:
        """Start again with another recipe; undo brings the old one back."""
        self.store.open(document)

    def undo(self) -> None:
        """Take the last edit back."""
        self.store.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.store.redo()
