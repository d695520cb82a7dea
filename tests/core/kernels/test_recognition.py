"""A kernel is called by its preset's name when it is that preset, and not when it is merely like it."""

import numpy as np
import pytest

from convstudio.core.kernels.choices import CHOICES, PresetChoice
from convstudio.core.kernels.preset import Preset, build
from convstudio.core.kernels.presets import PRESETS, find
from convstudio.core.kernels.recognition import recognise


@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset.key != "random"], ids=lambda row: row.key)
def test_every_preset_is_recognised_with_its_own_numbers(preset: Preset) -> None:
    recognised = recognise(build(preset))

    assert recognised is not None
    assert recognised.preset is preset
    assert dict(recognised.values) == preset.defaults


@pytest.mark.parametrize(
    ("key", "values"), [("gabor", {"theta": 30.0}), ("gaussian", {"sigma": 2.3, "size": 9}), ("box", {"size": 7})]
)
def test_other_numbers_are_recognised_too(key: str, values: dict[str, float]) -> None:
    recognised = recognise(build(find(key), **values))

    assert recognised is not None
    assert recognised.preset.key == key
    np.testing.assert_array_equal(build(recognised.preset, **dict(recognised.values)), build(find(key), **values))


def test_one_other_weight_takes_the_name_away() -> None:
    sobel = build(find("sobel-x"))
    sobel[0, 0, 0] = -1.01

    assert recognise(sobel) is None


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("gabor", {"theta": 37.0, "wavelength": 6.3, "sigma": 2.0, "gamma": 0.8, "phase": 45.0}),
        ("gabor", {"theta": 105.0, "wavelength": 8.0, "sigma": 3.0, "gamma": 1.0, "phase": 90.0}),
        ("gabor", {"theta": 0.0, "wavelength": 3.0, "sigma": 1.1, "gamma": 0.5, "phase": 0.0}),
        ("gabor-bank", {"count": 6, "wavelength": 7.0, "sigma": 2.2}),
        ("unsharp", {"sigma": 2.0, "amount": 3.3}),
        ("dog", {"sigma1": 1.2, "sigma2": 3.1}),
        ("log", {"sigma": 2.3}),
        ("high-boost", {"amount": 4.4}),
        ("disk", {"radius": 4.0}),
        ("pinwheel", {"arms": 3, "size": 11}),
        ("shift", {"right": 3, "down": -2}),
    ],
)
def test_numbers_far_from_the_defaults_are_recognised(key: str, values: dict[str, float]) -> None:
    recognised = recognise(build(find(key), **values))

    assert recognised is not None
    assert recognised.preset.key == key
    assert dict(recognised.values) == pytest.approx(values, abs=1e-6)


def test_a_wave_of_which_one_weight_was_changed_is_none() -> None:
    gabor = build(find("gabor"), theta=37, wavelength=6.3, sigma=2)
    gabor[0, 3, 3] += 0.001

    assert recognise(gabor) is None


@pytest.mark.parametrize(
    "choice", [choice for choice in CHOICES if choice.preset.key != "random"], ids=lambda c: c.title
)
def test_whatever_the_gallery_offers_is_recognised(choice: PresetChoice) -> None:
    recognised = recognise(choice.filters)

    assert recognised is not None
    np.testing.assert_array_equal(build(recognised.preset, **dict(recognised.values)), choice.filters)


def test_a_choice_of_the_gallery_that_was_turned_is_still_called_by_its_name() -> None:
    recognised = recognise(build(find("gabor"), theta=30, wavelength=8, sigma=3))

    assert recognised is not None
    assert recognised.preset.key == "gabor"
    assert dict(recognised.values)["theta"] == 30
