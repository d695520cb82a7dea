"""Where everything in the flow lies: numbers in pixels of the flow, for a width and a number of layers."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QPointF, QRectF

from convstudio.views.flow.contents import SOURCE
from convstudio.views.measures import Measures

MARGIN = 8
GAP = 28  # between two cards: the room of an arrow
REST = 4  # of the gap, on either side, that stays the card's: the outline of the focus is drawn there
SOURCE_WIDTH, WIDEST, NARROWEST = 220, 220, 196  # of cards with a thumbnail, a name and a shape
SMALL_SOURCE, SMALL_WIDEST, SMALL_NARROWEST = 120, 200, 164  # of cards with a thumbnail and a name
ROOMY = 48  # a row as high as this leaves the whole margin above and below its cards


@dataclass(frozen=True)
class CardLayout:
    """The layout: the first card and the place at the end are fixed, the cards between them scroll.

    Parameters
    ----------
    width, measures
        Of the flow, and the sizes that the window has.
    count, add
        Of layers; and how wide the place for another one is.
    offset
        How far the cards are scrolled to the left.
    """

    width: int
    measures: Measures
    count: int
    add: int
    offset: int = 0

    @property
    def source_width(self) -> int:
        return SOURCE_WIDTH if self.measures.has_second_line else SMALL_SOURCE

    @property
    def start(self) -> int:
        """Where the first layer's card begins when nothing is scrolled."""
        return MARGIN + self.source_width + GAP

    @property
    def room(self) -> int:
        """For the cards of the layers, between the fixed ends."""
        return max(self.width - self.start - GAP - self.add - MARGIN, 0)

    @property
    def card_width(self) -> int:
        """As wide as there is room for, within limits."""
        widest, narrowest = WIDEST, NARROWEST
        if not self.measures.has_second_line:
            widest, narrowest = SMALL_WIDEST, SMALL_NARROWEST
        return min(max((self.room + GAP) // self.count - GAP, narrowest), widest) if self.count else widest

    @property
    def step(self) -> int:
        """From one card to the next."""
        return self.card_width + GAP

    @property
    def length(self) -> int:
        """Of all cards of layers with the gaps between them."""
        return max(self.count * self.step - GAP, 0)

    @property
    def most_offset(self) -> int:
        return max(self.length - self.room, 0)

    @property
    def is_full(self) -> bool:
        """Whether there are more cards than room."""
        return self.length > self.room

    @property
    def end(self) -> int:
        """Where the last gap begins, behind which another layer can be added."""
        if not self.count:
            return self.start - GAP
        return self.start + (self.room if self.is_full else self.length)

    @property
    def card_height(self) -> int:
        row = self.measures.flow
        return row - 2 * MARGIN if row >= ROOMY else row - MARGIN

    @property
    def top(self) -> int:
        """Above a card."""
        return (self.measures.flow - self.card_height) // 2

    def slot(self, place: int) -> int:
        """Where the card at a place begins."""
        return self.start + place * self.step - self.offset

    def frame(self, index: int) -> QRectF:
        """Where a card is drawn; −1 is the source's."""
        if index == SOURCE:
            return QRectF(MARGIN, self.top, self.source_width, self.card_height)
        return QRectF(self.slot(index), self.top, self.card_width, self.card_height)

    def card_at(self, point: QPoint) -> int | None:
        """The card at a point; −1 is the source's."""
        if self.frame(SOURCE).contains(QPointF(point)):
            return SOURCE
        if not self.start - REST <= point.x() <= self.start + self.room + REST:
            return None
        return next((index for index in range(self.count) if self.frame(index).contains(QPointF(point))), None)

    def gap_at(self, point: QPoint) -> int | None:
        """The place of a layer that would be put in between the two cards here."""
        if self.start - GAP < point.x() < self.start:
            return 0 if self.count and self.offset == 0 else None
        visible = range(1, self.count)
        return next(
            (index for index in visible if 0 < self.slot(index) - point.x() < GAP and self.slot(index) < self.end), None
        )

    def landing(self, x: float) -> int:
        """The place that a card would take whose left edge is here."""
        return min(max(round((x - self.slot(0)) / self.step), 0), self.count - 1)

    def scrolled(self, offset: int) -> "CardLayout":
        """The same, scrolled as far as there are cards."""
        return replace(self, offset=min(max(offset, 0), self.most_offset))

    def showing(self, index: int) -> "CardLayout":
        """Scrolled so that all of a layer's card is seen, and a little of what comes before and after."""
        if index < 0:
            return self
        begin = index * self.step
        before = GAP if index else 0
        after = GAP if index + 1 < self.count else 0
        return self.scrolled(max(min(self.offset, begin - before), begin + self.card_width + after - self.room))
