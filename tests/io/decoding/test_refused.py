"""Files that are no pictures, damaged ones and bombs: one sentence each, and nothing else happens."""

import os
import struct
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from convstudio.core.errors import ConvStudioError
from convstudio.core.opencv import cv2
from convstudio.io.decoding import decoder, images
from convstudio.io.decoding.images import decode_image, read_image
from tests.io.picture_bytes import (
    GREY,
    RGBA,
    bmp_file,
    bomb_jpeg,
    jpeg_with,
    png_file,
    tiff_file,
    tiff_of_tags,
    webp_with,
)
from tests.pictures import SIGNATURE, chunk

GOOD = png_file(2, 2, 8, GREY, [b"\1\2", b"\3\4"])
CUT_OFF = "“x” is damaged: it ends before its picture is complete"


def noise() -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)


def encoded(suffix: str) -> bytes:
    data: bytes = cv2.imencode(suffix, noise())[1].tobytes()
    return data


def memory_of_decoder() -> int:
    """The most bytes that the decoding process had."""
    status = Path(f"/proc/{decoder.DECODER.process_id}/status").read_text(encoding="ascii")
    return 1024 * int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


@pytest.mark.timeout(20)
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")

    with pytest.raises(ConvStudioError, match=r"“pipe\.png” is not a file"):
        read_image(tmp_path / "pipe.png")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/dev/null"])
def test_a_device_is_refused(path: str) -> None:
    with pytest.raises(ConvStudioError, match=f"“{Path(path).name}” (is not a file|cannot be read)"):
        read_image(path)


def test_missing_files_folders_and_impossible_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConvStudioError, match=r"no file “gone\.png”"):
        read_image(tmp_path / "gone.png")
    with pytest.raises(ConvStudioError, match="is a folder"):
        read_image(tmp_path)
    with pytest.raises(ConvStudioError, match="zero byte"):
        read_image("a\0b.png")


@pytest.mark.parametrize(("data", "sentence"), [(b"", r"“x.png” is empty \(0 bytes\)"), (b"plain text\n", "PNG, JPEG")])
def test_empty_files_and_text_are_refused(tmp_path: Path, data: bytes, sentence: str) -> None:
    (tmp_path / "x.png").write_bytes(data)

    with pytest.raises(ConvStudioError, match=sentence):
        read_image(tmp_path / "x.png")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge.png").open("wb") as file:
        file.truncate(images.MOST_FILE_BYTES + 1)

    tracemalloc.start()
    with pytest.raises(ConvStudioError, match=r"“huge\.png” is larger than 1024 MiB"):
        read_image(tmp_path / "huge.png")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2**20


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".bmp", ".tiff"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_what_is_cut_off_is_refused_and_never_shown_half_grey(suffix: str, share: float) -> None:
    whole = encoded(suffix)

    assert decode_image(whole, "x").shape == (3, 64, 64)
    with pytest.raises(ConvStudioError, match="“x” is damaged: it ends before"):
        decode_image(whole[: int(len(whole) * share)], "x")


@pytest.mark.parametrize("missing", [1, 4, 12])
def test_a_png_without_its_very_end_opens_with_a_word(missing: int) -> None:
    frame = decode_image(GOOD[:-missing], "x")

    np.testing.assert_array_equal(frame.pixels[:, :, 0], [[1, 2], [3, 4]])
    assert frame.note == "Its end mark is missing, but all its pixels are there."
    assert decode_image(GOOD, "x").note == ""


def test_a_png_without_the_end_of_its_pixels_is_refused() -> None:
    with pytest.raises(ConvStudioError, match=CUT_OFF):
        decode_image(GOOD[:-13], "x")


def test_bytes_after_the_picture_do_no_harm() -> None:
    assert decode_image(GOOD + b"more", "x").shape == (1, 2, 2)
    assert decode_image(encoded(".jpg") + b"more", "x").shape == (3, 64, 64)


def test_a_png_with_a_changed_byte_is_refused() -> None:
    place = GOOD.index(b"IDAT") + 6
    changed = GOOD[:place] + bytes([GOOD[place] ^ 1]) + GOOD[place + 1 :]

    with pytest.raises(ConvStudioError, match="checksum of its part “IDAT” is wrong"):
        decode_image(changed, "x")


def test_a_png_with_too_few_pixels_is_refused() -> None:
    with pytest.raises(ConvStudioError, match="“x” was refused by the decoder of PNG"):
        decode_image(png_file(20, 20, 8, GREY, [bytes(20)] * 3), "x")


