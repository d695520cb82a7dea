"""Kernels and numbers as text: read from a spreadsheet, NumPy, MATLAB, C, OpenCV or plain rows, and written back.

`expression` works out what one cell is worth; files live in `io`.
"""

import re
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.expression import SIGNS, value_of
from convstudio.core.kernels.size import MOST_CELLS, check_size
from convstudio.core.wording import counted, number

Plane = NDArray[np.float64]
MOST_TEXT = 100_000  # characters; a full kernel with every digit needs a quarter of it
MOST_DESCRIBED = 48  # characters of a kernel's numbers in a sentence
Rows = list[list[str]]
Readings = list[Rows]

DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s*", re.ASCII)
_MODULE = r"(?:\b[A-Za-z_]\w*\.)?\b"
_NAME = re.compile(r"[A-Za-z_][\w:<>\s]*(?:\[\s*\d*\s*\]\s*)*")
_CALL = re.compile(_MODULE + r"(?:array|asarray|matrix|tensor|Tensor)\s*\(")
_TYPE = re.compile(r",\s*dtype\s*=\s*[\w.'\"]+\s*")
_ONES = re.compile(
    _MODULE + r"ones\s*\(\s*[(\[]?\s*(\d+)\s*(?:,\s*(\d+)\s*)?,?\s*[)\]]?\s*(?:,\s*[\w.=]+\s*)?\)", re.ASCII
)
_MAT = re.compile(r"Mat_\s*<\s*\w+\s*>\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*<<(.*)", re.ASCII | re.DOTALL)


class TextStyle(StrEnum):
    """The ways to write a kernel."""

    NUMPY = "NumPy"
    MATLAB = "MATLAB"
    SPREADSHEET = "spreadsheet"
    PLAIN = "plain text"
    C = "C"
    OPENCV = "OpenCV"


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


def write(array: NDArray[np.float64], style: TextStyle) -> str:
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


def read(text: str) -> Plane:
    """A kernel (height, width) from text: rows with tabs, commas or spaces, NumPy, MATLAB, C or OpenCV.

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
        first, second = map(described, planes)
        raise ConvStudioError(f"The text can be read as {first} or as {second}; write the one that is meant.")
    return planes[0]


def readings(text: str) -> tuple[Plane, ...]:
    """Every kernel (height, width) that a text may mean: one, or two of which the person has to choose one.

    Two readings come from a comma, which may be a decimal comma or separate two numbers, and from a single line with
    semicolons, which separate the cells of a spreadsheet's row but the rows of MATLAB. Decimals and rows come first.

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
    tables, factor = readings_of(text)
    planes: dict[tuple[tuple[float, ...], ...], Plane] = {}
    refusal = None
    for rows in tables:
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


# rows of cells, in any notation


def readings_of(text: str) -> tuple[Readings, float]:
    """The cells of each row, in every way that the text may be cut into them, and the factor of all cells.

    Where a comma may be a decimal comma, the first way takes it for one and the last takes it for a separator.

    Raises
    ------
    ConvStudioError
        If brackets do not match or something else than a table is there.

    Examples
    --------
    >>> readings_of("2 * [[1, 0], [1/3, 0]]")
    ([[['1', ' 0'], ['1/3', ' 0']]], 2.0)
    >>> readings_of("0,25")
    ([[['0.25']], [['0', '25']]], 1.0)
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").translate(SIGNS).strip("\n ")
    listed = _MAT.search(text)
    if listed:
        return [_listed_rows(listed)], 1.0
    text = _ONES.sub(_ones, _TYPE.sub("", _CALL.sub("(", _without_name(text)))).rstrip("; \n")
    while text.startswith("(") and _is_one_bracket(text):
        text = text[1:-1].strip()
    if not re.search(r"[\[{]", text):
        return _loose_readings(text), 1.0
    body, factor = _unwrapped(text.replace("{", "[").replace("}", "]"))
    return _bracketed_readings(body), factor


def _without_name(text: str) -> str:
    """The text without an assignment's left side."""
    name, equals, rest = text.partition("=")
    return rest.strip() if equals and _NAME.fullmatch(name.strip()) else text


def _ones(match: re.Match[str]) -> str:
    """NumPy's and MATLAB's table of ones, written out."""
    height, width = (int(digits[:4]) for digits in (match[1], match[2] or match[1]))
    check_size(height, width)
    return "[" + ";".join([",".join(["1"] * width)] * height) + "]"


