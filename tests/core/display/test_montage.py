"""Sheets of maps."""

import numpy as np

from convstudio.core.display.montage import corners, grid_of, sheet_size


def test_grids_are_nearly_square_and_hold_every_map() -> None:
    assert [grid_of(count) for count in (1, 2, 3, 4, 5, 9, 10, 12, 13)] == [
        (1, 1), (1, 2), (2, 2), (2, 2), (2, 3), (3, 3), (3, 4), (3, 4), (4, 4),
    ]  # fmt: skip


def test_maps_lie_row_by_row_with_two_pixels_between() -> None:
    height, width = 2, 3
    sheet = np.zeros(sheet_size(5, height, width), int)

    for number, (top, left) in enumerate(corners(5, height, width), 1):
        sheet[top : top + height, left : left + width] += number

    assert sheet.shape == (6, 13)
    assert sheet[0].tolist() == [1, 1, 1, 0, 0, 2, 2, 2, 0, 0, 3, 3, 3]
    assert sheet[4].tolist() == [4, 4, 4, 0, 0, 5, 5, 5, 0, 0, 0, 0, 0]
    assert not sheet[2:4].any()
