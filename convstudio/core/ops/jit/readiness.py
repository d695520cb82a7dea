"""Whether there is machine code yet. Making it takes almost half a second, which has to be worth it."""

from collections import deque

from convstudio.core.ops.jit.colour_pass import Look, colour_pass
from convstudio.core.ops.jit.crew import stand_by
from convstudio.core.ops.jit.curves import CURVES, curve
from convstudio.core.ops.jit.microkernel import microkernel
from convstudio.core.ops.jit.native import Processor, processor
from convstudio.core.ops.jit.passes import affine
from convstudio.core.ops.jit.shifted import shifted_sum
from convstudio.core.ops.jit.square import FEWEST_COLUMNS, square

MAKING = 13e9  # 0.4 s in weights of filter2D at one pixel


_turn = deque([None])  # who takes it makes the code; taking is atomic, so no thread waits for another


class _State:
    """What the code would have saved so far, whether it is there, and whether it can be."""

    missed = 0.0
    is_made = False
    is_impossible = False


def usable() -> Processor | None:
    """The processor, where code can be made for it; None where a call of `make` has shown that it cannot, too."""
    return None if _State.is_impossible else processor()


def make() -> None:
    """Make the code now, where that is possible and nobody has begun. Other threads run meanwhile.

    The squares for many filters, one for each width of a kernel, are made when they are first needed; one is made now
    to see that they can be.
    """
    found = usable()
    try:
        _turn.pop()
    except IndexError:
        return
    if found is None:
        return
    try:
        stand_by()
        for kind in CURVES:
            curve(found, kind)
        affine(found)
        shifted_sum(found)
        for look in Look:
            colour_pass(found, look)
        for filters in range(1, found.filters + 1):
            microkernel(found, filters)
        if found.lanes > found.filters:
            square(found, FEWEST_COLUMNS)
        _State.is_made = True
    except (RuntimeError, ImportError, OSError, AttributeError):  # an LLVM that is broken, or too old or new for us
        _State.is_impossible = True


def is_ready(*, missed: float) -> bool:
    """Whether the code is there; it is made once it has been missed for as long as making it takes.

    Parameters
    ----------
    missed
        What it would save now, in weights of filter2D at one pixel.
    """
    if not _State.is_made:
        _State.missed += missed
        if _State.missed >= MAKING:
            make()
    return _State.is_made


def is_made() -> bool:
    """Whether the code can be used without waiting for it."""
    return _State.is_made
