"""What is learned: few examples are read by heart, and only what is shared stays right when the digits move."""

from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from time import process_time, thread_time

import numpy as np
import pytest

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.progress import silent
from convstudio.core.threads import serial_blas
from convstudio.insight.learn.layers import SharedWeights
from convstudio.insight.learn.moving import SHIFTS, moved, shares_when_moved
from convstudio.insight.learn.networks import DigitNetwork, NetworkKind
from convstudio.insight.learn.study import StudyQuestion, answer
from convstudio.insight.learn.training import (
    Adam,
    NetworkTraining,
    Split,
    Task,
    begin,
    on_canvas,
    share_right,
    split_digits,
)
from convstudio.io.digits import load_digits

TASK = Task(examples=200, rounds=24, seed=0)


@cache
def trained(kind: NetworkKind) -> tuple[NetworkTraining, Split]:
    split = split_digits(load_digits(), TASK)
    training = begin(kind, TASK)
    training.run(split, TASK.rounds)
    return training, split


def test_there_are_all_digits_and_each_is_one_of_ten() -> None:
    digits = load_digits()

    assert digits.pictures.shape == (1797, 8, 8)
    assert (digits.pictures.min(), digits.pictures.max()) == (0, 16)
    assert set(digits.labels.tolist()) == set(range(10))


def test_no_digit_is_an_example_and_new_as_well() -> None:
    digits = load_digits()
    split = split_digits(digits, Task(examples=300, seed=4))

    assert (len(split.labels), len(split.new_labels)) == (300, 1497)
    together = np.concatenate([split.pictures, split.new_pictures])[:, 3:11, 3:11] * 16
    assert sorted(map(bytes, together.astype(np.uint8))) == sorted(map(bytes, digits.pictures.astype(np.uint8)))


@pytest.mark.parametrize("kind", NetworkKind)
def test_new_digits_are_read_where_they_were_learned(kind: NetworkKind) -> None:
    training, _ = trained(kind)

    assert training.known[-1] > 0.95
    assert training.new[-1] > 0.8


def test_moved_by_two_pixels_only_the_convolution_still_reads_them() -> None:
    two = SHIFTS.index(2)
    shares = {kind: shares_when_moved(*trained_network(kind))[two] for kind in NetworkKind}

    assert shares[NetworkKind.DENSE] < 0.2  # an independent implementation: 11 %
    assert shares[NetworkKind.LOCAL] < 0.2
    assert shares[NetworkKind.CONVOLUTION] > 0.85


def trained_network(kind: NetworkKind) -> tuple:  # type: ignore[type-arg]
    training, split = trained(kind)
    return training.network, split


def test_adams_first_step_is_as_long_as_its_rate_whatever_the_gradient() -> None:
    values = [np.zeros(3, np.float32)]

    Adam(values).step(values, [np.array([5.0, -0.01, 0.0], np.float32)])

    np.testing.assert_allclose(values[0], [-3e-3, 3e-3, 0], atol=1e-8)


def test_a_digit_that_is_moved_out_of_its_canvas_is_gone() -> None:
    picture = np.ones((1, 14, 14), np.float32)

    assert moved(picture, 3, 0).sum() == 14 * 11
    assert moved(picture, 0, -14).sum() == 0


def test_a_study_goes_on_where_it_was_and_ends_with_all_that_was_asked() -> None:
    digits, task = load_digits(), Task(examples=20, rounds=6, seed=1)

    untaught = answer(StudyQuestion(task), silent, digits)
    first = answer(StudyQuestion(task, untaught), silent, digits)
    beliefs = first.networks[0].beliefs(first.split.new_pictures[:1]).copy()
    second = answer(StudyQuestion(task, first), silent, digits)

    assert [curve for curve in untaught.new if curve] == []  # at once: there are digits to be seen
    assert (untaught.is_done, first.is_done, second.is_done) == (False, False, True)
    assert [len(curve) for curve in second.new] == [3, 3, 3]
    np.testing.assert_array_equal(first.networks[0].beliefs(first.split.new_pictures[:1]), beliefs)  # a copy


def test_training_that_nobody_wants_is_given_up() -> None:
    task = Task(examples=100, rounds=50)
    with cancelled_unless(lambda: False), pytest.raises(Cancelled):
        begin(NetworkKind.DENSE, task).run(split_digits(load_digits(), task), 50)


@pytest.mark.alone
def test_another_thread_gets_its_turn_all_the_time_while_they_learn() -> None:
    """Its longest wait, told in the work that was done meanwhile, is shorter than reading 400 digits takes.

    The machine makes threads wait, too, but not in each of three studies.
    """
    digits, task = load_digits(), Task(examples=200, rounds=4)
    canvases, labels = on_canvas(digits.pictures[:400]), digits.labels[:400]
    start = process_time()
    with serial_blas():
        share_right(DigitNetwork(NetworkKind.CONVOLUTION, seed=0), canvases, labels)
    reading = process_time() - start

    def learn() -> None:
        study = answer(StudyQuestion(task), silent, digits)
        answer(StudyQuestion(task, study), silent, digits)

    longest = []
    with ThreadPoolExecutor(1) as pool:
        for _ in range(3):
            clock = [work_of_others()]
            learning = pool.submit(learn)
            while not wait([learning], timeout=0.001).done:
                clock.append(work_of_others())
            learning.result()
            longest.append(max(np.diff(clock)))

    assert min(longest) < reading


def work_of_others() -> float:
    """Seconds that the other threads of this process have had a core."""
    return process_time() - thread_time()


def test_a_copy_has_the_numbers_and_learns_alone() -> None:
    training = begin(NetworkKind.CONVOLUTION, TASK)
    split = split_digits(load_digits(), TASK)

    copy = training.network.copy()
    before = copy.scores(split.pictures[:3])
    training.run(split, 1)

    np.testing.assert_array_equal(copy.scores(split.pictures[:3]), before)
    assert not np.array_equal(training.network.scores(split.pictures[:3]), before)


def test_what_has_no_gradient_is_left_out_and_nothing_else() -> None:
    random = np.random.default_rng(3)
    layer = SharedWeights(2, 3, 3, random)
    inputs = random.normal(size=(2, 5, 4, 2)).astype(np.float32)
    gradient = random.normal(size=(2, 5, 4, 3)).astype(np.float32)
    few = gradient * (random.random((2, 5, 4, 1)) < 0.2)
    layer.forward(inputs)

    parts = []
    for part in (few, gradient - few, gradient):
        at_inputs = layer.backward(part)
        parts.append([at_inputs, *layer.gradients])

    for one, other, whole in zip(*parts, strict=True):
        np.testing.assert_allclose(one + other, whole, atol=1e-5)
