"""Every preset in the order of the menu, and finding one by name. Their weights are in `tables` and `families`.

What a layer does with them is in `edits`; reading kernels that people typed is in `text`.
"""

from difflib import get_close_matches

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels import families, tables
from convstudio.core.kernels.expression import value_of
from convstudio.core.kernels.preset import Filters, Preset, build

PRESETS: tuple[Preset, ...] = (
    tables.IDENTITY,
    families.SHIFT,
    families.RANDOM,
    *families.SMOOTHING,
    tables.BINOMIAL,
    *tables.SHARPENING,
    *families.SHARPENING,
    *tables.EDGES,
    families.EMBOSS,
    *tables.CURVATURE,
    *families.CURVATURE,
    *tables.LINES,
    *families.TEXTURE,
    tables.LAWS_SET,
    *tables.ARTICLE,
)


def find(key: str) -> Preset:
    """The preset of that name.

    Raises
    ------
    ConvStudioError
        If there is none; the sentence names the nearest ones.

    Examples
    --------
    >>> find("sobel-x").title
    'Sobel, left to right'
    """
    word = key.strip().lower()
    keys = [preset.key for preset in PRESETS]
    if word in keys:
        return PRESETS[keys.index(word)]
    within = [known for known in keys if word and word in known]
    near = list(dict.fromkeys([*within, *get_close_matches(word, keys, n=3, cutoff=0.5)]))[:3]
    advice = (
        f"did you mean {' or '.join(', '.join(near).rsplit(', ', 1))}?"
        if near
        else "choose one such as identity, gaussian or sobel-x."
    )
    raise ConvStudioError(f"There is no preset “{key.strip()}”; {advice}")


def parse(text: str) -> tuple[Preset, Filters]:
    """A preset and its kernels from text: its name, and after a colon the values to set.

    Raises
    ------
    ConvStudioError
        If there is no such preset or parameter, or a value is no number or out of range.

    Examples
    --------
    >>> preset, filters = parse("gaussian:sigma=2,size=9")
    >>> preset.key, filters.shape
    ('gaussian', (1, 9, 9))
    """
    key, colon, rest = text.partition(":")
    preset = find(key)
    values: dict[str, float] = {}
    for part in rest.split(",") if colon else []:
        name, equals, value = (word.strip() for word in part.partition("="))
        if not (name and equals and value):
            example = next((f"{preset.key}:{p.name}={p.default:g}" for p in preset.parameters), preset.key)
            raise ConvStudioError(f"“{part.strip()}” does not set a parameter; write it as in {example}.")
        if name in values:
            raise ConvStudioError(f"The parameter {name} of {preset.key} is given twice; give it once.")
        values[name] = value_of(value)
    return preset, build(preset, **values)
