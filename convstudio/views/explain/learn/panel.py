"""LEARN: three networks learn to read digits; then the digits move, and somebody draws one."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QToolButton, QWidget

from convstudio.core.recipe.layers import Weights
from convstudio.core.recipe.new_layers import image_filter
from convstudio.core.view.shown import Shown
from convstudio.core.wording import field_text, percent
from convstudio.insight.learn.layers import SharedWeights, Values
from convstudio.insight.learn.moving import SHIFTS, moved
from convstudio.insight.learn.networks import NetworkKind
from convstudio.insight.learn.study import Study, StudyQuestion
from convstudio.insight.learn.training import WATCH, Task
from convstudio.views import icons
from convstudio.views.explain.learn.column import SHORT, LearnColumn, network_colour
from convstudio.views.explain.learn.digits import Answers, DrawnDigit, MovedDigit
from convstudio.views.explain.learn.filters import FilterCard
from convstudio.views.explain.line_chart import ChartAxis, ChartLine, LineChart, Symbol
from convstudio.views.explain.stage import CAPTION, HEADING, StageExplainer, Words, sized

GAP, TITLE_ROW = 24, 30
SIDES = 8  # beside the words in a chart
LEGENDS = "dotted: its examples, line: new", "dotted: known, line: new"
HINT = 24  # the line below a canvas
HINTS = {"digit": ("Drag it, or press an arrow", "Drag it"), "drawing": ("Press and draw",)}
SHARES = ChartAxis(0.0, 1.0, tuple((share / 4, percent(share / 4)) for share in range(5)))
STYLES = {
    NetworkKind.DENSE: Qt.PenStyle.SolidLine,
    NetworkKind.LOCAL: Qt.PenStyle.DashLine,
    NetworkKind.CONVOLUTION: Qt.PenStyle.SolidLine,
}


class LearnPanel(StageExplainer):
    """The stage; `column` beside it says what is learned."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("learn", parent)
        self.settings = LearnColumn()
        self.column = self.settings
        self._study: Study | None = None
        self._is_running = False
        self._number = 0  # of the test digit that is moved
        self.digit, self.drawing = MovedDigit(), DrawnDigit()
        self.digit_answers, self.drawing_answers = Answers("learn-digit-answers"), Answers("learn-drawing-answers")
        shifts = ChartAxis(SHIFTS[0], SHIFTS[-1], tuple((s, field_text(s)) for s in SHIFTS), "moved by, pixels")
        self.moving = LineChart("learn-moving", shifts, SHARES)
        self.rounds = LineChart("learn-curves", ChartAxis(0, 100, ((0, "0"), (100, "100")), LEGENDS[0]), SHARES)
        self.filters = FilterCard()
        self.titles = {
            name: Words(f"learn-{name}-title", HEADING, self.content, is_bold=True)
            for name in ("digit", "drawing", "moving", "curves", "filters")
        }
        for title in self.titles.values():
            title.setWordWrap(False)
        self.hints = {name: Words(f"learn-{name}-hint", CAPTION, self.content, is_muted=True) for name in HINTS}
        for hint in self.hints.values():
            hint.setWordWrap(False)
        self.next = self._button("learn-next", "shuffle", "Another test digit")
        self.wipe = self._button("learn-wipe", "trash-2", "Wipe the canvas clean")
        for widget in (
            self.digit, self.drawing, self.digit_answers, self.drawing_answers, self.moving, self.rounds, self.filters,
        ):  # fmt: skip
            widget.setParent(self.content)
        self._connect()
        self.show_study(None)

    def _connect(self) -> None:
        self.settings.task_chosen.connect(self._begin)
        self.settings.stopped.connect(self._stop)
        self.settings.layer_asked.connect(self._use_filters)
        self.filters.asked.connect(self._use_filters)
        self.digit.moved.connect(self._move)
        self.drawing.drawn.connect(self._read_drawing)
        self.next.clicked.connect(lambda: self._show_digit(self._number + 1))
        self.wipe.clicked.connect(self.drawing.clear)

    # what the wiring calls

    def show_shown(self, shown: Shown) -> None:
        """The digits are its own; the picture does not matter. The first look begins to train."""
        if self._study is None and not self._is_running:
            self._begin(self.settings.task)
        elif self._study is not None and self._is_running:
            self.asked.emit(StudyQuestion(self._study.task, self._study))  # it was left before it could answer

    def show_answer(self, answer: object) -> None:
        """Show where the networks are, and let them go on."""
        assert isinstance(answer, Study)
        self._is_running = self._is_running and not answer.is_done
        self.show_study(answer)
        if self._is_running:
            self.asked.emit(StudyQuestion(answer.task, answer))

    @property
    def readings(self) -> Mapping[str, float | str]:
        """Whether the networks have learned, how far the test digit is moved, and who reads new digits moved so far."""
        study, far = self._study, max(map(abs, self.digit.shift))
        shares = dict.fromkeys(NetworkKind, "…")
        if study is not None and study.is_done and far in SHIFTS:
            shares = {kind: percent(of[SHIFTS.index(far)]) for kind, of in zip(NetworkKind, study.moved, strict=True)}
        return {
            "trained": float(study is not None and study.is_done),
            "digit moved by": float(far),
            "dense right": shares[NetworkKind.DENSE],
            "convolutional right": shares[NetworkKind.CONVOLUTION],
        }

    def take_reading(self, name: str, value: float) -> None:
        """Move the test digit to the right."""
        if name == "digit moved by":
            self._move(round(min(max(value, 0), SHIFTS[-1])), 0)

    def show_study(self, study: Study | None) -> None:
        """Show a study, or that there is none yet."""
        is_new = study is not None and (self._study is None or self._study.split is not study.split)
        self._study = study
        self.settings.show_study(study, is_running=self._is_running)
        self.filters.show_weight(self._weight())
        self._show_curves()
        self._show_moving()
        if is_new:
            self._show_digit(0)
        self._read_digit()
        self._read_drawing()

    # building

    def _button(self, name: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self.content)
        button.setObjectName(name)
        button.setIcon(icons.icon(icon))
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def place(self, room: QRect) -> None:
        """The digits at the left, what was measured at the right."""
        gap = min(GAP, self.margin)
        left = min(round(room.width() * 0.42), 480)
        side = max(min((room.height() - gap) // 2 - TITLE_ROW - HINT, left * 56 // 100), 40)
        beside = left - side - gap
        for top, canvas, answers, name, button in (
            (room.top(), self.digit, self.digit_answers, "digit", self.next),
            (
                room.top() + side + TITLE_ROW + HINT + gap,
                self.drawing,
                self.drawing_answers,
                "drawing",
                self.wipe,
            ),
        ):
            self.titles[name].setGeometry(room.left(), top, side - 32, TITLE_ROW)
            self.hints[name].setGeometry(room.left(), top + TITLE_ROW + side + 6, side, HINT - 6)
            button.setGeometry(room.left() + side - 28, top - 2, 28, 28)
            canvas.setGeometry(room.left(), top + TITLE_ROW, side, side)
            answers.setGeometry(room.left() + side + gap, top + TITLE_ROW, beside, side)
        x, wide = room.left() + left + gap, room.width() - left - gap
        upper = round((room.height() - gap) * 0.55)
        self.titles["moving"].setGeometry(x, room.top(), wide, TITLE_ROW)
        self.moving.setGeometry(x, room.top() + TITLE_ROW, wide, upper - TITLE_ROW)
        y, low = room.top() + upper + gap, room.height() - upper - gap
        half = (wide - gap) // 2
        for offset, name, card in ((0, "curves", self.rounds), (half + gap, "filters", self.filters)):
            self.titles[name].setGeometry(x + offset, y, half, TITLE_ROW)
            card.setGeometry(x + offset, y + TITLE_ROW, half, low - TITLE_ROW)
        self._write_titles()
        self._show_curves()

    def _write_titles(self) -> None:
        """Each title in the longest form for which there is room; the hints, too."""
        right, down = self.digit.shift
        far = max(abs(right), abs(down))
        is_measured = self._study is not None and bool(self._study.moved)
        forms = {
            "digit": tuple(f"{start} by {far}" for start in ("A test digit, moved", "Moved"))
            if far
            else ("A test digit",),
            "drawing": ("Draw your own", "Draw one"),
            "moving": (
                ("Right answers when the test digits move", "When the digits move")
                if is_measured
                else ("They are learning; then the test digits move", "They are learning")
                if self._is_running
                else ("Train them to the end, and the test digits move", "Train them to the end")
            ),
            "curves": ("Right answers while they train", "While they train"),
            "filters": ("The 12 filters it learned", "Its 12 filters"),
        }
        rows = [(self.titles[name], texts) for name, texts in forms.items()]
        for label, texts in (*rows, *((self.hints[name], texts) for name, texts in HINTS.items())):
            wide = label.fontMetrics().horizontalAdvance
            label.setText(next((text for text in texts if wide(text) < label.width()), texts[-1]))

    def _show_bar(self) -> None:
        """No bar: the curves grow, and the column has the button that stops it."""

    def paint_content(self, painter: QPainter) -> None:
        """Everything is a widget."""

    # training

    def _begin(self, task: Task) -> None:
        self._is_running = True
        self.settings.show_study(self._study, is_running=True)
        self._write_titles()
        self.asked.emit(StudyQuestion(task))

    def _stop(self) -> None:
        self._is_running = False
        self.cancelled.emit()
        self.settings.show_study(self._study, is_running=False)
        self._write_titles()

    def _weight(self) -> Values:
        """The filters that were learned; none while they are still those that were drawn."""
        if self._study is None or not self._study.has_begun:
            return np.zeros((0, 1, 3, 3), np.float32)
        layer = self._study.networks[list(NetworkKind).index(NetworkKind.CONVOLUTION)].layers[0]
        assert isinstance(layer, SharedWeights)
        return layer.weight

    def _use_filters(self) -> None:
        weight = self._weight()
        if len(weight):
            layer = image_filter(weight[:, 0].astype(np.float64), name="Learned filters")
            self.layer_edited.emit(replace(layer, weight=Weights(weight.astype(np.float64))), "")
            self.message.emit("The twelve learned filters are the selected layer now; Undo brings yours back.")

    # what is shown

    def _inks(self) -> dict[NetworkKind, QColor]:
        return {kind: network_colour(kind, self) for kind in NetworkKind}

    def _show_curves(self) -> None:
        study, inks = self._study, self._inks()
        lines = []
        if study is not None:
            rounds = study.task.rounds
            wide = QFontMetrics(sized(CAPTION)).horizontalAdvance
            legend = next((text for text in LEGENDS if wide(text) + 2 * SIDES < self.rounds.width()), LEGENDS[-1])
            self.rounds.show_axes(ChartAxis(0, rounds, ((0, "0"), (rounds, f"{rounds}")), legend))
            for curves, style in ((study.known, Qt.PenStyle.DotLine), (study.new, Qt.PenStyle.SolidLine)):
                for kind, curve in zip(NetworkKind, curves, strict=True):
                    points = tuple((min((at + 1) * WATCH, rounds), share) for at, share in enumerate(curve))
                    lines.append(ChartLine(points, inks[kind], style=style))
        self.rounds.show_lines(lines, "Right answers while they train")

    def _show_moving(self) -> None:
        study, inks = self._study, self._inks()
        lines = []
        texts = []
        if study is not None and study.moved:
            for kind, shares in zip(NetworkKind, study.moved, strict=True):
                points = tuple(zip(map(float, SHIFTS), shares, strict=True))
                lines.append(ChartLine(points, inks[kind], SHORT[kind], STYLES[kind], symbol=Symbol.DISC))
                texts.append(f"{SHORT[kind]}: {', '.join(percent(share) for share in shares)}")
        self._write_titles()
        self.moving.show_lines(lines, "; ".join(texts) or "Nothing measured yet")

    def _show_digit(self, number: int) -> None:
        if self._study is not None:
            self._number = number % len(self._study.split.new_labels)
            self._move(0, 0)

    def _move(self, right: int, down: int) -> None:
        if self._study is None:
            return
        self.digit.show_shift(right, down)
        pictures = self._study.split.new_pictures[self._number : self._number + 1]
        self.digit.show_pixels(moved(pictures, right, down)[0])
        self._read_digit()

    def _read_digit(self) -> None:
        right, down = self.digit.shift
        far = max(abs(right), abs(down))
        self._write_titles()
        self.moving.show_now(float(right or down) if far and self._study is not None else None, is_read=True)
        truth = int(self._study.split.new_labels[self._number]) if self._study is not None else None
        self.digit_answers.show_answers(self._answers_to(self.digit.pixels), truth)

    def _read_drawing(self) -> None:
        is_empty = not self.drawing.pixels.any()
        self.drawing_answers.show_answers(() if is_empty else self._answers_to(self.drawing.pixels), None)

    def _answers_to(self, pixels: Values) -> tuple[tuple[int, float], ...]:
        if self._study is None:
            return ()
        beliefs = [network.beliefs(pixels[None])[0] for network in self._study.networks]
        return tuple((int(belief.argmax()), float(belief.max())) for belief in beliefs)
