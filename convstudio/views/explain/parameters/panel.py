"""PARAMETERS: what a layer costs dense, locally connected and as a convolution, and why the last is so cheap.

Everything supposed here stays here: neither the picture nor the recipe changes.
"""

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.counts import Comparison
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Layer, Weights
from convstudio.core.recipe.plan import Plan, Step, plan
from convstudio.insight.parameters.what_if import (
    CurvePoint,
    Scope,
    articles_example,
    comparison_of,
    curve_of,
    executed_layers,
    groups_answer,
    in_groups,
    most_groups,
    resized_shape,
)
from convstudio.views.explain.parameters.chart import BarsView, CurveChart
from convstudio.views.explain.parameters.controls import ConditionBar
from convstudio.views.explain.parameters.table import CountsTable
from convstudio.views.explain.parameters.text import (
    NOTHING_CONVOLVES,
    factor_sentences,
    lead_sentence,
    no_counts_sentence,
    question_sentence,
)

NO_PLAN = "Open a picture or press The article's example: what its layers cost appears here."


LayerKey = tuple[int, int, int, int, int]
"""Which layer of which stack: its place, how many layers there are, its filters, channels and groups."""


@dataclass(frozen=True)
class SupposedSize:
    """A size supposed instead of a picture's; the slider keeps its proportions."""

    instead_of: Shape
    shape: Shape
    proportions: Shape


@dataclass(frozen=True)
class SupposedGroups:
    """Groups that are supposed for a layer: as many as there can be, or one."""

    layer: LayerKey
    is_most: bool


@dataclass(frozen=True)
class Supposed:
    """What the person supposes here. Size and groups hold only for the picture and the layer they were supposed of."""

    scope: Scope = Scope.LAYER
    size: SupposedSize | None = None
    groups: SupposedGroups | None = None
    is_example: bool = False


