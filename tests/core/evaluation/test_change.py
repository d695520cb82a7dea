"""One changed weight is one shifted, scaled input added: the same output, bounded drift, and nothing touched."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.evaluation.change import changed, computed
from convstudio.core.evaluation.evaluate import Result, apply, evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.geometry.window import convolution
from convstudio.core.ops import increment, reference
from convstudio.core.ops import updates as planes_updated
from convstudio.core.ops.jit import compile_all, elementwise
from convstudio.core.ops.methods import Method, only
from convstudio.core.ops.updates import Tap, Update
from convstudio.core.recipe.document import Document, with_layer
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Layer,
    Orientation,
    Pool,
    Weights,
)
from convstudio.core.recipe.plan import plan
from tests.amounts import random_cases, share_of

CASES = random_cases(300)
pairs = st.builds(Pair, st.integers(1, 3), st.integers(1, 3))
GENERATOR = np.random.default_rng(8)


@pytest.fixture(autouse=True, scope="module")
def machine_code() -> None:
    """It is there from the beginning."""
    compile_all()


def with_weight(layer: Conv, place: tuple[int, ...], value: float) -> Conv:
    weight = layer.weight.array.copy()
    weight[place] = value
    return replace(layer, weight=Weights(weight))


@st.composite
def convolutions(draw: st.DrawFn, channels: int) -> Conv:
    is_alone, groups = draw(st.booleans()), draw(st.sampled_from([1, channels]))
    filters = draw(st.integers(1, 2)) * (1 if is_alone else groups)
    planes = 1 if is_alone else channels // groups
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    amounts = st.builds(Amounts, *[st.integers(0, 4)] * 4)
    return Conv(
        weight=Weights(generator.integers(-9, 10, (filters, planes, draw(st.integers(1, 5)), draw(st.integers(1, 5))))),
        bias=tuple(generator.integers(-50, 50, filters).astype(float).tolist()),
        stride=draw(pairs),
        padding=draw(amounts | st.sampled_from(Padding)),
        dilation=draw(pairs),
        groups=1 if is_alone else groups,
        border=draw(st.sampled_from(Border)),
        orientation=draw(st.sampled_from(Orientation)),
        channels=Channels.EACH if is_alone else Channels.ACROSS,
    )


@CASES
@given(st.data())
def test_a_changed_output_is_the_computed_one(data: st.DataObject) -> None:
    channels = data.draw(st.sampled_from([1, 3]))
    shape = Shape(channels, data.draw(st.sampled_from([1, 7, 30])), data.draw(st.sampled_from([1, 8, 40])))
    before = data.draw(convolutions(channels))
    number = data.draw(st.integers(0, before.filters - 1))
    kind = data.draw(st.sampled_from(["weight", "bias", "scale"]))
    weight, bias = before.weight.array.copy(), list(before.bias)
    if kind == "weight":
        place = tuple(data.draw(st.integers(0, length - 1)) for length in weight.shape[1:])
        weight[(number, *place)] += 2
    elif kind == "bias":
        bias[number] -= 7
    else:
        weight[number] *= -2
    after = replace(before, weight=Weights(weight), bias=tuple(bias))
    try:
        old, new = (plan(Document((layer,)), shape).steps[0] for layer in (before, after))
    except ConvStudioError:
        assume(False)
    x = np.random.default_rng(data.draw(st.integers(0, 99))).integers(0, 256, shape).astype(np.float32)
    origin = computed(old, apply(old, x))
    is_compiled = data.draw(st.booleans())
    assert origin is not None

    with pytest.MonkeyPatch.context() as patch:
        if data.draw(st.booleans()):  # cut into bands for the cores, as large planes are
            patch.setattr(planes_updated, "STRIP_NUMBERS", 20)
        if data.draw(st.booleans()):
            patch.setattr(elementwise, "LARGE", 0)
        with only(*(kind for kind in Method if is_compiled or kind is not Method.COMPILED)):
            output = changed(origin, new, x)

    # nothing is left where weights cancel, so that rounding would be all there is: that is computed
    is_nothing = not np.abs(weight).sum(axis=(1, 2, 3)).all()
    assert output is not None or is_nothing
    if output is not None:
        np.testing.assert_array_equal(output.planes, apply(new, x))  # sums of whole numbers are exact


@pytest.mark.parametrize("is_large", [True, False])
@pytest.mark.parametrize("has_code", [True, False])
@pytest.mark.parametrize("offset", [0.0, 7.0])
def test_any_number_of_changes_of_a_plane_are_made_one_after_the_other(
    has_code: bool, offset: float, is_large: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planes_updated, "STRIP_NUMBERS", 20)
    monkeypatch.setattr(elementwise, "LARGE", 0 if is_large else 10**9)
    generator = np.random.default_rng(0)
    old, x = (generator.integers(0, 256, (5, 30, 40)).astype(np.float32) for _ in range(2))
    taps = tuple(Tap(number, number % 3, (2 * number) % 3, number + 2.0) for number in range(4))
    updates = [Update(1.0 if offset else -2.0, offset, taps[:count]) for count in range(5)]
    if not offset:
        updates[0] = Update()
    window = convolution(Shape(5, 30, 40), 5, kernel=Pair(3, 3), pads=Amounts(1, 1, 1, 1))
    before = old.copy()

    with only(*(kind for kind in Method if has_code or kind is not Method.COMPILED)):
        outputs = increment.updated(old, x, updates, window)

    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    for update, plane, output in zip(updates, before, outputs, strict=True):
        expected = update.scale * plane + update.offset
        for tap in update.taps:
            expected += tap.amount * padded[tap.source, tap.row : tap.row + 30, tap.column : tap.column + 40]
        np.testing.assert_array_equal(output, expected)  # of whole numbers
    np.testing.assert_array_equal(old, before)


def test_one_row_however_long_is_changed_as_it_is_computed() -> None:
    compile_all()
    x = np.random.default_rng(6).integers(0, 256, (1, 1, 2**21)).astype(np.float32)
    before = Conv(weight=Weights([[[[1.0, 2.0, 3.0]]]]), bias=(0.0,), border=Border.REPLICATE)
    after = replace(before, weight=Weights([[[[4.0, 2.0, 3.0]]]]))
    old, new = (plan(Document((layer,)), Shape(*x.shape)).steps[0] for layer in (before, after))
    origin = computed(old, apply(old, x))
    assert origin is not None

    output = changed(origin, new, x)

    assert output is not None
    np.testing.assert_array_equal(output.planes, apply(new, x))


def test_many_edits_drift_less_than_anybody_can_see() -> None:
    generator = np.random.default_rng(4)
    pixels = generator.integers(0, 256, (11, 13, 1)).astype(np.uint8)
    frame = Frame(pixels, white=255)
    layer = Conv(weight=Weights(generator.normal(size=(2, 1, 5, 5))), bias=(0.0, 3.0), border=Border.REFLECT)
    count = share_of(10_000)
    result, worst, longest, computations = evaluate(Document((layer,)), frame), 0.0, 0, 0

    for edit in range(count):
        number = int(generator.integers(2))
        if edit % 10 == 8:
            bias = list(layer.bias)
            bias[number] = float(generator.normal(0, 30))
            layer = replace(layer, bias=tuple(bias))
        elif edit % 10 == 9:
            weight = layer.weight.array.copy()
            weight[number] *= 1 / np.abs(weight[number]).mean()
            layer = replace(layer, weight=Weights(weight))
        else:
            place = number, 0, *(int(index) for index in generator.integers(5, size=2))
            layer = with_weight(layer, place, float(generator.normal()))
        result = evaluate(Document((layer,)), frame, previous=result, is_draft=True)
        longest, computations = max(longest, result.drafts), computations + (result.drafts == 0)
        if edit % 25 == 24:
            worst = max(worst, error_of(result, layer, pixels))

    assert longest > 50  # most of them follow one another
    assert computations < count / 20
    assert worst < 3e-5  # of what the products' magnitudes add up to


def error_of(result: Result, layer: Conv, pixels: NDArray[np.uint8]) -> float:
    """The largest error of an output, as a share of its filter's largest sum of magnitudes."""
    planes, weight = np.moveaxis(pixels, 2, 0).astype(np.float64), layer.weight.array
    exact = reference.conv2d(planes, weight, layer.bias, padding="same", border=layer.border)
    magnitude = np.abs(weight).sum(axis=(1, 2, 3)) * planes.max() + np.abs(layer.bias)
    return float((np.abs(result.outputs[0] - exact).max(axis=(1, 2)) / magnitude).max())


