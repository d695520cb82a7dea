"""Timing that a busy machine does not spoil: contestants take turns, and each is compared within its round."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter, sleep

Work = Callable[[], object]

TURN = 0.02  # seconds a turn lasts at least
REST = 0.005  # the thread pools of other libraries keep spinning for a while after their turn


def take_turns(contestants: Mapping[str, Work], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of one call of each contestant, one number for each round.

    Every round starts with another one and every second goes backwards, so that nobody always follows the same: one who
    leaves the cache full of something else would spoil the turn of the next.
    """
    names = list(contestants)
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        order = names[first:] + names[:first]
        for name in reversed(order) if number % 2 else order:
            times[name].append(_turn(contestants[name]))
    return times


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median over the rounds of ours over theirs."""
    return median(our / their for our, their in zip(ours, theirs, strict=True))


def _turn(work: Work) -> float:
    sleep(REST)
    work()  # caches and pages are warm for everybody alike
    times: list[float] = []
    begin = perf_counter()
    while perf_counter() - begin < TURN or len(times) < 2:
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return median(times)
