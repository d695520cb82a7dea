"""Presets whose weights are fixed numbers, as tables. Those that follow from a formula are in `families`."""

from functools import partial
from math import sqrt

import numpy as np

from convstudio.core.kernels.planes import rotate_ring
from convstudio.core.kernels.preset import Filters, Group, Preset

Rows = tuple[tuple[float, ...], ...]
ROOT = sqrt(2)

SOBEL_X: Rows = ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1))
SOBEL_Y: Rows = ((-1, -2, -1), (0, 0, 0), (1, 2, 1))
SCHARR_X: Rows = ((-3, 0, 3), (-10, 0, 10), (-3, 0, 3))
SCHARR_Y: Rows = ((-3, -10, -3), (0, 0, 0), (3, 10, 3))
PREWITT_X: Rows = ((-1, 0, 1), (-1, 0, 1), (-1, 0, 1))
PREWITT_Y: Rows = ((-1, -1, -1), (0, 0, 0), (1, 1, 1))
KIRSCH_NORTH: Rows = ((5, 5, 5), (-3, 0, -3), (-3, -3, -3))
ROBINSON_NORTH: Rows = ((1, 2, 1), (0, 0, 0), (-1, -2, -1))
LINE_HORIZONTAL: Rows = ((-1, -1, -1), (2, 2, 2), (-1, -1, -1))
LINE_45: Rows = ((-1, -1, 2), (-1, 2, -1), (2, -1, -1))
LINE_VERTICAL: Rows = ((-1, 2, -1), (-1, 2, -1), (-1, 2, -1))
LINE_135: Rows = ((2, -1, -1), (-1, 2, -1), (-1, -1, 2))

# Frei and Chen, "Fast boundary detection", 1977: edges, ripples, lines, Laplacians and the mean, of length 1 each.
FREI_CHEN: tuple[tuple[Rows, float], ...] = (
    (((1, ROOT, 1), (0, 0, 0), (-1, -ROOT, -1)), 2 * ROOT),
    (((1, 0, -1), (ROOT, 0, -ROOT), (1, 0, -1)), 2 * ROOT),
    (((0, -1, ROOT), (1, 0, -1), (-ROOT, 1, 0)), 2 * ROOT),
    (((ROOT, -1, 0), (-1, 0, 1), (0, 1, -ROOT)), 2 * ROOT),
    (((0, 1, 0), (-1, 0, -1), (0, 1, 0)), 2),
    (((-1, 0, 1), (0, 0, 0), (1, 0, -1)), 2),
    (((1, -2, 1), (-2, 4, -2), (1, -2, 1)), 6),
    (((-2, 1, -2), (1, 4, 1), (-2, 1, -2)), 6),
    (((1, 1, 1), (1, 1, 1), (1, 1, 1)), 3),
)
LAWS = ((1, 2, 1), (-1, 0, 1), (-1, 2, -1))  # Laws's level, edge and spot, 1980


def _table(*kernels: Rows, divisor: float = 1) -> Filters:
    return np.array(kernels, dtype=np.float64) / divisor


def _compass(north: Rows) -> Filters:
    """Eight directions clockwise from the top: N, NE, E, SE, S, SW, W, NW."""
    turned = [np.array(north, dtype=np.float64)]
    for _ in range(7):
        turned.append(rotate_ring(turned[-1]))
    return np.array([turned[-index % 8] for index in range(8)])


def _frei_chen() -> Filters:
    return np.array([np.array(rows) / divisor for rows, divisor in FREI_CHEN])


def _laws() -> Filters:
    return np.array([np.outer(column, row) for column in LAWS for row in LAWS], dtype=np.float64)


def _fixed(key: str, title: str, group: Group, description: str, *kernels: Rows, divisor: float = 1) -> Preset:
    return Preset(key, title, group, description, partial(_table, *kernels, divisor=divisor))


IDENTITY = _fixed(
    "identity", "Identity", Group.BASIC, "Leaves the picture exactly as it is.", ((0, 0, 0), (0, 1, 0), (0, 0, 0))
)
BINOMIAL = Preset(
    "binomial", "Binomial 5×5", Group.SMOOTH,
    "Blurs softly with the whole numbers 1, 4, 6, 4, 1 across and down, divided by 256.",
    partial(_table, tuple(tuple(a * b for b in (1, 4, 6, 4, 1)) for a in (1, 4, 6, 4, 1)), divisor=256),
)  # fmt: skip

SHARPENING = (
    _fixed("sharpen-4", "Sharpen, 4 neighbours", Group.SHARPEN,
           "Adds what sets each pixel apart from its four nearest neighbours.",
           ((0, -1, 0), (-1, 5, -1), (0, -1, 0))),
    _fixed("sharpen-8", "Sharpen, 8 neighbours", Group.SHARPEN,
           "Adds what sets each pixel apart from all eight neighbours, and so sharpens more strongly.",
           ((-1, -1, -1), (-1, 9, -1), (-1, -1, -1))),
)  # fmt: skip

