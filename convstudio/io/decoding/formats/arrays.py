"""NumPy's files, `.npy` and `.npz`: the shapes in their headers say how many pictures there are. No object is read."""

import io
import zipfile
import zlib
from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from math import prod
from typing import IO

import numpy as np

from convstudio.core.errors import ConvStudioError
from convstudio.io.decoding.arrays import ArrayDescription, ArrayLayout, described, layout_of
from convstudio.io.decoding.opencv import Planes, Raw
from convstudio.io.decoding.picture import MOST_BYTES, Header, check_page, check_part_count
from convstudio.io.decoding.refusals import cut_off, damaged, undecodable

CODEC = "NumPy arrays"
BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def array(data: bytes, name: str, page: int) -> Header:
    """The header of a `.npy` file; the pages of an array are those along its first axes."""
    return _header(lambda: io.BytesIO(data), len(data), name, page)


def arrays(data: bytes, name: str, page: int) -> Header:
    """The header of a `.npz` file; each array is one picture or several, in the order of the file."""
    members = picture_members(data, name)
    if not members:
        raise ConvStudioError(f"“{name}” holds no array of rows and columns; choose another file.")
    total = sum(layout.pages for _, layout in members)
    check_page(page, total, "array", name)
    firsts = [0, *accumulate(layout.pages for _, layout in members)]
    number = bisect_right(firsts, page) - 1
    member, before = members[number][0], firsts[number]
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        size = file.getinfo(member).file_size

    def open_member() -> IO[bytes]:
        return zipfile.ZipFile(io.BytesIO(data)).open(member)

    header = _header(open_member, size, name, page - before)
    return header._replace(pages=total, unit="array")


def picture_members(data: bytes, name: str) -> list[tuple[str, ArrayLayout]]:
    """The arrays of a `.npz` file that may be pictures, with how they lie."""
    members: list[tuple[str, ArrayLayout]] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            for number, member in enumerate(file.namelist(), start=1):
                check_part_count(number, name)
                if not member.endswith(".npy"):
                    continue
                with file.open(member) as stream:
                    shape, _, dtype = _described(stream, name)
                layout = layout_of(shape)
                if layout is not None and dtype.kind in "buif":
                    members.append((member, layout))
    except BROKEN:
        raise undecodable(name, CODEC) from None
    return members


def _described(stream: IO[bytes], name: str) -> ArrayDescription:
    try:
        return described(stream)
    except ValueError:
        raise undecodable(name, CODEC) from None


def _header(opened: Callable[[], IO[bytes]], size: int, name: str, page: int) -> Header:
    with opened() as stream:
        shape, is_fortran, dtype = _described(stream, name)
        start = stream.tell()
    if dtype.kind not in "buif" or dtype.itemsize > 8:
        raise ConvStudioError(
            f"“{name}” holds {dtype} values; a picture has whole or floating-point numbers of at most 64 bits."
        )
    layout = layout_of(shape)
    if layout is None:
        raise ConvStudioError(f"“{name}” holds an array of the shape {shape}; a picture has rows and columns.")
    check_page(page, layout.pages, "page", name)
    if start + prod(shape) * dtype.itemsize > size:
        raise cut_off(name)

    def unpack() -> Planes:
        try:
            values = _page(opened, start, shape, dtype, layout, page, is_fortran=is_fortran)
        except BROKEN:
            raise undecodable(name, CODEC) from None
        return _planes(values, layout, name)

    value_bytes = layout.channels * max(dtype.itemsize, 1)
    return Header(layout.width, layout.height, 1, value_bytes, unpack, layout.pages)


def _page(
    opened: Callable[[], IO[bytes]],
    start: int,
    shape: tuple[int, ...],
    dtype: np.dtype[np.generic],
    layout: ArrayLayout,
    page: int,
    *,
    is_fortran: bool,
) -> Raw:
    """One picture, (H, W, channels) or (channels, H, W); where columns come first the whole array is read."""
    count = layout.height * layout.width * layout.channels
    shape_of_page = shape[-layout.axes :]
    with opened() as stream:
        stream.seek(start if is_fortran else start + page * count * dtype.itemsize)
        if not is_fortran:
            return np.frombuffer(stream.read(count * dtype.itemsize), dtype, count).reshape(shape_of_page)
        if prod(shape) * dtype.itemsize > MOST_BYTES:
            raise MemoryError
        whole = np.frombuffer(stream.read(prod(shape) * dtype.itemsize), dtype, prod(shape))
        picture: Raw = whole.reshape(shape, order="F").reshape(-1, *shape_of_page)[page]
        return picture


def _planes(values: Raw, layout: ArrayLayout, name: str) -> Planes:
    if values.dtype.kind == "b":
        values = values.astype(np.uint8) * np.uint8(255)
    values = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
    pixels = np.moveaxis(values, 0, 2) if layout.is_planar else values.reshape(layout.height, layout.width, -1)
    if pixels.shape[2] == 0:
        raise damaged(name, "its array is empty")
    colours = {1: 1, 2: 1, 3: 3, 4: 3}[layout.channels]
    alpha = pixels[:, :, colours] if layout.channels > colours else None
    return Planes(pixels[:, :, :colours], alpha)
