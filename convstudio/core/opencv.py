"""The one place that imports cv2, because the import has side effects that the window must not see.

opencv-python's wheel points Qt at plugins and fonts of its own; the variables are put back as they were. The pixel
limits must be set before the import; files are checked against our own cap before they are decoded.
"""

import os

_QT_VARIABLES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
_before = {name: os.environ.get(name) for name in _QT_VARIABLES}
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(2**31))
os.environ.setdefault("OPENCV_LOG_LEVEL", "ERROR")

import cv2  # noqa: E402

for _name, _value in _before.items():
    if _value is None:
        os.environ.pop(_name, None)
    else:
        os.environ[_name] = _value

__all__ = ["cv2"]
