"""The flow of layers: a row of cards with the output of each, and the ways to change it.

`flow` is all of it. `choices` is the table of layers that can be added; the actions of the window read it, too.
"""

__all__ = ["choices", "flow", "keys"]
