"""The application's style sheet: the shapes of fields, buttons, menus and bars, in a theme's colours.

A widget says by its property `kind` what it is (`set_kind`): a button is `primary`, `field` (outlined as a field is),
`stage` (a word that opens a stage), `word` (one of a row of words), `over` (on a picture) or, without one, quiet; a
label is a `caption`, `value`, `accent`, `title`, `sentence` or `figure`, or has the name of a term of the size formula;
a frame is a `card`, a `line` or `tinted`. What a view of ours paints itself does not stand here.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

KIND = "kind"
FIELDS, LOW_FIELDS = "fields", "low"  # a property of what holds fields that are lower than the window's, and its value
FIELD, LOW_FIELD = 32, 28  # logical pixels, the height of fields; the lower one in small windows and columns


@dataclass(frozen=True)
class Sizes:
    """What the shapes depend on beside the colours: the height of fields."""

    field: int = FIELD


ORDINARY = Sizes()


def set_kind(widget: QWidget, kind: str) -> None:
    """Say what a widget is, also after it was shown."""
    if set_property(widget, KIND, kind):
        dress_again(widget)


def set_property(widget: QWidget, name: str, value: str) -> bool:
    """Set a property that the sheet asks for; whether it had another value."""
    if (widget.property(name) or "") == value:
        return False
    widget.setProperty(name, value)
    return True


def dress_again(widget: QWidget) -> None:
    """Have the sheet's rules apply to properties that changed after the widget was dressed."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def style_sheet(colours: Mapping[str, QColor], pictures: str, sizes: Sizes) -> str:
    """The whole sheet: colours by the names of a theme's tokens, and the folder that has its arrows and ticks."""
    ink = colours["text"]
    values = {name: colour.name() for name, colour in colours.items()}
    values |= {"hover": _over(ink, 7), "pressed": _over(ink, 13), "bar": _over(ink, 25), "pictures": pictures}
    lengths = _lengths(sizes)
    return "\n".join(part % (values | lengths) for part in (_FIELDS, _BUTTONS, _CHOICES, _LISTS, _BARS, _TEXTS, _LOW))


def _over(ink: QColor, percent: int) -> str:
    """A colour of little strength, to lie over any ground."""
    return f"rgba({ink.red()}, {ink.green()}, {ink.blue()}, {percent}%)"


