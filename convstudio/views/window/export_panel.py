"""TAKE HOME: what to save of the output, and what would be lost on the way. Writing files is not done here."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from convstudio.views import icons, theme
from convstudio.views.measures import MEDIUM, Measures

TEXTS = {
    "png": "PNG",
    "tiff": "TIFF",
    "jpeg": "JPEG",
    "webp": "WebP",
    "npy": "NPY (NumPy)",
    "8": "8 bits",
    "16": "16 bits",
    "float": "32-bit float",
}
"""How an option is shown, where that is not its name."""


class ExportPanel(QWidget):
    """Four choices, a sentence about clipping and a button.

    The application names the options of each choice. `chosen` returns them by those names.
    """

    options_chosen = Signal()
    export_asked = Signal()
    cancel_asked = Signal()
    closed = Signal()

    def __init__(
        self,
        values: Sequence[str],
        contents: Sequence[str],
        formats: Sequence[str],
        depths: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("export-panel")
        self.title = QLabel("Take home", self)
        self.title.setProperty("kind", "title")
        self.close_button = QToolButton(self)
        self.close_button.setObjectName("export-close")
        self.close_button.setIcon(icons.icon("x"))
        self.close_button.setToolTip("Back to the layer")
        self.close_button.setAccessibleName("Back to the layer")
        self.lead = QLabel("Open a picture; its output can be saved from here.", self)
        self.lead.setWordWrap(True)
        self.values = self._choice("export-values", values)
        self.contents = self._choice("export-content", contents)
        self.formats = self._choice("export-format", formats)
        self.depths = self._choice("export-depth", depths)
        self.warning = QLabel(self)
        self.warning.setObjectName("export-warning")
        self.warning.setWordWrap(True)
        self.button = QPushButton("Save picture…", self)
        self.button.setObjectName("export-button")
        self.button.setToolTip("Choose a file and write it")
        self.button.setProperty("kind", "primary")
        self.progress = QProgressBar(self)
        self.progress.setObjectName("export-progress")
        self.progress.setAccessibleName("How much of the export is done")
        self.progress.setRange(0, 100)
        self.cancel = QPushButton("Cancel", self)
        self.cancel.setObjectName("export-cancel")
        self.cancel.setToolTip("Give up the export; what was there before stays")
        self._is_possible, self._is_busy = True, False
        self.show_progress(1.0)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(theme.SPACE)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        self._layout.addLayout(head)
        self._layout.addWidget(self.lead)
        self._fields = [
            (self._caption(words, box), box)
            for words, box in (
                ("Values", self.values), ("Content", self.contents), ("Format", self.formats), ("Depth", self.depths),
            )
        ]  # fmt: skip
        self._grid = QGridLayout()
        self._grid.setSpacing(theme.SPACE)
        self._grid.setColumnStretch(1, 1)
        self._layout.addLayout(self._grid)
        for widget in (self.warning, self.button, self.progress, self.cancel):
            self._layout.addWidget(widget)
        self._layout.addStretch(1)
        self.show_measures(MEDIUM)
        for box in (self.values, self.contents, self.formats, self.depths):
            box.currentIndexChanged.connect(self.options_chosen)
        self.button.clicked.connect(self.export_asked)
        self.cancel.clicked.connect(self.cancel_asked)
        self.close_button.clicked.connect(self.closed)

    def show_measures(self, measures: Measures) -> None:
        """Take the margins of the column; where it is low, each caption stands beside its field."""
        self._layout.setContentsMargins(measures.margin, measures.margin, measures.margin, measures.margin)
        for number, (caption, box) in enumerate(self._fields):
            self._grid.removeWidget(caption)
            self._grid.removeWidget(box)
            if measures.has_pages:
                self._grid.addWidget(caption, number, 0)
                self._grid.addWidget(box, number, 1)
            else:
                self._grid.addWidget(caption, 2 * number, 0, 1, 2)
                self._grid.addWidget(box, 2 * number + 1, 0, 1, 2)

    def chosen(self) -> tuple[str, str, str, str]:
        """Values, content, format and depth, by the names of the application."""
        boxes = (self.values, self.contents, self.formats, self.depths)
        values, content, kind, depth = (str(box.currentData()) for box in boxes)
        return values, content, kind, depth

    def show_subject(self, sentence: str, warning: str, *, is_possible: bool) -> None:
        """Say what would be exported, and what would be lost."""
        self.lead.setText(sentence)
        self.warning.setText(warning)
        self._is_possible = is_possible
        self._enable()

    def show_progress(self, fraction: float) -> None:
        """Show how much of an export is done, and a way to give it up; nothing once it has ended."""
        self._is_busy = fraction < 1
        self.progress.setValue(round(fraction * 100))
        self.progress.setVisible(self._is_busy)
        focused, focus = self.window().focusWidget(), Qt.FocusReason.OtherFocusReason
        if self._is_busy:
            self.cancel.show()
            if focused is self.button:  # which cannot be used now: the keyboard would go anywhere
                self.cancel.setFocus(focus)
        self._enable()
        if not self._is_busy:
            if focused is self.cancel:
                self.button.setFocus(focus)
            self.cancel.hide()

    def _enable(self) -> None:
        self.button.setEnabled(self._is_possible and not self._is_busy)

    def _caption(self, words: str, box: QComboBox) -> QLabel:
        label = QLabel(words, self)
        label.setBuddy(box)
        label.setProperty("kind", "caption")
        return label

    def _choice(self, name: str, words: Sequence[str]) -> QComboBox:
        box = QComboBox(self)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(8)  # a long choice does not widen the column
        box.setObjectName(name)
        box.setAccessibleName(name.replace("-", " "))
        for word in words:
            box.addItem(TEXTS.get(str(word), str(word)), str(word))
        return box
