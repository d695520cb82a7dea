"""What the cards of the flow say and show. How they look is in `card`."""

from dataclasses import dataclass, field, replace

from convstudio.core.display.pictures import Picture
from convstudio.core.geometry.shapes import Shape
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Channels, Conv, Layer, Normalisation, Pool, Resize, ScaleShift
from convstudio.core.recipe.naming import name_of
from convstudio.core.recipe.plan import Plan, Step
from convstudio.core.wording import counted, milliseconds
from convstudio.views.inspector.wording import parameters_text, stack_sentence

SOURCE = -1
KEYS = "F2 renames it, Space switches it off and on, Alt+Left and Alt+Right move it, Delete takes it out."


@dataclass(frozen=True)
class CardContent:
    """The texts and the picture of one card. `index` is the layer, −1 the source; `refusal` is why it fails, or ""."""

    index: int
    name: str
    shape: str
    accessible: str
    tip: str
    is_on: bool = True
    refusal: str = ""
    thumbnail: Picture | None = None


@dataclass(frozen=True, eq=False)
class Contents:
    """Everything the flow shows."""

    document: Document = field(default_factory=Document)
    plan: Plan | None = None
    thumbnails: tuple[Picture, ...] = ()
    milliseconds: tuple[float, ...] = ()
    refused: int | None = None
    refusal: str = ""
    source_name: str = ""


def cards_of(contents: Contents) -> tuple[CardContent, ...]:
    """The source and every layer as cards."""
    steps = contents.plan.steps if contents.plan is not None else ()
    is_colour = contents.plan is not None and contents.plan.source.channels == 3
    cards = [_source_card(contents, is_colour=is_colour)]
    for index, layer in enumerate(contents.document.layers):
        is_colour = is_colour and _keeps_colour(layer)
        step = steps[index] if index < len(steps) else None
        refusal = contents.refusal if contents.refused == index else ""
        duration = contents.milliseconds[index] if index < len(contents.milliseconds) else 0.0
        shape = shape_text(step.output, is_colour=is_colour) if step is not None else "no result yet"
        cards.append(_layer_card(index, layer, step, shape, refusal, duration, _thumbnail(contents, index)))
    return tuple(cards)


def without_answers(card: CardContent) -> CardContent:
    """A card that names its layer, and not what comes out of it: a lesson asks for that first."""
    if card.refusal:
        return card
    if card.index == SOURCE:
        return replace(card, tip=card.name)
    return replace(card, shape="?", accessible=f"{card.name}, layer {card.index + 1}", tip=card.name, thumbnail=None)


def shape_text(shape: Shape, *, is_colour: bool) -> str:
    """A shape as a card says it.

    Examples
    --------
    >>> shape_text(Shape(3, 480, 640), is_colour=True), shape_text(Shape(6, 28, 28), is_colour=False)
    ('640 × 480, colour', '28 × 28, 6 maps')
    >>> shape_text(Shape(1, 4, 4), is_colour=False), shape_text(Shape(10, 1, 1), is_colour=False)
    ('4 × 4, grey', '10 numbers')
    """
    if shape.height == shape.width == 1:
        return counted(shape.channels, "number")
    kind = "colour" if is_colour else "grey" if shape.channels == 1 else counted(shape.channels, "map")
    return f"{shape.width:,} × {shape.height:,}, {kind}"


def _keeps_colour(layer: Layer) -> bool:
    """Whether red, green and blue are still that behind the layer."""
    match layer:
        case Conv(channels=Channels.EACH):
            return layer.filters == 1 or not layer.enabled
        case Activation() | ScaleShift() | Normalisation() | Resize() | Pool():
            return True
        case _:
            return not layer.enabled


def _thumbnail(contents: Contents, index: int) -> Picture | None:
    place = index + 1
    return contents.thumbnails[place] if place < len(contents.thumbnails) else None


def _source_card(contents: Contents, *, is_colour: bool) -> CardContent:
    plan = contents.plan
    shape = "no picture yet" if plan is None else shape_text(plan.source, is_colour=is_colour)
    name = contents.source_name or "Picture"
    tip = f"{name}: {shape}. {stack_sentence(plan, len(contents.document.layers))}"
    return CardContent(SOURCE, name, shape, f"{name}, the source, {shape}", tip, thumbnail=_thumbnail(contents, SOURCE))


def _layer_card(
    index: int, layer: Layer, step: Step | None, shape: str, refusal: str, duration: float, thumbnail: Picture | None
) -> CardContent:
    name = name_of(layer)
    if refusal:
        shape, thumbnail = "cannot work", None
    elif not layer.enabled:
        shape = "switched off"
    facts = [shape]
    if step is not None and not refusal and layer.enabled:
        facts.append(parameters_text(step))
        if step.parameters:
            facts[-1] += f" ({counted(step.weights, 'weight')} and {counted(step.biases, 'bias', 'biases')})"
        if duration > 0:
            facts.append(f"computed in {milliseconds(duration)}")
    tip = refusal or f"{name}: {', '.join(facts)}. {KEYS}"
    spoken = f"{name}, layer {index + 1}, {refusal or shape}"
    return CardContent(index, name, shape, spoken, tip, layer.enabled, refusal, thumbnail)
