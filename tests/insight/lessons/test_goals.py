"""Goals: conditions that are met, are not, and cannot be read."""

import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.insight.lessons.goals import Reader, goals_from, is_met


def reader(**values: object) -> Reader:
    return lambda name: values[name.replace(" ", "_")]


@pytest.mark.parametrize(
    ("condition", "is_so"),
    [
        ("width = 6", True),
        ("width = 5", False),
        ("width > 5", True),
        ("width > 6", False),
        ("width < 7 and stage = step", True),
        ("stage = weights", False),
        ("stage > 3", False),
        ("picture changed", True),
        ("picture same", False),
        ("stage same and width changed", False),
        ("nothing = 0", False),
    ],
)
def test_a_condition_compares_what_is_with_a_value_or_with_what_was(condition: str, is_so: bool) -> None:
    (goal,) = goals_from(f"something: {condition}")
    before, now = reader(width=6.0, stage="step", picture="old"), reader(
        width=6.0, stage="step", picture="new", nothing=None
    )  # fmt: skip

    assert is_met(goal, before, now) is is_so


def test_what_cannot_be_read_yet_is_not_met() -> None:
    def refuse(_: str) -> object:
        raise ConvStudioError("The picture is still being computed.")

    assert not is_met(goals_from("a: width = 6")[0], refuse, refuse)


@pytest.mark.parametrize("text", ["width = 6", "a: width", "a: is it so?"])
def test_what_is_no_goal_is_refused(text: str) -> None:
    with pytest.raises(ConvStudioError):
        goals_from(text)


def test_several_goals_keep_their_order_and_words() -> None:
    assert [goal.label for goal in goals_from("half as wide: stride = 2 | a pin: pins > 0")] == [
        "half as wide",
        "a pin",
    ]
