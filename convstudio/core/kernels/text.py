"""Kernels and numbers as text: read from a spreadsheet, NumPy, MATLAB, C, OpenCV or plain rows, and written back.

`expression` works out what one cell is worth; files live in `io`.
"""

import re
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.expression import SIGNS, value_of
from convstudio.core.kernels.notations import plain, without_latex
from convstudio.core.kernels.rows import DECIMAL_COMMA, Rows, readings_of
from convstudio.core.kernels.size import MOST_CELLS, check_size
from convstudio.core.wording import counted, number

Plane = NDArray[np.float64]
MOST_TEXT = 100_000  # characters; a full kernel with every digit needs a quarter of it
MOST_DESCRIBED = 48  # characters of a kernel's numbers in a sentence

_MODULE = r"(?:\b[A-Za-z_]\w*\.)?\b"
_CONVERTED = re.compile(r"\s*\.\s*(?:astype\s*\([\w.\s'\"]*\)|(?:float|double|numpy|tolist|copy|squeeze)\s*\(\s*\))")
_RESHAPED = re.compile(r"(.*[)\]])\s*\.(?:reshape|view)\s*\(\s*[(\[]?([\d,\s-]+)[)\]]?\s*\)", re.ASCII | re.DOTALL)
_TURNED = re.compile(r"(.*[)\]])\s*(?:\.T|\.?'|\.t\(\s*\)|\.transpose\(\s*\))", re.DOTALL)
_TURN = re.compile(_MODULE + r"transpose\s*(\(.*\))", re.DOTALL)
_OUTER = re.compile(_MODULE + r"outer\s*\(")


class TextStyle(StrEnum):
    """The ways to write a kernel."""

    NUMPY = "NumPy"
    MATLAB = "MATLAB"
    SPREADSHEET = "spreadsheet"
    PLAIN = "plain text"
    C = "C"
    OPENCV = "OpenCV"
    CSV = "CSV"
    IMAGEMAGICK = "ImageMagick"
    IMAGEJ = "ImageJ"


def read_number(text: str) -> float:
    """The value typed into one cell: a number with a point or a decimal comma, or an expression.

    Raises
    ------
    ConvStudioError
        If it is not a number.

    Examples
    --------
    >>> read_number("−0,25"), read_number("1/4")
    (-0.25, 0.25)
    """
    plain = text.translate(SIGNS)
    return value_of(plain.replace(",", ".") if DECIMAL_COMMA.fullmatch(plain) else text)


def write(array: NDArray[np.float64], style: TextStyle) -> str:  # noqa: PLR0911  # a case for each style
    """A kernel (height, width) as text that `read` turns back into exactly the same numbers.

    Examples
    --------
    >>> write(np.array([[1, 0, -1], [0.5, 0, 2]]), TextStyle.MATLAB)
    '[1 0 -1; 0.5 0 2]'
    """
    rows = [[_exact(value) for value in row] for row in array.tolist()]
    height, width = array.shape
    match style:
        case TextStyle.NUMPY:
            lines = [f"[{', '.join(row)}]" for row in rows]
            return "np.array([" + (",\n" + " " * 10).join(lines) + "])"
        case TextStyle.MATLAB:
            return "[" + "; ".join(" ".join(row) for row in rows) + "]"
        case TextStyle.SPREADSHEET:
            return "\n".join("\t".join(row) for row in rows)
        case TextStyle.PLAIN:
            widths = [max(len(row[column]) for row in rows) for column in range(width)]
            return "\n".join(
                "  ".join(cell.rjust(room) for cell, room in zip(row, widths, strict=True)) for row in rows
            )
        case TextStyle.C:
            lines = [f"    {{{', '.join(row)}}}" for row in rows]
            return f"double kernel[{height}][{width}] = {{\n" + ",\n".join(lines) + "\n};"
        case TextStyle.OPENCV:
            lines = [", ".join(row) for row in rows]
            return f"(cv::Mat_<double>({height}, {width}) <<\n    " + ",\n    ".join(lines) + ")"
        case TextStyle.CSV:  # with a point in each number no comma can be taken for a decimal one
            return "\n".join(",".join(repr(value + 0.0) for value in row) for row in array.tolist())
        case TextStyle.IMAGEMAGICK:
            return f"{width}x{height}: " + "  ".join(",".join(row) for row in rows)
        case TextStyle.IMAGEJ:
            return "\n".join(" ".join(row) for row in rows)


def read(text: str) -> Plane:
    """A kernel (height, width) from text: rows with tabs, commas or spaces, NumPy, MATLAB, C, OpenCV, LaTeX …

    Numbers may be expressions such as 1/9, and the whole may be multiplied or divided (`1/9 * [[1, 1], [1, 1]]`).
    A comma is a decimal comma where tabs, or semicolons in several lines, separate the numbers.

    Raises
    ------
    ConvStudioError
        If it is not a table of numbers or is larger than 31×31; the sentence names the row and column. Also if the
        text can be read in two ways; the sentence names both, and `readings` returns them.

    Examples
    --------
    >>> read("1/2 * [1 0 −1; 2 0 −2]").tolist()
    [[0.5, 0.0, -0.5], [1.0, 0.0, -1.0]]
    """
    planes = readings(text)
    if len(planes) > 1:
        ways = " or as ".join(map(described, planes))
        raise ConvStudioError(f"The text can be read as {ways}; write the one that is meant.")
    return planes[0]


