"""The inspector: the settings of the selected layer, a panel for each type of layer.

`inspector` shows the panel that fits. `wording` has its sentences and formulas; the layer list says some of them, too.
"""

__all__ = ["column", "source", "wording"]
