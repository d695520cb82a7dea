"""Recipes as a person names them: a session file, a preset, or layers in a line of text."""

import os
from pathlib import Path

from convstudio.core.errors import ConvStudioError
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.text import recipe_from
from convstudio.io.sessions.session import SUFFIX, load_session


def read_recipe(text: str) -> Document:
    """The recipe in a session file, or one written as a line: layers between |, or a preset as `gaussian:sigma=2`.

    Raises
    ------
    ConvStudioError
        If there is no such file, layer or preset, or it cannot be read.
    """
    is_file = os.path.isfile(text)  # noqa: PTH113  # a Path fails where a text is too long for a name
    if is_file or text.lower().endswith(SUFFIX):
        return load_session(Path(text)).document
    if not text.strip():
        raise ConvStudioError("The recipe is empty; name a session file or a preset, or write layers.")
    return recipe_from(text)
