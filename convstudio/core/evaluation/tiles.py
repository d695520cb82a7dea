"""Tiles: an output of any size computed tile by tile, in memory that stays bounded.

`needed_regions` counts in integers how much a tile reads; `region` computes it.
"""

from bisect import bisect_right
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from convstudio.core.evaluation.evaluate import Planes, apply
from convstudio.core.evaluation.needed_regions import needed_regions, whole_reader
from convstudio.core.evaluation.region import compute_region
from convstudio.core.frame import Frame
from convstudio.core.geometry.regions import Region, middle_region, tiled, whole
from convstudio.core.geometry.sizes import ceil_division, even_part
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Pool, PoolKind
from convstudio.core.recipe.plan import Plan, Step, plan, refuse_excess

TILE_BYTES = 2**25  # of one tile's arrays: enough that halos are a small part, little enough to hear a cancel soon
COPIES = 2  # of its input and of its output that an operation may hold at once: a padded one, a scratch plane
NARROWEST = 16
NEARLY = 1.05
_BY_TILES: dict[PoolKind, np.ufunc] = {
    PoolKind.MAX: np.maximum, PoolKind.MIN: np.minimum, PoolKind.AVERAGE: np.add,
}  # fmt: skip


def whole_bytes(plan: Plan, index: int) -> int:
    """What a whole evaluation up to layer `index` keeps in memory.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> whole_bytes(plan(Document(), Shape(3, 100, 100)), -1)
    120000
    """
    outputs = [step.output.size for step in plan.steps[: index + 1] if step.layer.enabled]
    return 4 * (plan.source.size + sum(outputs))


def tile_bytes(plan: Plan, index: int, region: Region) -> int:
    """About the most memory that computing a region of the output of layer `index` takes at once.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> tile_bytes(plan(Document((Pool(),)), Shape(1, 100, 100)), 0, Region(0, 10, 0, 10))
    4000
    """
    values = _values(plan, index, region)
    return 4 * COPIES * max((before + after for before, after in pairwise(values)), default=values[0])


def tiles(plan: Plan, index: int, budget: int = TILE_BYTES) -> tuple[Region, ...]:
    """The output of layer `index` cut into regions, row by row, each of which takes about `budget` bytes to compute.

    They are as wide as they can be without repeating much work in their halos: rows lie together in memory. Where not
    even a small tile fits, the tiles are small.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> tiles(plan(Document(), Shape(1, 64, 50)), -1, budget=16_000)
    (Region(top=0, bottom=32, left=0, right=50), Region(top=32, bottom=64, left=0, right=50))
    """
    _, height, width = plan.shape_at(index)
    widths = [width]
    while widths[-1] > NARROWEST:
        widths.append(ceil_division(widths[-1], 2))
    sizes = [(high, wide) for wide in widths if (high := _highest(plan, index, wide, budget))]
    if not sizes:
        sizes = [(min(NARROWEST, height), widths[-1])]
    work = {size: _work(plan, index, *size) / (size[0] * size[1]) for size in sizes}
    high, wide = next(size for size in sizes if work[size] <= NEARLY * min(work.values()))
    return tuple(tiled(whole(plan.shape_at(index)), even_part(height, high), wide))


def evaluate_tiled(
    document: Document, frame: Frame, index: int, *, budget: int = TILE_BYTES, progress: Progress = silent
) -> Iterator[tuple[Region, Planes]]:
    """The output of layer `index` of a recipe on a frame, tile by tile.

    Parameters
    ----------
    document, frame
        The recipe and the picture.
    index
        The layer; −1 is the source.
    budget
        About how many bytes a tile may take. Only where a dense layer sees its whole input that input is kept
        whole; what comes after it or after a global pool comes as one tile.
    progress
        Hears the share of the output that is done, after each tile.

    Yields
    ------
    Disjoint regions that cover the output, and their values, (C, rows, columns) float32, up to rounding the same as
    those of a whole evaluation.

    Raises
    ------
    ConvStudioError
        If a layer refuses its input, or what must be kept whole would not fit into memory.

    Examples
    --------
    >>> frame = Frame(np.arange(6, dtype=np.uint8).reshape(3, 2, 1), white=255)
    >>> [planes.ravel().tolist() for _, planes in evaluate_tiled(Document(), frame, -1, budget=16)]
    [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
    """
    recipe_plan = plan(document, frame.shape)
    reader = whole_reader(recipe_plan, index)
    if reader is None:
        yield from _cut(recipe_plan, frame, index, budget, progress)
        return
    refuse_excess(replace(recipe_plan, steps=recipe_plan.steps[max(reader.index - 1, 0) :]))
    gathering = gathered(recipe_plan, frame, index, reader, budget=budget)
    while True:
        try:
            progress(next(gathering))
        except StopIteration as end:
            yield whole(recipe_plan.shape_at(index)), end.value
            return


