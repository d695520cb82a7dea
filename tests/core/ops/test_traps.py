"""Mistakes that others made, each shown not to be made here. Expected numbers are worked out by hand."""

from typing import Any

import numpy as np
import pytest

from convstudio.core import ops
from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.padding import Padding
from convstudio.core.ops import reference
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, Orientation, Weights

OPERATIONS = pytest.mark.parametrize("operations", [ops, reference], ids=["fast", "reference"])
RAMP = np.array([[[1, 2, 3, 4]]], np.float32)  # one row of pixels
PICTURE = np.zeros((3, 8, 8), np.float32)
FILTERS = np.zeros((6, 3, 3, 3), np.float32)


@OPERATIONS
def test_the_kernel_is_not_flipped(operations: Any) -> None:
    weight = np.array([[[[1, 10]]]])

    out = operations.conv2d(RAMP, weight)

    assert out.tolist() == [[[1 + 20, 2 + 30, 3 + 40]]]


def test_a_layer_that_convolves_flips_the_kernel() -> None:
    frame = Frame(RAMP[0][:, :, None].copy(), white=4.0)
    weight = Weights([[[[1, 10]]]])
    layer = Conv(weight=weight, bias=(0.0,), padding=Padding.VALID, orientation=Orientation.CONVOLUTION)

    out = evaluate(Document((layer,)), frame).outputs[0]

    assert out.tolist() == [[[10 + 2, 20 + 3, 30 + 4]]]


@OPERATIONS
def test_the_border_is_zeros_unless_another_is_asked_for(operations: Any) -> None:
    weight = np.ones((1, 1, 1, 3))

    out = operations.conv2d(RAMP, weight, padding=(0, 1))

    assert out.tolist() == [[[0 + 1 + 2, 6, 9, 3 + 4 + 0]]]


@OPERATIONS
@pytest.mark.parametrize(
    ("border", "first", "last"),
    [("zeros", 0, 0), ("reflect", 2, 3), ("replicate", 1, 4), ("circular", 4, 1)],
)
def test_each_border_continues_the_row_as_pytorch_does(operations: Any, border: str, first: int, last: int) -> None:
    weight = np.array([[[[1, 0, 0]]]])

    left = operations.conv2d(RAMP, weight, padding=(0, 1), border=border)
    right = operations.conv2d(RAMP, weight[..., ::-1], padding=(0, 1), border=border)

    assert left.tolist() == [[[first, 1, 2, 3]]]
    assert right.tolist() == [[[2, 3, 4, last]]]


@OPERATIONS
def test_an_even_kernel_keeps_pytorchs_size_and_pads_more_at_the_end(operations: Any) -> None:
    weight = np.array([[[[1, 10]]]])

    padded = operations.conv2d(RAMP, weight, padding=(0, 1))
    same = operations.conv2d(RAMP, weight, padding="same")

    assert padded.tolist() == [[[10, 21, 32, 43, 4]]]  # 4 + 2 − 2 + 1 = 5 columns
    assert same.tolist() == [[[21, 32, 43, 4]]]  # the anchor is the left cell


@OPERATIONS
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float16, np.float64])
def test_one_channel_keeps_its_axis_whatever_the_numbers_are(operations: Any, dtype: type) -> None:
    out = operations.conv2d(RAMP.astype(dtype), np.ones((1, 1, 1, 1)))

    assert out.shape == (1, 1, 4)
    assert out.tolist() == [[[1, 2, 3, 4]]]


@OPERATIONS
def test_padding_leaves_the_channels_alone(operations: Any) -> None:
    out = operations.conv2d(PICTURE, FILTERS, padding=2)

    assert out.shape == (6, 8 + 4 - 2, 8 + 4 - 2)


