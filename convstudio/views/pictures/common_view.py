"""The common view of two panes: one part of the frame, from which the view of each pane follows."""

from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, Signal

from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.recipe.layers import ConvTranspose
from convstudio.core.recipe.plan import Plan
from convstudio.core.view.scene import Scene
from convstudio.core.wording import percent
from convstudio.views.pictures.canvas.cells import READABLE
from convstudio.views.pictures.canvas.placement import Link, View, fitted, link_to_frame
from convstudio.views.pictures.pane import PicturePane

ALMOST = 1e-6  # a scale that went through a few multiplications is a little off


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
    fitting_changed = Signal()  # the pictures may take other rooms now

    def __init__(self, before: LinkedPane, after: LinkedPane, parent: QObject) -> None:
        super().__init__(parent)
        self._before, self._after = self._sides = before, after
        self._plan: Plan | None = None
        self._scene = View(0, 0, 1, 1)  # what is on the screen, in pixels of the frame
        self._is_fitted, self._is_filled = True, False
        for side in self._sides:
            side.pane.view_changed.connect(lambda view, side=side: self._take_view(side, view))
            side.pane.fit_asked.connect(self.fit)
            side.pane.canvas.resized.connect(self.refit)

    @property
    def is_filled(self) -> bool:
        """Whether the pictures take their whole panes: what was asked for is larger than a fitted picture."""
        return self._is_filled

    def size_words(self, ratio: float) -> str:
        """How large the pictures are, in a word; `ratio` is Qt's device pixel ratio."""
        if self._is_fitted:
            return "Fill" if self._is_filled else "Fit"
        share = self._scene.wide * self._before.link.gain_x * ratio
        return "1:1" if abs(share - 1) < ALMOST else percent(share)

    def extent(self, room: QSize) -> QSizeF:
        """The size of what is to be seen, in pixels of the frame, for a room of so many pixels of the screen.

        The padding belongs to it where its cells could be read.
        """
        bounds = self._bounds(room)
        return QSizeF(max(bounds.width(), ALMOST), max(bounds.height(), ALMOST))

    def scene(self, ratio: float) -> Scene | None:
        """Which part of the frame is on the screen, None without a frame; `ratio` is Qt's device pixel ratio."""
        panes = [side.pane for side in self._sides if not side.pane.isHidden()]
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
            self._is_fitted, self._is_filled = True, False
        self._plan = plan
        for side in self._sides:
            side.link = link_to_frame(plan, side.index)

    def show(self) -> None:
        """Show the scene in both panes, the whole of it where nothing else was asked for."""
        if self._is_fitted:
            self._fit_scene()
        self._show_scene()

    def fit(self, *, is_filled: bool = False) -> None:
        """Show the whole picture, or fill the pane with it, now and when the window changes its size."""
        self._is_fitted, self._is_filled = True, is_filled
        self.fitting_changed.emit()
        self.refit()

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
        self._is_fitted, self._is_filled = False, True
        self.fitting_changed.emit()
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
        panes = [side for side in self._sides if side.pane.has_canvas and not side.pane.isHidden()]
        if self._plan is None or not panes:
            return
        room = QSize(min(side.pane.canvas.width() for side in panes), min(side.pane.canvas.height() for side in panes))
        bounds = self._bounds(room)
        view = fitted(bounds.width(), bounds.height(), room.width(), room.height(), is_filled=self._is_filled)
        self._scene = view._replace(x=view.x + bounds.left(), y=view.y + bounds.top())

    def _bounds(self, room: QSize) -> QRectF:
        """Where both pictures lie on the frame, with the padding between them where it can be read."""
        plan = self._plan
        if plan is None:
            return QRectF(0, 0, 1, 1)
        sides = [side for side in self._sides if not side.pane.has_units]
        with_pads = _united(plan, [(side, self._pads_around(side)) for side in sides])
        scale = min(room.width() / with_pads.width(), room.height() / with_pads.height())
        return with_pads if scale >= READABLE else _united(plan, [(side, NOTHING) for side in sides])

    def _pads_around(self, side: LinkedPane) -> Amounts:
        """The padding that the selected layer puts around its input, worth showing where windows are probed."""
        after = self._after.index
        if self._plan is None or side is not self._before or side.index != after - 1:
            return NOTHING
        step = self._plan.steps[after]
        return NOTHING if isinstance(step.layer, ConvTranspose) else step.pads

    def _show_scene(self) -> None:
        for side in self._sides:
            side.pane.canvas.show_view(side.link.inward(self._scene))


def _united(plan: Plan, sides: list[tuple[LinkedPane, Amounts]]) -> QRectF:
    """The part of the frame on which pictures lie, each with some padding."""
    bounds = QRectF()
    for side, pads in sides:
        shape, link = plan.shape_at(side.index), side.link
        bounds |= QRectF(
            link.shift_x - link.gain_x * pads.left,
            link.shift_y - link.gain_y * pads.top,
            link.gain_x * (pads.left + shape.width + pads.right),
            link.gain_y * (pads.top + shape.height + pads.bottom),
        )
    return bounds if not bounds.isEmpty() else QRectF(0, 0, plan.source.width, plan.source.height)
