"""The kernel editor: the grid of cells, its fields and tools, and the presets.

`panel` is all of it. `cells` paints a plane of numbers, and writes a number into a cell for the explanations, too.
"""

__all__ = ["box_page", "cells", "filters", "grid", "keys", "panel", "parameters"]
