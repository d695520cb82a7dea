"""The column at the right: everything that the selected layer, or the source, is controlled with. Nothing scrolls.

Its upper half is the layer's own (a kernel, a window, a curve), its lower half the fields that all layers share. In a
window too low for both they are two pages.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from convstudio.core.edits.channels import with_channel_mode
from convstudio.core.frame import Frame
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Pool,
    Resize,
    ScaleShift,
    Softmax,
)
from convstudio.core.recipe.naming import name_of
from convstudio.core.recipe.plan import Step
from convstudio.core.view.shown import Shown
from convstudio.views.controls.segments import Segments
from convstudio.views.controls.switch import Switch
from convstudio.views.inspector.fields import LayerFields
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.inspector.source import Offer, SampleList, SourcePanel
from convstudio.views.kernel.box_page import BETWEEN, TIGHT
from convstudio.views.kernel.panel import KernelPanel
from convstudio.views.kernel.parameters import FEW, MANY, ROW
from convstudio.views.measures import MEDIUM, SMALL, Measures
from convstudio.views.style_sheet import FIELDS, LOW_FIELDS, dress_again, set_property

if TYPE_CHECKING:
    from convstudio.views.inspector.activation import ActivationPanel
    from convstudio.views.inspector.dense import DensePanel
    from convstudio.views.inspector.pixels import MagnitudePanel, ScalePanel, SoftmaxPanel
    from convstudio.views.inspector.pool import PoolPanel
    from convstudio.views.inspector.resize import ResizePanel

PageT = TypeVar("PageT", bound=LayerPage)
NO_PICTURE = "Open a picture, or start with a sample. The settings of the layer stand here then."
NOTHING_ARRIVES = "Nothing arrives here, as a layer before this one cannot work. Its card says why."
LOW, LOW_BOX = 440, 124  # pixels of height below which the kernel's page has a smaller box, and that
ROOMY = 770  # pixels of height from which fields and gaps have their full size
TITLE, HEAD_GAP = 28, 8  # pixels
PAGES = (("upper", "Kernel"), ("lower", "Settings"))
PAGE_OF = {  # the attribute that has the page of a kind of layer; convolutions have the kernel's
    Pool: "pool",
    Activation: "activation",
    ScaleShift: "scale",
    Normalisation: "scale",
    Softmax: "softmax",
    Magnitude: "magnitude",
    Resize: "resize_page",
    Dense: "dense",
}


class InspectorColumn(QWidget):
    """Name, and the pages for the selected layer. Edits go out as whole layers."""

    layer_edited = Signal(object, str)  # Layer, merge key
    gesture_ended = Signal()
    message = Signal(str)
    lit_clicked = Signal(bool)  # whether the photograph is to be lit by the map that is looked at

    def __init__(self, offers: Sequence[Offer] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.step: Step | None = None
        self._source_name = ""
        self.title = QLabel(self)
        self.title.setObjectName("inspector-title")
        self.title.setProperty("kind", "title")
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.mix = Switch("Mix channels", "mix-channels", self, short="Mix")
        self.mix.setToolTip("One filter spans all channels, as in a network's layer; without, it works on each alike")
        self.whole_map = Switch("Whole map", "pool-global", self, short="Whole")
        self.whole_map.setToolTip("Global: one number for each channel, whatever the picture's size")
        self.pages = Segments("inspector-pages", PAGES, "Page", self)
        self.kernel = KernelPanel(self)
        self._made: list[LayerPage] = []
        self.source, self.samples = SourcePanel(self), SampleList(offers, self)
        self.fields = LayerFields(self)
        self.empty = QLabel(NO_PICTURE, self)
        self.empty.setObjectName("inspector-empty")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._upper, self._lower = QStackedWidget(self), QStackedWidget(self)
        self._blank = QWidget(self)
        uppers: tuple[QWidget, ...] = (self.empty, self.kernel, self.source)
        lowers: tuple[QWidget, ...] = (self._blank, self.fields, self.samples)
        for stack, widgets in ((self._upper, uppers), (self._lower, lowers)):
            for widget in widgets:
                stack.addWidget(widget)
            stack.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._measures = self._page_measures = MEDIUM
        self._lay_out()
        self._connect(offers)
        self.show_step(None)

    # the pages, each made when somebody first looks at a layer of its kind

    @cached_property
    def pool(self) -> "PoolPanel":
        """The page of a pool."""
        from convstudio.views.inspector.pool import PoolPanel  # noqa: PLC0415 - when it is looked at

        page = self._add_page(PoolPanel(self))
        self.whole_map.clicked.connect(page.set_global)
        return page

    @cached_property
    def activation(self) -> "ActivationPanel":
        """The page of an activation."""
        from convstudio.views.inspector.activation import ActivationPanel  # noqa: PLC0415 - when it is looked at

        return self._add_page(ActivationPanel(self))

    @cached_property
    def dense(self) -> "DensePanel":
        """The page of a dense layer."""
        from convstudio.views.inspector.dense import DensePanel  # noqa: PLC0415 - when it is looked at

        return self._add_page(DensePanel(self))

    @cached_property
    def scale(self) -> "ScalePanel":
        """The page of a scale and shift, and of a normalisation."""
        from convstudio.views.inspector.pixels import ScalePanel  # noqa: PLC0415 - when it is looked at

        return self._add_page(ScalePanel(self))

    @cached_property
    def softmax(self) -> "SoftmaxPanel":
        """The page of a softmax."""
        from convstudio.views.inspector.pixels import SoftmaxPanel  # noqa: PLC0415 - when it is looked at

        page = self._add_page(SoftmaxPanel(self))
        page.lit.clicked.connect(self.lit_clicked)
        return page

    @cached_property
    def magnitude(self) -> "MagnitudePanel":
        """The page of a magnitude."""
        from convstudio.views.inspector.pixels import MagnitudePanel  # noqa: PLC0415 - when it is looked at

        return self._add_page(MagnitudePanel(self))

    @cached_property
    def resize_page(self) -> "ResizePanel":
        """The page of a change of size."""
        from convstudio.views.inspector.resize import ResizePanel  # noqa: PLC0415 - when it is looked at

        return self._add_page(ResizePanel(self))

    def _add_page(self, page: PageT) -> PageT:
        self._made.append(page)
        self._upper.addWidget(page)
        page.show_measures(self._page_measures)
        page.layer_edited.connect(self.layer_edited)
        page.gesture_ended.connect(self.gesture_ended)
        page.edit_refused.connect(self.message)  # the fields say it in the size's place
        return page

    # showing

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        self._measures = measures
        self._arrange()

    def show_empty(self, *, has_picture: bool) -> None:
        """Say why there is nothing to set, where no step is shown."""
        self.empty.setText(NOTHING_ARRIVES if has_picture else NO_PICTURE)

    def show_step(self, step: Step | None, *, is_source: bool = False, is_passing: bool = False) -> None:
        """Show the settings of a layer as it is executed, of the source, or how to get any."""
        self.step = step
        layer = step.layer if step is not None else None
        has_kernel = isinstance(layer, Conv | ConvTranspose)
        self.kernel.show_step(step if has_kernel else None, is_passing=is_passing)
        self.mix.setVisible(isinstance(layer, Conv))
        self.whole_map.setVisible(isinstance(layer, Pool))
        upper, lower = self._pages_for(step, is_source=is_source)
        for stack, page in ((self._upper, upper), (self._lower, lower)):
            if stack.currentWidget() is not page:  # a page that goes loses the focus
                stack.setCurrentWidget(page)
        if step is not None:
            self._show_layer(step)
        self._show_title()
        self._show_pages()

    def _pages_for(self, step: Step | None, *, is_source: bool) -> tuple[QWidget, QWidget]:
        """The upper and the lower half for a layer or the source."""
        if is_source:
            return self.source, self.samples
        if step is None:
            return self.empty, self._blank
        return self._page_for(step.layer) or self.kernel, self.fields

    def _page_for(self, layer: Layer) -> LayerPage | None:
        """The page of a kind of layer; None for convolutions."""
        name = PAGE_OF.get(type(layer))
        page = getattr(self, name) if name is not None else None
        return page if isinstance(page, LayerPage) else None

    def _show_layer(self, step: Step) -> None:
        layer = step.layer
        if isinstance(layer, Conv):
            self.mix.show_on(layer.channels is Channels.ACROSS)
            self.mix.setEnabled(step.input.channels > 1)
        if isinstance(layer, Pool):
            self.whole_map.show_on(layer.is_global)
        if (page := self._page_for(layer)) is not None:
            page.show_step(step)
        self.fields.show_step(step, self.kernel.filter_index)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        self.step = step
        self.fields.step = step
        self.kernel.take_step(step)
        if (page := self._page_for(step.layer)) is not None:
            page.take_step(step)

    def show_frame(self, frame: Frame) -> None:
        """Show the picture that the recipe is applied to."""
        self._source_name = frame.name
        self.source.show_frame(frame)
        self._show_title()

    def show_shown(self, shown: Shown) -> None:
        """Show the source's thumbnail."""
        if shown.thumbnails:
            self.source.thumbnail.show_picture(shown.thumbnails[0])

    def show_window_values(
        self, values: NDArray[np.float64] | None, result: float = 0.0, winner: tuple[int, int] | None = None
    ) -> None:
        """Show the numbers (rows, columns) of a pool's window under the mouse, what goes on, and which it is."""
        if "pool" in self.__dict__:  # it was looked at
            self.pool.show_window_values(values, result, winner)

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """What tells the output or the cost of a layer, for a lesson that asks for it."""
        return (*self.fields.computed, *self.dense.computed, self.kernel.sentence)

    def show_part(self, part: QWidget) -> None:
        """Turn to the page that has a control, where there are two."""
        for key, half in (("upper", self._upper), ("lower", self._lower)):
            if half.isAncestorOf(part):
                self.pages.show_choice(key)
                self._show_pages()

    def _show_title(self) -> None:
        """The layer's own name, its preset's or its kind's; the short one where the long one has no room."""
        texts: tuple[str, ...] = ("",)
        if self._upper.currentWidget() is self.source:
            texts = (self._source_name or "Picture",)
        elif self.step is not None and (self.step.layer.name or not self.kernel.preset_key):
            texts = (name_of(self.step.layer),)
        elif self.step is not None:
            preset = find(self.kernel.preset_key)
            texts = (preset.title, preset.short_title)
        metrics, room = self.title.fontMetrics(), self._head.width()
        switch = next((switch for switch in (self.mix, self.whole_map) if not switch.isHidden()), None)
        if switch is not None:  # its label gives way before the name does
            rooms = [room - HEAD_GAP - switch.width_with(is_short=is_short) for is_short in (False, True)]
            switch.show_short(is_short=all(metrics.horizontalAdvance(text) > rooms[0] for text in texts))
            room = rooms[switch.text() != switch.accessibleName()]
        fitting = next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])
        self.title.setText(metrics.elidedText(fitting, Qt.TextElideMode.ElideRight, room) if room > TITLE else fitting)
        self.title.setAccessibleName(texts[0])
        self.title.setToolTip(texts[0])

    def _show_pages(self) -> None:
        """In a low window one half at a time, and the preset's numbers below the kernel."""
        is_paged = self._measures.has_pages
        is_lower = is_paged and self.pages.choice == "lower"
        self.pages.setVisible(is_paged)
        self._upper.setVisible(not is_lower)
        self._lower.setVisible(is_lower or not is_paged)
        self._parameters.setVisible(not is_lower)

    # building

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(HEAD_GAP)
        head.addWidget(self.title, 1)
        head.addWidget(self.mix)
        head.addWidget(self.whole_map)
        self._head = QWidget(self)
        self._head.setLayout(head)
        head.setContentsMargins(0, 0, 0, 0)
        self._head.setFixedHeight(TITLE)
        self._parameters = QWidget(self)  # a place, whether it is filled or not
        place = QVBoxLayout(self._parameters)
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self.kernel.parameters)
        place.addStretch(1)
        self._column = QVBoxLayout(self)
        for widget in (self._head, self.pages, self._upper, self._lower, self._parameters):
            self._column.addWidget(widget)
        self._column.addStretch(1)

    def _arrange(self) -> None:
        """Full sizes where the height allows it; the box stays as large as the window's class has it."""
        measures = self._measures
        is_roomy = measures.has_second_line and self.height() >= ROOMY
        if measures.has_second_line and not is_roomy:
            measures = replace(measures, field=28, has_second_line=False)
        is_low = measures.has_pages and self.height() < LOW
        if is_low:
            measures = replace(measures, kernel_box=LOW_BOX)
        margin = measures.margin
        self._column.setContentsMargins(margin, 8 if is_roomy else 4, margin, 0)
        self._column.setSpacing(BETWEEN if is_roomy else TIGHT - 2)
        for widget in (self.kernel, self.source, self.samples, self.fields):
            widget.show_measures(measures)
        self._page_measures = measures
        for page in self._made:
            page.show_measures(measures)
        most = MANY if is_roomy or (measures.has_pages and not is_low) else FEW
        self.kernel.parameters.show_most(most, has_units=measures.inspector > SMALL.inspector)
        self._parameters.setFixedHeight(ROW * most // 2)
        self._fit_fields(measures.field)
        self._show_pages()

    def _fit_fields(self, height: int) -> None:
        """Fields as high as the column has room for, which is less than elsewhere where the window is low.

        A sheet of its own would have Qt dress all of the column once more for each sheet of the application.
        """
        if set_property(self, FIELDS, LOW_FIELDS if height <= SMALL.field else ""):
            for widget in self.findChildren(QWidget):
                dress_again(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height decides over the gaps."""
        super().resizeEvent(event)
        self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The name takes the form for which there is room."""
        if watched is self._head and event.type() is QEvent.Type.Resize:
            self._show_title()
        return False

    def _connect(self, offers: Sequence[Offer]) -> None:
        self.offers = tuple(offers)
        self._head.installEventFilter(self)
        for panel in (self.kernel, self.fields):
            panel.layer_edited.connect(self.layer_edited)
            panel.gesture_ended.connect(self.gesture_ended)
        self.kernel.message.connect(self.message)
        self.source.message.connect(self.message)
        self.kernel.filter_shown.connect(self._show_filter)
        self.kernel.preset_changed.connect(lambda _: self._show_title())
        self.mix.clicked.connect(self._mix)
        self.pages.chosen.connect(lambda _: self._show_pages())

    def _show_filter(self, index: int) -> None:
        """The bias is of the filter that is shown."""
        if self.step is not None and isinstance(self.step.layer, Conv | ConvTranspose):
            self.fields.show_step(self.step, index)

    def _mix(self, is_on: bool) -> None:  # noqa: FBT001  # a slot
        if self.step is not None and isinstance(layer := self.step.layer, Conv):
            mode = Channels.ACROSS if is_on else Channels.EACH
            self.layer_edited.emit(with_channel_mode(layer, mode, self.step.input.channels), "")
