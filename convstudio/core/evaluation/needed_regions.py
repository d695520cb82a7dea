"""Needs: what a region of an output needs of everything before it, in integers; the arrays are those of `region`.

Rows and columns are treated alike and apart: what is needed along an axis is a set of ranges, because a circular
border reads from the opposite edge and nothing in between.
"""

from dataclasses import dataclass
from typing import NamedTuple

from convstudio.core.geometry.borders import Border, Spans, merged, sources
from convstudio.core.geometry.padding import NOTHING, Amounts
from convstudio.core.geometry.regions import Region
from convstudio.core.recipe.layers import Conv, ConvTranspose, Dense, Pool
from convstudio.core.recipe.plan import Plan, Step


class Reading(NamedTuple):
    """What windows read along one axis: the places inside of a plane, and how far they reach past its two ends."""

    spans: Spans
    before: int
    after: int


@dataclass(frozen=True)
class Need:
    """What is needed of the frame or of one layer's output.

    Parameters
    ----------
    rows, columns
        Inside of the plane; empty where only padding is read.
    padding
        How many rows and columns of padding the next layer's windows reach beyond the plane on each side.
    is_whole
        Whether all of it is needed because the next layer sees its whole input.
    """

    rows: Spans
    columns: Spans
    padding: Amounts = NOTHING
    is_whole: bool = False

    @property
    def region(self) -> Region:
        """The smallest region with all of it; empty where nothing is needed."""
        if not self.rows or not self.columns:
            return Region(0, 0, 0, 0)
        return Region(self.rows[0].start, self.rows[-1].stop, self.columns[0].start, self.columns[-1].stop)

    @property
    def extent(self) -> tuple[int, int]:
        """How many rows and columns are needed."""
        return sum(map(len, self.rows)), sum(map(len, self.columns))


def needed_regions(plan: Plan, index: int, region: Region) -> tuple[Need, ...]:
    """What a region of the output of layer `index` needs of the frame and of every output up to its own.

    Parameters
    ----------
    plan
        What will happen to the picture.
    index
        The layer; −1 is the source.
    region
        Of its output; what lies outside of the plane is left out.

    Returns
    -------
    For the frame, the output of layer 0, …, of layer `index` (that is the region itself).

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.layers import Weights
    >>> from convstudio.core.recipe.plan import plan
    >>> layer = Conv(weight=Weights([[[[1.0] * 3] * 3]]), bias=(0.0,), border=Border.CIRCULAR)
    >>> frame, _ = needed_regions(plan(Document((layer,)), Shape(1, 20, 30)), 0, Region(0, 5, 8, 10))
    >>> frame.rows, frame.columns, frame.padding
    ((range(0, 6), range(19, 20)), (range(7, 11),), Amounts(top=1, bottom=0, left=0, right=0))
    """
    inside = region.clipped(plan.shape_at(index))
    return needs_of(plan, index, merged([range(inside.top, inside.bottom)]), merged([range(inside.left, inside.right)]))


def needs_of(plan: Plan, index: int, rows: Spans, columns: Spans) -> tuple[Need, ...]:
    """`needed_regions` for rows and columns of an output that lie apart, all of them inside of it.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> frame, _ = needs_of(plan(Document((Pool(),)), Shape(1, 8, 8)), 0, (range(0, 1), range(3, 4)), (range(2, 3),))
    >>> frame.rows, frame.columns
    ((range(0, 2), range(6, 8)), (range(4, 6),))
    """
    needs = [Need(rows, columns)]
    for step in reversed(plan.steps[: index + 1]):
        outputs = (needs[-1].rows, needs[-1].columns)
        down, across = (read_along(step, axis, spans) for axis, spans in enumerate(outputs))
        padding = Amounts(down.before, down.after, across.before, across.after)
        needs.append(Need(down.spans, across.spans, padding, is_whole=bool(down.spans) and sees_everything(step)))
    return tuple(reversed(needs))


def whole_reader(plan: Plan, index: int) -> Step | None:
    """The first step up to layer `index` that needs its whole input for any of its outputs, if there is one.

    Examples
    --------
    >>> from convstudio.core.recipe.document import Document
    >>> from convstudio.core.geometry.shapes import Shape
    >>> from convstudio.core.recipe.plan import plan
    >>> two_layers = plan(Document((Pool(), Dense(units=4))), Shape(1, 8, 8))
    >>> whole_reader(two_layers, 0) is None, whole_reader(two_layers, 1).title
    (True, 'Dense 4')
    """
    return next((step for step in plan.steps[: index + 1] if sees_everything(step)), None)


def sees_everything(step: Step) -> bool:
    """Whether every output of a step depends on its whole input."""
    layer = step.layer
    return layer.enabled and (isinstance(layer, Dense) or (isinstance(layer, Pool) and layer.is_global))


def read_along(step: Step, axis: int, outputs: Spans) -> Reading:
    """What a step reads along an axis (0 vertical, 1 horizontal) for some rows or columns of its output."""
    length = step.input[1 + axis]
    if not outputs:
        return Reading((), 0, 0)
    if sees_everything(step):
        return Reading((range(length),), 0, 0)
    windows = [places_along(step, axis, span) for span in outputs]
    border = step.layer.border if isinstance(step.layer, Conv) else Border.ZEROS
    if isinstance(step.layer, ConvTranspose):
        before = after = 0  # what is called its padding is cut off its output
    else:
        far = (step.pads.bottom, step.pads.right)[axis]  # a window of the ceil mode may hang over, and reads nothing
        before = max(0, *(-places.start for places in windows))
        after = min(far, max(0, *(places.stop - length for places in windows)))
    inside = [span for places in windows for span in sources(places, length, border)]
    return Reading(merged(inside), before, after)


def places_along(step: Step, axis: int, outputs: range) -> range:
    """The places of its input, padding included, that a step's windows cover along an axis for a range of outputs."""
    places = step.window.inputs_of(axis, outputs)
    return range(places.start, max(places.start, places.stop))
