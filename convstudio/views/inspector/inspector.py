"""The inspector: it shows the one panel that fits the selected layer, and is no larger than this panel."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Dense, Pool
from convstudio.core.recipe.plan import Step
from convstudio.views.inspector.activation import ActivationPanel
from convstudio.views.inspector.conv import ConvPanel
from convstudio.views.inspector.dense import DensePanel
from convstudio.views.inspector.pool import PoolPanel
from convstudio.views.inspector.step_panel import EMPTY, StepPanel
from convstudio.views.inspector.transposed import TransposedPanel


class Inspector(QWidget):
    """Settings of the selected layer, whatever its kind."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    edit_refused = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.conv = ConvPanel(self)
        self.transposed = TransposedPanel(self)
        self.pool = PoolPanel(self)
        self.activation = ActivationPanel(self)
        self.dense = DensePanel(self)
        self.panels: tuple[StepPanel, ...] = (self.conv, self.transposed, self.pool, self.activation, self.dense)
        self.title = QLabel(self)
        self.title.setObjectName("inspector-title")
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.title.setContentsMargins(8, 8, 8, 0)
        self.empty = QLabel(EMPTY, self)
        self.empty.setObjectName("inspector-empty")
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(8, 8, 8, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self.empty)
        for panel in self.panels:
            layout.addWidget(panel)
            panel.layer_edited.connect(self.layer_edited)
            panel.gesture_ended.connect(self.gesture_ended)
            panel.edit_refused.connect(self.edit_refused)
        layout.addStretch(1)
        self.show_step(None)

    def show_step(self, step: Step | None) -> None:
        """Show the settings of a layer; None shows how to get them."""
        shown = self._panel_for(step)
        self.title.setVisible(step is not None)
        self.title.setText("" if step is None else f"{step.index + 1}. {step.title}")
        self.empty.setVisible(step is None)
        for panel in self.panels:
            panel.setVisible(panel is shown)
        if shown is not None:
            shown.show_step(step)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        shown = self._panel_for(step)
        if shown is not None:
            shown.step = step

    def _panel_for(self, step: Step | None) -> StepPanel | None:
        if step is None:
            return None
        match step.layer:
            case Conv():
                return self.conv
            case ConvTranspose():
                return self.transposed
            case Pool():
                return self.pool
            case Activation():
                return self.activation
            case Dense():
                return self.dense
