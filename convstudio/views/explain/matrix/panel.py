"""THE WEIGHT MATRIX: the layer unrolled as one matrix, its ties and its blanks, and what becomes of them."""

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QRect
from PySide6.QtWidgets import QWidget

from convstudio.core.recipe.layers import Dense
from convstudio.core.view.shown import Shown
from convstudio.insight.matrix.submatrix import SCROLLED
from convstudio.insight.matrix.weight_matrix import MatrixQuestion, Mode, NoMatrix, WeightMatrix
from convstudio.insight.trace.taps import Unit
from convstudio.views import theme
from convstudio.views.controls.segments import Segments
from convstudio.views.explain.matrix.grids import MatrixGrids
from convstudio.views.explain.matrix.links import Pointed, is_within, links_of
from convstudio.views.explain.matrix.pictures import MatrixOverview, MatrixPicture
from convstudio.views.explain.matrix.text import (
    equation_sentence,
    equation_tip,
    lead_sentence,
    no_matrix_sentence,
    pointed_sentence,
    rest_sentence,
    title_sentence,
)
from convstudio.views.explain.stage import CAPTION, TEXT, TITLE, StageExplainer, Words, sized

EMPTY = "Open a picture, or start with a sample: the selected layer appears here as one matrix."
WAITING = "The layer is being unrolled into its matrix …"
MODES = (
    (Mode.TIED, "Shared", "The convolution: places of one letter hold one weight"),
    (Mode.CUT, "Local", "Locally connected: the same places, but every weight is free to differ"),
    (Mode.FILLED, "Dense", "Every input is connected with every output"),
)
BAND, LEAST_BAND, MOST_BAND = 0.28, 136, 208  # of the height that the pictures above the matrix have, and in pixels
LOW_BAND = 150  # pixels, up to which the words beside them are small
WORDS, LEAST_WORDS, MOST_WORDS = 0.36, 216, 400  # of the width that the words beside them have
BETWEEN = 24
WIDE = 900  # pixels that have room for the two sentences of the last line side by side
HIGH = 600  # and pixels that always have room for the overview
ALL = 0.999


