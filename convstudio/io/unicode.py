"""Lone surrogates in texts from files: JSON's escapes can name half of a character, which no window can show."""

import re

_HALF = re.compile("[\ud800-\udfff]")
_BYTE = re.compile("[\udc80-\udcff]")  # that is no UTF-8, as Python keeps it in a file's name


def is_text(text: str) -> bool:
    """Whether a text has whole characters only."""
    return text.isascii() or _HALF.search(text) is None


def is_file_name(text: str) -> bool:
    """Whether a text is the name of a file, whatever bytes that is made of."""
    return text.isascii() or _HALF.search(_BYTE.sub("", text)) is None


def excerpt(text: str) -> str:
    """The beginning of a text as it can be shown in a sentence."""
    return _HALF.sub("\ufffd", text[:40])
