"""The place of an explanation in the window. The explanation itself is built when somebody first looks."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from convstudio.views.explain.explainer import Explainer
from convstudio.views.measures import Measures


class Holder(QWidget):
    """An empty place, until `open` fills it."""

    opened = Signal(object, object)  # the Explainer and what answers its questions: now is the time to connect them

    def __init__(self, name: str, make: Callable[[], tuple[Explainer, object]]) -> None:
        super().__init__()
        self.name = name
        self.setObjectName(f"{name}-holder")
        self._make = make
        self._panel: Explainer | None = None
        self._measures: Measures | None = None
        self._place = QVBoxLayout(self)
        self._place.setContentsMargins(0, 0, 0, 0)

    @property
    def panel(self) -> Explainer | None:
        """The explanation; None where nobody has looked yet."""
        return self._panel

    def show_measures(self, measures: Measures) -> None:
        """Hand the sizes on, now or when somebody looks."""
        self._measures = measures
        if self._panel is not None:
            self._panel.show_measures(measures)

    def open(self) -> Explainer:
        """The explanation; the first call builds it."""
        if self._panel is None:
            self._panel, answer = self._make()
            self._place.addWidget(self._panel)
            if self._measures is not None:
                self.show_measures(self._measures)
            self._panel.show()  # at once, in its place: Qt would show it a turn later
            self._place.activate()
            self.opened.emit(self._panel, answer)
        return self._panel
