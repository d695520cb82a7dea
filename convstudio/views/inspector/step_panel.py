"""What all inspectors share: a first sentence, a form, the output-size formula, and a refusal at its place."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.layers import Layer
from convstudio.core.recipe.plan import Step
from convstudio.views.inspector.wording import AXES, formula_lines, formula_name, step_sentence
from convstudio.views.refusal import RefusalLabel

EMPTY = "Select a layer in the list: its settings appear here."


class StepPanel(QWidget):
    """An inspector of one layer; the subclasses put controls into `form` and show a layer in them."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    edit_refused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.step: Step | None = None
        self.lead = self._label(f"{name}-lead")
        self.refusal = RefusalLabel(f"{name}-refusal", self)
        self.formulas = tuple(self._label(f"{name}-{axis.lower()}-formula") for axis in AXES)
        self.controls = QWidget(self)
        self.form = QFormLayout(self.controls)
        self.form.setContentsMargins(0, 0, 0, 0)
        self.form.setSpacing(8)
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.lead)
        layout.addWidget(self.refusal)
        layout.addWidget(self.controls)
        for label in self.formulas:
            layout.addWidget(label)

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """The labels with the output or the cost of the layer."""
        return (self.lead, *self.formulas)

    def show_step(self, step: Step | None) -> None:
        """Show a layer as it is executed; None shows how to get one."""
        if step != self.step:
            self.refusal.show_sentence("")
        self.step = step
        self.controls.setVisible(step is not None)
        self.lead.setText(EMPTY if step is None else step_sentence(step))
        lines = () if step is None else formula_lines(step)
        for place, label in enumerate(self.formulas):
            label.setVisible(bool(lines))
            if lines and step is not None:
                label.setText(f"{AXES[place]} of the output\n{lines[place]}")
                label.setToolTip(f"{AXES[place]} of the output = {formula_name(step.layer)}")
        if step is not None:
            self.show_layer(step.layer, step)

    def show_layer(self, layer: Layer, step: Step) -> None:
        """Put the numbers of a layer into the controls; each panel knows its own kind."""
        raise NotImplementedError

    def offer(self, edit: Callable[[], Layer], key: str = "") -> None:
        """Send an edit out, or say at its place why it cannot be made and show the old numbers again."""
        try:
            layer = edit()
        except ConvStudioError as error:
            self.show_step(self.step)
            self.refusal.show_sentence(str(error))
            self.edit_refused.emit(str(error))
            return
        self.refusal.show_sentence("")
        if self.step is not None and layer != self.step.layer:
            self.layer_edited.emit(layer, key)

    def add_row(self, text: str, field: QWidget, tip: str) -> None:
        """A row of the form; the tooltip is on the label and on the control."""
        label = QLabel(text, self.controls)
        label.setBuddy(field)
        label.setToolTip(tip)
        field.setToolTip(tip)
        if not field.accessibleName():
            field.setAccessibleName(text)
        self.form.addRow(label, field)

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label
