"""A file of each kind that was once refused, shown black or wrong, from its bytes to what a filter makes of it."""

import io
import struct
from collections.abc import Callable

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.opencv import cv2
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.text import recipe_from
from convstudio.core.view.shown import picture_of
from convstudio.io.decoding.images import decode_image
from tests.io.decoding.test_bmp import bitmap

ROWS, COLUMNS = np.mgrid[0:32, 0:48]
COLOURS = np.dstack([ROWS * 8, COLUMNS * 5, (ROWS + COLUMNS) * 3]).astype(np.uint8)
NUMBERS = (ROWS * 48 + COLUMNS).astype(np.uint16)
FLOATS = (NUMBERS / 1535).astype(np.float32)


def tiff(pixels: NDArray[np.generic], **options: object) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)  # type: ignore[arg-type]
    return file.getvalue()


def npy(values: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def gif() -> bytes:
    file = io.BytesIO()
    Image.fromarray(COLOURS // 64 * 64).save(file, "GIF")
    return file.getvalue()


def with_a_gap() -> NDArray[np.float32]:
    values: NDArray[np.float32] = FLOATS.copy()
    values[5, 6], values[20, 30] = np.nan, np.inf
    return values


def jpeg_without_end() -> bytes:
    return bytes(cv2.imencode(".jpg", COLOURS[:, :, ::-1])[1].tobytes()[:-2])


def white_square_on_hidden_red() -> bytes:
    square = np.zeros((32, 48, 4), np.uint8)
    square[..., 0] = 255
    square[8:24, 12:36] = 255
    return bytes(cv2.imencode(".png", square[:, :, [2, 1, 0, 3]])[1].tobytes())


def bitmap_of_five_bits() -> bytes:
    return bitmap(4, 1, 16, struct.pack("<4H", 0x7FFF, 0x7C00, 0x03E0, 0x001F))


def old_bitmap() -> bytes:
    """A palette under a header of twelve bytes."""
    palette = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))
    return bitmap(4, 1, 8, bytes((0, 1, 2, 3)), header=12, palette=palette)


PRIMARIES = [[[255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]]]
KEPT: dict[str, tuple[Callable[[], bytes], object]] = {
    "a bitmap of 16 bits": (bitmap_of_five_bits, PRIMARIES),
    "a bitmap with the oldest header": (old_bitmap, [PRIMARIES[0][1:] + PRIMARIES[0][:1]]),
    "TIFF in JPEG 2000": (lambda: tiff(COLOURS, compression="jpeg2000", photometric="rgb"), COLOURS),
    "TIFF in Zstandard": (lambda: tiff(COLOURS, compression="zstd", photometric="rgb"), COLOURS),
    "TIFF of half floats": (lambda: tiff(FLOATS.astype(np.float16)), FLOATS.astype(np.float16)[:, :, None]),
    "TIFF of three pages": (
        lambda: tiff(np.stack([NUMBERS, NUMBERS + 1, NUMBERS + 2]), photometric="minisblack"),
        NUMBERS[:, :, None],
    ),
    "TIFF with a gap": (lambda: tiff(with_a_gap()), with_a_gap()[:, :, None]),
    "GIF": (gif, COLOURS // 64 * 64),
    "an array of floats": (lambda: npy(FLOATS - 0.25), (FLOATS - 0.25)[:, :, None]),
}


@pytest.mark.parametrize("kind", KEPT)
def test_every_number_is_the_files_own(kind: str) -> None:
    written, expected = KEPT[kind]

    np.testing.assert_array_equal(decode_image(written(), kind).pixels, np.asarray(expected))


def test_twelve_bits_in_sixteen_are_seen_at_once_and_their_range_is_said() -> None:
    frame = decode_image(tiff((NUMBERS * 2 + 7).astype(np.uint16)), "low.tif")

    picture = picture_of(evaluate(Document(), frame), -1, 0)

    assert frame.narrow_range == pytest.approx((7, 3077))
    assert picture.high < 4096
    assert picture.screen[..., 0].max() > 200


def test_pages_are_counted_and_reached() -> None:
    data = tiff(np.stack([NUMBERS, NUMBERS + 1, NUMBERS + 2]), photometric="minisblack")

    assert [str(decode_image(data, "pages.tif", page=page).pages) for page in range(3)] == [
        "page 1 of 3",
        "page 2 of 3",
        "page 3 of 3",
    ]
    assert decode_image(data, "pages.tif", page=2).pixels[0, 0, 0] == 2


def test_gaps_are_told_and_carried_as_far_as_a_window_reaches() -> None:
    frame = decode_image(tiff(with_a_gap()), "gap.tif")
    output = evaluate(recipe_from("conv [1 1 1; 1 1 1; 1 1 1] each"), frame).outputs[0][0]

    assert frame.note == "Of its 1,536 values 1 is no number (pink) and 1 is infinite (green)."
    assert np.isnan(output[4:7, 5:8]).all()
    assert np.isinf(output[19:22, 29:32]).all()
    assert (~np.isfinite(output)).sum() == 18


def test_a_jpeg_without_its_last_two_bytes_opens_with_a_word() -> None:
    frame = decode_image(jpeg_without_end(), "cut.jpg")

    assert frame.note == "Its end mark is missing, but all its pixels are there."
    assert frame.shape == (3, 32, 48)


def test_red_that_nobody_sees_does_not_bleed_into_white() -> None:
    frame = decode_image(white_square_on_hidden_red(), "square.png")
    output = evaluate(recipe_from("conv gaussian each"), frame).outputs[0]

    assert frame.alpha is not None
    assert np.allclose(output[:, 8:24, 12:36], 255, rtol=1e-5)
