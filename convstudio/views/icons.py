"""Icons by name, from the folder that the application names.

They take the colour of the text around them: the accent's where their button is down, and what is read on the accent
on the one filled button.
"""

from functools import cache

from PySide6.QtCore import QByteArray, QFile, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from convstudio.views.painting import drawing, painting_item

SEARCH_PREFIX = "icons"  # QDir.addSearchPath(SEARCH_PREFIX, folder) is the application's to call


@cache
def _source(name: str) -> bytes:
    file = QFile(f"{SEARCH_PREFIX}:{name}.svg")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        return b""
    return bytes(file.readAll().data())


class _TextColoured(QIconEngine):
    """Draws with the palette of the moment, so that a change of theme needs no new icons."""

    def __init__(self, name: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        with painting_item(painter, rect):
            group = QPalette.ColorGroup.Disabled if mode is QIcon.Mode.Disabled else QPalette.ColorGroup.Active
            is_down = state is QIcon.State.On and mode is not QIcon.Mode.Disabled
            role = QPalette.ColorRole.Accent if is_down else self._role
            colour = QGuiApplication.palette().color(group, role)
            svg = _source(self._name).replace(b"currentColor", colour.name(QColor.NameFormat.HexRgb).encode())
            if svg:
                painter.setOpacity(colour.alphaF())
                QSvgRenderer(QByteArray(svg)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        if pixmap.isNull():  # a button without a size yet asks for an empty one
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        with drawing(pixmap) as painter:
            self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        return pixmap

    def clone(self) -> QIconEngine:
        return _TextColoured(self._name, self._role)


def icon(name: str, *, on_accent: bool = False) -> QIcon:
    """The icon of that name in the colour of text; empty when there is none."""
    role = QPalette.ColorRole.HighlightedText if on_accent else QPalette.ColorRole.ButtonText
    return QIcon(_TextColoured(name, role))


def paint_icon(painter: QPainter, name: str, place: QRect, colour: QColor) -> None:
    """Draw an icon within a view's own painting, in a colour that the view chooses."""
    svg = _source(name).replace(b"currentColor", colour.name(QColor.NameFormat.HexRgb).encode())
    if svg:
        QSvgRenderer(QByteArray(svg)).render(painter, QRectF(place))
