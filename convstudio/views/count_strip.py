"""The count strip: what the layer on the screen costs dense, locally connected and as a convolution, in one line."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from convstudio.core.recipe.counts import Comparison
from convstudio.core.recipe.plan import Plan
from convstudio.core.wording import factor, integer, rounded
from convstudio.insight.parameters.what_if import Scope, comparison_of, counted_scope
from convstudio.views import icons, theme
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.painting import painting

ICON, GAP, SPACE = 20, 8, 20  # pixels: a network's picture, behind it, and between two parts
BUTTON = 24
WHOLE = 100_000  # up to there the saving is written with all its digits
NOTHING = "Nothing is convolved here yet"


class Network(Enum):
    """The three ways to connect the same inputs and outputs, with their long and short names."""

    DENSE = "Dense", "Dense"
    LOCAL = "Locally connected", "Local"
    CONVOLUTION = "Convolution", "Convolution"


@dataclass(frozen=True)
class Part:
    """A piece of the line: an icon or a rule, or words."""

    text: str = ""
    is_strong: bool = False
    network: Network | None = None
    is_rule: bool = False
    space: int = GAP  # before it


class CountStrip(QWidget):
    """One line that drops its least parts where there is no room: the factors, long names, and then the networks."""

    opened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("count-strip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self._measures = MEDIUM
        self._has_numbers = True  # beside the sentence
        self._comparison: Comparison | None = None
        self._scope = Scope.LAYER
        self._parts: tuple[Part, ...] = ()
        self.open = QToolButton(self)
        self.open.setObjectName("count-open")
        self.open.setIcon(icons.icon("maximize"))
        self.open.setIconSize(QSize(14, 14))
        self.open.setAutoRaise(True)
        self.open.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.open.setToolTip("Show these numbers at true scale")
        self.open.setAccessibleName("Show the counts at true scale")
        self.open.clicked.connect(self.opened)
        self._choose_parts()

    @property
    def text(self) -> str:
        """What stands there now."""
        return " ".join(part.text for part in self._parts if part.text)

    def show_plan(self, plan: Plan | None, selected: int) -> None:
        """Count the selected layer (−1 is the source), or the whole stack where it has no weights."""
        comparison, scope = None, Scope.LAYER
        if plan is not None:
            scope = counted_scope(plan, selected)
            comparison = comparison_of(plan, selected, scope)
            if comparison is None and scope is Scope.LAYER:  # a dense layer has nothing to be compared with
                scope = Scope.STACK
                comparison = comparison_of(plan, selected, scope)
        self.show_comparison(comparison, scope)

    def show_comparison(self, comparison: Comparison | None, scope: Scope) -> None:
        """Show three counts, of one layer or of the stack; None says that nothing is convolved."""
        if (comparison, scope) != (self._comparison, self._scope):
            self._comparison, self._scope = comparison, scope
            self._choose_parts()

    def show_measures(self, measures: Measures) -> None:
        """Say as much as a window of this size has room for."""
        self._measures = measures
        self._choose_parts()

    def show_sentence_only(self, *, is_on: bool) -> None:
        """Say only the sentence, because the Count stage has the numbers; there the button has nothing to open."""
        if self._has_numbers is not is_on:
            return
        self._has_numbers = not is_on
        self.open.setVisible(self._has_numbers)
        self._choose_parts()

    def sizeHint(self) -> QSize:
        """As wide as the longest line for this size of window."""
        width = self._width_of_parts(self._variants()[0]) + self._room_of_button()
        return QSize(width, max(self.fontMetrics().height(), ICON) + GAP)

    def minimumSizeHint(self) -> QSize:
        """The button and a few letters; the sentence is elided."""
        return QSize(96, max(self.fontMetrics().height(), ICON))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Drop or bring back parts."""
        super().resizeEvent(event)
        self._choose_parts()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line."""
        with painting(self) as painter:
            colours, x = theme.tokens(self), 0
            for part in self._parts:
                x += part.space
                width = self._width_of_part(part)
                if part.network is not None:
                    draw_network(painter, QRectF(x, (self.height() - ICON) / 2, ICON, ICON), part.network, colours)
                elif part.is_rule:
                    painter.fillRect(QRectF(x, (self.height() - 18) / 2, 1, 18), colours.line)
                else:
                    font = self._font(part)
                    painter.setFont(font)
                    painter.setPen(colours.text if part.is_strong else colours.muted)
                    room = max(self.width() - x - self._room_of_button() + GAP, 0)
                    text = QFontMetrics(font).elidedText(part.text, Qt.TextElideMode.ElideRight, room)
                    place = QRect(x, 0, room, self.height())
                    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
                x += width

    def _choose_parts(self) -> None:
        """The first line that fits, and the button behind it."""
        room = self.width() - self._room_of_button()
        variants = self._variants()
        self._parts = next((parts for parts in variants if self._width_of_parts(parts) <= room), variants[-1])
        x = min(self._width_of_parts(self._parts) + GAP // 2, max(self.width() - BUTTON, 0))
        self.open.setGeometry(x, (self.height() - BUTTON) // 2, BUTTON, BUTTON)
        self.setAccessibleName(self._all_in_words())
        self.setToolTip(self._all_in_words())
        self.updateGeometry()
        self.update()

    def _variants(self) -> list[tuple[Part, ...]]:
        """Lines from the fullest to the shortest, without those that are too full for this size of window."""
        comparison = self._comparison
        if comparison is None:
            return [(Part(NOTHING, space=0),)]
        sentence = Part(self._sentence(comparison), is_strong=True, space=0)
        factors = self._factors(comparison)
        if not self._has_numbers:
            return [(sentence, *factors), (sentence,)]
        lines: list[tuple[Part, ...]] = []
        if self._measures.has_second_line:
            lines += [(*self._networks(comparison, 0), *_ruled(sentence), *rest) for rest in (factors, ())]
        if not self._measures.has_pages:
            lines.append((*self._networks(comparison, 1), *_ruled(sentence)))
            lines.append((sentence, *factors))
        return [*lines, (sentence,)]

    def _networks(self, comparison: Comparison, name: int) -> tuple[Part, ...]:
        counts = (comparison.dense, comparison.local, comparison.conv)
        parts = [Part("Stack:", space=0)] if self._scope is Scope.STACK else []
        for network, count in zip(Network, counts, strict=True):
            parts += [
                Part(network=network, space=SPACE if parts else 0),
                Part(network.value[name]),
                Part(rounded(count.weights), is_strong=True, space=GAP // 2),
            ]
        return tuple(parts)

    def _sentence(self, comparison: Comparison) -> str:
        if comparison.saving <= 1:
            return "No fewer weights than a dense layer"
        fewer = f"{rounded(comparison.saving, whole_below=WHOLE)} times fewer"
        return fewer if self._has_numbers else f"{fewer} weights"

    def _factors(self, comparison: Comparison) -> tuple[Part, ...]:
        if comparison.sparsity is None or comparison.saving <= 1:
            return ()
        factors = comparison.sparsity, comparison.sharing
        saving = rounded(comparison.saving, whole_below=WHOLE)
        is_exact = saving == factor(comparison.saving) and all(rounded(by) == factor(by) for by in factors)
        return (Part(f"{'=' if is_exact else '≈'} {' × '.join(map(rounded, factors))}"),)

    def _all_in_words(self) -> str:
        """Every digit, for a tooltip and a screen reader."""
        comparison = self._comparison
        if comparison is None:
            return f"{NOTHING}: add a convolution to compare it with a dense layer."
        what = "All layers together have" if self._scope is Scope.STACK else "The selected layer has"
        dense, local, conv = (integer(count.weights) for count in (comparison.dense, comparison.local, comparison.conv))
        return f"{what} {conv} weights; locally connected {local}, dense {dense}."

    def _font(self, part: Part) -> QFont:
        font = theme.numbers_font(self)
        font.setWeight(QFont.Weight.DemiBold if part.is_strong else QFont.Weight.Normal)
        return font

    def _width_of_part(self, part: Part) -> int:
        if part.network is not None:
            return ICON
        return 1 if part.is_rule else QFontMetrics(self._font(part)).horizontalAdvance(part.text)

    def _width_of_parts(self, parts: tuple[Part, ...]) -> int:
        return sum(part.space + self._width_of_part(part) for part in parts)

    def _room_of_button(self) -> int:
        return BUTTON + GAP if self.open.isVisibleTo(self) else 0


def draw_network(painter: QPainter, area: QRectF, network: Network, colours: theme.Tokens) -> None:
    """Three inputs at the left, three outputs at the right, and which of them are joined."""
    reach = {Network.DENSE: 2, Network.LOCAL: 1, Network.CONVOLUTION: 1}[network]
    colour = {
        Network.DENSE: colours.dense,
        Network.LOCAL: colours.local,
        Network.CONVOLUTION: colours.convolution,
    }[network]
    rows = [area.top() + area.height() * share for share in (0.18, 0.5, 0.82)]
    left, right = area.left() + 0.16 * area.width(), area.right() - 0.16 * area.width()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_tied = network is Network.CONVOLUTION
    for start, y in enumerate(rows):
        for end, other in enumerate(rows):
            if abs(start - end) <= reach and (reach == 2 or end >= start):
                tone = colour if not is_tied or start == end else QColor(colours.local)
                painter.setPen(QPen(tone, 1.6 if is_tied else 1.1))
                painter.drawLine(QPointF(left, y), QPointF(right, other))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.muted)
    for x in (left, right):
        for y in rows:
            painter.drawEllipse(QPointF(x, y), 1.9, 1.9)
    painter.restore()


def _ruled(sentence: Part) -> tuple[Part, Part]:
    """A sentence behind a rule."""
    return Part(is_rule=True, space=SPACE), Part(sentence.text, is_strong=True, space=SPACE // 2)
