"""Sessions come back as they were, and damaged ones are refused with the place."""

import base64
import json
import math
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from convstudio.core.activations import ActivationKind
from convstudio.core.errors import ConvStudioError
from convstudio.core.frame import Frame
from convstudio.core.geometry.borders import Border
from convstudio.core.geometry.padding import Amounts, Padding
from convstudio.core.geometry.resampling import ResizeMode
from convstudio.core.geometry.shapes import Pair
from convstudio.core.recipe.document import Display, DisplayMode, Document
from convstudio.core.recipe.layers import (
    Activation,
    Channels,
    Conv,
    ConvTranspose,
    Dense,
    Layer,
    Magnitude,
    Normalisation,
    Orientation,
    Pool,
    PoolKind,
    Resize,
    ScaleShift,
    Softmax,
    Weights,
)
from convstudio.io.sessions.session import (
    Session,
    SourceKind,
    SourceReference,
    from_json,
    is_elsewhere,
    load_session,
    save_session,
    to_json,
    where_picture_lies,
)
from tests.amounts import random_cases
from tests.io.picture_bytes import bomb_jpeg

finite = st.floats(allow_nan=False, allow_infinity=False)
single = st.floats(-3e38, 3e38)  # what is computed with ends there
whole = st.integers(-5, 10**6)
pair = st.builds(Pair, whole, whole)
amounts = st.builds(Amounts, whole, whole, whole, whole)
biases = st.lists(finite, min_size=1, max_size=3).map(tuple)
common = {"name": st.text(max_size=12), "enabled": st.booleans()}


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4)))
    return Weights(
        np.array(draw(st.lists(single, min_size=math.prod(shape), max_size=math.prod(shape)))).reshape(shape)
    )


numbers = st.lists(finite, min_size=1, max_size=3).map(tuple)
layers: st.SearchStrategy[Layer] = st.one_of(
    st.builds(
        Conv,
        **common,
        weight=weights(),
        bias=biases,
        stride=pair,
        padding=st.sampled_from(Padding) | amounts,
        dilation=pair,
        groups=whole,
        border=st.sampled_from(Border),
        orientation=st.sampled_from(Orientation),
        channels=st.sampled_from(Channels),
    ),
    st.builds(
        ConvTranspose,
        **common,
        weight=weights(),
        bias=biases,
        stride=pair,
        padding=pair,
        output_padding=pair,
        dilation=pair,
        groups=whole,
    ),
    st.builds(Activation, **common, kind=st.sampled_from(ActivationKind), slope=finite, slopes=numbers | st.just(())),
    st.builds(ScaleShift, **common, scale=numbers, shift=numbers),
    st.builds(Normalisation, **common, mean=numbers, deviation=numbers),
    st.builds(Softmax, **common, labels=st.lists(st.sampled_from(["face", "not", "ä"]), max_size=3).map(tuple)),
    st.builds(Magnitude, **common),
    st.builds(
        Resize,
        **common,
        mode=st.sampled_from(ResizeMode),
        factor=st.tuples(finite, finite),
        size=st.none() | pair,
        align_corners=st.booleans(),
    ),
    st.builds(
        Pool,
        **common,
        kind=st.sampled_from(PoolKind),
        window=pair,
        stride=pair,
        padding=amounts,
        dilation=pair,
        ceil_mode=st.booleans(),
        count_include_pad=st.booleans(),
        is_global=st.booleans(),
    ),
    st.builds(Dense, **common, units=whole, seed=whole),
    st.builds(Dense, **common, weight=weights(), bias=numbers),
)
documents = st.builds(
    Document,
    st.lists(layers, max_size=4).map(tuple),
    st.builds(Display, st.sampled_from(DisplayMode), st.none() | finite, st.none() | finite),
    st.integers(-1, 3),
)
grid_sources = st.builds(
    SourceReference,
    st.just(SourceKind.GRID),
    st.text(max_size=9),
    st.integers(1, 3).flatmap(
        lambda width: st.lists(st.lists(finite, min_size=width, max_size=width).map(tuple), min_size=1).map(tuple)
    ),
)
named_sources = st.builds(
    SourceReference, st.sampled_from([SourceKind.SAMPLE, SourceKind.URL, SourceKind.NONE]), st.text()
) | st.builds(SourceReference, st.just(SourceKind.CAMERA), st.integers(0, 10**9 - 1).map(str))

