"""What the window needs of a result: the scene on the screen, pictures of it, and their progressive refinement.

Values for widgets, and no widgets.
"""

__all__ = ["patches", "previews", "refinement", "sampling", "scene", "shown"]
