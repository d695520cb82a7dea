"""The sentences of damaged picture files, whatever their format."""

from convstudio.core.errors import ConvStudioError


def damaged(name: str, why: str) -> ConvStudioError:
    """A file that contradicts itself."""
    return ConvStudioError(f"“{name}” is damaged: {why}; copy or download it again.")


def cut_off(name: str) -> ConvStudioError:
    """A file of which the end is missing."""
    return damaged(name, "it ends before its picture is complete")


def undecodable(name: str) -> ConvStudioError:
    """A file whose decoder says no."""
    return ConvStudioError(f"“{name}” is damaged and cannot be decoded; copy or download it again.")
