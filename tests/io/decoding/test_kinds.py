"""Every kind of picture file beside the oldest ones: its numbers, its white, and what refuses it."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pillow_heif
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.decoding.decoder import Decoder
from convstudio.io.decoding.images import decode_image
from convstudio.io.export.encoding import Depth, Format, encode
from convstudio.io.file_types import FileContents, contents_of
from tests.amounts import share_of
from tests.io.witness import children

Pixels = NDArray[Any]
RANDOM = np.random.default_rng(7)
RGB = RANDOM.integers(0, 256, (32, 48, 3), np.uint8)
RGBA = RANDOM.integers(1, 256, (32, 48, 4), np.uint8)
GREY = RANDOM.integers(0, 256, (32, 48), np.uint8)
GREY_16 = RANDOM.integers(0, 65536, (32, 48), np.uint16)
RGB_16 = RANDOM.integers(0, 65536, (32, 48, 3), np.uint16)
CMYK_16 = RANDOM.integers(0, 65536, (32, 48, 4), np.uint16)
HALF = RANDOM.random((32, 48)).astype(np.float16)
FLOATS = RANDOM.normal(size=(32, 48, 3)).astype(np.float32)


def by_pillow(pixels: Pixels, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


def tiff(pixels: Pixels, **options: Any) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, **options)
    return file.getvalue()


def tiff_in(scheme: str) -> bytes:
    return tiff(RGB, compression=scheme, compressionargs=LOSSLESS.get(scheme, {}), photometric="rgb")


def heic(pixels: Pixels, mode: str) -> bytes:
    file = io.BytesIO()
    height, width = pixels.shape[:2]
    picture = pillow_heif.from_bytes(mode, (width, height), pixels.tobytes())
    picture.save(file, quality=-1, chroma=444, matrix_coefficients=0)
    return file.getvalue()


def npy(array: Pixels) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def npz(**arrays: Pixels) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def netpbm(magic: str, most: int, pixels: Pixels) -> bytes:
    height, width = pixels.shape[:2]
    return (
        f"{magic}\n# by hand\n{width} {height}\n{most}\n".encode()
        + pixels.astype(">u2" if most > 255 else "u1").tobytes()
    )


LOSSLESS: dict[str, dict[str, Any]] = {
    "jpeg2000": {"level": 0},
    "webp": {"lossless": True},
    "jpegxl": {"lossless": True},
    "jpegxr": {"level": 100},
}
SCHEMES = ("jpeg2000", "zstd", "lzma", "lerc", "webp", "jpegxl", "png", "lzw", "packbits", "zlib", "jpegxr")
EXACT: dict[str, tuple[Callable[[], bytes], Pixels, float]] = {
    "gif": (lambda: by_pillow(GREY, "GIF"), GREY, 255),
    "avif": (lambda: bytes(imagecodecs.avif_encode(RGB, level=100)), RGB, 255),
    "avif with alpha": (lambda: bytes(imagecodecs.avif_encode(RGBA, level=100)), RGBA, 255),
    "avif of 10 bits": (
        lambda: bytes(imagecodecs.avif_encode(RGB_16 >> 6, level=100, bitspersample=10)),
        RGB_16 >> 6,
        1023,
    ),
    "heic": (lambda: heic(RGB, "RGB"), RGB, 255),
    "heic with alpha": (lambda: heic(RGBA, "RGBA"), RGBA, 255),
    "jpeg 2000": (lambda: bytes(imagecodecs.jpeg2k_encode(RGB, level=0, codecformat="jp2")), RGB, 255),
    "jpeg 2000 with alpha": (lambda: bytes(imagecodecs.jpeg2k_encode(RGBA, level=0, codecformat="jp2")), RGBA, 255),
    "jpeg 2000 of 16 bits": (lambda: bytes(imagecodecs.jpeg2k_encode(RGB_16, level=0)), RGB_16, 65535),
    "jpeg 2000 of 12 bits": (
        lambda: bytes(imagecodecs.jpeg2k_encode(GREY_16 >> 4, level=0, bitspersample=12)),
        GREY_16 >> 4,
        4095,
    ),
    "pgm": (lambda: netpbm("P5", 255, GREY), GREY, 255),
    "ppm": (lambda: netpbm("P6", 255, RGB), RGB, 255),
    "pgm of 10 bits": (lambda: netpbm("P5", 1023, GREY_16 >> 6), GREY_16 >> 6, 1023),
    "ppm of 16 bits": (lambda: netpbm("P6", 65535, RGB_16), RGB_16, 65535),
    "ppm as text": (lambda: b"P3 2 1 255\n" + b"255 0 0  0 7 255\n", np.array([[[255, 0, 0], [0, 7, 255]]]), 255),
    "pbm": (lambda: b"P4\n9 1\n\xaa\x80", np.array([[0, 255, 0, 255, 0, 255, 0, 255, 0]]), 255),
    "pfm": (
        lambda: b"PF\n48 32\n-1.0\n" + FLOATS[::-1].astype("<f4").tobytes(),
        FLOATS,
        float(FLOATS.max()),
    ),
    "npy": (lambda: npy(GREY_16), GREY_16, 65535),
    "npy of floats": (lambda: npy(FLOATS), FLOATS, float(FLOATS.max())),
    "npy of half floats": (lambda: npy(HALF), HALF, 1.0),
    "npy with columns first": (lambda: npy(np.asfortranarray(RGB)), RGB, 255),
    "npy with channels first": (lambda: npy(np.moveaxis(RGB, 2, 0)), RGB, 255),
    "npy of truths": (lambda: npy(GREY > 127), np.where(GREY > 127, 255, 0), 255),
    "npz": (lambda: npz(picture=RGB), RGB, 255),
    "tiff of half floats": (lambda: tiff(HALF), HALF, 1.0),
    "tiff of 16 bits in planes": (
        lambda: tiff(np.moveaxis(RGB_16, 2, 0), photometric="rgb", planarconfig="separate"),
        RGB_16,
        65535,
    ),
    "tiff of 12 bits": (lambda: tiff(GREY_16 >> 4, bitspersample=12, photometric="minisblack"), GREY_16 >> 4, 4095),
    **{f"tiff in {scheme}": (partial(tiff_in, scheme), RGB, 255.0) for scheme in SCHEMES},
}


@pytest.mark.parametrize("kind", EXACT)
def test_every_kind_that_keeps_its_numbers_gives_them_back(kind: str) -> None:
    write, expected, white = EXACT[kind]
    expected = expected.reshape(*expected.shape[:2], -1)
    colours = {1: 1, 3: 3, 4: 3}[expected.shape[2]]

    frame = decode_image(write(), kind)

    np.testing.assert_array_equal(frame.pixels, expected[:, :, :colours])
    if expected.shape[2] == 4:
        np.testing.assert_array_equal(frame.alpha, expected[:, :, 3])
    assert frame.white == white
    assert (frame.note, frame.pages.count) == ("", 1)


def test_ink_of_sixteen_bits_is_mixed() -> None:
    frame = decode_image(tiff(CMYK_16, photometric="separated"), "inks.tif")

    inks = CMYK_16.astype(np.int64)
    np.testing.assert_array_equal(frame.pixels, (65535 - inks[:, :, :3]) * (65535 - inks[:, :, 3:]) // 65535)
    assert frame.white == 65535


def test_a_tiff_in_jpeg_of_twelve_bits_keeps_its_numbers() -> None:
    pixels = np.add.outer(np.arange(32) * 100, np.arange(48) * 20).astype(np.uint16)
    data = tiff(pixels, compression="jpeg", compressionargs={"level": 100}, bitspersample=12, photometric="minisblack")

    frame = decode_image(data, "deep.tif")

    np.testing.assert_allclose(frame.pixels[:, :, 0].astype(int), pixels, atol=12)
    assert frame.white == 4095


def test_pictures_of_light_are_floats() -> None:
    light = (RANDOM.random((32, 48, 3)) * 40).astype(np.float32)

    frame = decode_image(cv2.imencode(".hdr", light[:, :, ::-1])[1].tobytes(), "light.hdr")

    np.testing.assert_allclose(frame.pixels, light, atol=40 / 128)  # one exponent for three mantissas of 8 bits
    assert frame.white == frame.pixels.max() > 30


def test_an_exr_file_is_read_or_its_library_named(tmp_path: Path) -> None:
    header = struct.pack("<II", 20000630, 2) + b"dataWindow\0box2i\0" + struct.pack("<Iiiii", 16, 0, 0, 7, 7) + b"\0"

    if find_spec("OpenEXR") is None:
        with pytest.raises(ConvStudioError, match=r"“light\.exr” is packed with OpenEXR, which is read by the library"):
            decode_image(header, "light.exr")
        return
    with pytest.raises(ConvStudioError, match=r"“light\.exr” was refused by the decoder of OpenEXR"):
        decode_image(header, "light.exr")
    library = import_module("OpenEXR")
    colours = np.random.default_rng(3).random((8, 9, 4), np.float32) * 4
    colours[..., 3] = 0.5
    path = tmp_path / "light.exr"
    with library.File({"compression": library.ZIP_COMPRESSION}, {"RGBA": colours}) as file:
        file.write(str(path))
    frame = decode_image(path.read_bytes(), "light.exr")
    np.testing.assert_allclose(frame.pixels, colours[..., :3] * 2, rtol=1e-6)
    np.testing.assert_array_equal(frame.alpha, colours[..., 3])


def test_a_gif_with_a_transparent_colour_has_opacity() -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.putdata([0, 1])
    file = io.BytesIO()
    picture.save(file, "GIF", transparency=1)

    frame = decode_image(file.getvalue(), "clear.gif")

    np.testing.assert_array_equal(frame.pixels[0, 0], [255, 0, 0])
    np.testing.assert_array_equal(frame.alpha, [[255, 0]])


@pytest.mark.parametrize("kind", [Format.PNG, Format.TIFF, Format.NPY])
@pytest.mark.parametrize("depth", [Depth.EIGHT, Depth.SIXTEEN, Depth.FLOAT])
@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_written_without_loss_is_read_back_equal(kind: Format, depth: Depth, channels: int) -> None:
    if (kind, depth) == (Format.PNG, Depth.FLOAT):
        depth = Depth.SIXTEEN
    pixels = {Depth.EIGHT: RGB, Depth.SIXTEEN: RGB_16, Depth.FLOAT: FLOATS}[depth][:, :, :channels]

    frame = decode_image(encode(pixels, kind, depth), "back")

    np.testing.assert_array_equal(frame.pixels, pixels)
    assert frame.pixels.dtype == pixels.dtype


@pytest.fixture(scope="module")
def plain() -> Iterator[Decoder]:
    """A decoder without the extra `formats`."""
    before = children()
    decoder = Decoder(module="tests.io.decoding.stand_ins.plain")
    yield decoder
    decoder.close()
    assert children() == before


@pytest.mark.parametrize(
    ("kind", "codec", "library"),
    [
        ("heic", "HEIC", "pillow-heif"),
        ("avif of 10 bits", "AVIF of more than 8 bits", "imagecodecs"),
        ("tiff in zstd", "Zstandard", "imagecodecs"),
        ("tiff in jpeg2000", "JPEG 2000", "imagecodecs"),
        ("tiff in lerc", "LERC", "imagecodecs"),
        ("tiff in jpegxl", "JPEG XL", "imagecodecs"),
        ("tiff of 12 bits", "12 bits a value", "imagecodecs"),
    ],
)
def test_what_the_extra_reads_names_its_library_where_that_is_not_installed(
    plain: Decoder, kind: str, codec: str, library: str
) -> None:
    sentence = f"“x” is packed with {codec}, which is read by the library {library}, and that is not installed"

    with pytest.raises(ConvStudioError, match=sentence):
        plain.decode(EXACT[kind][0](), "x")


@pytest.mark.parametrize(
    "kind", ["tiff in lzw", "tiff in zlib", "tiff in packbits", "tiff in lzma", "avif", "jpeg 2000"]
)
def test_everyday_kinds_need_no_extra(plain: Decoder, kind: str) -> None:
    write, expected, _ = EXACT[kind]

    np.testing.assert_array_equal(plain.decode(write(), "x").pixels, expected)


def refusal_of(data: bytes) -> str:
    """Why a file is no picture; "" where it is one."""
    try:
        decode_image(data, "fuzz")
    except ConvStudioError as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("kind", EXACT)
def test_a_file_that_is_cut_or_changed_ends_in_a_picture_or_in_one_sentence(kind: str) -> None:
    whole = EXACT[kind][0]()
    random = np.random.default_rng(len(kind))
    for _ in range(share_of(60)):
        data = bytearray(whole)
        if random.random() < 0.4:
            del data[int(random.integers(len(data))) :]
        else:
            for place in random.integers(0, min(len(data), 600), int(random.integers(1, 6))):
                data[place] = random.integers(256)
        sentence = refusal_of(bytes(data))
        assert sentence == "" or sentence.startswith("“fuzz” ")
        assert "nobody thought of" not in sentence, bytes(data)


@pytest.mark.parametrize("kind", ["gif", "avif", "jpeg 2000", "pgm", "pfm", "npy", "tiff in zstd", "heic"])
def test_what_is_cut_in_the_middle_is_never_shown_half(kind: str) -> None:
    whole = EXACT[kind][0]()

    with pytest.raises(ConvStudioError, match=r"“x” is damaged: it ends before|“x” was refused by the decoder of"):
        decode_image(whole[: len(whole) // 2], "x")


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\0\0\0,\0\0\0\0\1\0\1\0\0\x02\2\x44\1\0;",
        b"P5 60000 60000 255\n",
        npy(np.zeros((2, 2), np.uint8)).replace(b"(2, 2)", b"(60000, 60000)".ljust(6))[:128],
        b"\xff\x4f\xff\x51\0\x29\0\0"
        + struct.pack(">IIIIIIII", 60_000, 60_000, 0, 0, 60_000, 60_000, 0, 0)
        + b"\0\1\7\1\1",
        b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 60000 +X 60000\n",
    ],
    ids=["gif", "pgm", "npy", "jpeg 2000", "hdr"],
)
def test_bombs_of_every_kind_are_refused_by_their_header(data: bytes) -> None:
    with pytest.raises(ConvStudioError, match=r"“x” (unpacks to 60000×60000|is damaged: it ends before)"):
        decode_image(data, "x")


def test_a_zip_bomb_is_no_picture() -> None:
    file = io.BytesIO()
    header = npy(np.zeros((1, 1), np.uint8))[:128].replace(b"(1, 1), }    ", b"(9000, 9000),}")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.npy", header + bytes(2**20))

    with pytest.raises(ConvStudioError, match=r"“x” is damaged: it ends before its picture is complete"):
        decode_image(file.getvalue(), "x")


def test_objects_in_an_array_are_not_read() -> None:
    file = io.BytesIO()
    np.save(file, np.array([[{"a": 1}] * 20] * 20, object), allow_pickle=True)

    with pytest.raises(ConvStudioError, match=r"“x” holds object values"):
        decode_image(file.getvalue(), "x")


def test_a_file_is_opened_by_what_it_holds_and_not_by_its_name(tmp_path: Path) -> None:
    weights = RANDOM.normal(size=(8, 3, 3, 3)).astype(np.float32)
    for name, data, contents in (
        ("grey.npy", npy(GREY), FileContents.PICTURE),
        ("stack.npy", npy(np.stack([GREY] * 5)), FileContents.PICTURE),
        ("filters.npy", npy(weights), FileContents.NETWORK),
        ("kernel.npy", npy(weights[0, 0]), FileContents.NETWORK),
        ("pictures.npz", npz(a=GREY, b=RGB), FileContents.PICTURE),
        ("network.npz", npz(a=weights, b=weights[:, 0, 0, 0]), FileContents.NETWORK),
        ("dense.npz", npz(dense_weight=np.zeros((120, 400))), FileContents.NETWORK),
        ("photo.heic", EXACT["heic"][0](), FileContents.PICTURE),
        ("photo.avif", EXACT["avif"][0](), FileContents.PICTURE),
        ("moving.gif", EXACT["gif"][0](), FileContents.PICTURE),
    ):
        (tmp_path / name).write_bytes(data)
        assert contents_of(tmp_path / name) is contents, name
