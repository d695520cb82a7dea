"""THE KERNEL EXAMINED in words: what the kernel does, as a lead, and its facts."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from convstudio.core.recipe.layers import Conv, ConvTranspose
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted, equals, noun, number, percent
from convstudio.insight.kernel.analysis import KernelAnalysis, OuterProduct, Symmetries
from convstudio.insight.kernel.character import Character, Effect
from convstudio.insight.kernel.frequency_response import Peak
from convstudio.insight.kernel.nearest_preset import Nearest

UPRIGHT = 10.0  # degrees from the vertical or the horizontal up to which edges are called so
COMPASS = (
    "to the right",
    "towards the upper right",
    "upwards",
    "towards the upper left",
    "to the left",
    "towards the lower left",
    "downwards",
    "towards the lower right",
)
NO_BRIGHTNESS = 1e-9  # of the largest gain: what is left where weights cancel
LEAST_BEYOND = 0.01  # of an edge's height: less than this is neither an overshoot nor spread
LOST_IN_FACTORS = 1e-9  # of the largest number of a column or a row: factoring loses more than adding
MOST_WRITTEN = 7  # numbers of a column or a row that are written out
TURNS = ("", "turned by 90°", "turned by 180°", "turned by 270°")
FINEST = 0.7  # cycles per pixel, counted along the diagonal: the checkerboard of single pixels
SOURCE_SELECTED = "The photo has no kernel. Select a convolution in the layer list: its kernel is examined here."


def effect_sentence(character: Character) -> str:
    """What a kernel does to a picture."""
    return _EFFECTS[character.kind](character)


def brightness_sentence(character: Character) -> str:
    """What becomes of even areas; nothing where the first sentence has said it."""
    total = character.brightness
    factor = number(total, digits=4)
    if character.kind is Effect.IDENTITY or character.kind is Effect.NOTHING:
        return ""
    if factor == "1":
        return "The brightness of even areas stays."
    if factor == "0" or (
        character.kind in (Effect.EDGES, Effect.LINES, Effect.CORNERS) and abs(total) < 1e-9 * character.most
    ):
        return "Even areas become 0."
    if total < 0:
        return f"The brightness of even areas is multiplied by {factor}, so bright and dark change places."
    return f"The brightness of even areas is multiplied by {factor}."


def _moves_sentence(character: Character) -> str:
    return f"This kernel moves the picture {_moved(*character.moved)}."


def _smooths_sentence(character: Character) -> str:
    if character.along is None:
        return "This kernel smooths in every direction."
    return f"This kernel smooths along {_line(character.along)}; detail across it stays."


def _sharpens_sentence(character: Character) -> str:
    most = number(character.most, digits=3)
    return f"This kernel sharpens: fine detail passes up to {most} times as strongly as even areas."


def _lines_sentence(character: Character) -> str:
    assert character.along is not None
    return f"This kernel finds {_oriented('lines', character.along)}, and both sides of edges that run so."


def _embosses_sentence(character: Character) -> str:
    slope = _compass(character.towards)
    return f"This kernel embosses: the picture looks like a relief, brightest where it gets brighter {slope}."


def _mixed_sentence(character: Character) -> str:
    return (
        f"This kernel neither smooths nor sharpens: some waves pass {_as_strongly(character.least)}, "
        f"others {_as_strongly(character.most)} as even areas."
    )


def _as_strongly(gain: float) -> str:
    text = number(gain, digits=2)
    return "just as strongly" if text == "1" else f"{text} times as strongly"


def _edges_sentence(character: Character) -> str:
    if character.along is None:
        return "This kernel finds edges in every direction."
    edges = _oriented("edges", character.along)
    if character.towards is None:
        return f"This kernel finds {edges}."
    return f"This kernel finds {edges}: positive where it gets brighter {_compass(character.towards)}."


def _oriented(what: str, along: float) -> str:
    if abs(along - 90) <= UPRIGHT:
        return f"vertical {what}"
    if min(along, 180 - along) <= UPRIGHT:
        return f"horizontal {what}"
    if along < 90:
        return f"{what} that rise to the right at {number(round(along))}°"
    return f"{what} that fall to the right at {number(round(180 - along))}°"


def _line(along: float) -> str:
    if round(along) in (0, 180):
        return "the rows"
    if round(along) == 90:
        return "the columns"
    return f"a line at {number(round(along))}°"


def _compass(towards: float | None) -> str:
    return "on one side" if towards is None else COMPASS[round(towards / 45) % 8]


def _moved(down: int, right: int) -> str:
    parts = []
    for count, positive, negative in ((right, "to the right", "to the left"), (down, "down", "up")):
        if count:
            parts.append(f"{counted(abs(count), 'pixel')} {positive if count > 0 else negative}")
    return " and ".join(parts)


_EFFECTS: dict[Effect, Callable[[Character], str]] = {
    Effect.NOTHING: lambda _: "All weights are 0, so every output is the bias alone.",
    Effect.IDENTITY: lambda _: "This kernel leaves the picture exactly as it is.",
    Effect.SCALES: lambda _: "This kernel changes the brightness only: each output is one pixel times one weight.",
    Effect.MOVES: _moves_sentence,
    Effect.SMOOTHS: _smooths_sentence,
    Effect.SHARPENS: _sharpens_sentence,
    Effect.EDGES: _edges_sentence,
    Effect.LINES: _lines_sentence,
    Effect.CORNERS: lambda _: "This kernel finds corners and crossings; edges in some directions give nothing.",
    Effect.EMBOSSES: _embosses_sentence,
    Effect.MIXED: _mixed_sentence,
}


def flat_text(character: Character) -> str:
    """What becomes of flat places."""
    factor = number(character.brightness, digits=4)
    if factor == "0" or abs(character.brightness) < NO_BRIGHTNESS * character.most:
        return "become 0"
    if factor == "1":
        return "stay as they are"
    return f"are multiplied by {factor}"


def edges_text(analysis: KernelAnalysis) -> str:
    """What becomes of upright and of level edges."""
    across, down = (_edge_text(answers, analysis) for answers in (analysis.edges.across, analysis.edges.down))
    return across if across == down else f"upright ones {across}; level ones {down}"


def _edge_text(answers: NDArray[np.float64], analysis: KernelAnalysis) -> str:
    total, most = float(answers[-1]), float(np.abs(answers).max())
    if most == 0:
        return "give nothing"
    if abs(total) < NO_BRIGHTNESS * analysis.character.most or analysis.sum == 0:
        height = number(most, digits=3)
        return "come out as high as they are" if height == "1" else f"give up to {height} times their height"
    relative = answers / total
    beyond = max(float(relative.max()) - 1, -float(relative.min()))
    if beyond > LEAST_BEYOND:
        return f"overshoot by {percent(beyond)}"
    between = int(((relative > LEAST_BEYOND) & (relative < 1 - LEAST_BEYOND)).sum())
    return f"are spread over {counted(between + 1, 'pixel')}" if between else "stay sharp"


def noise_words(analysis: KernelAnalysis) -> str:
    """What becomes of noise, in a few words."""
    gain = analysis.noise_gain
    if gain == 0:
        return "becomes 0"
    text = number(gain, digits=2)
    return "stays as strong" if text == "1" else f"comes out {text} times as strong"


def factors_caption(analysis: KernelAnalysis) -> str:
    """What the picture of the kernel says of columns and rows."""
    match analysis.rank:
        case 0:
            return "Kernel"
        case 1:
            return "Kernel = column × row"
        case rank:
            return f"Kernel: {rank} columns × rows, added up"


def no_kernel_sentence(step: Step | None) -> str | None:
    """Why there is no kernel to examine; None where there is one."""
    if step is None:
        return SOURCE_SELECTED
    if not isinstance(step.layer, Conv | ConvTranspose):
        return (
            f"{step.title} has no kernel to examine. Select a convolution in the layer list: "
            "its kernel slides over the picture."
        )
    if not step.layer.enabled:
        return f"{step.title} is switched off, so its kernel does nothing. Switch it on, or select another convolution."
    return None


def fact_rows(analysis: KernelAnalysis) -> tuple[tuple[str, str], ...]:
    """The facts in two columns: what it is, and its value today."""
    rows = [
        ("Name", name_text(analysis.nearest)),
        ("Sum", f"{number(analysis.sum)}; mean {number(analysis.mean)} over {counted(analysis.plane.size, 'weight')}"),
        ("Energy", f"{number(analysis.energy)}, the sum of the squared weights"),
        ("Noise gain", noise_text(analysis)),
        ("Symmetry", symmetry_text(analysis.mirrored)),
        ("Rank", rank_text(analysis)),
        ("Factors", factors_text(analysis.products)),
        ("Saving", saving_text(analysis)),
        ("Strongest wave", peak_text(analysis.response.peak)),
    ]
    if analysis.is_flipped:
        rows.append(("Flipped", flip_text(analysis)))
    if max(analysis.dilation) > 1:
        rows.append(("Dilation", f"Its cells lie {analysis.dilation} pixels apart, so the gains repeat before π."))
    return tuple(rows)


def name_text(nearest: Nearest | None) -> str:
    """Which named kernel it is, or how far away the nearest is."""
    if nearest is None:
        return "None: all weights are 0"
    name = f"{nearest.title} ({nearest.detail})" if nearest.detail else nearest.title
    changed = ", ".join(part for part in ("mirrored" if nearest.is_mirrored else "", TURNS[nearest.quarters]) if part)
    changed = ", ".join(part for part in (changed, "negated" if nearest.factor < 0 else "") if part)
    name = f"{name}, {changed}" if changed else name
    if not nearest.is_claimed:
        return f"No named kernel is near; the nearest is {name}, at {number(nearest.cosine, digits=2)}"
    size = number(abs(nearest.factor), digits=3)
    name = name if size == "1" else f"{name}, times {size}"
    return name if nearest.is_exact else f"Like {name}; alike to {number(nearest.cosine, digits=3)}"


def noise_text(analysis: KernelAnalysis) -> str:
    """How strong white noise comes out."""
    gain = number(analysis.noise_gain)
    if analysis.noise_gain == 0:
        return "0: no noise comes out"
    if gain == "1":
        return "1: white noise comes out as strong as it went in"
    return f"√{number(analysis.energy)} {equals(analysis.noise_gain)} times the spread of white noise"


def symmetry_text(symmetries: Symmetries) -> str:
    """What leaves the kernel as it is, and what negates it."""
    same, negated = ", ".join(symmetries.same), ", ".join(symmetries.negated)
    if same and negated:
        return f"Same under {same}; negated by {negated}"
    if same:
        return f"Same under {same}"
    if negated:
        return f"Negated by {negated}"
    return "None: every mirroring and turn changes it"


def rank_text(analysis: KernelAnalysis) -> str:
    """The rank, and what it says."""
    most = min(analysis.plane.shape)
    match analysis.rank:
        case 0:
            return "0: there is nothing to multiply"
        case 1:
            return f"1 of at most {most}: separable into one column times one row"
        case rank:
            share = percent(analysis.share_of_first, step=0.1)
            return f"{rank} of at most {most}: not separable; one product alone holds {share} of the energy"


def factors_text(products: tuple[OuterProduct, ...]) -> str:
    """The columns and rows in numbers, where they are short enough to be read."""
    if not products:
        return "None"
    if len(products) > 2 or max(len(products[0].column), len(products[0].row)) > MOST_WRITTEN:
        if len(products) == 1:
            return f"A column of {len(products[0].column)} times a row of {len(products[0].row)}"
        return f"A sum of {len(products)} columns times rows"
    digits = 4 if len(products) == 1 else 2
    return " + ".join(
        f"column {_list(product.column, digits)} × row {_list(product.row, digits)}" for product in products
    )


def all_factors_text(products: tuple[OuterProduct, ...]) -> str:
    """Every column and row, one product to a line."""
    return "\n".join(f"column {_list(product.column, 4)} × row {_list(product.row, 4)}" for product in products)


def saving_text(analysis: KernelAnalysis) -> str:
    """What working by columns and rows saves for each output."""
    whole, apart = analysis.multiplications, analysis.separated
    if not analysis.products:
        return "Nothing is left to multiply"
    if apart < whole:
        return f"{whole:,} multiplications become {apart:,} for each output"
    if apart == whole:
        return f"None: {whole:,} multiplications stay {apart:,}"
    return f"None: {whole:,} multiplications would become {apart:,}"


def peak_text(peak: Peak) -> str:
    """Which wave passes best."""
    gain = number(peak.gain, digits=3)
    if peak.gain == 0:
        return "No wave passes"
    if peak.cycles == 0:
        return "Even areas pass best, just as they are" if gain == "1" else f"Even areas pass best: {gain} times"
    if peak.cycles > FINEST:
        return f"{_times(gain)} for the checkerboard of single pixels, π both ways"
    cycles, length = number(peak.cycles, digits=2), number(1 / peak.cycles, digits=2)
    where = "in several directions" if peak.direction is None else _running(peak.direction)
    return f"{_times(gain)} at {cycles} cycles/pixel, {length} {noun(1 / peak.cycles, 'pixel')} long, {where}"


def flip_text(analysis: KernelAnalysis) -> str:
    """Why what is laid on the picture is not what is written."""
    if isinstance(analysis.question.layer, ConvTranspose):
        return "A transposed layer stamps the kernel: each output sees it turned by 180°, and so it is named."
    return "A true convolution turns the kernel by 180° first; it is named and described as it is then laid."


def impulse_caption(analysis: KernelAnalysis) -> str:
    """What the cells of the impulse response are."""
    if analysis.is_flipped or (analysis.impulse == analysis.plane).all():
        return "Impulse: the kernel itself"
    return "Impulse: turned by 180°"


def _running(direction: float) -> str:
    if round(direction) in (0, 180):
        return "from left to right"
    if round(direction) == 90:
        return "from top to bottom"
    return f"running at {number(round(direction))}°"


def _times(gain: str) -> str:
    return "Unchanged" if gain == "1" else f"{gain} times"


def _list(values: NDArray[np.float64], digits: int) -> str:
    scale = float(np.abs(values).max())
    texts = (number(value, digits=digits, scale=scale, noise=LOST_IN_FACTORS) for value in values.tolist())
    return f"({', '.join(texts)})"
