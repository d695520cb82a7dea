"""What can be searched for, and which of it matches what somebody types."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QWidget,
)

from convstudio.views.scrolling import scroll_to

FIELDS = QAbstractSpinBox | QComboBox | QLineEdit | QAbstractButton | QAbstractSlider
ALIKE = str.maketrans({"×": "x", "−": "-", "…": " ", "’": "'"})  # what is typed, for what is written


class SearchGroup(StrEnum):
    """The headings of the list, in their order among what matches equally well."""

    STAGES = "Stages"
    PRESETS = "Presets"
    FIELDS = "Fields of this column"
    COMMANDS = "Commands"
    SAMPLES = "Samples"
    LESSONS = "Lessons"
    SETTINGS = "Settings"


@dataclass(frozen=True)
class SearchEntry:
    """One line of the list: what is sent when it is chosen, what it is called, what it does, and its key."""

    name: str
    heading: SearchGroup
    text: str
    tip: str = ""
    key: str = ""
    is_enabled: bool = True


def matching(entries: Sequence[SearchEntry], typed: str) -> list[SearchEntry]:
    """The entries in which every word occurs, by groups; the group with the best match comes first.

    A word may be the beginning of one, some letters of it in their order, or a part of what the entry does.

    Examples
    --------
    >>> blur = SearchEntry("1", SearchGroup.PRESETS, "Gaussian, σ 3", "A soft blur")
    >>> undo = SearchEntry("2", SearchGroup.COMMANDS, "Undo", "Take back the last edit")
    >>> [[entry.text for entry in matching((blur, undo), typed)] for typed in ("gssn", "blur", "un", "last un")]
    [['Gaussian, σ 3'], ['Gaussian, σ 3'], ['Undo'], ['Undo']]
    """
    words = _plain(typed).split()
    ranked: dict[SearchGroup, list[tuple[int, int, SearchEntry]]] = {}
    for place, entry in enumerate(entries):
        ranks = [_rank(word, entry) for word in words]
        if None not in ranks:
            total = sum(rank for rank in ranks if rank is not None)
            ranked.setdefault(entry.heading, []).append((total, place, entry))
    order = list(SearchGroup)
    groups = sorted(ranked, key=lambda group: (min(ranked[group])[:1], order.index(group)))
    return [entry for group in groups for *_, entry in sorted(ranked[group], key=lambda row: row[:2])]


def _rank(word: str, entry: SearchEntry) -> int | None:
    """How far a word is from an entry, 0 for the beginning of its name; None where it does not occur."""
    text = _plain(entry.text)
    if text.startswith(word):
        return 0
    if any(part.startswith(word) for part in text.split()):
        return 1
    if word in text:
        return 2
    if word in _plain(f"{entry.tip} {entry.key} {entry.heading} {entry.name}"):
        return 4
    is_abbreviation = len(word) > 2 and any(_abbreviates(word, part) for part in text.split())
    return 8 if is_abbreviation else None


def _abbreviates(word: str, whole: str) -> bool:
    """Whether a word has some letters of another in their order, beginning with its first."""
    letters = iter(whole)
    return word[:1] == whole[:1] and all(letter in letters for letter in word)


def _plain(text: str) -> str:
    return text.casefold().translate(ALIKE)


def fields_of(column: QWidget) -> Iterator[tuple[str, QWidget]]:
    """The controls in a column that can be used now, by the names that a screen reader has for them."""
    for widget in column.findChildren(QWidget):
        if not isinstance(widget, FIELDS) or isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
            continue
        is_reachable = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
        if is_reachable and widget.isVisible() and widget.accessibleName():
            yield widget.accessibleName(), widget


def go_to(field: QWidget) -> None:
    """Give a field the keyboard, where it can be seen."""
    scroll_to(field)
    field.setFocus(Qt.FocusReason.ShortcutFocusReason)
    if isinstance(field, QAbstractSpinBox | QLineEdit):
        field.selectAll()
