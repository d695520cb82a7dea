"""What a layer is called on its card and above its controls: the person's own name, its preset's, or its kind's.

Sentences about a layer call it so, too; `layers.title` is the kind alone.
"""

import numpy as np

from convstudio.core.kernels.preset import Preset
from convstudio.core.kernels.recognition import recognise
from convstudio.core.recipe.layers import Conv, Layer, Pool, PoolKind, title

MOST_FILTERS = 16  # of a preset


def preset_of(layer: Layer) -> Preset | None:
    """The preset that a convolution's filters are, on each channel or in equal parts on all; None where they are none.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> sobel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    >>> preset_of(Conv(weight=Weights([[sobel]]), bias=(0.0,))).title
    'Sobel, left to right'
    """
    if not isinstance(layer, Conv) or layer.filters > MOST_FILTERS:
        return None
    weight = layer.weight.array
    planes = weight.shape[1]
    if planes > 1 and not (weight == weight[:, :1]).all():
        return None
    recognised = recognise(weight[:, 0]) or (recognise(np.sum(weight, axis=1)) if planes > 1 else None)
    return None if recognised is None else recognised.preset


def statistic(pool: Pool) -> str:
    """What of a pool's window goes on, as it stands behind "the".

    Examples
    --------
    >>> statistic(Pool()), statistic(Pool(kind=PoolKind.PERCENTILE, percentile=25))
    ('largest value', 'value above 25 % of them')
    """
    match pool.kind:
        case PoolKind.MAX:
            return "largest value"
        case PoolKind.AVERAGE:
            return "mean"
        case PoolKind.MIN:
            return "smallest value"
        case PoolKind.MEDIAN:
            return "median"
        case PoolKind.PERCENTILE:
            return f"value above {pool.percentile:g} % of them"


def name_of(layer: Layer) -> str:
    """A short name with the size: the person's own, the preset's, or the kind.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Pool, Weights
    >>> name_of(Conv(weight=Weights([[[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]]]), bias=(0.0,))), name_of(Pool())
    ('Sharpen 3×3', 'Max pool 2×2')
    """
    preset = None if layer.name else preset_of(layer)
    if preset is None or not isinstance(layer, Conv):
        return title(layer)
    size = str(layer.kernel)
    return preset.short_title if size in preset.short_title else f"{preset.short_title} {size}"
