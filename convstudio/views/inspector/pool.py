"""The upper half of the column for a pool: its kind, its window, and the numbers that the window holds at the mouse."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import ONE, Pair
from convstudio.core.recipe.layers import Layer, Pool, PoolKind
from convstudio.core.recipe.naming import statistic
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import number
from convstudio.views import icons, theme
from convstudio.views.controls.labelled import show_role
from convstudio.views.controls.segments import Segments
from convstudio.views.fields import tool_button
from convstudio.views.inspector.boxes import RealBox
from convstudio.views.inspector.layer_page import LayerPage
from convstudio.views.kernel.cells import Plane, cell_text, lettering
from convstudio.views.kernel.filters import SizeFields
from convstudio.views.painting import painting

MOST_WINDOW = 1024
SHARE = 0.65  # of the box that the window takes; below it stands what goes on
MOST_ROWS = 12  # of a window that are drawn
RANK = "rank"  # the least, the median or another percentile
KINDS = (
    (str(PoolKind.MAX), "Max"),
    (str(PoolKind.AVERAGE), "Average"),
    (RANK, "Rank"),
)


class WindowView(QWidget):
    """The numbers of the window under the mouse, and the one that goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pool-values")
        self._pool = Pool()
        self._values: Plane | None = None
        self._result = 0.0
        self._winner: tuple[int, int] | None = None

    def show_pool(self, pool: Pool) -> None:
        """Show another pool's window; its numbers come with the mouse."""
        if (pool.kind, pool.window, pool.is_global) != (self._pool.kind, self._pool.window, self._pool.is_global):
            self._values = None
        self._pool = pool
        self._describe()
        self.update()

    def show_values(self, values: Plane | None, result: float = 0.0, winner: tuple[int, int] | None = None) -> None:
        """Show the numbers (rows, columns) of one window, and which of them goes on; None for none."""
        if values is None and self._values is None:
            return
        self._values, self._result, self._winner = values, result, winner
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the page makes it."""
        return self.size()

    def _describe(self) -> None:
        words = "Point at the output to see a window's numbers"
        if self._values is not None:
            rows = "; ".join(", ".join(number(float(value)) for value in row) for row in self._values[:MOST_ROWS])
            words = f"The window holds {rows}; {number(self._result)} goes on"
        self.setAccessibleName(words)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Cells with their numbers, an arrow, and what comes out."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(colours.line, 1))
            painter.setBrush(colours.window)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            shape = self._values.shape if self._values is not None else self._drawn_shape()
            side = self.width() * SHARE / max(2, *shape)
            left, top = (self.width() - side * shape[1]) / 2, (self.height() - side * shape[0]) / 2 - 24
            values = self._values if self._values is not None else np.zeros(shape)
            self._paint_values(painter, values, QPointF(left, max(top, 8.0)), side, colours)
            painter.setFont(self._font(12))
            below = max(top, 8.0) + side * shape[0]
            if self._values is None:
                painter.setPen(colours.muted)
                words = QRectF(8, below + 8, self.width() - 16, 40)
                alignment = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
                painter.drawText(words, alignment, "Point at the output\nto see its window")
                return
            middle = self.width() / 2
            painter.setPen(QPen(colours.muted, 1.5))
            painter.drawLine(QPointF(middle, below + 5), QPointF(middle, below + 15))
            painter.drawLine(QPointF(middle - 4, below + 11), QPointF(middle, below + 15))
            painter.drawLine(QPointF(middle + 4, below + 11), QPointF(middle, below + 15))
            painter.setFont(self._font(20, QFont.Weight.DemiBold))
            painter.setPen(colours.accent)
            painter.drawText(
                QRectF(0, below + 18, self.width(), 28), Qt.AlignmentFlag.AlignCenter, number(self._result)
            )  # fmt: skip

    def _drawn_shape(self) -> tuple[int, int]:
        if self._pool.is_global:
            return 4, 4
        return min(self._pool.window.vertical, MOST_ROWS), min(self._pool.window.horizontal, MOST_ROWS)

    def _paint_values(
        self, painter: QPainter, values: Plane, origin: QPointF, side: float, colours: theme.Tokens
    ) -> None:
        limit = float(np.abs(values).max(where=np.isfinite(values), initial=0.0)) or 1.0
        text = lettering(values, side)
        painter.setFont(self._font(max(text.pixels, 1), QFont.Weight.Medium))
        is_known = self._values is not None
        for (row, column), value in np.ndenumerate(values):
            rect = QRectF(origin.x() + column * side, origin.y() + row * side, side, side)
            ground = self._ground(float(value), limit) if is_known else colours.card
            painter.fillRect(rect, ground)
            if not is_known:
                painter.setPen(QPen(colours.line, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(rect)
            elif text.pixels:
                painter.setPen(theme.ink_over(ground))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cell_text(float(value), text.fitting))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colours.accent, 2))
        if is_known and self._winner is not None:
            row, column = self._winner
            painter.drawRect(QRectF(origin.x() + column * side, origin.y() + row * side, side, side))
        elif is_known:
            painter.drawRect(QRectF(origin.x(), origin.y(), side * values.shape[1], side * values.shape[0]))

    def _ground(self, value: float, limit: float) -> QColor:
        """Brightness for what is bright, and the signed scale where something is negative or no number."""
        if np.isfinite(value) and value >= 0:
            level = round(24 + 214 * min(value / limit, 1.0))
            return QColor(level, level, level)
        return theme.diverging(value, limit, theme.signed_scale(self))

    def _font(self, pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        font = theme.numbers_font(self)
        font.setPixelSize(pixels)
        font.setWeight(weight)
        return font


class PoolPanel(LayerPage):
    """Kind and window; stride, padding and the two switches stand with the fields of all layers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("pool-panel", parent)
        self._pool: Pool | None = None
        self.kind = Segments("pool-kind", KINDS, "Kind of pool", self)
        self.window_size = SizeFields("pool-window", "Window", MOST_WINDOW, self)
        show_role(self.window_size, "kernel")
        self.link = tool_button("pool-window-link", "Square window", "link", "Height and width change together", self)
        self.link.setCheckable(True)
        self.link.setChecked(True)
        self.view = WindowView(self)
        caption = QLabel("Percentile", self)
        self.percentile = RealBox("pool-percentile", 0.0, 100.0, 5.0, self, unit=" %")
        caption.setBuddy(self.percentile)
        self.percentile.setAccessibleName("Percentile")
        self.percentile.setToolTip("So many of a hundred values are smaller: 0 is the least, 50 the median")
        self.fill(
            first={self.kind: 1},
            second={self.window_size: 7, self.link: 0, _spacer(self): 3},
            box=self.view,
            third={caption: 0, self.percentile: 1},
        )
        self.kind.chosen.connect(self._choose_kind)
        self.window_size.size_edited.connect(self._change_window)
        for box in (self.window_size.rows, self.window_size.columns):
            box.editingFinished.connect(self.gesture_ended)
        self.link.toggled.connect(self._show_link)
        self.percentile.value_edited.connect(self._change_percentile)
        self.percentile.gesture_ended.connect(self.gesture_ended)
        self.percentile.refused.connect(self.edit_refused)

    def take_step(self, step: Step) -> None:
        """Edit from here on a layer of which only numbers changed; `show_step` shows them."""
        if isinstance(step.layer, Pool):
            self._pool = step.layer

    def show_step(self, step: Step) -> None:
        """Put a pool into the controls."""
        pool = step.layer
        if not isinstance(pool, Pool):
            return
        if self._pool is None or pool.window != self._pool.window:
            is_square = pool.window.vertical == pool.window.horizontal
            if not is_square:
                self.link.setChecked(False)
        self._pool = pool
        self.kind.show_choice(str(pool.kind) if pool.kind in (PoolKind.MAX, PoolKind.AVERAGE) else RANK)
        self.percentile.show_value(50.0 if pool.rank is None else pool.rank)
        self.percentile.show_meaningless("Mean" if pool.rank is None else "")
        self.window_size.show_size(*pool.window)
        for widget in (self.window_size, self.link):
            widget.setEnabled(not pool.is_global)
        self.view.show_pool(pool)
        self.sentence.setText(_sentence(pool))

    def show_window_values(
        self, values: NDArray[np.float64] | None, result: float = 0.0, winner: tuple[int, int] | None = None
    ) -> None:
        """Show the numbers (rows, columns) of the window under the mouse, what goes on, and which of them it is."""
        self.view.show_values(values, result, winner)

    def _show_link(self, is_linked: bool) -> None:  # noqa: FBT001  # a slot
        self.link.setIcon(icons.icon("link" if is_linked else "unlink"))
        if is_linked and self._pool is not None and self._pool.window.vertical != self._pool.window.horizontal:
            self._set_window(Pair(self._pool.window.vertical, self._pool.window.vertical))

    def _offer(self, edit: Callable[[Pool], Layer], key: str = "") -> None:
        if self._pool is None:
            return
        try:
            layer = edit(self._pool)
        except ConvStudioError as refusal:
            self.edit_refused.emit(str(refusal))
            return
        if layer != self._pool:
            self.layer_edited.emit(layer, key)

    def _choose_kind(self, key: str) -> None:
        kind = PoolKind.MEDIAN if key == RANK else PoolKind(key)
        self._offer(lambda pool: replace(pool, kind=kind, dilation=ONE if kind is PoolKind.AVERAGE else pool.dilation))

    def _change_percentile(self, percentile: float) -> None:
        """The smallest, the median and the largest have names of their own."""
        named = {0.0: PoolKind.MIN, 50.0: PoolKind.MEDIAN, 100.0: PoolKind.MAX}
        kind = named.get(percentile, PoolKind.PERCENTILE)
        self._offer(lambda pool: replace(pool, kind=kind, percentile=percentile), "percentile")

    def _change_window(self, height: int, width: int) -> None:
        if self._pool is None:
            return
        if self.link.isChecked():
            side = width if width != self._pool.window.horizontal else height
            height = width = side
        self._set_window(Pair(height, width))

    def _set_window(self, window: Pair) -> None:
        """A stride that is as large as the window stays so."""
        self._offer(
            lambda pool: replace(pool, window=window, stride=window if pool.stride == pool.window else pool.stride),
            "window",
        )

    def set_global(self, is_global: bool) -> None:  # noqa: FBT001  # a slot
        """Take one number of each whole map, or of windows."""
        self._offer(lambda pool: replace(pool, is_global=is_global))


def _sentence(pool: Pool) -> str:
    if pool.is_global:
        return f"The {statistic(pool)} of each whole map goes on"
    count = pool.window.vertical * pool.window.horizontal
    words = {2: "two", 3: "three", 4: "four", 6: "six", 9: "nine"}.get(count, f"{count:,}")
    if count == 1:
        return "Each value goes on"
    if pool.kind is PoolKind.PERCENTILE:
        return f"The value above {number(pool.percentile)} % goes on"
    return f"The {statistic(pool).removesuffix(' value')} of {words} goes on"


def _spacer(parent: QWidget) -> QToolButton:
    """What takes the place that *Presets* has beside a kernel's size."""
    spacer = QToolButton(parent)
    policy = spacer.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    spacer.setSizePolicy(policy)
    spacer.setMinimumWidth(8)
    spacer.hide()
    return spacer
