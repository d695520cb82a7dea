"""The gallery over the input: a search field, the words of its filter, and the tiles. The output stays in sight."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from convstudio.core.display.pictures import Picture
from convstudio.core.kernels.choices import CHOICES, PresetChoice, Purpose, matching
from convstudio.views import icons, theme
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.fields import tool_button
from convstudio.views.painting import painting
from convstudio.views.presets.tiles import SIDE, Tiles
from convstudio.views.style_sheet import set_kind

EVERYTHING = "All"
AROUND = 14  # pixels around a word of the filter
ROOM_FOR_ONE_ROW = 528  # pixels in which the search field and the filter stand side by side


class _Word(QToolButton):
    """A word of the filter, only as wide as it needs to be."""

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + AROUND, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class PresetGallery(QWidget):
    """Presets by their look: hovering and the arrow keys look at one, a click and Enter take it."""

    looked_at = Signal(object)  # PresetChoice, or None when nothing is looked at any more
    taken = Signal(object)  # PresetChoice
    opened = Signal()
    closed = Signal()
    rename_asked = Signal(object)  # PresetChoice of the person's own
    export_asked = Signal(object)  # PresetChoice of the person's own
    delete_asked = Signal(object)  # PresetChoice of the person's own
    undo_asked = Signal()
    pictures_wanted = Signal()  # it was opened, or its pictures have another size

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preset-gallery")
        self.setAccessibleName("Gallery of presets")
        self.search = self._search_field()
        self._words = QWidget(self)
        self._filter = QButtonGroup(self)
        self._purposes: tuple[Purpose | None, ...] = (None, *Purpose)
        self._lay_out_words()
        self.close_button = tool_button("preset-close", "Close the gallery", "x", "Close the gallery (Esc)", self)
        self.tiles = Tiles(self)
        self._mine: tuple[PresetChoice, ...] = ()
        self._none = QLabel(self)
        self._none.setWordWrap(True)
        self._none.setTextFormat(Qt.TextFormat.PlainText)
        self._none.setObjectName("preset-none")
        self._none.setContentsMargins(2 * theme.SPACE, theme.SPACE, theme.SPACE, 0)
        self._scroll = self._scroll_area()
        self._undo_row = self._row_of_undo()
        self._description = self._label_over_the_head()
        self._head = QGridLayout()
        self._is_one_row: bool | None = None
        self._focused_before: QWidget | None = None  # gets the keyboard back
        self._covered: tuple[QWidget, QWidget] | None = None
        self._lay_out()
        self._arrange()
        self._show_matching()
        self.search.textChanged.connect(lambda _: self._show_matching())
        self.search.returnPressed.connect(self.tiles.take_first)
        self._filter.buttonToggled.connect(lambda *_: self._show_matching())
        self.close_button.clicked.connect(self.close_gallery)
        self.tiles.described.connect(self._describe)
        self.tiles.looked_at.connect(self.looked_at)
        self.tiles.taken.connect(self.taken)
        self.tiles.side_changed.connect(self.pictures_wanted)
        self.tiles.tile_reached.connect(self._bring_into_sight)
        self.tiles.menu_asked.connect(self._open_menu)
        self.tiles.rename_asked.connect(self.rename_asked)
        self.tiles.delete_asked.connect(self.delete_asked)
        self.hide()

    @property
    def side(self) -> int:
        """The side of a picture, in pixels of the screen."""
        return round(self.tiles.side * self.devicePixelRatioF())

    def lie_over(self, stage: QWidget, output: QWidget) -> None:
        """Cover everything of a stage that is to the left of the output."""
        self._covered = stage, output
        self.setParent(stage)
        for widget in (stage, output):
            widget.installEventFilter(self)

    def open_gallery(self) -> None:
        """Lie over the input, ready to search."""
        if not self.isHidden():
            return
        self._focused_before = QApplication.focusWidget()
        self.tiles.forget()
        self._cover()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.search.selectAll()
        self.opened.emit()
        self.pictures_wanted.emit()

    def close_gallery(self) -> None:
        """Go away, and take back what was looked at."""
        if self.isHidden():
            return
        if self.isAncestorOf(QApplication.focusWidget() or self):
            before = self._focused_before
            if before is not None and isValid(before) and before.isVisible():
                before.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.window().setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.closed.emit()

    def show_pictures(self, pictures: Mapping[str, Picture]) -> None:
        """Show what each preset makes of the picture."""
        self.tiles.show_pictures(pictures)

    def show_present(self, choice: PresetChoice | None) -> None:
        """Mark the preset that the layer has."""
        self.tiles.show_present(choice)

    def show_mine(self, choices: tuple[PresetChoice, ...]) -> None:
        """Show the person's own kernels before the presets."""
        if choices or self._mine:
            self._mine = choices
            place = self._scroll.verticalScrollBar().value()
            self._show_matching()
            self._scroll.verticalScrollBar().setValue(place)

    @property
    def mine(self) -> tuple[PresetChoice, ...]:
        """The person's own kernels."""
        return self._mine

    @property
    def choices(self) -> tuple[PresetChoice, ...]:
        """Everything that is offered, the person's own first."""
        return (*self._mine, *CHOICES)

    def show_undo(self, sentence: str) -> None:
        """Say what was done to the person's own kernels, and offer to take it back; "" says nothing any more."""
        self._undo_text.show_text(sentence)
        self._undo_row.setVisible(bool(sentence))

    # what is shown

    def _describe(self, text: str) -> None:
        """Say over the search field what a preset does: a tooltip at the mouse would cover the tiles around it."""
        self._description.setText(text)
        self._description.setGeometry(0, 0, self.width() - 1, self._scroll.y())
        self._description.setVisible(bool(text))
        self._description.raise_()

    def _open_menu(self, choice: PresetChoice, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("preset-menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icons.icon("pencil"), "Rename or note…", partial(self.rename_asked.emit, choice))
        menu.addAction(icons.icon("download"), "Export…", partial(self.export_asked.emit, choice))
        menu.addAction(icons.icon("trash-2"), "Delete", partial(self.delete_asked.emit, choice))
        menu.popup(place)

    def _show_matching(self) -> None:
        purpose = self._purposes[self._filter.checkedId()]
        sections = matching(self.search.text(), purpose, self._mine)
        self._none.setText(
            "Kernels of your own stand here. The button with the disk beside the kernel keeps the present one."
            if purpose is Purpose.MINE and not self._mine
            else "No preset has these words."
        )
        self.tiles.show_sections(sections)
        self._none.setVisible(not sections)
        self._scroll.setVisible(bool(sections))
        self._scroll.verticalScrollBar().setValue(0)

    def _bring_into_sight(self, tile: QRect) -> None:
        centre = tile.center()
        self._scroll.ensureVisible(centre.x(), centre.y(), 0, tile.height() // 2 + theme.SPACE)

    # events

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the stage, and let the arrow keys go from the search field to the tiles."""
        if watched is self.search:
            is_down = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Down
            if is_down and event.type() is QEvent.Type.KeyPress and self.tiles.choices:
                self.tiles.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._cover()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_gallery()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  # Qt's own signature
        """Tab stays within the gallery."""
        if not self.isVisible():  # on its way out Qt itself looks for who may have the keyboard
            return super().focusNextPrevChild(next)
        word = self._filter.button(self._filter.checkedId())
        widgets = (self.search, word, self.close_button, self.tiles, self.undo_button)
        stops = [stop for stop in widgets if stop.isVisible()]
        focused = self.focusWidget()
        place = stops.index(focused) if focused in stops else -1
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        stops[(place + (1 if next else -1)) % len(stops)].setFocus(reason)
        return True

    def paintEvent(self, _: QPaintEvent) -> None:
        """A ground of its own, with a line towards the output."""
        with painting(self) as painter:
            colours = theme.tokens(self)
            painter.fillRect(self.rect(), colours.panel)
            painter.fillRect(self.width() - 1, 0, 1, self.height(), colours.line)

    # construction

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName("preset-search")
        field.setAccessibleName("Search presets")
        field.setPlaceholderText(f"Search {len(CHOICES)} presets")
        field.setClearButtonEnabled(True)
        field.addAction(icons.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        field.installEventFilter(self)
        return field

    def _scroll_area(self) -> QScrollArea:
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidgetResizable(True)
        area.setWidget(self.tiles)
        area.viewport().setAutoFillBackground(False)
        self.tiles.setAutoFillBackground(False)
        return area

    def _row_of_undo(self) -> QWidget:
        row = QWidget(self)
        row.setObjectName("preset-undo-row")
        self._undo_text = ElidedLabel(row)
        self._undo_text.setObjectName("preset-undo-text")
        self.undo_button = QPushButton("Undo", row)
        self.undo_button.setObjectName("preset-undo")
        self.undo_button.setAccessibleName("Take back what was done to your kernels")
        self.undo_button.clicked.connect(self.undo_asked)
        line = QHBoxLayout(row)
        line.setContentsMargins(2 * theme.SPACE, 0, theme.SPACE, theme.SPACE)
        line.addWidget(self._undo_text, 1)
        line.addWidget(self.undo_button)
        row.hide()
        return row

    def _label_over_the_head(self) -> QLabel:
        label = QLabel(self)
        label.setObjectName("preset-description")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setContentsMargins(2 * theme.SPACE, 0, theme.SPACE, 0)
        label.setAutoFillBackground(True)
        set_kind(label, "caption")
        label.hide()
        return label

    def _lay_out(self) -> None:
        self._head.setContentsMargins(2 * theme.SPACE, 0, theme.SPACE, 0)
        self._head.setSpacing(theme.SPACE)
        self._head.addWidget(self.search, 0, 0)
        self._head.addWidget(self.close_button, 0, 2)
        self._head.setColumnStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.SPACE, 1, 0)
        layout.setSpacing(theme.SPACE)
        layout.addLayout(self._head)
        layout.addWidget(self._none, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._undo_row)

    def _lay_out_words(self) -> None:
        row = QHBoxLayout(self._words)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, purpose in enumerate(self._purposes):
            word = EVERYTHING if purpose is None else purpose.value
            button = _Word(self._words)
            button.setObjectName(f"preset-filter-{word.lower()}")
            button.setText(word)
            button.setAccessibleName(f"{word} presets")
            button.setAutoRaise(True)
            button.setCheckable(True)
            button.setProperty("kind", "word")
            self._filter.addButton(button, number)
            row.addWidget(button)
        self._filter.buttons()[0].setChecked(True)

    def _arrange(self) -> None:
        """Search, filter and the cross in one row, or the filter in a row of its own."""
        is_one_row = self.width() >= ROOM_FOR_ONE_ROW
        if is_one_row != self._is_one_row:
            self._is_one_row = is_one_row
            self._head.removeWidget(self._words)
            place = (0, 1, 1, 1) if is_one_row else (1, 0, 1, 3)
            self._head.addWidget(self._words, *place, Qt.AlignmentFlag.AlignLeft)

    def _cover(self) -> None:
        if self._covered is None:
            return
        stage, output = self._covered
        left = output.mapTo(stage, QPoint(0, 0)).x() if stage.isAncestorOf(output) else 0
        width = left - theme.SPACE if left > 2 * SIDE else stage.width() // 2  # a wipe has no input of its own
        self.setGeometry(QRect(QPoint(0, 0), QSize(width, stage.height())))
        self._arrange()
