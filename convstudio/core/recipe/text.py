"""Recipes as a line of text: `conv sobel-x each | relu | max 2`. What the layers mean is in `layers`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite

import numpy as np

from convstudio.core.activations import ACTIVATIONS, ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.presets import PRESETS, find, parse
from convstudio.core.kernels.size import check_size
from convstudio.core.kernels.text import read, read_number
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
    Weights,
)
from convstudio.core.recipe.limits import check_limits, check_weights
from convstudio.core.recipe.new_layers import image_filter, new_conv, usual_border
from convstudio.core.recipe.own_kernels import OwnKernel

_TOKENS = re.compile(r"\[[^\]]*\]|\S+")
_POOLS = {kind.value: kind for kind in PoolKind}
_BEGINS_A_TABLE = re.compile(r"\s*(?:[-−+]?[.\d¼-¾⅐-⅞]|[-−+]?[\[({]|np\.|\\)")


@dataclass
class _Words:
    """The words behind a layer's name: those unread so far, and options by their names."""

    layer: str
    unread: list[str]
    options: dict[str, str] = field(default_factory=dict)

    def number(self, name: str, default: int) -> int:
        value = read_number(self.options.pop(name, str(default)))
        if not isfinite(value) or value != int(value):
            raise ConvStudioError(f"The {name} of “{self.layer}” is {value:g}, but it must be a whole number.")
        return int(value)

    def pair(self, name: str, default: int) -> Pair:
        parts = self.options.pop(name, str(default)).replace("×", "x").split("x")
        if not 1 <= len(parts) <= 2 or not all(part.isdecimal() for part in parts):
            raise ConvStudioError(f"The {name} of “{self.layer}” is not a number or two like 3x5 (height x width).")
        return Pair(int(parts[0]), int(parts[-1]))


def recipe_from(text: str, mine: Mapping[str, OwnKernel] | None = None) -> Document:
    """The recipe that a line of text describes, its last layer selected.

    Layers are separated by `|`. A convolution is `conv` and its kernels (tables in brackets, each a plane of one
    filter, or the name of a preset) or `filters 6 size 5 channels 3`; then, as wanted, `each` (each channel alone),
    `flipped`, `stride 2`, `padding same|valid|full|1`, `dilation 2`, `groups 3`, `border replicate`, `bias 1`. Where
    no border is named there are zeros, or with `each` the mirrored picture. The others are
    `transposed 4 stride 2 padding 1 channels 1`, `max 2`, `average 3 stride 1 padding 1`, `min 2`,
    `median 3 stride 1 padding 1`, `percentile 5 rank 25`, `global average`, `global max`, `resize 0.5 area`,
    `resize 92x92 bilinear aligned` (height x width), `scale 0.5,1,2 shift 3` (one number, or one for each channel),
    `normalise 127.5 128`, `softmax face,other`, `magnitude`, `dense 10`, and an activation by its name (`relu`,
    `leaky 0.1`, `prelu 0.25,0.1`, `elu`, `gelu`, `silu`, `hard swish`, `threshold 128`, …). A preset by itself, such as
    `gaussian:sigma=2`, is the image filter that the window makes of it, and so is a table of numbers by itself, such as
    `1 0 -1; 2 0 -2; 1 0 -1`, or the key of one of the person's own kernels, which `mine` holds.

    Raises
    ------
    ConvStudioError
        If a word is not known or a number is missing; the sentence names it.

    Examples
    --------
    >>> document = recipe_from("conv [1 0 -1; 1 0 -1; 1 0 -1] padding valid | relu | max 2")
    >>> [type(layer).__name__ for layer in document.layers], document.selected
    (['Conv', 'Activation', 'Pool'], 2)
    """
    layers = tuple(_layer(part, mine or {}) for part in text.split("|")) if text.strip() else ()
    return Document(layers, selected=len(layers) - 1)


