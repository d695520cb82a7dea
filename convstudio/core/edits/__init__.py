"""Pure edits of weights: of one kernel plane, of a layer's filters, and of its way over channels.

Commands decide when an edit happens; `recipe.history` undoes it.
"""

__all__ = ["channels", "filters"]
