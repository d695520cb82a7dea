"""When the JIT compiles. That takes almost half a second, which has to be worth it."""

from collections import deque

from convstudio.core.ops.jit import thread_pool
from convstudio.core.ops.jit.activations import ACTIVATIONS, activation_loop
from convstudio.core.ops.jit.colouring import ColourMode, colour_loop
from convstudio.core.ops.jit.elementwise import affine
from convstudio.core.ops.jit.increment import shifted_sum
from convstudio.core.ops.jit.llvm import Processor, processor
from convstudio.core.ops.jit.microkernels import FEWEST_COLUMNS, filter_microkernel, pixel_microkernel

COMPILING = 13e9  # 0.4 s in weights of filter2D at one pixel


_turn = deque([None])  # the thread that takes it compiles; taking is atomic, so no thread waits for another


class _State:
    """What the code would have saved so far, whether it is compiled, and whether it can be."""

    missed = 0.0
    is_compiled = False
    is_impossible = False


def usable() -> Processor | None:
    """The processor, where code can be compiled for it; None also after `compile_all` has failed."""
    return None if _State.is_impossible else processor()


def compile_all() -> None:
    """Compile now, where that is possible and no thread has begun. Other threads run meanwhile.

    Filter microkernels, one for each width of a kernel, are compiled when they are first needed; one is compiled now to
    see that they can be.
    """
    cpu = usable()
    try:
        _turn.pop()
    except IndexError:
        return
    if cpu is None:
        return
    try:
        thread_pool.start()
        for kind in ACTIVATIONS:
            activation_loop(cpu, kind)
        affine(cpu)
        shifted_sum(cpu)
        for mode in ColourMode:
            colour_loop(cpu, mode)
        for filters in range(1, cpu.filters + 1):
            pixel_microkernel(cpu, filters)
        if cpu.lanes > cpu.filters:
            filter_microkernel(cpu, FEWEST_COLUMNS)
        _State.is_compiled = True
    except (RuntimeError, ImportError, OSError, AttributeError):  # an LLVM that is broken, or too old or new for us
        _State.is_impossible = True


def is_ready(*, missed: float) -> bool:
    """Whether the code is compiled; that is done once it would have saved as much time as compiling takes.

    Parameters
    ----------
    missed
        What it would save now, in weights of filter2D at one pixel.
    """
    if not _State.is_compiled:
        _State.missed += missed
        if _State.missed >= COMPILING:
            compile_all()
    return _State.is_compiled


def is_compiled() -> bool:
    """Whether the code can be used without waiting for it."""
    return _State.is_compiled
