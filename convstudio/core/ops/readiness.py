"""Whether the machine code is there yet. Making it takes a quarter of a second, which has to be worth it."""

from convstudio.core.ops.microkernel import microkernel
from convstudio.core.ops.native import processor
from convstudio.core.ops.sigmoid import sigmoid

MAKING = 8e9  # a quarter of a second in weights of filter2D at one pixel


class _Missed:
    """What the code would have saved so far, and whether it is there."""

    saved = 0.0
    is_made = False


def make() -> None:
    """Make all of it now, where it can be made. Other threads run meanwhile."""
    found = processor()
    if found:
        sigmoid(found)
        for filters in range(1, found.filters + 1):
            microkernel(found, filters)
        _Missed.is_made = True


def is_worth_making(saved: float) -> bool:
    """Whether the code is there; it is made once it would have saved what making it costs.

    Parameters
    ----------
    saved
        What the work at hand could save, in weights of filter2D at one pixel.
    """
    if not _Missed.is_made:
        _Missed.saved += saved
        if _Missed.saved >= MAKING:
            make()
    return _Missed.is_made


def is_made() -> bool:
    """Whether the code can be used without waiting for it."""
    return _Missed.is_made
