"""STEP: a window that walks over the numbers of its input and fills its outputs one by one."""

from PySide6.QtCore import QEasingCurve, Qt, QTimer, QVariantAnimation, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeyEvent, QKeySequence, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStyle, QVBoxLayout, QWidget

from convstudio.core.geometry.regions import Region
from convstudio.core.view.shown import Shown
from convstudio.core.wording import row_and_column
from convstudio.insight.trace.formula import Notation, Style, formula
from convstudio.insight.trace.sliding import Excerpt, progress_text, unit_after
from convstudio.insight.trace.taps import Unit
from convstudio.insight.trace.trace import Trace
from convstudio.views import theme
from convstudio.views.explain.explainer import sentence_label
from convstudio.views.explain.trace.cards import HEADING, UnitCard
from convstudio.views.explain.trace.controls import StepBar
from convstudio.views.explain.trace.grids import StepGrids
from convstudio.views.explain.trace.strip import StripChooser
from convstudio.views.explain.trace.text import COUNTED_FROM_0, FEW_TERMS, MOST_TERMS, full_text, sum_line
from convstudio.views.painting import painting
from convstudio.views.probe.probed import MOST_SIDE, Probed, Role

EMPTY = "Point at an output: its inputs light up. A click pins it, another click pins one to compare it with."
ANOTHER = "Pin another output to compare it with this one."
NO_LAYER = "Choose a layer: its window walks here."
LONGEST_FLIGHT = 600  # milliseconds
HIGH, MIDDLING = 600, 460  # pixels of the stage for cards with all of their pictures, and with small ones
CARD, SMALL_CARD = 184, 148
STRIP_LEAVES = 0.3  # of the height above that


