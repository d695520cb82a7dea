"""The command line: opens the window, or works without one and without importing Qt."""

import gc
import json
import os
import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from convstudio import __version__, terminal

if TYPE_CHECKING:
    from convstudio.core.recipe.document import Document
    from convstudio.insight.parameters.report import Costs
    from convstudio.io.batch import FileOutcome
    from convstudio.io.export.export import ExportOptions

DEMONSTRATION = "demonstration"  # the folder that demonstrate writes into, unless another is named
LONGEST_NAME = 40  # letters of a file's name in the line that tells how far it is
EPILOG = """commands:
  convstudio [FILE]                       open the window on a picture, a video, an address, a session or a network
  convstudio apply RECIPE IMAGE… -o DIR   filter files without a window
  convstudio count 32x32x3 --filters 6 --kernel 5   dense, locally connected, convolution: what each costs
  convstudio count 32x32x3 --recipe RECIPE          the same for all layers of a recipe
  convstudio kernels [NAME]               list the preset kernels and your own, or print one
  convstudio demonstrate [FOLDER]         without a screen: write a filtered picture and one of the window

“convstudio COMMAND --help” says more about each."""
COUNTED = """A connection joins an output to a real input: a window's place over zeros is none, one over a mirrored,
repeated or circular border joins the pixel that it stands for. Multiply-adds are the weights of all windows,
padding included; that is what FLOP counters print."""
RECIPES = """recipes:
  mine.convstudio                         a session that the window saved
  lenet.onnx                              a network that is a chain of layers; also .safetensors, .npz, .npy, .pt
  gaussian:sigma=2                        a preset, as “convstudio kernels” lists them, on each channel alone
  my-kernel                               a kernel of your own, which the window keeps among the presets
  "1 0 -1; 2 0 -2; 1 0 -1"                a kernel in any notation; kernel.csv, .txt or .npy is a file with one
  "conv sobel-x each | relu | max 2"      layers, one after the other:
    conv KERNEL                           a preset, or tables such as [1 0 -1; 1 0 -1], one for each channel
    conv filters 6 size 5                 a network's layer; both kinds take stride 2, padding same|valid|full|1,
                                          dilation 2, groups 3, bias 1, border zeros|reflect|replicate|circular,
                                          each (each channel alone) and flipped
    transposed 4 stride 2 padding 1       a transposed convolution
    relu, leaky 0.1, sigmoid, tanh, absolute, prelu 0.25, relu6, elu, selu, gelu, gelu tanh, silu, mish, softplus,
    softsign, hard sigmoid, hard swish, hard tanh, threshold 128, step 128   activations
    max 2, average 3 stride 2, min 2, median 3 stride 1 padding 1, percentile 5 rank 25, global average|max   pools
    resize 0.5 area, resize 92x120        another size (height x width): area, bilinear (aligned) or nearest
    normalise 127.5 128, scale 2 shift 1  each value by itself; with commas a number for each channel
    magnitude, softmax                    the length of pairs of channels; shares of all channels
    dense 10                              a dense layer of 10 units"""


class _Parser(ArgumentParser):
    """Refuses bad arguments in one sentence, with status 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(terminal.refuse(message, program=self.prog))


@dataclass(frozen=True)
class Command:
    """One command: what it is called and does, what it takes, and what carries it out; that returns the exit status."""

    name: str
    description: str
    add_arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    epilog: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 if something failed, 2 for bad arguments or surroundings."""
    terminal.prepare()
    words = list(sys.argv[1:] if arguments is None else arguments)
    commands = {command.name: command for command in COMMANDS}
    if words and words[0] in commands:
        return terminal.guarded(partial(_run, commands[words[0]], words[1:]))
    return terminal.guarded(partial(_open, words))


def _run(command: Command, words: list[str]) -> int:
    parser = _parser(f"convstudio {command.name}", command.description, command.epilog)
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def _parser(program: str, description: str, epilog: str) -> _Parser:
    return _Parser(prog=program, description=description, epilog=epilog, formatter_class=RawDescriptionHelpFormatter)


# the window


