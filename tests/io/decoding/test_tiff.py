"""TIFF files: many depths, opacity in several ways, and orientations."""

import struct
import zlib

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.images import decode_image
from tests.io.decoding.test_images import UPRIGHT
from tests.io.picture_bytes import tiff_file, tiff_in_tiles

FLOAT, SIGNED = 3, 2


@pytest.mark.parametrize(("bits", "letter"), [(32, "f"), (64, "d")])
def test_floats_keep_their_numbers_and_their_type(bits: int, letter: str) -> None:
    pixels = struct.pack(f"<3{letter}", -0.5, 0.25, 1.0)

    frame = decode_image(tiff_file(3, 1, pixels, bits=bits, number=FLOAT), "float")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], [-0.5, 0.25, 1.0])
    assert frame.pixels.dtype == f"float{bits}"


@pytest.mark.parametrize(("greatest", "white"), [(0.25, 1.0), (1.0, 1.0), (254.5, 254.5), (-3.0, 1.0)])
def test_floats_beyond_one_have_their_greatest_value_for_white(greatest: float, white: float) -> None:
    pixels = struct.pack("<2f", -4.0, greatest)

    assert decode_image(tiff_file(2, 1, pixels, bits=32, number=FLOAT), "float").white == white


@pytest.mark.parametrize("value", [1e39, -1e39])
def test_values_that_cannot_be_filtered_are_refused(value: float) -> None:
    pixels = struct.pack("<2d", 1.0, value)

    with pytest.raises(ConvStudioError, match=r"“f\.tif” holds values beyond ±3\.4·10³⁸"):
        decode_image(tiff_file(2, 1, pixels, bits=64, number=FLOAT), "f.tif")


@pytest.mark.parametrize(
    ("values", "white", "note"),
    [
        ((7.0, float("nan")), 7.0, "Of its 2 values 1 is no number (pink)."),
        ((0.5, float("inf")), 1.0, "Of its 2 values 1 is infinite (green)."),
        ((float("-inf"), float("nan")), 1.0, "Of its 2 values 1 is no number (pink) and 1 is infinite (green)."),
    ],
)
@pytest.mark.parametrize("bits", [16, 32, 64])
def test_what_is_no_finite_number_is_kept_and_told(
    values: tuple[float, float], white: float, note: str, bits: int
) -> None:
    frame = decode_image(tiff_file(2, 1, np.array(values, f"<f{bits // 8}").tobytes(), bits=bits, number=FLOAT), "f")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], values)
    assert frame.white == white
    assert frame.note == note
    assert frame.has_gaps


@pytest.mark.parametrize(
    ("bits", "number", "letter", "values", "white"),
    [
        (16, 1, "H", (1, 65535), 65535.0),
        (8, SIGNED, "b", (-1, 127), 127.0),
        (16, SIGNED, "h", (-300, 32767), 32767.0),
        (32, SIGNED, "i", (-70000, 2**31 - 1), 2.0**31 - 1),
        (32, 1, "I", (70000, 2**32 - 1), 2.0**32 - 1),
    ],
)
def test_whole_numbers_of_other_kinds_keep_their_values(
    bits: int, number: int, letter: str, values: tuple[int, int], white: float
) -> None:
    frame = decode_image(tiff_file(2, 1, struct.pack(f"<2{letter}", *values), bits=bits, number=number), "numbers")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], values)
    assert frame.white == white


@pytest.mark.parametrize(
    ("bits", "pixels", "expected"),
    [(1, b"\x40", [255, 0]), (8, b"\1\2", [254, 253]), (16, b"\1\0\2\0", [65534, 65533])],
)
def test_pictures_that_count_from_white_are_turned_round(bits: int, pixels: bytes, expected: list[int]) -> None:
    frame = decode_image(tiff_file(2, 1, pixels, bits=bits, photometric=0), "white is zero")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], expected)


@pytest.mark.parametrize(("bits", "letter", "number"), [(8, "B", 1), (16, "H", 1), (32, "f", 3)])
@pytest.mark.parametrize("extra", [0, 2])
def test_colours_are_not_multiplied_with_their_opacity(bits: int, letter: str, number: int, extra: int) -> None:
    pixels = struct.pack(f"<4{letter}", 10, 20, 30, 128)
    data = tiff_file(1, 1, pixels, bits=bits, samples=4, number=number, photometric=2, more=[(338, extra)])

    frame = decode_image(data, "rgba")

    np.testing.assert_array_equal(frame.pixels, [[[10, 20, 30]]])
    np.testing.assert_array_equal(frame.alpha, [[128]])


