"""What presets do, by what they must do; what a kernel is called, by what it was made of."""

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.preset import Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.core.recipe.layers import Conv, Orientation, Weights
from convstudio.insight.kernel.analysis import KernelQuestion, answer
from convstudio.insight.kernel.character import Effect, character_of
from convstudio.insight.kernel.nearest_preset import nearest


def kernel(key: str, **values: float) -> NDArray[np.float64]:
    filters = build(find(key), **values)
    return filters.reshape(filters.shape[1:])


@pytest.mark.parametrize(
    ("key", "values"),
    [("gaussian", {}), ("gaussian", {"sigma": 3}), ("box", {"size": 5}), ("disk", {}), ("binomial", {})],
)
def test_blurs_smooth_in_every_direction(key: str, values: dict[str, float]) -> None:
    character = character_of(kernel(key, **values))

    assert (character.kind, character.along) == (Effect.SMOOTHS, None)
    assert character.brightness == pytest.approx(1)


@pytest.mark.parametrize("angle", [0, 30, 45, 90, 135])
def test_motion_blur_smooths_along_its_angle(angle: int) -> None:
    character = character_of(kernel("motion", length=9, angle=angle))

    assert character.kind is Effect.SMOOTHS
    assert character.along == pytest.approx(angle, abs=1)


@pytest.mark.parametrize(
    ("key", "along", "towards"),
    [
        ("sobel-x", 90, 0),
        ("sobel-y", 0, 270),
        ("sobel-45", 135, 45),
        ("sobel-135", 45, 135),
        ("prewitt-x", 90, 0),
        ("difference-y", 0, 270),
        ("kirsch-n", 0, 90),
        ("article-vertical", 90, 180),
        ("article-horizontal", 0, 90),
    ],
)
def test_edge_finders_say_which_edges_and_from_where(key: str, along: float, towards: float) -> None:
    character = character_of(kernel(key))

    assert (character.kind, character.along, character.towards) == (Effect.EDGES, along, towards)


@pytest.mark.parametrize("key", ["laplacian-4", "laplacian-8", "outline", "log", "dog"])
def test_laplacians_find_edges_in_every_direction(key: str) -> None:
    character = character_of(kernel(key))

    assert (character.kind, character.along) == (Effect.EDGES, None)
    assert character.brightness == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("key", "along"), [("line-vertical", 90), ("line-horizontal", 0), ("line-45", 45), ("line-135", 135)]
)
def test_line_finders_say_which_lines(key: str, along: float) -> None:
    character = character_of(kernel(key))

    assert (character.kind, character.along) == (Effect.LINES, along)


@pytest.mark.parametrize("key", ["second-xy", "point", "checker", "pinwheel"])
def test_corner_finders_give_nothing_along_some_straight_edges(key: str) -> None:
    assert character_of(kernel(key)).kind is Effect.CORNERS


@pytest.mark.parametrize("key", ["sharpen-4", "sharpen-8", "unsharp"])
def test_sharpeners_sharpen_and_keep_the_brightness(key: str) -> None:
    character = character_of(kernel(key))

    assert character.kind is Effect.SHARPENS
    assert character.brightness == pytest.approx(1)


def test_high_boost_sharpens_and_brightens() -> None:
    character = character_of(kernel("high-boost", amount=1.5))

    assert (character.kind, character.brightness) == (Effect.SHARPENS, 1.5)
    assert character.most == pytest.approx(9)  # (9.5 + 4) / 1.5: the finest stripes across


def test_emboss_is_lit_from_where_it_says() -> None:
    character = character_of(kernel("emboss", angle=135))

    # light from the upper left: slopes that face it get darker towards it, so brighter away from it
    assert (character.kind, character.towards) == (Effect.EMBOSSES, 315)


def test_single_weights_leave_scale_or_move_the_picture() -> None:
    assert character_of(kernel("identity")).kind is Effect.IDENTITY
    assert character_of(2 * kernel("identity")).kind is Effect.SCALES
    moved = character_of(kernel("shift", right=3, down=-2))
    assert (moved.kind, moved.moved) == (Effect.MOVES, (-2, 3))
    assert character_of(np.zeros((3, 3))).kind is Effect.NOTHING


def test_a_true_convolution_looks_the_other_way() -> None:
    layer = Conv(weight=Weights(kernel("sobel-x")[None, None]), bias=(0.0,), orientation=Orientation.CONVOLUTION)

    analysis = answer(KernelQuestion(layer, 0, 0))

    assert analysis.character.towards == 180
    assert analysis.nearest is not None
    assert (analysis.nearest.title, analysis.nearest.factor) == ("Sobel, left to right", -1)


@pytest.mark.parametrize(
    "preset", [preset for preset in PRESETS if preset.key != "random"], ids=lambda preset: str(preset.key)
)
def test_every_preset_is_found_by_its_own_kernel(preset: Preset) -> None:
    match = nearest(build(preset)[0])

    assert match is not None
    assert match.is_exact or preset.key == "laws"  # 1 2 1 across and down is called a Gaussian
    if len(build(preset)) == 1:
        assert (match.title, match.factor, match.quarters, match.is_mirrored) == (preset.title, 1, 0, False)


def test_the_factor_is_told() -> None:
    match = nearest(kernel("scharr-y") / 32)

    assert match is not None
    assert (match.title, match.factor, match.cosine) == ("Scharr, top to bottom", 1 / 32, 1)


def test_zeros_around_it_do_not_hide_a_kernel() -> None:
    match = nearest(np.pad(-3 * kernel("laplacian-4"), ((2, 2), (1, 1))))

    assert match is not None
    assert (match.title, match.factor) == ("Laplacian, 4 neighbours", -3)


def test_a_turned_kernel_is_said_to_be_turned() -> None:
    match = nearest(np.rot90(kernel("kirsch-n"), 1))

    assert match is not None
    assert (match.title, match.quarters, match.factor) == ("Kirsch, north", 1, 1)


def test_a_blur_of_a_width_of_its_own_is_like_the_nearest_bell() -> None:
    y, x = np.mgrid[-3:4, -3:4]

    match = nearest(np.exp(-(x**2 + y**2) / (2 * 1.43**2)))

    assert match is not None
    assert match.title == "Gaussian blur"
    assert match.detail == "blur σ 1.4, size 7"
    assert match.is_claimed
    assert not match.is_exact


def test_no_name_is_claimed_for_a_kernel_like_no_other() -> None:
    match = nearest(np.random.default_rng(1).normal(size=(5, 5)))

    assert match is not None
    assert not match.is_claimed
    assert 0 < match.cosine < 0.95


def test_a_plane_that_is_not_there_is_refused() -> None:
    layer = Conv(weight=Weights([[[[1.0]]]]), bias=(0.0,))

    with pytest.raises(ConvStudioError):
        answer(KernelQuestion(layer, 1, 0))
