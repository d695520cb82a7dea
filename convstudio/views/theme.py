"""The theme: palettes for dark and light, the colours for which a palette has no role, and fonts."""

from dataclasses import dataclass

from PySide6.QtCore import QFileInfo, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from convstudio.core.display.colours import SignedScale, signed_colour
from convstudio.views.style_sheet import ORDINARY, Sizes, style_sheet

SPACE = 8
FONTS_PREFIX = "fonts"  # QDir.addSearchPath(FONTS_PREFIX, folder) is the application's to call
PICTURES_PREFIX = "controls"  # of the arrows and ticks of fields; so is this one
TYPEFACE = "Inter"
STYLE = "fusion"  # Qt's name of it


@dataclass(frozen=True)
class Tokens:
    """Colours by their purpose; one meaning for a colour everywhere."""

    window: QColor
    panel: QColor
    card: QColor  # the ground of fields and cards
    stage: QColor  # what the pictures lie on
    line: QColor
    outline: QColor  # of fields
    text: QColor
    muted: QColor  # second text
    faint: QColor  # icons and what is disabled, never words that must be read
    accent: QColor  # selection, focus, the window under the mouse, the one primary button
    tint: QColor  # the accent's, behind what is selected
    on_accent: QColor
    warning: QColor
    good: QColor
    kernel: QColor  # fields and terms of the size formula
    padding: QColor
    stride: QColor
    dilation: QColor
    pin_green: QColor
    pin_red: QColor
    dense: QColor  # the three networks
    local: QColor
    convolution: QColor


LIGHT = Tokens(
    window=QColor("#f4f5f6"),
    panel=QColor("#fbfbfc"),
    card=QColor("#ffffff"),
    stage=QColor("#e4e6e9"),
    line=QColor("#d5d9de"),
    outline=QColor("#9098a2"),
    text=QColor("#1b1e23"),
    muted=QColor("#535b66"),
    faint=QColor("#868e99"),
    accent=QColor("#5b4bc9"),
    tint=QColor("#eceafa"),
    on_accent=QColor("#ffffff"),
    warning=QColor("#a13d00"),
    good=QColor("#00724f"),
    kernel=QColor("#9c3f00"),
    padding=QColor("#0067a3"),
    stride=QColor("#00735a"),
    dilation=QColor("#a04c80"),
    pin_green=QColor("#00805e"),
    pin_red=QColor("#c23b22"),
    dense=QColor("#7a828d"),
    local=QColor("#0072b2"),
    convolution=QColor("#c2500a"),
)
DARK = Tokens(
    window=QColor("#1b1d21"),
    panel=QColor("#212429"),
    card=QColor("#17191c"),
    stage=QColor("#111315"),
    line=QColor("#363b42"),
    outline=QColor("#666e79"),
    text=QColor("#eceef1"),
    muted=QColor("#aeb5bf"),
    faint=QColor("#7f8792"),
    accent=QColor("#a99dff"),
    tint=QColor("#302d4d"),
    on_accent=QColor("#17132f"),
    warning=QColor("#ffad6b"),
    good=QColor("#4fd1a3"),
    kernel=QColor("#f0904a"),
    padding=QColor("#56b4e9"),
    stride=QColor("#2fc79b"),
    dilation=QColor("#de92bf"),
    pin_green=QColor("#2fc79b"),
    pin_red=QColor("#ff8a70"),
    dense=QColor("#7a828d"),
    local=QColor("#56b4e9"),
    convolution=QColor("#f0904a"),
)


def is_dark(palette: QPalette) -> bool:
    """Whether text is lighter than what is behind it, or than a middle grey where that shines through.

    Style sheets make the ground of a button transparent, or a breath of the text's colour, and its palette's, too.
    """
    ground = palette.color(QPalette.ColorRole.Window)
    lightness = ground.lightness() if ground.alpha() == 255 else 127
    return lightness < palette.color(QPalette.ColorRole.WindowText).lightness()


def tokens(source: QWidget | QPalette) -> Tokens:
    """The colours that go with a widget's palette."""
    palette = source.palette() if isinstance(source, QWidget) else source
    return DARK if is_dark(palette) else LIGHT


def palette_of(colours: Tokens) -> QPalette:
    """A whole palette for Qt's Fusion style from our few colours."""
    role = QPalette.ColorRole
    palette = QPalette(colours.card, colours.window)
    for name, colour in (
        (role.Window, colours.window),
        (role.WindowText, colours.text),
        (role.Base, colours.card),
        (role.AlternateBase, colours.panel),
        (role.Text, colours.text),
        (role.Button, colours.card),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.card),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
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


def colour(application: QApplication, scheme: Qt.ColorScheme) -> None:
    """Give the application a palette; `Unknown` follows the system. Shapes are `apply`'s."""
    if not application.styleSheet() and application.style().name() != STYLE:
        application.setStyle(STYLE)  # a new one makes all widgets anew, and ends what the old one is drawing
    if scheme is Qt.ColorScheme.Unknown:
        scheme = QGuiApplication.styleHints().colorScheme()
    application.setPalette(palette_of(DARK if scheme is Qt.ColorScheme.Dark else LIGHT))


def apply(application: QApplication, scheme: Qt.ColorScheme, sizes: Sizes = ORDINARY) -> None:
    """Give the whole application a theme, colours and shapes, at any time; `Unknown` follows the system."""
    colour(application, scheme)
    palette = application.palette()
    folder = "dark" if is_dark(palette) else "light"
    sheet = style_sheet(vars(tokens(palette)), f"{PICTURES_PREFIX}:{folder}", sizes)
    if application.styleSheet() != sheet:
        application.setStyleSheet(sheet)


def fonts(application: QApplication) -> None:
    """Inter, 13 pixels at 100 %."""
    if TYPEFACE not in QFontDatabase.families():
        for weight in ("Regular", "Medium", "SemiBold"):
            file = QFileInfo(f"{FONTS_PREFIX}:{TYPEFACE}-{weight}.otf")  # the database knows nothing of search paths
            QFontDatabase.addApplicationFont(file.absoluteFilePath())
    font = QFont([TYPEFACE, "DejaVu Sans"])
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(QFont.Tag("tnum"), 1)
    font.setPixelSize(13)
    if application.font() != font:  # each change of it dresses every widget anew
        application.setFont(font)


def numbers_font(widget: QWidget) -> QFont:
    """The widget's font with figures of one width, so that columns of numbers line up."""
    font = QFont(widget.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def set_pixels(widget: QWidget, pixels: int, *, weight: QFont.Weight = QFont.Weight.Normal) -> None:
    """Give a widget letters of so many pixels; the family and its figures stay."""
    font = QFont(widget.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    widget.setFont(font)


def signed_scale(source: QWidget | QPalette) -> SignedScale:
    """The scale of signed numbers that goes with a widget's palette: in the dark zero is dark."""
    return SignedScale.DARK if tokens(source) is DARK else SignedScale.LIGHT


def diverging(value: float, limit: float, scale: SignedScale = SignedScale.LIGHT) -> QColor:
    """The colour of a signed number: cool, neutral at 0, warm."""
    return QColor(*signed_colour(value, limit, scale))


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
