"""What a page of a TIFF file means for the pixels, and who unpacks it: tifffile with imagecodecs, or OpenCV.

OpenCV unpacks what JPEG and fax machines make, because its library says what is wrong with it; and the colour spaces of
television and print, which tifffile hands over as they are.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple, NoReturn

import numpy as np
from tifffile import TiffFile, TiffPage

from convstudio.core.errors import ConvStudioError
from convstudio.core.metadata import Metadata
from convstudio.io.decoding.exif import orientation_in_xmp
from convstudio.io.decoding.formats import extras
from convstudio.io.decoding.formats.tiff import numbers as samples
from convstudio.io.decoding.formats.tiff.numbers import CMYK, PALETTE, PREMULTIPLIED
from convstudio.io.decoding.formats.tiff.pages import (
    Page,
    TiffPicture,
    TiffPictures,
    contents_of,
    keyframe_of,
    open_tiff,
)
from convstudio.io.decoding.opencv import Planes, Promise, Raw, UndecodableError, bgr_to_rgb, decode, warning
from convstudio.io.decoding.picture import Header, check_page
from convstudio.io.decoding.refusals import cut_off, damaged, library_missing, not_read, undecodable

UNSIGNED, SIGNED, FLOAT = 1, 2, 3
KINDS = {UNSIGNED: "whole", SIGNED: "signed", FLOAT: "floating-point"}
UNPACKED, LZW, OLD_JPEG, NEW_JPEG, LOG, LOSSY_JPEG = 1, 5, 6, 7, (34676, 34677), 34892
FAX = (2, 3, 4, 32771)
BY_OPENCV = (*FAX, NEW_JPEG, *LOG, 32766, 32809)
BY_TIFFFILE = (UNPACKED, 8, 32946, 32773, 34925)  # with the standard library and NumPy alone
BY_IMAGECODECS = (LZW, 32909, 34712, 33003, 33004, 33005, 34887, 34892, 34926, 34927, 34933, 34934, 50000, 50001, 50002,
                  52546)  # fmt: skip
NAMES = {
    UNPACKED: "TIFF",
    LZW: "LZW",
    OLD_JPEG: "old-style JPEG",
    NEW_JPEG: "JPEG",
    8: "ZIP",
    32946: "ZIP",
    32773: "PackBits",
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
STRIPS, TILES, XMP, PROFILE, UNIT, ORIENTATION, EXTRA, TILE_WIDTH = 273, 324, 700, 34675, 296, 274, 338, 322
RESOLUTION = (282, 283)
INCHES = {2: 1.0, 3: 2.54}  # what a unit of resolution is of an inch, the other way round
JPEG_PLACE, JPEG_SIZE = 513, 514
CHANNEL_COLOURS = {2: "red and green", 3: "red, green and blue"}


class TiffLayout(NamedTuple):
    """What one page says of its pixels."""

    width: int
    height: int
    bits: int
    format: int
    samples: int  # of a pixel, opacity included
    extra: tuple[int, ...]  # what those are that are no colours
    photometric: int
    compression: int

    @property
    def codec(self) -> str:
        if self.compression == NEW_JPEG and self.bits != 8:
            return f"{self.bits}-bit JPEG"
        return NAMES.get(self.compression, f"method {self.compression}")


def read(data: bytes, name: str, page: int) -> Header:
    """The header of one picture of a TIFF file; refuses what is cut off, and names what is not read."""
    _check_start(data, name)
    try:
        file = open_tiff(data)
        contents = contents_of(file, name)
    except (ConvStudioError, MemoryError):
        raise
    except Exception as error:  # whatever tifffile stumbles over in directories that make no sense
        raise cut_off(name) if _is_beyond(error) else undecodable(name, "TIFF") from None
    if not contents.pictures:
        raise damaged(name, "there is no picture in it")
    check_page(page, len(contents.pictures), contents.unit, name)
    try:
        return _header(data, file, contents, page, name)
    except (ConvStudioError, MemoryError, struct.error):
        raise
    except Exception:  # the same for what is in one of them
        raise undecodable(name, "TIFF") from None


def _check_start(data: bytes, name: str) -> None:
    order = "<" if data[:2] == b"II" else ">"
    is_big = 43 in data[2:4]
    (start,) = struct.unpack_from(order + ("Q" if is_big else "I"), data, 8 if is_big else 4)
    if start > len(data) - 2:
        raise cut_off(name)


def _is_beyond(error: Exception) -> bool:
    return isinstance(error, struct.error | EOFError | IndexError | OverflowError) or "offset" in str(error)


def _header(data: bytes, file: TiffFile, contents: TiffPictures, page: int, name: str) -> Header:
    picture = contents.pictures[page]
    keyframe = keyframe_of(picture.pages[0])
    _check_segments(keyframe, name)
    layout = _layout_of(keyframe)
    old_jpeg = _old_jpeg(data, keyframe, layout)
    _check(layout, keyframe, name, is_wrapped=bool(old_jpeg))
    unpack = _unpacker(data, file, picture, layout, old_jpeg, name)
    if picture.start is None:
        for channel in picture.pages:
            _check_complete(channel, len(data), name)
    colours = 3 if layout.photometric in (PALETTE, CMYK) or layout.samples >= 3 or contents.joined > 1 else 1
    value_bytes = (colours + (len(layout.extra) > 0)) * max(1, layout.bits // 8)
    note = ""
    if contents.joined > 1:
        note = f"Its {contents.joined} channels are shown as {CHANNEL_COLOURS[contents.joined]}."
    return Header(
        layout.width,
        layout.height,
        _orientation(keyframe),
        value_bytes,
        lambda: _guarded(unpack, note, layout, name),
        len(contents.pictures),
        contents.unit,
        _metadata(keyframe, layout),
    )


def _guarded(unpack: Callable[[], Planes], note: str, layout: TiffLayout, name: str) -> Planes:
    """The planes with one more sentence; whatever a directory without sense makes tifffile stumble over is refused."""
    try:
        planes = unpack()
    except (ConvStudioError, MemoryError):
        raise
    except Exception:
        raise undecodable(name, layout.codec) from None
    return planes._replace(note=" ".join(filter(None, (planes.note, note))))


def _layout_of(page: TiffPage) -> TiffLayout:
    bits: object = page.bitspersample  # of uneven channels they are several numbers
    form: object = page.sampleformat
    extra = tuple(int(kind) for kind in page.extrasamples)
    samples_of_pixel, photometric = _first(page.samplesperpixel), _first(page.photometric)
    if not extra and photometric in samples.COLOURS:
        colours = samples.COLOURS[photometric]
        extra = (0,) * (samples_of_pixel - (3 if colours == 1 and samples_of_pixel >= 3 else colours))
    return TiffLayout(
        _first(page.imagewidth),
        _first(page.imagelength),
        bits if isinstance(bits, int) else 0,
        int(form) if isinstance(form, int) else 0,
        samples_of_pixel,
        extra,
        photometric,
        _first(page.compression),
    )


def _check_segments(page: TiffPage, name: str) -> None:
    tag = page.tags.get(TILES if page.is_tiled else STRIPS)
    if tag is not None and tag.count > MOST_SEGMENTS:
        raise ConvStudioError(
            f"“{name}” is cut into {tag.count:,} strips or tiles, more than the {MOST_SEGMENTS:,} that are read; "
            "save it again with another program."
        )
    if page.is_tiled or TILE_WIDTH in page.tags:
        if page.tilewidth <= 0 or page.tilelength <= 0:
            raise damaged(name, "its tiles have no extent")
        if page.tilewidth * page.tilelength > 4 * max(2**20, page.imagewidth * page.imagelength):
            raise damaged(name, "its tiles are far larger than it is")


def _check_complete(page: Page, size: int, name: str) -> None:
    """Whether all strips or tiles lie within the file."""
    pairs = zip(page.dataoffsets, page.databytecounts, strict=False)
    if any(offset + count > size for offset, count in pairs):
        raise cut_off(name)


def _check(layout: TiffLayout, page: TiffPage, name: str, *, is_wrapped: bool) -> None:
    known = (*BY_OPENCV, *BY_TIFFFILE, *BY_IMAGECODECS)
    if layout.compression not in known and not is_wrapped:
        raise not_read(name, layout.codec)
    if layout.bits == 0 or layout.format not in KINDS or (page.dtype is None and not _is_opencvs(layout)):
        kind = KINDS.get(layout.format, "complex")
        uneven = "uneven " if layout.bits == 0 else f"{layout.bits}-bit "
        raise ConvStudioError(
            f"“{name}” holds {uneven}{kind} values, which are not read from "
            "TIFF files; save it with 8 or 16 bits, or as 32-bit floating point."
        )
    if layout.samples > 4 or layout.samples < 1:
        raise ConvStudioError(
            f"“{name}” holds {layout.samples} channels, but a picture has 1 to 4; save it as grey or RGB first."
        )
    predictor = _first(page.predictor)
    is_right = {1: True, 2: layout.bits >= 8, 3: layout.format == FLOAT}.get(predictor, False)
    if layout.compression in (*BY_TIFFFILE[1:], LZW, 34926, 50000) and not is_right:
        raise ConvStudioError(
            f"“{name}” is packed with predictor {predictor} on {layout.bits}-bit values, which is not read; "
            "save it unpacked."
        )


def _is_opencvs(layout: TiffLayout) -> bool:
    """Whether OpenCV unpacks a page."""
    if layout.compression == NEW_JPEG:
        return layout.bits == 8
    if layout.compression == LZW and not extras.has_imagecodecs():
        return layout.bits in (8, 16) and layout.format == UNSIGNED and layout.photometric in samples.COLOURS
    return layout.compression in BY_OPENCV or layout.photometric not in samples.COLOURS


def _unpacker(
    data: bytes, file: TiffFile, picture: TiffPicture, layout: TiffLayout, old_jpeg: bytes, name: str
) -> Callable[[], Planes]:
    """What will unpack a picture; refused where its library is not installed."""
    page = keyframe_of(picture.pages[0])
    if old_jpeg:
        return lambda: _unpack_wrapped(old_jpeg, layout, name)
    if _is_opencvs(layout) and len(picture.pages) == 1 and picture.start is None:
        return lambda: _unpack_by_opencv(data, file, picture.pages[0], layout, name)
    is_deep = layout.bits not in (8, 16, 32, 64) and not (layout.format == UNSIGNED and layout.bits in (1, 2, 4))
    if layout.compression not in BY_TIFFFILE or is_deep:
        codec = layout.codec if layout.compression != UNPACKED else f"{layout.bits} bits a value"
        extras.imagecodecs(name, codec)
    elif page.predictor == 3 and not extras.has_imagecodecs():
        raise library_missing(name, "differences of floating-point numbers", "imagecodecs")

    def unpack() -> Planes:
        channels = [
            _numbers(data, channel, picture.start, number, layout, name) for number, channel in enumerate(picture.pages)
        ]
        if len(channels) == 1:
            return samples.planes_of(channels[0], layout.bits, layout.photometric, layout.extra, _palette(page), name)
        empty = [np.zeros_like(channels[0])] * (3 - len(channels))
        return Planes(np.concatenate([*channels, *empty], axis=2))

    return unpack


def _numbers(data: bytes, page: Page, start: int | None, number: int, layout: TiffLayout, name: str) -> Raw:
    """All samples as stored, (H, W, samples); few bits are one number a byte."""
    keyframe = keyframe_of(page)
    planes, depth, height, width, step = keyframe.shaped
    if depth != 1 or keyframe.dtype is None:
        raise not_read(name, "volumes in one page")
    dtype = keyframe.dtype
    if start is not None:
        place = start + number * keyframe.nbytes
        if place + keyframe.nbytes > len(data):
            raise cut_off(name)
        stored = np.frombuffer(data, dtype.newbyteorder(keyframe.parent.byteorder), keyframe.size, place)
        values = stored.reshape(planes, height, width, step)
    else:
        values = np.empty((planes, height, width, step), dtype)
        _fill(values, data, page, layout, name)
    if planes > 1:
        values = np.moveaxis(values, 0, 3)
    native: Raw = values.reshape(height, width, -1).astype(np.uint8 if dtype.kind == "b" else dtype, copy=False)
    return native


def _fill(values: Raw, data: bytes, page: Page, layout: TiffLayout, name: str) -> None:
    """Unpack strip by strip or tile by tile; one that is missing is not made up."""
    keyframe = keyframe_of(page)
    count = _segment_count(keyframe, values.shape)
    offsets, counts = page.dataoffsets, page.databytecounts
    if len(offsets) < count or len(counts) < count:
        raise cut_off(name)
    more = {}
    if layout.compression in (NEW_JPEG, LOSSY_JPEG):
        more = {"jpegtables": page.jpegtables, "jpegheader": keyframe.jpegheader}
    for index in range(count):
        segment = data[offsets[index] : offsets[index] + counts[index]]
        if not segment:
            raise cut_off(name)
        try:
            decoded, (plane, _, top, left, _), shape = keyframe.decode(segment, index, **more)
        except MemoryError:
            raise
        except Exception as error:  # each codec has an exception of its own
            if "reshape" in str(error):  # fewer pixels came than belong there
                raise _too_few(layout, name) from None
            raise undecodable(name, layout.codec) from None
        if decoded is None or decoded.dtype.kind != values.dtype.kind or decoded.dtype.itemsize > values.dtype.itemsize:
            raise undecodable(name, layout.codec, "another kind of numbers than its header says")
        target = values[plane, top : top + shape[1], left : left + shape[2]]
        target[...] = decoded[0, : target.shape[0], : target.shape[1]]


def _too_few(layout: TiffLayout, name: str) -> ConvStudioError:
    if layout.compression in (*BY_TIFFFILE, LZW):
        return cut_off(name)
    return undecodable(name, layout.codec, "it gives another size than the file says")


def _segment_count(page: TiffPage, shape: tuple[int, ...]) -> int:
    planes, height, width, _ = shape
    high = page.tilelength if page.is_tiled else max(1, min(page.rowsperstrip, height))
    wide = page.tilewidth if page.is_tiled else width
    return int(planes * -(-height // high) * -(-width // wide))


def _palette(page: TiffPage) -> Raw | None:
    return None if page.photometric != PALETTE else page.colormap


def _unpack_by_opencv(data: bytes, file: TiffFile, page: Page, layout: TiffLayout, name: str) -> Planes:
    # OpenCV turns these by itself, and multiplies colours with their opacity unless that is said to be done
    plain = _patched(data, file, page)
    try:
        raw, complaint = decode(plain, _promise(layout), name)
    except UndecodableError:
        _refuse(layout, name)
    if "TIFF_Error" in complaint:
        _refuse(layout, name)
    if raw.shape[2] < 3:
        return Planes(raw, note=warning(complaint) or ("Its opacity is not read." if layout.extra else ""))
    has_alpha = raw.shape[2] == 4 and len(layout.extra) > 0 and layout.photometric != CMYK
    pixels, alpha = bgr_to_rgb(raw), raw[:, :, 3] if has_alpha else None
    if alpha is not None and layout.extra[0] == PREMULTIPLIED:
        pixels = samples.unpremultiply(pixels, alpha)
    return Planes(pixels, alpha, warning(complaint))


def _refuse(layout: TiffLayout, name: str) -> NoReturn:
    raise undecodable(name, layout.codec) from None


def _patched(data: bytes, file: TiffFile, page: Page) -> bytes:
    """The file with this page as its first one, upright and as it is."""
    changed = bytearray(data)
    order = file.byteorder
    struct.pack_into(order + ("Q" if file.is_bigtiff else "I"), changed, 8 if file.is_bigtiff else 4, page.offset)
    for code, number in ((ORIENTATION, 1), (EXTRA, PREMULTIPLIED)):
        tag = keyframe_of(page).tags.get(code)
        letter = {1: "B", 3: "H", 4: "I"}.get(int(tag.dtype)) if tag is not None else None
        if tag is not None and letter and tag.valueoffset + 4 <= len(changed):
            struct.pack_into(order + letter, changed, tag.valueoffset, number)
    return bytes(changed)


def _promise(layout: TiffLayout) -> Promise:
    is_grey = layout.samples < 3 and layout.photometric != PALETTE and layout.compression not in LOG
    bits = 32 if layout.compression in LOG else max(8, layout.bits)
    return Promise(layout.width, layout.height, 1 if is_grey else 3, bits)


def _old_jpeg(data: bytes, page: TiffPage, layout: TiffLayout) -> bytes:
    """The whole JPEG file within an old-style TIFF, where it is one."""
    if layout.compression != OLD_JPEG:
        return b""
    place, size = (_first(page.tags.valueof(code, 0)) for code in (JPEG_PLACE, JPEG_SIZE))
    streams = [data[place : place + size] if size else data[place:]]
    if len(page.dataoffsets) == 1:
        streams += [data[page.dataoffsets[0] :]]
    return next((stream for stream in streams if stream.startswith(b"\xff\xd8\xff") and b"\xff\xda" in stream), b"")


def _unpack_wrapped(jpeg: bytes, layout: TiffLayout, name: str) -> Planes:
    try:
        raw, complaint = decode(jpeg, _promise(layout), name)
    except UndecodableError:
        raise undecodable(name, layout.codec) from None
    return Planes(bgr_to_rgb(raw) if raw.shape[2] >= 3 else raw, note=warning(complaint))


def _orientation(page: TiffPage) -> int:
    stated = page.tags.valueof(ORIENTATION, 0)
    if isinstance(stated, int) and 1 <= stated <= 8:
        return int(stated)
    xmp = page.tags.valueof(XMP)
    return orientation_in_xmp(xmp if isinstance(xmp, bytes) else b"") or 1


def _metadata(page: TiffPage, layout: TiffLayout) -> Metadata:
    profile = page.tags.valueof(PROFILE)
    profile = profile if isinstance(profile, bytes) and layout.photometric != CMYK else b""
    unit = page.tags.valueof(UNIT, 2)
    sides = [_ratio(page.tags.valueof(code)) * INCHES.get(_first(unit), 0.0) for code in RESOLUTION]
    resolution = (sides[0], sides[1]) if min(sides) > 0 else None
    return Metadata(profile, resolution=resolution)


def _first(value: object) -> int:
    """The one number of a tag, which tifffile gives alone or in a row."""
    value = value[0] if isinstance(value, tuple) and value else value
    return value if isinstance(value, int) and value >= 0 else 0


def _ratio(value: object) -> float:
    if isinstance(value, tuple) and len(value) == 2 and all(isinstance(part, int) for part in value) and value[1]:
        return float(value[0]) / float(value[1])
    return 0.0
