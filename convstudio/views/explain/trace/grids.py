"""The grids of a step: what the window reads, what it multiplies by, and the outputs that it fills."""

from collections.abc import Iterator
from math import isfinite

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from convstudio.core.display.colours import Colours, limit_of, signed_colours
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.layers import Activation, Conv, ConvTranspose, Dense, Resize
from convstudio.core.view.shown import Shown
from convstudio.core.wording import number
from convstudio.insight.trace.sliding import Excerpt
from convstudio.insight.trace.taps import Numbers, Unit
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views import theme
from convstudio.views.arrow_keys import arrow_step
from convstudio.views.explain.trace.boards import (
    MOST_COUNTED,
    READABLE,
    Board,
    caption_place,
    cell_font,
    input_colours,
    output_colours,
    paint_board,
    paint_curve,
    paint_edge,
    paint_frame,
    paint_ghost,
    size_of,
    write_caption,
    write_number,
    write_sign,
)
from convstudio.views.painting import painting
from convstudio.views.probe.probed import Probed, Role, Shade, colour_of, mixed, shade_of, shaded

SIGN = 56  # pixels for a lone sign
WORD = 96  # for a word
CAPTION = 28
MOST_CELL = 64.0
PICTURE = 280.0  # the side of a grid whose cells are not counted
CURVE = 200.0
GAP = 40.0  # between a strip and its outputs
PULL = 6  # pixels of the mouse for one step of a number
MARGIN = 12


