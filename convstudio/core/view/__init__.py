"""What the window needs of a result: the scene, pictures of what is on the screen, and their progressive refinement.

No widgets: values for them.
"""

__all__ = ["exposure", "patches", "previews", "refinement", "scene", "shown"]
