"""The command line: opens the window, or works without one and without importing Qt."""

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from convstudio import __version__, terminal

if TYPE_CHECKING:
    from convstudio.insight.parameters.report import Costs

LONGEST_NAME = 40  # letters of a file's name in the line that tells how far it is
EPILOG = """commands:
  convstudio [FILE]                       open the window on a picture, a video, an address or a session
  convstudio apply RECIPE IMAGE… -o DIR   filter files without a window
  convstudio count 32x32x3 --filters 6 --kernel 5   dense, locally connected, convolution: what each costs
  convstudio count 32x32x3 --recipe RECIPE          the same for all layers of a recipe
  convstudio kernels [NAME]               list the preset kernels, or print one
  convstudio demonstrate [FOLDER]         without a screen: write a filtered picture and one of the window

“convstudio COMMAND --help” says more about each."""
COUNTED = """A connection joins an output to a real input: a window's place over zeros is none, one over a mirrored,
repeated or circular border joins the pixel that it stands for. Multiply-adds are the weights of all windows,
padding included; that is what FLOP counters print."""
RECIPES = """recipes:
  mine.convstudio                         a session that the window saved
  gaussian:sigma=2                        a preset, as “convstudio kernels” lists them, on each channel alone
  "conv sobel-x each | relu | max 2"      layers, one after the other:
    conv KERNEL                           a preset, or tables such as [1 0 -1; 1 0 -1], one for each channel
    conv filters 6 size 5                 a network's layer; both kinds take stride 2, padding same|valid|full|1,
                                          dilation 2, groups 3, bias 1, border zeros|reflect|replicate|circular,
                                          each (each channel alone) and flipped
    transposed 4 stride 2 padding 1       a transposed convolution
    relu, leaky, sigmoid, tanh, absolute  activations
    max 2, average 3 stride 2, global average|max   pools
    dense 10                              a dense layer of 10 units"""


class _Parser(argparse.ArgumentParser):
    """Refuses bad arguments in one sentence, with status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(terminal.refuse(message, program=self.prog))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 if something failed, 2 for bad arguments or surroundings."""
    terminal.prepare()
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {"apply": _apply, "count": _count, "kernels": _kernels, "demonstrate": _demonstrate}
    if words and words[0] in commands:
        return terminal.guarded(partial(commands[words[0]], words[1:]))
    return terminal.guarded(partial(_open, words))


def _open(words: list[str]) -> int:
    parser = _Parser(
        prog="convstudio",
        description="A playground for convolution filters.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="a picture, a video, an address or a session")
    parser.add_argument("--version", action="version", version=f"ConvStudio {__version__}")
    options = parser.parse_args(words)
    if _is_screenless():
        if options.file:
            parser.error(
                f"There is no screen here to open {options.file} on; filter it into a folder with "
                f"“convstudio apply sobel-x {options.file} -o filtered”."
            )
        print("There is no screen here, so ConvStudio shows what it does in files instead.", flush=True)
        return _demonstrate([])
    gc.disable()  # nothing that is made while starting is garbage; the window switches it on again
    from convstudio.app import main as open_window  # Qt is imported only when a window is wanted

    return open_window([options.file] if options.file else [])


def _is_screenless() -> bool:
    """Whether no screen is named, so that Qt would find none."""
    wanted = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in wanted)


def _apply(words: list[str]) -> int:
    parser = _Parser(
        prog="convstudio apply",
        description="Filter picture files without a window.",
        epilog=RECIPES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("recipe", metavar="RECIPE", help="a session file, a preset, or layers between |")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="picture files")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="folder for the results")
    parser.add_argument("--layer", type=int, metavar="N", help="save the output of layer N, counted from 1")
    parser.add_argument("--raw", action="store_true", help="save the values as they are, not as they are shown")
    parser.add_argument("--format", default="png", choices=("png", "tiff", "jpeg", "webp", "npy"))
    parser.add_argument("--depth", default="", choices=("8", "16", "float"), help="bits of a value in the file")
    options = parser.parse_args(words)

    from convstudio.io.decoding import decoder

    decoder.prewarm()  # it gets ready while the rest is imported
    from convstudio.core.errors import ConvStudioError
    from convstudio.io.batch import FileOutcome, apply_recipe
    from convstudio.io.export.encoding import Depth, Format
    from convstudio.io.export.export import Content, ExportOptions, Values
    from convstudio.io.recipes import read_recipe

    document = read_recipe(options.recipe)
    layer = None if options.layer is None else options.layer - 1
    if layer is not None and not 0 <= layer < len(document.layers):
        raise ConvStudioError(f"There is no layer {options.layer}; the recipe has {len(document.layers)}.")
    kind = Format(options.format)
    default = "float" if kind is Format.NPY or (options.raw and kind is Format.TIFF) else "8"
    chosen = ExportOptions(
        values=Values.RAW if options.raw else Values.SHOWN,
        content=Content.MAPS,
        format=kind,
        depth=Depth(options.depth or default),
    )

    paths, folder = [Path(text) for text in options.images], Path(options.output)
    done_before = 0

    def tell(done: int, count: int, outcome: FileOutcome) -> None:
        nonlocal done_before
        done_before = done
        terminal.show_progress("")
        if outcome.error:
            terminal.refuse(f"{outcome.path}: {outcome.error}")
        else:
            print(f"[{done}/{count}] {', '.join(map(str, outcome.written))}", flush=True)
            if outcome.note:
                print(f"convstudio: {outcome.path}: {outcome.note}", file=sys.stderr)

    def tell_fraction(fraction: float) -> None:
        name = paths[done_before].name
        short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        terminal.show_progress(f"[{done_before + 1}/{len(paths)}] {fraction:4.0%} of {short}")

    outcomes = apply_recipe(
        document, paths, folder, options=chosen, layer=layer, on_progress=tell, on_fraction=tell_fraction
    )
    return 1 if any(outcome.error for outcome in outcomes) else 0


