"""Notations of other programs, written anew so that `rows` can cut them into cells: LaTeX, ImageMagick, tables.

Nothing is worked out here, and no size is checked.
"""

import csv
import re
import unicodedata

from convstudio.core.errors import ConvStudioError

_BLOCK_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LINE_COMMENT = re.compile(r"(?:#|(?<![:\w])//|^\s*%|%(?=\s*[^\W\d_])).*$", re.MULTILINE)  # 50 % is a number
_CONTINUED = re.compile(r"\.\.\.\s*$|\\\s*$", re.MULTILINE)
_VULGAR = re.compile(r"(\d*)([¼-¾⅐-⅞↉])")
_BARS = str.maketrans(dict.fromkeys("⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠│┃", " "))
_RULE = re.compile(r"[|+:=\s-]*-[|+:=\s-]*")  # between the head and the body of a table
_QUOTED = re.compile(r'(?:^|[,;\t])\s*"[^"\n]*"', re.MULTILINE)
_MAGICK = re.compile(r"['\"]?\s*(\d+)(?:x(\d+))?(?:[+-]\d+[+-]\d+)?[@<>^]*\s*:(.*)", re.DOTALL | re.ASCII)
_MATRIX = re.compile(
    r"(.*?)\\begin\s*\{(\w*matrix\*?|array)\}(?:\s*\[\w\]|\s*\{[lcr|\s]*\})?(.*?)\\end\s*\{\2\}(.*)", re.DOTALL
)
_FRACTION = re.compile(r"\\(?:[dt]?frac|nicefrac|sfrac)\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))")
_LATEX_SPACE = re.compile(r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|hline|q?quad|[,;:!> ]|\[|\])|[$~]")
_TRANSPOSED = re.compile(r"\^\s*(?:\{\s*)?\\?(?:T|top|intercal|mathsf\{?T\}?|mathrm\{?T\}?)(?:\s*\})?")


def plain(text: str) -> str:
    """The text without comments, drawn brackets and table rules, with ½ as (1/2).

    Examples
    --------
    >>> plain("1 ½ # a row")
    '1 (1/2) '
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\ufeff", "")
    if "\\begin" not in text:
        text = _CONTINUED.sub("", _LINE_COMMENT.sub("", _BLOCK_COMMENT.sub(" ", text)))
    return _without_bars(_VULGAR.sub(_fraction, text.translate(_BARS)))


def quoted_rows(text: str) -> list[list[str]] | None:
    """The cells of a table whose cells stand in quotation marks, or None where they do not.

    Examples
    --------
    >>> quoted_rows('"0,25","0,5"')
    [['0,25', '0,5']]
    """
    if re.search(r"[\[({]", text) or not _QUOTED.search(text):
        return None
    outside = re.sub(r'"[^"\n]*"', "", text)
    separator = next((sign for sign in "\t;" if sign in outside), ",")
    return [row for row in csv.reader(text.split("\n"), delimiter=separator, skipinitialspace=True) if any(row)]


def magick_rows(text: str) -> list[list[str]] | None:
    """The rows of ImageMagick's notation (`3x3: 1,0,-1 2,0,-2 1,0,-1`), or None where it is another.

    Raises
    ------
    ConvStudioError
        If it lists more or fewer numbers than it says, or leaves places out (`nan`, `-`).

    Examples
    --------
    >>> magick_rows("2x1: 1,-1")
    [['1', '-1']]
    """
    match = _MAGICK.fullmatch(text.strip())
    if match is None:
        return None
    width = int(match[1][:4])
    height = int((match[2] or match[1])[:4])
    cells = re.findall(r"[^\s,]+", match[3].strip("'\"; \n"))
    if any(cell.lower() in ("nan", "-") for cell in cells):
        raise ConvStudioError("A “nan” or “-” leaves a place out of ImageMagick's kernel; write 0 there.")
    if len(cells) != width * height or not cells:
        raise ConvStudioError(
            f"The kernel says it is {width} wide and {height} high but lists {len(cells)} numbers; make the two agree."
        )
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def without_latex(text: str) -> str:
    """LaTeX's matrix in the brackets of MATLAB, with its factor and `.T`; any other text as it is.

    Examples
    --------
    >>> without_latex(r"K = \\frac{1}{4}\\begin{bmatrix} 1 & 2 \\\\ 0{,}5 & 1 \\end{bmatrix}")
    '((1)/(4))*[1, 2; 0.5, 1]'
    """
    match = _MATRIX.fullmatch(text)
    if match is None:
        return text
    before, _, body, after = match.groups()
    before = _formula(before.rpartition("=")[2]).strip().rstrip("[(").strip()
    is_transposed = _TRANSPOSED.search(after) is not None
    after = _formula(_TRANSPOSED.sub("", after)).strip().lstrip(")]").strip(" .,;\n")
    rows = [row for row in re.split(r"\\\\(?:\s*\[[^\]]*\])?|\\cr", body) if _formula(row).strip()]
    cells = [[re.sub(r"(\d),(?=\d)", r"\1.", _formula(cell).strip()) for cell in row.split("&")] for row in rows]
    factor = before if before in ("", "-", "+") else f"({before.removesuffix('*')})*"
    return factor + "[" + "; ".join(", ".join(row) for row in cells) + "]" + (".T" if is_transposed else "") + after


def _formula(text: str) -> str:
    """What LaTeX's commands for fractions, products and spaces mean; the braces left over are dropped."""
    while _FRACTION.search(text):
        text = _FRACTION.sub(lambda match: f"({match[1] or match[2]})/({match[3] or match[4]})", text)
    text = re.sub(r"\\(?:cdot|times|ast)\b", "*", _LATEX_SPACE.sub(" ", text))
    return re.sub(r"[{}]", "", text)


def _fraction(match: re.Match[str]) -> str:
    """1½ as a sum in brackets."""
    over, _, under = unicodedata.normalize("NFKC", match[2]).partition("\u2044")
    return f"({match[1]}+{over}/{under})" if match[1] else f"({over}/{under})"


def _without_bars(text: str) -> str:
    """A table drawn with | as one with tabs; where | only stands at both ends, it is a drawn bracket."""
    if "|" not in text:
        return text
    lines = [line.strip().strip("|").strip() for line in text.split("\n") if not _RULE.fullmatch(line)]
    return "\n".join(lines).replace("|", "\t")
