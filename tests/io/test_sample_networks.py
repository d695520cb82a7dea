"""The face finder: the published weights, layer by layer, and what they answer to the portrait."""

import cv2
import numpy as np
import pytest

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.counts import compare, compare_stack
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.plan import plan
from convstudio.io.resources import RESOURCES
from convstudio.io.sample_networks import face_finder
from convstudio.io.samples import load_sample
from tests.io.networks.models import Case, node, run_by_onnx_runtime

NETWORK = face_finder()


def test_its_layers_have_the_published_sizes_and_counts() -> None:
    recipe_plan = plan(NETWORK.document, Shape(3, 512, 512))

    sizes = [(step.title, str(step.output), step.weights, step.biases) for step in recipe_plan.steps]
    assert sizes == [
        ("Face to 12 pixels", "92×92×3", 0, 0),
        ("Normalise", "92×92×3", 0, 0),
        ("Conv 3×3", "90×90×10", 270, 10),
        ("PReLU", "90×90×10", 10, 0),
        ("Max pool 2×2", "45×45×10", 0, 0),
        ("Conv 3×3", "43×43×16", 1440, 16),
        ("PReLU", "43×43×16", 16, 0),
        ("Conv 3×3", "41×41×32", 4608, 32),
        ("PReLU", "41×41×32", 32, 0),
        ("Conv 1×1", "41×41×2", 64, 2),
        ("Face or not", "41×41×2", 0, 0),
    ]
    assert recipe_plan.parameters == 6500  # the box, which is not used, has the other 132 of 6,632


def test_one_answer_sees_12_pixels_and_the_next_one_2_further() -> None:
    without_resize = Document(NETWORK.document.layers[1:])

    field = plan(without_resize, Shape(3, 92, 92)).steps[-1].receptive_field

    assert [*map(int, field.size), *map(int, field.jump)] == [12, 12, 2, 2]


def test_its_dense_equivalent_is_counted_like_that_of_any_layer() -> None:
    recipe_plan = plan(NETWORK.document, Shape(3, 512, 512))
    comparison, last = compare_stack(recipe_plan), compare(recipe_plan.steps[9])

    assert comparison is not None
    assert last is not None
    assert last.dense.weights == 41 * 41 * 32 * 41 * 41 * 2
    assert comparison.conv.parameters == 6500


@pytest.mark.parametrize(("side", "answer", "place"), [(92, 1.000, (7, 19)), (128, 0.992, None), (61, 0.999, None)])
def test_the_largest_answer_is_at_the_face_as_pytorch_has_it(
    side: int, answer: float, place: tuple[int, int] | None
) -> None:
    photograph = load_sample(NETWORK.sample).pixels
    small = cv2.resize(photograph, (side, side), interpolation=cv2.INTER_AREA)

    faces = evaluate(Document(NETWORK.document.layers[1:]), Frame(small, white=255)).outputs[-1][NETWORK.channel]

    assert float(faces.max()) == pytest.approx(answer, abs=0.002)
    if place is not None:
        assert divmod(int(faces.argmax()), faces.shape[1]) == place


def test_every_layer_is_what_onnx_runtime_makes_of_the_portrait() -> None:
    with np.load(RESOURCES / "networks" / "pnet.npz") as arrays:
        tensors = {name.replace(".", "-"): arrays[name] for name in arrays.files}
    tensors |= {name: slopes[:, None, None] for name, slopes in tensors.items() if name.startswith("prelu")}
    tensors |= {"mean": np.array(127.5, np.float32), "deviation": np.array(128, np.float32)}
    nodes = [node("Sub", "x mean", "centred"), node("Div", "centred deviation", "normalised")]
    last = "normalised"
    for number in (1, 2, 3):
        nodes += [
            node("Conv", f"{last} conv{number}-weight conv{number}-bias", f"c{number}"),
            node("PRelu", f"c{number} prelu{number}-weight", f"p{number}"),
        ]
        last = f"p{number}"
        if number == 1:
            nodes.append(node("MaxPool", "p1", "largest", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1))
            last = "largest"
    nodes += [
        node("Conv", "p3 conv4_1-weight conv4_1-bias", "c4"),
        node("Softmax", "c4", "faces", axis=1),
    ]
    values = ("normalised", "c1", "p1", "largest", "c2", "p2", "c3", "p3", "c4", "faces")

    small, *outputs = evaluate(NETWORK.document, load_sample(NETWORK.sample)).outputs
    theirs = run_by_onnx_runtime(Case(nodes, tensors, values, shape=(1, *small.shape)), small)

    assert len(outputs) == len(values)
    for name, output in zip(values, outputs, strict=True):
        most = float(np.abs(theirs[name]).max())
        np.testing.assert_allclose(output, theirs[name][0], rtol=0, atol=5e-6 * most, err_msg=name)


def test_with_its_own_resize_it_finds_the_face_in_the_photograph() -> None:
    faces = evaluate(NETWORK.document, load_sample(NETWORK.sample)).outputs[-1][NETWORK.channel]

    row, column = np.unravel_index(int(faces.argmax()), faces.shape)
    assert float(faces.max()) > 0.99
    assert 60 < 2 * row / 0.18 < 140
    assert 170 < 2 * column / 0.18 < 260


def test_its_licence_lies_beside_it() -> None:
    text = (RESOURCES / "networks" / "LICENCE.md").read_text(encoding="utf-8")

    assert "Kaipeng Zhang" in text
    assert "Timothy Esler" in text
    assert "Permission is hereby granted, free of charge" in text
