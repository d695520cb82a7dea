"""The kernel editor: the grid of cells in a box of fixed size, its fields and tools, and the numbers of a preset.

`panel` is all of it. `box_page`, `filters` and `grid` serve the other pages of the column, too; `cells` writes a number
into a cell for the explanations.
"""

__all__ = ["box_page", "cells", "filters", "grid", "keys", "panel", "parameters"]
