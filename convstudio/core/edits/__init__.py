"""Pure edits of weights: of one kernel plane, of a layer's filters, and of its way over channels.

When an edit happens, and undoing it, is not decided here.
"""

__all__ = ["channels", "filters"]