def _open(words: list[str]) -> int:
    parser = _parser("convstudio", "A playground for convolution filters.", EPILOG)
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
        return _demonstrate(Namespace(folder=DEMONSTRATION))
    gc.disable()  # nothing that is made while starting is garbage; the window switches it on again
    from convstudio.app import main as open_window  # Qt is imported only when a window is wanted

    return open_window([options.file] if options.file else [])


def _is_screenless() -> bool:
    """Whether no screen is named, so that Qt would find none."""
    variables = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in variables)


# apply


def _add_apply_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("recipe", metavar="RECIPE", help="a session or network file, a preset, or layers between |")
    parser.add_argument("images", metavar="IMAGE", nargs="+", help="picture files")
    parser.add_argument("-o", "--output", metavar="DIR", required=True, help="folder for the results")
    parser.add_argument("--layer", type=int, metavar="N", help="save the output of layer N, counted from 1")
    parser.add_argument("--raw", action="store_true", help="save the values as they are, not as they are shown")
    parser.add_argument("--format", default="png", choices=("png", "tiff", "jpeg", "webp", "npy"))
    parser.add_argument("--depth", default="", choices=("8", "16", "float"), help="bits of a value in the file")


def _apply(options: Namespace) -> int:
    from convstudio.io.decoding import decoder

    decoder.prewarm()  # it gets ready while the rest is imported
    from convstudio.io.batch import apply_recipe
    from convstudio.io.networks.network import WHITE
    from convstudio.io.recipes import is_network, read_recipe

    document = read_recipe(options.recipe, on_note=_tell_note)
    report = _Report([Path(text) for text in options.images])
    outcomes = apply_recipe(
        document,
        report.paths,
        Path(options.output),
        options=_export_options(options),
        layer=_layer_index(options, document),
        white=WHITE if is_network(options.recipe) else None,
        on_progress=report.tell_outcome,
        on_fraction=report.tell_fraction,
    )
    return 1 if any(outcome.error for outcome in outcomes) else 0


def _tell_note(sentence: str) -> None:
    print(f"convstudio: {sentence}", file=sys.stderr)


def _export_options(options: Namespace) -> "ExportOptions":
    from convstudio.io.export.encoding import Depth, Format
    from convstudio.io.export.export import Content, ExportOptions, Values

    file_format = Format(options.format)
    has_floats = file_format is Format.NPY or (options.raw and file_format is Format.TIFF)
    return ExportOptions(
        values=Values.RAW if options.raw else Values.SHOWN,
        content=Content.MAPS,
        format=file_format,
        depth=Depth(options.depth or ("float" if has_floats else "8")),
    )


def _layer_index(options: Namespace, document: "Document") -> int | None:
    from convstudio.core.errors import ConvStudioError

    if options.layer is None:
        return None
    if not 1 <= options.layer <= len(document.layers):
        raise ConvStudioError(f"There is no layer {options.layer}; the recipe has {len(document.layers)}.")
    return int(options.layer) - 1


class _Report:
    """Tells how far a batch of files is, and what came of each."""

    def __init__(self, paths: list[Path]) -> None:
        self.paths = paths
        self._done = 0

    def tell_outcome(self, done: int, count: int, outcome: "FileOutcome") -> None:
        self._done = done
        terminal.show_progress("")
        if outcome.error:
            terminal.refuse(f"{outcome.path}: {outcome.error}")
        else:
            print(f"[{done}/{count}] {', '.join(map(str, outcome.written))}", flush=True)
            if outcome.note:
                print(f"convstudio: {outcome.path}: {outcome.note}", file=sys.stderr)

    def tell_fraction(self, fraction: float) -> None:
        name = self.paths[self._done].name
        short = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
        terminal.show_progress(f"[{self._done + 1}/{len(self.paths)}] {fraction:4.0%} of {short}")


# count


def _add_count_arguments(parser: ArgumentParser) -> None:
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


def _pair(text: str) -> tuple[int, int]:
    """One number, or two as 3x5 (height, width)."""
    parts = [int(part) for part in text.lower().replace("×", "x").split("x")]
    if len(parts) not in (1, 2):
        raise ValueError
    return parts[0], parts[-1]