def kernel(size: int = 7) -> Conv:
    weight = GENERATOR.integers(1, 9, (1, 1, size, size))
    return Conv(weight=Weights(weight), bias=(0.0,))


def grey(height: int = 20, width: int = 30) -> Frame:
    return Frame(GENERATOR.integers(0, 256, (height, width, 1)).astype(np.uint8), white=255)


def test_a_draft_feeds_the_layers_after_it_and_touches_nothing_before() -> None:
    frame, layer = grey(), kernel()
    document = Document((Pool(), layer, Activation()))
    before = evaluate(document, frame)
    copies = [planes.copy() for planes in before.outputs]
    edited = with_layer(document, 1, with_weight(layer, (0, 0, 2, 3), -400.0))

    draft = evaluate(edited, frame, previous=before, is_draft=True)

    exact = evaluate(edited, frame)
    assert (draft.drafts, exact.drafts) == (1, 0)
    for output, expected in zip(draft.outputs, exact.outputs, strict=True):
        np.testing.assert_array_equal(output, expected)
        assert not output.flags.writeable
    assert draft.outputs[0] is before.outputs[0]
    for planes, copy in zip(before.outputs, copies, strict=True):
        np.testing.assert_array_equal(planes, copy)


def test_a_drag_is_drawn_from_what_was_computed_however_long_it_lasts() -> None:
    frame, layer = grey(), kernel()
    result = evaluate(Document((layer,)), frame)

    for number in range(100):
        document = Document((with_weight(layer, (0, 0, 3, 3), number / 7),))
        result = evaluate(document, frame, previous=result, is_draft=True)

        assert result.drafts == 1


