"""Long work is given up between its parts: layers, tiles, strips and units."""

from collections.abc import Callable
from time import process_time

import numpy as np
import pytest

from convstudio.core.cancellation import Cancelled, cancelled_unless, check
from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.evaluation.tiles import evaluate_tiled
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.shapes import Pair, Shape
from convstudio.core.ops import dense, dense_weights
from convstudio.core.ops.jit.readiness import compile_all
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Channels, Conv, ConvTranspose, Dense, Layer, Pool, Weights
from convstudio.core.recipe.plan import plan
from convstudio.core.threads import run_parallel
from convstudio.core.view.shown import Selection, show

SOON = 3.0  # seconds of all cores together, of work that takes twenty and more
FRAME = Frame(np.random.default_rng(1).integers(0, 256, (512, 512, 3), dtype=np.uint8), white=255)
SMALL = Frame(FRAME.pixels[:64, :64].copy(), white=255)


def conv(filters: int, planes: int, size: int, **options: object) -> Conv:
    weight = np.random.default_rng(filters).normal(size=(filters, planes, size, size))
    return Conv(weight=Weights(weight), bias=(0.0,) * filters, **options)  # type: ignore[arg-type]


def transposed(size: int, bias: float, dilation: int = 1) -> ConvTranspose:
    weight = Weights(np.ones((3, 200, size, size)))
    return ConvTranspose(weight=weight, bias=(bias,) * 200, stride=Pair(2, 2), dilation=Pair.of(dilation))


class Asked:
    """Always wanted; it counts how often somebody asks."""

    count = 0

    def __call__(self) -> bool:
        self.count += 1
        return True


def unwanted_after(questions: int) -> Callable[[], bool]:
    """Wanted so many times, then no more."""
    answers = iter([True] * questions)
    return lambda: next(answers, False)


HEAVY: dict[str, tuple[Layer, ...]] = {
    "2,000 filters": (conv(2000, 3, 3),),
    "mirrored": (conv(2000, 3, 3, border=Border.REFLECT),),
    "groups": (conv(1998, 1, 3, groups=3),),
    "each channel alone": (conv(600, 1, 31, channels=Channels.EACH),),
    "equal weights": (Conv(weight=Weights(np.ones((600, 1, 15, 15))), bias=(0.0,) * 600, channels=Channels.EACH),),
    "stride": (conv(1000, 3, 9, stride=Pair(2, 2)),),
    "dilation": (conv(1000, 3, 5, dilation=Pair(9, 9)),),
    "transposed": (transposed(5, 0.0, dilation=2),),
    "transposed phases": (transposed(4, 1.0),),
    "dense": (Dense(units=1300),),
}


@pytest.fixture(autouse=True, scope="module")
def loops() -> None:
    """Machine code is there: making it is no part of the work."""
    compile_all()


@pytest.mark.parametrize("name", HEAVY)
@pytest.mark.parametrize("questions", [1, 6])
def test_a_heavy_layer_is_given_up_inside(name: str, questions: int) -> None:
    start = process_time()
    with pytest.raises(Cancelled), cancelled_unless(unwanted_after(questions)):
        evaluate(Document(HEAVY[name]), FRAME)

    assert process_time() - start < SOON


def test_many_layers_are_given_up_between_them() -> None:
    asked = Asked()
    document = Document((conv(1, 3, 3), *[conv(1, 1, 3)] * 200))

    with cancelled_unless(asked):
        result = evaluate(document, SMALL)
    assert asked.count >= 201

    asked.count = 0
    with cancelled_unless(asked):
        show(result, Selection())
    assert asked.count >= 201  # thumbnails


def test_tiles_are_given_up_between_their_layers() -> None:
    document = Document((conv(2, 3, 3), Pool()))

    with pytest.raises(Cancelled), cancelled_unless(unwanted_after(3)):
        list(evaluate_tiled(document, FRAME, 1, budget=2**16))


def test_all_threads_of_shared_work_stop_and_their_caller_is_told() -> None:
    done: list[int] = []

    with pytest.raises(Cancelled), cancelled_unless(unwanted_after(20)):
        run_parallel(lambda: done.append, range(1000))

    assert len(done) <= 20


def test_work_that_somebody_wants_ends_as_ever() -> None:
    with cancelled_unless(lambda: True):
        output = evaluate(Document((conv(40, 3, 3), Pool())), FRAME).outputs[-1]

    np.testing.assert_array_equal(output, evaluate(Document((conv(40, 3, 3), Pool())), FRAME).outputs[-1])
    check()  # outside of it nobody is asked


def test_a_dense_layer_drawn_in_parts_has_the_same_outputs() -> None:
    layer = Dense(units=70)

    parts = evaluate(Document((layer,)), FRAME).outputs[0]

    assert plan(Document((layer,)), FRAME.shape).steps[0].weights > 2**22
    whole = dense(FRAME.planes(), dense_weights(70, Shape(3, 512, 512).size, 0))
    np.testing.assert_allclose(parts, whole, rtol=1e-4, atol=1e-2)
