"""What of a region others leave uncovered, and regions cut into tiles."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.geometry.regions import Region, around, tiled, uncovered

SIDE = 12


@st.composite
def regions(draw: st.DrawFn) -> Region:
    top, left = draw(st.integers(0, SIDE)), draw(st.integers(0, SIDE))
    return Region(top, draw(st.integers(top, SIDE)), left, draw(st.integers(left, SIDE)))


def painted(*regions: Region) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """How many of the regions hold each place."""
    plane = np.zeros((SIDE, SIDE), np.int64)
    for region in regions:
        plane[region.top : region.bottom, region.left : region.right] += 1
    return plane


@given(regions(), st.lists(regions(), max_size=4))
def test_what_is_uncovered_is_disjoint_and_exactly_what_no_cover_holds(region: Region, covers: list[Region]) -> None:
    gaps = uncovered(region, covers)

    np.testing.assert_array_equal(painted(*gaps), painted(region) * (painted(*covers) == 0))
    assert not any(gap.is_empty for gap in gaps)


@given(regions(), regions())
def test_a_region_is_what_it_shares_with_another_and_what_lies_around_that(inner: Region, outer: Region) -> None:
    parts = (inner.intersection(outer), *around(inner, outer))

    np.testing.assert_array_equal(painted(*parts), painted(outer))


@given(regions(), st.integers(1, SIDE), st.integers(1, SIDE))
def test_tiles_cover_a_region_once_and_none_is_too_large(region: Region, height: int, width: int) -> None:
    tiles = list(tiled(region, height, width))

    np.testing.assert_array_equal(painted(*tiles), painted(region))
    assert all(0 < tile.height <= height and 0 < tile.width <= width for tile in tiles)
