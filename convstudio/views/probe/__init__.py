"""What is pointed at, and why it has its value: the probed units, their calculation as a picture, and the loupe.

`probed` holds the values and their colours, `equation` paints patch × kernel = sum, `loupe` floats beside the mouse.
"""

__all__ = ["equation", "loupe", "probed"]
