"""What the headers say of pictures: which map it is, and why it is shown as it is."""

import numpy as np

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import Activation, Channels, Conv, Weights
from convstudio.core.view.shown import Selection, Shown, show
from convstudio.views.pictures.wording import input_note, mean_note, output_note

PIXELS = np.random.default_rng(5).integers(0, 256, (70, 70, 3)).astype(np.uint8)


def shown(*weights: list[float], selection: Selection | None = None, display: Display | None = None) -> Shown:
    """Filters of one row each on a colour picture, on each colour alone."""
    weight = np.array(weights, np.float64)[:, None, None, :]
    layer = Conv(weight=Weights(weight), bias=(0.0,) * len(weights), channels=Channels.EACH)
    document = Document((layer,), selected=0, display=display or Display())
    return show(evaluate(document, Frame(PIXELS, white=255)), selection or Selection())


def test_automatic_says_why_it_shows_a_sign_and_nothing_of_a_picture() -> None:
    assert output_note(shown([-1, 0, 1])) == "signed, as the weights sum to 0"
    assert output_note(shown([0, 2, 0])) == ""
    assert output_note(shown([-1, 0, 1], display=Display(DisplayMode.SIGNED))) == ""


def test_what_swings_around_0_for_another_reason_says_so() -> None:
    document = Document((shown([-1, 0, 1]).result.document.layers[0], Activation(enabled=False)), selected=1)

    note = output_note(show(evaluate(document, Frame(PIXELS, white=255)), Selection()))

    assert note == "signed, as values lie on both sides of 0"


def test_a_map_and_a_colour_are_named() -> None:
    chosen = Selection(input_channel=0, output_map=1, output_channel=2)

    both = shown([0, 1, 0], [0, 2, 0], selection=chosen)

    assert input_note(both) == "red alone"
    assert output_note(both) == "map 2 of 2 · blue alone"


def test_the_mean_is_named_where_one_is_shown() -> None:
    assert mean_note(shown([-1, 0, 1]), is_input=False) == "Mean of red, green and blue"
    assert mean_note(shown([-1, 0, 1], selection=Selection(output_channel=1)), is_input=False) == ""
    assert mean_note(shown([0, 1, 0]), is_input=False) == ""


def test_the_source_says_where_its_values_lie_or_what_was_chosen() -> None:
    dim = Frame(np.arange(4096, dtype=np.uint16).reshape(64, 64, 1), white=65535)
    result = evaluate(Document(), dim)

    assert input_note(show(result, Selection())) == "shown from 20 to 4,075, where nearly all values lie"
    assert input_note(show(result, Selection(source_range=(0.0, 9.0)))) == "shown from 0 to 9"


def test_the_source_says_what_stands_where_it_is_transparent() -> None:
    pixels = np.full((2, 2, 1), 9, np.uint8)
    for opacity, note in ((0, "transparent places take the colours around them"), (1, "")):
        alpha = np.array([[opacity, 255], [255, 255]], np.uint8)
        result = evaluate(Document(), Frame(pixels, white=255, alpha=alpha))

        assert input_note(show(result, Selection())) == note
