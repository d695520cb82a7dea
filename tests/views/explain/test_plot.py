"""What the charts have in common."""

import pytest
from pyqtgraph import AxisItem
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from convstudio.views.explain.plot import Plot


def test_a_chart_that_changes_its_size_or_range_writes_no_label_anew(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = Plot("chart", None, legend_columns=2)
    qtbot.addWidget(chart)
    chart.show()
    written: list[AxisItem] = []
    monkeypatch.setattr(AxisItem, "_updateLabel", written.append)

    for width in (300, 500, 700):
        chart.resize(width, width // 2)
        chart.setXRange(0, width)
        QApplication.processEvents()

    assert written == []
