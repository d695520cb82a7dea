"""Preferences: the settings of the moment, and the look they give."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from convstudio.io.settings import Settings, Theme
from convstudio.views import theme
from convstudio.views.measures import Measures
from convstudio.views.style_sheet import FIELD, Sizes

SCHEMES = {Theme.SYSTEM: Qt.ColorScheme.Unknown, Theme.LIGHT: Qt.ColorScheme.Light, Theme.DARK: Qt.ColorScheme.Dark}


class Preferences(QObject):
    """The one place that holds the settings while the window lives."""

    changed = Signal(object)  # Settings
    dressed = Signal()  # the application has another look

    def __init__(self, settings: Settings, remember: Callable[[Settings], None], parent: QObject) -> None:
        super().__init__(parent)
        self.settings = settings
        self._remember = remember
        self._field = FIELD
        self._is_presenter = False

    def keep(self, settings: Settings) -> None:
        """Take other settings and remember them."""
        before, self.settings = self.settings, settings
        self._remember(settings)
        if before.theme is not settings.theme:
            self.dress()
        self.changed.emit(settings)

    def keep_folder(self, path: Path) -> None:
        """Remember the folder of a file for the next chooser."""
        self.keep(replace(self.settings, folder=str(path.parent)))

    def dress(self) -> None:
        """Give the application the look that the person chose."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            shown = replace(self.settings, theme=Theme.DARK) if self._is_presenter else self.settings
            dress(application, shown, self._field)
            self.dressed.emit()

    def show_presenter(self, *, is_on: bool) -> None:
        """Be dark while a class looks on, whatever the person chose."""
        self._is_presenter = is_on
        self.dress()

    def show_measures(self, measures: Measures) -> None:
        """Give fields the height that goes with the window."""
        if measures.field != self._field:
            self._field = measures.field
            self.dress()


def prepare(application: QApplication, settings: Settings) -> None:
    """Give an application the colours and the typeface that settings ask for, before it has widgets."""
    theme.colour(application, SCHEMES[settings.theme])
    theme.fonts(application)


def dress(application: QApplication, settings: Settings, field: int = FIELD) -> None:
    """Give an application all of the look that settings ask for, with fields of a height.

    A style sheet costs twice as long where it is there before the widgets are.
    """
    prepare(application, settings)
    theme.apply(application, SCHEMES[settings.theme], Sizes(field))
