"""New layers: every kind works at once on whatever arrives, and does something worth looking at."""

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense, Pool
from convstudio.core.recipe.new_layers import LayerKind, new_conv, new_layer, starter
from convstudio.core.recipe.plan import plan, refuse_excess

SHAPES = [Shape(3, 480, 640), Shape(1, 6, 6), Shape(64, 1, 1), Shape(10, 1, 7), Shape(3, 4000, 6000)]


@pytest.mark.parametrize("kind", list(LayerKind))
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_kind_of_layer_works_on_every_shape(kind: LayerKind, shape: Shape) -> None:
    if kind is LayerKind.MAGNITUDE and shape.channels % 2:
        with pytest.raises(ConvStudioError, match="pairs of channels"):
            new_layer(kind, shape)
        return

    layer = new_layer(kind, shape)

    recipe_plan = plan(Document((layer,)), shape)

    refuse_excess(recipe_plan)
    assert recipe_plan.notes == ()
    assert recipe_plan.output.size > 0


def test_an_image_filter_is_sobels_on_each_channel_alone() -> None:
    layer = new_layer(LayerKind.IMAGE_FILTER, Shape(3, 9, 9))

    assert isinstance(layer, Conv)
    assert layer.channels is Channels.EACH
    np.testing.assert_array_equal(layer.weight.array[0], build(find("sobel-x")))


@pytest.mark.parametrize("shape", [Shape(3, 9, 9), Shape(1, 2, 2)], ids=str)
def test_the_border_of_a_filter_mirrors_and_that_of_a_networks_layer_is_zeros(shape: Shape) -> None:
    filtering, spanning = (new_layer(kind, shape) for kind in (LayerKind.IMAGE_FILTER, LayerKind.CONVOLUTION))

    assert isinstance(filtering, Conv)
    assert isinstance(spanning, Conv)
    assert (filtering.border, spanning.border) == (Border.REFLECT, Border.ZEROS)


def test_a_convolution_has_six_different_filters_over_all_channels() -> None:
    layer = new_layer(LayerKind.CONVOLUTION, Shape(3, 9, 9))

    assert isinstance(layer, Conv)
    assert layer.weight.array.shape == (6, 3, 3, 3)
    assert len({kernel.tobytes() for kernel in layer.weight.array}) == 6
    np.testing.assert_allclose(layer.weight.array[1].sum(axis=0), build(find("sobel-y"))[0])


def test_a_transposed_convolution_doubles_the_size_and_keeps_the_brightness() -> None:
    shape = Shape(3, 5, 7)
    layer = new_layer(LayerKind.TRANSPOSED, shape)

    assert isinstance(layer, ConvTranspose)
    assert plan(Document((layer,)), shape).output == (3, 10, 14)
    # each output inside is reached by every second row and column of the kernel: those four add up to 1
    for top in (0, 1):
        for left in (0, 1):
            assert layer.weight.array[0, 0, top::2, left::2].sum() == 1


def test_a_pool_fits_into_thin_pictures() -> None:
    layer = new_layer(LayerKind.POOL, Shape(1, 1, 9))

    assert isinstance(layer, Pool)
    assert layer.window == layer.stride == (1, 2)


def test_a_dense_layer_of_a_huge_picture_stays_within_memory() -> None:
    small, huge = (new_layer(LayerKind.DENSE, shape) for shape in (Shape(3, 480, 640), Shape(3, 4000, 6000)))

    assert isinstance(small, Dense)
    assert isinstance(huge, Dense)
    assert (small.units, huge.units) == (10, 1)  # 2²⁷ / 72,000,000 = 1.86


def test_starters_are_shared_out_over_planes_and_random_where_presets_do_not_fit() -> None:
    np.testing.assert_array_equal(starter(2, 3, 3, 0).sum(axis=0), build(find("sobel-x"))[0])
    np.testing.assert_array_equal(starter(1, 5, 5, 1)[0, 1:4, 1:4], build(find("sobel-y"))[0])
    assert starter(3, 1, 1, 0).shape == (3, 1, 1)
    assert (starter(3, 1, 1, 0) != starter(3, 1, 1, 1)).all()


def test_a_new_convolution_refuses_what_cannot_be() -> None:
    with pytest.raises(ConvStudioError, match="2 groups must divide"):
        new_conv(3, filters=6, groups=2)
    with pytest.raises(ConvStudioError, match="1 to 31 rows, not 33"):
        new_conv(3, kernel=Pair(33, 3))
