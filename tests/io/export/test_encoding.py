"""What is encoded is what a reader by hand finds in the file."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hn

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Pixels
from convstudio.core.opencv import cv2
from convstudio.io.export.encoding import Depth, Format, encode, outside, quantised
from tests.amounts import random_cases
from tests.io.export.readers import read_png, read_tiff, tiff_tags

RAMP = np.arange(5 * 7 * 4, dtype=np.uint8).reshape(5, 7, 4)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("depth", [Depth.EIGHT, Depth.SIXTEEN])
def test_png_and_tiff_keep_channels_in_their_order(channels: int, depth: Depth) -> None:
    pixels = RAMP[:, :, :channels]
    expected = pixels.astype(np.int64) * (257 if depth is Depth.SIXTEEN else 1)

    np.testing.assert_array_equal(read_png(encode(pixels, Format.PNG, depth)), expected)
    np.testing.assert_array_equal(read_tiff(encode(pixels, Format.TIFF, depth)), expected)


def test_halves_go_to_the_even_number_and_the_rest_is_clipped() -> None:
    values = np.array([[-3.0, -0.5, 0.5, 1.5, 2.5, 254.5, 255.4, 999.0, np.nan, np.inf]], np.float32)

    numbers = read_png(encode(values, Format.PNG, Depth.EIGHT, white=255))[0, :, 0]

    assert numbers.tolist() == [0, 0, 0, 2, 2, 254, 255, 255, 0, 255]
    assert outside(values, Depth.EIGHT, white=255) == 4  # −3, 999, the one that is no number, and the endless one


def test_white_becomes_the_largest_number() -> None:
    grid = np.array([[0.0, 5.0, 10.0, 30.0]])

    assert quantised(grid, Depth.EIGHT, white=10).tolist() == [[0, 128, 255, 255]]  # 127.5 is nearest to 128, even
    assert quantised(grid, Depth.SIXTEEN, white=10).tolist() == [[0, 32768, 65535, 65535]]


@random_cases(60)
@given(
    hn.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from([1, 3, 4])),
    )
)
def test_floats_are_kept_bit_for_bit(values: Pixels) -> None:
    by_hand = read_tiff(encode(values, Format.TIFF, Depth.FLOAT))
    numpy = np.load(io.BytesIO(encode(values, Format.NPY, Depth.FLOAT)))

    assert by_hand.dtype == numpy.dtype == values.dtype
    np.testing.assert_array_equal(by_hand, values)
    np.testing.assert_array_equal(numpy.reshape(values.shape), values)


def test_a_tiff_of_many_strips_is_read_alike_by_hand_and_by_opencv() -> None:
    random = np.random.default_rng(0)
    for pixels, depth in (
        (random.integers(0, 65536, (700, 900, 3)).astype(np.uint16), Depth.SIXTEEN),
        (random.normal(size=(700, 900, 1)).astype(np.float32), Depth.FLOAT),
    ):
        data = encode(pixels, Format.TIFF, depth)
        opencv = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)

        assert opencv is not None
        assert len(tiff_tags(data)[273]) > 1
        np.testing.assert_array_equal(read_tiff(data), pixels)
        np.testing.assert_array_equal(np.atleast_3d(opencv)[:, :, ::-1], pixels)


def test_a_tiff_says_which_channel_is_the_alpha() -> None:
    assert tiff_tags(encode(RAMP, Format.TIFF, Depth.EIGHT))[338] == [2]
    assert 338 not in tiff_tags(encode(RAMP[:, :, :3], Format.TIFF, Depth.EIGHT))


@pytest.mark.parametrize("kind", [Format.JPEG, Format.WEBP])
def test_lossy_files_are_near_and_worse_quality_is_smaller(kind: Format) -> None:
    rows, columns = np.mgrid[0:64, 0:64]
    pixels = np.stack([rows * 4, columns * 4, 255 - rows * 2], axis=2).astype(np.uint8)

    good, bad = (encode(pixels, kind, Depth.EIGHT, quality=quality) for quality in (95, 20))
    decoded = cv2.imdecode(np.frombuffer(good, np.uint8), cv2.IMREAD_COLOR_RGB)

    assert good[:2] == (b"\xff\xd8" if kind is Format.JPEG else b"RI")
    assert len(bad) < len(good)
    np.testing.assert_allclose(np.asarray(decoded, np.int64), pixels.astype(np.int64), atol=12)


@pytest.mark.parametrize(
    ("pixels", "kind", "depth", "sentence"),
    [
        (RAMP[:, :, :3], Format.JPEG, Depth.SIXTEEN, "JPEG file keeps 8 bits .* no 16 bits; choose PNG or TIFF"),
        (RAMP[:, :, :3], Format.PNG, Depth.FLOAT, "PNG file keeps 8 or 16 bits .* no floats; choose TIFF or NPY"),
        (RAMP, Format.JPEG, Depth.EIGHT, "no place for an alpha"),
        (np.zeros((1, 16384), np.uint8), Format.WEBP, Depth.EIGHT, "at most 16,383 pixels .* 16384×1"),
        (np.zeros((65501, 1), np.uint8), Format.JPEG, Depth.EIGHT, "at most 65,500 pixels .* 1×65501"),
        (np.zeros((2, 2, 2), np.uint8), Format.PNG, Depth.EIGHT, "shape 2×2×2"),
    ],
)
def test_what_a_format_cannot_hold_is_refused(
    pixels: Pixels,
    kind: Format,
    depth: Depth,
    sentence: str,
) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        encode(pixels, kind, depth)


def test_the_longest_sides_that_formats_have_are_written() -> None:
    assert encode(np.zeros((1, 16383), np.uint8), Format.WEBP, Depth.EIGHT)
    assert encode(np.zeros((65500, 1), np.uint8), Format.JPEG, Depth.EIGHT)


def test_a_quality_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ConvStudioError, match="quality is 101"):
        encode(RAMP[:, :, :3], Format.JPEG, Depth.EIGHT, quality=101)
