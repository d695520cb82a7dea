"""The sentences of picture files that cannot be read, whatever their format."""

from convstudio.core.errors import ConvStudioError

LONGEST_REASON = 120  # characters of what a decoder says


def damaged(name: str, why: str) -> ConvStudioError:
    """A file that contradicts itself."""
    return ConvStudioError(f"“{name}” is damaged: {why}; copy or download it again.")


def cut_off(name: str) -> ConvStudioError:
    """A file of which the end is missing."""
    return damaged(name, "it ends before its picture is complete")


def undecodable(name: str, codec: str, reason: object = "") -> ConvStudioError:
    """A file whose decoder says no, which need not be the file's fault."""
    words = " ".join(str(reason).split())[:LONGEST_REASON].rstrip(". ")
    said = f" ({words})" if words else ""
    return ConvStudioError(
        f"“{name}” was refused by the decoder of {codec}{said}: it is damaged, or of a kind that is not read here; "
        "copy it again, or save it as PNG."
    )


def not_read(name: str, codec: str) -> ConvStudioError:
    """A file in a packing that nothing here unpacks."""
    return ConvStudioError(
        f"“{name}” is packed with {codec}, which is not read here; save it unpacked, or packed with LZW or ZIP."
    )


def library_missing(name: str, codec: str, library: str) -> ConvStudioError:
    """A file whose decoder is in a library that is not installed."""
    return ConvStudioError(
        f"“{name}” is packed with {codec}, which is read by the library {library}, and that is not installed; install "
        'it with “pip install "convstudio[formats]"”, or save the picture as PNG or TIFF.'
    )
