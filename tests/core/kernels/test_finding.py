"""Finding presets by name and setting their values in text, as the command line does."""

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.kernels.preset import build
from convstudio.core.kernels.presets import find, parse


def test_a_preset_with_values_comes_out_of_text() -> None:
    preset, filters = parse(" Gaussian : sigma = 2 , size=9")

    assert preset is find("gaussian")
    np.testing.assert_array_equal(filters, build(preset, sigma=2, size=9))
    assert filters.shape == (1, 9, 9)


def test_values_left_out_have_their_defaults() -> None:
    preset, filters = parse("unsharp:amount=1/2")

    np.testing.assert_array_equal(filters, build(preset, sigma=1, amount=0.5))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sobelx", "no preset “sobelx”; did you mean sobel-x, "),
        ("emb", "no preset “emb”; did you mean emboss?"),
        ("zzz", "no preset “zzz”; choose one such as identity"),
        ("", "no preset “”; choose one"),
        ("gaussian:radius=2", "The preset gaussian has no parameter “radius”; it has sigma and size"),
        ("gabor:x=2", "it has theta, wavelength, sigma, gamma and phase"),
        ("sobel-x:size=3", "The preset sobel-x has no parameter “size”; it has none"),
        ("gaussian:sigma=9", "The sigma of gaussian is 9 pixels, but it goes from 0.3 to 5 pixels"),
        ("shift:right=−16", "is −16 pixels, but it goes from −15 to 15 pixels"),
        ("box:size=2.5", "The size of box is 2.5 pixels, but it must be a whole number"),
        ("gaussian:2", "“2” does not set a parameter; write it as in gaussian:sigma=1"),
        ("gaussian:", "“” does not set a parameter"),
        ("gaussian:sigma=", "“sigma=” does not set a parameter"),
        ("gaussian:sigma=1,sigma=2", "The parameter sigma of gaussian is given twice"),
        ("gaussian:sigma=wide", "“wide” is not a number"),
        ("gaussian:sigma=1/0", "“1/0” divides by zero"),
    ],
)
def test_mistakes_get_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ConvStudioError) as refusal:
        parse(text)

    assert sentence in str(refusal.value)
    assert str(refusal.value).endswith((".", "?"))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_values_that_are_not_finite_are_refused(value: float) -> None:
    with pytest.raises(ConvStudioError, match="it goes from"):
        build(find("gaussian"), sigma=value)
