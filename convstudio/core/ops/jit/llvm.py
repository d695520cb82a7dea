"""The JIT compiler: LLVM makes machine code for this processor from a text in its language, by way of llvmlite.

What the code computes is the business of the modules that have the texts.
"""

import ctypes
import os
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from itertools import product
from string import Template
from struct import Struct
from sys import maxsize, platform
from typing import Any, NamedTuple

import numpy as np

from convstudio.core.opencv import cv2

CPU_AVX2, CPU_FMA3, CPU_AVX_512F, CPU_NEON = 11, 12, 13, 100  # OpenCV's numbers, for which Python has no names
Argument = type[ctypes.c_void_p] | type[ctypes.c_int64] | type[ctypes.c_float]
ADDRESS, COUNT, NUMBER = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float
CALL_BYTES = 128  # of a call in the list of a thread pool: an address and at most 15 arguments, 8 bytes each
SLOTS: dict[Argument, tuple[str, str]] = {
    ADDRESS: ("Q", "ptr"),
    COUNT: ("q", "i64"),
    NUMBER: ("f4x", "float"),
}  # as they are packed, and LLVM's word


class Processor(NamedTuple):
    """What a text has to know of a processor with SIMD."""

    lanes: int  # float32 in one vector register
    registers: int  # that hold a vector each
    sums: int  # vectors that fit into registers beside what is added to them
    filters: int  # the most that are worth computing at once: more would leave no registers for pixels


@dataclass(frozen=True)
class Code:
    """Machine code. It checks no address and no count, and releases the GIL while it runs."""

    run: Callable[..., None]
    entry: int  # address of the code that takes its arguments from memory
    slots: Struct

    def __call__(self, *arguments: float) -> None:
        self.run(*arguments)

    def call(self, *arguments: float) -> bytes:
        """A call as bytes, for `thread_pool`: the entry and its arguments."""
        return self.slots.pack(self.entry, *arguments)


_memory: list[object] = []  # of all code ever compiled: some thread may still run it


@cache
def processor() -> Processor | None:
    """This computer's, or None where there can be no code: without llvmlite, or without fused multiply-adds."""
    if find_spec("llvmlite") is None:
        return None
    if cv2.checkHardwareSupport(CPU_AVX_512F):
        return Processor(lanes=16, registers=32, sums=24, filters=8)
    if cv2.checkHardwareSupport(CPU_AVX2) and cv2.checkHardwareSupport(CPU_FMA3):
        return Processor(lanes=8, registers=16, sums=12, filters=6)
    if cv2.checkHardwareSupport(CPU_NEON) and maxsize > 2**32:
        return Processor(lanes=4, registers=32, sums=24, filters=8)
    return None


def compile_code(text: str, *kinds: Argument) -> Code:
    """The code of the function `run` in a text, for arguments of such kinds; it takes a hundredth of a second."""
    addresses = compile_functions(text + _entry(kinds), "run", "entry")
    slots = "<Q" + "".join(SLOTS[kind][0] for kind in kinds)
    slots += f"{CALL_BYTES - struct.calcsize(slots)}x"
    return Code(ctypes.CFUNCTYPE(None, *kinds)(addresses["run"]), addresses["entry"], Struct(slots))


def compile_functions(text: str, *names: str) -> dict[str, int]:
    """The addresses of functions in a text, compiled."""
    llvm = _llvm()
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_default_triple()
    module.verify()
    features = llvm.get_host_cpu_features().flatten()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features, opt=3)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    _memory.append(engine)
    return {name: engine.get_function_address(name) for name in names}


def _entry(kinds: Iterable[Argument]) -> str:
    """A function that calls `run` with arguments that lie in memory side by side, 8 bytes each."""
    words = [SLOTS[kind][1] for kind in kinds]
    loads = [
        f"  %at.{n} = getelementptr i64, ptr %arguments, i64 {n}\n  %argument.{n} = load {word}, ptr %at.{n}"
        for n, word in enumerate(words)
    ]
    arguments = ", ".join(f"{word} %argument.{n}" for n, word in enumerate(words))
    return "\n".join(
        ["", "define void @entry(ptr %arguments) {", *loads, f"  call void @run({arguments})", "  ret void", "}"]
    )


def fill_template(text: str, lanes: int, words: Mapping[str, object], counts: Mapping[str, int]) -> str:
    """A text with its $words filled in: `words`, and those for vectors of so many lanes.

    A line that begins with letters of `counts` and a space stands for a line of each of their numbers, which are words
    of it.

    Examples
    --------
    >>> print(fill_template("v  %a.$v = fneg $vector %b.$v", 4, {}, {"v": 2}))
      %a.0 = fneg <4 x float> %b.0
      %a.1 = fneg <4 x float> %b.1
    """
    words_of_lanes = {
        **words,
        "lanes": lanes,
        "kind": f"v{lanes}f32",
        "vector": f"<{lanes} x float>",
        "integers": f"<{lanes} x i32>",
        "bits": f"<{lanes} x i1>",
        "first": f"<{lanes} x i32> zeroinitializer",
    }
    lines = []
    for line in text.splitlines():
        letters = line.partition(" ")[0]
        letters = letters if set(letters) <= set(counts) else ""
        template = Template(line[len(letters) :])
        for numbers in product(*(range(counts[letter]) for letter in letters)):
            lines.append(template.substitute(words_of_lanes, **dict(zip(letters, map(str, numbers), strict=True))))
    return "\n".join(lines)


def broadcast(*names: str) -> str:
    """Lines of a text that make of each float32 %name.number the vector %name, which is that number everywhere.

    Examples
    --------
    >>> print(fill_template(broadcast("a"), 4, {}, {}))
      %a.first = insertelement <4 x float> poison, float %a.number, i64 0
      %a = shufflevector <4 x float> %a.first, <4 x float> poison, <4 x i32> zeroinitializer
    """
    return "\n".join(
        f"  %{name}.first = insertelement $vector poison, float %{name}.number, i64 0\n"
        f"  %{name} = shufflevector $vector %{name}.first, $vector poison, $first"
        for name in names
    )


def splat(lanes: int, value: float) -> str:
    """A constant vector with the same number in every lane: float32, or 32 bits of an int.

    Examples
    --------
    >>> splat(2, 0.5), splat(2, 7)
    ('<float 0x3fe0000000000000, float 0x3fe0000000000000>', '<i32 7, i32 7>')
    """
    element = f"i32 {value}" if isinstance(value, int) else f"float 0x{struct.pack('>d', np.float32(value)).hex()}"
    return f"<{', '.join([element] * lanes)}>"


@cache
def _llvm() -> Any:
    _load()
    llvm = import_module("llvmlite.binding")  # takes a tenth of a second
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm


def _load() -> None:
    """Load LLVM's library while other threads run; Python's import would hold the GIL until all of it is there."""
    spec = find_spec("llvmlite")
    if platform != "linux" or spec is None or not spec.submodule_search_locations:
        return
    load = ctypes.CDLL(None).dlopen
    load.argtypes, load.restype = [ctypes.c_char_p, ctypes.c_int], ctypes.c_void_p
    library = f"{spec.submodule_search_locations[0]}/binding/libllvmlite.so"
    load(os.fsencode(library), os.RTLD_NOW)  # where it is not, the import looks for it elsewhere
