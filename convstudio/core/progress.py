"""Progress: how long work tells how far it is. It knows of no threads."""

from collections.abc import Callable

Progress = Callable[[float], None]
"""Called with the fraction that is done, 0 to 1, some ten times a second.

It raises when nobody wants the rest any more, and the work lets that pass.
"""


def silent(_: float) -> None:
    """Progress that nobody watches."""