def test_after_the_gesture_the_layer_is_computed_though_nothing_changed() -> None:
    frame, layer = grey(), kernel()
    start = evaluate(Document((Activation(), layer)), frame)
    edited = Document((Activation(), with_weight(layer, (0, 0, 0, 0), 0.3)))
    draft = evaluate(edited, frame, previous=start, is_draft=True)

    again = evaluate(edited, frame, previous=draft, is_draft=True)
    settled = evaluate(edited, frame, previous=draft)

    assert again.outputs[1] is draft.outputs[1]
    assert again.drafts == 1
    assert settled.drafts == 0
    assert settled.outputs[0] is draft.outputs[0]
    np.testing.assert_array_equal(settled.outputs[1], evaluate(edited, frame).outputs[1])


def test_an_edit_before_or_behind_a_draft_never_takes_it_for_computed() -> None:
    frame, layer = grey(), kernel()
    document = Document((kernel(), layer, kernel()))
    start = evaluate(document, frame)
    draft = evaluate(
        with_layer(document, 1, with_weight(layer, (0, 0, 0, 0), 0.1)), frame, previous=start, is_draft=True
    )
    assert draft.drafts == 1

    behind = with_layer(draft.document, 2, Activation())
    first = draft.document.layers[0]
    assert isinstance(first, Conv)
    ahead = with_layer(draft.document, 0, with_weight(first, (0, 0, 1, 1), 0.7))

    for edited in (behind, ahead):
        settled = evaluate(edited, frame, previous=draft)
        np.testing.assert_array_equal(settled.outputs[1], evaluate(edited, frame).outputs[1])
        assert settled.drafts == 0
    both = evaluate(ahead, frame, previous=draft, is_draft=True)
    assert both.draft is not None
    assert both.draft.index == 0
    np.testing.assert_allclose(both.outputs[2], evaluate(ahead, frame).outputs[2], rtol=1e-5)


@pytest.mark.parametrize(
    "edit",
    [
        lambda layer: replace(layer, stride=Pair(2, 2)),
        lambda layer: replace(layer, border=Border.REFLECT),
        lambda layer: replace(layer, padding=Padding.VALID),
        lambda layer: replace(layer, enabled=False),
        lambda layer: replace(layer, orientation=Orientation.CONVOLUTION),
        lambda layer: replace(layer, weight=Weights(layer.weight.array[:, :, :5])),
        lambda layer: replace(layer, weight=Weights(GENERATOR.normal(size=layer.weight.array.shape))),
        lambda _: Activation(),
        lambda _: ConvTranspose(weight=Weights([[[[1.0]]]]), bias=(0.0,)),
    ],
    ids=["stride", "border", "padding", "off", "flipped", "size", "many", "activation", "transposed"],
)
def test_another_edit_is_computed(edit: object) -> None:
    frame, layer = grey(), kernel()
    assert callable(edit)
    edited: Layer = edit(layer)

    result = evaluate(Document((edited,)), frame, previous=evaluate(Document((layer,)), frame), is_draft=True)

    assert result.drafts == 0
    np.testing.assert_array_equal(result.outputs[0], evaluate(Document((edited,)), frame).outputs[0])


def test_what_large_numbers_would_leave_behind_is_computed() -> None:
    frame, layer = grey(), kernel()
    huge = evaluate(Document((with_weight(layer, (0, 0, 0, 0), 1e9),)), frame)  # steps of 64 and more in float32

    result = evaluate(Document((layer,)), frame, previous=huge, is_draft=True)

    assert result.drafts == 0
    np.testing.assert_array_equal(result.outputs[0], evaluate(Document((layer,)), frame).outputs[0])


def test_another_frame_is_computed() -> None:
    layer = kernel()
    before = evaluate(Document((layer,)), grey())

    result = evaluate(Document((with_weight(layer, (0, 0, 0, 0), 0.5),)), grey(), previous=before, is_draft=True)

    assert result.drafts == 0


def test_a_grey_picture_of_a_colour_recipe_is_changed_as_it_is_executed() -> None:
    frame = grey()
    layer = Conv(weight=Weights(GENERATOR.integers(-4, 5, (2, 3, 3, 3))), bias=(0.0, 0.0))
    edited = with_weight(layer, (1, 2, 0, 0), 50.0)

    result = evaluate(Document((edited,)), frame, previous=evaluate(Document((layer,)), frame), is_draft=True)

    assert result.drafts == 1
    np.testing.assert_array_equal(result.outputs[0], evaluate(Document((edited,)), frame).outputs[0])
