"""The common view of two panes: one part of the frame, from which the view of each pane follows."""

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.recipe.layers import ConvTranspose
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.scene import Scene
from convstudio.views.pictures.canvas.placement import Link, View, fitted, link_to_frame
from convstudio.views.pictures.pane import PicturePane


@dataclass
class LinkedPane:
    """One of the two panes and what it shows."""

    name: str
    pane: PicturePane
    index: int = -1
    map_number: int = 0
    link: Link = field(default_factory=Link)


class CommonView(QObject):
    """Keeps input and output on the same part of the frame: linked zoom and pan."""

    changed = Signal()  # by the person, or because a pane changed its size

    def __init__(self, before: LinkedPane, after: LinkedPane, parent: QObject) -> None:
        super().__init__(parent)
        self._before, self._after = before, after
        self._plan: Plan | None = None
        self._scene = View(0, 0, 1, 1)  # what is on the screen, in pixels of the frame
        self._is_fitted = True
        for side in (before, after):
            side.pane.view_changed.connect(lambda view, side=side: self._take_view(side, view))
            side.pane.fit_asked.connect(self.fit)
            side.pane.canvas.resized.connect(self.refit)

    def scene(self, ratio: float) -> Scene | None:
        """Which part of the frame is on the screen, None without a frame; `ratio` is Qt's device pixel ratio."""
        panes = [side.pane for side in (self._before, self._after) if not side.pane.isHidden()]
        if self._plan is None or not panes:
            return None
        view = self._scene
        width = max(pane.canvas.width() for pane in panes) / view.wide / 2
        height = max(pane.canvas.height() for pane in panes) / view.high / 2
        return Scene(
            self._plan.source, view.x - width, view.y - height, view.x + width, view.y + height, view.wide * ratio
        )

    def show_plan(self, plan: Plan) -> None:
        """Lay the outputs that the sides name on the frame; another picture is shown whole."""
        if self._plan is None or self._plan.source != plan.source:
            self._is_fitted = True
        self._plan = plan
        for side in (self._before, self._after):
            side.link = link_to_frame(plan, side.index)

    def show(self) -> None:
        """Show the scene in both panes, the whole of it where nothing else was asked for."""
        if self._is_fitted:
            self._fit_scene()
        self._show_scene()

    def fit(self) -> None:
        """Show the whole picture, now and when the window changes its size."""
        self._is_fitted = True
        self._fit_scene()
        self._show_scene()
        self.changed.emit()

    def refit(self) -> None:
        """A pane has changed its size, or there is another one beside it."""
        if self._plan is None:
            return
        if self._is_fitted:
            self._fit_scene()
            self._show_scene()
        self.changed.emit()

    def show_actual_size(self, ratio: float) -> None:
        """One pixel of the input on `ratio` pixels of the screen."""
        link = self._before.link
        self._is_fitted = False
        self._scene = self._scene._replace(wide=ratio / link.gain_x, high=ratio / link.gain_x)
        self._show_scene()
        self.changed.emit()

    def zoom(self, factor: float) -> None:
        """Enlarge or shrink both pictures."""
        self._is_fitted = False
        self._scene = self._scene.zoomed(factor)
        self._show_scene()
        self.changed.emit()

    def _take_view(self, side: LinkedPane, view: View) -> None:
        self._is_fitted = False
        self._scene = side.link.outward(view)
        self._show_scene()
        self.changed.emit()

    def _fit_scene(self) -> None:
        """The whole of both pictures, in the smaller pane."""
        panes = [side for side in (self._before, self._after) if side.pane.has_canvas and not side.pane.isHidden()]
        if self._plan is None or not panes:
            return
        extents = [_extent(self._plan, side, self._pads_around(side)) for side in panes]
        left, top = min(e[0] for e in extents), min(e[1] for e in extents)
        right, bottom = max(e[2] for e in extents), max(e[3] for e in extents)
        room_width = min(side.pane.canvas.width() for side in panes)
        room_height = min(side.pane.canvas.height() for side in panes)
        view = fitted(right - left, bottom - top, room_width, room_height)
        self._scene = view._replace(x=view.x + left, y=view.y + top)

    def _pads_around(self, side: LinkedPane) -> Amounts:
        """The padding that the selected layer puts around its input, worth showing where windows are probed."""
        after = self._after.index
        if self._plan is None or side is not self._before or side.index != after - 1:
            return NOTHING
        step = self._plan.steps[after]
        return NOTHING if isinstance(step.layer, ConvTranspose) else step.pads

    def _show_scene(self) -> None:
        for side in (self._before, self._after):
            side.pane.canvas.show_view(side.link.inward(self._scene))


def _extent(plan: Plan, side: LinkedPane, pads: Amounts) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a picture with its padding, in pixels of the frame."""
    shape, link = plan.shape_at(side.index), side.link
    return (
        link.shift_x - link.gain_x * pads.left,
        link.shift_y - link.gain_y * pads.top,
        link.shift_x + link.gain_x * (shape.width + pads.right),
        link.shift_y + link.gain_y * (shape.height + pads.bottom),
    )
