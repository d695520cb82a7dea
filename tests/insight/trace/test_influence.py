"""Uses: what an input pixel reaches and where a kernel cell is used, counted by hand."""

from convstudio.core.geometry.padding import Padding
from convstudio.core.geometry.regions import Region
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Conv, ConvTranspose, Orientation, Pool, Weights
from convstudio.core.recipe.plan import Plan, plan
from convstudio.insight.trace.influence import outputs_reached, outputs_reached_from, uses_of_cell

EDGE = Weights([[[[1, 0, -1]] * 3]])


def article() -> Plan:
    return plan(Document((Conv(weight=EDGE, bias=(0.0,), padding=Padding.VALID),)), Shape(1, 6, 6))


def test_an_input_pixel_reaches_the_outputs_whose_windows_hold_it() -> None:
    layout = article()

    assert outputs_reached(layout, 0, 2, 2) == Region(0, 3, 0, 3)
    assert outputs_reached(layout, 0, 5, 5) == Region(3, 4, 3, 4)


def test_an_input_pixel_reaches_through_several_layers() -> None:
    layers = (Conv(weight=EDGE, bias=(0,)), Pool())
    layout = plan(Document(layers), Shape(1, 8, 8))

    # pixel 4 reaches values 3 … 5, which are in the pooled values 1 and 2
    assert outputs_reached_from(layout, 0, 1, 4, 4) == Region(1, 3, 1, 3)


def test_a_kernel_cell_is_used_once_for_each_output() -> None:
    step = article().steps[0]

    uses = uses_of_cell(step, 2, 0)

    assert (uses.count, uses.in_padding, uses.region) == (16, 0, Region(2, 6, 0, 4))


def test_uses_in_the_padding_are_counted() -> None:
    step = plan(Document((Conv(weight=EDGE, bias=(0,)),)), Shape(1, 6, 6)).steps[0]

    uses = uses_of_cell(step, 0, 0)

    # of 36 outputs, those of the first row and the first column read the padding: 6 + 5
    assert (uses.count, uses.in_padding, uses.region) == (36, 11, Region(-1, 5, -1, 5))


def test_uses_of_a_strided_and_flipped_kernel() -> None:
    layer = Conv(weight=EDGE, bias=(0,), stride=Pair(2, 2), padding=Padding.VALID, orientation=Orientation.CONVOLUTION)
    step = plan(Document((layer,)), Shape(1, 7, 7)).steps[0]

    uses = uses_of_cell(step, 0, 0)

    # written top left, it is laid bottom right: pixels 2, 4 and 6
    assert (uses.count, uses.region, uses.stride) == (9, Region(2, 7, 2, 7), (2, 2))


def test_uses_in_a_transposed_kernel_leave_out_what_the_padding_cuts_off() -> None:
    layer = ConvTranspose(weight=EDGE, bias=(0,), stride=Pair(2, 2), padding=Pair(1, 1))
    step = plan(Document((layer,)), Shape(1, 4, 4)).steps[0]

    uses = uses_of_cell(step, 0, 1)

    # row 0 goes to output rows −1, 1, 3, 5 (the first is cut off), column 1 to output columns 0, 2, 4, 6
    assert (uses.count, uses.in_padding, uses.region) == (12, 0, Region(1, 4, 0, 4))
