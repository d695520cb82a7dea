"""Bitmaps of every header, depth and packing, written byte by byte; the colours by hand."""

import struct
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.images import decode_image

HEADERS = (12, 40, 52, 56, 64, 108, 124)
COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (1, 2, 3), (40, 50, 60))  # red, green, blue


def bitmap(
    width: int,
    height: int,
    bits: int,
    body: bytes,
    *,
    header: int = 40,
    packing: int = 0,
    palette: Sequence[tuple[int, int, int]] = (),
    masks: Sequence[int] = (),
) -> bytes:
    """A BMP with a header of so many bytes; masks lie in it or, behind one of 40 bytes, follow it."""
    if header == 12:
        about = struct.pack("<IHHHH", header, width, height, 1, bits)
        colours = b"".join(bytes(colour[::-1]) for colour in palette)
    else:
        about = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packing, len(body), 0, 0, len(palette), 0)
        about = struct.pack("<I", header) + about[4:] + struct.pack(f"<{len(masks)}I", *masks)
        about = about.ljust(header, b"\0")
        colours = b"".join(bytes((*colour[::-1], 0)) for colour in palette)
    start = 14 + len(about) + len(colours)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + about + colours + body


def packed_rows(indices: NDArray[np.uint8], bits: int, *, is_upper_first: bool) -> bytes:
    """Rows of palette indices, each filled up to four bytes."""
    rows = []
    for row in indices if is_upper_first else indices[::-1]:
        text = "".join(f"{index:0{bits}b}" for index in row)
        text += "0" * (-len(text) % 32)
        rows.append(int(text, 2).to_bytes(len(text) // 8, "big"))
    return b"".join(rows)


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("bits", [1, 4, 8])
@pytest.mark.parametrize("is_upper_first", [False, True])
def test_a_palette_is_colours_under_every_header(header: int, bits: int, is_upper_first: bool) -> None:
    if header == 12 and is_upper_first:
        is_upper_first = False  # that header has no sign
    palette = COLOURS[: 2**bits]
    indices = np.random.default_rng(bits).integers(0, len(palette), (5, 7), dtype=np.uint8)
    body = packed_rows(indices, bits, is_upper_first=is_upper_first)

    data = bitmap(7, -5 if is_upper_first else 5, bits, body, header=header, palette=palette)
    frame = decode_image(data, "palette.bmp")

    np.testing.assert_array_equal(frame.pixels, np.array(palette, np.uint8)[indices])
    assert frame.alpha is None


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("height", [2, -2])
def test_three_bytes_are_blue_green_red_under_every_header(header: int, height: int) -> None:
    height = abs(height) if header == 12 else height
    # the last row is not filled up
    rows = [bytes((*COLOURS[0][::-1], *COLOURS[4][::-1])) + b"\0\0", bytes((*COLOURS[2][::-1], *COLOURS[5][::-1]))]

    frame = decode_image(bitmap(2, height, 24, b"".join(rows), header=header), "24.bmp")

    expected = [[COLOURS[0], COLOURS[4]], [COLOURS[2], COLOURS[5]]]
    np.testing.assert_array_equal(frame.pixels, expected if height < 0 else expected[::-1])


def test_a_grey_palette_is_grey() -> None:
    data = bitmap(4, 1, 8, bytes([0, 1, 2, 3]), palette=[(0, 0, 0), (85, 85, 85), (170, 170, 170), (255, 255, 255)])

    assert decode_image(data, "grey.bmp").pixels.ravel().tolist() == [0, 85, 170, 255]
    assert decode_image(data, "grey.bmp").shape.channels == 1


@pytest.mark.parametrize(
    ("masks", "widths"),
    [
        ((), (5, 5, 5)),
        ((0xF800, 0x07E0, 0x001F), (5, 6, 5)),
        ((0x7C00, 0x03E0, 0x001F), (5, 5, 5)),
        ((0x0F00, 0x00F0, 0x000F), (4, 4, 4)),
    ],
)
@pytest.mark.parametrize("header", [40, 52, 56, 108])
def test_few_bits_of_a_colour_are_spread_over_the_range_of_eight(
    masks: tuple[int, ...], widths: tuple[int, int, int], header: int
) -> None:
    values = np.arange(64)
    channels = [values % 2**width for width in widths]
    shifts = (widths[1] + widths[2], widths[2], 0)
    words = sum(channel << shift for channel, shift in zip(channels, shifts, strict=True)).astype("<u2")

    data = bitmap(64, 1, 16, words.tobytes(), header=header, packing=3 if masks else 0, masks=masks)
    frame = decode_image(data, "16.bmp")

    for channel, value, width in zip(frame.pixels[0].T, channels, widths, strict=True):
        np.testing.assert_array_equal(channel, np.floor(value * 255 / (2**width - 1) + 0.5))
    assert frame.pixels.max() == 255
    assert frame.alpha is None


def test_four_bytes_may_lie_in_any_order_and_hold_opacity() -> None:
    masks = (0x000000FF, 0x0000FF00, 0x00FF0000, 0xFF000000)
    body = bytes([10, 20, 30, 128, 40, 50, 60, 255])

    frame = decode_image(bitmap(2, 1, 32, body, header=108, packing=3, masks=masks), "32.bmp")
    plain = decode_image(bitmap(2, 1, 32, body, packing=3, masks=masks[:3]), "32.bmp")

    np.testing.assert_array_equal(frame.pixels, [[[10, 20, 30], [40, 50, 60]]])
    np.testing.assert_array_equal(frame.alpha, [[128, 255]])
    np.testing.assert_array_equal(plain.pixels, frame.pixels)
    assert plain.alpha is None


def test_ten_bits_of_a_colour_are_read() -> None:
    word = struct.pack("<I", 1023 << 20 | 512 << 10 | 1)

    frame = decode_image(bitmap(1, 1, 32, word, packing=3, masks=(0x3FF00000, 0xFFC00, 0x3FF)), "10 bits")

    assert frame.pixels.ravel().tolist() == [255, 128, 0]  # 512·255/1023 = 127.6


def test_a_mask_with_gaps_is_damage() -> None:
    with pytest.raises(ConvStudioError, match="the mask 0x5 of its colours has gaps"):
        decode_image(bitmap(1, 1, 32, bytes(4), packing=3, masks=(0xFF0000, 0xFF00, 0x5)), "x")


def run_lengths(indices: NDArray[np.uint8], bits: int, *, filled: int = 1) -> bytes:
    """Rows from below as runs of equal indices, the middle of each row as it is.

    Many programs pack rows that are filled up to four pixels, as those that are not packed are.
    """
    body = b""
    indices = np.pad(indices, ((0, 0), (0, -indices.shape[1] % filled)), mode="edge")
    for row in indices[::-1].tolist():
        body += bytes([1, row[0] << (8 - bits)])
        middle = row[1:-1]
        packed = bytes(middle)
        if bits == 4:
            halves = [*middle, *[0] * (len(middle) % 2)]
            packed = bytes(high << 4 | low for high, low in zip(halves[::2], halves[1::2], strict=True))
        body += bytes([0, len(middle)]) + packed + b"\0" * (len(packed) % 2)
        body += bytes([1, row[-1] << (8 - bits)]) + b"\0\0"
    return body[:-2] + b"\0\1"


@pytest.mark.parametrize(("bits", "packing"), [(8, 1), (4, 2)])
@pytest.mark.parametrize("width", range(5, 14))
@pytest.mark.parametrize("header", [40, 64, 108])
@pytest.mark.parametrize("filled", [1, 2, 4])
def test_run_lengths_of_any_width_are_read(bits: int, packing: int, width: int, header: int, filled: int) -> None:
    indices = np.random.default_rng(width).integers(0, len(COLOURS), (4, width), dtype=np.uint8)

    data = bitmap(
        width, 4, bits, run_lengths(indices, bits, filled=filled), header=header, packing=packing, palette=COLOURS
    )
    frame = decode_image(data, "runs.bmp")

    np.testing.assert_array_equal(frame.pixels, np.array(COLOURS, np.uint8)[indices])


def test_runs_of_four_bits_alternate_and_leaps_leave_the_first_colour() -> None:
    body = bytes([5, 0x12, 0, 2, 1, 1, 2, 0x33, 0, 1])  # 5 in turns of 1 and 2; one right, one up; 2 of 3; the end

    frame = decode_image(bitmap(8, 2, 4, body, packing=2, palette=COLOURS), "leap.bmp")

    indices = [[0, 0, 0, 0, 0, 0, 3, 3], [1, 2, 1, 2, 1, 0, 0, 0]]
    np.testing.assert_array_equal(frame.pixels, np.array(COLOURS, np.uint8)[indices])


def test_runs_beyond_the_row_stay_in_it() -> None:
    body = bytes([200, 1, 0, 0, 3, 2, 0, 1])

    frame = decode_image(bitmap(3, 2, 8, body, packing=1, palette=COLOURS), "long.bmp")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], [[0] * 3, [0] * 3])
    np.testing.assert_array_equal(frame.pixels[:, :, 1], [[0] * 3, [255] * 3])