def test_the_red_channel_is_the_first_and_grey_is_not_red() -> None:
    pixels = np.array([[[200, 100, 50]]], np.uint8)
    red, blue = [[[1]], [[0]], [[0]]], [[[0]], [[0]], [[1]]]
    layer = Conv(weight=Weights([red, blue]), bias=(0.0, 0.0))

    out = evaluate(Document((layer,)), Frame(pixels, white=255)).outputs[0]

    assert out.tolist() == [[[200]], [[50]]]


@OPERATIONS
def test_nothing_is_clipped(operations: Any) -> None:
    pixels = np.array([[[0, 255, 255]]], np.uint8)

    out = operations.conv2d(pixels, np.array([[[[-2, 0]]], [[[3, 3]]]]))

    assert out.tolist() == [[[0, -510]], [[765, 1530]]]


@OPERATIONS
def test_a_stride_that_does_not_divide_is_floored(operations: Any) -> None:
    out = operations.conv2d(PICTURE, FILTERS, stride=3)

    assert out.shape == (6, 2, 2)  # (8 − 3) / 3 = 1.67, floored to 1, plus 1


@OPERATIONS
@pytest.mark.parametrize(
    ("name", "arguments", "options", "says"),
    [
        ("conv2d", (PICTURE, FILTERS), {"stride": 0}, "stride is 0×0"),
        ("conv2d", (PICTURE, FILTERS), {"stride": 1.5}, "stride is 1.5"),
        ("conv2d", (PICTURE, FILTERS), {"stride": (1, 2, 3)}, r"stride is \(1, 2, 3\)"),
        ("conv2d", (PICTURE, FILTERS), {"dilation": (0, 1)}, "dilation is 0×1"),
        ("conv2d", (PICTURE, FILTERS), {"padding": -1}, "cannot be negative"),
        ("conv2d", (PICTURE, FILTERS), {"padding": "full"}, "padding 'full'"),
        ("conv2d", (PICTURE, FILTERS), {"padding": "same", "stride": 2}, "stride 1, not 2×2"),
        ("conv2d", (PICTURE, FILTERS), {"groups": 2}, "2 groups .* 3 input channels and the 6 filters"),
        ("conv2d", (PICTURE, FILTERS), {"border": "mirror"}, "border 'mirror'"),
        ("conv2d", (PICTURE, FILTERS), {"border": "reflect", "padding": 8}, "at most 7 .* is 8"),
        ("conv2d", (PICTURE, np.zeros((6, 3, 9, 3))), {}, "spans 9 pixels .* height is only 8"),
        ("conv2d", (PICTURE, np.zeros((6, 2, 3, 3))), {}, "2 channels .* has 3"),
        ("conv2d", (PICTURE, FILTERS, np.zeros(5)), {}, "6 filters but 5 biases"),
        ("conv2d", (PICTURE[0], FILTERS), {}, "shape is 8×8"),
        ("conv2d", (PICTURE.astype(complex), FILTERS), {}, "complex"),
        ("conv2d", ([[[1, 2], [3]]], FILTERS), {}, "ragged"),
        ("conv_transpose2d", (PICTURE, FILTERS), {}, "6 channels but the input has 3"),
        ("conv_transpose2d", (PICTURE, np.zeros((3, 2, 3, 3))), {"output_padding": 1}, "1 must be smaller"),
        ("max_pool2d", (PICTURE, 0), {}, "window is 0×0"),
        ("max_pool2d", (PICTURE, 9), {}, "spans 9 pixels .* height is only 8"),
        ("max_pool2d", (PICTURE, 2), {"padding": 2}, "at most 1 .* not 2"),
        ("max_pool2d", (PICTURE, 2), {"stride": 0}, "stride is 0×0"),
        ("avg_pool2d", (PICTURE, 2), {"padding": 2}, "at most 1 .* not 2"),
    ],
)
def test_bad_arguments_are_refused_with_their_numbers(
    operations: Any, name: str, arguments: tuple[Any, ...], options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ConvStudioError, match=says) as refusal:
        getattr(operations, name)(*arguments, **options)

    assert str(refusal.value).endswith(".")
