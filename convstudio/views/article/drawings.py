"""The drawing of a section: which one is on, and what it shows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convstudio.core.evaluation.evaluate import Result
from convstudio.insight.article.drawings import Drawing
from convstudio.insight.article.one_filter import one_filter
from convstudio.insight.article.sums import sums
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
        self.places, self.sums = ThreePlaces(self), SumCards(self)
        self.sums.groups_chosen.connect(self.groups_chosen)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        for widget in (self.places, self.sums):
            page.addWidget(widget)
        self.show_drawing(Drawing.NOTHING)

    def show_drawing(self, drawing: Drawing) -> None:
        """Begin with another drawing, which is seen once there is a result to draw."""
        self._drawing, self._content = drawing, None
        for widget in (self, self.places, self.sums):
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
