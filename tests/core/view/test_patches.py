"""What is missing of a region, and patches put together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.geometry.regions import Region
from convstudio.core.view.patches import Patch, joined, missing
from convstudio.core.view.scene import Cells

SIDE = 12


@st.composite
def regions(draw: st.DrawFn) -> Region:
    top, left = draw(st.integers(0, SIDE)), draw(st.integers(0, SIDE))
    return Region(top, draw(st.integers(top, SIDE)), left, draw(st.integers(left, SIDE)))


def painted(region: Region) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """1 in the region, 0 elsewhere."""
    plane = np.zeros((SIDE, SIDE), np.int64)
    plane[region.top : region.bottom, region.left : region.right] = 1
    return plane


@given(regions(), st.lists(regions(), max_size=4))
def test_what_is_missing_is_disjoint_and_exactly_what_is_not_there(wanted: Region, there: list[Region]) -> None:
    found = missing(wanted, there)

    known = sum((painted(region) for region in there), np.zeros((SIDE, SIDE), np.int64)) > 0
    covered = sum((painted(region) for region in found), np.zeros((SIDE, SIDE), np.int64))
    np.testing.assert_array_equal(covered, painted(wanted) * ~known)
    assert not any(region.is_empty for region in found)


@given(regions().filter(lambda region: not region.is_empty), st.lists(regions(), max_size=3))
def test_patches_that_cover_a_region_join_to_what_they_were_cut_from(wanted: Region, cuts: list[Region]) -> None:
    sheet = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 4)).astype(np.uint8)
    values = np.random.default_rng(2).normal(size=(3, SIDE, SIDE)).astype(np.float32)
    pieces = [region for region in (*cuts, *missing(wanted, cuts)) if not region.is_empty]

    def cut(region: Region) -> Patch:
        part = np.s_[region.top : region.bottom, region.left : region.right]
        return Patch(Cells(region, 1), sheet[part], values[:, *part])

    made = joined(Cells(wanted, 1), [cut(region) for region in pieces])

    whole = cut(wanted)
    assert made.planes is not None
    np.testing.assert_array_equal(made.screen, whole.screen)
    np.testing.assert_array_equal(made.planes, values[:, wanted.top : wanted.bottom, wanted.left : wanted.right])
