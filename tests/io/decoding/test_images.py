"""Picture files become frames with the file's own numbers."""

import os
import struct
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.opencv import cv2
from convstudio.io.decoding.images import decode_image, read_image
from tests.io.picture_bytes import (
    GREY,
    GREY_ALPHA,
    PALETTE,
    RGB,
    RGBA,
    animated_png,
    bmp_file,
    exif,
    jpeg_with_exif,
    png_file,
    webp_with_exif,
)
from tests.pictures import chunk

# What EXIF's eight orientations make of the rows (1 2 3), (4 5 6).
UPRIGHT = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[4, 1], [5, 2], [6, 3]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
}
BLOCKS = np.kron(np.array([[1, 2, 3], [4, 5, 6]], np.uint8) * 40, np.ones((16, 16), np.uint8))


def test_a_file_gives_its_pixels_its_white_and_its_name(tmp_path: Path) -> None:
    path = tmp_path / "small.png"
    path.write_bytes(png_file(2, 1, 8, RGB, [bytes([1, 2, 3, 4, 5, 6])]))

    frame = read_image(str(path))

    assert frame.pixels.dtype == np.uint8
    np.testing.assert_array_equal(frame.pixels, [[[1, 2, 3], [4, 5, 6]]])
    assert (frame.white, frame.alpha, frame.name) == (255.0, None, "small.png")
    assert not frame.pixels.flags.writeable


def test_what_a_file_is_decides_its_content_and_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "wrong.jpg"
    path.write_bytes(bmp_file(1, 1, 24, [bytes([3, 2, 1])]))

    np.testing.assert_array_equal(read_image(path).pixels, [[[1, 2, 3]]])


def test_a_name_that_is_no_text_is_read_and_shown_with_replacements(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.png"))
    path.write_bytes(png_file(1, 1, 8, GREY, [b"\7"]))

    frame = read_image(path)

    assert frame.pixels.item() == 7
    assert frame.name == "caf�.png"


def test_a_linked_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(png_file(1, 1, 8, GREY, [b"\7"]))
    (tmp_path / "link.png").symlink_to("real.png")

    assert read_image(tmp_path / "link.png").pixels.item() == 7


@pytest.mark.parametrize(
    ("bits", "row", "expected"),
    [(1, b"\xa0", [255, 0, 255, 0]), (2, b"\x1b", [0, 85, 170, 255]), (4, b"\x0f\x80", [0, 255, 136, 0])],
)
def test_few_bits_are_spread_over_the_range_of_eight(bits: int, row: bytes, expected: list[int]) -> None:
    frame = decode_image(png_file(4, 1, bits, GREY, [row]), "few")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], expected)
    assert frame.white == 255.0


def test_sixteen_bits_stay_sixteen() -> None:
    grey = decode_image(png_file(2, 1, 16, GREY, [struct.pack(">2H", 258, 65535)]), "grey")
    colour = decode_image(png_file(1, 1, 16, RGB, [struct.pack(">3H", 1000, 2000, 3000)]), "colour")

    np.testing.assert_array_equal(grey.pixels[0, :, 0], [258, 65535])
    np.testing.assert_array_equal(colour.pixels[0, 0], [1000, 2000, 3000])
    assert grey.pixels.dtype == colour.pixels.dtype == np.uint16
    assert grey.white == colour.white == 65535.0


def test_a_palette_becomes_colours_and_its_transparency_alpha() -> None:
    palette = chunk(b"PLTE", bytes([255, 0, 0, 0, 128, 255])) + chunk(b"tRNS", b"\x80")

    frame = decode_image(png_file(2, 1, 8, PALETTE, [b"\0\1"], before=palette), "palette")

    np.testing.assert_array_equal(frame.pixels, [[[255, 0, 0], [0, 128, 255]]])
    np.testing.assert_array_equal(frame.alpha, [[128, 255]])


def test_alpha_is_kept_apart_and_what_it_hides_takes_the_colour_of_what_is_seen() -> None:
    frame = decode_image(png_file(2, 1, 8, RGBA, [bytes([10, 20, 30, 0, 40, 50, 60, 128])]), "rgba")

    np.testing.assert_array_equal(frame.pixels, [[[40, 50, 60], [40, 50, 60]]])
    np.testing.assert_array_equal(frame.alpha, [[0, 128]])


@pytest.mark.parametrize(("bits", "letter", "dtype"), [(8, "B", np.uint8), (16, "H", np.uint16)])
def test_grey_with_alpha_stays_grey(bits: int, letter: str, dtype: type) -> None:
    row = struct.pack(f">4{letter}", 5, 128, 6, 255)

    frame = decode_image(png_file(2, 1, bits, GREY_ALPHA, [row]), "grey with alpha")

    np.testing.assert_array_equal(frame.pixels, [[[5], [6]]])
    np.testing.assert_array_equal(frame.alpha, [[128, 255]])
    assert frame.alpha is not None
    assert frame.pixels.dtype == frame.alpha.dtype == dtype