CONV = Conv(name="edges", weight=Weights([[[[1, 0, -1]]]]), bias=(0.5,), stride=Pair(2, 1))
SESSION = Session(Document((Activation(), CONV, Pool()), selected=1), SourceReference(SourceKind.SAMPLE, "coffee"))


BOMB = base64.b64encode(bomb_jpeg()).decode()


def pasted(pixels: NDArray[Any], alpha: NDArray[Any] | None = None) -> Session:
    """A session whose picture came from the clipboard."""
    frame = Frame(pixels, 255, alpha=alpha, name="clipboard")
    return Session(Document(), SourceReference(SourceKind.PICTURE, "clipboard", frame=frame))


def edited(change: Callable[[dict[str, Any]], object]) -> bytes:
    raw = json.loads(to_json(SESSION))
    change(raw)
    return json.dumps(raw).encode()


@random_cases(150)
@given(documents, grid_sources | named_sources)
def test_any_session_comes_back_as_it_was(document: Document, source: SourceReference) -> None:
    session = Session(document, source)

    opened = from_json(to_json(session))

    assert opened == session
    assert opened.document.selected == document.selected
    assert [type(layer) for layer in opened.document.layers] == [type(layer) for layer in document.layers]
    assert hash(opened.document) == hash(document)


def test_a_session_that_says_same_with_a_stride_opens_with_the_pixels_that_this_meant() -> None:
    data = edited(lambda raw: raw["layers"][1].update(stride=[2, 2], padding="same"))

    (conv,) = (layer for layer in from_json(data).document.layers if isinstance(layer, Conv))

    assert (conv.stride, conv.padding) == (Pair(2, 2), Amounts(0, 0, 1, 1))  # of a kernel of 1×3


def test_pairs_and_amounts_come_back_with_their_names() -> None:
    _, conv, pool = from_json(to_json(SESSION)).document.layers

    assert isinstance(conv, Conv)
    assert isinstance(pool, Pool)
    assert (conv.stride.vertical, conv.stride.horizontal, pool.padding.bottom) == (2, 1, 0)