def _layer(text: str, mine: Mapping[str, OwnKernel]) -> Layer:
    tokens: list[str] = _TOKENS.findall(text)
    if not tokens:
        raise ConvStudioError(f"Between two | there must be a layer, but “{text}” has none; take one | out.")
    name, rest = tokens[0].lower(), tokens[1:]
    own = mine.get(text.strip().casefold())
    if own is not None:
        return image_filter(own.plane[None], name=own.name)
    if _BEGINS_A_TABLE.match(text):
        return image_filter(read(text)[None], name="")
    activation = _activation(tokens)
    if activation is not None:
        kind, rest = activation
        words = _Words(kind.value, rest)
        layer: Layer = _activation_of(kind, words)
    else:
        makers: dict[str, Callable[[_Words], Layer]] = {
            "conv": _conv,
            "transposed": _transposed,
            **dict.fromkeys(_POOLS, _pool),
            "global": _global_pool,
            "resize": _resize,
            "scale": _scale_shift,
            "normalise": _normalisation,
            "normalize": _normalisation,
            "softmax": _softmax,
            "magnitude": lambda _: Magnitude(),
            "dense": _dense,
        }
        if name not in makers:
            return _preset(text.strip(), (*makers, *ActivationKind), mine)
        words = _Words(name, rest)
        layer = makers[name](words)
    check_limits(layer)
    if words.unread or words.options:
        unknown = (*words.unread, *words.options)[0]
        raise ConvStudioError(f"“{unknown}” means nothing to “{name}”; take it out or correct it.")
    return layer


def _activation(tokens: list[str]) -> tuple[ActivationKind, list[str]] | None:
    """The activation that a layer's first words name, or the first word of a name alone, and the words after it."""
    words = [token.lower() for token in tokens]
    for kind in sorted(ActivationKind, key=lambda kind: -len(kind.value)):  # "gelu tanh" before "gelu"
        name = kind.value.split()
        if words[: len(name)] == name:
            return kind, tokens[len(name) :]
    named = [kind for kind in ActivationKind if words[0] == kind.value.split()[0]]  # leaky; hard is one of several
    return (named[0], tokens[1:]) if len(named) == 1 else None


def _activation_of(kind: ActivationKind, words: _Words) -> Activation:
    number = ACTIVATIONS[kind].number
    if number is None:
        return Activation(kind=kind)
    numbers = _numbers(words, (number.usual,))
    if kind is ActivationKind.PRELU:
        return Activation(kind=kind, slope=numbers[0], slopes=numbers)
    if len(numbers) > 1:
        raise ConvStudioError(f"“{words.layer}” has one number, not {len(numbers)}; write one.")
    return Activation(kind=kind, slope=numbers[0])


def _numbers(words: _Words, usual: tuple[float, ...]) -> tuple[float, ...]:
    """The numbers, with commas between them, that stand next among the words."""
    if not words.unread or not re.match(r"[-−+.\d]", words.unread[0]):
        return usual
    return tuple(read_number(part) for part in words.unread.pop(0).strip(",").split(","))


def _scale_shift(words: _Words) -> ScaleShift:
    scale = _numbers(words, (1.0,))
    if words.unread[:1] != ["shift"]:
        return ScaleShift(scale=scale)
    del words.unread[0]
    return ScaleShift(scale=scale, shift=_numbers(words, (0.0,)))


def _normalisation(words: _Words) -> Normalisation:
    mean = _numbers(words, (127.5,))
    return Normalisation(mean=mean, deviation=_numbers(words, (128.0,)))


def _softmax(words: _Words) -> Softmax:
    labels = words.unread.pop(0).split(",") if words.unread else []
    return Softmax(labels=tuple(labels))


def _resize(words: _Words) -> Resize:
    modes = [mode for mode in ResizeMode if _take_flag(words, mode.value)]
    if len(modes) > 1:
        raise ConvStudioError(f"A picture is resized in one way, not {len(modes)}; keep one of {', '.join(modes)}.")
    mode, is_aligned = (modes or [ResizeMode.BILINEAR])[0], _take_flag(words, "aligned")
    text = words.unread.pop(0).replace("×", "x") if words.unread else "0.5"
    if "x" in text:
        words.options["size"] = text
        return Resize(mode=mode, size=words.pair("size", 1), align_corners=is_aligned)
    factor = read_number(text)
    return Resize(mode=mode, factor=(factor, factor), align_corners=is_aligned)


def _preset(text: str, layers: tuple[str, ...], mine: Mapping[str, OwnKernel]) -> Layer:
    key, colon, _ = text.partition(":")
    if key.strip().lower() in {preset.key for preset in PRESETS}:
        preset, kernels = parse(text)
        return image_filter(kernels, name=preset.title)
    word = key if colon else text.split(maxsplit=1)[0]
    try:
        find(word)
    except ConvStudioError as unknown:
        near = get_close_matches(word.casefold(), mine, n=1, cutoff=0.6)
        if near:
            raise ConvStudioError(f"There is no kernel “{word}”; did you mean {near[0]}, one of your own?") from None
        raise ConvStudioError(f"{unknown} A layer is one of {', '.join(layers)}.") from None
    raise ConvStudioError(f"Behind the preset “{word}” stands something else; write the layer as “conv {text}”.")


