"""Files of several pictures: pages, stacks, frames. Each is reached by its number, and what is one picture is one."""

import io
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Pages
from convstudio.io.decoding.images import decode_image

Pixels = NDArray[Any]
RANDOM = np.random.default_rng(11)
STACK = RANDOM.integers(0, 65536, (5, 20, 24), np.uint16)
FRAMES = [np.full((6, 8, 3), colour, np.uint8) for colour in ((255, 0, 0), (0, 255, 0), (0, 0, 255))]


def tiff(pixels: Pixels, **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def tiff_of(*pages: tuple[Pixels, dict[str, Any]]) -> bytes:
    file = io.BytesIO()
    with tifffile.TiffWriter(file) as writer:
        for pixels, options in pages:
            writer.write(pixels, metadata=None, **options)
    return file.getvalue()


def moving(kind: str, frames: list[Pixels] = FRAMES, **options: Any) -> bytes:
    file, (first, *others) = io.BytesIO(), [Image.fromarray(frame) for frame in frames]
    first.save(file, kind, save_all=True, append_images=others, duration=100, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    ("options", "unit"),
    [
        ({"metadata": None}, "page"),
        ({"compression": "zlib", "metadata": None}, "page"),
        ({"imagej": True, "metadata": {"axes": "ZYX"}}, "slice"),
        ({"imagej": True, "metadata": {"axes": "TYX"}}, "frame"),
        ({"imagej": True, "metadata": {"axes": "CYX"}}, "channel"),
        ({"ome": True, "metadata": {"axes": "ZYX"}}, "slice"),
        ({"ome": True, "metadata": {"axes": "CYX"}}, "channel"),
        ({}, "page"),  # a stack as tifffile itself writes it
    ],
)
def test_every_page_of_a_stack_is_reached_by_its_number(options: dict[str, Any], unit: str) -> None:
    data = tiff(STACK, photometric="minisblack", **options)

    for number, plane in enumerate(STACK):
        frame = decode_image(data, "stack.tif", page=number)
        np.testing.assert_array_equal(frame.pixels[:, :, 0], plane)
        assert frame.pages == Pages(number, 5, unit)
    assert str(decode_image(data, "stack.tif").pages) == f"{unit} 1 of 5"


@pytest.mark.parametrize("page", [5, 10**9, -1])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(ConvStudioError, match=f"“x” has 5 pages, so there is no page {page + 1:,}; choose another"):
        decode_image(tiff(STACK, metadata=None), "x", page=page)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("options", [{"imagej": True}, {"ome": True}], ids=["imagej", "ome"])
def test_two_or_three_channels_of_a_composite_are_one_picture(count: int, options: dict[str, Any]) -> None:
    channels = STACK[:count]
    metadata = {"axes": "CYX", "mode": "composite"} if "imagej" in options else {"axes": "CYX"}

    frame = decode_image(tiff(channels, photometric="minisblack", metadata=metadata, **options), "composite.tif")

    np.testing.assert_array_equal(frame.pixels[:, :, :count], np.moveaxis(channels, 0, 2))
    assert not frame.pixels[:, :, count:].any()
    assert frame.pages == Pages()
    assert (
        frame.note == f"Its {count} channels are shown as {'red and green' if count == 2 else 'red, green and blue'}."
    )


def test_channels_that_imagej_shows_one_at_a_time_are_pages() -> None:
    data = tiff(STACK[:3], imagej=True, metadata={"axes": "CYX", "mode": "grayscale"})

    frame = decode_image(data, "channels.tif", page=2)

    np.testing.assert_array_equal(frame.pixels[:, :, 0], STACK[2])
    assert frame.pages == Pages(2, 3, "channel")


@pytest.mark.parametrize("options", [{"imagej": True}, {"ome": True}], ids=["imagej", "ome"])
def test_a_stack_of_several_axes_goes_through_all_of_them(options: dict[str, Any]) -> None:
    planes = RANDOM.integers(0, 65536, (2, 3, 2, 20, 24), np.uint16)  # times, slices, channels
    axes = "TZCYX"

    data = tiff(planes, photometric="minisblack", metadata={"axes": axes, "mode": "composite"}, **options)

    for number, (time, depth) in enumerate(np.ndindex(2, 3)):
        frame = decode_image(data, "hyperstack.tif", page=number)
        np.testing.assert_array_equal(frame.pixels[:, :, :2], np.moveaxis(planes[time, depth], 0, 2))
        assert frame.pages == Pages(number, 6, "plane")


def test_colour_pages_and_pages_of_several_sizes_keep_their_order() -> None:
    colour = RANDOM.integers(0, 256, (20, 24, 3), np.uint8)
    data = tiff_of((STACK[0], {}), (colour, {"photometric": "rgb"}), (STACK[1], {}), (STACK[2, :10], {}))

    shapes = [decode_image(data, "mixed.tif", page=number).pixels.shape for number in range(4)]

    assert shapes == [(20, 24, 1), (20, 24, 3), (20, 24, 1), (10, 24, 1)]
    np.testing.assert_array_equal(decode_image(data, "mixed.tif", page=2).pixels[:, :, 0], STACK[1])


@pytest.mark.parametrize("is_first", [True, False])
def test_a_reduced_copy_is_not_taken_for_the_picture(is_first: bool) -> None:
    reduced: tuple[Pixels, dict[str, Any]] = (STACK[0, ::4, ::4], {"subfiletype": 1})
    whole: tuple[Pixels, dict[str, Any]] = (STACK[0], {})

    frame = decode_image(tiff_of(*((reduced, whole) if is_first else (whole, reduced))), "thumbnail.tif")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], STACK[0])
    assert frame.pages == Pages()


