"""Every preset by what it must do: its sum, its answer to flat, stepped and pointed pictures, its symmetry."""

import re

import numpy as np
import pytest
from numpy.typing import NDArray

from convstudio.core.kernels.preset import Group, Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from tests.core.kernels.answers import answers, kernel_of

KEYS = [preset.key for preset in PRESETS]
every_preset = pytest.mark.parametrize("preset", PRESETS, ids=KEYS)

KEEP_BRIGHTNESS = {
    "identity", "shift", "box", "gaussian", "disk", "motion", "binomial", "sharpen-4", "sharpen-8", "unsharp", "emboss",
}  # fmt: skip
OTHER_SUMS = {"high-boost": [1.5], "frei-chen": [0] * 8 + [3], "laws": [16] + [0] * 8}
SAME_TO_ALL_SIDES = [
    "identity", "box", "gaussian", "disk", "binomial", "sharpen-4", "sharpen-8", "unsharp", "high-boost", "outline",
    "laplacian-4", "laplacian-8", "point", "log", "dog",
]  # fmt: skip

# The answers to a step from 0 to 1, at the places where the kernel lies astride it: (to the right, downwards).
STEPS = {
    "sobel-x": (4, 0), "sobel-y": (0, 4), "sobel-45": (3, -3), "sobel-135": (-3, -3),
    "scharr-x": (16, 0), "scharr-y": (0, 16), "prewitt-x": (3, 0), "prewitt-y": (0, 3),
    "difference-x": (0.5, 0), "difference-y": (0, 0.5),
    "article-vertical": (-3, 0), "article-horizontal": (0, -3), "kirsch-n": (-1, -9),
}  # fmt: skip


EXTREMES = [
    pytest.param(preset, parameter.name, value, id=f"{preset.key}:{parameter.name}={value}")
    for preset in PRESETS
    for parameter in preset.parameters
    for value in (parameter.low, parameter.high)
    # the narrow blur must stay the narrow one
    if (preset.key, parameter.name, value) != ("dog", "sigma2", parameter.low)
]


def middle(picture: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.float64]:
    top, left = ((have - want) // 2 for have, want in zip(picture.shape, shape, strict=True))
    return picture[top : top + shape[0], left : left + shape[1]]


def test_there_are_at_least_thirty_presets_with_names_of_their_own() -> None:
    titles = [preset.title for preset in PRESETS]

    assert len(PRESETS) >= 30
    assert len(set(KEYS)) == len(KEYS)
    assert len(set(titles)) == len(titles)
    assert {preset.group for preset in PRESETS} == set(Group) - {Group.MINE}


@every_preset
def test_a_preset_is_described_in_a_sentence_and_its_defaults_are_in_range(preset: Preset) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", preset.key)
    assert preset.description.endswith(".")
    assert len(preset.description) > 30
    for parameter in preset.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.step > 0


@every_preset
def test_a_preset_is_a_new_array_of_finite_numbers_that_fits_the_editor(preset: Preset) -> None:
    filters = build(preset)
    filters += 1

    again = build(preset)

    assert again.dtype == np.float64
    assert again.ndim == 3
    assert max(again.shape[1:]) <= 31
    assert np.isfinite(again).all()
    assert (np.abs(again).max(axis=(1, 2)) > 0).all()
    np.testing.assert_array_equal(again + 1, filters)


def test_no_two_presets_hold_the_same_kernels() -> None:
    kernels = {(build(preset).shape, build(preset).tobytes()) for preset in PRESETS}

    assert len(kernels) == len(PRESETS)


@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset.key != "random"], ids=lambda p: p.key)
def test_a_flat_picture_keeps_its_brightness_or_becomes_0(preset: Preset) -> None:
    filters = build(preset)
    usual = [1] if preset.key in KEEP_BRIGHTNESS else [0] * len(filters)
    expected = OTHER_SUMS.get(preset.key, usual)

    flat = [answers(np.full((33, 33), 200.0), kernel)[0, 0] for kernel in filters]

    np.testing.assert_allclose(flat, 200 * np.array(expected), atol=1e-9)


@pytest.mark.parametrize(("preset", "name", "value"), EXTREMES)
def test_the_ends_of_every_range_give_kernels_that_fit_and_keep_their_sum(
    preset: Preset, name: str, value: float
) -> None:
    others = {"sigma1": 0.3, "sigma2": 5.0} if preset.key == "dog" else {}

    filters = build(preset, **(others | {name: value}))

    assert np.isfinite(filters).all()
    assert max(filters.shape[1:]) <= 31
    if preset.key in KEEP_BRIGHTNESS:
        np.testing.assert_allclose(filters.sum(axis=(1, 2)), 1, atol=1e-12)
    elif preset.key == "high-boost":
        np.testing.assert_allclose(filters.sum(axis=(1, 2)), value, atol=1e-12)
    elif preset.key != "random":
        np.testing.assert_allclose(filters.sum(axis=(1, 2)), 0, atol=1e-12)


@pytest.mark.parametrize("key", SAME_TO_ALL_SIDES)
def test_kernels_without_a_direction_are_the_same_to_all_sides(key: str) -> None:
    kernel = kernel_of(key)

    np.testing.assert_allclose(kernel, kernel.T, atol=1e-15)
    np.testing.assert_allclose(kernel, kernel[::-1], atol=1e-15)
    np.testing.assert_allclose(kernel, kernel[:, ::-1], atol=1e-15)


@pytest.mark.parametrize("key", sorted(STEPS.keys() - {"kirsch-n"}))
def test_first_derivatives_change_their_sign_when_turned_by_half_a_circle(key: str) -> None:
    kernel = kernel_of(key)

    np.testing.assert_array_equal(kernel, -kernel[::-1, ::-1])


@pytest.mark.parametrize(("key", "expected"), STEPS.items(), ids=STEPS)
def test_edge_finders_answer_to_a_step_with_the_right_size_and_sign(key: str, expected: tuple[float, float]) -> None:
    kernel = kernel_of(key)
    to_the_right = np.tile([0.0, 0.0, 1.0], (3, 1))

    responses = [float((middle(picture, kernel.shape) * kernel).sum()) for picture in (to_the_right, to_the_right.T)]

    assert responses == pytest.approx(expected)


def test_a_set_holds_its_single_kernels() -> None:
    np.testing.assert_array_equal(build(find("sobel")), [kernel_of("sobel-x"), kernel_of("sobel-y")])
    np.testing.assert_array_equal(
        build(find("lines")), [kernel_of(f"line-{name}") for name in ("horizontal", "45", "vertical", "135")]
    )
    np.testing.assert_array_equal(build(find("kirsch"))[0], kernel_of("kirsch-n"))