def _listed_rows(match: re.Match[str]) -> Rows:
    """The rows of an OpenCV matrix, which names its size and lists its numbers without rows."""
    height, width = (int(digits[:4]) for digits in match.group(1, 2))
    listed = match[3].strip("; \n")
    if listed.count(")") > listed.count("("):  # the one that closes the whole
        listed = listed.removesuffix(")")
    cells = listed.replace("\n", " ").split(",")
    check_size(height, width)
    if len(cells) != height * width:
        raise ConvStudioError(
            f"The matrix says it has {height}×{width} numbers but lists {len(cells)}; make the two agree."
        )
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def _loose_readings(text: str) -> Readings:
    """Rows without brackets."""
    lines = [line for line in text.split("\n") if line.strip()]
    if any("\t" in line for line in lines):
        return [[_with_points(line.split("\t")) for line in lines]]
    if len(lines) > 1 and any(";" in line.rstrip("; ") for line in lines):  # files separated by semicolons
        return [[_with_points(line.split(";")) for line in lines]]
    rows = _split_rows(text)
    decimals = [_decimal_cells(row) for row in rows]
    if len(lines) == 1 and all(len(cells) == 1 for cells in decimals):  # a row of a file separated by semicolons
        decimals = [[cell for cells in decimals for cell in cells]]
    return [decimals, [_separated_cells(row) for row in rows]]


def _with_points(cells: list[str]) -> list[str]:
    return [cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell for cell in cells]


def _split_rows(text: str) -> list[str]:
    rows = [row.strip().rstrip(",").rstrip() for row in re.split(r"[;\n]", text)]
    return [row for row in rows if row]


def _words(row: str) -> list[str]:
    """What spaces separate; those around * and / do not."""
    return re.sub(r"\s*([*/])\s*", r"\1", row).split()


def _decimal_cells(row: str) -> list[str]:
    """One row in which a comma between digits is a decimal comma, and one before a space separates."""
    return _with_points([word.removesuffix(",") for word in _words(row)])


def _separated_cells(row: str) -> list[str]:
    """One row in which every comma separates, and every space where no comma does."""
    words = _words(row)
    if "," not in row or _are_decimal(words):
        return [cell for word in words for cell in word.split(",")]
    return " ".join(words).split(",")


def _are_decimal(words: list[str]) -> bool:
    """Whether all of several words look like numbers, some of them with a decimal comma."""
    whole = all(DECIMAL_COMMA.fullmatch(word) or "," not in word for word in words)
    return whole and len(words) > 1 and any("," in word for word in words)


def _unwrapped(text: str) -> tuple[str, float]:
    """What the outermost brackets hold, and the factor before and after them."""
    start, end = text.find("["), text.rfind("]")
    if end < start or text.count("[") != text.count("]"):
        raise ConvStudioError(
            f"The brackets do not match: {text.count('[')} open and {text.count(']')} close; copy the whole kernel."
        )
    before, after = text[:start].strip(), text[end + 1 :].strip()
    while before.endswith("(") and after.startswith(")"):
        before, after = before[:-1].rstrip(), after[1:].lstrip()
    after = re.sub(r"^\.(?=[*/])", "", after)  # MATLAB's .* and ./
    factor = 1.0
    if before in ("-", "+"):
        factor = float(f"{before}1")
    elif before.endswith("*"):
        factor = value_of(before[:-1].rstrip(". "))
    elif before:
        raise _unknown(before)
    if after.startswith(("*", "/")):
        factor = value_of(f"({factor!r}){after}")
    elif after:
        raise _unknown(after)
    return text[start + 1 : end], factor


def _unknown(words: str) -> ConvStudioError:
    return ConvStudioError(f"“{words[:40]}” is not understood; give only the numbers, or a number times them.")


def _bracketed_readings(body: str) -> Readings:
    """Rows in brackets: a program's notation, so a comma separates, unless spaces do so already."""
    rows = _bracketed_rows(body)
    separated = [_separated_cells(row) for row in rows]
    return (
        [[_decimal_cells(row) for row in rows], separated]
        if any(_are_decimal(_words(row)) for row in rows)
        else [separated]
    )


def _bracketed_rows(body: str) -> list[str]:
    inner = body.strip()
    while inner.startswith("[[") and _is_one_bracket(inner):
        inner = inner[1:-1].strip()
    if "[" not in inner:
        return _split_rows(inner)
    kernels = len(re.findall(r"\[\s*\[", inner))
    if kernels > 1:
        raise ConvStudioError(f"The text holds {kernels} kernels; paste one of them at a time.")
    between = re.sub(r"\[[^\[\]]*\]", "", inner).strip(", ;\n\t")
    if between:
        raise _unknown(between)
    return [part.replace("\n", " ").strip().rstrip(",") for part in re.findall(r"\[([^\[\]]*)\]", inner)]


def _is_one_bracket(text: str) -> bool:
    """Whether the first bracket closes only at the end."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character in "[(") - (character in "])")
        if depth <= 0:
            return position == len(text) - 1
    return False
