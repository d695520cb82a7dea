"""What comes with a picture goes out with what a filter makes of it, or the person is told."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from convstudio.core.evaluation.evaluate import evaluate
from convstudio.core.frame import Frame, Pages
from convstudio.core.metadata import NO_METADATA, Metadata
from convstudio.core.recipe.document import Document
from convstudio.core.recipe.layers import Activation, Layer, Pool
from convstudio.io.decoding.images import decode_image, read_image
from convstudio.io.export.encoding import Depth, Format
from convstudio.io.export.export import Content, ExportOptions, Values, export
from convstudio.io.export.losses import losses

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PREVIEW, SECRET = b"\xff\xd8small preview", b"the maker's note"
DETAILS, MAKER_NOTE, EXPOSURE, SIZE, MODEL, ORIENTATION = 0x8769, 0x927C, 0x829A, 0xA002, 0x0110, 0x0112
PLAIN: tuple[Layer, ...] = (Activation(),)


def photograph() -> bytes:
    """A JPEG as a camera writes it, which stands on its side."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[MODEL] = 6, "Camera"
    details = exif.get_ifd(DETAILS)
    details[MAKER_NOTE], details[EXPOSURE], details[SIZE] = SECRET, (1, 60), 48
    file = io.BytesIO()
    pixels = np.random.default_rng(2).integers(0, 256, (32, 48, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    picture.save(file, "JPEG", exif=exif.tobytes() + PREVIEW, icc_profile=PROFILE, dpi=(300, 150))
    return file.getvalue()


def saved(frame: Frame, path: Path, options: ExportOptions, layers: tuple[Layer, ...] = PLAIN) -> Frame:
    """What is read of a picture that was filtered and saved."""
    export(evaluate(Document(layers), frame), len(layers) - 1, 0, options, path)
    return read_image(path)


def test_what_a_camera_says_is_read_upright_and_without_the_pictures_that_it_hides() -> None:
    frame = decode_image(photograph(), "photograph.jpg")

    assert frame.metadata.profile == PROFILE
    assert frame.metadata.resolution == pytest.approx((300, 150))
    exif: Any = Image.Exif()
    exif.load(frame.metadata.exif)
    assert (exif[ORIENTATION], exif[MODEL], exif.get_ifd(DETAILS)[EXPOSURE]) == (1, "Camera", (1, 60))
    assert not {MAKER_NOTE, SIZE} & set(exif.get_ifd(DETAILS))
    assert SECRET not in frame.metadata.exif
    assert PREVIEW not in frame.metadata.exif


@pytest.mark.parametrize("depth", [Depth.EIGHT, Depth.SIXTEEN, Depth.FLOAT])
@pytest.mark.parametrize("kind", [Format.PNG, Format.TIFF, Format.JPEG, Format.WEBP])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_every_format_keeps_what_it_has_a_place_for(
    tmp_path: Path, kind: Format, depth: Depth, has_alpha: bool
) -> None:
    if (depth is Depth.SIXTEEN and kind in (Format.JPEG, Format.WEBP)) or (
        depth is Depth.FLOAT and kind is not Format.TIFF
    ):
        return
    frame = decode_image(photograph(), "photograph.jpg")
    if has_alpha:
        frame = replace(frame, alpha=np.full(frame.pixels.shape[:2], 99, np.uint8))
    options = ExportOptions(format=kind, depth=depth, values=Values.RAW)
    path = tmp_path / f"filtered.{kind}"

    back = saved(frame, path, options)
    bare = saved(replace(frame, metadata=NO_METADATA), tmp_path / f"bare.{kind}", options)

    assert (back.pixels == bare.pixels).all()
    assert (back.alpha is None) == (bare.alpha is None)
    assert back.metadata.profile == PROFILE
    if kind is not Format.WEBP:
        assert back.metadata.resolution == pytest.approx((300, 150), rel=1e-3)
    assert back.metadata.exif == (b"" if kind is Format.TIFF else frame.metadata.exif)
    if depth is not Depth.FLOAT:
        with Image.open(path) as picture:  # as somebody else reads it
            picture.load()
            assert picture.info["icc_profile"] == PROFILE
    told = losses(evaluate(Document(PLAIN), frame), 0, 0, options)
    assert ("EXIF data" in told) == (kind is Format.TIFF)
    assert ("resolution" in told) == (kind is Format.WEBP)


def test_a_profile_is_for_its_own_colours_and_a_resolution_for_the_size(tmp_path: Path) -> None:
    frame = decode_image(photograph(), "photograph.jpg")
    grey = replace(frame, pixels=frame.pixels[:, :, :1].copy())
    half = saved(frame, tmp_path / "half.png", ExportOptions(values=Values.RAW), (Pool(),))

    assert saved(grey, tmp_path / "grey.png", ExportOptions()).metadata.profile == b""
    assert half.shape == (3, 24, 16)
    assert half.metadata.resolution == pytest.approx((150, 75), rel=1e-3)
    sheet = saved(frame, tmp_path / "sheet.png", ExportOptions(content=Content.MONTAGE))
    assert sheet.metadata == NO_METADATA


def test_what_an_array_and_one_page_do_not_hold_is_told() -> None:
    frame = replace(decode_image(photograph(), "photograph.jpg"), pages=Pages(2, 30, "slice"))
    result = evaluate(Document(PLAIN), frame)

    told = losses(result, 0, 0, ExportOptions(format=Format.NPY, values=Values.RAW, depth=Depth.FLOAT))

    assert told == (
        "The picture's colour profile, EXIF data and resolution are not kept: NPY files have no place for that. "
        "Of its file this is slice 3 of 30 alone."
    )


def test_a_long_profile_is_cut_into_pieces_and_put_together(tmp_path: Path) -> None:
    long = PROFILE[:128] + np.random.default_rng(1).bytes(150_000)
    frame = replace(decode_image(photograph(), "photograph.jpg"), metadata=Metadata(long))

    for kind in (Format.PNG, Format.TIFF, Format.JPEG, Format.WEBP):
        assert saved(frame, tmp_path / f"long.{kind}", ExportOptions(format=kind)).metadata.profile == long