EDGES = (
    _fixed("sobel-x", "Sobel, left to right", Group.EDGES,
           "Positive where the picture gets brighter from left to right: it finds vertical edges.", SOBEL_X),
    _fixed("sobel-y", "Sobel, top to bottom", Group.EDGES,
           "Positive where the picture gets brighter from top to bottom: it finds horizontal edges.", SOBEL_Y),
    _fixed("sobel-45", "Sobel, to the upper right", Group.EDGES,
           "Positive where the picture gets brighter towards the upper right.", ((0, 1, 2), (-1, 0, 1), (-2, -1, 0))),
    _fixed("sobel-135", "Sobel, to the upper left", Group.EDGES,
           "Positive where the picture gets brighter towards the upper left.", ((2, 1, 0), (1, 0, -1), (0, -1, -2))),
    _fixed("sobel", "Sobel pair", Group.EDGES,
           "Two filters, left to right and top to bottom, that together tell how steep an edge is and where it points.",
           SOBEL_X, SOBEL_Y),
    _fixed("scharr-x", "Scharr, left to right", Group.EDGES,
           "Like Sobel, with weights that judge slanting edges more evenly.", SCHARR_X),
    _fixed("scharr-y", "Scharr, top to bottom", Group.EDGES,
           "Like Sobel from top to bottom, with weights that judge slanting edges more evenly.", SCHARR_Y),
    _fixed("prewitt-x", "Prewitt, left to right", Group.EDGES,
           "The right column minus the left one: the simplest vertical edge finder that averages over three rows.",
           PREWITT_X),
    _fixed("prewitt-y", "Prewitt, top to bottom", Group.EDGES,
           "The lower row minus the upper one: the simplest horizontal edge finder that averages over three columns.",
           PREWITT_Y),
    _fixed("roberts", "Roberts pair", Group.EDGES,
           "Two filters of 2×2 that subtract across the two diagonals.", ((1, 0), (0, -1)), ((0, 1), (-1, 0))),
    _fixed("difference-x", "Central difference, left to right", Group.EDGES,
           "How much brighter it gets for each pixel to the right: half the difference of the two neighbours.",
           ((-1, 0, 1),), divisor=2),
    _fixed("difference-y", "Central difference, top to bottom", Group.EDGES,
           "How much brighter it gets for each pixel downwards: half the difference of the two neighbours.",
           ((-1,), (0,), (1,)), divisor=2),
    _fixed("kirsch-n", "Kirsch, north", Group.EDGES,
           "Positive where the three pixels above are brighter than the other five around.", KIRSCH_NORTH),
    Preset("kirsch", "Kirsch compass", Group.EDGES,
           "Eight filters for the eight directions, clockwise from north; the strongest answer names the direction.",
           partial(_compass, KIRSCH_NORTH)),
    Preset("robinson", "Robinson compass", Group.EDGES,
           "Eight turned Sobel filters for the eight directions in which it can get brighter, clockwise from north.",
           partial(_compass, ROBINSON_NORTH)),
    Preset("frei-chen", "Frei-Chen set", Group.EDGES,
           "Nine filters that share out a 3×3 patch completely: four for edges, four for lines, one for the mean.",
           _frei_chen),
    _fixed("outline", "Outline", Group.EDGES,
           "Positive just inside bright things and negative just outside: it draws every contour.",
           ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1))),
)  # fmt: skip

CURVATURE = (
    _fixed("laplacian-4", "Laplacian, 4 neighbours", Group.CURVATURE,
           "How much the four neighbours are brighter than the pixel: negative on bright spots, 0 on even slopes.",
           ((0, 1, 0), (1, -4, 1), (0, 1, 0))),
    _fixed("laplacian-8", "Laplacian, 8 neighbours", Group.CURVATURE,
           "How much the eight neighbours are brighter than the pixel: negative on bright spots, 0 on even slopes.",
           ((1, 1, 1), (1, -8, 1), (1, 1, 1))),
    _fixed("second-x", "Second difference, left to right", Group.CURVATURE,
           "How the slope from left to right changes: negative on bright vertical lines.", ((1, -2, 1),)),
    _fixed("second-y", "Second difference, top to bottom", Group.CURVATURE,
           "How the slope from top to bottom changes: negative on bright horizontal lines.", ((1,), (-2,), (1,))),
    _fixed("second-xy", "Mixed second difference", Group.CURVATURE,
           "How the slope to the right changes downwards: it answers at corners and saddles, not along straight edges.",
           ((1, 0, -1), (0, 0, 0), (-1, 0, 1)), divisor=4),
    _fixed("point", "Points and corners", Group.CURVATURE,
           "Answers at single points and corners but not along horizontal or vertical edges and lines.",
           ((1, -2, 1), (-2, 4, -2), (1, -2, 1))),
)  # fmt: skip

LINES = (
    _fixed("line-horizontal", "Horizontal line", Group.LINES,
           "Positive on bright horizontal lines one pixel thick.", LINE_HORIZONTAL),
    _fixed("line-vertical", "Vertical line", Group.LINES,
           "Positive on bright vertical lines one pixel thick.", LINE_VERTICAL),
    _fixed("line-45", "Rising line", Group.LINES,
           "Positive on bright thin lines that rise to the right at 45°.", LINE_45),
    _fixed("line-135", "Falling line", Group.LINES,
           "Positive on bright thin lines that fall to the right at 45°.", LINE_135),
    _fixed("lines", "Lines, four directions", Group.LINES,
           "Four filters for thin lines: horizontal, rising, vertical and falling.",
           LINE_HORIZONTAL, LINE_45, LINE_VERTICAL, LINE_135),
)  # fmt: skip

LAWS_SET = Preset(
    "laws", "Laws texture set", Group.TEXTURE,
    "Nine filters made of level, edge and spot across and down; how strongly they answer tells textures apart.",
    _laws,
)  # fmt: skip

ARTICLE = (
    _fixed("article-vertical", "The article's vertical edge", Group.ARTICLE,
           "1, 0, −1 on each of three rows: positive where it gets darker from left to right.", ((1, 0, -1),) * 3),
    _fixed("article-horizontal", "The article's horizontal edge", Group.ARTICLE,
           "The same turned by 90°: positive where it gets darker from top to bottom.",
           ((1, 1, 1), (0, 0, 0), (-1, -1, -1))),
)  # fmt: skip