@pytest.mark.parametrize(("bits", "letter", "number"), [(8, "B", 1), (16, "H", 1), (32, "f", 3), (64, "d", 3)])
def test_grey_with_opacity_is_read(bits: int, letter: str, number: int) -> None:
    pixels = struct.pack(f"<4{letter}", 10, 128, 20, 255)
    more = [(338, 2), (274, 6)]

    frame = decode_image(tiff_file(2, 1, pixels, bits=bits, samples=2, number=number, more=more), "grey with alpha")

    np.testing.assert_array_equal(frame.pixels, [[[10]], [[20]]])
    np.testing.assert_array_equal(frame.alpha, [[128], [255]])


def test_grey_with_opacity_packed_as_differences_is_read() -> None:
    pixels = zlib.compress(struct.pack("<6H", 1000, 65535, 65535, 65535, 5, 1))  # 1000, 999, 1004; −1, −2, −1 mod 65536

    data = tiff_file(3, 1, pixels, bits=16, samples=2, more=[(338, 2), (259, 8), (317, 2)])
    frame = decode_image(data, "packed")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], [1000, 999, 1004])
    np.testing.assert_array_equal(frame.alpha, [[65535, 65534, 65535]])


@pytest.mark.parametrize("orientation", UPRIGHT)
@pytest.mark.parametrize(("bits", "letter", "number"), [(8, "B", 1), (16, "H", 1), (32, "f", 3)])
def test_orientations_are_honoured_once(orientation: int, bits: int, letter: str, number: int) -> None:
    pixels = struct.pack(f"<6{letter}", 1, 2, 3, 4, 5, 6)

    frame = decode_image(tiff_file(3, 2, pixels, bits=bits, number=number, more=[(274, orientation)]), "turned")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], UPRIGHT[orientation])


@pytest.mark.parametrize(
    ("bits", "samples", "number", "more", "sentence"),
    [
        (8, 5, 1, [], "holds 5 channels, but a picture has 1 to 4"),
        (8, 1, 1, [(259, 5), (317, 3)], "packed with predictor 3 on 8-bit values"),
        (1, 1, 1, [(259, 5), (317, 2)], "packed with predictor 2 on 1-bit values"),
    ],
)
def test_what_would_be_misread_is_refused(
    bits: int, samples: int, number: int, more: list[tuple[int, int]], sentence: str
) -> None:
    data = tiff_file(1, 1, bytes(64), bits=bits, samples=samples, number=number, photometric=1, more=more)

    with pytest.raises(ConvStudioError, match=sentence):
        decode_image(data, "odd.tif")


@pytest.mark.parametrize("tile", [(16, 16), (32, 32), (48, 16), (80, 112)])
@pytest.mark.parametrize(("channels", "is_separate"), [(1, False), (3, False), (3, True)])
def test_tiles_of_any_size_are_read(tile: tuple[int, int], channels: int, is_separate: bool) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (70, 90, channels)).astype(np.uint8)

    frame = decode_image(tiff_in_tiles(pixels, *tile, is_separate=is_separate), "tiles.tif")

    np.testing.assert_array_equal(frame.pixels, pixels)


def test_tiles_of_grey_with_opacity_are_read_and_turned() -> None:
    pixels = np.random.default_rng(4).integers(1, 256, (20, 35, 2)).astype(np.uint8)

    frame = decode_image(tiff_in_tiles(pixels, 16, 16, more=[(338, 2), (274, 3)]), "tiles.tif")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], pixels[::-1, ::-1, 0])
    np.testing.assert_array_equal(frame.alpha, pixels[::-1, ::-1, 1])


def test_tiles_of_bits_are_read() -> None:
    data = tiff_in_tiles(np.full((16, 2, 1), 0b10100000, np.uint8), 16, 2, more=[(256, 3), (322, 16), (258, 1)])

    frame = decode_image(data, "bits.tif")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], [[255, 0, 255]] * 16)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ([(256, 60_000), (257, 60_000)], "unpacks to 60000×60000"),  # one tile is there
        ([(325, 5_000)], "ends before its picture is complete"),
    ],
)
def test_tiles_that_are_not_there_are_not_made_up(more: list[tuple[int, int]], sentence: str) -> None:
    data = tiff_in_tiles(np.zeros((16, 16, 1), np.uint8), 16, 16, more=more)

    with pytest.raises(ConvStudioError, match=sentence):
        decode_image(data, "cut.tif")
