"""What the terminal says of what ended a command."""

import pytest

from convstudio import terminal


def test_memory_that_is_not_there_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def without_memory() -> int:
        raise MemoryError

    status = terminal.guarded(without_memory)

    assert status == 2
    assert capsys.readouterr().err.startswith("convstudio: The memory is not enough for this; use a smaller picture")
