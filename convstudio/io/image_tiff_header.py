"""What a TIFF file's directory means for decoding it. The directories themselves are read in `image_tiff`."""

from typing import NamedTuple

from convstudio.core.errors import ConvStudioError
from convstudio.io import image_tiff as tiff
from convstudio.io.decoder_wire import Reading
from convstudio.io.image_tiff_tiles import without_odd_tiles

WHITE_IS_ZERO, CMYK = 0, 5
UNSIGNED, SIGNED, FLOAT = 1, 2, 3
SEPARATE = 2
PREMULTIPLIED, APART = 1, 2  # how opacity is stored
PLAIN, HORIZONTAL = 1, 2  # predictors: none, differences of neighbours
READABLE = {
    UNSIGNED: (1, 2, 4, 8, 16, 32),
    SIGNED: (8, 16, 32),
    FLOAT: (32, 64),
}
KINDS = {UNSIGNED: "whole", SIGNED: "signed", FLOAT: "floating-point"}


class _Layout(NamedTuple):
    width: int
    height: int
    bits: int
    format: int
    samples: int
    photometric: int


def read(data: bytes, name: str) -> tuple[bytes, Reading, int]:
    """The bytes to decode, how to read them, and the decoded bytes of a pixel."""
    directory = tiff.read_directory(data)
    if not tiff.is_complete(data, directory):
        raise ConvStudioError(
            f"“{name}” is damaged: it ends before its picture is complete; copy or download it again."
        )
    data, directory = without_odd_tiles(data, directory)

    def value(tag: int, default: int) -> int:
        return directory.value(data, tag, default)

    layout = _Layout(
        value(tiff.WIDTH, 0),
        value(tiff.HEIGHT, 0),
        value(tiff.BITS, 1),
        value(tiff.FORMAT, UNSIGNED),
        value(tiff.SAMPLES, 1),
        value(tiff.PHOTOMETRIC, 1),
    )
    _check(layout, name, is_separate=value(tiff.PLANES, 1) == SEPARATE)
    orientation = value(tiff.ORIENTATION, 1)
    changes: dict[int, int | None] = {}
    if orientation != 1:
        changes[tiff.ORIENTATION] = 1
    reading = Reading(
        layout.width,
        layout.height,
        orientation if 1 <= orientation <= 8 else 1,
        has_alpha=layout.photometric != CMYK and layout.samples == 4,
        is_white_zero=layout.photometric == WHITE_IS_ZERO and layout.bits == 16 and layout.format == UNSIGNED,
    )
    if layout.samples == 2:
        tile_width, predictor = value(tiff.TILE_WIDTH, 0), value(tiff.PREDICTOR, 1)
        if predictor not in (PLAIN, HORIZONTAL) or (predictor == HORIZONTAL and layout.format == FLOAT):
            raise ConvStudioError(
                f"“{name}” packs grey and opacity with predictor {predictor}, which is not read; save it unpacked."
            )
        changes |= _as_one_sample(layout, tile_width)
        run = (tile_width or layout.width) if predictor == HORIZONTAL else 0
        reading = reading._replace(is_interleaved=True, run=run)
    elif layout.samples == 4 and layout.bits == 8 and value(tiff.EXTRA, PREMULTIPLIED) != PREMULTIPLIED:
        changes[tiff.EXTRA] = PREMULTIPLIED  # else OpenCV multiplies the colours with the opacity
    changed = tiff.with_changes(data, directory, changes) if changes else data
    return changed, reading, (1 if layout.samples == 1 else 4) * max(1, layout.bits // 8)


def _as_one_sample(layout: _Layout, tile_width: int) -> dict[int, int | None]:
    """Grey with opacity as grey of double width, which OpenCV can read."""
    changes: dict[int, int | None] = {
        tiff.WIDTH: 2 * layout.width,
        tiff.SAMPLES: 1,
        tiff.BITS: layout.bits,
        tiff.FORMAT: layout.format,
        tiff.PHOTOMETRIC: 1,
        tiff.PREDICTOR: None,
        tiff.EXTRA: None,
    }
    return changes | {tiff.TILE_WIDTH: 2 * tile_width} if tile_width else changes


def _check(layout: _Layout, name: str, *, is_separate: bool) -> None:
    if layout.bits not in READABLE.get(layout.format, ()):
        kind = KINDS.get(layout.format, "complex")
        raise ConvStudioError(
            f"“{name}” holds {layout.bits}-bit {kind} values, which are not read from TIFF files; "
            "save it with 8 or 16 bits, or as 32-bit floating point."
        )
    if layout.samples > 4 or (layout.samples == 2 and (layout.bits < 8 or is_separate)):
        raise ConvStudioError(
            f"“{name}” holds {layout.samples} channels, but a picture has 1 to 4; save it as grey or RGB first."
        )
    if is_separate and layout.samples > 1 and layout.bits != 8:
        raise ConvStudioError(
            f"“{name}” stores its {layout.bits}-bit colours in separate planes, which is not read; "
            "save it with interleaved channels."
        )
