"""THE WEIGHT MATRIX: the layer unrolled as one matrix, its ties and its blanks, and what becomes of them."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from convstudio.core.recipe.layers import Dense
from convstudio.core.view.shown import Shown
from convstudio.insight.matrix.weight_matrix import MatrixQuestion, Mode, NoMatrix, WeightMatrix
from convstudio.insight.trace.taps import Unit
from convstudio.views import icons, theme
from convstudio.views.explain.explainer import Explainer, sentence_label
from convstudio.views.explain.matrix.grids import MatrixGrids
from convstudio.views.explain.matrix.links import Pointed, is_within, links_of
from convstudio.views.explain.matrix.pictures import MatrixPicture
from convstudio.views.explain.matrix.text import (
    equation_sentence,
    equation_tip,
    lead_sentence,
    no_matrix_sentence,
    pointed_sentence,
    rest_sentence,
)

EMPTY = "Open a picture, or start with a sample: the selected layer appears here as one matrix."
SHARE = 0.62  # of the width that the matrix may take
BUTTONS = {
    Mode.TIED: ("Tied", "The convolution: places of one letter hold one weight"),
    Mode.CUT: ("Cut the ties", "Locally connected: the same places, but every weight is free to differ"),
    Mode.FILLED: ("Fill the blanks", "Dense: every input is connected with every output"),
}


class MatrixPanel(Explainer):
    """The matrix, and beside it the inputs, the kernel and the outputs it joins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("matrix", parent)
        self._shown: Shown | None = None
        self._near: Unit | None = None
        self._matrix: WeightMatrix | None = None
        self._mode = Mode.TIED
        self._pointed: Pointed | None = None
        self.picture = MatrixPicture(self)
        self.grids = MatrixGrids(self)
        self.equation = sentence_label(self, "matrix-equation")
        self.sentence = sentence_label(self, "matrix-sentence")
        self.buttons = {mode: self._button(mode) for mode in Mode}
        self._lay_out()
        self.lead.setText(EMPTY)
        self.picture.resized.connect(self._share_room)
        self.picture.pointed.connect(self._point)
        self.grids.pointed.connect(self._point)
        self._show_matrix()

    def show_shown(self, shown: Shown) -> None:
        """Unroll the layer whose output is on the screen."""
        self._shown = shown
        self._ask()

    def show_pinned(self, unit: Unit | None) -> None:
        """Unroll the layer around the output that the person pinned."""
        self._near = unit
        self._ask()

    @property
    def belongings(self) -> Mode:
        """What became of the ties."""
        return self._mode

    def take_belongings(self, belongings: object) -> None:
        """Show the ties of another session, tied unless somebody cut them."""
        self._pointed = None
        self._mode = belongings if isinstance(belongings, Mode) else Mode.TIED
        self.buttons[self._mode].setChecked(True)
        self._show_matrix()

    def rest(self) -> None:
        """What is shown when somebody looks again is asked for anew."""
        super().rest()
        self._shown = None

    def show_answer(self, answer: object) -> None:
        """Show a matrix, or why there is none."""
        match answer:
            case WeightMatrix():
                self._matrix = answer
            case NoMatrix():
                self._matrix = None
                self.lead.setText(no_matrix_sentence(answer))
        self._show_matrix()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the room anew."""
        super().resizeEvent(event)
        self._share_room()

    def _ask(self) -> None:
        if self._shown is None:
            return
        shown = self._shown
        channel = shown.selection.output_map * shown.result.plan.channels_per_map_at(shown.output_index)
        self.asked.emit(MatrixQuestion(shown.result, shown.output_index, channel, self._near))

    def _choose(self, mode: Mode) -> None:
        self._mode = mode
        self._show_matrix()

    def _show_matrix(self) -> None:
        matrix = self._matrix
        for widget in (self.picture, self.grids, self.equation, self.sentence, *self.buttons.values()):
            widget.setVisible(matrix is not None)
        self.picture.show_matrix(matrix, self._mode)
        self.grids.show_matrix(matrix, self._mode)
        if matrix is None:
            return
        for mode, button in self.buttons.items():
            button.setEnabled(not isinstance(matrix.step.layer, Dense))
            button.setIcon(icons.icon("check") if mode is self._mode else QIcon())
        self.lead.setText(lead_sentence(matrix, self._mode))
        self.equation.setText(equation_sentence(matrix))
        self.equation.setToolTip(equation_tip(matrix))
        self._share_room()
        self._point(self._pointed)

    def _point(self, pointed: Pointed | None) -> None:
        """Light up what is linked; another frame changes nothing of what is pointed at."""
        matrix = self._matrix
        if matrix is None:
            return
        self._pointed = pointed if pointed is not None and is_within(matrix, pointed) else None
        links = links_of(matrix, self._mode, self._pointed) if self._pointed is not None else None
        self.picture.show_links(self._pointed, links)
        self.grids.show_links(self._pointed, links)
        if self._pointed is None:
            self.sentence.setText(rest_sentence(matrix, self._mode))
        else:
            self.sentence.setText(pointed_sentence(matrix, self._mode, self._pointed))
        self.picture.setAccessibleDescription(self.sentence.text())

    def _share_room(self) -> None:
        """The matrix takes what its places need; the sentence below keeps its height whatever is pointed at."""
        if self._matrix is None:
            return
        room = self.width() - 4 * theme.SPACE
        width = min(self.picture.width_for(self.picture.height()), round(room * SHARE))
        width = max(width, self.picture.minimumSizeHint().width())
        self.picture.setMaximumWidth(width)
        self.sentence.setFixedHeight(self._height_of_sentence(self._matrix, room - width))

    def _height_of_sentence(self, matrix: WeightMatrix, width: int) -> int:
        rows, columns = matrix.entries.identities.shape
        sentences = [rest_sentence(matrix, self._mode)]
        for column in (0, columns // 2, columns - 1):
            sentences.append(pointed_sentence(matrix, self._mode, Pointed(row=rows - 1, column=column)))
        area, metrics = QRect(0, 0, width, 10 * self.height()), self.sentence.fontMetrics()
        wrap = Qt.TextFlag.TextWordWrap
        return max(metrics.boundingRect(area, wrap, sentence).height() for sentence in sentences) + 2

    def _button(self, mode: Mode) -> QPushButton:
        text, tip = BUTTONS[mode]
        button = QPushButton(text, self)
        button.setObjectName(f"matrix-{mode}")
        button.setIcon(icons.icon("check"))
        button.setMinimumWidth(button.sizeHint().width())  # the mark that comes and goes moves nothing
        button.setCheckable(True)
        button.setChecked(mode is self._mode)
        button.setToolTip(tip)
        button.setAccessibleName(f"{text}: {tip}")
        button.clicked.connect(lambda: self._choose(mode))
        return button

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        self.controls.addWidget(self.lead, 1)  # beside the buttons, to leave the height to the matrix
        for button in self.buttons.values():
            group.addButton(button)
            self.controls.addWidget(button)
        for widget in (self.progress, self.cancel):
            self.controls.addWidget(widget)
        side = QVBoxLayout()
        side.setSpacing(theme.SPACE // 2)
        side.addWidget(self.equation)
        side.addWidget(self.grids, 1)
        side.addWidget(self.sentence)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        columns = QHBoxLayout()
        columns.setSpacing(2 * theme.SPACE)
        columns.addWidget(self.picture, 62)
        columns.addLayout(side, 38)
        self.body.addLayout(columns, 1)
        page = self.layout()
        assert page is not None
        # two pixels more for the matrix: in the dock's first height 16 rows still have room for letters
        page.setContentsMargins(theme.SPACE, theme.SPACE // 2, theme.SPACE, theme.SPACE // 4)
