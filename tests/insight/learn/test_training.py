"""What is learned: few examples are read by heart, and only what is shared stays right when the digits move."""

from functools import cache

import numpy as np
import pytest

from convstudio.core.cancellation import Cancelled, cancelled_unless
from convstudio.core.progress import silent
from convstudio.insight.learn.moving import SHIFTS, moved, shares_when_moved
from convstudio.insight.learn.networks import NetworkKind
from convstudio.insight.learn.study import StudyQuestion, answer
from convstudio.insight.learn.training import Adam, NetworkTraining, Split, Task, begin, split_digits
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
