"""Themes: what can be chosen must be lights, also from the back row."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QToolButton
from pytestqt.qtbot import QtBot

from convstudio.views import theme


def luminance(colour: QColor) -> float:
    """WCAG's relative luminance."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Dark, Qt.ColorScheme.Light])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_box_to_tick_has_an_outline_of_enough_contrast(
    scheme: Qt.ColorScheme, kind: type[QCheckBox | QRadioButton], qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, scheme)
    box = kind()
    qtbot.addWidget(box)
    box.resize(24, 24)
    with qtbot.waitExposed(box):
        box.show()

    image = box.grab().toImage()
    background = theme.palette_of(theme.DARK if scheme is Qt.ColorScheme.Dark else theme.LIGHT).window().color()
    ground = luminance(background)
    lights = [luminance(image.pixelColor(x, image.height() // 2)) for x in range(image.width())]
    contrast = max((max(light, ground) + 0.05) / (min(light, ground) + 0.05) for light in lights)
    theme.apply(qapp, Qt.ColorScheme.Unknown)

    assert contrast >= 3  # WCAG 2.2, 1.4.11


def test_another_theme_keeps_the_style_that_widgets_are_drawn_with(qapp: QApplication) -> None:
    theme.apply(qapp, Qt.ColorScheme.Light)
    style = qapp.style()

    theme.apply(qapp, Qt.ColorScheme.Dark)

    assert qapp.style() is style
    theme.apply(qapp, Qt.ColorScheme.Unknown)


@pytest.mark.parametrize("alpha", [0, 7])
@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_a_button_without_a_ground_of_its_own_has_the_themes_colours(
    qtbot: QtBot, qapp: QApplication, scheme: Qt.ColorScheme, alpha: int
) -> None:
    """A hovered one has a breath of the text's colour."""
    theme.apply(qapp, scheme)
    button = QToolButton()
    qtbot.addWidget(button)
    ink = theme.tokens(qapp.palette()).text
    ground = f"rgba({ink.red()}, {ink.green()}, {ink.blue()}, {alpha}%)"
    button.setStyleSheet(f"background: {ground}; color: {ink.name()}")
    button.ensurePolished()

    assert theme.tokens(button) is theme.tokens(qapp.palette())
    theme.apply(qapp, Qt.ColorScheme.Unknown)
