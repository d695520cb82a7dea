"""Means of blocks, of frames and of colours."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.display.reduction import block_for, reduced, shrunk
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Pair, Shape


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_a_block_leaves_few_enough_pixels_and_not_far_fewer(height: int, width: int) -> None:
    most = 1000

    rows, columns = block_for(Shape(3, height, width), most)

    left = (height // rows) * (width // columns)
    assert min(height * width, most) / 5 <= left <= most


def test_a_reduced_frame_has_the_means_of_its_blocks_in_its_own_units() -> None:
    pixels = np.random.default_rng(0).integers(0, 60_000, (13, 11, 3)).astype(np.uint16)

    small = reduced(Frame(pixels, white=65535, name="deep"), Pair(4, 3))

    means = pixels[:12, :9].reshape(3, 4, 3, 3, 3).mean(axis=(1, 3))
    assert small.pixels.dtype == np.uint16
    assert (small.white, small.name) == (65535, "deep")
    np.testing.assert_allclose(small.pixels, means, atol=0.51)


def test_colours_shrink_to_the_means_of_their_blocks() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (6, 10, 3)).astype(np.uint8)

    small = shrunk(colours, 2)

    np.testing.assert_allclose(small, colours.reshape(3, 2, 5, 2, 3).mean(axis=(1, 3)), atol=0.51)
