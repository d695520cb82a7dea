"""Lessons as values, how they are written, and the measures that check their numbers."""

__all__ = ["lesson", "measures"]
