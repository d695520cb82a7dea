"""TIFF files of many packings and kinds of numbers, written by hand; each is read right, or named."""

import lzma
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.sizes import ceil_division
from convstudio.core.opencv import cv2
from convstudio.io.decoding.images import decode_image
from tests.io.decoding.test_images import UPRIGHT
from tests.io.picture_bytes import GREY, RGB, RGBA, png_file, tiff_file, tiff_in_tiles, tiff_of_tags, xmp

LZW, DEFLATE, PACKBITS, WEBP, PNG, JPEG_2000 = 5, 8, 32773, 50001, 34933, 34712
Numbers = dict[int, tuple[int, tuple[int, ...]]]


def tags_of(width: int, height: int, size: int, **numbers: int) -> Numbers:
    """The tags of one strip; `numbers` names others or other values."""
    tags = {"compression": 259, "photometric": 262, "samples": 277, "planar": 284, "predictor": 317, "extra": 338}
    plain: Numbers = {
        256: (4, (width,)),
        257: (4, (height,)),
        258: (3, (numbers.pop("bits", 8),) * numbers.get("samples", 1)),
        259: (3, (1,)),
        262: (3, (1,)),
        273: (4, (8,)),
        277: (3, (1,)),
        278: (4, (height,)),
        279: (4, (size,)),
    }
    return plain | {tags[name]: (3, (value,)) for name, value in numbers.items()}


def packed(width: int, height: int, body: bytes, **numbers: int) -> bytes:
    """A TIFF of one strip with this body."""
    return tiff_of_tags(tags_of(width, height, len(body), **numbers), body)


def colours(height: int = 20, width: int = 17, channels: int = 3) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(0, 256, (height, width, channels), dtype=np.uint8)


def png_of(pixels: NDArray[np.uint8]) -> bytes:
    height, width, channels = pixels.shape
    return png_file(width, height, 8, {1: GREY, 3: RGB, 4: RGBA}[channels], [row.tobytes() for row in pixels])


