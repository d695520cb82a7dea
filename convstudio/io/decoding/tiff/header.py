"""What a TIFF file's directory means for its pixels, and which of two ways they are unpacked.

Directories are read in `directory`. Grey, colours, palettes and CMYK as numbers are unpacked in `samples`; OpenCV
unpacks what JPEG and fax machines make, and colour spaces of television and print.
"""

from typing import NamedTuple, NoReturn

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.opencv import (
    Planes,
    Promise,
    UndecodableError,
    bgr_to_rgb,
    decode,
    warning,
)
from convstudio.io.decoding.refusals import cut_off
from convstudio.io.decoding.tiff import directory as tiff
from convstudio.io.decoding.tiff import samples
from convstudio.io.decoding.tiff.samples import CMYK, FLOAT, PALETTE, SIGNED, UNSIGNED, Layout

READABLE = {
    UNSIGNED: (1, 2, 4, 8, 16, 32),
    SIGNED: (8, 16, 32),
    FLOAT: (16, 32, 64),
}
KINDS = {UNSIGNED: "whole", SIGNED: "signed", FLOAT: "floating-point"}
SEPARATE = 2
OLD_JPEG, NEW_JPEG, LOG = 6, 7, (34676, 34677)
FAX = (2, 3, 4, 32771)
BY_OPENCV = (*FAX, NEW_JPEG, *LOG, 32766, 32809, 32909)
NAMES = {
    OLD_JPEG: "old-style JPEG",
    NEW_JPEG: "JPEG",
    9: "JBIG",
    10: "JBIG",
    **dict.fromkeys(FAX, "fax codes (CCITT)"),
    **dict.fromkeys(LOG, "LogLuv"),
    32766: "NeXT run lengths",
    32809: "ThunderScan",
    32909: "PixarLog",
    33003: "Aperio JPEG 2000",
    33004: "Aperio JPEG 2000",
    33005: "Aperio JPEG 2000",
    34661: "JBIG",
    34712: "JPEG 2000",
    34887: "LERC",
    34892: "lossy JPEG",
    34925: "LZMA",
    34926: "Zstandard",
    34927: "WebP",
    34933: "PNG",
    34934: "JPEG XR",
    50000: "Zstandard",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
MOST_SEGMENTS = 2**20  # strips or tiles; as many of 16×16 pixels make the largest picture that is read, twice


class TiffHeader(NamedTuple):
    """What the first directory says of the picture."""

    directory: tiff.Directory
    layout: Layout
    orientation: int
    value_bytes: int  # of all channels of one pixel, decoded
    old_jpeg: bytes  # the JPEG file that an old-style TIFF wraps

    @property
    def width(self) -> int:
        return self.layout.width

    @property
    def height(self) -> int:
        return self.layout.height


def read(data: bytes, name: str) -> TiffHeader:
    """What will be unpacked; refuses what is cut off, and names what is not read."""
    directory = tiff.read_directory(data)

    def value(tag: int, default: int) -> int:
        return directory.value(data, tag, default)

    is_tiled = tiff.TILES in directory.entries
    count = directory.length(tiff.TILES if is_tiled else tiff.STRIPS)
    if count > MOST_SEGMENTS:
        raise ConvStudioError(
            f"“{name}” is cut into {count:,} strips or tiles, more than the {MOST_SEGMENTS:,} that are read; "
            "save it again with another program."
        )
    if not tiff.is_complete(data, directory):
        raise cut_off(name)
    bits = directory.values(data, tiff.BITS, most=64) or (1,)
    channels = value(tiff.SAMPLES, 1)
    photometric = value(tiff.PHOTOMETRIC, 1)
    extra = directory.values(data, tiff.EXTRA, most=64)
    if not extra and photometric in samples.COLOURS:
        colours = samples.COLOURS[photometric]
        extra = (0,) * (channels - (3 if colours == 1 and channels >= 3 else colours))
    width, height = value(tiff.WIDTH, 0), value(tiff.HEIGHT, 0)
    rows = value(tiff.STRIP_ROWS, height)
    layout = Layout(
        order=directory.order,
        width=width,
        height=height,
        bits=bits[0],
        format=value(tiff.FORMAT, UNSIGNED),
        samples=channels,
        extra=extra,
        photometric=photometric,
        compression=value(tiff.COMPRESSION, 1),
        predictor=value(tiff.PREDICTOR, 1),
        is_separate=value(tiff.PLANES, 1) == SEPARATE and channels > 1,
        is_fill_reversed=value(tiff.FILL_ORDER, 1) == 2,
        segment_width=value(tiff.TILE_WIDTH, 0) if is_tiled else width,
        segment_height=value(tiff.TILE_HEIGHT, 0) if is_tiled else min(rows or height, height),
        is_tiled=is_tiled,
        offsets=directory.values(data, tiff.TILES if is_tiled else tiff.STRIPS),
        sizes=directory.values(data, tiff.TILE_SIZES if is_tiled else tiff.STRIP_SIZES),
        colour_map=directory.values(data, tiff.COLOUR_MAP) if photometric == PALETTE else (),
    )
    old_jpeg = _old_jpeg(data, directory, layout)
    _check(layout, name, old_jpeg=old_jpeg, is_uneven=len(set(bits)) > 1)
    orientation = value(tiff.ORIENTATION, 0)
    if not 1 <= orientation <= 8:
        orientation = tiff.orientation_in_xmp(bytes(value & 255 for value in directory.values(data, tiff.XMP))) or 1
    colours = 3 if photometric in (PALETTE, CMYK) or channels >= 3 else 1
    value_bytes = (colours + (len(extra) > 0)) * max(1, layout.bits // 8)
    return TiffHeader(directory, layout, orientation, value_bytes, old_jpeg)


def unpack(data: bytes, header: TiffHeader, name: str) -> Planes:
    """The pixels and the opacity, not yet turned."""
    layout = header.layout
    try:
        if header.old_jpeg:
            raw, complaint = decode(header.old_jpeg, _promise(layout), name)
            return Planes(bgr_to_rgb(raw) if raw.shape[2] >= 3 else raw, note=warning(complaint))
        if layout.compression not in BY_OPENCV and layout.photometric in samples.COLOURS:
            return samples.unpack(data, layout, name)
        # OpenCV turns these by itself, and multiplies colours with their opacity unless that is said to be done
        plain = tiff.patch(data, header.directory, {tiff.ORIENTATION: 1, tiff.EXTRA: samples.PREMULTIPLIED})
        raw, complaint = decode(plain, _promise(layout), name)
    except UndecodableError:
        _undecodable(layout, name)
    if "TIFF_Error" in complaint:
        _undecodable(layout, name)
    if raw.shape[2] < 3:
        return Planes(raw, note=warning(complaint) or ("Its opacity is not read." if layout.extra else ""))
    has_alpha = raw.shape[2] == 4 and len(layout.extra) > 0 and layout.photometric != CMYK
    pixels, alpha = bgr_to_rgb(raw), raw[:, :, 3] if has_alpha else None
    if alpha is not None and layout.extra[0] == samples.PREMULTIPLIED:
        pixels = samples.unpremultiply(pixels, alpha)
    return Planes(pixels, alpha, warning(complaint))


def _promise(layout: Layout) -> Promise:
    is_grey = layout.samples < 3 and layout.photometric != PALETTE and layout.compression not in LOG
    bits = 32 if layout.compression in LOG else max(8, layout.bits)
    return Promise(layout.width, layout.height, 1 if is_grey else 3, bits)


def _old_jpeg(data: bytes, directory: tiff.Directory, layout: Layout) -> bytes:
    """The whole JPEG file within an old-style TIFF, where it is one."""
    if layout.compression != OLD_JPEG:
        return b""
    place = directory.value(data, tiff.JPEG_PLACE, 0)
    size = directory.value(data, tiff.JPEG_SIZE, 0)
    streams = [data[place : place + size] if size else data[place:]]
    if len(layout.offsets) == 1:
        streams += [data[layout.offsets[0] :]]
    return next((stream for stream in streams if stream.startswith(b"\xff\xd8\xff") and b"\xff\xda" in stream), b"")


def _check(layout: Layout, name: str, *, old_jpeg: bytes, is_uneven: bool) -> None:
    if layout.compression in BY_OPENCV or layout.compression in samples.SCHEMES:
        is_named = layout.compression == NEW_JPEG and layout.bits != 8
    else:
        is_named = not old_jpeg
    if is_named:
        _not_read(layout, name)
    if layout.bits not in READABLE.get(layout.format, ()) or is_uneven:
        kind = KINDS.get(layout.format, "complex")
        raise ConvStudioError(
            f"“{name}” holds {'uneven ' if is_uneven else ''}{layout.bits}-bit {kind} values, which are not read from "
            "TIFF files; save it with 8 or 16 bits, or as 32-bit floating point."
        )
    if layout.samples > 4 or layout.samples < 1:
        raise ConvStudioError(
            f"“{name}” holds {layout.samples} channels, but a picture has 1 to 4; save it as grey or RGB first."
        )


def _not_read(layout: Layout, name: str) -> NoReturn:
    codec = NAMES.get(layout.compression, f"method {layout.compression}")
    if layout.compression == NEW_JPEG and layout.bits != 8:
        codec = f"{layout.bits}-bit JPEG"
    raise ConvStudioError(
        f"“{name}” is packed with {codec}, which is not read here; save it unpacked, or packed with LZW or ZIP."
    ) from None


def _undecodable(layout: Layout, name: str) -> NoReturn:
    codec = NAMES.get(layout.compression, "")
    packed = f", which is packed with {codec}," if codec else ""
    raise ConvStudioError(
        f"“{name}”{packed} is damaged and cannot be decoded, or of a kind that is not read here; "
        "copy it again, or save it unpacked."
    ) from None
