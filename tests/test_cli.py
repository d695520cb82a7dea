"""The command line as a person types it: real processes, real files."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from convstudio.core.recipe.text import recipe_from
from convstudio.io.export.encoding import Depth, Format, encode
from convstudio.io.sessions.session import Session, save_session
from tests.io.networks.models import Case, model_of, node
from tests.pictures import read_png, write_png

INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
from convstudio.cli import main
sys.exit(main())
"""


def convstudio(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command and wait."""
    command = [sys.executable, "-m", "convstudio", *map(str, words)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_the_articles_layer_is_counted_as_json() -> None:
    done = convstudio("count", "32x32x3", "--filters", "6", "--kernel", "5", "--json")

    costs = json.loads(done.stdout)
    dense, local, conv = costs["dense"], costs["local"], costs["conv"]
    assert (dense["weights"], dense["biases"], dense["connections"]) == (14450688, 4704, 14450688)
    assert (local["weights"], local["biases"], local["connections"]) == (352800, 4704, 352800)
    assert (conv["weights"], conv["biases"], conv["connections"]) == (450, 6, 352800)
    assert all(count["multiply_adds"] == count["connections"] for count in (dense, local, conv))
    assert costs["parameters"] == 456
    assert (costs["sparsity"], costs["sharing"], costs["output"]) == (40.96, 784, [28, 28, 6])


def test_padding_is_no_input() -> None:
    done = convstudio("count", "6x6x1", "--kernel", "3", "--padding", "same", "--json")

    costs = json.loads(done.stdout)
    assert (costs["local"]["weights"], costs["conv"]["connections"], costs["conv"]["multiply_adds"]) == (256, 256, 324)
    assert (costs["sparsity"], costs["sharing"]) == (1296 / 256, pytest.approx(256 / 9))


LENET = (
    "conv filters 6 size 5 padding valid | max 2 | conv filters 16 size 5 padding valid | max 2 "
    "| dense 120 | dense 84 | dense 10"
)


def test_a_recipe_is_counted_layer_by_layer() -> None:
    done = convstudio("count", "32x32x3", "--recipe", LENET, "--json")

    costs = json.loads(done.stdout)
    assert done.stdout.isascii()  # whatever a terminal or a pipe can write
    assert costs["layers"][0]["title"] == "Conv 5×5"
    assert costs["parameters"] == 62_006
    assert [layer["parameters"] for layer in costs["layers"]] == [456, 0, 2_416, 0, 48_120, 10_164, 850]
    assert (costs["conv"]["weights"] + costs["conv"]["biases"], costs["output"]) == (62_006, [1, 1, 10])


def test_a_recipe_is_a_session_or_a_preset_too_and_in_words_a_table(tmp_path: Path) -> None:
    session = tmp_path / "mine.convstudio"
    save_session(session, Session(recipe_from(LENET)))

    saved = convstudio("count", "32x32x3", "--recipe", session)
    preset = convstudio("count", "32x32x3", "--recipe", "sobel-x", "--json")
    pools = convstudio("count", "32x32x3", "--recipe", "relu | max 2", "--json")

    together = next(line.split() for line in saved.stdout.splitlines() if line.startswith("together"))
    assert together == ["together", "61,770", "236", "62,006", "651,720", "651,720"]
    assert json.loads(preset.stdout)["parameters"] == 10  # one filter for each channel alike
    assert (json.loads(pools.stdout)["parameters"], json.loads(pools.stdout)["conv"]) == (0, None)


@pytest.mark.parametrize(
    "words",
    [
        ("count", "6x6x1", "--padding", "same"),
        ("count", "32x32x3", "--recipe", LENET, "--json"),
        ("count", "32x32x3", "--recipe", "mine.convstudio"),
        ("count", "32x32x3", "--preset", "sobel-x"),
        ("kernels",),
        ("kernels", "gaussian:sigma=2"),
    ],
)
def test_counting_and_kernels_need_no_opencv(words: tuple[str, ...], tmp_path: Path) -> None:
    save_session(tmp_path / "mine.convstudio", Session(recipe_from(LENET)))
    code = "import sys; sys.modules['cv2'] = None; from convstudio.cli import main; sys.exit(main(sys.argv[1:]))"
    variables = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}

    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        check=False, capture_output=True, text=True, timeout=60, cwd=tmp_path, env=variables,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_count_explains_how_a_layer_is_computed() -> None:
    blur = convstudio("count", "640x480x1", "--padding", "same", "--explain", "--preset", "gaussian:sigma=3,size=19")
    any_weights = convstudio("count", "640x480x3", "--filters", "64", "--kernel", "7", "--explain")

    # a Gaussian is one column times one row: 19 + 19 products in the place of 19·19
    assert "Computed as columns times rows. " in blur.stdout
    assert "19 + 19 products replace 361 at each pixel" in blur.stdout
    assert "the definition has 361." in blur.stdout
    assert "Computed by a loop made for this processor. " in any_weights.stdout
    assert re.search(r"sums of \d+ filters × \d+ pixels at a time", any_weights.stdout)
    assert "the definition has 9,408." in any_weights.stdout  # 64 · 147


def test_count_explains_every_convolution_of_a_recipe() -> None:
    done = convstudio("count", "64x64x3", "--recipe", "conv sobel-x | relu | conv size 3 | max 2", "--explain")

    explained = [line for line in done.stdout.splitlines() if line.startswith("Layer ")]
    assert [line.partition(": ")[0] for line in explained] == ["Layer 1 (Sobel 3×3)", "Layer 3 (Sobel 3×3)"]
    assert all(": Computed " in line for line in explained)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("count", "32x32"), "WxHxC"),
        (("count", "4x4x1", "--kernel", "9"), "9 pixels"),
        (("count", "9x9x3", "--filters", "6", "--groups", "4"), "4 groups"),
        (("kernels", "sobel-z"), "sobel-x"),
        (("count", "32x32x3", "--recipe", "relu", "--filters", "6"), "take --filters out"),
        (("count", "32x32x3", "--recipe", "conv size 99"), "31"),
        (("count", "0x9x1"), "empty"),
        (("count", "32x32x3", "--recipe", " "), "The recipe is empty"),
        (("count", "32x32x3", "--recipe", "gone.convstudio"), "There is no file “gone.convstudio”"),
        (("count", "32x32x3", "--recipe", "sobel-x each"), "write the layer as “conv sobel-x each”"),
        (("count", "32x32x3", "--stride", "2", "--padding", "same"), "needs stride 1, not 2×2"),
        (("count", "32x32x3", "--recipe", "relu | swirl"), "swirl"),
        (("apply", "gaussian:sigma=-1", "x.png", "-o", "out"), "sigma"),
        (("count", "--nonsense"), "required"),
        (("count", "9x9x1", "--recipe", "conv [0,25 0,5]"), "as [0.25 0.5] (1×2) or as [0 25 0 5] (1×4)"),
    ],
)
def test_bad_arguments_are_one_sentence_and_status_2(words: tuple[str, ...], sentence: str) -> None:
    done = convstudio(*words)

    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_help_and_version_import_neither_qt_nor_numpy() -> None:
    code = "import sys; from convstudio import cli\ntry: cli.main(['--version'])\nexcept SystemExit: pass\n"
    code += "print([name for name in ('PySide6', 'numpy', 'cv2') if name in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60)

    assert done.stdout.splitlines()[-1] == "[]"


def test_files_are_filtered_and_one_bad_file_stops_nothing(tmp_path: Path) -> None:
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    good, bad, out = tmp_path / "good.png", tmp_path / "bad.png", tmp_path / "out"
    write_png(good, pixels)
    bad.write_bytes(b"not a picture")

    done = convstudio("apply", "identity", bad, good, "-o", out)

    assert done.returncode == 1
    assert "bad.png" in done.stderr
    written = list(out.glob("*.png"))
    assert len(written) == 1
    np.testing.assert_array_equal(read_png(written[0].read_bytes()), pixels)


def test_what_is_to_be_known_of_a_picture_is_told_and_a_bad_place_in_a_file_is_no_fault(tmp_path: Path) -> None:
    write_png(tmp_path / "open.png", np.zeros((2, 2, 3), np.uint8))
    (tmp_path / "open.png").write_bytes((tmp_path / "open.png").read_bytes()[:-12])
    (tmp_path / "far.tif").write_bytes(b"II+\0\x08\0\0\0" + (2**63).to_bytes(8, "little") + bytes(40))

    done = convstudio("apply", "sobel-x", tmp_path / "far.tif", tmp_path / "open.png", "--output", tmp_path / "out")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"convstudio: {tmp_path / 'far.tif'}: “far.tif” is damaged: it ends before its picture is complete; "
        "copy or download it again.",
        f"convstudio: {tmp_path / 'open.png'}: Its end mark is missing, but all its pixels are there.",
    ]
    assert (tmp_path / "out" / "open.png").is_file()


def test_what_a_file_does_not_keep_is_told(tmp_path: Path) -> None:
    half, out = tmp_path / "half.png", tmp_path / "out"
    columns = np.tile(np.array([[[200], [100], [0], [0]]], np.uint8), (3, 1, 3))
    half.write_bytes(encode(np.dstack([columns, np.full((3, 4), 9, np.uint8)]), Format.PNG, Depth.EIGHT))

    raw = convstudio("apply", "difference-x", half, "-o", out, "--raw", "--format", "png")
    photo = convstudio("apply", "identity", half, "-o", out, "--format", "jpeg")
    whole = convstudio("apply", "identity", half, "-o", out, "--raw", "--format", "png")

    assert (raw.returncode, photo.returncode, whole.returncode) == (0, 0, 0)
    assert "of the values are negative and become 0; choose a float TIFF or NPY file" in raw.stderr
    assert "opacity is not kept: a JPEG file has no place for it" in photo.stderr
    assert whole.stderr == ""


def test_presets_are_listed_and_printed() -> None:
    listed, printed = convstudio("kernels"), convstudio("kernels", "sobel-x")

    assert len(listed.stdout.splitlines()) >= 30
    assert [line.split() for line in printed.stdout.splitlines()[1:]] == [
        ["-1", "0", "1"],
        ["-2", "0", "2"],
        ["-1", "0", "1"],
    ]


def test_without_a_screen_the_demonstration_runs_and_qt_never_aborts(tmp_path: Path) -> None:
    done = without_a_screen(cwd=tmp_path)

    filtered, window = tmp_path / "demonstration" / "filtered.png", tmp_path / "demonstration" / "window.png"
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "There is no screen here, so ConvStudio shows what it does in files instead.",
        str(filtered),
        str(window),
    ]
    assert done.stderr == ""
    assert read_png(filtered.read_bytes()).shape[:2] == (512, 512)  # the astronaut, filtered in its own size
    assert window.read_bytes()[16:24] == (1440).to_bytes(4, "big") + (900).to_bytes(4, "big")


def test_without_a_screen_a_file_is_not_opened_and_the_way_out_is_named(tmp_path: Path) -> None:
    done = without_a_screen("photo.jpg", cwd=tmp_path)

    assert done.returncode == 2
    assert "convstudio apply sobel-x photo.jpg -o filtered" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def without_a_screen(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where no display is named."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    variables = {name: value for name, value in os.environ.items() if name not in hidden}
    root = Path(__file__).resolve().parent.parent
    variables["PYTHONPATH"] = str(root)
    command = [sys.executable, "-m", "convstudio", *words]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, cwd=cwd, env=variables)


def test_interrupted_it_stops_with_a_sentence_and_leaves_whole_files_alone(tmp_path: Path) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    write_png(small, np.zeros((8, 8, 3), np.uint8))
    write_png(large, np.zeros((4000, 5000, 3), np.uint8))
    words = ["apply", "box:size=5", str(small), str(large), "-o", str(tmp_path / "out")]
    command = [sys.executable, "-c", INTERRUPTIBLE, *words]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=60)

    assert "small.png" in first
    assert process.returncode == 130
    assert complaint == "convstudio: stopped; files that were complete stay, and none is left half written.\n"
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["small.png"]


def test_on_a_terminal_it_tells_how_far_it_is(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    write_png(source, np.zeros((200, 300, 3), np.uint8))
    ours, theirs = os.openpty()

    words = ["apply", "box:size=5", str(source), "-o", str(tmp_path / "out")]
    subprocess.run([sys.executable, "-m", "convstudio", *words], check=True, stderr=theirs, capture_output=False)
    os.close(theirs)
    shown = os.read(ours, 10_000).decode()
    os.close(ours)

    lines = [line.rstrip() for line in shown.split("\r")]
    assert "[1/1]   0% of source.png" in lines
    assert "[1/1] 100% of source.png" in lines
    assert lines[-4:] == [
        "[1/1] 100% of source.png",
        "",
        "",
        "",
    ]  # the line is empty when the name of the file is printed


def test_interrupted_on_a_terminal_it_leaves_nothing_behind(tmp_path: Path) -> None:
    source, out = tmp_path / "source.png", tmp_path / "new" / "out"
    write_png(source, np.zeros((4000, 5000, 3), np.uint8))
    command = [sys.executable, "-c", INTERRUPTIBLE, "apply", "box:size=5", str(source), "-o", str(out)]
    ours, theirs = os.openpty()

    shown = b""
    with subprocess.Popen(command, stdout=theirs, stderr=theirs, start_new_session=True) as process:
        while b" 50%" not in shown:
            shown += os.read(ours, 1000)
        os.killpg(process.pid, signal.SIGINT)  # as Ctrl+C does: everything that belongs to the command hears it
        while b"half written." not in shown:
            shown += os.read(ours, 1000)
    os.close(ours)
    os.close(theirs)

    assert process.returncode == 130
    assert b"Traceback" not in shown
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["source.png"]


def test_a_network_is_applied_and_counted_as_any_recipe_and_says_what_it_took_for_granted(tmp_path: Path) -> None:
    case = Case([node("Conv", "x w", "c"), node("Relu", "c", "y")], {"w": np.ones((2, 3, 1, 1), np.float32) / 3}, ())
    (tmp_path / "net.onnx").write_bytes(model_of(case).SerializeToString())
    pixels = np.full((12, 14, 3), 51, np.uint8)
    write_png(tmp_path / "a.png", pixels)

    applied = convstudio(
        "apply", tmp_path / "net.onnx", tmp_path / "a.png", "-o", tmp_path / "out", "--raw", "--format", "npy"
    )
    counted = convstudio("count", "14x12x3", "--recipe", tmp_path / "net.onnx", "--json")

    assert applied.returncode == 0
    for file in (tmp_path / "out").iterdir():
        np.testing.assert_allclose(np.load(file), 0.2, rtol=1e-5)
    assert "“net.onnx” is a chain of 2 layers that reads 3 channels." in applied.stderr
    assert "0 to 1 was taken for black (0) to white (255)." in applied.stderr
    assert json.loads(counted.stdout)["parameters"] == 8


def test_a_network_reads_a_picture_of_16_bits_as_one_of_8(tmp_path: Path) -> None:
    case = Case([node("Conv", "x w", "c"), node("Sigmoid", "c", "y")], {"w": np.ones((1, 3, 1, 1), np.float32)}, ())
    (tmp_path / "net.onnx").write_bytes(model_of(case).SerializeToString())
    pixels = np.arange(12 * 14 * 3, dtype=np.uint8).reshape(12, 14, 3) // 2
    write_png(tmp_path / "a.png", pixels)
    cv2.imwrite(str(tmp_path / "b.png"), pixels[:, :, ::-1].astype(np.uint16) * 257)

    applied = convstudio(
        "apply", tmp_path / "net.onnx", tmp_path / "a.png", tmp_path / "b.png",
        "-o", tmp_path / "out", "--raw", "--format", "npy",
    )  # fmt: skip

    eight, sixteen = (np.load(tmp_path / "out" / name) for name in ("a.npy", "b.npy"))
    np.testing.assert_allclose(sixteen, eight, rtol=1e-5)
    assert "Its white of 65,535 was taken for 255, as the network reads it." in applied.stdout + applied.stderr


def test_a_network_that_is_no_chain_is_refused_in_one_sentence(tmp_path: Path) -> None:
    case = Case([node("LRN", "x", "y", size=3)], {}, ())
    (tmp_path / "net.onnx").write_bytes(model_of(case).SerializeToString())

    refused = convstudio("count", "14x12x3", "--recipe", tmp_path / "net.onnx")

    assert refused.returncode != 0
    assert refused.stderr == (
        "convstudio: “net.onnx” is no chain of layers: LRN “lrn-y” is no layer that there is here, and no convolution "
        "is in it.\n"
    )
