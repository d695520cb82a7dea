"""JPEG files with something missing, something between, or something wrong; and how pictures stand by XMP alone."""

import imagecodecs
import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.decoding.images import decode_image
from tests.io.decoding.test_images import BLOCKS, UPRIGHT
from tests.io.picture_bytes import GREY, exif, jpeg_with, png_file, webp_with, xmp
from tests.pictures import chunk

PICTURE = cv2.GaussianBlur(np.random.default_rng(1).integers(0, 256, (96, 128, 3), np.uint8), (0, 0), 2)
NO_END = "Its end mark is missing, but all its pixels are there."
CUT_OFF = "“x” is damaged: it ends before its picture is complete"
KINDS: dict[str, list[int]] = {
    "sequential": [],
    "progressive": [cv2.IMWRITE_JPEG_PROGRESSIVE, 1],
    "restarts": [cv2.IMWRITE_JPEG_RST_INTERVAL, 2],
}


def jpeg(kind: str = "sequential") -> bytes:
    data: bytes = cv2.imencode(".jpg", PICTURE, KINDS[kind])[1].tobytes()
    return data


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [1, 2])
def test_a_jpeg_without_the_mark_of_its_end_opens_with_a_word(kind: str, missing: int) -> None:
    whole = decode_image(jpeg(kind), "x")

    frame = decode_image(jpeg(kind)[:-missing], "x")

    np.testing.assert_array_equal(frame.pixels, whole.pixels)
    assert (whole.note, frame.note) == ("", NO_END)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("missing", [8, 60, 1000])
def test_a_jpeg_without_its_last_pixels_is_refused(kind: str, missing: int) -> None:
    with pytest.raises(ConvStudioError, match=CUT_OFF):
        decode_image(jpeg(kind)[:-missing], "x")


def test_a_progressive_jpeg_that_ends_between_two_scans_is_refused() -> None:
    data = jpeg("progressive")

    with pytest.raises(ConvStudioError, match=CUT_OFF):
        decode_image(data[: data.rindex(b"\xff\xda")], "x")


@pytest.mark.parametrize("before", [b"\xff\xdb", b"\xff\xc0", b"\xff\xda"])
@pytest.mark.parametrize("junk", [b"junk", b"\xff\0\xff\0", b"\0" * 5000, b"\xff\xff\xff"])
def test_junk_between_the_segments_is_leapt_over(before: bytes, junk: bytes) -> None:
    data = jpeg()
    place = data.index(before)

    frame = decode_image(data[:place] + junk + data[place:], "x")

    np.testing.assert_array_equal(frame.pixels, decode_image(data, "x").pixels)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.01, 0.3])
def test_what_the_decoder_warns_of_is_told(kind: str, share: float) -> None:
    data = bytearray(jpeg(kind))
    start, end = len(data) // 2, len(data) // 2 + int(len(data) * share)
    data[start:end] = bytes(end - start)

    frame = decode_image(bytes(data), "x")

    assert frame.note.startswith("Part of it may be wrong, its decoder warns: Corrupt JPEG data: ")
    assert decode_image(jpeg(kind), "x").note == ""  # the warning belonged to the picture before


def test_a_hole_of_zeros_that_the_decoder_takes_for_pixels_is_told() -> None:
    data = bytearray(cv2.imencode(".jpg", np.arange(64 * 64, dtype=np.uint8).reshape(64, 64))[1].tobytes())
    whole = decode_image(bytes(data), "x")
    middle = (data.index(b"\xff\xda") + len(data)) // 2
    data[middle : middle + 40] = bytes(40)

    frame = decode_image(bytes(data), "x")

    assert np.any(frame.pixels != whole.pixels)
    assert frame.note == "Part of it may be wrong: at least 32 bytes amid its pixels are zero."


