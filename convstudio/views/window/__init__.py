"""The window: its actions, search, status line, play bar and export panel."""

__all__ = ["actions", "export_panel", "play_bar", "question_bar", "source_panel", "window"]