def gathered(
    plan: Plan, frame: Frame, index: int, reader: Step, *, budget: int = TILE_BYTES
) -> Generator[float, None, Planes]:
    """The whole output of layer `index`, where the step `reader` needs its whole input.

    A global pool takes its input in tile by tile; for a dense layer and a median all of it is put together.

    Yields
    ------
    The share of that input which is done. The planes are what the generator returns.

    Examples
    --------
    >>> from convstudio.core.geometry.shapes import Shape
    >>> pooling = plan(Document((Pool(is_global=True),)), Shape(1, 2, 2))
    >>> work = gathered(pooling, Frame(np.arange(4.0).reshape(2, 2, 1), white=3.0), 0, pooling.steps[0])
    >>> next(work)
    1.0
    """
    pool = reader.layer if isinstance(reader.layer, Pool) and reader.layer.kind in _BY_TILES else None
    planes = np.empty(reader.input if pool is None else (0, 0, 0), np.float32)
    partial_results: list[NDArray[np.float64]] = []
    regions = tiles(plan, reader.index - 1, budget)
    for number, region in enumerate(regions, 1):
        values = compute_region(plan, frame, reader.index - 1, region)
        if pool is None:
            planes[:, region.top : region.bottom, region.left : region.right] = values
        else:
            partial_results.append(_pooled(pool, values))
        yield number / len(regions)
    if pool is not None:
        stacked = np.stack(partial_results)
        pooled = _BY_TILES[pool.kind].reduce(stacked, axis=0)
        if pool.kind is PoolKind.AVERAGE:
            pooled /= reader.input.height * reader.input.width
        planes = pooled.astype(np.float32)
    for step in plan.steps[reader.index + (pool is not None) : index + 1]:
        planes = apply(step, planes)
    return planes


def _pooled(pool: Pool, values: Planes) -> NDArray[np.float64]:
    """The largest or smallest value of each plane of a tile, or the sum, (C, 1, 1)."""
    return np.asarray(_BY_TILES[pool.kind].reduce(values, axis=(1, 2), keepdims=True, dtype=np.float64), np.float64)


def _cut(plan: Plan, frame: Frame, index: int, budget: int, progress: Progress) -> Iterator[tuple[Region, Planes]]:
    regions = tiles(plan, index, budget)
    for number, region in enumerate(regions, 1):
        yield region, compute_region(plan, frame, index, region)
        progress(number / len(regions))


def _highest(plan: Plan, index: int, wide: int, budget: int) -> int:
    """The height of the highest tile of a width that fits; 0 where none does."""
    shape = plan.shape_at(index)  # a tile in the middle, where nothing is cut off its halo
    heights = range(1, shape.height + 1)
    return bisect_right(heights, budget, key=lambda high: tile_bytes(plan, index, middle_region(shape, high, wide)))


def _values(plan: Plan, index: int, region: Region) -> tuple[int, ...]:
    """How many values a region needs of the frame, of the output of layer 0, …, of layer `index`."""
    channels = [plan.source.channels, *(step.output.channels for step in plan.steps[: index + 1])]
    extents = [need.extent for need in needed_regions(plan, index, region)]
    return tuple(count * rows * columns for count, (rows, columns) in zip(channels, extents, strict=True))


def _work(plan: Plan, index: int, high: int, wide: int) -> float:
    """Multiply-adds and values moved for a tile of a size."""
    values = _values(plan, index, middle_region(plan.shape_at(index), high, wide))
    return values[0] + sum(map(_effort, plan.steps, values[1:]))


def _effort(step: Step, values: int) -> float:
    return values * (1 + step.multiply_adds / step.output.size)
