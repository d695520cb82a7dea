"""What Pillow decodes: GIF, AVIF, and single frames of animated PNG and WebP, put together as players show them.

Pillow is imported when a file first needs it.
"""

import io
import struct
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.core.metadata import Metadata
from convstudio.io.decoding.exif import orientation_in
from convstudio.io.decoding.formats import extras
from convstudio.io.decoding.opencv import Planes, Promise, Raw
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off, undecodable

if TYPE_CHECKING:
    from PIL.Image import Image

RESOLUTIONS = (1.0, 10_000.0)  # pixels an inch that somebody can have meant
AV1_CONFIGURATION, IS_HIGH, IS_TWELVE = b"av1C", 0x40, 0x20  # of the AV1 format in ISOBMFF, section 2.3.3
CUT_OFF = ("truncated", "not enough data", "unexpected end")


class PillowCodec(StrEnum):
    """Formats by the names that Pillow has for them."""

    GIF = "GIF"
    AVIF = "AVIF"
    PNG = "PNG"
    WEBP = "WEBP"


class PillowFile(NamedTuple):
    """What a file says without being decoded."""

    width: int
    height: int
    pages: int
    metadata: Metadata
    orientation: int


def gif(data: bytes, name: str, page: int) -> Header:
    """The header of a GIF, and of one of its frames."""
    width, height = struct.unpack_from("<HH", data, 6)
    about = _about(data, name, PillowCodec.GIF)
    check_page(page, about.pages, "frame", name)

    def unpack() -> Planes:
        planes = decode(data, name, PillowCodec.GIF, page, Promise(width, height, 0, 8))
        is_grey = about.pages == 1 and bool((planes.pixels == planes.pixels[:, :, :1]).all())  # frames are all alike
        return planes._replace(pixels=planes.pixels[:, :, :1]) if is_grey else planes

    return Header(width, height, 1, 4, unpack, about.pages, "frame")


def avif(data: bytes, name: str, page: int) -> Header:
    """The header of an AVIF; of one that is an animation, of one of its frames."""
    about = _about(data, name, PillowCodec.AVIF)
    check_page(page, about.pages, "frame", name)
    bits = _av1_bits(data)

    def unpack() -> Planes:
        if bits == 8:
            return decode(data, name, PillowCodec.AVIF, page, Promise(about.width, about.height, 0, 8))
        if page:
            raise ConvStudioError(f"“{name}” has frames of {bits} bits, of which only the first is read.")
        return _deep_avif(data, name, about, bits)

    value_bytes = 4 if bits == 8 else 8
    return Header(
        about.width, about.height, about.orientation, value_bytes, unpack, about.pages, "frame", about.metadata
    )


def decode(data: bytes, name: str, codec: PillowCodec, page: int, promise: Promise) -> Planes:
    """One frame; refused where it is not as large, or not as deep, as its header promised."""
    from PIL import Image  # noqa: PLC0415 - seldom needed

    Image.MAX_IMAGE_PIXELS = None  # sizes are checked before
    try:
        with Image.open(io.BytesIO(data), formats=(codec,)) as image:
            image.seek(page)
            image.load()
            planes = planes_of(image)
    except (ConvStudioError, MemoryError):
        raise
    except Exception as error:  # a damaged file raises whatever its plugin stumbles over
        raise _refusal(name, codec, error) from None
    height, width, _ = planes.pixels.shape
    if (width, height, planes.pixels.itemsize * 8) != (promise.width, promise.height, promise.bits):
        raise ConvStudioError(
            f"“{name}” says that it has {promise.width}×{promise.height} pixels, but its decoder gives "
            f"{width}×{height}, so it is not shown; save it again with another program."
        )
    return planes


def planes_of(image: "Image") -> Planes:
    """Grey or red, green and blue, and the opacity, of a picture in any of Pillow's modes."""
    has_opacity = image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info
    colours = "L" if image.mode in ("1", "L", "LA", "La") else "RGB"
    pixels = np.asarray(image.convert(f"{colours}A" if has_opacity else colours))
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    if not has_opacity:
        return Planes(pixels)
    return Planes(np.ascontiguousarray(pixels[:, :, :-1]), np.ascontiguousarray(pixels[:, :, -1]))


def metadata_of(image: "Image") -> tuple[Metadata, int]:
    """What comes with a picture, and how it stands."""
    profile, exif = image.info.get("icc_profile"), image.info.get("exif")
    exif = exif.removeprefix(b"Exif\0\0") if isinstance(exif, bytes) else b""
    profile = profile if isinstance(profile, bytes) else b""
    return Metadata(profile, exif, _resolution(image.info.get("dpi"))), orientation_in(exif) or 1


def _resolution(stated: object) -> tuple[float, float] | None:
    if not (isinstance(stated, tuple) and len(stated) == 2):
        return None
    low, high = RESOLUTIONS
    across, down = float(stated[0]), float(stated[1])
    return (across, down) if low <= across <= high and low <= down <= high else None


def _about(data: bytes, name: str, codec: PillowCodec) -> PillowFile:
    from PIL import Image  # noqa: PLC0415 - seldom needed

    Image.MAX_IMAGE_PIXELS = None  # sizes are checked before anything is decoded
    try:
        with Image.open(io.BytesIO(data), formats=(codec,)) as image:
            metadata, orientation = metadata_of(image)
            return PillowFile(*image.size, getattr(image, "n_frames", 1), metadata, orientation)
    except MemoryError:
        raise
    except Exception as error:  # a damaged file raises whatever its plugin stumbles over
        raise _refusal(name, codec, error) from None


def _refusal(name: str, codec: PillowCodec, error: Exception) -> ConvStudioError:
    words = str(error)
    if isinstance(error, EOFError) or any(sign in words.lower() for sign in CUT_OFF):
        return cut_off(name)
    return undecodable(name, "WebP" if codec is PillowCodec.WEBP else codec)


def _av1_bits(data: bytes) -> int:
    """Bits of a value, which Pillow's reader rounds to 8."""
    place = data.find(AV1_CONFIGURATION)
    flags = data[place + 6] if 0 <= place < len(data) - 6 else 0
    if not flags & IS_HIGH:
        return 8
    return 12 if flags & IS_TWELVE else 10


def _deep_avif(data: bytes, name: str, about: PillowFile, bits: int) -> Planes:
    pixels: Raw = extras.decode(data, name, extras.ExtraCodec.DEEP_AVIF)
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    height, width, channels = pixels.shape
    if (width, height) != (about.width, about.height) or channels > 4:
        raise undecodable(name, extras.ExtraCodec.DEEP_AVIF)
    colours = 1 if channels < 3 else 3
    alpha = pixels[:, :, colours] if channels in (2, 4) else None
    return Planes(pixels[:, :, :colours], alpha, white=float(2**bits - 1))
