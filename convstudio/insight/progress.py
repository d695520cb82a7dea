"""Progress: how a long answer tells how far it is. Nothing here knows of threads."""

from collections.abc import Callable

Progress = Callable[[float], None]
"""Called with the fraction that is done, 0 to 1, some ten times a second; it raises when the answer is not wanted
any more,
and the answering function lets that pass."""


def silent(_: float) -> None:
    """Progress that nobody watches."""
