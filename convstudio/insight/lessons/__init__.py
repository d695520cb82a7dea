"""Lessons: `lesson` reads them from Markdown, and `measures` are the named numbers that their questions ask for."""

__all__ = ["lesson", "measures"]
