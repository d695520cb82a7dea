"""The integers of one axis: padding, output size and their refusals. `plan` and `ops` both stand on these."""

from convstudio.core.errors import ConvStudioError
from convstudio.core.geometry.shapes import Pair

AXES = ("height", "width")
MOST_VALUES = 2**30  # float32 values of one layer's output or weights: 4 GiB, the most that is attempted


def ceil_division(number: int, divisor: int) -> int:
    """⌈number / divisor⌉ in integers.

    Examples
    --------
    >>> ceil_division(7, 2), ceil_division(-7, 2)
    (4, -3)
    """
    return -(-number // divisor)


def even_part(length: int, most: int) -> int:
    """The length of as few equal parts as there can be of at most `most`; the last part may be shorter.

    Examples
    --------
    >>> even_part(10, 4), even_part(8, 4)
    (4, 4)
    """
    return ceil_division(length, ceil_division(length, most))


def extent(kernel: int, dilation: int) -> int:
    """How many pixels a dilated kernel spans: d·(k − 1) + 1.

    Examples
    --------
    >>> extent(3, 2)
    5
    """
    return dilation * (kernel - 1) + 1


def check_positive(what: str, values: Pair) -> None:
    """Refuse a stride, dilation or window below 1."""
    if min(values) < 1:
        raise ConvStudioError(f"The {what} is {values}, but it must be at least 1 on each axis; make it 1 or more.")


def output_length(
    length: int,
    *,
    kernel: int,
    stride: int,
    dilation: int,
    before: int,
    after: int,
    ceil_mode: bool = False,
    axis: str = "width",
) -> int:
    """⌊(n + before + after − d·(k − 1) − 1) / s⌋ + 1, or with ⌈ ⌉ where no window may start in the far padding.

    In ceil mode, as in PyTorch, even the only window may reach past the padded input, by less than the stride.

    Raises
    ------
    ConvStudioError
        If the kernel does not fit into the padded input, or the padding is negative.

    Examples
    --------
    >>> output_length(32, kernel=5, stride=1, dilation=1, before=0, after=0)
    28
    """
    if min(before, after) < 0:
        raise ConvStudioError(f"The padding is {before} and {after}, but it cannot be negative; make it 0 or more.")
    room = length + before + after - extent(kernel, dilation)
    if room <= (-stride if ceil_mode else -1):
        spread = f" (spread by dilation {dilation})" if dilation > 1 else ""
        padded = f"{length} + {before} + {after} = {length + before + after}" if before + after else f"{length}"
        raise ConvStudioError(
            f"The kernel spans {extent(kernel, dilation)} pixels{spread} but the input's {axis} is only {padded}; "
            "use a smaller kernel, more padding or a larger picture."
        )
    if not ceil_mode:
        return room // stride + 1
    outputs = ceil_division(room, stride) + 1
    return outputs - 1 if (outputs - 1) * stride >= length + before else outputs


def transposed_length(
    length: int,
    *,
    kernel: int,
    stride: int,
    before: int,
    after: int,
    output_padding: int,
    dilation: int,
    axis: str = "width",
) -> int:
    """(n − 1)·s − p_before − p_after + d·(k − 1) + output padding + 1, PyTorch's rule.

    Raises
    ------
    ConvStudioError
        If nothing is left, or the output padding is not smaller than the stride or the dilation.

    Examples
    --------
    >>> transposed_length(4, kernel=3, stride=2, before=1, after=1, output_padding=1, dilation=1)
    8
    """
    if min(before, after, output_padding) < 0:
        raise ConvStudioError(
            f"The padding {before} and {after} and the output padding {output_padding} cannot be negative; "
            "make them 0 or more."
        )
    if output_padding >= max(stride, dilation):
        raise ConvStudioError(
            f"Output padding {output_padding} must be smaller than the stride ({stride}) or the dilation ({dilation}); "
            "make it smaller."
        )
    result = (length - 1) * stride - before - after + extent(kernel, dilation) + output_padding
    if result < 1:
        raise ConvStudioError(
            f"The output {axis} would be {result}; use less padding than {before} and {after} "
            f"or a larger kernel than {kernel}."
        )
    return result


def check_groups(groups: int, inputs: int, filters: int) -> None:
    """Refuse a number of groups that does not divide the input channels and the filters."""
    if groups < 1 or inputs % groups or filters % groups:
        raise ConvStudioError(
            f"{groups} groups must divide both the {inputs} input channels and the {filters} filters; "
            "choose a common divisor."
        )
