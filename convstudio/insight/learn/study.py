"""A study: the three networks learn the same task, some rounds at a time, so that it can be watched and stopped."""

from dataclasses import dataclass

from convstudio.core.progress import Progress
from convstudio.core.threads import serial_blas
from convstudio.insight.learn.moving import shares_when_moved
from convstudio.insight.learn.networks import DigitNetwork, NetworkKind
from convstudio.insight.learn.training import Digits, NetworkTraining, Split, Task, begin, split_digits

ROUNDS_AT_ONCE = 4


@dataclass(frozen=True, eq=False)
class Study:
    """Where a study stands. The networks in it are copies: they are asked while the others learn on."""

    task: Task
    split: Split
    trainings: tuple[NetworkTraining, ...]  # in the order of `NetworkKind`; the next question takes them further
    networks: tuple[DigitNetwork, ...]
    known: tuple[tuple[float, ...], ...]  # shares that are right, of the examples, after each watched round
    new: tuple[tuple[float, ...], ...]  # the same of new digits
    moved: tuple[tuple[float, ...], ...]  # when all is learned: of new digits after each of `SHIFTS`

    @property
    def has_begun(self) -> bool:
        """Whether the networks have seen their examples; before that their weights are drawn."""
        return any(training.rounds > 0 for training in self.trainings)

    @property
    def is_done(self) -> bool:
        """Whether all rounds are over."""
        return bool(self.moved)


@dataclass(frozen=True, eq=False)
class StudyQuestion:
    """Go on with a study, or begin one where there is none: the digits, and networks that have seen nothing yet."""

    task: Task
    study: Study | None = None


@serial_blas()  # the matrices are small, and the window's thread wants a core, too
def answer(question: StudyQuestion, progress: Progress, digits: Digits) -> Study:
    """The study some rounds further; a new one before its first round, so that its digits are seen at once.

    Raises
    ------
    Cancelled
        If nobody wants to know any more.
    """
    before, task = question.study, question.task
    split = before.split if before is not None else split_digits(digits, task)
    trainings = before.trainings if before is not None else tuple(begin(kind, task) for kind in NetworkKind)
    for training in trainings if before is not None else ():
        progress(training.rounds / max(task.rounds, 1) * 0.999)
        training.run(split, ROUNDS_AT_ONCE)
    networks = tuple(training.network.copy() for training in trainings)
    is_done = all(training.is_done for training in trainings)
    return Study(
        task=task,
        split=split,
        trainings=trainings,
        networks=networks,
        known=tuple(tuple(training.known) for training in trainings),
        new=tuple(tuple(training.new) for training in trainings),
        moved=tuple(shares_when_moved(network, split) for network in networks) if is_done else (),
    )