def _pair(text: str) -> tuple[int, int]:
    """One number, or two as 3x5 (height, width)."""
    parts = [int(part) for part in text.lower().replace("×", "x").split("x")]
    if len(parts) not in (1, 2):
        raise ValueError
    return parts[0], parts[-1]


def _count(words: list[str]) -> int:
    parser = _Parser(
        prog="convstudio count",
        description="What a layer, or all layers of a recipe, cost: dense, locally connected, shared.",
        epilog=f"{COUNTED}\n\n{RECIPES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shape", metavar="WxHxC", help="the input: width, height, channels, for example 32x32x3")
    parser.add_argument("--recipe", metavar="RECIPE", help="all layers of a recipe instead of the one below")
    layer = parser.add_argument_group("one convolution")
    layer.add_argument("--filters", type=int, help="number of filters (1)")
    layer.add_argument("--kernel", type=_pair, help="5, or height x width as 3x5 (3)")
    layer.add_argument("--stride", type=_pair, help="(1)")
    layer.add_argument("--padding", help="pixels, 3x5 for each axis, valid, same (with stride 1) or full (0)")
    layer.add_argument("--dilation", type=_pair, help="(1)")
    layer.add_argument("--groups", type=int, help="(1)")
    layer.add_argument("--preset", metavar="NAME", help="the weights, for --explain: gaussian:sigma=2 (any weights)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--explain", action="store_true", help="say how the layer is computed, and why so")
    options = parser.parse_args(words)
    from convstudio.core.errors import ConvStudioError

    try:
        width, height, channels = (int(part) for part in options.shape.lower().replace("×", "x").split("x"))
    except ValueError:
        raise ConvStudioError(f"The shape {options.shape!r} is not WxHxC; write it like 32x32x3.") from None
    choices = {
        name: getattr(options, name) for name in ("filters", "kernel", "stride", "padding", "dilation", "groups")
    }
    chosen = {name: value for name, value in choices.items() if value is not None}
    source = (channels, height, width)
    if options.recipe is None:
        counted, executed = _count_layer(source, chosen, options.preset)
    elif chosen or options.preset is not None:
        name = next(iter(chosen), "preset")
        raise ConvStudioError(f"--recipe says what all layers are; take --{name} out, or write it into the recipe.")
    else:
        from convstudio.insight.parameters.report import costs_of
        from convstudio.io.recipes import read_recipe

        counted = executed = costs_of(read_recipe(options.recipe), source)
    print(json.dumps(counted.as_json(), indent=2) if options.json else counted.as_table())
    if options.explain:
        from convstudio.core.evaluation.method import explained

        told = [(step, sentence) for step in executed.plan.steps if (sentence := explained(step))]
        for step, sentence in told:
            head = "" if options.recipe is None else f"Layer {step.index + 1} ({step.title}): "
            print(f"{head}{sentence}", file=sys.stderr if options.json else sys.stdout)
    return 0


def _count_layer(shape: tuple[int, int, int], chosen: dict[str, Any], preset: str | None) -> tuple["Costs", "Costs"]:
    """What one convolution costs, and the same with weights by which the way of computing it can be chosen."""
    import numpy as np

    from convstudio.core.kernels.presets import parse
    from convstudio.insight.parameters.report import costs

    if preset is not None:
        plane = parse(preset)[1][0]
        counted = costs(shape, **{**chosen, "kernel": plane.shape}, plane=plane)
        return counted, counted
    counted = costs(shape, **chosen)
    any_weights = np.random.default_rng(0).normal(size=chosen.get("kernel", (3, 3)))  # no quicker way can use these
    return counted, costs(shape, **chosen, plane=any_weights)


def _kernels(words: list[str]) -> int:
    parser = _Parser(prog="convstudio kernels", description="List the preset kernels, or print one.")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a preset, with numbers if wanted: gaussian:sigma=2")
    options = parser.parse_args(words)
    from convstudio.core.kernels.presets import PRESETS, parse
    from convstudio.core.kernels.text import TextStyle, write

    if options.name is None:
        for preset in PRESETS:
            print(f"{preset.key:20} {preset.title:28} {preset.description}")
        return 0
    preset, kernels = parse(options.name)
    print(f"# {preset.title}: {preset.description}")
    print("\n\n".join(write(kernel, TextStyle.PLAIN) for kernel in kernels))
    return 0


def _demonstrate(words: list[str]) -> int:
    parser = _Parser(prog="convstudio demonstrate", description="Write a filtered picture and one of the window.")
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default="demonstration")
    options = parser.parse_args(words)
    if _is_screenless():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from convstudio.app import demonstrate

    return demonstrate(Path(options.folder).resolve())
