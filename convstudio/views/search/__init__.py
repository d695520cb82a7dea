"""The search over everything that the window has, and the page of its keys.

`entries` says what can be looked for and what matches, `finder` is the line with its list, `keys_page` the page. What
choosing an entry does is the wiring's.
"""

__all__ = ["entries", "finder", "keys_page"]