def _take_options(words: _Words, *names: str) -> None:
    """Move `name value` pairs out of the words."""
    tokens: Iterator[str] = iter(words.unread)
    words.unread = []
    for token in tokens:
        if token.lower() in names:
            value = next(tokens, "")
            if not value:
                raise ConvStudioError(f"After “{token}” of “{words.layer}” a value is missing; write one.")
            words.options[token.lower()] = value
        else:
            words.unread.append(token)


def _take_flag(words: _Words, name: str) -> bool:
    has = name in words.unread
    words.unread = [word for word in words.unread if word != name]
    return has


def _padding(words: _Words) -> Padding | Amounts:
    text = words.options.get("padding", Padding.SAME.value)
    if text in tuple(Padding):
        words.options.pop("padding", None)
        return Padding(text)
    vertical, horizontal = words.pair("padding", 0)
    return Amounts(vertical, vertical, horizontal, horizontal)


def _conv(words: _Words) -> Conv:
    names = ("stride", "padding", "dilation", "groups", "border", "bias", "filters", "size", "channels")
    _take_options(words, *names)
    mode = Channels.EACH if _take_flag(words, "each") else Channels.ACROSS
    orientation = Orientation.CONVOLUTION if _take_flag(words, "flipped") else Orientation.CORRELATION
    groups = words.number("groups", 1)
    tables = [word for word in words.unread if word.startswith("[")]
    names_of_presets = [word for word in words.unread if not word.startswith("[")]
    words.unread = names_of_presets[1:]
    if tables:
        planes = [read(table) for table in tables]
        if len({plane.shape for plane in planes}) > 1:
            raise ConvStudioError("The planes of a filter must have one size; write tables of equal size.")
        weight = np.stack(planes)[:, None] if mode is Channels.EACH else np.stack(planes)[None]
        words.unread = names_of_presets
    elif names_of_presets:
        weight = parse(names_of_presets[0])[1][:, None]
    else:
        layer = new_conv(
            words.number("channels", 1),
            filters=words.number("filters", 1),
            kernel=words.pair("size", 3),
            mode=mode,
            groups=groups,
        )
        weight = layer.weight.array
    border = words.options.pop("border", usual_border(mode).value)
    if border not in tuple(Border):
        raise ConvStudioError(f"There is no border “{border}”; use one of {', '.join(Border)}.")
    bias = read_number(words.options.pop("bias", "0"))
    return Conv(
        weight=Weights(weight),
        bias=(bias,) * len(weight),
        stride=words.pair("stride", 1),
        padding=_padding(words),
        dilation=words.pair("dilation", 1),
        groups=groups,
        border=Border(border),
        orientation=orientation,
        channels=mode,
    )


def _transposed(words: _Words) -> ConvTranspose:
    _take_options(words, "stride", "padding", "channels")
    size = _leading_pair(words, 2)
    channels = words.number("channels", 1)
    check_size(*size)
    check_weights(channels, 1, *size)
    weight = np.ones((channels, 1, *size))
    return ConvTranspose(
        weight=Weights(weight),
        bias=(0.0,) * channels,
        stride=words.pair("stride", 1),
        padding=words.pair("padding", 0),
        groups=channels,
    )


def _pool(words: _Words) -> Pool:
    _take_options(words, "stride", "padding", "rank")
    window = _leading_pair(words, 2)
    percentile = read_number(words.options.pop("rank", "50"))
    stride = words.options.get("stride")
    padding = words.pair("padding", 0)
    return Pool(
        kind=_POOLS[words.layer],
        window=window,
        stride=window if stride is None else words.pair("stride", 1),
        padding=Amounts(padding.vertical, padding.vertical, padding.horizontal, padding.horizontal),
        ceil_mode=_take_flag(words, "ceil"),
        percentile=percentile,
    )


def _global_pool(words: _Words) -> Pool:
    kind = words.unread.pop(0) if words.unread else "average"
    if kind not in _POOLS:
        raise ConvStudioError(f"A global pool takes the {' or the '.join(_POOLS)}, not “{kind}”.")
    return Pool(kind=_POOLS[kind], is_global=True)


def _dense(words: _Words) -> Dense:
    units = _leading_pair(words, 10).vertical
    return Dense(units=units)


def _leading_pair(words: _Words, default: int) -> Pair:
    """The number that stands right behind the layer's name."""
    if words.unread and words.unread[0][0].isdigit():
        words.options["size"] = words.unread.pop(0)
    return words.pair("size", default)
