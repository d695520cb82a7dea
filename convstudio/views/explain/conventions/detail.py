"""One way to filter in CONVENTIONS: its difference as a picture, and everything about it in sentences."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from convstudio.core.wording import number
from convstudio.insight.conventions.comparison import Compared, Row
from convstudio.views import theme
from convstudio.views.explain.conventions.pictures import DifferencePicture, limit_of
from convstudio.views.explain.conventions.text import detail_text, source_link
from convstudio.views.explain.explainer import sentence_label

WIDTH = 232  # pixels for the sentences: what the table needs comes first


class ConventionDetail(QWidget):
    """The way that is chosen in the table."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = QLabel(self)
        self.caption.setObjectName("conventions-caption")
        self.difference = DifferencePicture(self)
        self.sentences = sentence_label(self, "conventions-detail")
        self.sentences.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.source = QLabel(self)
        self.source.setObjectName("conventions-source")
        self.source.setWordWrap(True)
        self.source.setOpenExternalLinks(True)
        self.source.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        seen, told = QVBoxLayout(), QWidget(self)
        seen.setSpacing(theme.SPACE // 2)
        seen.addWidget(self.caption)
        seen.addWidget(self.difference, 1)
        page = QVBoxLayout(told)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(theme.SPACE // 2)
        page.addWidget(self.sentences)
        page.addWidget(self.source)
        page.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFixedWidth(WIDTH)
        scroll.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Ignored)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(told)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * theme.SPACE)
        layout.addLayout(seen)
        layout.addWidget(scroll)

    def show_row(self, row: Row, found: Compared) -> None:
        """Show another way."""
        limit = limit_of(row, found)
        is_same = not (np.abs(row.difference) > found.rounding).any()
        if row.refusal:
            self.caption.setText("No result")
        else:
            self.caption.setText("No difference" if is_same else f"Difference, to ±{number(limit, digits=3)}")
        self.difference.show_difference(row.difference, found.ours.values, limit)
        self.sentences.setText(detail_text(row, found))
        self.source.setText(source_link(row.convention))
        self.source.setToolTip(row.convention.source)
