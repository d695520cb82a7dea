"""The kernel examined: what can be known of one plane of a kernel without any picture.

Its frequency response is in `frequency_response`, what it does to pictures in `character`, and which preset it is in
`nearest_preset`.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convstudio.core.edits.filters import kernel_at
from convstudio.core.geometry.shapes import Pair
from convstudio.core.kernels.planes import rank, separable, total
from convstudio.core.progress import Progress, silent
from convstudio.core.recipe.layers import Conv, ConvTranspose, Orientation
from convstudio.core.threads import serial_blas
from convstudio.insight.kernel.character import Character, character_of
from convstudio.insight.kernel.edges import EdgeAnswers, edge_answers
from convstudio.insight.kernel.frequency_response import Response, response_of
from convstudio.insight.kernel.nearest_preset import Nearest, nearest

Plane = NDArray[np.float64]
Vector = NDArray[np.float64]
TOLERANCE = 1e-9  # relative to the largest weight: less is rounding


class Symmetry(StrEnum):
    """Ways to lay a kernel onto itself."""

    LEFT_RIGHT = "left ↔ right"
    TOP_BOTTOM = "top ↔ bottom"
    DIAGONAL = "rows ↔ columns"
    QUARTER_TURN = "quarter turn"
    HALF_TURN = "half turn"


@dataclass(frozen=True)
class Symmetries:
    """What a kernel is the same under, and under what it only changes every sign."""

    same: tuple[Symmetry, ...]
    negated: tuple[Symmetry, ...]


@dataclass(frozen=True, eq=False)
class OuterProduct:
    """A column times a row."""

    column: Vector
    row: Vector


@dataclass(frozen=True)
class KernelQuestion:
    """Which plane to examine: of a layer as it is executed, counted from 0."""

    layer: Conv | ConvTranspose
    filter_index: int
    channel: int


@dataclass(frozen=True, eq=False)
class KernelAnalysis:
    """What is known of one plane of a kernel.

    Parameters
    ----------
    question
        Which plane it is.
    plane
        (height, width), as it is written.
    applied
        The same as it is laid on the picture: flipped on both axes for a true convolution and a transposed one.
    sum, mean, energy
        Σw, Σw / cells, Σw².
    noise_gain
        √Σw²: what the spread of white noise is multiplied by.
    mirrored
        Its symmetries.
    rank
        How many columns times rows it is a sum of.
    products
        These, of `plane`: exact numbers at rank 1, the strongest first at higher ranks.
    share_of_first
        How much of the energy the first product holds, 0 … 1.
    multiplications, separated
        For each output: cell by cell, and column by column and row by row.
    response, impulse, edges
        The gain for every wave, and what a single 1 and an edge become.
    """

    question: KernelQuestion
    plane: Plane
    applied: Plane
    dilation: Pair
    sum: float
    mean: float
    energy: float
    noise_gain: float
    mirrored: Symmetries
    rank: int
    products: tuple[OuterProduct, ...]
    share_of_first: float
    multiplications: int
    separated: int
    response: Response
    impulse: Plane
    edges: EdgeAnswers
    character: Character
    nearest: Nearest | None

    @property
    def is_flipped(self) -> bool:
        """Whether the layer flips what is written before it is laid on the picture."""
        return flips(self.question.layer)


@serial_blas()  # everything here is small
def answer(question: KernelQuestion, progress: Progress = silent) -> KernelAnalysis:
    """Examine one plane of a layer's kernel.

    Raises
    ------
    ConvStudioError
        If the layer has no such plane.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> analysis = answer(KernelQuestion(Conv(weight=Weights([[[[1, 0, -1]] * 3]]), bias=(0.0,)), 0, 0))
    >>> analysis.sum, analysis.energy, analysis.rank, analysis.multiplications, analysis.separated
    (0.0, 6.0, 1, 9, 6)
    """
    layer = question.layer
    plane = kernel_at(layer, question.filter_index, question.channel)
    applied = plane[::-1, ::-1] if flips(layer) else plane
    response = response_of(applied, layer.dilation)
    character = character_of(applied)
    progress(1.0)  # too short to be watched: this asks only whether the answer is still wanted
    products = outer_products(plane)
    height, width = plane.shape
    whole, energy = total(plane), float((plane**2).sum())
    first = float((np.outer(products[0].column, products[0].row) ** 2).sum()) if products else 0.0
    return KernelAnalysis(
        question=question,
        plane=plane,
        applied=applied,
        dilation=layer.dilation,
        sum=whole,
        mean=whole / plane.size,
        energy=energy,
        noise_gain=energy**0.5,
        mirrored=symmetries_of(plane),
        rank=len(products),
        products=products,
        share_of_first=min(first / energy, 1.0) if energy else 0.0,
        multiplications=height * width,
        separated=len(products) * (height + width),
        response=response,
        impulse=applied[::-1, ::-1],
        edges=edge_answers(applied, layer.dilation),
        character=character,
        nearest=nearest(applied),
    )


def flips(layer: Conv | ConvTranspose) -> bool:
    """Whether a layer flips its kernel before it is laid on the picture; a transposed layer stamps it as written.

    Examples
    --------
    >>> from convstudio.core.recipe.layers import Weights
    >>> flips(Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,)))
    False
    """
    return isinstance(layer, ConvTranspose) or layer.orientation is Orientation.CONVOLUTION


def symmetries_of(plane: Plane) -> Symmetries:
    """The symmetries of a kernel.

    Examples
    --------
    >>> symmetries = symmetries_of(np.array([[-1.0, 0.0, 1.0]]))
    >>> [way.value for way in symmetries.same], [way.value for way in symmetries.negated]
    (['top ↔ bottom'], ['left ↔ right', 'half turn'])
    """
    images = {
        Symmetry.LEFT_RIGHT: plane[:, ::-1],
        Symmetry.TOP_BOTTOM: plane[::-1],
        Symmetry.DIAGONAL: plane.T,
        Symmetry.QUARTER_TURN: np.rot90(plane),
        Symmetry.HALF_TURN: plane[::-1, ::-1],
    }
    room = TOLERANCE * float(np.abs(plane).max())

    def alike(image: Plane) -> bool:
        return image.shape == plane.shape and float(np.abs(image - plane).max()) <= room

    same = tuple(way for way, image in images.items() if alike(image))
    negated = tuple(way for way, image in images.items() if way not in same and alike(-image))
    return Symmetries(same, negated)


def outer_products(plane: Plane) -> tuple[OuterProduct, ...]:
    """The columns times rows that a kernel is the sum of, the strongest first; as many as its rank.

    Examples
    --------
    >>> products = outer_products(np.array([[2.0, 4.0], [1.0, 2.0]]))
    >>> [(product.column.tolist(), product.row.tolist()) for product in products]
    [([2.0, 1.0], [1.0, 2.0])]
    """
    alone = separable(plane)
    if alone is not None:
        return (OuterProduct(*alone),)
    columns, strengths, rows = np.linalg.svd(plane)
    products = []
    for place in range(rank(plane)):
        column, row = columns[:, place], rows[place] * strengths[place]
        # the largest entry of each column is 1, so that the rows carry the weights
        size = column[np.abs(column).argmax()]
        products.append(OuterProduct(column / size, row * size))
    return tuple(products)
