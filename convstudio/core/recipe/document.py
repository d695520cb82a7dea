"""The document: what the person chose. A frozen value of layers and how to show them; no pictures."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from convstudio.core.recipe.layers import Layer


class DisplayMode(StrEnum):
    """How numbers become colours; see `display`."""

    AUTOMATIC = "automatic"
    SIGNED = "signed"
    CLIP = "clip"
    ABSOLUTE = "absolute"
    OFFSET = "offset"
    STRETCH = "stretch"


@dataclass(frozen=True)
class Display:
    """How to show outputs.

    `limit` fixes the value of full colour, in the source's units; None measures it. `low` fixes what becomes black
    where a picture is clipped; None is 0, or what `display` finds for a picture that fills little of its range.
    """

    mode: DisplayMode = DisplayMode.AUTOMATIC
    limit: float | None = None
    low: float | None = None


@dataclass(frozen=True)
class Document:
    """A recipe and how to look at it.

    Parameters
    ----------
    layers
        In the order in which they are applied.
    display
        How outputs are shown.
    selected
        The layer that the panels show; −1 is the source. Selecting is not an edit: it is not compared, and
        `history` keeps no step for it.
    """

    layers: tuple[Layer, ...] = ()
    display: Display = field(default_factory=Display)
    selected: int = field(default=-1, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "selected", min(max(self.selected, -1), len(self.layers) - 1))


def with_layer(document: Document, index: int, layer: Layer) -> Document:
    """The document with one layer exchanged, which is then the selected one."""
    layers = (*document.layers[:index], layer, *document.layers[index + 1 :])
    return replace(document, layers=layers, selected=index)


def with_inserted(document: Document, index: int, layer: Layer) -> Document:
    """The document with a layer put in before `index`, selected."""
    return replace(document, layers=(*document.layers[:index], layer, *document.layers[index:]), selected=index)


def without_layer(document: Document, index: int) -> Document:
    """The document with one layer taken out; the layer before it is selected."""
    layers = (*document.layers[:index], *document.layers[index + 1 :])
    return replace(document, layers=layers, selected=min(index, len(layers) - 1))


def with_moved(document: Document, index: int, target: int) -> Document:
    """The document with the layer at `index` taken out and put back so that it ends at `target`."""
    layers = list(document.layers)
    layers.insert(target, layers.pop(index))
    return replace(document, layers=tuple(layers), selected=target)
