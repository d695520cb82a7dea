"""Presets with numbers to choose, each a row: what they are called, their ranges, and the formula they stand for."""

from convstudio.core.kernels import formulas
from convstudio.core.kernels.preset import Group, Parameter, Preset


def _whole(name: str, title: str, default: int, low: int, high: int, unit: str = "") -> Parameter:
    return Parameter(name, title, default, low, high, 1, unit, is_whole=True)


def _sigma(default: float, high: float, name: str = "sigma", title: str = "Blur σ") -> Parameter:
    return Parameter(name, title, default, 0.3, high, 0.1, "pixels")


def _angle(default: float, high: float, name: str = "angle", title: str = "Angle") -> Parameter:
    return Parameter(name, title, default, 0, high, 15, "°")


_WAVELENGTH = Parameter("wavelength", "Wavelength λ", 4, 2.5, 20, 0.5, "pixels")
_WAVE_SIGMA = Parameter("sigma", "Spread σ", 1.5, 0.5, 5, 0.1, "pixels")

SHIFT = Preset(
    "shift", "Shift", Group.BASIC, "Moves the whole picture by whole pixels.",
    formulas.moved,
    (_whole("right", "To the right", 1, -15, 15, "pixels"), _whole("down", "Down", 0, -15, 15, "pixels")),
)  # fmt: skip
RANDOM = Preset(
    "random", "Random", Group.BASIC,
    "Random weights, as an untrained network starts with; the same seed gives the same kernel.",
    formulas.noise, (_whole("seed", "Seed", 0, 0, 9999), _whole("size", "Size", 3, 1, 31, "pixels")),
)  # fmt: skip

SMOOTHING = (
    Preset("box", "Box blur", Group.SMOOTH, "Replaces each pixel by the plain mean of the square around it.",
           formulas.box, (_whole("size", "Size", 3, 1, 31, "pixels"),)),
    Preset("gaussian", "Gaussian blur", Group.SMOOTH,
           "Blurs evenly in all directions, near pixels counting more than far ones; a size of 0 fits the blur.",
           formulas.gaussian, (_sigma(1, 5), _whole("size", "Size (0 fits σ)", 0, 0, 31, "pixels"))),
    Preset("disk", "Disk blur", Group.SMOOTH, "Blurs like a lens out of focus: the mean of a round area.",
           formulas.disk, (Parameter("radius", "Radius", 2.5, 0.5, 15, 0.5, "pixels"),)),
    Preset("motion", "Motion blur", Group.SMOOTH, "Blurs along one direction, as if the camera had moved.",
           formulas.motion, (Parameter("length", "Length", 7, 2, 31, 1, "pixels"), _angle(0, 180))),
)  # fmt: skip

SHARPENING = (
    Preset("unsharp", "Unsharp mask", Group.SHARPEN,
           "Sharpens by adding what a Gaussian blur takes away.",
           formulas.unsharp, (_sigma(1, 5), Parameter("amount", "Amount", 1, 0, 10, 0.1))),
    Preset("high-boost", "High boost", Group.SHARPEN,
           "Sharpens strongly and multiplies the brightness by the amount at once.",
           formulas.high_boost, (Parameter("amount", "Amount", 1.5, 0.5, 10, 0.1),)),
)  # fmt: skip

EMBOSS = Preset(
    "emboss", "Emboss", Group.EDGES,
    "Makes the picture look like a relief lit from one direction; the angle says where the light comes from.",
    formulas.emboss, (_angle(135, 360, title="Light from"),),
)  # fmt: skip

CURVATURE = (
    Preset("log", "Laplacian of Gaussian", Group.CURVATURE,
           "Blurs first and then takes the Laplacian: negative on bright spots about as wide as the blur.",
           formulas.laplacian_of_gaussian,
           (Parameter("sigma", "Blur σ", 1.4, 0.5, 3.75, 0.1, "pixels"),)),
    Preset("dog", "Difference of Gaussians", Group.CURVATURE,
           "A narrow blur minus a wide one: positive on bright spots between the two in size.",
           formulas.difference_of_gaussians,
           (_sigma(1, 4.5, "sigma1", "Narrow blur σ₁"), _sigma(1.6, 5, "sigma2", "Wide blur σ₂"))),
)  # fmt: skip

TEXTURE = (
    Preset("gabor", "Gabor", Group.TEXTURE,
           "A small wave in one direction: it answers to stripes across that direction of about its wavelength.",
           formulas.gabor,
           (_angle(0, 180, "theta", "Direction θ"), _WAVELENGTH, _WAVE_SIGMA,
            Parameter("gamma", "Roundness γ", 1, 0.3, 2, 0.1), _angle(0, 360, "phase", "Phase ψ"))),
    Preset("gabor-bank", "Gabor bank", Group.TEXTURE,
           "Gabor filters in several directions, evenly spread over half a turn.",
           formulas.gabor_bank, (_whole("count", "Directions", 4, 2, 16), _WAVELENGTH, _WAVE_SIGMA)),
    Preset("checker", "Checkerboard", Group.TEXTURE,
           "Answers to patterns that change from pixel to pixel, across and down.",
           formulas.checker, (_whole("size", "Size", 4, 2, 31, "pixels"),)),
    Preset("pinwheel", "Pinwheel", Group.TEXTURE,
           "Answers where bright and dark sectors meet in one point, such as the crossing of a checkerboard.",
           formulas.pinwheel, (_whole("arms", "Bright sectors", 2, 2, 6), _whole("size", "Size", 9, 7, 31, "pixels"))),
)  # fmt: skip
