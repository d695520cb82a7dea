"""The inspector of a dense layer."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QWidget

from convstudio.core.recipe.layers import Dense, Layer
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted
from convstudio.views.fields import NumberBox
from convstudio.views.inspector.step_panel import StepPanel

MOST_UNITS = 100_000
MOST_SEED = 2**31 - 1


def weights_sentence(step: Step, layer: Dense) -> str:
    """What the layer costs, and where its weights come from."""
    return (
        f"{layer.units:,} × {step.input.size:,} = {counted(step.weights, 'weight')}, and "
        f"{counted(step.biases, 'bias', 'biases')}. The weights are drawn at random; the same seed gives the same ones."
    )


class DensePanel(StepPanel):
    """Units and the seed of the weights."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("dense-panel", parent)
        self.units = NumberBox(1, MOST_UNITS, self)
        self.units.setObjectName("dense-units")
        self.seed = NumberBox(0, MOST_SEED, self)
        self.seed.setObjectName("dense-seed")
        self.weights = QLabel(self)
        self.weights.setObjectName("dense-weights")
        self.weights.setWordWrap(True)
        self.add_row("Units", self.units, "How many outputs; each sees every input")
        self.add_row("Seed", self.seed, "The same seed gives the same weights")
        self.form.addRow(self.weights)
        self.units.valueChanged.connect(self._change_units)
        self.seed.valueChanged.connect(self._change_seed)
        for box in (self.units, self.seed):
            box.editingFinished.connect(self.gesture_ended)
        self.show_step(None)

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """The labels with the output or the cost of the layer."""
        return (*super().computed, self.weights)

    def show_layer(self, layer: Layer, step: Step) -> None:
        """Put a dense layer into the controls."""
        if not isinstance(layer, Dense):
            return
        self.units.show_number(layer.units)
        self.seed.show_number(layer.seed)
        self.weights.setVisible(layer.enabled)
        self.weights.setText(weights_sentence(step, layer))

    def _change_units(self, units: int) -> None:
        if self.step is not None and isinstance(layer := self.step.layer, Dense):
            self.offer(lambda: replace(layer, units=units), "units")

    def _change_seed(self, seed: int) -> None:
        if self.step is not None and isinstance(layer := self.step.layer, Dense):
            self.offer(lambda: replace(layer, seed=seed), "seed")