def _lengths(sizes: Sizes) -> dict[str, int]:
    """Every length in pixels, by the name that the templates have for it."""
    field = sizes.field
    fonts = {f"font{size}": size for size in (12, 13, 15, 18, 30)}
    box = 16  # of what is ticked, without its outline
    boxes = {"box": box, "dot": box - 8, "round": box // 2 + 1}
    low = {"low": LOW_FIELD - 2, "low_focused": LOW_FIELD - 4}
    return low | {"inside": field - 2, "focused": field - 4, "segment": field - 8, **boxes, **fonts}


_FIELDS = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
  background: %(card)s; color: %(text)s; border: 1px solid %(outline)s; border-radius: 6px;
  selection-background-color: %(accent)s; selection-color: %(on_accent)s;
}
QLineEdit, QAbstractSpinBox, QComboBox { min-height: %(inside)dpx; max-height: %(inside)dpx; padding: 0 8px; }
QAbstractSpinBox { padding: 0; }
QComboBox { padding: 0 0 0 8px; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border: 2px solid %(accent)s; min-height: %(focused)dpx; max-height: %(focused)dpx; padding-left: 7px;
}
QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid %(accent)s; }
QAbstractSpinBox:focus { padding: 0; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
  color: %(faint)s; border-color: %(line)s; background: transparent;
}
QComboBox[kind="term"], QLineEdit[kind="term"] { padding-left: 13px; }
QComboBox[kind="term"]:focus, QLineEdit[kind="term"]:focus { padding-left: 12px; }
QLineEdit:read-only { background: transparent; border-color: %(line)s; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractItemView QLineEdit, QLineEdit[kind="cell"] {
  background: transparent; border: none; border-radius: 0; padding: 0; min-height: 0; max-height: 4096px;
}
QAbstractItemView QLineEdit, QLineEdit[kind="cell"] { background: %(card)s; border: 2px solid %(accent)s; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
  subcontrol-origin: border; width: 16px; border: none; background: transparent; right: 3px;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; top: 3px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; bottom: 3px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: %(hover)s; border-radius: 3px; }
QAbstractSpinBox::up-arrow { image: url(%(pictures)s/chevron-up.svg); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url(%(pictures)s/chevron-down.svg); width: 12px; height: 12px; }
QAbstractSpinBox::up-arrow:disabled, QAbstractSpinBox::up-arrow:off {
  image: url(%(pictures)s/chevron-up-faint.svg);
}
QAbstractSpinBox::down-arrow:disabled, QAbstractSpinBox::down-arrow:off {
  image: url(%(pictures)s/chevron-down-faint.svg);
}
QComboBox { combobox-popup: 0; }
QComboBox::drop-down {
  subcontrol-origin: border; subcontrol-position: center right; width: 24px; border: none; background: transparent;
}
QComboBox::down-arrow { image: url(%(pictures)s/chevron-down.svg); width: 14px; height: 14px; }
QComboBox::down-arrow:disabled { image: url(%(pictures)s/chevron-down-faint.svg); }
"""

_BUTTONS = """
QToolButton, QPushButton {
  background: transparent; color: %(text)s; border: 2px solid transparent; border-radius: 6px; padding: 3px 4px;
}
QToolButton:hover, QPushButton:hover { background: %(hover)s; }
QToolButton:pressed, QPushButton:pressed, QToolButton:open { background: %(pressed)s; }
QToolButton:checked, QPushButton:checked { background: %(tint)s; color: %(accent)s; }
QToolButton:focus, QPushButton:focus { border: 2px solid %(accent)s; }
QToolButton:disabled, QPushButton:disabled { color: %(faint)s; }
QPushButton, QToolButton[kind="field"] {
  background: %(card)s; border: 1px solid %(outline)s; padding: 0 11px;
  min-height: %(inside)dpx; max-height: %(inside)dpx;
}
QPushButton:hover, QToolButton[kind="field"]:hover { background: %(panel)s; border-color: %(text)s; }
QPushButton:pressed, QToolButton[kind="field"]:pressed, QToolButton[kind="field"]:open { background: %(tint)s; }
QPushButton:checked, QToolButton[kind="field"]:checked {
  background: %(tint)s; color: %(accent)s; border-color: %(tint)s;
}
QPushButton:focus, QToolButton[kind="field"]:focus {
  border: 2px solid %(accent)s; padding: 0 10px; min-height: %(focused)dpx; max-height: %(focused)dpx;
}
QPushButton:disabled, QToolButton[kind="field"]:disabled { border-color: %(line)s; background: transparent; }
QPushButton[kind="quiet"] { background: transparent; border: 2px solid transparent; padding: 0 10px; }
QPushButton[kind="quiet"]:hover { background: %(hover)s; }
QPushButton[kind="quiet"]:focus { border: 2px solid %(accent)s; }
QPushButton[kind="primary"], QToolButton[kind="primary"] {
  background: %(accent)s; color: %(on_accent)s; border: 2px solid %(accent)s; padding: 0 12px; font-weight: 600;
  min-height: %(focused)dpx; max-height: %(focused)dpx;
}
QPushButton[kind="primary"]:hover, QToolButton[kind="primary"]:hover { border-color: %(text)s; }
QPushButton[kind="primary"]:pressed, QToolButton[kind="primary"]:pressed { background: %(text)s; }
QPushButton[kind="primary"]:focus, QToolButton[kind="primary"]:focus { border: 2px solid %(text)s; }
QPushButton[kind="primary"]:disabled, QToolButton[kind="primary"]:disabled {
  background: %(line)s; border-color: %(line)s; color: %(muted)s;
}
QPushButton#search-field { min-height: 0; padding: 0 8px; }
QToolButton[kind="word"] { padding: 3px 5px; font-weight: 500; }
QToolButton[kind="word"]:checked { background: transparent; }
QToolButton[kind="stage"] {
  border: 2px solid transparent; border-radius: 0; border-bottom: 2px solid transparent; padding: 0 3px;
}
QToolButton[kind="stage"]:checked {
  background: transparent; color: %(accent)s; font-weight: 600; border-bottom: 2px solid %(accent)s;
}
QToolButton[kind="stage"]:focus { border: 2px solid %(accent)s; border-radius: 6px; }
QToolButton[popupMode="1"], QToolButton[popupMode="MenuButtonPopup"] { padding-right: 20px; }
QToolButton[popupMode="2"], QToolButton[popupMode="InstantPopup"] { padding-right: 22px; }
QToolButton::menu-button { border: none; width: 20px; background: transparent; }
QToolButton::menu-button:hover { background: %(hover)s; border-radius: 4px; }
QToolButton::menu-arrow { image: url(%(pictures)s/chevron-down.svg); width: 12px; height: 12px; }
QToolButton::menu-indicator {
  image: url(%(pictures)s/chevron-down.svg); width: 12px; height: 12px;
  subcontrol-origin: border; subcontrol-position: center right; right: 8px;
}
QPushButton::menu-indicator {
  image: url(%(pictures)s/chevron-down.svg); width: 12px; height: 12px;
  subcontrol-origin: border; subcontrol-position: center right; right: 8px;
}
QToolButton[kind="primary"]::menu-indicator, QPushButton[kind="primary"]::menu-indicator,
QToolButton[kind="primary"]::menu-arrow { image: url(%(pictures)s/chevron-on-accent.svg); }
QToolButton[kind="bare"] { padding: 3px; }
QToolButton[kind="small"] { padding: 0 4px; font-size: %(font12)dpx; }
QToolButton[kind="bare"]::menu-indicator { image: none; width: 0px; }
QToolButton[kind="over"] { background: %(card)s; border: 1px solid %(outline)s; border-radius: 6px; padding: 0; }
"""

_CHOICES = """
QCheckBox, QRadioButton { spacing: 6px; border: 2px solid transparent; border-radius: 4px; padding: 1px; }
QCheckBox:focus, QRadioButton:focus { border-color: %(accent)s; }
QCheckBox:disabled, QRadioButton:disabled { color: %(faint)s; }
QCheckBox::indicator, QRadioButton::indicator {
  width: %(box)dpx; height: %(box)dpx; border: 1px solid %(muted)s; border-radius: 4px; background: %(card)s;
}
QRadioButton::indicator { border-radius: %(round)dpx; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: %(accent)s; }
QCheckBox::indicator:checked {
  background: %(accent)s; border-color: %(accent)s; image: url(%(pictures)s/check.svg);
}
QRadioButton::indicator:checked {
  border: 5px solid %(accent)s; width: %(dot)dpx; height: %(dot)dpx; border-radius: %(round)dpx;
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: %(line)s; background: transparent; }
QCheckBox::indicator:checked:disabled { background: %(faint)s; }
QFrame[kind="segments"] { background: %(hover)s; border: none; border-radius: 6px; }
QFrame[kind="segments"] QToolButton {
  color: %(muted)s; border: 2px solid transparent; border-radius: 5px; padding: 0 6px;
  min-height: %(segment)dpx; max-height: %(segment)dpx; margin: 0;
}
QFrame[kind="segments"] QToolButton:hover { color: %(text)s; background: transparent; }
QFrame[kind="segments"] QToolButton:checked {
  background: %(card)s; color: %(text)s; border: 1px solid %(line)s; padding: 1px 7px; font-weight: 500;
}
QFrame[kind="segments"] QToolButton:focus { border: 2px solid %(accent)s; padding: 0 6px; }
QFrame[kind="segments"] QToolButton:disabled { color: %(faint)s; }
QSlider { border: 2px solid transparent; border-radius: 6px; min-height: 20px; }
QSlider:focus { border-color: %(accent)s; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: %(line)s; margin: 0 2px; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: %(accent)s; margin: 0 2px; }
QSlider::handle:horizontal {
  width: 14px; height: 14px; margin: -7px -2px; border-radius: 9px; background: %(card)s; border: 2px solid %(accent)s;
}
QSlider::groove:vertical { width: 4px; border-radius: 2px; background: %(line)s; margin: 2px 0; }
QSlider::add-page:vertical { width: 4px; border-radius: 2px; background: %(accent)s; margin: 2px 0; }
QSlider::handle:vertical {
  width: 14px; height: 14px; margin: -2px -7px; border-radius: 9px; background: %(card)s; border: 2px solid %(accent)s;
}
QSlider::handle:hover { background: %(tint)s; }
QSlider::handle:disabled { border-color: %(faint)s; }
QSlider::sub-page:disabled, QSlider::add-page:disabled { background: %(line)s; }
QTabWidget::pane { border: none; border-top: 1px solid %(line)s; }
QTabBar::tab {
  background: transparent; color: %(text)s; padding: 6px 12px; border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: %(accent)s; }
QTabBar::tab:selected { color: %(accent)s; border-bottom: 2px solid %(accent)s; }
QTabBar::tab:focus { border: 2px solid %(accent)s; border-radius: 4px; }
QTabBar { qproperty-drawBase: 0; }
"""

_LISTS = """
QMenuBar { background: transparent; border: none; }
QMenuBar::item { background: transparent; padding: 3px 10px; border-radius: 4px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: %(hover)s; }
QMenu { background: %(card)s; border: 1px solid %(outline)s; padding: 4px; }
QMenu::item { padding: 5px 28px 5px 8px; border-radius: 4px; border: none; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: %(tint)s; color: %(text)s; }
QMenu::item:disabled { color: %(faint)s; }
QMenu::separator { height: 1px; background: %(line)s; margin: 4px 8px; }
QMenu::right-arrow { image: url(%(pictures)s/chevron-right.svg); width: 14px; height: 14px; right: 6px; }
QToolTip { background: %(card)s; color: %(text)s; border: 1px solid %(outline)s; padding: 4px 6px; }
QComboBox QAbstractItemView {
  background: %(card)s; border: 1px solid %(outline)s; padding: 3px; outline: none;
  selection-background-color: %(tint)s; selection-color: %(text)s;
}
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: 4px; }
QHeaderView::section {
  background: %(panel)s; color: %(muted)s; border: none; border-bottom: 1px solid %(line)s; padding: 4px 8px;
}
QTableView { gridline-color: %(line)s; border: 1px solid %(line)s; border-radius: 6px; background: %(card)s; }
QTableView:focus { border: 2px solid %(accent)s; }
QListView[kind="gallery"] { background: transparent; border: none; padding: 0; }
QListWidget#bank-list::item { padding: 4px 8px; }
QAbstractItemView { selection-background-color: %(tint)s; selection-color: %(text)s; }
QTableCornerButton::section { background: %(panel)s; border: none; }
"""

_BARS = """
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; border: none; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; border: none; }
QScrollBar::handle { background: %(bar)s; border-radius: 3px; border: none; }
QScrollBar::handle:vertical { min-height: 28px; margin: 2px; }
QScrollBar::handle:horizontal { min-width: 28px; margin: 2px; }
QScrollBar::handle:hover { background: %(faint)s; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: transparent; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QProgressBar {
  background: %(line)s; border: none; border-radius: 3px; min-height: 6px; max-height: 6px; color: transparent;
}
QProgressBar::chunk { background: %(accent)s; border-radius: 3px; }
QSplitter::handle { background: transparent; }
QStatusBar::item { border: none; }
QToolBar { background: transparent; border: none; spacing: 4px; }
"""

_TEXTS = """
QFrame[kind="card"] { background: %(card)s; border: 1px solid %(line)s; border-radius: 8px; }
QFrame[kind="line"] { background: %(line)s; border: none; max-height: 1px; min-height: 1px; }
QFrame[kind="upright line"] { background: %(line)s; border: none; max-width: 1px; min-width: 1px; }
QFrame[kind="tinted"] { background: %(tint)s; border: none; border-radius: 8px; }
QLabel[kind="tinted"] { background: %(tint)s; border: none; border-radius: 8px; padding: 12px; }
QWidget[kind="panel"] { background: %(panel)s; }
QLabel[kind="accent"] { color: %(accent)s; }
QLabel[kind="caption"] { color: %(muted)s; font-size: %(font12)dpx; }
QLabel#preset-description { background: %(panel)s; }
QLabel[kind="value"] { font-size: %(font12)dpx; font-weight: 600; }
QLabel[kind="kernel"] { color: %(kernel)s; font-size: %(font12)dpx; font-weight: 500; }
QLabel[kind="padding"] { color: %(padding)s; font-size: %(font12)dpx; font-weight: 500; }
QLabel[kind="stride"] { color: %(stride)s; font-size: %(font12)dpx; font-weight: 500; }
QLabel[kind="dilation"] { color: %(dilation)s; font-size: %(font12)dpx; font-weight: 500; }
QLabel[kind="title"] { font-size: %(font15)dpx; font-weight: 600; }
QLabel[kind="sentence"] { font-size: %(font18)dpx; }
QLabel[kind="figure"] { font-size: %(font30)dpx; font-weight: 600; }
"""

_LOW = """
QWidget[fields="low"] QAbstractSpinBox, QWidget[fields="low"] QComboBox, QWidget[fields="low"] QPushButton,
QWidget[fields="low"] QToolButton[kind="field"] { min-height: %(low)dpx; max-height: %(low)dpx; }
QWidget[fields="low"] QAbstractSpinBox:focus, QWidget[fields="low"] QComboBox:focus,
QWidget[fields="low"] QPushButton:focus, QWidget[fields="low"] QToolButton[kind="field"]:focus {
  min-height: %(low_focused)dpx; max-height: %(low_focused)dpx;
}
QWidget[fields="low"] QPushButton, QWidget[fields="low"] QToolButton[kind="field"] {
  padding-left: 7px; padding-right: 7px;
}
QWidget[fields="low"] QToolButton[popupMode="2"][kind="field"] { padding-right: 17px; }
QWidget[fields="low"] QToolButton[kind="field"]::menu-indicator { right: 4px; }
"""
