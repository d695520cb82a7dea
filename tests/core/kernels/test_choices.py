"""The gallery offers every preset, under titles that tell them apart, and finds them by their words."""

import numpy as np
import pytest

from convstudio.core.kernels.choices import CHOICES, SECTIONS, PresetChoice, Purpose, matching, present
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import PRESETS, find


def titles(text: str, purpose: Purpose | None = None) -> list[str]:
    return [choice.title for section in matching(text, purpose) for choice in section.choices]


def test_every_preset_is_offered_and_no_title_stands_twice() -> None:
    assert {choice.preset.key for choice in CHOICES} == {preset.key for preset in PRESETS}
    assert len({choice.title for choice in CHOICES}) == len(CHOICES)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice.title)
def test_every_choice_has_values_that_its_preset_takes(choice: PresetChoice) -> None:
    assert choice.values.keys() == choice.preset.defaults.keys()
    assert np.isfinite(choice.filters).all()


def test_four_of_each_purpose_come_first_so_that_all_kinds_are_in_sight_at_once() -> None:
    assert [section.purpose for section in SECTIONS[:4]] == [
        purpose for purpose in Purpose if purpose is not Purpose.MINE
    ]
    assert [len(section.choices) for section in SECTIONS[:4]] == [4, 4, 4, 4]


def test_all_words_must_be_there_in_any_order() -> None:
    assert titles("45° gabor") == ["Gabor, 45°"]
    assert titles("gabor unsharp") == []


def test_the_filter_leaves_one_purpose() -> None:
    assert titles("", Purpose.SHARPEN) == ["Sharpen", "Strong sharpen", "Emboss", "Unsharp mask", "High boost"]
    assert titles("gabor", Purpose.BLUR) == []


def test_the_kernel_that_is_there_is_recognised() -> None:
    gabor = build(find("gabor"), theta=45, wavelength=8, sigma=3)

    choice = present(gabor)

    assert choice is not None
    assert choice.title == "Gabor, 45°"
    assert present(gabor + 0.01) is None