@pytest.mark.parametrize("shape", [(512, 512), (512, 512, 3)])
@pytest.mark.parametrize("flags", [[cv2.IMWRITE_JPEG_OPTIMIZE, 1], [cv2.IMWRITE_JPEG_PROGRESSIVE, 1], []])
def test_an_even_picture_whose_data_are_zeros_is_whole(shape: tuple[int, ...], flags: list[int]) -> None:
    data = cv2.imencode(".jpg", np.full(shape, 128, np.uint8), flags)[1].tobytes()

    frame = decode_image(data, "x")

    assert (np.unique(frame.pixels).tolist(), frame.note) == ([128], "")


@pytest.mark.parametrize("shape", [(24, 40), (24, 40, 3)])
def test_a_jpeg_of_twelve_bits_keeps_its_numbers(shape: tuple[int, ...]) -> None:
    pixels = np.add.outer(np.arange(24) * 100, np.arange(40) * 30).astype(np.uint16)
    pixels = pixels if len(shape) == 2 else np.stack([pixels, pixels // 2, 4095 - pixels], axis=2)

    data = bytes(imagecodecs.jpeg8_encode(pixels, level=100, bitspersample=12, subsampling="444"))

    frame = decode_image(data, "deep.jpg")

    np.testing.assert_allclose(frame.pixels.reshape(shape).astype(int), pixels, atol=12)
    assert frame.white == 4095
    assert frame.pixels.dtype == np.uint16


def test_a_jpeg_of_other_bits_is_named() -> None:
    data = jpeg()
    place = data.index(b"\xff\xc0") + 4

    with pytest.raises(ConvStudioError, match="“x” is a JPEG of 10 bits a value, which is not read"):
        decode_image(data[:place] + b"\x0a" + data[place + 1 :], "x")


def test_a_rare_kind_that_the_decoder_does_not_take_is_named_and_not_called_damaged() -> None:
    place = jpeg().index(b"\xff\xc0")

    with pytest.raises(ConvStudioError, match=r"“x” is a JPEG of a rare kind \(SOF13: "):
        decode_image(jpeg()[: place + 1] + b"\xcd" + jpeg()[place + 2 :], "x")


@pytest.mark.parametrize("orientation", UPRIGHT)
def test_pictures_stand_upright_as_xmp_says(orientation: int) -> None:
    expected = np.array(UPRIGHT[orientation])
    plain = png_file(3, 2, 8, GREY, [b"\1\2\3", b"\4\5\6"])
    text = b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(orientation)
    png = plain[:33] + chunk(b"iTXt", text) + plain[33:]
    name = b"http://ns.adobe.com/xap/1.0/\0"
    jpeg = jpeg_with(cv2.imencode(".jpg", BLOCKS)[1].tobytes(), 0xE1, name + xmp(orientation))
    webp = cv2.imencode(".webp", cv2.merge([BLOCKS] * 3), [cv2.IMWRITE_WEBP_QUALITY, 101])[1].tobytes()
    webp = webp_with(webp, 48, 32, b"XMP ", xmp(orientation))

    frames = decode_image(png, "png"), decode_image(jpeg, "jpeg"), decode_image(webp, "webp")

    np.testing.assert_array_equal(frames[0].pixels[:, :, 0], expected)
    np.testing.assert_allclose(frames[1].pixels[8::16, 8::16, 0], expected * 40, atol=3)
    np.testing.assert_array_equal(frames[2].pixels[8::16, 8::16, 0], expected * 40)


def test_what_exif_says_goes_before_xmp() -> None:
    plain = png_file(3, 2, 8, GREY, [b"\1\2\3", b"\4\5\6"])
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp(6))

    frame = decode_image(plain[:33] + text + chunk(b"eXIf", exif(1)) + plain[33:], "both")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], UPRIGHT[1])


def test_an_orientation_of_xmp_may_be_an_element() -> None:
    plain = png_file(3, 2, 8, GREY, [b"\1\2\3", b"\4\5\6"])
    text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<tiff:Orientation>3</tiff:Orientation>")

    frame = decode_image(plain[:33] + text + plain[33:], "element")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], UPRIGHT[3])
