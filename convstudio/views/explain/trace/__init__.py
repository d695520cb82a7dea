"""The arithmetic of one output as a panel, and the window's steps."""

__all__ = ["drawing", "panel", "text"]
