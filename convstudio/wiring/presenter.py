"""The presenter: picture and kernel fill the screen, and everything is as it was when it ends."""

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from convstudio.commands.commands import Commands
from convstudio.core.edits.channels import kernel_everywhere
from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.naming import name_of, preset_of
from convstudio.insight.trace.trace import Operation, Trace
from convstudio.views import theme
from convstudio.views.presenter.pointer import ringed_pointer
from convstudio.views.presenter.slide import Slide
from convstudio.wiring.panels import Panels
from convstudio.wiring.preferences import Preferences
from convstudio.wiring.probe import ProbeWiring

SENTENCE = "These numbers multiply the pixels under the window; their products are added up."


class PresenterWiring(QObject):
    """Fills the screen with what a class is to see."""

    def __init__(self, panels: Panels, commands: Commands, preferences: Preferences, probe: ProbeWiring) -> None:
        super().__init__(panels.window)
        self._panels, self._commands, self._preferences = panels, commands, preferences
        self._state_before = Qt.WindowState.WindowNoState
        self._was_wipe = False
        for signal in (commands.looking.shown, commands.looking.previewed):
            signal.connect(lambda _: self._show())
        probe.calculated.connect(self._show_sum)

    def toggle(self) -> None:
        """Begin, or end."""
        if self._panels.window.is_presenting:
            self.end()
        else:
            self._begin()

    def end(self) -> None:
        """Give everything back as it was."""
        window = self._panels.window
        if not window.is_presenting:
            return
        QGuiApplication.restoreOverrideCursor()
        slide = Slide({Qt.Edge.RightEdge: [window.columns]}, window)
        self._panels.pair.view_bar.set_wipe(is_open=self._was_wipe)
        self._panels.pair.show_bare(is_bare=False)
        window.show_presenter(is_on=False)
        self._preferences.show_presenter(is_on=False)
        window.setWindowState(self._state_before)
        slide.start()

    def _begin(self) -> None:
        window, bar = self._panels.window, self._panels.pair.view_bar
        self._panels.presets.close_gallery()
        self._state_before, self._was_wipe = window.windowState(), bar.is_wipe
        slide = Slide(window.around, window)
        self._preferences.show_presenter(is_on=True)
        window.show_presenter(is_on=True)
        bar.set_wipe(is_open=True)
        self._panels.pair.show_bare(is_bare=not self._panels.lesson.isVisible())  # its steps ask for the headers
        window.setWindowState(self._state_before | Qt.WindowState.WindowFullScreen)
        window.setFocus(Qt.FocusReason.OtherFocusReason)
        QGuiApplication.setOverrideCursor(ringed_pointer(theme.tokens(window), window.devicePixelRatioF()))
        slide.start()
        self._show()

    def _show(self) -> None:
        """Show the kernel of what is on the screen, and what it does."""
        shown = self._commands.looking.on_screen
        if shown is None or not self._panels.window.is_presenting:
            return
        steps = shown.result.plan.steps
        index = shown.result.document.selected
        if not 0 <= index < len(steps):
            self._panels.presenter.show_kernel(None, shown.result.frame.name, "")
            return
        layer = steps[index].layer
        preset, name = preset_of(layer), name_of(layer)
        sentence = preset.description if preset is not None else ""
        if isinstance(layer, Conv | ConvTranspose):
            place = min(self._panels.kernel.filter_index, layer.filters - 1)
            plane = kernel_everywhere(layer, place)
            self._panels.presenter.show_kernel(plane, preset.title if preset else name, sentence or SENTENCE)
        else:
            self._panels.presenter.show_kernel(None, name, sentence)

    def _show_sum(self, calculation: Trace | None) -> None:
        column = self._panels.presenter
        if not self._panels.window.is_presenting:
            return
        if calculation is None or calculation.operation is not Operation.SUM:
            column.clear_sum()
            return
        products = np.nan_to_num(calculation.taps.products)
        bias = calculation.bias
        column.show_sum(
            float(products[products > 0].sum()) + max(bias, 0.0), float(products[products < 0].sum()) + min(bias, 0.0)
        )
