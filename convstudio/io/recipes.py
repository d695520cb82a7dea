"""Recipes as a person names them: a session, a network, a kernel's file, a preset, or layers in a line of text."""

import os
from collections.abc import Callable
from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.new_layers import image_filter
from convstudio.core.recipe.own_kernels import OwnKernel
from convstudio.core.recipe.text import recipe_from
from convstudio.io.files import printable, read_head
from convstudio.io.kernels import NPY, is_kernel_array, kernels_folder, load_kernels, read_one_kernel
from convstudio.io.networks.formats import network_format
from convstudio.io.sessions.carried import carried_recipe, is_picture
from convstudio.io.sessions.session import SUFFIX, begins_as_json, load_session

_HEAD = 4096  # bytes


def read_recipe(text: str, on_note: Callable[[str], object] = lambda _: None) -> Document:
    """The recipe in a file, or one written as a line: layers between |, or a preset as `gaussian:sigma=2`.

    A file is a session, a network, a picture that carries its recipe, or a kernel in any notation. A line may name a
    kernel that the person keeps, or be one, as `1 0 -1; 2 0 -2; 1 0 -1`. `on_note` hears what a network's file does not
    say, and what was taken for it.

    Raises
    ------
    ConvStudioError
        If there is no such file, layer or preset, or it cannot be read.
    """
    if is_network(text):
        return _read_network(text, on_note)
    is_file = os.path.isfile(text)  # noqa: PTH113  # a Path fails where a text is too long for a name
    if text.lower().endswith(SUFFIX) or (is_file and _is_session(Path(text))):
        return load_session(Path(text)).document
    if is_file and is_picture(read_head(Path(text), size=_HEAD)):
        return _read_carried(Path(text))
    if is_file:
        return _read_kernel(Path(text))
    if not text.strip():
        raise ConvStudioError("The recipe is empty; name a session file or a preset, or write layers.")
    return recipe_from(text, own_kernels())


def is_network(text: str) -> bool:
    """Whether a recipe is the file of a network: what is read of it takes pictures from 0 to 255."""
    is_file = os.path.isfile(text)  # noqa: PTH113  # as above
    if not is_file or network_format(text) is None:
        return False
    return not (text.lower().endswith(NPY) and is_kernel_array(Path(text)))


def _is_session(path: Path) -> bool:
    """Whether a file is a session, as braces may also be those of C around a kernel."""
    head = read_head(path, size=_HEAD)
    return begins_as_json(head) and b'"' in head


def own_kernels() -> dict[str, OwnKernel]:
    """The kernels that the person keeps, by their keys."""
    try:
        folder = kernels_folder()
    except ConvStudioError:  # without a home there are none
        return {}
    return {kernel.key: kernel for kernel in load_kernels(folder)}


def _read_carried(path: Path) -> Document:
    document = carried_recipe(path)
    if document is None:
        raise ConvStudioError(
            f"“{printable(path)}” is a picture that carries no recipe; name one that ConvStudio saved as PNG or TIFF."
        )
    return document


def _read_kernel(path: Path) -> Document:
    file = read_one_kernel(path)
    return Document((image_filter(file.planes[0][None], name=file.name),), selected=0)


def _read_network(text: str, on_note: Callable[[str], object]) -> Document:
    from convstudio.io.networks.network import document_of, notes_of, summary  # noqa: PLC0415 - a quick start
    from convstudio.io.networks.reader import read_network  # noqa: PLC0415

    network = read_network(text)
    document = document_of(network)
    for note in (summary(network), *notes_of(network)):
        on_note(note)
    return document