def webp_of(pixels: NDArray[np.uint8]) -> bytes:
    blue_first = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA if pixels.shape[2] == 4 else cv2.COLOR_RGB2BGR)
    data: bytes = cv2.imencode(".webp", blue_first, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    return data


def jpeg_2000_of(pixels: NDArray[np.uint8]) -> bytes:
    blue_first = np.ascontiguousarray(pixels[:, :, ::-1])
    file = cv2.imencode(".jp2", blue_first, [cv2.IMWRITE_JPEG2000_COMPRESSION_X1000, 1000])[1].tobytes()
    data: bytes = file[file.index(b"\xff\x4f\xff\x51") :]  # the codes without the boxes around them
    return data


def lzw_of(pixels: NDArray[np.uint8]) -> bytes:
    """Codes that clear the table so often that all have nine bits (TIFF 6.0, section 13)."""
    codes, data = [256], pixels.tobytes()
    for start in range(0, len(data), 200):
        codes += [*data[start : start + 200], 256]
    text = "".join(f"{code:09b}" for code in [*codes, 257])
    text += "0" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def packbits_of(pixels: NDArray[np.uint8]) -> bytes:
    """Each row in pieces of at most 100 bytes as they are."""
    rows = [row.tobytes() for row in pixels]
    pieces = [row[start : start + 100] for row in rows for start in range(0, len(row), 100)]
    return b"".join(bytes([len(piece) - 1]) + piece for piece in pieces)


PACKINGS: dict[int, Callable[[NDArray[np.uint8]], bytes]] = {
    LZW: lzw_of,
    DEFLATE: lambda pixels: zlib.compress(pixels.tobytes()),
    32946: lambda pixels: zlib.compress(pixels.tobytes()),
    34925: lambda pixels: lzma.compress(pixels.tobytes()),
    PACKBITS: packbits_of,
    WEBP: webp_of,
    PNG: png_of,
    JPEG_2000: jpeg_2000_of,
}


@pytest.mark.parametrize("compression", PACKINGS)
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_packing_that_can_be_unpacked_gives_the_picture(compression: int, channels: int) -> None:
    if (compression, channels) in ((WEBP, 1), (JPEG_2000, 4)):
        channels = 3  # there is no such picture, or our encoder makes none
    pixels = colours(48, 64, channels)
    pixels[:, :, 3:] |= 1  # encoders forget colours that nobody sees
    numbers = {"samples": channels, "photometric": 2 if channels >= 3 else 1} | ({"extra": 2} if channels == 4 else {})

    frame = decode_image(packed(64, 48, PACKINGS[compression](pixels), compression=compression, **numbers), "x")

    np.testing.assert_array_equal(frame.pixels, pixels[:, :, :3])
    if channels == 4:
        np.testing.assert_array_equal(frame.alpha, pixels[:, :, 3])


@pytest.mark.parametrize(
    ("compression", "words"),
    [(6, "old-style JPEG"), (9, "JBIG"), (34661, "JBIG"), (12345, "method 12345")],
)
def test_a_packing_that_is_not_read_is_named_and_neither_black_nor_called_damaged(compression: int, words: str) -> None:
    data = packed(17, 20, bytes(100), compression=compression, samples=3, photometric=2)

    with pytest.raises(ConvStudioError) as refusal:
        decode_image(data, "x.tif")

    assert f"“x.tif” is packed with {words}, which is not read here" in str(refusal.value)
    assert "damaged" not in str(refusal.value)


@pytest.mark.parametrize(
    ("compression", "words"),
    [
        (7, "JPEG"),
        (33003, "Aperio JPEG 2000"),
        (34887, "LERC"),
        (34892, "lossy JPEG"),
        (34926, "Zstandard"),
        (34934, "JPEG XR"),
        (50000, "Zstandard"),
        (50002, "JPEG XL"),
        (52546, "JPEG XL"),
    ],
)
def test_a_decoder_that_says_no_is_named(compression: int, words: str) -> None:
    data = packed(17, 20, bytes(100), compression=compression, samples=3, photometric=2)

    with pytest.raises(ConvStudioError, match=f"“x.tif” was refused by the decoder of {words}: it is damaged, or of a"):
        decode_image(data, "x.tif")


@pytest.mark.parametrize("compression", PACKINGS)
def test_what_cannot_be_unpacked_is_refused(compression: int) -> None:
    data = packed(17, 20, bytes(range(99)), compression=compression, samples=3, photometric=2)

    with pytest.raises(ConvStudioError, match=r"“x” was refused by the decoder of |“x” is damaged: it ends before"):
        decode_image(data, "x")


@pytest.mark.parametrize("compression", [WEBP, PNG, JPEG_2000])
def test_a_strip_of_another_size_than_promised_is_refused(compression: int) -> None:
    body = PACKINGS[compression](colours(48, 64))

    with pytest.raises(ConvStudioError, match=r"decoder of .* \(it gives another size than the file says\)"):
        decode_image(packed(64, 50, body, compression=compression, samples=3, photometric=2), "x")


def test_an_old_style_tiff_around_a_jpeg_is_that_jpeg() -> None:
    pixels = cv2.GaussianBlur(colours(32, 48), (0, 0), 3)
    body = cv2.imencode(".jpg", pixels)[1].tobytes()
    tags = tags_of(48, 32, len(body), compression=6, samples=3, photometric=6) | {
        513: (4, (8,)),
        514: (4, (len(body),)),
    }
    without = tags_of(48, 32, len(body), compression=6, samples=3, photometric=6)

    expected = decode_image(body, "x").pixels

    np.testing.assert_array_equal(decode_image(tiff_of_tags(tags, body), "x").pixels, expected)
    np.testing.assert_array_equal(decode_image(tiff_of_tags(without, body), "x").pixels, expected)


def test_what_the_decoder_within_warns_of_is_told() -> None:
    pixels = cv2.GaussianBlur(colours(64, 64), (0, 0), 1)
    whole = cv2.imencode(".jpg", pixels)[1].tobytes()
    damaged = bytearray(whole)
    damaged[len(whole) // 2 : len(whole) // 2 + 300] = bytes(300)

    notes = [
        decode_image(packed(64, 64, bytes(body), compression=7, samples=3, photometric=6), "x").note
        for body in (damaged, whole)
    ]

    assert notes[0].startswith("Part of it may be wrong, its decoder warns: JPEGLib: Corrupt JPEG data: ")
    assert notes[1] == ""


@pytest.mark.parametrize("bits", [1, 2, 4])
@pytest.mark.parametrize("compression", [1, LZW, DEFLATE])
@pytest.mark.parametrize("photometric", [0, 1])
def test_grey_of_few_bits_is_spread_over_the_range_of_eight(bits: int, compression: int, photometric: int) -> None:
    values = np.random.default_rng(bits).integers(0, 2**bits, (5, 11))
    rows = ["".join(f"{value:0{bits}b}" for value in row).ljust(ceil_division(11 * bits, 8) * 8, "0") for row in values]
    body = np.array([list(int(row, 2).to_bytes(len(row) // 8, "big")) for row in rows], np.uint8)
    stored = body.tobytes() if compression == 1 else PACKINGS[compression](body)

    data = packed(11, 5, stored, bits=bits, compression=compression, photometric=photometric)
    frame = decode_image(data, "few.tif")

    shades = values if photometric == 1 else 2**bits - 1 - values
    np.testing.assert_array_equal(frame.pixels[:, :, 0], shades * {1: 255, 2: 85, 4: 17}[bits])


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("scale", [1, 256, 257])
def test_a_palette_is_colours(bits: int, scale: int) -> None:
    count = 2**bits
    eight = np.random.default_rng(bits).integers(0, 256, (count, 3))
    indices = [1, 0, count - 1, 1]
    text = "".join(f"{index:0{bits}b}" for index in indices)
    body = int(text.ljust(ceil_division(len(text), 8) * 8, "0"), 2).to_bytes(ceil_division(len(text), 8), "big")
    tags = tags_of(4, 1, len(body), bits=bits, photometric=3)
    tags[320] = (3, tuple((eight.T * scale).ravel().tolist()))

    frame = decode_image(tiff_of_tags(tags, body), "palette.tif")

    np.testing.assert_array_equal(frame.pixels[0], eight[indices])
    assert frame.alpha is None


def test_a_palette_with_opacity_is_both() -> None:
    eight = np.random.default_rng(1).integers(0, 256, (256, 3))
    tags = tags_of(2, 1, 4, photometric=3, samples=2, extra=2) | {320: (3, tuple((eight.T * 257).ravel().tolist()))}

    frame = decode_image(tiff_of_tags(tags, bytes([7, 100, 200, 255])), "palette.tif")

    np.testing.assert_array_equal(frame.pixels[0], eight[[7, 200]])
    np.testing.assert_array_equal(frame.alpha, [[100, 255]])


def test_a_palette_that_is_not_there_is_damage() -> None:
    with pytest.raises(ConvStudioError, match="its palette is not complete"):
        decode_image(packed(2, 1, b"\0\1", photometric=3), "x")


@pytest.mark.parametrize(
    ("bits", "letter", "number", "stored", "plain"),
    [
        # of 255: 100·255/128 = 199.2, 50·255/200 = 63.75; more than the opacity is full
        (8, "B", 1, [100, 128, 64, 128, 50, 0, 250, 200], [199, 255, 128, 64, 0, 255]),
        (16, "H", 1, [1000, 65535, 3, 32768, 500, 0, 40000, 50000], [2000, 65535, 6, 655, 0, 52428]),
        (32, "f", 3, [0.25, 0.5, 0.125, 0.5, 0.25, 0.0, 0.75, 0.75], [0.5, 1.0, 0.25, 1 / 3, 0.0, 1.0]),
    ],
)
def test_colours_multiplied_with_their_opacity_are_divided_by_it(
    bits: int, letter: str, number: int, stored: list[float], plain: list[float]
) -> None:
    pixels = struct.pack(f"<8{letter}", *stored)
    data = tiff_file(2, 1, pixels, bits=bits, samples=4, number=number, photometric=2, more=[(338, 1)])

    frame = decode_image(data, "multiplied.tif")

    np.testing.assert_allclose(frame.pixels.ravel(), plain, rtol=1e-6)
    np.testing.assert_array_equal(frame.alpha, [[stored[3], stored[7]]])


def test_what_is_transparent_has_no_colour_left() -> None:
    data = tiff_file(1, 1, bytes([0, 0]), samples=2, more=[(338, 1)])

    frame = decode_image(data, "clear.tif")

    assert (frame.pixels.item(), None if frame.alpha is None else frame.alpha.item()) == (0, 0)


@pytest.mark.parametrize(("bits", "letter", "full"), [(8, "B", 255), (16, "H", 65535)])
@pytest.mark.parametrize("is_separate", [False, True])
def test_inks_are_mixed(bits: int, letter: str, full: int, is_separate: bool) -> None:
    inks = np.array([[0, 0, 0, 0], [full, 0, 0, 0], [0, full // 3, full, 0], [0, 0, 0, full], [0, 0, full, full // 5]])
    body = struct.pack(f"<20{letter}", *(inks.T if is_separate else inks).ravel())
    tags = tags_of(5, 1, len(body), bits=bits, samples=4, photometric=5, planar=2 if is_separate else 1)
    if is_separate:
        plane = len(body) // 4
        tags[273], tags[279] = (4, tuple(range(8, 8 + len(body), plane))), (4, (plane,) * 4)

    frame = decode_image(tiff_of_tags(tags, body), "inks.tif")

    third, fifth = full - full // 3, full - full // 5
    assert frame.pixels[0].tolist() == [[full] * 3, [0, full, full], [full, third, 0], [0] * 3, [fifth, fifth, 0]]
    assert (frame.alpha, frame.white) == (None, full)


@pytest.mark.parametrize(("bits", "number", "letter"), [(16, 1, "H"), (32, 3, "f"), (16, 3, "e")])
def test_planes_of_deep_colours_are_put_together(bits: int, number: int, letter: str) -> None:
    planes = [[1, 2], [300, 400], [1000, 2000]]
    body = b"".join(struct.pack(f"<2{letter}", *plane) for plane in planes)
    tags = tags_of(2, 1, len(body), bits=bits, samples=3, photometric=2, planar=2) | {339: (3, (number,) * 3)}
    size = len(body) // 3
    tags[273], tags[279] = (4, (8, 8 + size, 8 + 2 * size)), (4, (size,) * 3)

    frame = decode_image(tiff_of_tags(tags, body), "planes.tif")

    np.testing.assert_array_equal(frame.pixels, [[[1, 300, 1000], [2, 400, 2000]]])


@pytest.mark.parametrize("bits", [16, 32, 64])
def test_floats_as_differences_of_bytes_are_summed_up(bits: int) -> None:
    values = np.array([[0.5, 1.0, -2.0], [0.25, 0.0, 8.0]], f">f{bits // 8}")
    by_weight = values.view(np.uint8).reshape(2, 3, -1).transpose(0, 2, 1).reshape(2, -1)  # all first bytes, all second
    differences = np.diff(by_weight, axis=1, prepend=np.zeros((2, 1), np.uint8))
    body = zlib.compress(differences.astype(np.uint8).tobytes())
    tags = tags_of(3, 2, len(body), bits=bits, compression=8, predictor=3) | {339: (3, (3,))}

    frame = decode_image(tiff_of_tags(tags, body), "floats.tif")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], values)


def test_bits_may_come_lowest_first() -> None:
    tags = tags_of(8, 1, 1, bits=1) | {266: (3, (2,))}

    frame = decode_image(tiff_of_tags(tags, b"\x03"), "lowest.tif")

    assert frame.pixels.ravel().tolist() == [255, 255, 0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_pictures_stand_upright_as_xmp_says_unless_the_directory_does(orientation: int) -> None:
    text = xmp(orientation)
    body = bytes([1, 2, 3, 4, 5, 6]) + text
    tags = tags_of(3, 2, 6)

    by_xmp = tiff_of_tags(tags | {700: (1, tuple(text))}, body)
    by_both = tiff_of_tags(tags | {700: (1, tuple(text)), 274: (3, (1,))}, body)

    np.testing.assert_array_equal(decode_image(by_xmp, "x").pixels[:, :, 0], UPRIGHT[orientation])
    np.testing.assert_array_equal(decode_image(by_both, "x").pixels[:, :, 0], UPRIGHT[1])


def test_one_tile_named_many_times_is_as_many_tiles() -> None:
    numbers = {256: 160, 257: 160, 258: 8, 259: 1, 262: 1, 277: 1, 322: 16, 323: 16}
    tags: Numbers = {tag: (3, (number,)) for tag, number in numbers.items()}
    data = tiff_of_tags(tags | {324: (4, (8,) * 100), 325: (4, (256,) * 100)}, bytes(range(256)))

    frame = decode_image(data, "one.tif")

    expected = np.tile(np.arange(256, dtype=np.uint8).reshape(16, 16), (10, 10))
    np.testing.assert_array_equal(frame.pixels[:, :, 0], expected)


@pytest.mark.parametrize("more", [[(322, 0)], [(323, 0)], [(322, 65520), (323, 65520)]])
def test_tiles_of_no_extent_or_far_too_large_are_damage(more: list[tuple[int, int]]) -> None:
    with pytest.raises(ConvStudioError, match="“x” is damaged: its tiles"):
        decode_image(tiff_in_tiles(colours(), 16, 16, more=more), "x")


def test_strips_that_are_missing_are_cut_off() -> None:
    tags = tags_of(2, 4, 2) | {278: (4, (1,)), 273: (4, (8, 10)), 279: (4, (2, 2))}

    with pytest.raises(ConvStudioError, match="“x” is damaged: it ends before its picture is complete"):
        decode_image(tiff_of_tags(tags, bytes(8)), "x")
