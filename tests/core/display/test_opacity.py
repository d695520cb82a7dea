"""Colours that nobody has seen take no part in what a filter makes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.display.opacity import without_hidden_colours
from convstudio.core.frame import Pixels
from convstudio.core.ops import reference


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3]), st.integers(0, 2**32 - 1))
def test_what_is_seen_stays_and_what_is_hidden_has_no_say(height: int, width: int, channels: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
    alpha = (rng.integers(0, 256, (height, width)) * (rng.random((height, width)) < rng.random())).astype(np.uint8)
    other = np.where(alpha[:, :, None] > 0, pixels, rng.integers(0, 256, pixels.shape, dtype=np.uint8))

    filled = without_hidden_colours(pixels, alpha)

    assert (filled[alpha > 0] == pixels[alpha > 0]).all()
    assert (alpha > 0).sum() == 0 or (filled == without_hidden_colours(other, alpha)).all()
    if (alpha > 0).any():
        seen = pixels[alpha > 0]
        assert (filled >= seen.min(axis=0)).all()
        assert (filled <= seen.max(axis=0)).all()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.float32, np.float64])
def test_a_filter_keeps_white_white_at_the_edge_of_what_is_opaque(kind: type) -> None:
    full = np.iinfo(kind).max if np.issubdtype(kind, np.integer) else 1.0
    pixels: Pixels = np.zeros((32, 48, 3), kind)
    alpha: Pixels = np.zeros((32, 48), kind)
    pixels[..., 0] = full  # red that nobody sees
    pixels[8:24, 12:36], alpha[8:24, 12:36] = full, full
    gauss = np.outer([1.0, 2.0, 1.0], [1.0, 2.0, 1.0]) / 16

    planes = np.moveaxis(without_hidden_colours(pixels, alpha), 2, 0).astype(np.float64)
    output = reference.conv2d(planes, np.tile(gauss, (3, 1, 1, 1)), padding="same", groups=3)

    assert np.allclose(output[:, 8:24, 12:36], full, rtol=1e-6)


def test_a_gap_is_no_colour_for_what_is_hidden() -> None:
    pixels = np.array([[[np.nan], [0.5], [9.0]]], np.float32)

    filled = without_hidden_colours(pixels, np.array([[1.0, 1.0, 0.0]], np.float32))

    assert np.isnan(filled[0, 0, 0])
    assert filled[0, 1:, 0].tolist() == [0.5, 0.5]


def test_strips_leave_no_seam() -> None:
    alpha = np.zeros((1100, 7), np.uint8)
    alpha[:, 3] = 255
    rows = np.broadcast_to(np.arange(1100, dtype=np.float32)[:, None, None], (1100, 7, 1))

    filled = without_hidden_colours(rows.copy(), alpha)

    assert np.abs(filled - rows).max() <= 8
