"""A PNG or TIFF that we write carries its recipe, and what a stranger wrote in its place is refused in a sentence."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.recipe.text import recipe_from
from convstudio.io.decoding.images import read_image
from convstudio.io.export.encoding import Depth, Format
from convstudio.io.export.export import ExportOptions, Values, export_recipe
from convstudio.io.export.png import png
from convstudio.io.export.tiff import tiff
from convstudio.io.recipes import read_recipe
from convstudio.io.sessions.carried import carried_recipe, png_chunk
from convstudio.io.sessions.session import Session, SourceKind, SourceReference, to_json
from tests.pictures import write_png

RECIPE = recipe_from("sobel-x | relu | max 2")
PIXELS = np.arange(96, dtype=np.uint8).reshape(8, 12, 1)


@pytest.mark.parametrize(
    ("file_format", "values", "depth"),
    [
        (Format.PNG, Values.SHOWN, Depth.EIGHT),
        (Format.PNG, Values.RAW, Depth.SIXTEEN),
        (Format.TIFF, Values.RAW, Depth.FLOAT),
        (Format.TIFF, Values.SHOWN, Depth.SIXTEEN),
    ],
    ids=str,
)
def test_a_picture_carries_the_layers_that_made_it_and_is_still_a_picture(
    tmp_path: Path, file_format: Format, values: Values, depth: Depth
) -> None:
    options = ExportOptions(format=file_format, values=values, depth=depth)
    frame = Frame(PIXELS, white=255)

    (path,) = export_recipe(RECIPE, frame, 1, 0, options, tmp_path / f"filtered.{file_format}")

    carried = carried_recipe(path)
    assert carried is not None
    assert carried.layers == RECIPE.layers[:2]
    assert carried.display == RECIPE.display
    assert read_recipe(str(path)).layers == RECIPE.layers[:2]
    assert read_image(path).pixels.shape == (8, 12, 1)


def test_formats_without_a_place_for_it_and_the_source_itself_carry_none(tmp_path: Path) -> None:
    frame = Frame(PIXELS, white=255)
    (jpeg,) = export_recipe(RECIPE, frame, 1, 0, ExportOptions(format=Format.JPEG), tmp_path / "a.jpg")
    (source,) = export_recipe(RECIPE, frame, -1, 0, ExportOptions(), tmp_path / "a.png")

    assert carried_recipe(jpeg) is None
    assert carried_recipe(source) is None


def test_any_other_picture_is_told_to_carry_none(tmp_path: Path) -> None:
    path = tmp_path / "photograph.png"
    write_png(path, np.zeros((4, 4, 3), np.uint8))

    with pytest.raises(ConvStudioError, match="carries no recipe"):
        read_recipe(str(path))


def carrying(tmp_path: Path, text: bytes, kind: str) -> Path:
    path = tmp_path / f"stranger.{kind}"
    parts = png(PIXELS, chunks=[(b"iTXt", png_chunk(text))]) if kind == "png" else tiff(PIXELS, description=text)
    path.write_bytes(b"".join(parts))
    return path


def strange(**changes: object) -> bytes:
    """A recipe's text with some entries of another kind."""
    return json.dumps(json.loads(to_json(Session(RECIPE))) | changes, separators=(",", ":")).encode()


@pytest.mark.parametrize("kind", ["png", "tif"])
@pytest.mark.parametrize(
    "text",
    [
        strange(layers=[{"kind": "nothing"}]),
        strange(version=99),
        strange(layers="x" * 1000),
        to_json(Session(RECIPE, SourceReference(SourceKind.URL, "http://example.org/a.png"))),
        to_json(Session(RECIPE, SourceReference(SourceKind.PICTURE, "a", frame=Frame(PIXELS, white=255)))),
        b'{"format":"convstudio session","layers":' + b"[" * 100_000,
        b'{"format":"convstudio session"',
    ],
    ids=["no layer", "newer", "text", "address", "picture", "brackets", "cut off"],
)
def test_a_strange_text_is_refused_in_a_sentence_and_the_picture_still_opens(
    tmp_path: Path, kind: str, text: bytes
) -> None:
    path = carrying(tmp_path, text, kind)

    with pytest.raises(ConvStudioError, match="The recipe in “stranger"):
        carried_recipe(path)
    assert read_image(path).pixels.shape == PIXELS.shape


def test_a_text_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    body = b"ConvStudio recipe\0\1\0\0\0" + zlib.compress(b" " * 50_000_000, 9)
    path.write_bytes(b"".join(png(PIXELS, chunks=[(b"iTXt", body)])))

    with pytest.raises(ConvStudioError, match="is damaged"):
        carried_recipe(path)


@pytest.mark.parametrize(
    "data",
    [
        b"II*\0" + struct.pack("<I", 2**31),
        b"MM\0*" + struct.pack(">I", 8) + b"\xff\xff",
        b"II*\0" + struct.pack("<IHHHII", 8, 1, 270, 2, 2**32 - 1, 8),
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 2**31 - 1, b"abcd"),
        b"\x89PNG\r\n\x1a\n",
    ],
    ids=["far", "entries", "long", "chunk", "empty"],
)
def test_offsets_and_lengths_that_lead_nowhere_do_no_harm(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken"
    path.write_bytes(data)

    try:
        document = carried_recipe(path)
    except ConvStudioError as refusal:
        assert "is damaged" in str(refusal)  # noqa: PT017  # either is right
    else:
        assert document is None


def test_a_tiffs_other_description_is_nobodys_business(tmp_path: Path) -> None:
    assert carried_recipe(carrying(tmp_path, b"A photograph of my cat", "tif")) is None
