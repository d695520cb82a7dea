"""A network is opened as layers; of one that is no chain a convolution is picked, by the mouse or the keyboard."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QListWidget

from convstudio.core.recipe.layers import Activation, Conv, Dense, Normalisation, Resize
from convstudio.views.networks.chooser import BankChooser
from tests.io.networks.models import model_of, numbers, save
from tests.io.networks.test_refused import RESIDUAL
from tests.io.networks.test_ten_networks import DEPTHWISE, LENET
from tests.journeys.conftest import Studio


def question(studio: Studio) -> str:
    """What the bar asks; "" while it is hidden."""
    return studio.text("question-sentence") if studio.find("question-bar").isVisible() else ""


def layers(studio: Studio) -> list[str]:
    return [type(layer).__name__ for layer in studio.application.commands.recipe.document.layers]


def chooser(studio: Studio) -> BankChooser:
    page = studio.find("bank-chooser")
    assert isinstance(page, BankChooser)
    return page


def refused_network(folder: Path) -> Path:
    path = folder / "residual.onnx"
    path.write_bytes(model_of(RESIDUAL).SerializeToString())
    return path


def test_a_dropped_network_is_a_recipe_on_the_present_picture_and_undo_takes_it_back(
    studio: Studio, tmp_path: Path
) -> None:
    before = studio.settled_on_a_picture()
    path = tmp_path / "depthwise.onnx"
    path.write_bytes(model_of(DEPTHWISE).SerializeToString())

    studio.drop(path)
    studio.until(lambda: bool(question(studio)))
    shown = studio.settled()
    opened, asked = layers(studio), question(studio)
    studio.press("Ctrl+Z")

    assert opened == [
        "Normalisation", "Conv", "Activation", "Conv", "Activation", "Conv", "Activation", "Pool", "Dense",
    ]  # fmt: skip
    assert shown.result.frame is before.result.frame
    assert shown.result.plan.output.channels == 4
    assert asked == (
        "“depthwise.onnx” is a chain of 8 layers that reads 3 channels. The picture has 1 channel, so the first "
        "weights were adapted to it. No file says with which numbers a network was taught; 0 to 1 was taken for black "
        "(0) to white (255)."
    )
    assert studio.settled().result.document == before.result.document
    assert question(studio) == ""


def test_a_network_is_chosen_by_the_file_chooser_and_its_scale_can_be_another(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.settled_on_a_picture()
    path = tmp_path / "lenet.onnx"
    path.write_bytes(model_of(LENET).SerializeToString())
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(path)], ""))

    studio.press("Ctrl+O")
    studio.until(lambda: bool(question(studio)))
    first = studio.application.commands.recipe.document.layers[:2]
    studio.settled()
    studio.click("question-no")
    shown = studio.settled()

    assert first == (Resize(size=(28, 28)), Normalisation(mean=(0.0,), deviation=(255.0,)))  # type: ignore[arg-type]
    assert [type(layer) for layer in shown.result.document.layers[:2]] == [Resize, Conv]
    assert isinstance(shown.result.document.layers[-2], Dense)
    assert shown.result.plan.output == (10, 1, 1)
    np.testing.assert_allclose(shown.result.outputs[-1].sum(), 1, rtol=1e-5)
    assert question(studio) == ""


def test_weights_alone_ask_what_lies_between_them(studio: Studio, tmp_path: Path) -> None:
    studio.settled_on_a_picture()
    save(tmp_path / "net.npz", **{"a.weight": numbers(4, 1, 3, 3), "b.weight": numbers(2, 4, 3, 3)})

    studio.drop(tmp_path / "net.npz")
    studio.until(lambda: bool(question(studio)))
    asked, assumed = question(studio), layers(studio)
    studio.click("question-no")
    studio.settled()
    without = layers(studio)
    studio.press("Ctrl+Z")

    assert "holds weights alone and does not say what lies between its layers" in asked
    assert studio.text("question-yes") == "Keep ReLU"
    assert assumed == ["Normalisation", "Conv", "Activation", "Conv"]
    assert without == ["Normalisation", "Conv", "Conv"]
    assert isinstance(studio.settled().result.document.layers[2], Activation)


def test_a_bank_of_a_refused_network_is_picked_by_the_mouse(studio: Studio, tmp_path: Path) -> None:
    before = studio.settled_on_a_picture()

    studio.drop(refused_network(tmp_path))
    studio.until(lambda: chooser(studio).isVisible())
    page, listed = chooser(studio), studio.find("bank-list", QListWidget)
    assert isinstance(listed, QListWidget)
    reason = studio.text("bank-reason")
    names = [listed.item(row).text() for row in range(listed.count())]
    place = listed.visualItemRect(listed.item(1)).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
    caption = studio.text("bank-caption")
    studio.click("bank-pick")
    shown = studio.settled()

    assert "Add “add-y”" in reason
    assert names == ["conv-c1\n4 filters, 3 channels, 3×3", "conv-c2\n4 filters, 4 channels, 3×3"]
    assert caption == "4 filters, of each the first of 4 planes"
    assert not page.isVisible()
    (layer,) = shown.result.document.layers
    assert isinstance(layer, Conv)
    assert layer.name == "conv-c2"
    np.testing.assert_array_equal(layer.weight.array, RESIDUAL.tensors["w2"].astype(np.float64))
    assert shown.result.frame is before.result.frame


def test_a_bank_is_picked_by_the_keyboard_alone_and_escape_leaves_the_recipe(studio: Studio, tmp_path: Path) -> None:
    before = studio.settled_on_a_picture()
    path = refused_network(tmp_path)

    studio.drop(path)
    studio.until(lambda: chooser(studio).isVisible())
    QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Escape)
    after_escape = chooser(studio).isVisible(), studio.settled().result.document
    studio.drop(path)
    studio.until(lambda: chooser(studio).isVisible())
    QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(studio.window.focusWidget(), Qt.Key.Key_Return)
    (layer,) = studio.settled().result.document.layers

    assert after_escape == (False, before.result.document)
    assert layer.name == "conv-c2"


@pytest.mark.parametrize("size", [(1440, 900), (1024, 700), (960, 540)], ids=["1440", "1024", "960"])
def test_nothing_of_the_page_is_cut(studio: Studio, tmp_path: Path, size: tuple[int, int]) -> None:
    studio.settled_on_a_picture()
    studio.window.resize(*size)
    studio.drop(refused_network(tmp_path))
    studio.until(lambda: chooser(studio).isVisible())

    page = chooser(studio)

    assert studio.window.rect().contains(page.geometry())
    for name in ("bank-reason", "bank-list", "bank-sheet", "bank-caption", "bank-pick", "bank-close"):
        part = studio.find(name)
        assert page.rect().contains(part.geometry()), name
        if isinstance(part, QLabel):
            assert part.height() >= part.heightForWidth(part.width()), name
    assert page.sheet.mapTo(page, QPoint(0, 0)).x() > page.list.geometry().right()


def test_a_network_named_on_the_command_line_opens_on_the_first_sample(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "depthwise.onnx"
    path.write_bytes(model_of(DEPTHWISE).SerializeToString())

    studio.application.open([str(path)])
    studio.until(lambda: bool(question(studio)))
    shown = studio.settled()

    assert shown.result.frame.name == "Astronaut"
    assert len(shown.result.document.layers) == 9