def test_the_file_says_the_format_the_version_and_the_kind_of_each_layer() -> None:
    raw = json.loads(to_json(SESSION))

    assert (raw["format"], raw["version"]) == ("convstudio session", 1)
    assert [layer["kind"] for layer in raw["layers"]] == ["activation", "conv", "pool"]
    assert raw["layers"][1]["weight"] == [[[[1.0, 0.0, -1.0]]]]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda raw: raw["layers"][2].update(stride="2"), r"layers\[2\]\.stride is wrong \(expected array, got str\)"),
        (lambda raw: raw["layers"][2].update(stride=[2, 2.0]), r"layers\[2\]\.stride\[1\] is wrong .*int, got float"),
        (lambda raw: raw["layers"][1].update(colour=1), r"layers\[1\] is wrong .*unknown field colour"),
        (lambda raw: raw["layers"][1].pop("bias"), r"layers\[1\] is wrong .*missing required field bias"),
        (lambda raw: raw["layers"][0].update(kind="magic"), r"layers\[0\]\.kind is wrong .*'magic'"),
        (lambda raw: raw["layers"][0].update(enabled=1), r"layers\[0\]\.enabled is wrong .*bool, got int"),
        (lambda raw: raw["layers"][0].update(function="cube"), r"layers\[0\]\.function is wrong .*'cube'"),
        (lambda raw: raw["layers"][1].update(weight=[[[[1], [1, 2]]]]), r"layers\[1\]\.weight: All kernels"),
        (lambda raw: raw["layers"][1].update(weight=[]), r"layers\[1\]\.weight: All kernels"),
        (lambda raw: raw["layers"][1].update(weight=[[[[1] * 32]]]), r"layers\[1\]\.weight: .*1 to 31 columns, not 32"),
        (lambda raw: raw["layers"][1].update(weight=[[[[None]]]]), r"layers\[1\]\.weight\[0\]\[0\]\[0\]\[0\] is wrong"),
        (lambda raw: raw["layers"][2].update(stride=[10**30, 1]), r"layers\[2\]\.stride\[0\] is wrong"),
        (lambda raw: raw["layers"][0].update(slope=math.nan), "it holds NaN where a finite number is needed"),
        (lambda raw: raw["layers"][0].update(slope=10**400), r"layers\[0\]\.slope is wrong|too large"),
        (lambda raw: raw.update(extra=1), "its outermost object is wrong .*unknown field extra"),
        (lambda raw: raw.update(version=7), "newer ConvStudio .version 7 of the format, and this one reads 3"),
        (lambda raw: raw.update(version="1"), 'version is "1", but it must be 1 to 3'),
        (lambda raw: raw.update(format="other"), "not a session of ConvStudio"),
        (lambda raw: raw["source"].update(kind="moon"), "source.kind is “moon”; write one of file, sample"),
        (lambda raw: raw["source"].update(kind="grid", grid=[[1], [1, 2]]), "source.grid needs rows of one length"),
        (lambda raw: raw["source"].update(kind="grid", grid=[]), "source.grid needs rows of one length"),
        (lambda raw: raw["source"].update(kind="picture"), "source.picture must be there where"),
        (lambda raw: raw["source"].update(picture=""), "source.picture must be there where"),
        (lambda raw: raw["source"].update(kind="picture", picture="ä"), "source.picture is no base64"),
        (
            lambda raw: raw["source"].update(kind="picture", picture="AAAA"),
            "“coffee” is not a picture that can be read",
        ),
        (lambda raw: raw["source"].update(kind="picture", picture=BOMB), "unpacks to 65500×65500"),
        (lambda raw: raw["source"].update(kind="file", text="a\0b"), "source.text must be the name of a file"),
        (lambda raw: raw["source"].update(kind="camera", text="abc"), "source.text is “abc”, but a camera is a number"),
        (lambda raw: raw["source"].update(kind="camera", text="²"), "source.text is “²”, but a camera is a number"),
        (lambda raw: raw["source"].update(kind="camera", text="9" * 5000), "source.text is “9{40}”, but a camera"),
        (lambda raw: raw["source"].update(kind="camera", text="-1"), "source.text is “-1”, but a camera is a number"),
        (
            lambda raw: raw["layers"][0].update(name="a\ud800b"),
            r"name holds half of a character, “a\ufffdb”",
        ),
        (lambda raw: raw["layers"][0].update(function="\udfff"), r"layers\[0\]\.function holds half of a character"),
        (lambda raw: raw["layers"][0].update(kind="\udcff"), r"layers\[0\]\.kind holds half of a character"),
        (lambda raw: raw["display"].update(mode="\ud800"), r"display\.mode holds half of a character"),
        (lambda raw: raw["source"].update(kind="\ud800"), r"source\.kind holds half of a character"),
        (lambda raw: raw["source"].update(kind="url", text="http://\udcff"), r"source\.text holds half of a character"),
        (lambda raw: raw["source"].update(kind="file", text="/\ud800"), r"source\.text holds half of a character"),
        (lambda raw: raw.update({"\ud800": 1}), "it has a name with half of a character"),
        (lambda raw: raw.update(format="\ud800"), "not a session of ConvStudio"),
    ],
)
def test_a_damaged_session_is_refused_with_the_place(change: Callable[[dict[str, Any]], object], sentence: str) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        from_json(edited(change))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "line 1, column 1 is no JSON"),
        (b'{"format": "convstudio session",\n "version": }', "line 2, column 13 is no JSON"),
        (b"\x89PNG\r\n\x1a\n", "it is no JSON text"),
        (b"[" * 100_000, "it is no JSON text"),
        (b'{"version": ' + b"1" * 10_000 + b"}", "it is no JSON text"),
        (b'{"a": 1, "a": 2}', "it says “a” twice"),
        (b"[1]", "it is JSON but not a session"),
    ],
)
def test_what_is_no_session_is_refused(data: bytes, sentence: str) -> None:
    with pytest.raises(ConvStudioError, match=sentence):
        from_json(data)


def test_one_name_twice_among_many_is_found_at_once() -> None:
    names = ",".join(f'"name {number}":0' for number in range(60_000))

    start = perf_counter()
    with pytest.raises(ConvStudioError, match="it says “name 7” twice"):
        from_json(f'{{{names},"name 7":1}}'.encode())

    assert perf_counter() - start < 5  # comparing all of them with each other takes a minute


def test_a_file_whose_name_is_no_text_is_found_again() -> None:
    source = SourceReference(SourceKind.FILE, "/pictures/\udcff.png")

    assert from_json(to_json(Session(Document(), source))).source == source