class ParametersPanel(QWidget):
    """The three counts in a table and two charts, with the factors between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("parameters-panel")
        self._plan: Plan | None = None
        self._index = -1
        self._supposed = Supposed()
        self._counted: LayerKey | None = None  # the layer whose groups can be supposed
        self._is_stale = True
        self.condition = ConditionBar(self)
        self.lead = self._label("parameters-lead")
        font = self.lead.font()
        font.setBold(True)
        self.lead.setFont(font)
        self.table = CountsTable(self)
        self.factors = self._label("parameters-factors")
        self.question = self._label("parameters-question")
        self.bars = BarsView(self)
        self.curve = CurveChart(self)
        self.figures = QWidget(self)
        columns = QHBoxLayout(self.figures)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self.table)
        left.addStretch(1)
        columns.addLayout(left)
        columns.addWidget(self.bars, 1, Qt.AlignmentFlag.AlignTop)
        columns.addWidget(self.curve, 1)
        page = QWidget(self)
        rows = QVBoxLayout(page)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(2)
        rows.addWidget(self.lead)
        rows.addWidget(self.figures, 1)
        rows.addWidget(self.factors)
        rows.addWidget(self.question)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 2, 8, 2)
        layout.setSpacing(2)
        layout.addWidget(self.condition)
        layout.addWidget(scroll, 1)
        self.condition.scope_chosen.connect(self._choose_scope)
        self.condition.size_supposed.connect(self._suppose_size)
        self.condition.side_supposed.connect(self._suppose_side)
        self.condition.groups_supposed.connect(self._suppose_groups)
        self.condition.example_chosen.connect(self._choose_example)

    def show_plan(self, plan: Plan | None, index: int) -> None:
        """Show the counts of a plan for the layer `index` (−1 is the source); they are worked out once visible."""
        is_alike = index == self._index and counted_alike(plan, self._plan)
        self._plan, self._index = plan, index
        if not is_alike:
            self._refresh()

    @property
    def belongings(self) -> Supposed:
        """What is supposed."""
        return self._supposed

    def take_belongings(self, belongings: object) -> None:
        """Suppose what was supposed in another session, or nothing."""
        self._supposed = belongings if isinstance(belongings, Supposed) else Supposed()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was shown while the panel was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._work_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Write as many digits as there is room for."""
        super().resizeEvent(event)
        self.table.show_room(event.size().width())

    def _choose_scope(self, scope: Scope) -> None:
        self._suppose(replace(self._supposed, scope=scope))

    def _suppose_size(self, shape: Shape | None) -> None:
        """Suppose another size; None is the picture's own."""
        _, source, _ = self._subject()
        size = None if shape is None else SupposedSize(source, shape, proportions=shape)
        self._suppose(replace(self._supposed, size=size))

    def _suppose_side(self, side: int) -> None:
        """Suppose another length of the longer side; from wherever the slider comes, the proportions stay."""
        _, source, _ = self._subject()
        size = self._size_for(source)
        proportions = source if size is None else size.proportions
        size = SupposedSize(source, resized_shape(proportions, side), proportions)
        self._suppose(replace(self._supposed, size=size))

    def _size_for(self, source: Shape) -> SupposedSize | None:
        size = self._supposed.size
        return size if size is not None and size.instead_of == source else None

    def _suppose_groups(self, is_on: bool) -> None:  # noqa: FBT001  # the slot of a check box
        if self._counted is not None:
            groups = SupposedGroups(self._counted, is_most=is_on)
            self._suppose(replace(self._supposed, groups=groups))

    def _choose_example(self, is_on: bool) -> None:  # noqa: FBT001  # the slot of a button
        self._suppose(Supposed(scope=Scope.LAYER if is_on else self._supposed.scope, is_example=is_on))

    def _suppose(self, supposed: Supposed) -> None:
        self._supposed = supposed
        self._work_out()

    def _refresh(self) -> None:
        if self.isVisible():
            self._work_out()
        else:
            self._is_stale = True

    def _subject(self) -> tuple[tuple[Layer, ...], Shape, int]:
        """The layers, the picture's shape and the layer that are counted, before anything is supposed of them."""
        if self._supposed.is_example or self._plan is None:
            layers, source = articles_example()
            return (layers, source, 0) if self._supposed.is_example else ((), source, -1)
        return executed_layers(self._plan), self._plan.source, self._index

    def _work_out(self) -> None:
        self._is_stale = False
        supposed = self._supposed
        layers, source, index = self._subject()
        size = self._size_for(source)
        shape = source if size is None else size.shape
        self.condition.show_example(is_on=supposed.is_example)
        self.condition.show_condition(shape, scope=supposed.scope, is_supposed=shape != source)
        try:
            counted_plan = plan(Document(layers), shape)
            step = counted_plan.steps[index] if index >= 0 else None
            counted_plan, step = self._in_supposed_groups(counted_plan, step)
        except ConvStudioError as refusal:
            self.condition.show_groups(1, is_on=False)
            self._show_figures(str(refusal), None, None)
            return
        comparison = comparison_of(counted_plan, index, supposed.scope)
        if comparison is None:
            lead = no_counts_sentence(step) if supposed.scope is Scope.LAYER and layers else NOTHING_CONVOLVES
            self._show_figures(NO_PLAN if self._plan is None else lead, None, step)
            return
        what = step.title if supposed.scope is Scope.LAYER and step is not None else "the whole stack"
        if supposed.is_example:
            what = "the article's example"
        self._show_figures(lead_sentence(comparison, what, shape, is_what_if=shape != source), comparison, step)
        now = CurvePoint(
            max(shape.height, shape.width),
            comparison.dense.weights,
            comparison.local.weights,
            comparison.conv.weights,
        )
        self.curve.show_curve(curve_of(executed_layers(counted_plan), shape, index, supposed.scope), now)

    def _in_supposed_groups(self, counted_plan: Plan, step: Step | None) -> tuple[Plan, Step | None]:
        """The plan with the groups that are supposed for the layer, and the check box to suppose them."""
        most = most_groups(step) if step is not None else 1
        self._counted = None
        if step is None or most == 1 or not isinstance(step.layer, Conv):
            self.condition.show_groups(1, is_on=False)
            return counted_plan, step
        own = step.layer.groups
        self._counted = step.index, len(counted_plan.steps), step.layer.filters, step.input.channels, own
        groups = self._supposed.groups
        is_on = groups.is_most if groups is not None and groups.layer == self._counted else own == most
        self.condition.show_groups(most, is_on=is_on)
        count = most if is_on else (1 if own == most else own)
        if count == own:
            return counted_plan, step
        layers = list(executed_layers(counted_plan))
        layers[step.index] = in_groups(step, count)
        counted_plan = plan(Document(tuple(layers)), counted_plan.source)
        return counted_plan, counted_plan.steps[step.index]

    def _show_figures(self, lead: str, comparison: Comparison | None, step: Step | None) -> None:
        scope = self._supposed.scope
        self.lead.setText(lead)
        self.table.show_comparison(comparison)
        self.bars.show_comparison(comparison)
        self.factors.setText("" if comparison is None else factor_sentences(comparison, step, scope))
        answer = groups_answer(step) if step is not None else None
        self.question.setText(question_sentence(answer, step))
        self.figures.setVisible(comparison is not None)
        if comparison is None:
            self.curve.show_curve((), None)

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label


def counted_alike(plan: Plan | None, other: Plan | None) -> bool:
    """Whether two plans have the same counts, whatever their weights are: a drag changes only those."""
    if plan is other:
        return True
    if plan is None or other is None or plan.source != other.source or len(plan.steps) != len(other.steps):
        return False
    return all(_counted(step) == _counted(twin) for step, twin in zip(plan.steps, other.steps, strict=True))


def _counted(step: Step) -> tuple[object, ...]:
    layer = step.layer
    if isinstance(layer, Conv | ConvTranspose):
        blank = Weights(np.zeros(layer.weight.array.shape))
        layer = replace(layer, weight=blank, bias=(0.0,) * len(layer.bias))
    return layer, step.input, step.output, step.pads
