"""What the extra `formats` decodes: imagecodecs, pillow-heif and OpenEXR, imported when a file needs one of them."""

from enum import StrEnum
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import numpy as np

from convstudio.io.decoding.opencv import Raw
from convstudio.io.decoding.refusals import library_missing, undecodable


class ExtraCodec(StrEnum):
    """What imagecodecs unpacks where nothing else here does."""

    JPEG_12 = "12-bit JPEG"
    DEEP_AVIF = "AVIF of more than 8 bits"


def has_imagecodecs() -> bool:
    """Whether imagecodecs is installed; it is not imported for that."""
    return _is_installed("imagecodecs")


def imagecodecs(name: str, codec: str) -> ModuleType:
    """The library; refused where it is not installed."""
    try:
        import imagecodecs as library  # noqa: PLC0415 - seldom needed
    except ImportError:
        raise library_missing(name, codec, "imagecodecs") from None
    return library


def pillow_heif(name: str) -> ModuleType:
    """The library that reads HEIC; refused where it is not installed."""
    try:
        import pillow_heif as library  # noqa: PLC0415 - seldom needed
    except ImportError:
        raise library_missing(name, "HEIC", "pillow-heif") from None
    return library


def open_exr(name: str) -> ModuleType:
    """The library that reads OpenEXR; refused where it is not installed."""
    try:
        return import_module("OpenEXR")
    except ImportError:
        raise library_missing(name, "OpenEXR", "OpenEXR") from None


def decode(data: bytes, name: str, codec: ExtraCodec) -> Raw:
    """The array that imagecodecs makes of a file, red first."""
    library = imagecodecs(name, codec)
    try:
        match codec:
            case ExtraCodec.JPEG_12:
                return np.asarray(library.jpeg8_decode(data))
            case ExtraCodec.DEEP_AVIF:
                return np.asarray(library.avif_decode(data, index=0))
    except MemoryError:
        raise
    except Exception:  # each of its codecs has an exception of its own
        raise undecodable(name, codec) from None


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ValueError:  # it is None in sys.modules
        return False