def test_a_number_too_large_for_a_float_is_refused_with_its_place() -> None:
    data = to_json(SESSION).replace(b'"slope":0.01', b'"slope":1e999')

    with pytest.raises(ConvStudioError, match=r"layers\[0\]\.slope is too large"):
        from_json(data)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.convstudio"
    with path.open("wb") as file:
        file.truncate(64 * 2**20 + 1)

    with pytest.raises(ConvStudioError, match="larger than 64 MiB"):
        load_session(path)


def test_opening_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.convstudio"
    path.write_bytes(edited(lambda raw: raw.update(version=4)))

    with pytest.raises(ConvStudioError, match=r"“bad\.convstudio” cannot be opened: it was saved by a newer"):
        load_session(path)


def test_numbers_that_are_not_finite_are_not_saved() -> None:
    session = Session(Document((Activation(slope=math.inf),)))

    with pytest.raises(ConvStudioError, match="not finite"):
        to_json(session)


def test_a_session_and_its_picture_can_be_moved_together(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "pictures").mkdir(parents=True)
    (old / "pictures" / "ä.png").write_bytes(b"")
    source = SourceReference(SourceKind.FILE, str(old / "pictures" / "ä.png"))
    save_session(old / "a.convstudio", Session(Document(), source))

    old.rename(new)

    assert load_session(new / "a.convstudio").source.text == str(new / "pictures" / "ä.png")


