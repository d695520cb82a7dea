"""The outside world, without Qt: pictures and live sources in, pictures and films out, sessions, settings, lessons.

What may crash or block, decoding and capture, runs in child processes (`processes`). A file is written whole or not at
all (`files`). Other libraries are run where they are installed (`libraries`).
"""

__all__ = [
    "batch",
    "capture",
    "decoding",
    "digits",
    "export",
    "file_types",
    "files",
    "kernels",
    "lessons",
    "libraries",
    "networks",
    "recipes",
    "resources",
    "sample_networks",
    "samples",
    "sessions",
    "settings",
]
