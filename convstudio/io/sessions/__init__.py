"""Sessions: a recipe and its source as a `.convstudio` file.

`session` saves and opens one. `format` has the entries of the file, in which layers travel between processes, too.
"""

__all__ = ["carried", "format", "session"]
