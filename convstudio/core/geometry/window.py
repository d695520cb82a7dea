"""The sliding window: how the windows of a convolution, a transposed one or a pool lie on their planes, in integers.

One rule of sizes for plans, operations, regions and counts. `ops.arguments` makes one of what a caller writes,
`recipe.plan` of a layer.
"""

from dataclasses import dataclass
from fractions import Fraction

from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import NOTHING, Amounts, check_border, check_pool_padding
from convstudio.core.geometry.regions import Region, whole
from convstudio.core.geometry.resampling import ResizedAxis
from convstudio.core.geometry.shapes import ONE, Pair, Shape
from convstudio.core.geometry.sizes import (
    AXES,
    ceil_division,
    check_groups,
    check_positive,
    extent,
    output_length,
    transposed_length,
)


@dataclass(frozen=True)
class SlidingWindow:
    """How a window moves over planes: everything an operation needs to know but the numbers.

    Parameters
    ----------
    source, output
        Shapes of the planes that come in and go out.
    kernel
        Rows and columns of numbers under one window; the whole plane where every output sees all of it.
    pads
        Padding in pixels for each side; of a transposed convolution what is cut off the output.
    is_transposed
        Whether the windows lie on the output, one for each input pixel.
    """

    source: Shape
    output: Shape
    kernel: Pair = ONE
    stride: Pair = ONE
    dilation: Pair = ONE
    pads: Amounts = NOTHING
    groups: int = 1
    border: Border = Border.ZEROS
    is_transposed: bool = False

    @property
    def span(self) -> Pair:
        """Pixels under one window on each axis."""
        return Pair(
            extent(self.kernel.vertical, self.dilation.vertical),
            extent(self.kernel.horizontal, self.dilation.horizontal),
        )

    def looks(self, axis: int) -> tuple[Fraction, Fraction, Fraction]:
        """What the outputs look at along an axis: how many inputs, from where for output 0, and how far on each moves.

        Examples
        --------
        >>> convolution(Shape(1, 9, 9), 1, kernel=Pair(3, 3), stride=Pair(2, 2)).looks(0)
        (Fraction(3, 1), Fraction(0, 1), Fraction(2, 1))
        """
        span, stride, pad = self.span[axis], self.stride[axis], (self.pads.top, self.pads.left)[axis]
        if self.is_transposed:
            step = Fraction(1, stride)
            return 1 + (span - 1) * step, (pad - span + 1) * step, step
        return Fraction(span), Fraction(-pad), Fraction(stride)

    def inputs_of(self, axis: int, outputs: range) -> range:
        """Places of the input, padding included, that belong to outputs along an axis (0 vertical, 1 horizontal).

        Examples
        --------
        >>> convolution(Shape(1, 9, 9), 1, kernel=Pair(3, 3), pads=Amounts(1, 1, 1, 1)).inputs_of(0, range(0, 2))
        range(-1, 3)
        """
        return self._meeting(axis, outputs) if self.is_transposed else self._covered(axis, outputs)

    def outputs_of(self, axis: int, inputs: range) -> range:
        """Places of the output that inputs along an axis have an effect on; it may reach outside of the plane.

        With a stride larger than the window's span it can be empty: those inputs are never read.
        """
        return self._covered(axis, inputs) if self.is_transposed else self._meeting(axis, inputs)

    def needed(self, region: Region) -> Region:
        """The region of the input that a region of the output depends on; not clipped, so it shows padding.

        Examples
        --------
        >>> window = convolution(Shape(1, 9, 9), 1, kernel=Pair(3, 3), pads=Amounts(1, 1, 1, 1))
        >>> window.needed(Region(0, 1, 4, 5))
        Region(top=-1, bottom=2, left=3, right=6)
        """
        if region.is_empty:
            return Region(0, 0, 0, 0)
        rows = self.inputs_of(0, range(region.top, region.bottom))
        columns = self.inputs_of(1, range(region.left, region.right))
        return Region(rows.start, rows.stop, columns.start, columns.stop)

    def reached(self, region: Region) -> Region:
        """The region of the output that a region of the input has an effect on; not clipped, and empty where none."""
        if region.is_empty:
            return Region(0, 0, 0, 0)
        rows = self.outputs_of(0, range(region.top, region.bottom))
        columns = self.outputs_of(1, range(region.left, region.right))
        return Region(rows.start, rows.stop, columns.start, columns.stop)

    def _covered(self, axis: int, windows: range) -> range:
        """Places under the windows."""
        stride, pad = self.stride[axis], (self.pads.top, self.pads.left)[axis]
        return range(windows.start * stride - pad, (windows.stop - 1) * stride - pad + self.span[axis])

    def _meeting(self, axis: int, places: range) -> range:
        """Windows that touch the places; its stop may lie before its start."""
        stride, pad = self.stride[axis], (self.pads.top, self.pads.left)[axis]
        return range(
            ceil_division(places.start + pad - self.span[axis] + 1, stride), (places.stop - 1 + pad) // stride + 1
        )


