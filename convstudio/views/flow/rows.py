"""The rows of the layer list as a Qt model. An edit leaves it as a signal; the rows change with the document."""

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from convstudio.core.display.pictures import Picture
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Layer, title
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.wording import counted, milliseconds
from convstudio.views.inspector.wording import accessible_row, parameters_text

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole)
SOURCE = -1


@dataclass(frozen=True)
class LayerRow:
    """The texts and the picture of one row. `index` is the layer, −1 the source; `refusal` is why it fails, or ""."""

    index: int
    name: str
    shape: str
    time: str
    detail: str
    accessible: str
    tip: str
    is_on: bool = True
    own_name: str = ""
    refusal: str = ""
    thumbnail: Picture | None = None


@dataclass(frozen=True, eq=False)
class Contents:
    """Everything the list shows."""

    document: Document = field(default_factory=Document)
    plan: Plan | None = None
    thumbnails: tuple[Picture, ...] = ()
    milliseconds: tuple[float, ...] = ()
    refused: int | None = None
    refusal: str = ""
    source_name: str = ""


def rows_of(contents: Contents) -> tuple[LayerRow, ...]:
    """The source and every layer as rows."""
    steps = contents.plan.steps if contents.plan is not None else ()
    rows = [_source_row(contents)]
    for index, layer in enumerate(contents.document.layers):
        step = steps[index] if index < len(steps) else None
        refusal = contents.refusal if contents.refused == index else ""
        duration = contents.milliseconds[index] if index < len(contents.milliseconds) else 0.0
        rows.append(_layer_row(index, layer, step, refusal, duration, _thumbnail(contents, index)))
    return tuple(rows)


class RowsModel(QAbstractListModel):
    """The rows for the view; what a person changes in them goes out as a signal."""

    name_entered = Signal(int, str)
    switch_turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[LayerRow, ...] = ()

    def show_rows(self, rows: tuple[LayerRow, ...]) -> None:
        """Show other rows; an editor that is open stays open while their number is the same."""
        if len(rows) == len(self.rows):
            changed = [number for number, (old, new) in enumerate(zip(self.rows, rows, strict=True)) if old != new]
            self.rows = rows
            for number in changed:
                self.dataChanged.emit(self.index(number), self.index(number))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """The source and the layers."""
        return 0 if parent.isValid() else len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Layers can be named and switched off, the source only selected."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.isValid() and index.row() > 0:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """One answer about one row."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        answers: dict[int, Any] = {
            Qt.ItemDataRole.DisplayRole: row.name,
            Qt.ItemDataRole.EditRole: row.own_name or row.name,
            Qt.ItemDataRole.ToolTipRole: row.refusal or row.tip,
            Qt.ItemDataRole.AccessibleTextRole: row.accessible,
            ROW_ROLE: row,
        }
        if row.index != SOURCE:
            answers[Qt.ItemDataRole.CheckStateRole] = Qt.CheckState.Checked if row.is_on else Qt.CheckState.Unchecked
        return answers.get(role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Emit what a person changed; the row itself changes with the document."""
        if not index.isValid() or index.row() == 0:
            return False
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            name = str(value).strip()
            if name not in (row.own_name, row.name):
                self.name_entered.emit(row.index, name)
            return True
        if role == Qt.ItemDataRole.CheckStateRole:
            self.switch_turned.emit(row.index)
            return True
        return False


def _thumbnail(contents: Contents, index: int) -> Picture | None:
    place = index + 1
    return contents.thumbnails[place] if place < len(contents.thumbnails) else None


def _source_row(contents: Contents) -> LayerRow:
    shape = "no picture yet" if contents.plan is None else str(contents.plan.source)
    name = contents.source_name or "Picture"
    spoken, tip = f"{name}, the source, {shape}", f"{name}, the picture or the live source"
    return LayerRow(SOURCE, name, shape, "", "the source", spoken, tip, thumbnail=_thumbnail(contents, SOURCE))


def _layer_row(
    index: int, layer: Layer, step: Step | None, refusal: str, duration: float, thumbnail: Picture | None
) -> LayerRow:
    time = ""
    if refusal:
        shape, detail = "cannot work here", "the reason is below"
    elif not layer.enabled:
        shape, detail = "switched off", "hands on its input"
    elif step is None:
        shape, detail = "no result yet", ""
    else:
        shape, time, detail = str(step.output), milliseconds(duration) if duration > 0 else "", parameters_text(step)
    tip = title(layer)
    if step is not None and step.parameters:
        tip += f": {counted(step.weights, 'weight')} and {counted(step.biases, 'bias', 'biases')}"
    if time:
        tip += f", computed in {time}"
    tip += ". Double-click or F2 names it, Space switches it off and on, Alt+Up and Alt+Down move it."
    spoken = accessible_row(layer, step) + (f". {refusal}" if refusal else "")
    return LayerRow(
        index, title(layer), shape, time, detail, spoken, tip, layer.enabled, layer.name, refusal, thumbnail
    )
