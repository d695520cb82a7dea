"""The theme: palettes for dark and light, the colours for which a palette has no role, and fonts."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.core.display.colours import signed_colour

SPACE = 8
STYLE = "fusion"  # Qt's name of it
PRESENTER = 1.4  # how much larger everything is on a projector


@dataclass(frozen=True)
class Tokens:
    """Colours by their purpose."""

    accent: QColor
    muted: QColor
    line: QColor
    panel: QColor
    card: QColor
    button: QColor
    text: QColor
    warning: QColor
    good: QColor


LIGHT = Tokens(
    accent=QColor("#0b62b8"),
    muted=QColor("#5a626c"),
    line=QColor("#cfd4da"),
    panel=QColor("#f4f5f7"),
    card=QColor("#ffffff"),
    button=QColor("#ffffff"),
    text=QColor("#1c2127"),
    warning=QColor("#a13d00"),
    good=QColor("#00724f"),
)
DARK = Tokens(
    accent=QColor("#6bb3ff"),
    muted=QColor("#a3acb7"),
    line=QColor("#434b55"),
    panel=QColor("#20242a"),
    card=QColor("#292e35"),
    button=QColor("#414954"),
    text=QColor("#e8ebee"),
    warning=QColor("#ffad6b"),
    good=QColor("#4fd1a3"),
)


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what is behind it."""
    return (
        palette.color(QPalette.ColorRole.Window).lightness() < palette.color(QPalette.ColorRole.WindowText).lightness()
    )


def tokens(source: QWidget | QPalette) -> Tokens:
    """The colours that go with a widget's palette."""
    palette = source.palette() if isinstance(source, QWidget) else source
    return DARK if is_dark(palette) else LIGHT


def palette_of(colours: Tokens) -> QPalette:
    """A whole palette for Qt's Fusion style from our few colours."""
    role = QPalette.ColorRole
    palette = QPalette(colours.button, colours.panel)
    for name, colour in (
        (role.Window, colours.panel),
        (role.WindowText, colours.text),
        (role.Base, colours.card),
        (role.AlternateBase, colours.panel),
        (role.Text, colours.text),
        (role.Button, colours.button),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.card),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.panel),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.Mid, colours.line),
        (role.Midlight, colours.line),
        (role.Dark, colours.line),
        (role.Light, colours.card),
    ):
        palette.setColor(name, colour)
    faint = QColor(colours.muted)
    faint.setAlpha(150)
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, faint)
    return palette


def apply(application: QApplication, scheme: Qt.ColorScheme) -> None:
    """Give the whole application a theme, at any time; `Unknown` follows the system."""
    if scheme is Qt.ColorScheme.Unknown:
        scheme = QGuiApplication.styleHints().colorScheme()
    colours = DARK if scheme is Qt.ColorScheme.Dark else LIGHT
    if application.style().name() != STYLE:  # a new one makes all widgets anew, and ends what the old one is drawing
        application.setStyle(STYLE)
    application.setPalette(palette_of(colours))
    boxes = palette_of(colours)
    boxes.setColor(QPalette.ColorRole.Window, colours.muted)  # Fusion's outlines are a darker window: too dark a one
    for kind in ("QCheckBox", "QRadioButton"):
        application.setPalette(boxes, kind)  # type: ignore[arg-type]  # annotated as bytes, it takes text alone


def fonts(application: QApplication, *, scale: float = 1.0) -> None:
    """Text of 13 pixels at 100 %; a presenter's scale makes all of it larger."""
    font = application.font()
    font.setPixelSize(round(13 * scale))
    application.setFont(font)


def numbers_font(widget: QWidget) -> QFont:
    """The widget's font with figures of one width, so that columns of numbers line up."""
    font = QFont(widget.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def diverging(value: float, limit: float) -> QColor:
    """The colour of a signed number: cool, neutral at 0, warm."""
    return QColor(*signed_colour(value, limit))


def _linear(part: float) -> float:
    """The linear light of one sRGB component (0 … 1), by WCAG."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


BLACK_INK, WHITE_INK = QColor("#101418"), QColor("#ffffff")
LINEAR = tuple(_linear(part / 255) for part in range(256))


def ink_on(red: int, green: int, blue: int) -> QColor:
    """Black or white, whichever can be read on a colour (by WCAG's relative luminance)."""
    luminance = 0.2126 * LINEAR[red] + 0.7152 * LINEAR[green] + 0.0722 * LINEAR[blue]
    return BLACK_INK if luminance > 0.18 else WHITE_INK


def ink_over(colour: QColor) -> QColor:
    """`ink_on`, of a colour of Qt's."""
    return ink_on(colour.red(), colour.green(), colour.blue())
