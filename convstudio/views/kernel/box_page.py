"""The upper half of the column: two rows of controls, a box of fixed size, a sentence, and a third row.

Every kind of layer has the same rows at the same places, so nothing moves when another layer is chosen.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from convstudio.views import theme
from convstudio.views.measures import MEDIUM, Measures

SENTENCE = 18  # pixels, a line of the second text
BETWEEN, TIGHT = 8, 6  # pixels between rows


class BoxPage(QWidget):
    """Rows to be filled with `fill`; `show_measures` sets their heights and the box's side."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.sentence = QLabel(self)
        self.sentence.setObjectName(f"{name}-sentence")
        self.sentence.setProperty("kind", "caption")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._rows = tuple(QWidget(self) for _ in range(3))
        self._box: QWidget | None = None

    def fill(
        self,
        *,
        first: Mapping[QWidget, int],
        second: Mapping[QWidget, int],
        box: QWidget,
        beside: tuple[QWidget, ...] = (),
        third: Mapping[QWidget, int] | None = None,
    ) -> None:
        """Put controls into the rows, each with the share it has of the room, the box below, and buttons beside it."""
        self._box = box
        for row, widgets in zip(self._rows, (first, second, third or {}), strict=True):
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.SPACE)
            for widget, share in widgets.items():
                line.addWidget(widget, share)
        middle, buttons = QHBoxLayout(), QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(box)
        buttons.setSpacing(3)  # five of them have room in the smallest box
        for widget in beside:
            buttons.addWidget(widget)
        buttons.addStretch(1)
        middle.addLayout(buttons)
        middle.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self._rows[0])
        self._column.addWidget(self._rows[1])
        self._column.addLayout(middle)
        self._column.addWidget(self.sentence)
        self._column.addWidget(self._rows[2])
        self._rows[2].setVisible(bool(third))  # without tools the sentence has their place
        self.show_measures(MEDIUM)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window."""
        space = BETWEEN if measures.has_second_line else TIGHT
        self._column.setSpacing(space)
        for row in self._rows:
            row.setFixedHeight(measures.field)
        self.sentence.setFixedHeight(SENTENCE + (space + measures.field if self._rows[2].isHidden() else 0))
        if self._box is not None:
            self._box.setFixedSize(measures.kernel_box, measures.kernel_box)
