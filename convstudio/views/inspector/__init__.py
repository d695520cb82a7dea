"""The column at the right: everything that the selected layer, or the source, is controlled with.

`column` is all of it: an upper half for each type of layer, and the fields that all layers share. `source` has what can
be opened to start with. `wording` has sentences and the output-size formula; the flow says some of them, too.
"""

__all__ = ["column", "source", "wording"]
