"""Kernels and numbers as text: what people paste, what is written back, and what is refused with a sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.text import (
    Plane,
    TextStyle,
    described,
    read,
    read_number,
    readings,
    write,
)

EDGE = [[1, 0, -1], [2, 0, -2]]
finite = st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    "text",
    [
        "1\t0\t-1\n2\t0\t-2",
        "1\t0\t−1\r\n2\t0\t−2\r\n",
        "1,0\t0,0\t-1,0\n2,0\t0,0\t-2,0",
        "1 0 -1\n2 0 -2",
        "  1   0  -1 \n\n  2   0  -2\n",
        "1, 0, -1\n2, 0, -2",
        "1, 0, -1,\n2, 0, -2,",
        "1;0;-1\n2;0;-2",
        "1,0;0,0;-1,0\n2,0;0,0;-2,0",
        "1 0 -1; 2 0 -2",
        "[1 0 -1; 2 0 -2]",
        "K = [1 0 -1\n     2 0 -2];",
        "[1, 0, -1; 2, 0, -2]",
        "[[1, 0, -1], [2, 0, -2]]",
        "[[1, 0, -1],\n [2, 0, -2],]",
        "[[1 0 -1]\n [2 0 -2]]",
        "array([[ 1.,  0., -1.],\n       [ 2.,  0., -2.]])",
        "kernel = np.array([[1, 0, -1], [2, 0, -2]], dtype=np.float32)",
        "k = torch.tensor([[[[1., 0., -1.], [2., 0., -2.]]]])",
        "float kernel[2][3] = {\n  {1.0f, 0, -1},\n  {2, 0, -2}\n};",
        "static const double k[2][3] = {{1, 0, -1}, {2, 0, -2}};",
        "cv::Mat k = (cv::Mat_<float>(2, 3) << 1, 0, -1,\n 2, 0, -2);",
        "Mat_<double>(2,3) << 1, 0, (1 - 2), 2, 0, -2",
        "1/2 * [[2, 0, -2], [4, 0, -4]]",
        "(1/2)*np.array([[2, 0, -2], [4, 0, -4]])",
        "np.array([[2, 0, -2], [4, 0, -4]]) / 2",
        "(np.array([[2, 0, -2], [4, 0, -4]]) / 2)",
        "[2 0 -2; 4 0 -4] ./ 2",
        "0.5 .* [2 0 -2; 4 0 -4]",
        "-[[-1, 0, 1], [-2, 0, 2]]",
        "2/2 0 3/-3\n4 / 2 0 -4/2",
        "1e0 0.0 -.1e1\n2. 0 −2",
        "# Sobel: an edge\n1 0 -1\n2 0 -2",
        "1 0 -1 # above\n2 0 -2 // below",
        "% edges\n[1 0 -1 % above\n 2 0 -2]",
        "/* edges */ {1, 0, -1},\n{2, 0, -2}",
        '"1","0","-1"\n"2","0","-2"',
        '"1,0";"0,0";"-1,0"\n"2,0";"0,0";"-2,0"',
        '1,"0","-1"\n2,0,-2',
        "3x2: 1,0,-1 2,0,-2",
        "'3x2+1+0: 1,0,-1  2,0,-2'",
        r"\begin{bmatrix} 1 & 0 & -1 \\ 2 & 0 & -2 \end{bmatrix}",
        r"$$K = \frac{1}{2}\begin{pmatrix}2&0&-2\\4&0&-4\\\end{pmatrix}.$$",
        r"K=\left[\begin{array}{ccc}1&0&-1\\2&0&-2\end{array}\right]",
        r"\[\tfrac12 \cdot \begin{bmatrix}2&0&-2\\4&0&-4\end{bmatrix}\]",
        r"\begin{bmatrix}1&2\\0&0\\-1&-2\end{bmatrix}^T",
        r"\begin{bmatrix}1{,}0 & 0 & -1\\ \frac{4}{2}&0&-2\end{bmatrix}",
        "np.array([[1, 0, -1], [2, 0, -2]], np.float32)",
        "np.array([[1, 0, -1], [2, 0, -2]], 'float32').astype(np.float64)",
        "np.outer([1, 2], [1, 0, -1])",
        "k = np.outer(np.array([2, 4]), np.array([1, 0, -1])) / 2",
        "np.array([[1, 2], [0, 0], [-1, -2]]).T",
        "[1 2; 0 0; -1 -2]'",
        "np.transpose([[1, 2], [0, 0], [-1, -2]])",
        "np.array([1, 0, -1, 2, 0, -2]).reshape(2, 3)",
        "torch.tensor([1., 0, -1, 2, 0, -2]).view(1, 1, 2, 3)",
        "K =\n\n   1.0e+03 *\n\n    0.001 0 -0.001\n    0.002 0 -0.002",
        "1/2\n2 0 -2\n4 0 -4",
        "1/2 2 0 -2\n4 0 -4",
        "2 0 -2\n4 0 -4\n/2",
        "½ * [2 0 -2; 4 0 -4]",
        "100% 0% -100%\n200 % 0 % -200 %",
        "| 1 | 0 | -1 |\n|---|---|---|\n| 2 | 0 | -2 |",
        "⎡1 0 -1⎤\n⎣2 0 -2⎦",
        "[1, 0, -1; ...\n 2, 0, -2]",
        "\ufeff1;0;-1\n2;0;-2\n",
    ],
)
def test_one_kernel_in_many_notations(text: str) -> None:
    np.testing.assert_array_equal(read(text), EDGE)


def test_decimal_commas_of_a_spreadsheet() -> None:
    np.testing.assert_array_equal(read("0,5\t−1,25\n1\t,5"), [[0.5, -1.25], [1, 0.5]])


@pytest.mark.parametrize(
    "text", ["0,5,1", "[0,5; 1,2]", "[[0,5],[1,2]]", "{{0,5},{1,2}}", "1, 0, -1", "1, 2,", "1/9,2/9"]
)
def test_a_comma_that_cannot_be_in_a_decimal_separates(text: str) -> None:
    assert len(readings(text)) == 1
    assert read(text).shape[1] == text.partition("]")[0].partition("}")[0].partition(";")[0].rstrip(",").count(",") + 1


@pytest.mark.parametrize(
    ("text", "decimal", "separate"),
    [
        ("0,25\r\n0,5\r\n0,25\r\n", [[0.25], [0.5], [0.25]], [[0, 25], [0, 5], [0, 25]]),
        ("0,25", [[0.25]], [[0, 25]]),
        ("−0,25\n−0,5", [[-0.25], [-0.5]], [[0, 25], [0, 5]]),
        ("0,25;0,5;0,25", [[0.25, 0.5, 0.25]], [[0, 25], [0, 5], [0, 25]]),
        ("-0,25; 0,5", [[-0.25, 0.5]], [[0, 25], [0, 5]]),
        ("0,25;0,5;\n", [[0.25, 0.5]], [[0, 25], [0, 5]]),
        ("0,5 1,5", [[0.5, 1.5]], [[0, 5, 1, 5]]),
        ("0,5, 1,5", [[0.5, 1.5]], [[0, 5, 1, 5]]),
        ("0,5 1,5\n2,5 3,5", [[0.5, 1.5], [2.5, 3.5]], [[0, 5, 1, 5], [2, 5, 3, 5]]),
        ("0,5 1,5; 2,5 3,5", [[0.5, 1.5], [2.5, 3.5]], [[0, 5, 1, 5], [2, 5, 3, 5]]),
        ("[0,5 1,5]", [[0.5, 1.5]], [[0, 5, 1, 5]]),
        ("1;2;3", [[1, 2, 3]], [[1], [2], [3]]),
        ("1/2 * 2 4\n6 8", [[1, 2], [3, 4]], [[1, 4], [6, 8]]),
        ("2 4\n6 8 / 2", [[1, 2], [3, 4]], [[2, 4], [6, 4]]),
        ("1 2 1 /4", [[0.25, 0.5, 0.25]], [[1, 2, 0.25]]),
        ("25,5% 50%", [[0.255, 0.5]], [[25, 0.05, 0.5]]),
    ],
)
def test_a_text_with_two_readings_is_not_decided(
    text: str, decimal: list[list[float]], separate: list[list[float]]
) -> None:
    first, second = readings(text)

    np.testing.assert_array_equal(first, decimal)
    np.testing.assert_array_equal(second, separate)
    with pytest.raises(ConvStudioError, match="can be read as") as refusal:
        read(text)
    assert described(first) in str(refusal.value)
    assert described(second) in str(refusal.value)
    for plane in (first, second):  # what the sentence proposes to write has one reading
        np.testing.assert_array_equal(read(write(plane, TextStyle.MATLAB)), plane)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0,25\n0,5\n1", [[0.25], [0.5], [1]]),  # with separators the rows would have 2, 2 and 1 numbers
        ("1;0,5", [[1, 0.5]]),
        ("0,5 1,5\n0,25 1", [[0.5, 1.5], [0.25, 1]]),
        ("0,25\t0,5", [[0.25, 0.5]]),
        ("0,25;0,5\n1,5;2", [[0.25, 0.5], [1.5, 2]]),
    ],
)
def test_decimal_commas_that_leave_one_reading_are_read(text: str, expected: list[list[float]]) -> None:
    np.testing.assert_array_equal(read(text), expected)


def test_tables_between_empty_lines_are_one_kernel_or_several() -> None:
    whole, first, second = readings("1 2\n3 4\n\n5 6\n7 8")

    np.testing.assert_array_equal(whole, [[1, 2], [3, 4], [5, 6], [7, 8]])
    np.testing.assert_array_equal(first, [[1, 2], [3, 4]])
    np.testing.assert_array_equal(second, [[5, 6], [7, 8]])


def test_a_column_of_fractions_has_no_factor() -> None:
    np.testing.assert_array_equal(read("1/9\n1/9\n1/9"), [[1 / 9]] * 3)


def test_fractions_of_one_character() -> None:
    np.testing.assert_array_equal(read("½ −¼ 1½"), [[0.5, -0.25, 1.5]])


def test_a_long_kernel_is_described_by_its_first_numbers_and_its_size() -> None:
    assert described(np.arange(400.0).reshape(20, 20)) == "[0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 …] (20×20)"


def test_fractions_are_exact_to_the_last_bit() -> None:
    np.testing.assert_array_equal(read("1/9 1/16\n2*(1+1/3) 1-1/9"), [[1 / 9, 1 / 16], [2 * (1 + 1 / 3), 1 - 1 / 9]])


def test_the_tutorials_table_of_ones() -> None:
    np.testing.assert_array_equal(read("kernel = np.ones((5,5),np.float32)/25"), np.ones((5, 5)) / 25)
    np.testing.assert_array_equal(read("1/6 * ones(2, 3);"), np.ones((2, 3)) * (1 / 6))


def test_one_number_and_one_column_are_kernels() -> None:
    np.testing.assert_array_equal(read("7"), [[7]])
    np.testing.assert_array_equal(read("[1; 2; 3]"), [[1], [2], [3]])
    np.testing.assert_array_equal(read("[1, 2, 3]"), [[1, 2, 3]])


def test_the_largest_kernel_is_read() -> None:
    assert read("\n".join(["\t".join(["1"] * 31)] * 31)).shape == (31, 31)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "There is no text to read"),
        (" \n\t ", "There is no text to read"),
        ("[]", "There are no numbers"),
        (";", "There are no numbers"),
        ("1 2 3\n4 5", "Row 2 has 2 numbers but row 1 has 3"),
        ("[[1, 2], [3]]", "Row 2 has 1 number but row 1 has 2"),
        ("1 2\n3 x", "Row 2, column 2: “x” is not a number"),
        ("[[1, 2], [3, None]]", "Row 2, column 2: “None” is not a number"),
        ("1\t\t3", "Row 1, column 2 is empty; write 0 there"),
        ("1,,3", "Row 1, column 2 is empty"),
        ("1/0 2", "Row 1, column 1: “1/0” divides by zero"),
        ("1 1e999", "Row 1, column 2: “1e999” is too large"),
        ("1e300 * [1e300 1]", "grow too large"),
        ("0,5 1,5", "can be read as [0.5 1.5] (1×2) or as [0 5 1 5] (1×4); write the one that is meant"),
        ("1 " * 32, "1 to 31 columns, not 32"),
        ("1\n" * 32, "1 to 31 rows, not 32"),
        ("np.ones((99, 2))", "1 to 31 rows, not 99"),
        ("[1 2 3", "The brackets do not match: 1 open and 0 close"),
        ("]1 2[", "The brackets do not match"),
        ("[[[1, 2]], [[3, 4]]]", "The text holds 2 kernels"),
        ("[[1, 2], [3, 4]].inverse()", "“.inverse()”"),
        ("3x3: 1 2", "says it is 3 wide and 3 high but lists 2 numbers"),
        ("2x1: nan 1", "leaves a place out"),
        ("np.outer([1, 2])", "needs two rows of numbers"),
        ("np.outer([1e300], [1e300])", "grow too large"),
        ("np.array([1, 2, 3]).reshape(2, 2)", "3 numbers cannot be put into 2 × 2"),
        ("[[1, 2], [3, 4]] @ x", "“@ x” is not understood"),
        ("scharr([1 2])", "is not understood"),
        ("[1 2] / 0", "divides by zero"),
        ("Mat_<float>(2, 2) << 1, 2, 3", "says it has 2×2 numbers but lists 3"),
        ("Mat_<float>(0, 2) << 1", "1 to 31 rows, not 0"),
        ("1" * 100_001, "has 100,001 characters"),
        ("(" * 200 + "1", "characters, but a number may have 80"),
        ("__import__('os').system('ls')", "is not"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConvStudioError) as refusal:
        read(text)

    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith(".")


@given(st.text(alphabet="0123456789.,;:-+*/()[]{}=eE \t\n−abf<npx\"'#%|&\\\\½T", max_size=60))
def test_no_text_does_more_than_be_read_or_refused(text: str) -> None:
    try:
        kernel = read(text)
    except ConvStudioError:
        return

    assert kernel.ndim == 2
    assert max(kernel.shape) <= 31
    assert np.isfinite(kernel).all()


@given(
    arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=8), elements=finite), st.sampled_from(TextStyle)
)
def test_what_is_written_is_read_back_exactly(plane: Plane, style: TextStyle) -> None:
    np.testing.assert_array_equal(read(write(plane, style)), plane)


def test_the_styles_look_as_their_programs_write_them() -> None:
    plane = np.array([[1, 0, -1], [0.5, 0, 1 / 9]])

    assert write(plane, TextStyle.NUMPY) == "np.array([[1, 0, -1],\n          [0.5, 0, 0.1111111111111111]])"
    assert write(plane, TextStyle.MATLAB) == "[1 0 -1; 0.5 0 0.1111111111111111]"
    assert write(plane, TextStyle.SPREADSHEET) == "1\t0\t-1\n0.5\t0\t0.1111111111111111"
    assert write(plane, TextStyle.PLAIN) == "  1  0                  -1\n0.5  0  0.1111111111111111"
    assert write(plane, TextStyle.C) == "double kernel[2][3] = {\n    {1, 0, -1},\n    {0.5, 0, 0.1111111111111111}\n};"
    assert write(plane, TextStyle.OPENCV) == (
        "(cv::Mat_<double>(2, 3) <<\n    1, 0, -1,\n    0.5, 0, 0.1111111111111111)"
    )


def test_minus_zero_is_written_as_zero() -> None:
    assert write(np.array([[-0.0]]), TextStyle.PLAIN) == "0"


@pytest.mark.parametrize(
    ("text", "value"),
    [("−0,25", -0.25), ("1/9", 1 / 9), (" 3 ", 3), (",5", 0.5), ("+2", 2), ("2·3", 6), ("1e-3", 0.001), ("--1", 1)],
)
def test_numbers_as_typed_into_a_cell(text: str, value: float) -> None:
    assert read_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "-", "1,2,3", "1 2", "0x10", "nan", "inf", "1.2.3", "2(3)", "(1", "1)", "1e", "²"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ConvStudioError, match="is not a number"):
        read_number(text)
