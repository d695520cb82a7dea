"""Lessons: `steps` sets them up and leaves them, `following` sees what is done, `targets` are the places they name."""

__all__ = ["steps", "targets"]
