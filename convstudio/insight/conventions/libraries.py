"""The defaults of other libraries: one row for each function, with the page that documents it.

`emulation` computes what a row makes of a picture.
"""

from dataclasses import dataclass
from enum import StrEnum


class Library(StrEnum):
    """One function of one library."""

    OURS = "convstudio"
    NUMPY = "numpy"
    OPENCV = "opencv"
    OPENCV_8BIT = "opencv-8-bit"
    SCIPY_CORRELATE = "scipy-correlate"
    SCIPY_CORRELATE_8BIT = "scipy-correlate-8-bit"
    SCIPY_CONVOLVE = "scipy-convolve"
    SCIPY_SIGNAL = "scipy-signal"
    PYTORCH = "pytorch"
    KERAS = "keras"
    KERAS_SAME = "keras-same"
    MATLAB_CONV2 = "matlab-conv2"
    MATLAB_IMFILTER = "matlab-imfilter"
    IMAGEJ = "imagej"
    PILLOW = "pillow"


class Flip(StrEnum):
    """Whether the kernel is flipped before it is laid on the picture."""

    NONE = "as written"
    BOTH = "flipped"
    ROWS = "flipped ↕"


class Edge(StrEnum):
    """What is read outside of the picture, or what stands where there would be nothing to read."""

    ZEROS = "zeros"
    REFLECT_101 = "reflect 101"
    SYMMETRIC = "symmetric"
    REPLICATE = "replicate"
    CIRCULAR = "circular"
    COPIED = "copied"
    LEFT_OUT = "left out"


class OutputSize(StrEnum):
    """How large the result is: as the picture, only where the kernel fits, or wherever it touches."""

    SAME = "same"
    VALID = "valid"
    FULL = "full"


class Anchor(StrEnum):
    """Which cell of a kernel of even size lies on the output's own pixel."""

    FIRST = "the first of two middle cells"
    SECOND = "the second of two middle cells"


class Rounding(StrEnum):
    """How fractions, and numbers outside of 0 … 255, become 8 bits."""

    NONE = "none"
    HALF_EVEN = "halves to even"
    HALF_UP = "halves up"
    WRAP = "cut off and wrapped around"


class Division(StrEnum):
    """What the weights are divided by first."""

    NONE = "by nothing"
    SUM_OR_1 = "by their sum, or by 1 where that is 0"
    SUM = "by their sum, even where that is 0"


class KernelSizes(StrEnum):
    """Which kernels are taken."""

    ANY = "any size"
    ODD = "odd sizes"
    THREE_OR_FIVE = "3×3 and 5×5"


@dataclass(frozen=True)
class Convention:
    """The defaults of one function of one library.

    Parameters
    ----------
    name
        Who it is: the program, then what of it.
    call
        How one writes it for a picture `image` of 8 bits (H, W) and a kernel `kernel` of float64; what can be run is
        run as it stands here. `{size}` and `{scale}` are filled in by `emulation.call_of`.
    source
        The page, or the source text, that says so.
    anchor
        Of the kernel as it is laid on the picture, so after a flip.
    can_run
        Whether it is a Python library that this program runs where it is installed.
    note
        What else has to be known to read the call, a sentence.
    """

    library: Library
    name: str
    call: str
    source: str
    flip: Flip = Flip.NONE
    edge: Edge = Edge.ZEROS
    output_size: OutputSize = OutputSize.SAME
    anchor: Anchor = Anchor.FIRST
    rounding: Rounding = Rounding.NONE
    sizes: KernelSizes = KernelSizes.ANY
    division: Division = Division.NONE
    can_run: bool = False
    note: str = ""

    @property
    def program(self) -> str:
        """The first word of its name."""
        return self.name.partition(" ")[0].rstrip(",")


_OPENCV = "https://docs.opencv.org/4.x/d4/d86/group__imgproc__filter.html#ga27c049795ce870216ddfb366086b5a04"
_NDIMAGE = "https://docs.scipy.org/doc/scipy/reference/generated/scipy.ndimage."
_KERAS = "https://keras.io/api/layers/convolution_layers/convolution2d/"

CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        Library.NUMPY, "NumPy convolve", "np.convolve(row, kernel_row)",
        "https://numpy.org/doc/stable/reference/generated/numpy.convolve.html",
        flip=Flip.BOTH, output_size=OutputSize.FULL, can_run=True,
        note="NumPy has one dimension: every row of the kernel convolves every row of the picture, and what falls on "
        "the same row is added up.",
    ),
    Convention(
        Library.OPENCV, "OpenCV, floats", "cv2.filter2D(image, cv2.CV_64F, kernel)", _OPENCV,
        edge=Edge.REFLECT_101, anchor=Anchor.SECOND, can_run=True,
    ),
    Convention(
        Library.OPENCV_8BIT, "OpenCV, 8 bits", "cv2.filter2D(image, cv2.CV_8U, kernel)", _OPENCV,
        edge=Edge.REFLECT_101, anchor=Anchor.SECOND, rounding=Rounding.HALF_EVEN, can_run=True,
    ),
    Convention(
        Library.SCIPY_CORRELATE, "SciPy correlate", "ndimage.correlate(\n    image.astype(float), kernel)",
        f"{_NDIMAGE}correlate.html", edge=Edge.SYMMETRIC, anchor=Anchor.SECOND, can_run=True,
    ),
    Convention(
        Library.SCIPY_CORRELATE_8BIT, "SciPy, 8 bits", "ndimage.correlate(image, kernel)",
        f"{_NDIMAGE}correlate.html", edge=Edge.SYMMETRIC, anchor=Anchor.SECOND, rounding=Rounding.WRAP, can_run=True,
    ),
    Convention(
        Library.SCIPY_CONVOLVE, "SciPy convolve", "ndimage.convolve(\n    image.astype(float), kernel)",
        f"{_NDIMAGE}convolve.html",
        flip=Flip.BOTH, edge=Edge.SYMMETRIC, can_run=True,
    ),
    Convention(
        Library.SCIPY_SIGNAL, "SciPy convolve2d", "signal.convolve2d(image, kernel)",
        "https://docs.scipy.org/doc/scipy/reference/generated/scipy.signal.convolve2d.html",
        flip=Flip.BOTH, output_size=OutputSize.FULL, can_run=True,
    ),
    Convention(
        Library.PYTORCH, "PyTorch conv2d",
        "F.conv2d(\n    torch.tensor(image[None, None]).float(),\n    torch.tensor(kernel[None, None]).float())",
        "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html",
        edge=Edge.LEFT_OUT, output_size=OutputSize.VALID, can_run=True,
    ),
    Convention(
        Library.KERAS, "Keras, valid", "Conv2D(1, {size})", _KERAS,
        edge=Edge.LEFT_OUT, output_size=OutputSize.VALID,
    ),
    Convention(Library.KERAS_SAME, "Keras, same", 'Conv2D(1, {size}, padding="same")', _KERAS),
    Convention(
        Library.MATLAB_CONV2, "MATLAB conv2", "conv2(double(image), kernel)", "https://www.mathworks.com/help/matlab/ref/conv2.html",
        flip=Flip.BOTH, output_size=OutputSize.FULL,
    ),
    Convention(
        Library.MATLAB_IMFILTER, "MATLAB imfilter", "imfilter(image, kernel)",
        "https://www.mathworks.com/help/images/ref/imfilter.html",
        rounding=Rounding.HALF_UP,
    ),
    Convention(
        Library.IMAGEJ, "ImageJ Convolve", "Process ▸ Filters ▸ Convolve…",
        "https://imagej.net/ij/source/ij/plugin/filter/Convolver.java",
        edge=Edge.REPLICATE, rounding=Rounding.HALF_UP, sizes=KernelSizes.ODD, division=Division.SUM_OR_1,
    ),
    Convention(
        Library.PILLOW, "Pillow Kernel",
        "Image.fromarray(image).filter(\n    ImageFilter.Kernel(\n        {size}, kernel.ravel(){scale}))",
        "https://pillow.readthedocs.io/en/stable/reference/ImageFilter.html#PIL.ImageFilter.Kernel",
        flip=Flip.ROWS, edge=Edge.COPIED, rounding=Rounding.HALF_UP, sizes=KernelSizes.THREE_OR_FIVE,
        division=Division.SUM, can_run=True,
    ),
)  # fmt: skip
