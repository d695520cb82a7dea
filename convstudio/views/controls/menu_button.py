"""A button that opens a menu: a word, an icon where there is one, and an arrow."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from convstudio.views import icons
from convstudio.views.controls.word_button import WordButton
from convstudio.views.style_sheet import set_kind


def menu_button(
    name: str, text: str, icon: str, tip: str, menu: QMenu, parent: QWidget | None = None, *, kind: str = "field"
) -> QToolButton:
    """A button whose click, Space or Down opens the menu; `kind` is "field", "primary", or "" for a quiet one."""
    button = WordButton(parent)
    button.setObjectName(name)
    button.setText(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setToolButtonStyle(
        Qt.ToolButtonStyle.ToolButtonTextBesideIcon if icon else Qt.ToolButtonStyle.ToolButtonTextOnly
    )
    if icon:
        button.setIcon(icons.icon(icon, on_accent=kind == "primary"))
        button.setIconSize(QSize(16, 16))
    set_kind(button, kind)
    return button
