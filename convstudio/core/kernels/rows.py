"""The cells of a kernel's rows, cut out of any notation: brackets of NumPy, MATLAB and C, OpenCV's lists, loose rows.

`expression` works out what one cell is worth, `text` what kernel the cells are.
"""

import re

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.expression import SIGNS, value_of
from convstudio.core.kernels.notations import magick_rows, quoted_rows
from convstudio.core.kernels.size import check_size

Rows = list[list[str]]
Readings = list[tuple[Rows, float]]  # each with the factor of all its cells

DECIMAL_COMMA = re.compile(r"\s*[-+]?\d*,\d+(?:[eE][-+]?\d+)?\s*%?\s*", re.ASCII)
_MODULE = r"(?:\b[A-Za-z_]\w*\.)?\b"
_NAME = re.compile(r"[A-Za-z_][\w:<>\s]*(?:\[\s*\d*\s*\]\s*)*")
_CALL = re.compile(_MODULE + r"(?:array|asarray|matrix|tensor|Tensor|Matrix|constant)\s*\(")
_TYPE = re.compile(
    r",\s*(?:(?:dtype|copy|device)\s*=\s*(?:[\w.]+|['\"][\w<>=]+['\"])|['\"]\w+['\"]|[A-Za-z]\w*\.\w+)\s*(?=[,)])"
)
_ONES = re.compile(
    _MODULE + r"ones\s*\(\s*[(\[]?\s*(\d+)\s*(?:,\s*(\d+)\s*)?,?\s*[)\]]?\s*(?:,\s*[\w.=]+\s*)?\)", re.ASCII
)
_MAT = re.compile(r"Mat_\s*<\s*\w+\s*>\s*\(\s*(\d+)\s*,\s*(\d+)\s*\)\s*<<(.*)", re.ASCII | re.DOTALL)
_NUMBER = r"[-+]?[\d.()][\d.eE+()/-]*"
_FACTOR_LINE = re.compile(rf"({_NUMBER})\s*\*|({_NUMBER}/{_NUMBER})|([*/]\s*{_NUMBER})", re.ASCII)
_FACTOR_BEFORE = re.compile(rf"({_NUMBER})\s*\*\s+(?=\S)", re.ASCII)
_FACTOR_AFTER = re.compile(rf"\s([*/]\s*{_NUMBER})$", re.ASCII)


def readings_of(text: str) -> Readings:
    """The cells of each row and the factor of all cells, in every way that the text may be read.

    Where a comma may be a decimal comma, the first way takes it for one and the last takes it for a separator.

    Raises
    ------
    ConvStudioError
        If brackets do not match or something else than a table is there.

    Examples
    --------
    >>> readings_of("2 * [[1, 0], [1/3, 0]]")
    [([['1', ' 0'], ['1/3', ' 0']], 2.0)]
    >>> readings_of("0,25")
    [([['0.25']], 1.0), ([['0', '25']], 1.0)]
    """
    text = text.translate(SIGNS).strip("\n ")
    listed = _MAT.search(text)
    if listed:
        return [(_listed_rows(listed), 1.0)]
    quoted = quoted_rows(text)
    if quoted is not None:
        return [([_with_points(row) for row in quoted], 1.0)]
    sized = magick_rows(text)
    if sized is not None:
        return [(sized, 1.0)]
    text = _ONES.sub(_ones, _TYPE.sub("", _CALL.sub("(", _without_name(text)))).rstrip("; \n")
    while text.startswith("(") and _is_one_bracket(text):
        text = text[1:-1].strip()
    if not re.search(r"[\[{]", text):
        return [
            (rows, factor)
            for part in _blocks(text)
            for body, factor in _factored(part)
            for rows in _loose_readings(body)
        ]
    if re.fullmatch(r"(?:[\[{][^\[\]{}]*[\]}][\s,;]*){2,}", text):  # rows without the brackets around them
        text = f"[{text.rstrip(', ')}]"
    body, factor = _unwrapped(text.replace("{", "[").replace("}", "]"))
    return [(rows, factor) for rows in _bracketed_readings(body)]


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


def _blocks(text: str) -> list[str]:
    """The text, and, where empty lines divide it into tables of one height, each of them: one kernel or several."""
    blocks = [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]
    heights = {block.count("\n") for block in blocks}
    return [text, *blocks] if len(blocks) > 1 and len(heights) == 1 and heights != {0} else [text]


def _factored(text: str) -> list[tuple[str, float]]:
    """Rows without brackets and their factor, which stands in a line of its own, or before or after the rows.

    In the first or last row it may be meant for one number alone: then both ways, the factor's first.
    """
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return [(text, 1.0)]
    rest, last = lines[1:], lines[-1]
    alone = _FACTOR_LINE.fullmatch(lines[0])
    if rest and alone and (not alone[2] or any(len(_words(row)) > 1 for row in rest)) and not alone[3]:
        return [("\n".join(rest), value_of(alone[1] or alone[2]))]
    closing = _FACTOR_LINE.fullmatch(last)
    if rest and closing and closing[3]:
        return [("\n".join(lines[:-1]), value_of(f"1{closing[3]}"))]
    before, after = _FACTOR_BEFORE.match(lines[0]), _FACTOR_AFTER.search(last)
    ways = []
    if before and (rest or len(_words(lines[0])) > 1):
        ways = [("\n".join([lines[0][before.end() :], *rest]), value_of(before[1]))]
    elif after and (rest or len(_words(last)) > 1):
        ways = [("\n".join([*lines[:-1], last[: after.start()]]), value_of(f"1{after[1]}"))]
    elif _begins_with_factor(lines):
        first, _, others = lines[0].partition(" ")
        return [("\n".join([others, *rest]), value_of(first))]
    return [*ways, (text, 1.0)]


def _begins_with_factor(lines: list[str]) -> bool:
    """Whether the first row begins with a fraction and has just this one number more than all others."""
    first, *others = map(_words, lines)
    return bool(others) and "/" in first[0] and {len(row) for row in others} == {len(first) - 1}


def _loose_readings(text: str) -> list[Rows]:
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
    """What spaces separate; those around * and / and before % do not."""
    return re.sub(r"\s+%", "%", re.sub(r"\s*([*/])\s*", r"\1", row)).split()


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


def _bracketed_readings(body: str) -> list[Rows]:
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
