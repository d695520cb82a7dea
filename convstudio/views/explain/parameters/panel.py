"""The Count stage: what a layer costs dense, locally connected and shared, drawn at true scale.

Everything supposed here stays here: neither the picture nor the recipe changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QEasingCurve, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QStyle, QToolButton, QVBoxLayout, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv, ConvTranspose, Layer, Weights
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.view.shown import Shown
from convstudio.insight.parameters.sparsity_pattern import PatternAnswer
from convstudio.insight.parameters.what_if import (
    LARGEST_SIDE,
    SMALLEST_SIDE,
    CountSubject,
    CurvePoint,
    Scope,
    Supposition,
    curve_of,
    groups_answer,
    resized_shape,
    subject_of,
    supposed,
)
from convstudio.views import icons, theme
from convstudio.views.explain.explainer import Explainer
from convstudio.views.explain.parameters.column import CountColumn
from convstudio.views.explain.parameters.page import TablePage
from convstudio.views.explain.parameters.places import Counted, counted_steps
from convstudio.views.explain.parameters.scale import ScalePicture
from convstudio.views.explain.parameters.stops import DENSE, LOCAL, SHARED, CountSlider, texts_of
from convstudio.views.explain.parameters.text import NO_PLAN, no_counts_sentence
from convstudio.views.measures import Measures
from convstudio.views.painting import painting
from convstudio.views.scrolling import scrolling
from convstudio.views.style_sheet import set_kind

NEAR = 16  # pixels around a whole thousand, at which a dragged side stops
DURATION = 900  # milliseconds from one end of the slider to the other


@dataclass(frozen=True)
class Supposed:
    """What the person supposes here. Other numbers hold only for what they were supposed of."""

    scope: Scope = Scope.LAYER
    of: tuple[object, ...] = ()
    proportions: Shape | None = None  # which the slider keeps
    supposition: Supposition = Supposition()  # noqa: RUF009  # frozen


class CountStage(Explainer):
    """The slider with the three numbers, the picture at true scale below it, and the column beside the stage."""

    compared = Signal(object, object)  # Comparison or None, and the Scope that it is of

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("count", parent)
        self._plan: Plan | None = None
        self._index = -1
        self._supposed = Supposed()
        self._is_stale = True
        self.settings = CountColumn()
        self.column = scrolling(self.settings)
        for ground in (self.column.viewport(), self.settings):  # that of every column
            ground.setAutoFillBackground(False)
        self.column.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.slider.show_texts(None)
        self._way = QVariantAnimation(self)
        self._way.setEasingCurve(QEasingCurve.Type.InOutSine)
        self._way.valueChanged.connect(lambda value: self._go(float(value)))
        self._way.stateChanged.connect(lambda *_: self._show_play())
        self.play.clicked.connect(self._play)
        self.slider.moved.connect(self._drag)
        self.slider.stopped.connect(self._travel)
        self.picture.pattern_wanted.connect(self.asked)
        self.settings.scope_chosen.connect(self._choose_scope)
        self.settings.size_supposed.connect(self._suppose_size)
        self.settings.side_supposed.connect(self._suppose_side)
        self.settings.numbers_supposed.connect(self._suppose_number)
        self.settings.reset_chosen.connect(self._reset)
        self.settings.table_toggled.connect(self._show_table)
        self._go(LOCAL)
        self._show_play()

    def arrange(self) -> None:
        """The slider over the picture, or over the table."""
        for widget in (self.lead, self.note):
            widget.hide()  # the picture says it
        self.play = QToolButton(self)
        self.play.setObjectName("count-play")
        self.play.setFixedSize(40, 40)
        set_kind(self.play, "field")
        self.play.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider = CountSlider(self)
        self.picture = ScalePicture(self)
        self.table = TablePage(self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.picture)
        self.pages.addWidget(scrolling(self.table))
        head = QHBoxLayout()
        head.setContentsMargins(3 * theme.SPACE, 2 * theme.SPACE, 3 * theme.SPACE, 0)
        head.setSpacing(2 * theme.SPACE)
        head.addWidget(self.play, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.slider, 1)
        busy = QHBoxLayout()
        busy.setContentsMargins(3 * theme.SPACE, 0, 3 * theme.SPACE, 0)
        busy.addStretch(1)
        busy.addWidget(self.progress)
        busy.addWidget(self.cancel)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addLayout(head)
        rows.addLayout(busy)
        rows.addWidget(self.pages, 1)

    def show_shown(self, shown: Shown) -> None:
        """Count the layer that is selected."""
        self.show_plan(shown.result.plan, shown.result.document.selected)

    def show_plan(self, plan: Plan | None, index: int) -> None:
        """Count a plan's layer `index` (−1 is the source), or the stack where that has no weights."""
        is_alike = index == self._index and counted_alike(plan, self._plan)
        is_same = is_alike and _weights_of(plan) == _weights_of(self._plan)
        self._plan, self._index = plan, index
        if self._is_stale or not is_same:
            self._refresh()

    @property
    def belongings(self) -> Supposed:
        """What is supposed."""
        return self._supposed

    def take_belongings(self, belongings: object) -> None:
        """Suppose what was supposed in another session, or nothing."""
        self._supposed = belongings if isinstance(belongings, Supposed) else Supposed()
        self.settings.table.setChecked(False)
        self.picture.show_zoom(0.0)
        self._refresh()

    @property
    def readings(self) -> Mapping[str, float | str]:
        """Where the slider stands (0 dense, 1 local, 2 shared), the longer side counted, and the weights of both."""
        subject = self._subject()
        if subject is None:
            return {"slider": self.slider.position, "supposed side": 0}
        try:
            counted = supposed(subject, self._supposition())
            comparison = counted.comparison_in(counted.planned())
        except ConvStudioError:
            counted, comparison = subject, None
        readings: dict[str, float | str] = {
            "slider": self.slider.position,
            "supposed side": max(counted.shape.height, counted.shape.width),
        }
        if comparison is not None:
            readings["supposed dense weights"] = comparison.dense.weights
            readings["supposed parameters"] = comparison.conv.parameters
            weights = comparison.dense.weights, comparison.local.weights, comparison.conv.weights
            readings["weights at the slider"] = weights[round(self.slider.position)]
        return readings

    def take_reading(self, name: str, value: float) -> None:
        """Suppose another longer side."""
        if name == "supposed side":
            thousand = 1000 * round(value / 1000)
            side = thousand if thousand and abs(thousand - value) <= NEAR else value
            self._suppose_side(round(min(max(side, SMALLEST_SIDE), LARGEST_SIDE)))

    def show_measures(self, measures: Measures) -> None:
        """Let the column keep the distances of this size of window."""
        self.settings.show_measures(measures)

    def show_answer(self, answer: object) -> None:
        """Draw where the connections are."""
        assert isinstance(answer, PatternAnswer)
        self.picture.show_patterns(answer)

    def rest(self) -> None:
        """What is shown when somebody looks again is counted anew."""
        super().rest()
        self._way.stop()
        self._is_stale = True

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the stage."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what was shown while the stage was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self._count()

    # the way from dense to shared

    def _play(self) -> None:
        """To the other end, or stop on the way."""
        if self._way.state() is QVariantAnimation.State.Running:
            self._way.stop()
        else:
            self._travel(DENSE if self.slider.position >= SHARED else SHARED)

    def _drag(self, position: float) -> None:
        self._way.stop()
        self._go(position)

    def _travel(self, stop: float) -> None:
        """Go to a stop in a moment, or at once where nothing shall move."""
        self._way.stop()
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) == 0:
            self._go(stop)
            return
        self._way.setDuration(max(round(DURATION * abs(stop - self.slider.position) / SHARED), 1))
        self._way.setStartValue(self.slider.position)
        self._way.setEndValue(stop)
        self._way.start()

    def _go(self, position: float) -> None:
        self.slider.show_position(position)
        self.picture.show_position(self.slider.position)
        self._show_play()

    def _show_play(self) -> None:
        is_running = self._way.state() is QVariantAnimation.State.Running
        is_back = self.slider.position >= SHARED
        text = "Stop here" if is_running else "Play back to dense" if is_back else "Play on to shared"
        self.play.setIcon(icons.icon("pause" if is_running else "play"))
        self.play.setToolTip(text)
        self.play.setAccessibleName(text)

    # what is supposed

    def _choose_scope(self, scope: Scope) -> None:
        self._suppose(Supposed(scope))

    def _suppose_size(self, shape: Shape) -> None:
        """Another size, which the slider keeps the proportions of."""
        supposition = replace(self._supposition(), shape=shape)
        self._suppose(replace(self._supposed, of=self._key(), proportions=shape, supposition=supposition))

    def _suppose_side(self, side: int) -> None:
        """Another length of the longer side; from wherever the slider comes, the proportions stay."""
        subject = self._subject()
        if subject is None:
            return
        is_of_this = self._supposed.of == self._key()
        proportions = (self._supposed.proportions if is_of_this else None) or subject.shape
        supposition = replace(self._supposition(), shape=resized_shape(proportions, side))
        self._suppose(replace(self._supposed, of=self._key(), proportions=proportions, supposition=supposition))

    def _suppose_number(self, name: str, value: int) -> None:
        supposition = self._supposition()
        match name:
            case "filters":
                supposition = replace(supposition, filters=value)
            case "kernel":
                supposition = replace(supposition, kernel=value)
            case "stride":
                supposition = replace(supposition, stride=value)
            case "groups":
                supposition = replace(supposition, groups=value)
        self._suppose(replace(self._supposed, of=self._key(), supposition=supposition))

    def _reset(self) -> None:
        self._suppose(Supposed(self._supposed.scope))

    def _suppose(self, supposed: Supposed) -> None:
        before, self._supposed = self._supposed, supposed
        refusal = self._count()
        if refusal and supposed.scope is before.scope:  # the fields go back to what can be
            self._supposed = before
            self._count()
            self.message.emit(refusal)

    def _supposition(self) -> Supposition:
        """What is supposed of what is counted now."""
        return self._supposed.supposition if self._supposed.of == self._key() else Supposition()

    def _subject(self) -> CountSubject | None:
        return subject_of(self._plan, self._index, self._supposed.scope)

    def _key(self) -> tuple[object, ...]:
        """What a supposition is of: the layers without their weights, and what arrives."""
        subject = self._subject()
        if subject is None:
            return (self._supposed.scope,)
        return (self._supposed.scope, self._index, subject.shape, *map(_blank, subject.layers))

    # counting

    def _refresh(self) -> None:
        if self.isVisible():
            self._count()
        else:
            self._is_stale = True

    def _count(self) -> str:
        """Count and show; the sentence of a refusal, or ""."""
        self._is_stale = False
        subject = self._subject()
        if subject is None:
            self._show_nothing(NO_PLAN, Shape(3, 32, 32), None)
            return ""
        supposition = self._supposition()
        try:
            changed = supposed(subject, supposition)
            counted_plan = changed.planned()
        except ConvStudioError as refusal:
            self._show_nothing(str(refusal), subject.shape, None)
            return str(refusal)
        comparison = changed.comparison_in(counted_plan)
        step = counted_plan.steps[0] if changed.scope is Scope.LAYER else None
        if comparison is None:
            self._show_nothing(no_counts_sentence(step), changed.shape, step)
            return ""
        counted = Counted(counted_steps(counted_plan.steps), comparison)
        self.settings.show_subject(self._supposed.scope, changed.shape, step, is_supposed=supposition != Supposition())
        self.settings.show_comparison(comparison, step, groups_answer(step) if step is not None else None)
        self.slider.show_texts(texts_of(comparison))
        self.play.setEnabled(True)
        self.picture.show_counted(counted)
        dense, local, conv = (way.weights for way in (comparison.dense, comparison.local, comparison.conv))
        now = CurvePoint(max(changed.shape.height, changed.shape.width), dense, local, conv)
        is_open = self.settings.table.isChecked()  # the curve takes a plan for each of its points
        points = curve_of(changed.layers, changed.shape, 0, changed.scope) if is_open else ()
        self.table.show_counts(comparison, points, now)
        self.compared.emit(comparison, changed.scope)
        return ""

    def _show_table(self, is_on: bool) -> None:  # noqa: FBT001  # the slot of a button
        self.pages.setCurrentIndex(int(is_on))
        self._count()

    def _show_nothing(self, sentence: str, shape: Shape, step: Step | None) -> None:
        self.settings.show_subject(self._supposed.scope, shape, step, is_supposed=self._supposition() != Supposition())
        self.settings.show_comparison(None, None, None)
        self.slider.show_texts(None)
        self.play.setEnabled(False)
        self.picture.show_counted(None, sentence)
        self.table.show_counts(None, (), None)
        self.compared.emit(None, Scope.LAYER)


def counted_alike(plan: Plan | None, other: Plan | None) -> bool:
    """Whether two plans have the same counts, whatever their weights are: a drag changes only those."""
    if plan is other:
        return True
    if plan is None or other is None or plan.source != other.source or len(plan.steps) != len(other.steps):
        return False
    return all(
        (_blank(step.layer), step.input, step.output, step.pads)
        == (_blank(twin.layer), twin.input, twin.output, twin.pads)
        for step, twin in zip(plan.steps, other.steps, strict=True)
    )


def _blank(layer: Layer) -> Layer:
    """A layer without its weights."""
    if isinstance(layer, Conv | ConvTranspose):
        return replace(layer, weight=Weights(np.zeros(layer.weight.array.shape)), bias=(0.0,) * len(layer.bias))
    return layer


def _weights_of(plan: Plan | None) -> list[Weights]:
    if plan is None:
        return []
    return [step.layer.weight for step in plan.steps if isinstance(step.layer, Conv | ConvTranspose)]
