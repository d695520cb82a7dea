"""Lessons: `lesson` reads them from Markdown, `measures` are the named numbers that their questions ask for.

`goals` are conditions on these, and on what is true of the window, that say whether something was done.
"""

__all__ = ["goals", "lesson", "measures"]
