"""Patches: exact pieces of an output as colours, small enough to be kept; they are computed in `refinement`."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convstudio.core.display.colours import Colours
from convstudio.core.geometry.regions import Region
from convstudio.core.view.scene import Cells


@dataclass(frozen=True, eq=False)
class Patch:
    """Colours of some cells of a map.

    Parameters
    ----------
    cells
        Which cells, and how many pixels wide and high each is.
    screen
        (rows, columns, 4) uint8 in the order of screens, one for each cell: the mean colour of its pixels.
    planes
        The values, (1 or 3, rows, columns) float32, where every cell is a pixel; else None.
    """

    cells: Cells
    screen: Colours
    planes: NDArray[np.float32] | None

    @property
    def pixels(self) -> Colours:
        """(rows, columns, 3) uint8, red, green, blue; it shares the memory of `screen`."""
        return self.screen[..., 2::-1]

    @property
    def region(self) -> Region:
        """Where it lies, in pixels; the last cells may reach past the output."""
        return Region(*(edge * self.cells.reduction for edge in self.cells.region))


def joined(cells: Cells, patches: Iterable[Patch]) -> Patch:
    """One patch of the wanted cells from patches of that size of cell which cover them.

    Examples
    --------
    >>> one, other = Cells(Region(0, 1, 0, 1), 8), Cells(Region(0, 1, 1, 3), 8)
    >>> made = [Patch(cells, np.full((1, cells.region.width, 4), 9, np.uint8), None) for cells in (one, other)]
    >>> joined(Cells(Region(0, 1, 0, 2), 8), made).pixels.shape
    (1, 2, 3)
    """
    (top, _, left, _), region = cells.region, cells.region
    parts = [patch for patch in patches if not patch.cells.region.intersection(region).is_empty]
    screen = np.empty((region.height, region.width, 4), np.uint8)
    depths = {len(part.planes) for part in parts if part.planes is not None}
    has_values = bool(parts) and all(part.planes is not None for part in parts)
    planes = np.empty((depths.pop(), region.height, region.width), np.float32) if has_values else None
    for part in parts:
        shared, corner = part.cells.region.intersection(region), part.cells.region
        there = np.s_[shared.top - top : shared.bottom - top, shared.left - left : shared.right - left]
        here = np.s_[
            shared.top - corner.top : shared.bottom - corner.top, shared.left - corner.left : shared.right - corner.left
        ]
        screen[there] = part.screen[here]
        if planes is not None and part.planes is not None:
            planes[:, *there] = part.planes[:, *here]
    return Patch(cells, screen, planes)
