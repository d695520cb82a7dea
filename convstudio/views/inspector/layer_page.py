"""The upper half of the column for one kind of layer, or for several that have the same controls."""

from PySide6.QtCore import Signal

from convstudio.core.recipe.plan import Step
from convstudio.views.kernel.box_page import BoxPage


class LayerPage(BoxPage):
    """A page that shows a layer of its kinds, and emits edited ones; of other layers it is never asked."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    edit_refused = Signal(str)

    def show_step(self, step: Step) -> None:
        """Put a layer into the controls."""
        raise NotImplementedError

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
