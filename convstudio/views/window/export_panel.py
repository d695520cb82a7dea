"""EXPORT: what to save of the output, and what would be lost on the way. Writing files is not done here."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

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
"""Words that are shown otherwise than they are named."""


class ExportPanel(QWidget):
    """Four choices, a sentence about clipping and a button.

    The choices are lists of words that the application names; what is chosen travels as those words.
    """

    options_chosen = Signal()
    export_asked = Signal()

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
        self.lead = QLabel("Open a picture; its output can be saved from here.", self)
        self.lead.setWordWrap(True)
        self.values = self._choice("export-values", values)
        self.contents = self._choice("export-content", contents)
        self.formats = self._choice("export-format", formats)
        self.depths = self._choice("export-depth", depths)
        self.warning = QLabel(self)
        self.warning.setObjectName("export-warning")
        self.warning.setWordWrap(True)
        self.button = QPushButton("Export…", self)
        self.button.setObjectName("export-button")
        self.button.setToolTip("Choose a file and write it")
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        for column, (caption, box) in enumerate(
            (("Values", self.values), ("Content", self.contents), ("Format", self.formats), ("Depth", self.depths))
        ):
            label = QLabel(caption, self)
            label.setBuddy(box)
            grid.addWidget(label, 0, column)
            grid.addWidget(box, 1, column)
        grid.addWidget(self.button, 1, 4)
        grid.setColumnStretch(5, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self.lead)
        layout.addLayout(grid)
        layout.addWidget(self.warning)
        layout.addStretch(1)
        for box in (self.values, self.contents, self.formats, self.depths):
            box.currentIndexChanged.connect(self.options_chosen)
        self.button.clicked.connect(self.export_asked)

    def chosen(self) -> tuple[str, str, str, str]:
        """Values, content, format and depth, in the words that were given, not those that are shown."""
        boxes = (self.values, self.contents, self.formats, self.depths)
        values, content, kind, depth = (str(box.currentData()) for box in boxes)
        return values, content, kind, depth

    def show_subject(self, sentence: str, warning: str, *, is_possible: bool) -> None:
        """Say what would be exported, and what would be lost."""
        self.lead.setText(sentence)
        self.warning.setText(warning)
        self.button.setEnabled(is_possible)

    def _choice(self, name: str, words: Sequence[str]) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(name.replace("-", " "))
        for word in words:
            box.addItem(TEXTS.get(str(word), str(word)), str(word))
        return box