class MatrixPanel(StageExplainer):
    """The inputs, the kernel and the outputs; below them the matrix that joins them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("matrix", parent)
        self._shown: Shown | None = None
        self._near: Unit | None = None
        self._matrix: WeightMatrix | None = None
        self._mode = Mode.TIED
        self._pointed: Pointed | None = None
        room = self.content
        self.grids = MatrixGrids(room)
        self.title = Words("matrix-title", TITLE, room, is_bold=True)
        self.sentence = Words("matrix-sentence", TEXT, room, is_muted=True)
        self.modes = Segments("matrix", [(mode, label) for mode, label, _ in MODES], "What becomes of the ties", room)
        for mode, label, tip in MODES:
            self.modes.buttons[mode].setToolTip(tip)
            self.modes.buttons[mode].setAccessibleName(f"{label}: {tip}")
        self.picture = MatrixPicture(room)
        self.overview = MatrixOverview(room)
        self.caption = Words("matrix-caption", CAPTION, room, is_muted=True)
        self.equation = Words("matrix-equation", CAPTION, room, is_muted=True)
        self.modes.chosen.connect(self._choose)
        self.picture.pointed.connect(self._point)
        self.picture.scrolled.connect(self._show_seen)
        self.picture.zoomed.connect(lambda: self.place(self.content.rect()))
        self.overview.centred.connect(self._show_part)
        self.grids.pointed.connect(self._point)
        self.grids.output_chosen.connect(self._choose_output)
        self.show_reason(EMPTY)

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

    @property
    def readings(self) -> Mapping[str, float | str]:
        """What became of the ties (tied, cut or filled), and how many weights the table has with that."""
        readings: dict[str, float | str] = {"ties": str(self._mode)}
        if self._matrix is not None:
            readings["weights in the table"] = self._matrix.weights_in(self._mode)
        return readings

    def take_belongings(self, belongings: object) -> None:
        """Show the ties of another session, tied unless somebody cut them."""
        self._pointed = None
        self._mode = belongings if isinstance(belongings, Mode) else Mode.TIED
        self.modes.show_choice(self._mode)
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
                self.show_reason("")
            case NoMatrix():
                self._matrix = None
                self.show_reason(no_matrix_sentence(answer))
        self._show_matrix()

    def place(self, room: QRect) -> None:
        """Pictures and words side by side, the matrix below; in the last line what it is, and all of it in small."""
        band = round(min(max(room.height() * BAND, LEAST_BAND), MOST_BAND))
        wide = round(min(max(room.width() * WORDS, LEAST_WORDS), MOST_WORDS))
        left = room.width() - wide
        self.picture.setGeometry(0, band + theme.SPACE, room.width(), room.height())
        beside = self.picture.left
        self.grids.setGeometry(beside - 2, 0, left - beside - BETWEEN, band)
        title = self.title.fontMetrics().height() + 2
        self.title.setGeometry(left, 0, wide, title)
        high = self.modes.sizeHint().height()
        self.modes.setGeometry(left, band - high, wide, high)
        self.sentence.setFont(sized(TEXT if band > LOW_BAND else CAPTION))
        self.sentence.setGeometry(left, title + 2, wide, band - high - title - 6)
        top = band + theme.SPACE
        line = self.caption.fontMetrics().height() + 2
        below = line if room.width() > WIDE else 2 * line
        self.picture.setGeometry(0, top, room.width(), room.height() - top - below - 4)
        is_cut = self._is_cut()
        if is_cut or room.height() >= HIGH:  # there the matrix keeps its place when somebody zooms
            below = max(below, self.overview.sizeHint().height(), 3 * line)
            self.picture.setGeometry(0, top, room.width(), room.height() - top - below - 6)
        self.overview.setVisible(is_cut)
        free = room.width() - beside
        if is_cut:
            size = self.overview.sizeHint()
            self.overview.setGeometry(
                room.width() - size.width(), room.height() - size.height(), size.width(), size.height()
            )
            free -= size.width() + BETWEEN
        first = room.height() - below
        lines = 2 if is_cut and self.caption.height_for(free) > line else 1
        self.caption.setGeometry(beside, first, free, lines * line)
        if lines == 2:
            self.equation.setGeometry(beside, first + 2 * line, free, below - 2 * line)
        elif below >= 2 * line:
            self.equation.setGeometry(beside, first + line, free, line)
        else:
            own = self.equation.fontMetrics().horizontalAdvance(self.equation.text()) + 4
            self.equation.setGeometry(beside + free - own, first, own, line)
            self.caption.resize(free - own - BETWEEN, line)
        self._show_seen()

    def _ask(self) -> None:
        if self._shown is None:
            return
        shown = self._shown
        if self._matrix is None:
            self.show_reason(WAITING)
        channel = shown.selection.output_map * shown.result.plan.channels_per_map_at(shown.output_index)
        self.asked.emit(MatrixQuestion(shown.result, shown.output_index, channel, self._near, SCROLLED))

    def _choose(self, mode: str) -> None:
        self._mode = Mode(mode)
        self._show_matrix(is_animated=True)

    def _choose_output(self, row: int) -> None:
        if self._matrix is not None:
            self.unit_chosen.emit(self._matrix.submatrix.output_at(row))

    def _show_matrix(self, *, is_animated: bool = False) -> None:
        matrix = self._matrix
        self.picture.show_matrix(matrix, self._mode, is_animated=is_animated)
        self.overview.show_matrix(matrix, self._mode)
        self.grids.show_matrix(matrix, self._mode)
        if matrix is None:
            return
        self.modes.setEnabled(not isinstance(matrix.step.layer, Dense))
        self.caption.setText(lead_sentence(matrix, self._mode))
        self.equation.setText(equation_sentence(matrix))
        self.equation.setToolTip(equation_tip(matrix))
        self.place(self.content.rect())
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
        self.title.setText(title_sentence(matrix, self._mode, self._pointed))
        if self._pointed is None:
            self.sentence.setText(rest_sentence(matrix, self._mode))
        else:
            self.sentence.setText(pointed_sentence(matrix, self._mode, self._pointed))
        self.sentence.setToolTip(self.sentence.text())
        self.picture.setAccessibleDescription(self.sentence.text())

    def _is_cut(self) -> bool:
        part = self.picture.seen
        return min(part.width(), part.height()) < ALL

    def _show_seen(self) -> None:
        self.overview.show_seen(self.picture.seen)

    def _show_part(self, centre: QPointF) -> None:
        self.picture.show_part(centre)
