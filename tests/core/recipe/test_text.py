"""Recipes written as a line."""

import numpy as np
import pytest

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
    Weights,
)
from convstudio.core.recipe.plan import plan
from convstudio.core.recipe.text import recipe_from

EDGE = Weights([[[[1, 0, -1]] * 3]])


@pytest.mark.parametrize(
    ("text", "layer"),
    [
        ("prelu 0.25,-0.5", Activation(kind=ActivationKind.PRELU, slope=0.25, slopes=(0.25, -0.5))),
        ("leaky 0.2", Activation(kind=ActivationKind.LEAKY_RELU, slope=0.2)),
        ("elu", Activation(kind=ActivationKind.ELU, slope=1.0)),
        ("gelu tanh", Activation(kind=ActivationKind.GELU_TANH)),
        ("hard swish", Activation(kind=ActivationKind.HARD_SWISH)),
        ("threshold 100", Activation(kind=ActivationKind.THRESHOLD, slope=100.0)),
        ("scale 1,2,3 shift 0.5", ScaleShift(scale=(1.0, 2.0, 3.0), shift=(0.5,))),
        ("normalise 127.5 128", Normalisation(mean=(127.5,), deviation=(128.0,))),
        ("softmax face,other", Softmax(labels=("face", "other"))),
        ("magnitude", Magnitude()),
        ("resize 0.18 area", Resize(mode=ResizeMode.AREA, factor=(0.18, 0.18))),
        ("resize 92x120 aligned", Resize(size=Pair(92, 120), align_corners=True)),
        ("min 2", Pool(kind=PoolKind.MIN)),
        (
            "percentile 5 rank 25 stride 1",
            Pool(kind=PoolKind.PERCENTILE, window=Pair(5, 5), stride=Pair(1, 1), percentile=25.0),
        ),
        ("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid", Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID)),
        (
            "conv article-vertical each stride 2x1 padding 1 border reflect bias 1/2 flipped",
            Conv(
                weight=EDGE,
                bias=(0.5,),
                stride=Pair(2, 1),
                padding=Amounts(1, 1, 1, 1),
                border=Border.REFLECT,
                orientation=Orientation.CONVOLUTION,
                channels=Channels.EACH,
            ),
        ),
        ("conv [1] [2] [3]", Conv(weight=Weights([[[[1]], [[2]], [[3]]]]), bias=(0.0,))),
        ("transposed 4 stride 2 padding 1", ConvTranspose(
            weight=Weights(np.ones((1, 1, 4, 4))), bias=(0.0,), stride=Pair(2, 2), padding=Pair(1, 1)
        )),
        ("relu", Activation()),
        ("leaky relu", Activation(kind=ActivationKind.LEAKY_RELU)),
        ("leaky", Activation(kind=ActivationKind.LEAKY_RELU)),
        ("max 2", Pool()),
        ("average 3 stride 1 padding 1", Pool(
            kind=PoolKind.AVERAGE, window=Pair(3, 3), stride=Pair(1, 1), padding=Amounts(1, 1, 1, 1)
        )),
        ("global average", Pool(kind=PoolKind.AVERAGE, is_global=True)),
        ("dense 4", Dense(units=4)),
    ],
)  # fmt: skip
def test_a_line_makes_the_layer_it_names(text: str, layer: Layer) -> None:
    assert recipe_from(text).layers == (layer,)


@pytest.mark.parametrize(
    ("text", "border"),
    [
        ("conv sobel-x each", Border.REFLECT),
        ("conv size 3 each", Border.REFLECT),
        ("conv sobel-x", Border.ZEROS),
        ("conv sobel-x each border zeros", Border.ZEROS),
        ("conv size 3 border circular", Border.CIRCULAR),
    ],
)
def test_a_border_that_is_not_named_is_that_of_a_new_layer(text: str, border: Border) -> None:
    (layer,) = recipe_from(text).layers

    assert isinstance(layer, Conv)
    assert layer.border is border


def test_layers_follow_each_other_and_the_last_is_selected() -> None:
    document = recipe_from("conv filters 6 size 5 channels 3 padding valid | relu | max 2")

    assert plan(document, Shape(3, 32, 32)).output == Shape(6, 14, 14)
    assert document.selected == 2


def test_no_text_is_no_layers() -> None:
    assert recipe_from("  ").layers == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("swirl 3", "swirl"),
        ("conv sobel-z", "sobel-x"),
        ("conv sobel-x upside", "upside"),
        ("conv sobel-x stride", "missing"),
        ("conv sobel-x stride two", "stride"),
        ("conv sobel-x border mirror", "mirror"),
        ("conv [1 2] [1 2 3]", "one size"),
        ("relu | | relu", "layer"),
        ("tanh relu", "“relu” means nothing to “tanh”"),
        ("global gaussian", "gaussian"),
        ("hard", "hard"),
        ("resize 0.5 area nearest", "one way"),
        ("elu 1,2", "one number"),
        ("max 2 dilation 3", "dilation"),
    ],
)
def test_what_cannot_be_read_is_named(text: str, says: str) -> None:
    with pytest.raises(ConvStudioError, match=says):
        recipe_from(text)