def test_a_picture_that_hangs_below_its_reduced_copy_is_found() -> None:
    data = tiff_of((STACK[0, ::4, ::4], {"subfiletype": 1, "subifds": 1}), (STACK[0], {}))

    frame = decode_image(data, "below.tif")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], STACK[0])
    assert frame.pages == Pages()


def test_reduced_copies_below_a_picture_are_no_pages() -> None:
    data = tiff_of((STACK[0], {"subifds": 1}), (STACK[0, ::4, ::4], {"subfiletype": 1}))

    assert decode_image(data, "pyramid.tif").pages == Pages()


def test_every_page_of_a_jpeg_tiff_is_reached() -> None:
    pages = [np.full((16, 16, 3), shade, np.uint8) for shade in (20, 120, 220)]
    data = tiff_of(*((page, {"photometric": "rgb", "compression": "jpeg"}) for page in pages))

    shades = [int(decode_image(data, "pages.tif", page=number).pixels[8, 8, 0]) for number in range(3)]

    np.testing.assert_allclose(shades, [20, 120, 220], atol=3)


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
def test_every_frame_of_an_animation_is_reached_by_its_number(kind: str) -> None:
    data = moving(kind, **({"lossless": True} if kind == "WEBP" else {"quality": 100} if kind == "AVIF" else {}))

    for number, pixels in enumerate(FRAMES):
        frame = decode_image(data, "moving", page=number)
        np.testing.assert_allclose(frame.pixels.astype(int), pixels, atol=2 if kind == "AVIF" else 0)
        assert frame.pages == Pages(number, 3, "frame")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_frames_that_hold_what_changed_are_shown_whole(kind: str) -> None:
    first = RANDOM.integers(0, 2, (20, 20, 1), np.uint8).repeat(3, axis=2) * 255
    second = first.copy()
    second[5:8, 5:9] = (255, 0, 0)

    frame = decode_image(moving(kind, [first, second], **({"lossless": True} if kind == "WEBP" else {})), "x", page=1)

    np.testing.assert_array_equal(frame.pixels, second)


def test_the_arrays_of_an_archive_and_the_planes_of_an_array_are_pages() -> None:
    file, colour = io.BytesIO(), RANDOM.random((20, 24, 3))
    np.savez(file, stack=STACK, colour=colour)
    alone = io.BytesIO()
    np.save(alone, STACK)

    frames = [decode_image(file.getvalue(), "x", page=number) for number in range(6)]

    np.testing.assert_array_equal([frame.pixels[:, :, 0] for frame in frames[:5]], STACK)
    np.testing.assert_array_equal(frames[5].pixels, colour)
    assert frames[5].pages == Pages(5, 6, "array")
    np.testing.assert_array_equal(decode_image(alone.getvalue(), "x", page=3).pixels[:, :, 0], STACK[3])


def test_a_damaged_page_does_not_keep_the_others_from_being_read() -> None:
    data = bytearray(tiff(STACK, compression="zlib", metadata=None))
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        place = file.pages[2].dataoffsets[0]
    data[place + 30 : place + 90] = bytes(60)

    np.testing.assert_array_equal(decode_image(bytes(data), "x", page=4).pixels[:, :, 0], STACK[4])
    with pytest.raises(ConvStudioError, match=r"“x” was refused by the decoder of ZIP|“x” is damaged"):
        decode_image(bytes(data), "x", page=2)
