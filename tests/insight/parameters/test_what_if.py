"""The numbers of other pictures than the one on the screen: weights against its size."""

from dataclasses import replace

import numpy as np

from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.layers import Conv, Weights
from convstudio.insight.parameters.what_if import Scope, curve_of, sides

ARTICLE = Conv(weight=Weights(np.ones((6, 3, 5, 5))), bias=(0.0,) * 6, padding=Padding.VALID)


def test_the_curve_comes_from_plans_of_every_size() -> None:
    points = curve_of((ARTICLE,), Shape(3, 32, 32), 0, Scope.LAYER)

    assert [point.side for point in points] == list(sides())
    assert (points[0].side, points[-1].side) == (8, 4000)
    # 8×8×3 = 192 inputs, 4×4×6 = 96 outputs; 4000×4000×3 inputs, 3996×3996×6 outputs
    assert (points[0].dense, points[0].local, points[0].conv) == (192 * 96, 96 * 75, 450)
    assert points[-1].dense == 48_000_000 * 3996 * 3996 * 6


def test_the_curve_leaves_out_sizes_that_a_layer_refuses() -> None:
    large = replace(ARTICLE, weight=Weights(np.ones((1, 3, 31, 31))), bias=(0.0,))

    points = curve_of((large,), Shape(3, 64, 64), 0, Scope.LAYER)

    assert min(point.side for point in points) >= 31
    assert len(points) < len(sides())