@pytest.mark.parametrize("missing", [2, 3, 9])
def test_run_lengths_that_end_too_early_are_cut_off(missing: int) -> None:
    indices = np.random.default_rng(1).integers(0, 6, (4, 9), dtype=np.uint8)
    data = bitmap(9, 4, 8, run_lengths(indices, 8), packing=1, palette=COLOURS)

    if missing == 2:  # only the mark of the end
        assert decode_image(data[:-missing], "x").shape == (3, 4, 9)
        return
    with pytest.raises(ConvStudioError, match="“x” is damaged: it ends before its picture is complete"):
        decode_image(data[:-missing], "x")


@pytest.mark.parametrize(
    ("header", "bits", "packing", "words"),
    [
        (40, 24, 4, "packed with JPEG, which is not read from BMP files"),
        (40, 24, 5, "packed with PNG"),
        (64, 1, 3, "packed with Huffman codes"),
        (64, 24, 4, "packed with run lengths of 24 bits"),
        (124, 32, 11, "packed with CMYK"),
        (40, 8, 77, "packed with method 77"),
        (40, 5, 0, "has 5 bits a pixel"),
        (40, 4, 1, "it says that 4 bits a pixel are packed as run lengths"),
    ],
)
def test_what_is_not_read_is_named(header: int, bits: int, packing: int, words: str) -> None:
    with pytest.raises(ConvStudioError, match=words):
        decode_image(bitmap(1, 1, bits, bytes(64), header=header, packing=packing), "x")
