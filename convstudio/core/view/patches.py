"""Patches: exact regions of an output as colours, small enough to be kept; they are computed in `refinement`."""

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
    """One patch of some cells, from patches with cells of that size which cover them.

    Examples
    --------
    >>> both = Cells(Region(0, 1, 0, 1), 8), Cells(Region(0, 1, 1, 3), 8)
    >>> patches = [Patch(cells, np.full((1, cells.region.width, 4), 9, np.uint8), None) for cells in both]
    >>> joined(Cells(Region(0, 1, 0, 2), 8), patches).pixels.shape
    (1, 2, 3)
    """
    region = cells.region
    parts = [patch for patch in patches if not patch.cells.region.intersection(region).is_empty]
    screen = np.empty((region.height, region.width, 4), np.uint8)
    depths = {len(part.planes) for part in parts if part.planes is not None}
    has_values = bool(parts) and all(part.planes is not None for part in parts)
    planes = np.empty((depths.pop(), region.height, region.width), np.float32) if has_values else None
    for part in parts:
        shared = part.cells.region.intersection(region)
        target, source = shared.slices_in(region), shared.slices_in(part.cells.region)
        screen[target] = part.screen[source]
        if planes is not None and part.planes is not None:
            planes[:, *target] = part.planes[:, *source]
    return Patch(cells, screen, planes)
