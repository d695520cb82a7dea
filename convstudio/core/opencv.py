"""The one place that imports cv2, because the import has side effects that the window must not see.

opencv-python's wheel points Qt at plugins and fonts of its own; the variables are put back as they were. The pixel
limits must be set before the import; files are checked against our own cap before they are decoded.
"""

import os
import re

from convstudio.core.errors import ConvStudioError

NUMBERS = (
    "OPENCV_FOR_THREADS_NUM",
    "OPENCV_IMGCODECS_AVIF_MAX_FILE_SIZE",
    "OPENCV_IMGCODECS_WEBP_MAX_FILE_SIZE",
    "OPENCV_IO_MAX_IMAGE_HEIGHT",
    "OPENCV_IO_MAX_IMAGE_PARAMS",
    "OPENCV_IO_MAX_IMAGE_PIXELS",
    "OPENCV_IO_MAX_IMAGE_WIDTH",
    "OPENCV_KMEANS_PARALLEL_GRANULARITY",
    "OPENCV_OPENCL_ALIGNMENT_MEM_USE_HOST_PTR",
    "OPENCV_THREAD_POOL_ACTIVE_WAIT_MAIN",
    "OPENCV_THREAD_POOL_ACTIVE_WAIT_PAUSE_LIMIT",
    "OPENCV_THREAD_POOL_ACTIVE_WAIT_THREADS_LIMIT",
    "OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER",
    "OPENCV_TRACE_DEPTH_OPENCV",
    "OPENCV_TRACE_MAX_CHILDREN",
    "OPENCV_TRACE_MAX_CHILDREN_OPENCV",
)
SWITCHES = (
    "OPENCV_BUFFER_AREA_ALWAYS_SAFE",
    "OPENCV_DUMP_CONFIG",
    "OPENCV_DUMP_ERRORS",
    "OPENCV_ENABLE_MEMALIGN",
    "OPENCV_OPENCL_CACHE_CLEANUP",
    "OPENCV_OPENCL_CACHE_ENABLE",
    "OPENCV_OPENCL_CACHE_LOCK_ENABLE",
    "OPENCV_OPENCL_CACHE_WRITE",
    "OPENCV_OPENCL_DISABLE_BUFFER_RECT_OPERATIONS",
    "OPENCV_OPENCL_ENABLE_MEM_USE_HOST_PTR",
    "OPENCV_OPENCL_VALIDATE_BINARY_PROGRAMS",
    "OPENCV_SKIP_CPU_BASELINE_CHECK",
    "OPENCV_TRACE",
    "OPENCV_TRACE_ITT_ENABLE",
    "OPENCV_TRACE_ITT_PARENT",
    "OPENCV_TRACE_ITT_SET_THREAD_NAME",
    "OPENCV_TRACE_SYNC_OPENCL",
    "OPENCV_VIDEOCAPTURE_DEBUG",
    "OPENCV_VIDEOIO_DEBUG",
    "OPENCV_VIDEOWRITER_DEBUG",
)
"""The variables that end the process, with no word to Python, where OpenCV cannot read them."""


def check_variables() -> None:
    """Refuse what OpenCV cannot read: it reads while it is imported, and ends the process.

    Raises
    ------
    ConvStudioError
        The sentence names the variable, what it says and what it may say.
    """
    # cv::utils::getConfigurationParameterBool and …SizeT of modules/core/src/system.cpp: these words and no other
    for name, value in ((name, os.environ[name]) for name in (*NUMBERS, *SWITCHES) if name in os.environ):
        if name in SWITCHES:
            is_right, right = value in ("1", "True", "true", "TRUE", "0", "False", "false", "FALSE"), "1 or 0"
        else:
            digits = re.fullmatch(r"(\d{1,18})(?:[KM][Bb]|[km]b)?", value, re.ASCII)
            is_right, right = digits is not None, "a whole number"
        if not is_right:
            raise ConvStudioError(
                f"The environment's {name} is “{value}”, which OpenCV cannot read; set it to {right}, or unset it."
            )


check_variables()

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
