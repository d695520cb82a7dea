"""Pure edits of weights: of one kernel plane, of a layer's filters, of its way over channels, and new layers.

When an edit happens, and undoing it, is not decided here.
"""

__all__ = ["channels", "filters"]