class StepGrids(QWidget):
    """Input, kernel and output, number by number: outputs are pointed at, the numbers of a typed grid are dragged."""

    unit_hovered = Signal(object)  # Unit or None
    unit_pinned = Signal(object)  # Unit
    input_hovered = Signal(object)  # (row, column) or None
    input_dragged = Signal(object, float)  # (row, column), its new value
    dropped = Signal()  # the number that was dragged

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step-grids")
        self.setAccessibleName("Input, kernel and output, number by number")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 120)
        self._shown: Shown | None = None
        self._way: Excerpt | None = None
        self._trace: Trace | None = None  # of the unit whose kernel and channel are shown
        self._probed: tuple[Probed, ...] = ()
        self._walker: Unit | None = None
        self._reach: Region | None = None
        self._is_editable = False
        self._progress = 1.0
        self._grabbed: tuple[tuple[int, int], float, float] | None = None  # the cell, its value, where the mouse was
        self.input: Board | None = None
        self.kernel: Board | None = None
        self.output: Board | None = None
        self._curve = QRectF()
        self.output_place = QWidget(self)  # for who points at the outputs, or covers them
        self.output_place.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_way(self, shown: Shown, way: Excerpt | None, calculation: Trace | None, *, is_editable: bool) -> None:
        """Show the way of a window, with the kernel of one unit; None where there is no layer."""
        self._shown, self._way, self._trace, self._is_editable = shown, way, calculation, is_editable
        self._arrange()

    def show_probed(self, probed: tuple[Probed, ...], walker: Unit | None) -> None:
        """Light up the windows of some units; behind the walker no output is filled yet."""
        self._probed, self._walker = probed, walker
        self.update()

    def show_reach(self, region: Region | None) -> None:
        """Mark the outputs that an input has an effect on."""
        self._reach = region
        self.update()

    def show_progress(self, share: float) -> None:
        """How far the products have flown to the output of the walker, 0 … 1."""
        self._progress = share
        self.update()

    @property
    def blank(self) -> frozenset[Unit]:
        """The outputs that are not filled yet."""
        if self._way is None or self._walker not in self._way.units:
            return frozenset()
        pinned = {unit.trace.unit for unit in self._probed}
        behind = self._way.units[self._way.units.index(self._walker) + (self._progress >= 1.0) :]
        later = set(behind) - pinned
        return frozenset(later | ({self._walker} if self._progress < 1.0 else set()))

    # arranging

    def _arrange(self) -> None:
        self.input = self.kernel = self.output = None
        self._curve = QRectF()
        way, calculation, shown = self._way, self._trace, self._shown
        if way is not None and calculation is not None and shown is not None and way.inputs.size:
            inputs, weights = input_colours(way, calculation, shown), self._weights(calculation)
            if way.is_whole or weights is None or max(way.inputs.shape) > MOST_COUNTED:
                self._place_across(way, calculation, inputs, weights, output_colours(way, calculation, shown))
            else:
                self._place_strip(way, inputs, weights, output_colours(way, calculation, shown))
        self.update()

    def _weights(self, calculation: Trace) -> Numbers | None:
        if calculation.operation is not Operation.SUM or not calculation.taps.weights.size:
            return None
        layer, place = calculation.step.layer, 0
        if isinstance(layer, ConvTranspose):
            per_group = layer.weight.array.shape[1]
            plane = layer.weight.array[int(calculation.taps.channels[place]), calculation.unit.channel % per_group]
            return np.asarray(plane, np.float64)
        return np.asarray(calculation.taps.weights[place], np.float64)

    def _place_across(
        self, way: Excerpt, calculation: Trace, inputs: Colours, weights: Numbers | None, outputs: Colours
    ) -> None:
        """Input, sign, kernel, =, output from the left to the right."""
        is_curve = isinstance(calculation.step.layer, Activation) and calculation.step.layer.enabled
        planes = [way.inputs, *([weights] if weights is not None else []), way.outputs]
        signs = SIGN * 2 if weights is not None else WORD + (CURVE + SIGN if is_curve else 0)
        counted = [plane for plane in planes if max(plane.shape) <= MOST_COUNTED]
        boxed = len(planes) - len(counted)
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN - CAPTION)
        side = min(PICTURE, max(room.height(), 24.0), max((room.width() - signs) / len(planes), 24.0))
        across = max(sum(plane.shape[1] for plane in counted), 1)
        down = max((plane.shape[0] for plane in counted), default=1)
        cell = max(min((room.width() - signs - boxed * side) / across, room.height() / down, MOST_CELL), 2.0)
        cell = float(int(cell)) if cell > 4 else cell
        sizes = [size_of(plane, cell, side) for plane in planes]
        left = room.left() + max(0.0, (room.width() - sum(width for width, _ in sizes) - signs) / 2)
        middle = room.center().y()
        boards = []
        for position, (width, height) in enumerate(sizes):
            boards.append(QRectF(left, middle - height / 2, width, height))
            left += width
            if position < len(sizes) - 1:
                left += SIGN if weights is not None else WORD
            if position == 0 and is_curve:
                self._curve = QRectF(left - SIGN / 2, middle - CURVE / 2, CURVE, CURVE)
                left += CURVE + SIGN
        self._make_boards(way, inputs, weights, outputs, boards)

    def _place_strip(self, way: Excerpt, inputs: Colours, weights: Numbers, outputs: Colours) -> None:
        """The strip over its outputs, each in the middle below its window, and the kernel beside."""
        rows, columns = way.inputs.shape
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN - CAPTION)
        across = columns + weights.shape[1] if max(weights.shape) <= MOST_COUNTED else columns
        boxed = 0.0 if max(weights.shape) <= MOST_COUNTED else min(PICTURE, room.width() / 4)
        high = max(rows, min(weights.shape[0], MOST_COUNTED)) + way.outputs.shape[0]
        cell = min((room.width() - SIGN - boxed) / across, (room.height() - GAP - CAPTION) / high, MOST_CELL)
        cell = float(max(int(cell), 2))
        width, height = columns * cell, rows * cell
        kernel = size_of(weights, cell, boxed or cell)
        left = room.left() + max(0.0, (room.width() - width - SIGN - kernel[0]) / 2)
        top = room.top() + max(0.0, (room.height() - height - GAP - CAPTION - cell * way.outputs.shape[0]) / 2)
        first, last = self._ends_of_strip(way)
        spread = (last - first) / max(way.outputs.shape[1] - 1, 1) * cell if last > first else cell
        output = QRectF(
            left + (first + 0.5) * cell - cell / 2, top + height + GAP + CAPTION, spread * way.outputs.shape[1], cell
        )
        boards = [
            QRectF(left, top, width, height),
            QRectF(left + width + SIGN, top + (height - kernel[1]) / 2, *kernel),
            output,
        ]
        self._make_boards(way, inputs, weights, outputs, boards)

    def _ends_of_strip(self, way: Excerpt) -> tuple[float, float]:
        """Above which columns of the strip the middles of the first and the last window are."""
        assert self._trace is not None
        step = self._trace.step
        gain = step.input.width / step.output.width
        if isinstance(step.layer, Conv):
            gain = float(step.layer.stride[1])
        taps, unit = self._trace.taps.columns.places, self._trace.unit
        middle = (taps[0] + taps[-1]) / 2 if len(taps) else unit.column * gain
        first = middle + (way.units[0].column - unit.column) * gain - way.input_corner[1]
        return first, first + gain * (way.outputs.shape[1] - 1)

    def _make_boards(
        self, way: Excerpt, inputs: Colours, weights: Numbers | None, outputs: Colours, places: list[QRectF]
    ) -> None:
        assert self._trace is not None
        step = self._trace.step
        shape = f"{step.input.width} × {step.input.height}"
        caption = f"Input {shape}" if way.is_whole or max(way.inputs.shape) > MOST_COUNTED else "A strip of the input"
        if way.has_ghosts:
            caption += ", with the ring that padding 1 would add"
        self.input = Board(way.inputs, inputs, places[0], caption, way.input_corner)
        if weights is not None:
            rows, columns = weights.shape
            name = f"{'Shares' if isinstance(step.layer, Resize) else 'Kernel'} {columns} × {rows}"
            name = "Weights of this unit" if isinstance(step.layer, Dense) else name
            self.kernel = Board(
                weights, signed_colours(weights, limit_of(weights), theme.signed_scale(self)), places[1], name
            )
        is_list = step.output.height == step.output.width == 1
        name = f"Output {step.output.width} × {step.output.height}" if way.is_whole else "Its outputs"
        name = f"{step.output.channels:,} units" if is_list else name
        self.output = Board(way.outputs, outputs, places[-1], name, way.output_corner)
        place = places[-1].adjusted(-2, -2, 2, 2).united(caption_place(self.output, self))
        self.output_place.setGeometry(place.toAlignedRect())

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Use the room there is."""
        self._arrange()

    # pointing

    def unit_at(self, point: QPointF) -> Unit | None:
        """The output under a point."""
        cell = self.output.cell_at(point) if self.output is not None else None
        return self._unit_of(cell) if cell is not None else None

    def place_of(self, unit: Unit) -> QRectF:
        """Where an output is."""
        if self.output is None or self._trace is None:
            return QRectF()
        if self._is_list:
            return self.output.rectangle(unit.channel, 0)
        return self._output_cell(unit)

    def _output_cell(self, unit: Unit) -> QRectF:
        assert self.output is not None
        rows, columns = self.output.values.shape
        width, height = self.output.place.width() / max(columns, 1), self.output.place.height() / max(rows, 1)
        side = min(width, height)
        left = self.output.place.left() + (unit.column - self.output.corner[1]) * width
        top = self.output.place.top() + (unit.row - self.output.corner[0]) * height
        return QRectF(left, top, side, side)

    @property
    def _is_list(self) -> bool:
        return self._trace is not None and self._trace.step.output.height == self._trace.step.output.width == 1

    def _unit_of(self, cell: tuple[int, int]) -> Unit | None:
        if self._trace is None or self._way is None:
            return None
        unit = Unit(cell[0], 0, 0) if self._is_list else Unit(self._trace.unit.channel, *cell)
        return unit if unit in self._way.units else None

    def _input_at(self, point: QPointF) -> tuple[int, int] | None:
        """The input under a point, where it is none of the padding."""
        cell = self.input.cell_at(point) if self.input is not None else None
        if cell is None or self._trace is None or self._way is None:
            return None
        shape = self._trace.step.input
        if max(self._way.inputs.shape) > MOST_COUNTED:
            return None
        return cell if 0 <= cell[0] < shape.height and 0 <= cell[1] < shape.width else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at an output or an input, or drag a number."""
        point = event.position()
        if self._grabbed is not None:
            handle, value, top = self._grabbed
            steps = round((top - point.y()) / PULL)
            self.input_dragged.emit(handle, value + steps * self._step_of_numbers)
            return
        unit, cell = self.unit_at(point), self._input_at(point)
        is_handle = cell is not None and self._is_editable
        self.setCursor(Qt.CursorShape.SizeVerCursor if is_handle else Qt.CursorShape.ArrowCursor)
        self.unit_hovered.emit(unit)
        self.input_hovered.emit(cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a number of a typed grid."""
        cell = self._input_at(event.position())
        if cell is not None and self._is_editable and self.input is not None:
            corner = self.input.corner
            value = float(self.input.values[cell[0] - corner[0], cell[1] - corner[1]])
            if isfinite(value):
                self._grabbed = cell, value, event.position().y()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the number, or pin the output."""
        if self._grabbed is not None:
            self._grabbed = None
            self.dropped.emit()
            return
        unit = self.unit_at(event.position())
        if unit is not None and event.button() is Qt.MouseButton.LeftButton:
            self.unit_pinned.emit(unit)

    def leaveEvent(self, _event: QEvent) -> None:
        """The mouse is elsewhere."""
        self.unit_hovered.emit(None)
        self.input_hovered.emit(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keys are elsewhere, too."""
        if not self.underMouse():
            self.unit_hovered.emit(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows point at outputs, Enter pins."""
        step, pointed = arrow_step(event), self._pointed
        if step is not None and self._way is not None and self._way.units:
            unit = pointed or self._walker or self._way.units[0]
            other = (
                Unit(unit.channel + step[0], 0, 0)
                if self._is_list
                else unit._replace(row=unit.row + step[0], column=unit.column + step[1])
            )
            self.unit_hovered.emit(other if pointed is not None and other in self._way.units else unit)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and pointed is not None:
            self.unit_pinned.emit(pointed)
        else:
            super().keyPressEvent(event)

    @property
    def _pointed(self) -> Unit | None:
        return next((unit.trace.unit for unit in self._probed if unit.role is Role.POINTED), None)

    @property
    def _step_of_numbers(self) -> float:
        """What one step of the mouse changes: one, of numbers between 0 and 1 a twentieth."""
        largest = limit_of(self.input.values) if self.input is not None else 1.0
        return 1.0 if largest > 1 else 0.05

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The grids with the windows over them, and the products on their way."""
        with painting(self) as painter:
            tokens = theme.tokens(self)
            painter.fillRect(self.rect(), tokens.stage)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.input is None or self.output is None or self._trace is None:
                return
            shades = tuple(shade_of(unit) for unit in self._windows())
            self._paint_input(painter, tokens, shades)
            if self.kernel is not None:
                paint_board(painter, self.kernel, tokens, self)
            self._paint_signs(painter, tokens)
            self._paint_output(painter, tokens)
            self._paint_frames(painter, tokens)
            if self._progress < 1.0:
                self._paint_flight(painter, tokens)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(tokens.accent, 2.0))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _windows(self) -> Iterator[Probed]:
        """Units whose windows are lit: a pinned one under the mouse keeps its colour."""
        pinned = {unit.trace.unit for unit in self._probed if unit.role is not Role.POINTED}
        for unit in self._probed:
            if unit.role is not Role.POINTED or unit.trace.unit not in pinned:
                yield unit

    def _paint_input(self, painter: QPainter, tokens: theme.Tokens, shades: tuple[Shade, ...]) -> None:
        assert self.input is not None
        assert self._way is not None
        board, way = self.input, self._way
        if max(way.inputs.shape) > MOST_COUNTED:
            paint_board(painter, board, tokens, self)
            return
        rows, columns = board.values.shape
        painter.setFont(cell_font(self, board.cell))
        for row, column in np.ndindex(rows, columns):
            at = row + board.corner[0], column + board.corner[1]
            cell, value = board.rectangle(*at), float(board.values[row, column])
            ground, is_padding = QColor(*board.grounds[row, column].tolist()), bool(way.is_padding[row, column])
            takes_part = any(shade.holds(*at) for shade in shades)
            if is_padding:
                ground = tokens.stage if way.has_ghosts else mixed(ground, tokens.stage, 0.55)
            if takes_part or not (is_padding and way.has_ghosts):
                ground = shaded(ground, at, shades, tokens)
            if is_padding:
                paint_ghost(painter, cell, ground, tokens)
            else:
                painter.fillRect(cell, ground)
                paint_edge(painter, cell, ground)
            if board.cell >= READABLE and not np.isnan(value):
                is_faint = is_padding or (bool(shades) and not takes_part)
                painter.setPen(mixed(ground, tokens.text, 0.6) if is_faint else theme.ink_over(ground))
                write_number(painter, cell, value, is_underlined=self._is_editable and not is_padding)

    def _paint_output(self, painter: QPainter, tokens: theme.Tokens) -> None:
        assert self.output is not None
        assert self._way is not None
        board, blank = self.output, self.blank
        if max(self._way.outputs.shape) > MOST_COUNTED:
            paint_board(painter, board, tokens, self)
            return
        painter.setFont(cell_font(self, min(board.cell, self.place_of(self._way.units[0]).width())))
        for place, unit in enumerate(self._way.units):
            cell = self.place_of(unit)
            row, column = divmod(place, max(board.values.shape[1], 1))
            ground = QColor(*board.grounds[row, column].tolist())
            if unit in blank:
                paint_ghost(painter, cell, tokens.stage, tokens)
                continue
            painter.fillRect(cell, ground)
            paint_edge(painter, cell, ground)
            if cell.width() >= READABLE:
                painter.setPen(theme.ink_over(ground))
                write_number(painter, cell, float(board.values[row, column]))
        write_caption(painter, board, tokens, self)

    def _paint_frames(self, painter: QPainter, tokens: theme.Tokens) -> None:
        assert self.input is not None
        assert self._way is not None
        painter.setClipRect(self.rect())
        for unit in self._windows():
            colour, taps = colour_of(unit.role, tokens), unit.trace.taps
            if max(self._way.inputs.shape) <= MOST_COUNTED and len(taps.rows.places) and len(taps.columns.places):
                corner, end = (
                    self.input.rectangle(int(taps.rows.places[place]), int(taps.columns.places[place]))
                    for place in (0, -1)
                )
                around = QRectF(self.input.place).adjusted(-4, -4, 4, 4)
                window = corner.united(end)
                if around.contains(window):
                    paint_frame(painter, window, colour)
            if unit.trace.winner is not None and taps.values.size and max(self._way.inputs.shape) <= MOST_COUNTED:
                _, row, column = unit.trace.winner
                place = int(taps.rows.places[row]), int(taps.columns.places[column])
                paint_frame(painter, self.input.rectangle(*place).adjusted(4, 4, -4, -4), colour)
            if unit.trace.unit in self._way.units:
                paint_frame(painter, self.place_of(unit.trace.unit), colour)
        for reached in self._reached():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.accent, 2.0, Qt.PenStyle.DotLine))
            painter.drawRect(self.place_of(reached).adjusted(2, 2, -2, -2))
        write_caption(painter, self.input, tokens, self)
        if self.kernel is not None:
            write_caption(painter, self.kernel, tokens, self)

    def _reached(self) -> Iterator[Unit]:
        if self._reach is None or self._way is None or self._is_list:
            return
        yield from (unit for unit in self._way.units if self._reach.contains(unit.row, unit.column))

    def _paint_signs(self, painter: QPainter, tokens: theme.Tokens) -> None:
        assert self.input is not None
        assert self.output is not None
        assert self._trace is not None
        if self.kernel is not None:
            is_dense = isinstance(self._trace.step.layer, Dense)
            between = QRectF(self.input.place.right(), self.input.place.center().y() - 20, SIGN, 40)
            write_sign(painter, between, "×" if is_dense else "∗", tokens)
            if self.output.place.top() > self.input.place.bottom():
                return
            between = QRectF(self.kernel.place.right(), self.kernel.place.center().y() - 20, SIGN, 40)
            write_sign(painter, between, "=", tokens)
        elif self._curve.isNull():
            words = {
                Operation.LARGEST: "largest",
                Operation.AVERAGE: "mean",
                Operation.RANKED: "rank",
                Operation.SHARE: "share",
                Operation.LENGTH: "length",
            }
            between = QRectF(self.input.place.right(), self.input.place.center().y() - 20, WORD, 40)
            write_sign(painter, between, words.get(self._trace.operation, "→"), tokens)
        else:
            paint_curve(painter, self._curve, self._trace, limit_of(self.input.values), tokens)

    def _paint_flight(self, painter: QPainter, tokens: theme.Tokens) -> None:
        """The products on their way from the window to the output of the walker."""
        assert self.input is not None
        assert self._way is not None
        pointed = next((unit for unit in self._probed if unit.trace.unit == self._walker), None)
        if pointed is None or pointed.trace.unit not in self._way.units or max(self._way.inputs.shape) > MOST_COUNTED:
            return
        trace, target = pointed.trace, self.place_of(pointed.trace.unit).center()
        share = 1 - (1 - self._progress) ** 2
        painter.setFont(cell_font(self, 40))
        is_sum = trace.operation is Operation.SUM
        numbers = (
            trace.taps.products[0] if is_sum else trace.taps.values[0] if trace.taps.values.size else np.zeros((0, 0))
        )
        painter.setOpacity(min(1.0, 2.5 * (1 - self._progress)))
        for (row, column), value in np.ndenumerate(numbers):
            place = int(trace.taps.rows.places[row]), int(trace.taps.columns.places[column])
            start = self.input.rectangle(*place).center()
            middle = start + (target - start) * share
            text = number(float(value), digits=3)
            plate = QRectF(0, 0, max(30, 8 * len(text) + 10), 22)
            plate.moveCenter(middle)
            painter.setPen(QPen(tokens.accent, 1.0))
            painter.setBrush(tokens.card)
            painter.drawRoundedRect(plate, 4, 4)
            painter.setPen(tokens.text)
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        painter.setOpacity(1.0)
