"""The bar above the pictures for a question. It can wait: everything else goes on meanwhile."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from convstudio.views import theme


class QuestionBar(QFrame):
    """A sentence and two answers; hidden while nothing is asked."""

    accepted = Signal()
    declined = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("question-bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.sentence = QLabel(self)
        self.sentence.setObjectName("question-sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)  # it quotes what somebody else wrote
        self.sentence.setWordWrap(True)
        self.sentence.setMinimumWidth(1)  # a long one never widens the window
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.yes, self.no = QPushButton(self), QPushButton(self)
        self.yes.setObjectName("question-yes")
        self.no.setObjectName("question-no")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.yes)
        layout.addWidget(self.no)
        self.yes.clicked.connect(self.accepted)
        self.no.clicked.connect(self.declined)
        self.hide()

    def ask(self, sentence: str, *, yes: str, no: str) -> None:
        """Show a question with its two answers."""
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
        self.yes.setText(yes)
        self.no.setText(no)
        self.show()
