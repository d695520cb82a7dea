"""The gallery of presets: what is looked at there is previewed on the output and in the kernel, a click loads it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from convstudio.commands.commands import Commands
from convstudio.core.display.colours import SignedScale
from convstudio.core.display.pictures import Picture
from convstudio.core.edits.channels import kernel_everywhere, with_preset
from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.choices import PresetChoice, present
from convstudio.core.kernels.preset import Group
from convstudio.core.recipe.layers import Conv, ConvTranspose, Layer
from convstudio.core.recipe.plan import Step
from convstudio.views.window.stages import PICTURES
from convstudio.wiring.panels import Panels

EVERY = 500  # milliseconds between pictures of the presets on a video


@dataclass(frozen=True, eq=False)
class Subject:
    """What the pictures of the presets show: what a layer reads, and whether its output is in colour."""

    planes: NDArray[np.float32]
    side: int
    is_colour: bool
    ground: SignedScale

    def is_same(self, other: "Subject | None") -> bool:
        """Whether the pictures would be the same."""
        if other is None or self.planes is not other.planes:
            return False
        return (self.side, self.is_colour, self.ground) == (other.side, other.is_colour, other.ground)


class PresetWiring(QObject):
    """Joins the gallery with the layer that is selected."""

    def __init__(self, panels: Panels, commands: Commands) -> None:
        super().__init__(panels.window)
        self._panels, self._commands = panels, commands
        self._pictured: Subject | None = None
        self._marked: tuple[Layer, int] | None = None  # whose choice is marked: a layer, and one of its filters
        self._is_asked = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(EVERY)
        self._rest.timeout.connect(self._ask_pictures)
        gallery, looking = panels.presets, commands.looking
        gallery.lie_over(panels.pair, panels.pair.after)
        bar = panels.pair.display_bar
        panels.preview_chip.lie_over(panels.pair, bar, bar.title, bar.range_menu, panels.pair.after.canvas)
        gallery.looked_at.connect(self.look_at)
        gallery.taken.connect(self.take)
        gallery.closed.connect(lambda: panels.kernel.show_presets_open(is_open=False))
        gallery.pictures_wanted.connect(self._ask_pictures)
        panels.kernel.presets_toggled.connect(self._open)
        panels.window.stage_changed.connect(self._follow_stage)
        looking.preview_ended.connect(self._show_own)
        looking.shown.connect(lambda _: self._follow())
        panels.kernel.filter_shown.connect(lambda _: self._show_present())
        commands.recipe.store.session_changed.connect(lambda *_: gallery.close_gallery())
        commands.recipe.store.changed.connect(lambda _: self._follow_layer())

    def open_gallery(self) -> None:
        """Show the presets on the photograph that is open."""
        self._panels.kernel.show_presets_open(is_open=True)
        self._open(True)  # noqa: FBT003  # a slot

    def show_mine(self) -> None:
        """Show the person's own kernels as they are now, with their pictures."""
        self._marked = self._pictured = None
        self._ask_pictures()

    def _open(self, is_open: bool) -> None:  # noqa: FBT001  # a slot
        if is_open:
            self._panels.window.show_stage(PICTURES)
            self._panels.presets.open_gallery()
            if self._pictured is not None and not self._is_asked:
                self._show_present()
        else:
            self._panels.presets.close_gallery()

    def _follow_stage(self, stage: str) -> None:
        if stage != PICTURES:
            self._panels.presets.close_gallery()

    def _follow_layer(self) -> None:
        """Close the gallery where the selected layer has no kernel."""
        document = self._commands.recipe.document
        layer = document.layers[document.selected] if document.selected >= 0 else None
        if not isinstance(layer, Conv | ConvTranspose):
            self._panels.presets.close_gallery()

    # looking and taking

    @property
    def can_take(self) -> bool:
        """Whether the selected layer has a kernel."""
        step = self._step()
        return step is not None and isinstance(step.layer, Conv | ConvTranspose)

    def _step(self) -> Step | None:
        plan, selected = self._commands.looking.plan(), self._commands.recipe.document.selected
        return plan.steps[selected] if plan is not None and selected >= 0 else None

    def look_at(self, choice: PresetChoice | None) -> None:
        """Show what a choice would do on the output and in the kernel; None takes it back."""
        looking, step = self._commands.looking, self._step()
        if choice is None or step is None or not isinstance(step.layer, Conv | ConvTranspose):
            looking.end_preview()
            return
        filters, place = choice.filters, min(self._panels.kernel.filter_index, step.layer.filters - 1)
        try:
            layer = with_preset(step.layer, filters, step.input.channels, filter_index=place)
        except ConvStudioError as refusal:
            looking.end_preview()
            looking.refused.emit(str(refusal))
            return
        looking.preview(layer)
        self._panels.kernel.show_preview(filters[0], choice.title)
        self._panels.preview_chip.show_name(choice.title)

    def take(self, choice: PresetChoice) -> None:
        """Load a choice into the kernel."""
        self._commands.looking.end_preview()
        if choice.preset.group is Group.MINE:
            self._panels.kernel.load_kernel(choice.filters[0])
        else:
            self._panels.kernel.load_preset(choice.preset.key, dict(choice.values))

    def _show_own(self) -> None:
        self._panels.kernel.show_preview(None, "")
        self._panels.preview_chip.show_name("")

    # the pictures of the presets

    def _follow(self) -> None:
        """Show the presets on another picture: at once on a still one, now and then on a video."""
        if self._panels.presets.isVisible():
            self._show_present()
            if not self._rest.isActive():
                self._ask_pictures()

    def _show_present(self) -> None:
        """Mark the choice whose kernel the filter has."""
        step = self._step()
        if step is not None and isinstance(step.layer, Conv | ConvTranspose):
            place = min(self._panels.kernel.filter_index, step.layer.filters - 1)
            if (step.layer, place) == self._marked:
                return
            self._marked = step.layer, place
            mine = self._panels.presets.mine
            all_filters = np.array([kernel_everywhere(step.layer, index) for index in range(step.layer.filters)])
            self._panels.presets.show_present(
                present(all_filters, mine) or present(all_filters[place : place + 1], mine)
            )

    def _subject(self) -> Subject | None:
        """What the pictures of the presets would show now."""
        latest = self._commands.looking.latest
        if latest is None or not 0 <= latest.result.document.selected < len(latest.result.plan.steps):
            return None
        index = latest.result.document.selected
        is_colour = latest.result.plan.channels_per_map_at(index) == 3
        planes, side = latest.result.overview.planes_at(index - 1), self._panels.presets.side
        return Subject(planes, side, is_colour, latest.selection.signed_scale)

    def _ask_pictures(self) -> None:
        subject, gallery = self._subject(), self._panels.presets
        if subject is None or not gallery.isVisible() or self._is_asked or subject.is_same(self._pictured):
            return
        self._pictured, self._is_asked = subject, True
        self._commands.looking.preview_choices(self._panels.presets.choices, subject.side, self._show_pictures)

    def _show_pictures(self, pictures: dict[str, Picture]) -> None:
        self._is_asked = False
        self._panels.presets.show_pictures(pictures)
        self._show_present()  # now that the kernels of all choices are there
        self._rest.start()  # and look then whether the picture is still the same