def _count(options: Namespace) -> int:
    costs, executed = _costs(options)
    print(json.dumps(costs.as_json(), indent=2) if options.json else costs.as_table())
    if options.explain:
        from convstudio.core.evaluation.method_text import explained

        for step in executed.plan.steps:
            sentence = explained(step)
            if sentence:
                head = "" if options.recipe is None else f"Layer {step.index + 1} ({step.title}): "
                print(f"{head}{sentence}", file=sys.stderr if options.json else sys.stdout)
    return 0


def _costs(options: Namespace) -> tuple["Costs", "Costs"]:
    """What is counted, and the same with weights by which the way of computing it can be chosen."""
    from convstudio.core.errors import ConvStudioError

    try:
        width, height, channels = (int(part) for part in options.shape.lower().replace("×", "x").split("x"))
    except ValueError:
        raise ConvStudioError(f"The shape {options.shape!r} is not WxHxC; write it like 32x32x3.") from None
    shape = (channels, height, width)
    names = ("filters", "kernel", "stride", "padding", "dilation", "groups")
    settings = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.recipe is None:
        return _costs_of_layer(shape, settings, options.preset)
    if settings or options.preset is not None:
        name = next(iter(settings), "preset")
        raise ConvStudioError(f"--recipe says what all layers are; take --{name} out, or write it into the recipe.")
    from convstudio.insight.parameters.report import costs_of
    from convstudio.io.recipes import read_recipe

    costs = costs_of(read_recipe(options.recipe, on_note=_tell_note), shape)
    return costs, costs


def _costs_of_layer(
    shape: tuple[int, int, int], settings: dict[str, Any], preset: str | None
) -> tuple["Costs", "Costs"]:
    import numpy as np

    from convstudio.core.kernels.presets import parse
    from convstudio.insight.parameters.report import costs

    if preset is not None:
        plane = parse(preset)[1][0]
        of_preset = costs(shape, **{**settings, "kernel": plane.shape}, plane=plane)
        return of_preset, of_preset
    any_weights = np.random.default_rng(0).normal(size=settings.get("kernel", (3, 3)))  # no quicker way can use these
    return costs(shape, **settings), costs(shape, **settings, plane=any_weights)


# kernels


def _add_kernels_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", nargs="?", help="a preset, with numbers if wanted: gaussian:sigma=2")


def _kernels(options: Namespace) -> int:
    from convstudio.core.kernels.presets import PRESETS, parse
    from convstudio.core.kernels.text import TextStyle, write
    from convstudio.io.recipes import own_kernels

    own = own_kernels()
    if options.name is None:
        for kernel in own.values():
            print(f"{kernel.key:20} {kernel.name:28} {' '.join(kernel.note.split()) or 'A kernel of your own'}")
        for preset in PRESETS:
            print(f"{preset.key:20} {preset.title:28} {preset.description}")
        return 0
    if options.name in own:
        print(f"# {own[options.name].name}")
        print(write(own[options.name].plane, TextStyle.PLAIN))
        return 0
    preset, kernels = parse(options.name)
    print(f"# {preset.title}: {preset.description}")
    print("\n\n".join(write(kernel, TextStyle.PLAIN) for kernel in kernels))
    return 0


# demonstrate


def _add_demonstrate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default=DEMONSTRATION)


def _demonstrate(options: Namespace) -> int:
    if _is_screenless():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from convstudio.app import demonstrate

    return demonstrate(Path(options.folder).resolve())


COMMANDS = (
    Command("apply", "Filter picture files without a window.", _add_apply_arguments, _apply, RECIPES),
    Command(
        "count",
        "What a layer, or all layers of a recipe, cost: dense, locally connected, shared.",
        _add_count_arguments,
        _count,
        f"{COUNTED}\n\n{RECIPES}",
    ),
    Command("kernels", "List the preset kernels and your own, or print one.", _add_kernels_arguments, _kernels),
    Command("demonstrate", "Write a filtered picture and one of the window.", _add_demonstrate_arguments, _demonstrate),
)
