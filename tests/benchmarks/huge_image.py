"""How much memory a picture of 100 megapixels takes to be exported.

Each case runs in a process of its own, whose greatest size is read from the system (Linux and macOS). The baseline is
the process with the decoded picture in memory.
"""

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

from convstudio.core.activations import ActivationKind
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    Weights,
)
from convstudio.io.batch import apply_recipe
from convstudio.io.export.encoding import Depth, Format, encode
from convstudio.io.export.export import ExportOptions, Values, export_recipe
from tests.benchmarks.claims import Claim

SIDE = 10_000
LIMIT = 1.5  # GB above the decoded picture
CASES = ("png", "png 16", "tiff", "tiff 16", "tiff float", "npy float", "jpeg", "signed", "apply")


def recipe(mode: DisplayMode) -> Document:
    """Blur, sharpen and rectify each colour alone."""
    blur = Weights(np.full((1, 1, 5, 5), 1 / 25))
    sharpen = Weights([[[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]]])
    convolutions = (
        Conv(weight=weight, bias=(0.0,), border=Border.REPLICATE, channels=Channels.EACH) for weight in (blur, sharpen)
    )
    return Document((*convolutions, Activation(kind=ActivationKind.RELU)), Display(mode))


def photograph() -> Frame:
    """Soft waves and noise that hardly packs, made in strips so that the making itself needs no memory."""
    generator = np.random.default_rng(1)
    pixels = np.empty((SIDE, SIDE, 3), np.uint8)
    columns = np.sin(np.arange(SIDE) / 200)[None, :, None] * 50
    for top in range(0, SIDE, 100):
        rows = np.sin(np.arange(top, top + 100) / 300)[:, None, None] * 50
        pixels[top : top + 100] = 128 + rows + columns + generator.integers(-20, 20, (100, SIDE, 3))
    return Frame(pixels, white=255)


def peak() -> float:
    """The greatest size of this program so far, in GB.

    On Linux `ru_maxrss` would begin with that of the process that started this one, which may be larger.
    """
    if sys.platform == "darwin":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e9
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) * 1024 / 1e9


def run(case: str, folder: Path) -> None:
    """One case in this process; prints what it took, but for the making of the source."""
    if case == "source":
        (folder / "source.png").write_bytes(encode(photograph().pixels, Format.PNG, Depth.EIGHT))
        return
    if case == "apply":
        source, before = folder / "source.png", peak() + 3 * SIDE**2 / 1e9
        start = perf_counter()
        (outcome,) = apply_recipe(recipe(DisplayMode.CLIP), [source], folder / "out", options=ExportOptions())
        assert not outcome.error, outcome.error
    else:
        frame, before = photograph(), peak()
        mode = DisplayMode.SIGNED if case == "signed" else DisplayMode.CLIP
        kind, _, depth = "png 8".partition(" ") if case == "signed" else case.partition(" ")
        values = Values.RAW if depth == "float" else Values.SHOWN
        options = ExportOptions(format=Format(kind), depth=Depth(depth or "8"), values=values)
        start = perf_counter()
        export_recipe(recipe(mode), frame, 2, 0, options, folder / "made")
    print(json.dumps({"above": peak() - before, "seconds": perf_counter() - start}))


def measure() -> Iterator[Claim]:
    """The memory of every case."""
    with tempfile.TemporaryDirectory() as folder:
        for case in ("source", *CASES):
            command = [sys.executable, "-m", __spec__.name, case, folder]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            if output:
                report = json.loads(output)
                name = f"export of 100 megapixels, {case}" if case != "apply" else "apply to 100 megapixels"
                yield Claim(
                    name, report["above"], "GB", "GB above the picture", LIMIT, 1, note=f"{report['seconds']:.1f} s"
                )


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]))
