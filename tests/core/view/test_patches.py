"""Patches put together."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from convstudio.core.geometry.regions import Region, uncovered
from convstudio.core.view.patches import Patch, joined
from convstudio.core.view.scene import Cells

SIDE = 12


@st.composite
def regions(draw: st.DrawFn) -> Region:
    top, left = draw(st.integers(0, SIDE)), draw(st.integers(0, SIDE))
    return Region(top, draw(st.integers(top, SIDE)), left, draw(st.integers(left, SIDE)))


@given(regions().filter(lambda region: not region.is_empty), st.lists(regions(), max_size=3))
def test_patches_that_cover_a_region_join_to_what_they_were_cut_from(whole: Region, cuts: list[Region]) -> None:
    sheet = np.random.default_rng(1).integers(0, 256, (SIDE, SIDE, 4)).astype(np.uint8)
    values = np.random.default_rng(2).normal(size=(3, SIDE, SIDE)).astype(np.float32)
    pieces = [region for region in (*cuts, *uncovered(whole, cuts)) if not region.is_empty]

    def cut(region: Region) -> Patch:
        part = np.s_[region.top : region.bottom, region.left : region.right]
        return Patch(Cells(region, 1), sheet[part], values[:, *part])

    patch = joined(Cells(whole, 1), [cut(region) for region in pieces])

    assert patch.planes is not None
    np.testing.assert_array_equal(patch.screen, cut(whole).screen)
    np.testing.assert_array_equal(patch.planes, values[:, whole.top : whole.bottom, whole.left : whole.right])