class StepStage(QWidget):
    """Emits the outputs that are chosen; what they are worth is shown to it."""

    unit_chosen = Signal(object)  # Unit at which the window stands, or None to let go of everything
    unit_hovered = Signal(object)  # Unit or None
    unit_pinned = Signal(object)  # Unit
    input_hovered = Signal(object)  # (row, column) or None
    strip_chosen = Signal(object)  # (row, column) of the output at which the strip begins
    grid_edited = Signal(object)  # rows of numbers
    save_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step-panel")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._shown: Shown | None = None
        self._way: Excerpt | None = None
        self._probed: tuple[Probed, ...] = ()
        self._walker: Unit | None = None
        self._example: Trace | None = None  # of what is written out while nothing is pointed at
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._slide)
        self._flight = QVariantAnimation(self)
        self._flight.setStartValue(0.0)
        self._flight.setEndValue(1.0)
        self._flight.setEasingCurve(QEasingCurve.Type.InOutQuad)
        self.bar = StepBar(self)
        self.strip = StripChooser(self)
        self.grids = StepGrids(self)
        self.sum = sentence_label(self, "step-sum")
        self.sum.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter)
        self.sum.setFixedHeight(2 * self.sum.fontMetrics().lineSpacing())
        self.hint = QLabel(EMPTY, self)
        self.hint.setObjectName("step-hint")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.cards = UnitCard("step-left", self), UnitCard("step-right", self)
        self._lay_out()
        self._connect()
        self._add_keys()

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.strip)
        middle.addWidget(self.grids, 1)
        self._below = QWidget(self)
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(24)
        for card in self.cards:
            below.addWidget(card, 1)
        below.insertWidget(1, self.hint, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.bar)
        layout.addLayout(middle, 1)
        layout.addWidget(self.sum)
        layout.addWidget(self._below)

    def _connect(self) -> None:
        self.grids.unit_hovered.connect(self.unit_hovered)
        self.grids.unit_pinned.connect(self._pin)
        self.grids.input_hovered.connect(self.input_hovered)
        self.grids.input_dragged.connect(self._drag)
        self.strip.strip_chosen.connect(self.strip_chosen)
        self.bar.moved.connect(self.move_by)
        self.bar.first_asked.connect(self.move_to_first)
        self.bar.play_toggled.connect(self._play)
        self.bar.speed.currentIndexChanged.connect(lambda _: self._timer.setInterval(round(1000 / self.bar.rate)))
        self.bar.unpin_asked.connect(self.let_go)
        self.bar.symbols_toggled.connect(lambda _: self._show_sum())
        self.bar.copy_asked.connect(self._copy)
        self.bar.save_asked.connect(self.save_asked)
        self._flight.valueChanged.connect(lambda share: self.grids.show_progress(float(share)))

    @property
    def notation(self) -> Notation:
        """Numbers or letters, as is chosen."""
        return Notation.SYMBOLS if self.bar.symbols.isChecked() else Notation.NUMBERS

    @property
    def belongings(self) -> Notation:
        """Numbers or letters."""
        return self.notation

    def take_belongings(self, belongings: object) -> None:
        """Write another session's calculations: in numbers, unless letters were chosen there."""
        self.stop()
        self.bar.symbols.setChecked(belongings is Notation.SYMBOLS)

    # what is shown

    def show_way(self, shown: Shown | None, way: Excerpt | None, calculation: Trace | None) -> None:
        """Show over which numbers the window walks, with the weights of one unit; None where there is no layer."""
        if shown is None or way is None or calculation is None:
            self._shown = self._way = self._example = None
            self.stop()
            self.grids.hide()
            self.strip.hide()
        else:
            if self._shown is not None and self._shown.result.plan != shown.result.plan:
                self.stop()
            self._shown, self._way, self._example = shown, way, calculation
            self.grids.show_way(shown, way, calculation, is_editable=self._is_editable)
            self.grids.show()
            self.strip.setVisible(self._is_strip)
        self._fit_cards()

    def show_probed(self, probed: tuple[Probed, ...], walker: Unit | None) -> None:
        """Show what is pinned and pointed at, and where the window stands."""
        is_step = walker is not None and walker != self._walker and self.isVisible() and self._has_motion
        self._probed, self._walker = probed, walker
        if is_step:
            self._flight.stop()
            self._flight.setDuration(round(min(LONGEST_FLIGHT, 800 / self.bar.rate)))
            self._flight.start()
        elif walker is None and self._flight.state() is QVariantAnimation.State.Running:
            self._flight.stop()
            self.grids.show_progress(1.0)
        self.grids.show_probed(probed, walker)
        if self._shown is not None:
            self.strip.show_way(self._shown, self._way, probed)
        self._show_place()
        self._show_cards()
        self._show_sum()

    def show_reach(self, region: Region | None) -> None:
        """Mark the outputs that an input has an effect on."""
        self.grids.show_reach(region)

    @property
    def trace(self) -> Trace | None:
        """The calculation that is written out: of what is pointed at, else of what was pinned last."""
        return self._probed[-1].trace if self._probed else None

    @property
    def computed(self) -> tuple[QWidget, ...]:
        """What tells outputs, the large one first, for a lesson that asks for them."""
        return (self.grids.output_place, self.sum, *self.cards, self.bar.place)

    @property
    def _has_motion(self) -> bool:
        return self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) > 0

    @property
    def _is_editable(self) -> bool:
        """Whether the numbers are a small grey picture's: a typed grid."""
        if self._shown is None or self._way is None or self._shown.input_index >= 0 or not self._way.is_whole:
            return False
        return self._shown.result.plan.source.channels == 1

    def _show_place(self) -> None:
        way, shown = self._way, self._shown
        text = ""
        if way is not None and shown is not None and self._walker is not None:
            output = shown.result.plan.shape_at(shown.output_index)
            where = row_and_column(self._walker.row, self._walker.column)
            text = progress_text(output, self._walker) if way.is_whole else where
        is_pinned = self._walker is not None or any(unit.role is not Role.POINTED for unit in self._probed)
        self.bar.show_place(text, can_step=way is not None, is_pinned=is_pinned, has_unit=bool(self._probed))

    def _show_cards(self) -> None:
        units = {unit.role: unit for unit in self._probed}
        pinned = {unit.trace.unit for role, unit in units.items() if role is not Role.POINTED}
        pointed = units.get(Role.POINTED)
        places = [units.get(Role.GREEN), units.get(Role.RED)]
        if pointed is not None and pointed.trace.unit not in pinned and None in places:
            places[places.index(None)] = pointed
        is_alone = sum(unit is not None for unit in places) == 1
        if places == [None, None] and self._example is not None and self._way is not None:
            places[0] = Probed(self._example, Role.POINTED)  # until somebody points at another
        for card, unit in zip(self.cards, places, strict=True):
            if unit is not None and self._shown is not None:
                card.show_unit(unit, self._shown)
            card.setVisible(unit is not None and self._shown is not None)
        self.hint.setText(NO_LAYER if self._shown is None else ANOTHER if is_alone else EMPTY)
        self.hint.setVisible(self._shown is None or None in places)

    def _show_sum(self) -> None:
        trace = self.trace
        if trace is None:
            self.sum.setText("")
        elif self.notation is Notation.SYMBOLS:
            most = MOST_TERMS if trace.taps.values.size <= MOST_TERMS else FEW_TERMS
            self.sum.setText(formula(trace, Style.TEXT, Notation.SYMBOLS, most=most))
            self.sum.setToolTip(COUNTED_FROM_0)
        else:
            self.sum.setText(sum_line(trace))
            self.sum.setToolTip("")

    # stepping

    def move_by(self, steps: int) -> None:
        """Go so many outputs on; to the first one where the window stands nowhere."""
        if self._shown is not None and self._way is not None:
            output = self._shown.result.plan.shape_at(self._shown.output_index)
            if self._walker is None:
                self.unit_chosen.emit(self._way.units[0])
            else:
                self.unit_chosen.emit(unit_after(output, self._walker, steps))

    def move_to_first(self) -> None:
        """Go to the first output that is shown."""
        if self._way is not None:
            self.unit_chosen.emit(self._way.units[0])

    def move_to_last(self) -> None:
        """Go to the last output that is shown."""
        if self._way is not None:
            self.unit_chosen.emit(self._way.units[-1])

    def let_go(self) -> None:
        """Keep no output any more."""
        self.stop()
        self.unit_chosen.emit(None)

    def toggle_play(self) -> None:
        """Let the window slide, or stop it."""
        self.bar.play.toggle()

    def stop(self) -> None:
        """Let the window slide no more."""
        self.bar.play.setChecked(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends of what is shown."""
        match event.key():
            case Qt.Key.Key_Home:
                self.move_to_first()
            case Qt.Key.Key_End:
                self.move_to_last()
            case _:
                super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of a stage."""
        with painting(self) as painter:
            painter.fillRect(self.rect(), theme.tokens(self).stage)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody watches the window slide any more."""
        self.stop()
        super().hideEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cards small where the numbers need the room."""
        super().resizeEvent(event)
        self._fit_cards()
        self.bar.show_room(event.size().width())
        self.strip.show_room(event.size().width())

    def _fit_cards(self) -> None:
        """A strip of a large picture needs few rows: what it leaves is for the cards."""
        height = self.height()
        card = CARD if height >= HIGH else SMALL_CARD if height >= MIDDLING else HEADING
        if card > HEADING and self._is_strip:
            card += round(STRIP_LEAVES * (height - MIDDLING))
        self._below.setFixedHeight(card)
        for unit_card in self.cards:
            unit_card.picture.setVisible(card > HEADING)

    @property
    def _is_strip(self) -> bool:
        """Whether the window walks over a strip of a picture that is too large for its numbers."""
        way, shown = self._way, self._shown
        if way is None or shown is None or way.is_whole:
            return False
        return max(shown.result.plan.shape_at(shown.input_index)[1:]) > MOST_SIDE

    def _is_last(self) -> bool:
        return self._way is None or self._walker == self._way.units[-1]

    def _play(self, is_playing: bool) -> None:  # noqa: FBT001  # a slot
        if is_playing and self._way is not None:
            if self._walker not in self._way.units or self._is_last():
                self.move_to_first()
            self._timer.start(round(1000 / self.bar.rate))
        else:
            self._timer.stop()

    def _slide(self) -> None:
        if self._is_last():
            self.stop()
        else:
            self.move_by(1)

    def _pin(self, unit: Unit) -> None:
        self.stop()
        self.unit_pinned.emit(unit)

    def _drag(self, place: tuple[int, int], value: float) -> None:
        """Change a number of the typed grid."""
        if self._shown is None or not self._is_editable:
            return
        pixels = self._shown.result.frame.pixels[:, :, 0].astype(float)
        if place[0] < pixels.shape[0] and place[1] < pixels.shape[1] and pixels[place] != value:
            pixels[place] = value
            self.grid_edited.emit(pixels.tolist())

    def _add_keys(self) -> None:
        for key, slot in (
            ("S", self.bar.symbols.toggle),
            (",", lambda: self.move_by(-1)),
            (".", lambda: self.move_by(1)),
            ("/", self.toggle_play),
        ):
            # a shortcut, for the list of speeds would take a letter for a search
            shortcut = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    def _copy(self, kind: str) -> None:
        if self.trace is not None:
            text = formula(self.trace, Style.LATEX, self.notation) if kind == "latex" else full_text(self.trace)
            QGuiApplication.clipboard().setText(text)