def test_a_session_moved_beside_its_picture_finds_it(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    (tmp_path / "pictures").mkdir()
    picture, path = tmp_path / "pictures" / "a.png", tmp_path / "sessions" / "a.convstudio"
    picture.write_bytes(b"")
    save_session(path, Session(Document(), SourceReference(SourceKind.FILE, str(picture))))
    stays = where_picture_lies(load_session(path).source, path)

    moved = tmp_path / "moved"
    (tmp_path / "pictures").rename(moved)
    path = path.rename(moved / "a.convstudio")

    assert stays == picture
    assert where_picture_lies(load_session(path).source, path) == moved / "a.png"


@pytest.mark.parametrize(
    ("kind", "text", "is_asked"),
    [
        (SourceKind.FILE, "a.png", False),
        (SourceKind.FILE, "below/a.png", False),
        (SourceKind.FILE, "below/../a.png", False),
        (SourceKind.FILE, "../a.png", True),
        (SourceKind.FILE, "below/../../a.png", True),
        (SourceKind.FILE, "/etc/passwd", True),
        (SourceKind.FILE, "link.png", True),
        (SourceKind.FILE, "linked/a.png", True),
        (SourceKind.URL, "http://127.0.0.1:9/a.png", True),
        (SourceKind.CAMERA, "0", True),
        (SourceKind.SAMPLE, "coffee", False),
        (SourceKind.NONE, "", False),
    ],
)
def test_what_is_not_a_sessions_own_is_known_by_name_and_by_link(
    tmp_path: Path, kind: SourceKind, text: str, *, is_asked: bool
) -> None:
    folder = tmp_path / "session"
    (folder / "below").mkdir(parents=True)
    (folder / "link.png").symlink_to(tmp_path / "a.png")
    (folder / "linked").symlink_to(tmp_path)
    path = folder / "a.convstudio"
    path.write_bytes(edited(lambda raw: raw.update(source={"kind": kind, "text": text, "grid": None})))

    assert is_elsewhere(load_session(path).source, path) is is_asked


def test_a_session_below_a_linked_folder_has_its_pictures_inside(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    path = tmp_path / "link" / "a.convstudio"
    source = SourceReference(SourceKind.FILE, str(tmp_path / "link" / "a.png"))
    save_session(path, Session(Document(), source))

    assert not is_elsewhere(load_session(path).source, path)


def test_reading_a_session_and_what_it_names_looks_at_nothing_outside_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.convstudio"
    path.write_bytes(edited(lambda raw: raw.update(source={"kind": "file", "text": "/net/away/a.png", "grid": None})))
    looked_at: list[str] = []

    def noting(real: Callable[..., Any]) -> Callable[..., Any]:
        def look(place: object, *words: Any, **named: Any) -> Any:
            looked_at.append(str(place))
            return real(place, *words, **named)

        return look

    for name in ("stat", "lstat", "readlink"):
        monkeypatch.setattr(os, name, noting(getattr(os, name)))

    is_elsewhere(load_session(path).source, path)

    assert not any("/net" in place for place in looked_at)


def test_a_path_relative_to_where_the_program_runs_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.chdir(tmp_path / "run")
    (tmp_path / "run" / "a.png").write_bytes(b"")

    save_session(tmp_path / "a.convstudio", Session(Document(), SourceReference(SourceKind.FILE, "a.png")))

    assert load_session(tmp_path / "a.convstudio").source.text == str(tmp_path / "run" / "a.png")


def test_names_whose_bytes_are_no_text_survive(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xe4.png")
    session = Session(Document(), SourceReference(SourceKind.FILE, str(tmp_path / name)))
    (tmp_path / name).write_bytes(b"")

    save_session(tmp_path / "a.convstudio", session)

    assert load_session(tmp_path / "a.convstudio") == session


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_a_pasted_picture_comes_back_to_the_bit(
    tmp_path: Path, kind: type[np.unsignedinteger[Any]], channels: int, *, has_alpha: bool
) -> None:
    random = np.random.default_rng(channels)
    pixels = random.integers(0, np.iinfo(kind).max, (7, 5, channels), kind, endpoint=True)
    alpha = random.integers(0, np.iinfo(kind).max, (7, 5), kind, endpoint=True) if has_alpha else None

    written = save_session(tmp_path / "a.convstudio", pasted(pixels, alpha))
    source = load_session(tmp_path / "a.convstudio").source

    assert (written.kind, source.kind, source.text) == (SourceKind.PICTURE, SourceKind.PICTURE, "clipboard")
    assert source.frame is not None
    assert source.frame.name == "clipboard"
    opened, opacity = source.frame.pixels, source.frame.alpha
    np.testing.assert_array_equal(opened, np.broadcast_to(pixels, opened.shape))
    assert (opacity is None) == (alpha is None)
    if opacity is not None and alpha is not None:
        np.testing.assert_array_equal(opacity, alpha)


def test_a_picture_too_large_for_a_session_is_left_out_and_the_recipe_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("convstudio.io.sessions.session.MOST_PICTURE_BYTES", 1000)
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)

    written = save_session(tmp_path / "a.convstudio", pasted(noise))

    assert written.kind is SourceKind.NONE
    assert load_session(tmp_path / "a.convstudio").source == SourceReference(SourceKind.NONE, "clipboard")


def test_numbers_finer_than_a_file_of_pictures_keeps_are_left_out(tmp_path: Path) -> None:
    written = save_session(tmp_path / "a.convstudio", pasted(np.full((2, 2, 1), 0.1, np.float32)))

    assert written.kind is SourceKind.NONE


def test_a_session_without_a_picture_is_one_that_older_programs_open() -> None:
    with_picture, without = to_json(pasted(np.zeros((1, 1, 3), np.uint8))), to_json(SESSION)

    assert (json.loads(with_picture)["version"], json.loads(without)["version"]) == (2, 1)
    assert "picture" not in json.loads(without)["source"]
    assert from_json(without) == SESSION


def test_a_page_is_kept_and_only_such_a_session_asks_for_a_newer_program(tmp_path: Path) -> None:
    source = SourceReference(SourceKind.FILE, str(tmp_path / "a.tif"), page=17)

    text = to_json(Session(Document(), source), folder=tmp_path)

    assert json.loads(text)["version"] == 3
    assert from_json(text, folder=tmp_path).source == source
    first = to_json(Session(Document(), replace(source, page=0)), folder=tmp_path)
    assert json.loads(first)["version"] == 1
    assert "page" not in json.loads(first)["source"]


def test_the_values_between_which_a_picture_is_shown_are_kept(tmp_path: Path) -> None:
    source = SourceReference(SourceKind.FILE, str(tmp_path / "a.tif"), display_range=(20.5, 90.0))

    text = to_json(Session(Document(), source), folder=tmp_path)

    assert json.loads(text)["version"] == 3
    assert from_json(text, folder=tmp_path).source.display_range == (20.5, 90.0)


@pytest.mark.parametrize("ends", ["[90, 20]", "[5, 5]", "[1]", '["a", 2]', "[0, 1e999]"])
def test_values_that_are_no_range_are_refused(tmp_path: Path, ends: str) -> None:
    source = SourceReference(SourceKind.FILE, str(tmp_path / "a.tif"), display_range=(20.5, 90.0))
    text = to_json(Session(Document(), source), folder=tmp_path).replace(b"[20.5,90.0]", ends.encode())

    with pytest.raises(ConvStudioError, match=r"display_range|out of range"):
        from_json(text, folder=tmp_path)
