"""The pictures in a TIFF file: pages, stacks of ImageJ and OME, channels that belong together. Pixels live elsewhere.

Reduced copies and masks are no pictures, and nothing but this file is opened.
"""

import io
import logging
from collections.abc import Sequence
from math import prod
from typing import NamedTuple

import numpy as np
from tifffile import TiffFile, TiffFrame, TiffPage, TiffPageSeries

from convstudio.io.decoding.picture import check_part_count

Page = TiffPage | TiffFrame
UNITS = {"Z": "slice", "T": "frame", "C": "channel"}  # what the pages along one axis are called
PLAIN = ("generic", "uniform")  # kinds of series that say no more than their pages
MOST_JOINED = 3  # channels that are shown as red, green and blue
PLANE = "plane"
IMAGE_J_GREY = "grayscale"


class TiffPicture(NamedTuple):
    """One picture: its page, or the pages of its channels; with where its numbers lie in the file, if all in a row."""

    pages: tuple[Page, ...]
    start: int | None = None


class TiffPictures(NamedTuple):
    """The pictures of a file, what one of them is called, and how many channels were joined to each."""

    pictures: Sequence[TiffPicture]
    unit: str
    joined: int = 1


def open_tiff(data: bytes) -> TiffFile:
    """The directories of a file; whatever tifffile says of an odd one is not for the person."""
    logger = logging.getLogger("tifffile")
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    return TiffFile(io.BytesIO(data), _multifile=False)


def keyframe_of(page: Page) -> TiffPage:
    """The page whose description a page shares; pages of a stack are described once."""
    keyframe = page.keyframe
    if keyframe is None:
        raise ValueError("a page without a description")
    return keyframe


def contents_of(file: TiffFile, name: str) -> TiffPictures:
    """The pictures of a file in their order."""
    if len(file.pages) == 1 and not (file.is_imagej or file.is_ome or file.is_shaped):
        return TiffPictures([TiffPicture((page,)) for page in _full_pages([_page(file, 0)])], "page")
    check_part_count(len(file.pages), name)
    series = [stack for stack in file.series if not _is_aside(stack.keyframe)]
    if len(series) == 1 and series[0].kind not in PLAIN:
        contents = _contents_of_stack(file, series[0])
        if contents is not None:
            return contents
    pages = [page for number in range(len(file.pages)) for page in _full_pages([_page(file, number)])]
    return TiffPictures([TiffPicture((page,)) for page in pages], "page")


def _page(file: TiffFile, number: int) -> TiffPage:
    page = file.pages[number]
    return page if isinstance(page, TiffPage) else page.aspage()


def _full_pages(pages: list[TiffPage]) -> list[TiffPage]:
    """These pages without reduced copies; of a page that is one, the pictures that hang below it."""
    full = [page for page in pages if not _is_aside(page)]
    for page in pages:
        if _is_aside(page) and page.subifds and page.pages is not None:
            below = [page.pages[number] for number in range(len(page.subifds))]
            pictures = [sub if isinstance(sub, TiffPage) else sub.aspage() for sub in below]
            full += [sub for sub in pictures if not _is_aside(sub)]
    return full


def _is_aside(page: Page) -> bool:
    return keyframe_of(page).is_reduced or keyframe_of(page).is_mask


def _contents_of_stack(file: TiffFile, series: TiffPageSeries) -> TiffPictures | None:
    """The planes of a stack; None where it cannot be taken apart into pages."""
    page = series.keyframe
    if not series.axes.endswith(page.axes):
        return None
    axes = series.axes[: -len(page.axes)]
    shape = series.shape[: len(axes)]
    count = prod(shape)
    starts, pages = _places(series, count)
    if len(pages) != count:
        return None
    numbers = np.arange(count).reshape(shape)
    joined = 1
    channels = axes.find("C")
    if channels >= 0 and page.axes == "YX" and 2 <= shape[channels] <= MOST_JOINED and not _is_grey(file):
        joined = shape[channels]
        numbers = np.moveaxis(numbers, channels, -1)
        axes = axes.replace("C", "")
    else:
        numbers = numbers[..., None]
    groups = numbers.reshape(-1, joined).tolist()
    pictures = [
        TiffPicture(tuple(pages[number] for number in group), starts[group[0]] if starts and joined == 1 else None)
        for group in groups
    ]
    if starts and joined > 1:
        pictures = [TiffPicture((page,) * joined, starts[group[0]]) for group in groups]
        if any(starts[group[-1]] - starts[group[0]] != (joined - 1) * page.nbytes for group in groups):
            return None
    lengths = [length for axis, length in zip(axes, shape, strict=False) if length > 1]
    unit = UNITS.get(axes, "page") if len(lengths) <= 1 else PLANE
    return TiffPictures(pictures, unit, joined)


def _places(series: TiffPageSeries, count: int) -> tuple[list[int], list[Page]]:
    """Where planes begin that lie in a row behind one page, else nowhere; and the page that each of them is like."""
    pages = [series.pages[number] for number in range(len(series.pages))]
    if len(pages) == 1 and count > 1 and series.dataoffset is not None:
        size = series.keyframe.nbytes
        return [series.dataoffset + number * size for number in range(count)], [series.keyframe] * count
    return [], [page for page in pages if page is not None]


def _is_grey(file: TiffFile) -> bool:
    """Whether ImageJ shows one channel at a time."""
    return bool(file.is_imagej and (file.imagej_metadata or {}).get("mode") == IMAGE_J_GREY)