@pytest.mark.parametrize(
    "data",
    [
        SIGNATURE + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)) + chunk(b"IEND", b""),
        bomb_jpeg(),
        tiff_file(60_000, 60_000, b"\0"),
        b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<II", 10, 0) + b"\xff" * 6 + bytes(8),
    ],
    ids=["png", "jpeg", "tiff", "webp"],
)
def test_bombs_are_refused_before_they_are_decoded(data: bytes) -> None:
    decoder.close()
    decode_image(GOOD, "x")
    before = memory_of_decoder()

    with pytest.raises(ConvStudioError, match=r"“x” unpacks to .* pixels, more than the 134,217,728"):
        decode_image(data, "x")

    assert memory_of_decoder() < before + 2**24


def test_a_bitmap_cannot_promise_more_than_it_holds() -> None:
    with pytest.raises(ConvStudioError, match=CUT_OFF):
        decode_image(bmp_file(60_000, 60_000, 24, [b"\0"]), "x")


def test_deep_pixels_count_for_their_bytes() -> None:
    data = png_file(16_384, 8_192 + 1, 16, RGBA, [])
    narrow = png_file(16_384, 8_192 - 1, 16, RGBA, [b"\0"])

    with pytest.raises(ConvStudioError, match=r"16384×8193 = 134,234,112 pixels"):
        decode_image(data, "x")
    with pytest.raises(ConvStudioError, match="“x” was refused by the decoder of PNG"):
        decode_image(narrow, "x")  # exactly below both caps: it is tried
    with pytest.raises(ConvStudioError, match=r"unpacks to 2,147,483,648 bytes, more than the 1,073,741,824"):
        decode_image(tiff_file(2**13, 2**14, b"\0", bits=32, samples=4, number=3, photometric=2), "x")


def test_a_picture_without_extent_is_refused() -> None:
    with pytest.raises(ConvStudioError, match="it says that it is 0×5 pixels"):
        decode_image(png_file(0, 5, 8, GREY, [b""] * 5), "x")


EMPTY_CHUNKS = SIGNATURE + GOOD[8:33] + chunk(b"tEXt", b"") * (2**18 + 1) + GOOD[33:]
MANY_STRIPS = tiff_of_tags(
    {256: (4, (1,)), 257: (4, (2**21,)), 258: (3, (8,)), 259: (3, (1,)), 262: (3, (1,)), 277: (3, (1,)), 278: (3, (1,))}
    | {273: (4, (8,) * 2**21), 279: (4, (1,) * 2**21)},
    b"\1\2",
)
MANY_SEGMENTS = b"\xff\xd8\xff\xe0\0\2" + b"\xff\xfe\0\2" * 2**18 + bomb_jpeg()[2:]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (EMPTY_CHUNKS, "“x” is made of more than 262,144 parts"),
        (MANY_SEGMENTS, "“x” is made of more than 262,144 parts"),
        (MANY_STRIPS, "“x” is cut into 2,097,152 strips or tiles, more than the 1,048,576"),
    ],
    ids=["chunks", "segments", "strips"],
)
def test_files_of_countless_parts_are_refused_outside_of_this_process(data: bytes, sentence: str) -> None:
    decoder.close()
    decode_image(GOOD, "x")
    before = time.thread_time()

    tracemalloc.start()
    with pytest.raises(ConvStudioError, match=sentence):
        decode_image(data, "x")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 2**17
    assert time.thread_time() - before < 0.2
    assert memory_of_decoder() < 2**28


@pytest.mark.parametrize("offset", [2**31, 2**63 - 1, 2**63, 2**64 - 1])
def test_places_far_beyond_the_file_are_no_faults(offset: int) -> None:
    big_tiff = b"II+\0\x08\0\0\0" + struct.pack("<Q", offset)
    entry = struct.pack("<HHQQ", 0x112, 3, 2**63, offset)
    pointing = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 1) + entry + bytes(8)

    with pytest.raises(ConvStudioError, match=CUT_OFF):
        decode_image(big_tiff, "x")
    for exif in (big_tiff, pointing):
        for data in (
            jpeg_with(encoded(".jpg"), 0xE1, b"Exif\0\0" + exif),
            GOOD[:33] + chunk(b"eXIf", exif) + GOOD[33:],
            webp_with(encoded(".webp"), 64, 64, b"EXIF", exif),
        ):
            assert decode_image(data, "x").note == ""
