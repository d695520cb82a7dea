"""Pictures and films out.

`export` saves the maps of a layer: `rendering` makes their values a file's numbers, `encoding` makes those a file, and
`losses` says what the file does not hold. `animation` saves films.
"""

__all__ = ["animation", "encoding", "export", "losses", "png", "rendering"]
