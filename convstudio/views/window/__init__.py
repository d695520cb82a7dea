"""The window: the tables of its actions and stages, the search, the status, and the panels that belong to no layer.

`window` arranges the panels. Each of the other modules is one bar or panel, or the table that all of them read.
"""

__all__ = ["actions", "export_panel", "page_bar", "play_bar", "question_bar", "stages", "welcome", "window"]
