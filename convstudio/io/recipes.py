"""Recipes as a person names them: a session file, a network, a preset, or layers in a line of text."""

import os
from collections.abc import Callable
from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.text import recipe_from
from convstudio.io.networks.formats import network_format
from convstudio.io.sessions.session import SUFFIX, load_session


def read_recipe(text: str, on_note: Callable[[str], object] = lambda _: None) -> Document:
    """The recipe in a file, or one written as a line: layers between |, or a preset as `gaussian:sigma=2`.

    A file is a session or a network. `on_note` hears what a network's file does not say, and what was taken for it.

    Raises
    ------
    ConvStudioError
        If there is no such file, layer or preset, or it cannot be read.
    """
    is_file = os.path.isfile(text)  # noqa: PTH113  # a Path fails where a text is too long for a name
    if is_file and network_format(text) is not None:
        return _read_network(text, on_note)
    if is_file or text.lower().endswith(SUFFIX):
        return load_session(Path(text)).document
    if not text.strip():
        raise ConvStudioError("The recipe is empty; name a session file or a preset, or write layers.")
    return recipe_from(text)


def _read_network(text: str, on_note: Callable[[str], object]) -> Document:
    from convstudio.io.networks.network import document_of, notes_of, summary  # noqa: PLC0415 - a quick start
    from convstudio.io.networks.reader import read_network  # noqa: PLC0415

    network = read_network(text)
    document = document_of(network)
    for note in (summary(network), *notes_of(network)):
        on_note(note)
    return document
