"""Which wish becomes which command, and which panel shows which value. Nothing is decided here.

`panels` builds the window, `window` connects it and its actions; the rest connects one subject each.
"""

__all__ = ["files", "panels", "preferences", "window"]