def readings(text: str) -> tuple[Plane, ...]:
    """Every kernel (height, width) that a text may mean: one, or several of which the person has to choose one.

    Several readings come from a comma, which may be a decimal comma or separate two numbers; from a single line with
    semicolons, which separate the cells of a spreadsheet's row but the rows of MATLAB; from a factor beside the first
    or last number of rows without brackets; and from empty lines between tables. Decimals, rows and factors come first.

    Raises
    ------
    ConvStudioError
        If it is not a table of numbers or is larger than 31×31; the sentence names the row and column.

    Examples
    --------
    >>> [plane.tolist() for plane in readings("0,25; 1,5")]
    [[[0.25, 1.5]], [[0.0, 25.0], [1.0, 5.0]]]
    """
    if len(text) > MOST_TEXT:
        raise ConvStudioError(
            f"The text has {len(text):,} characters, more than a kernel of {MOST_CELLS}×{MOST_CELLS} numbers needs; "
            "copy only the kernel."
        )
    if not text.strip():
        raise ConvStudioError("There is no text to read; copy a table of numbers first.")
    return _planes(without_latex(plain(text)))


def described(plane: Plane) -> str:
    """A kernel in so few words that a person tells two readings apart: its numbers in brackets, and its size.

    Examples
    --------
    >>> described(np.array([[0.25], [0.5]]))
    '[0.25; 0.5] (2×1)'
    """
    numbers = write(plane, TextStyle.MATLAB)
    if len(numbers) > MOST_DESCRIBED:
        numbers = f"{numbers[:MOST_DESCRIBED].rpartition(' ')[0]} …]"
    height, width = plane.shape
    return f"{numbers} ({height}×{width})"


def _planes(text: str) -> tuple[Plane, ...]:
    """Every kernel that a text without comments and LaTeX may mean; transposition, reshaping and products included."""
    text = _CONVERTED.sub("", text).strip("; \n")
    turned = _TURNED.fullmatch(text) or _TURN.fullmatch(text)
    if turned:
        return tuple(np.ascontiguousarray(plane.T) for plane in _planes(turned[1]))
    reshaped = _RESHAPED.fullmatch(text)
    if reshaped:
        return tuple(_reshape(plane, reshaped[2]) for plane in _planes(reshaped[1]))
    return _read_tables(_with_products(text))


def _read_tables(text: str) -> tuple[Plane, ...]:
    planes: dict[tuple[tuple[float, ...], ...], Plane] = {}
    refusal = None
    for rows, factor in readings_of(text):
        try:
            plane = _table(rows, factor)
        except ConvStudioError as error:
            refusal = error
        else:
            planes.setdefault(tuple(map(tuple, plane.tolist())), plane)
    if not planes:
        assert refusal is not None
        raise refusal
    return tuple(planes.values())


def _with_products(text: str) -> str:
    """The text with NumPy's `outer` of two rows worked out."""
    call = _OUTER.search(text)
    if call is None:
        return text
    depth, commas = 1, []
    for end in range(call.end(), len(text)):
        depth += (text[end] in "([{") - (text[end] in ")]}")
        if depth == 0:
            break
        if depth == 1 and text[end] == ",":
            commas.append(end)
    if depth or len(commas) != 1:
        raise ConvStudioError("“outer” needs two rows of numbers in brackets; copy the whole line.")
    column, row = read(text[call.end() : commas[0]]), read(text[commas[0] + 1 : end])
    check_size(column.size, row.size)
    with np.errstate(over="ignore"):
        product = np.outer(column, row)
    if not np.isfinite(product).all():
        raise ConvStudioError("Multiplied with each other the numbers grow too large; use smaller ones.")
    return text[: call.start()] + write(product, TextStyle.MATLAB) + text[end + 1 :]


def _reshape(plane: Plane, shape: str) -> Plane:
    sizes = [int(size) for size in shape.split(",") if size.strip().lstrip("-").isdigit()]
    while len(sizes) > 2 and sizes[0] == 1:
        sizes = sizes[1:]
    try:
        return plane.reshape(sizes if len(sizes) > 1 else [1, *sizes])
    except ValueError:
        raise ConvStudioError(
            f"{plane.size} numbers cannot be put into {' × '.join(map(str, sizes))}; make the two agree."
        ) from None


def _exact(value: float) -> str:
    text = repr(float(value) + 0.0)
    return text.removesuffix(".0")


def _table(rows: Rows, factor: float) -> Plane:
    if not rows or not rows[0]:
        raise ConvStudioError("There are no numbers in the text; copy a table of numbers first.")
    check_size(len(rows), max(map(len, rows)))
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            raise ConvStudioError(
                f"Row {index + 1} has {counted(len(row), 'number')} but row 1 has {len(rows[0])}; "
                "give every row the same count."
            )
    values = [[_cell(cell, row, column) for column, cell in enumerate(cells)] for row, cells in enumerate(rows)]
    with np.errstate(over="ignore"):
        table = np.array(values) * factor + 0.0
    if not np.isfinite(table).all():
        raise ConvStudioError(f"Multiplied by {number(factor)} the numbers grow too large; use a smaller factor.")
    return table


def _cell(cell: str, row: int, column: int) -> float:
    if not cell.strip():
        raise ConvStudioError(f"Row {row + 1}, column {column + 1} is empty; write 0 there.")
    try:
        return value_of(cell)
    except ConvStudioError as error:
        raise ConvStudioError(f"Row {row + 1}, column {column + 1}: {error}") from None
