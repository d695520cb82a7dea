"""The drawing of a section: which one is on, and what it shows."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convstudio.core.evaluation.evaluate import Result
from convstudio.insight.article.drawings import Drawing
from convstudio.insight.article.one_filter import one_filter
from convstudio.insight.article.sums import sums
from convstudio.views.measures import Measures

if TYPE_CHECKING:
    from convstudio.views.article.sum_cards import SumCards
    from convstudio.views.article.three_places import ThreePlaces


class ArticleDrawings(QWidget):
    """A place on the card for one drawing; hidden where a section has none, or nothing to draw."""

    groups_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("article-drawings")
        self._drawing = Drawing.NOTHING
        self._content: tuple[Result, bool] | None = None
        self._is_low = False
        self._page = QVBoxLayout(self)
        self._page.setContentsMargins(0, 0, 0, 0)
        self.hide()

    @cached_property
    def places(self) -> "ThreePlaces":
        """One filter at three places; made when a section first has it, as the start would wait for it."""
        from convstudio.views.article.three_places import ThreePlaces  # noqa: PLC0415  # late

        places = ThreePlaces(self)
        places.words.setVisible(not self._is_low)
        self._page.addWidget(places)
        return places

    @cached_property
    def sums(self) -> "SumCards":
        """The parameters as sums; made when a section first has them."""
        from convstudio.views.article.sum_cards import SumCards  # noqa: PLC0415  # late

        sum_cards = SumCards(self)
        sum_cards.groups_chosen.connect(self.groups_chosen)
        self._page.addWidget(sum_cards)
        return sum_cards

    def show_measures(self, measures: Measures) -> None:
        """In a low window the drawing goes without its sentence; the tips say what to do."""
        self._is_low = measures.has_pages
        if "places" in self.__dict__:
            self.places.words.setVisible(not self._is_low)

    def show_drawing(self, drawing: Drawing) -> None:
        """Begin with another drawing, which is seen once there is a result to draw."""
        self._drawing, self._content = drawing, None
        self.hide()
        for place in range(self._page.count()):
            item = self._page.itemAt(place)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()

    def show_result(self, result: Result, *, is_shared: bool) -> None:
        """Draw a result; `is_shared` says whether its weights are tied."""
        if self._content is not None and self._content[0] is result and self._content[1] is is_shared:
            return
        self._content = result, is_shared
        match self._drawing:
            case Drawing.THREE_PLACES:
                drawn = one_filter(result)
                if drawn is not None:
                    self.places.show_filter(drawn, is_shared=is_shared)
                self._show(self.places, is_on=drawn is not None)
            case Drawing.SUMS:
                parts = sums(result)
                if parts:
                    self.sums.show_sums(parts)
                self._show(self.sums, is_on=bool(parts))
            case Drawing.NOTHING:
                pass

    def _show(self, widget: QWidget, *, is_on: bool) -> None:
        widget.setVisible(is_on)
        self.setVisible(is_on)