@pytest.mark.parametrize(("bits", "row", "key"), [(8, b"\5\6", 5), (2, b"\x60", 1), (16, b"\1\0\2\0", 256)])
def test_one_grey_may_stand_for_transparent(bits: int, row: bytes, key: int) -> None:
    clear = chunk(b"tRNS", struct.pack(">H", key))

    frame = decode_image(png_file(2, 1, bits, GREY, [row], before=clear), "clear")

    np.testing.assert_array_equal(frame.alpha, [[0, frame.white]])


def test_an_animation_is_left_out_before_decoding_even_where_it_is_damaged() -> None:
    frame = decode_image(animated_png([b"\1\2", b"\3\4"], 2), "animated")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], [[1, 2], [3, 4]])


def test_bitmaps_are_read_from_below_or_from_above() -> None:
    lower = decode_image(bmp_file(1, 2, 24, [bytes([3, 2, 1]), bytes([6, 5, 4])]), "lower first")
    upper = decode_image(bmp_file(1, -2, 24, [bytes([3, 2, 1]), bytes([6, 5, 4])]), "upper first")

    np.testing.assert_array_equal(lower.pixels[:, 0], [[4, 5, 6], [1, 2, 3]])
    np.testing.assert_array_equal(upper.pixels[:, 0], [[1, 2, 3], [4, 5, 6]])


def test_a_bitmap_of_one_bit_uses_its_palette() -> None:
    frame = decode_image(bmp_file(2, 1, 1, [b"\x40"], palette=bytes([0, 0, 0, 0, 255, 255, 255, 0])), "1 bit")

    np.testing.assert_array_equal(frame.pixels[0, :, 0], [0, 255])


def test_the_unused_fourth_byte_of_a_bitmap_is_not_opacity() -> None:
    frame = decode_image(bmp_file(1, 1, 32, [bytes([3, 2, 1, 0])]), "32 bits")

    np.testing.assert_array_equal(frame.pixels, [[[1, 2, 3]]])
    assert frame.alpha is None


def test_webp_without_loss_gives_colours_and_alpha() -> None:
    colours = np.array([[[1, 2, 3, 255], [4, 5, 6, 77]]], np.uint8)
    data = cv2.imencode(".webp", colours, [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()

    frame = decode_image(data, "webp")

    np.testing.assert_array_equal(frame.pixels, colours[:, :, 2::-1])
    np.testing.assert_array_equal(frame.alpha, colours[:, :, 3])


def test_a_jpeg_is_read_bgr_to_rgb_and_grey_stays_one_channel() -> None:
    red = np.zeros((16, 16, 3), np.uint8)
    red[:, :, 2] = 200

    colour = decode_image(cv2.imencode(".jpg", red)[1].tobytes(), "red")
    grey = decode_image(cv2.imencode(".jpg", red[:, :, 2])[1].tobytes(), "grey")

    np.testing.assert_allclose(colour.pixels[8, 8], [200, 0, 0], atol=3)
    assert grey.shape == (1, 16, 16)


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_pictures_stand_upright_as_their_orientation_says(orientation: int) -> None:
    expected = np.array(UPRIGHT[orientation])
    png = png_file(3, 2, 8, GREY, [b"\1\2\3", b"\4\5\6"], before=chunk(b"eXIf", exif(orientation)))
    jpeg = jpeg_with_exif(cv2.imencode(".jpg", BLOCKS)[1].tobytes(), orientation)
    webp = cv2.imencode(".webp", cv2.merge([BLOCKS] * 3), [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    webp = webp_with_exif(webp, 48, 32, orientation)

    frames = decode_image(png, "png"), decode_image(jpeg, "jpeg"), decode_image(webp, "webp")

    np.testing.assert_array_equal(frames[0].pixels[:, :, 0], expected)
    np.testing.assert_allclose(frames[1].pixels[8::16, 8::16, 0], expected * 40, atol=3)
    np.testing.assert_array_equal(frames[2].pixels[8::16, 8::16, 0], expected * 40)


def test_alpha_is_turned_with_the_picture() -> None:
    data = png_file(2, 1, 8, GREY_ALPHA, [b"\1\2\3\4"], before=chunk(b"eXIf", exif(6)))

    frame = decode_image(data, "turned")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], [[1], [3]])
    np.testing.assert_array_equal(frame.alpha, [[2], [4]])
