"""One picture: painted, zoomed, probed, marked and wiped.

`canvas` is the widget. `placement` says where a picture lies on the screen; the rest is painted over it.
"""

__all__ = ["canvas", "cells", "images", "keys", "light", "marks", "patches", "placement", "wipe"]