@dataclass(frozen=True)
class Resampling(SlidingWindow):
    """How a plane is resized: windows whose distance need not be a whole number."""

    axes: tuple[ResizedAxis, ResizedAxis] | None = None

    def looks(self, axis: int) -> tuple[Fraction, Fraction, Fraction]:
        """What the outputs look at along an axis."""
        resized = self.axis(axis)
        return resized.span, resized.start, resized.step

    def inputs_of(self, axis: int, outputs: range) -> range:
        """Places of the input that belong to outputs along an axis."""
        return self.axis(axis).inputs_of(outputs)

    def outputs_of(self, axis: int, inputs: range) -> range:
        """Places of the output that inputs along an axis have an effect on."""
        return self.axis(axis).outputs_of(inputs)

    def axis(self, number: int) -> ResizedAxis:
        """The rows (0) or the columns (1)."""
        assert self.axes is not None
        return self.axes[number]


def resampling(source: Shape, axes: tuple[ResizedAxis, ResizedAxis]) -> Resampling:
    """The windows of a resized plane.

    Examples
    --------
    >>> from convstudio.core.geometry.resampling import ResizeMode, resized_axes
    >>> axes = resized_axes((4, 6), factor=(0.5, 0.5), mode=ResizeMode.AREA)
    >>> resampling(Shape(3, 4, 6), axes).needed(Region(0, 1, 1, 2))
    Region(top=0, bottom=2, left=2, right=4)
    """
    output = Shape(source.channels, axes[0].output, axes[1].output)
    kernel = Pair(*(min(axis.source, -(-axis.span.numerator // axis.span.denominator)) for axis in axes))
    return Resampling(source, output, kernel, axes=axes)


def convolution(
    source: Shape,
    filters: int,
    *,
    kernel: Pair,
    stride: Pair = ONE,
    dilation: Pair = ONE,
    pads: Amounts = NOTHING,
    groups: int = 1,
    border: Border = Border.ZEROS,
) -> SlidingWindow:
    """The window of a convolution that makes `filters` planes.

    Raises
    ------
    ConvStudioError
        If the numbers do not fit together; the sentence names them.
    """
    check_positive("stride", stride)
    check_positive("dilation", dilation)
    check_groups(groups, source.channels, filters)
    check_border(border, pads, source.height, source.width)
    output = _output(source, filters, kernel, stride, dilation, pads)
    return SlidingWindow(source, output, kernel, stride, dilation, pads, groups, border)


def transposed_convolution(
    source: Shape,
    filters: int,
    *,
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    pads: Amounts,
    output_padding: Pair,
    groups: int,
) -> SlidingWindow:
    """The window of a transposed convolution; `pads` is what is cut off.

    Raises
    ------
    ConvStudioError
        If the numbers do not fit together; the sentence names them.
    """
    check_positive("stride", stride)
    check_positive("dilation", dilation)
    check_groups(groups, source.channels, filters)
    height, width = (
        transposed_length(
            n, kernel=k, stride=s, before=before, after=after, output_padding=extra, dilation=d, axis=axis
        )
        for n, k, s, d, extra, (before, after), axis in zip(
            source[1:], kernel, stride, dilation, output_padding, (pads[:2], pads[2:]), AXES, strict=True
        )
    )
    output = Shape(filters, height, width)
    return SlidingWindow(source, output, kernel, stride, dilation, pads, groups, is_transposed=True)


def pooling(
    source: Shape,
    *,
    kernel: Pair,
    stride: Pair,
    dilation: Pair = ONE,
    pads: Amounts = NOTHING,
    ceil_mode: bool = False,
) -> SlidingWindow:
    """The window of a pool, on each channel alone.

    Raises
    ------
    ConvStudioError
        If the numbers do not fit together; the sentence names them.
    """
    check_positive("window", kernel)
    check_positive("stride", stride)
    check_positive("dilation", dilation)
    check_pool_padding(pads, kernel, dilation)
    output = _output(source, source.channels, kernel, stride, dilation, pads, ceil_mode=ceil_mode)
    return SlidingWindow(source, output, kernel, stride, dilation, pads)


def everything(source: Shape, channels: int) -> SlidingWindow:
    """The one window over the whole plane, of layers whose every output sees every input."""
    plane = whole(source)
    return SlidingWindow(source, Shape(channels, 1, 1), Pair(plane.height, plane.width))


def pointwise(source: Shape, channels: int | None = None) -> SlidingWindow:
    """Windows of one pixel: every output is made of the input at its place."""
    return SlidingWindow(source, source if channels is None else Shape(channels, source.height, source.width))


def _output(
    source: Shape, channels: int, kernel: Pair, stride: Pair, dilation: Pair, pads: Amounts, *, ceil_mode: bool = False
) -> Shape:
    height, width = (
        output_length(n, kernel=k, stride=s, dilation=d, before=before, after=after, ceil_mode=ceil_mode, axis=axis)
        for n, k, s, d, (before, after), axis in zip(
            source[1:], kernel, stride, dilation, (pads[:2], pads[2:]), AXES, strict=True
        )
    )
    return Shape(channels, height, width)
