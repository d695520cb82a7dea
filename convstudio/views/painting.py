"""Painters that always end: every painter of the window is opened here. What is painted lives with its widget.

An exception that leaves a paint event with its painter still open ends the process, so none does: the widget says in
words that it cannot be drawn, and the fault is reported as any other.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QPaintDevice, QPainter
from PySide6.QtWidgets import QWidget

from convstudio.views import theme

REPORTED = "reported-fault"  # a widget's property: painting goes on, telling once is enough
INSET = 4  # pixels


@contextmanager
def drawing(device: QPaintDevice) -> Iterator[QPainter]:
    """A painter on a picture or a page, ended however the drawing goes; exceptions are the caller's."""
    painter = QPainter(device)
    try:
        yield painter
    finally:
        painter.end()


@contextmanager
def painting(widget: QWidget) -> Iterator[QPainter]:
    """The painter of a paint event. Nothing is raised: what cannot be drawn is replaced by a sentence."""
    with drawing(widget) as painter:
        try:
            yield painter
        except Exception as fault:  # whatever it is, Qt cannot take it
            _replace(painter, widget.rect(), fault, widget)


@contextmanager
def painting_item(painter: QPainter, area: QRect, widget: QWidget | None = None) -> Iterator[None]:
    """The painting of a row or an icon with somebody else's painter, which gets its state back. Nothing is raised."""
    painter.save()
    try:
        yield
    except Exception as fault:  # whatever it is, Qt cannot take it
        _replace(painter, area, fault, widget)
    finally:
        painter.restore()


def _replace(painter: QPainter, area: QRect, fault: Exception, widget: QWidget | None) -> None:
    """Write over an area that it cannot be drawn, and report why."""
    colours = theme.tokens(widget) if widget is not None else theme.LIGHT
    painter.resetTransform()
    painter.setClipping(False)
    painter.setOpacity(1.0)
    painter.fillRect(area, colours.card)
    painter.setPen(colours.warning)
    if widget is not None:
        painter.setFont(widget.font())
    words = f"This cannot be drawn ({type(fault).__name__}: {fault})."
    place = QRectF(area).adjusted(INSET, INSET, -INSET, -INSET)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
    if widget is None or widget.property(REPORTED) != words:
        if widget is not None:
            widget.setProperty(REPORTED, words)
        sys.excepthook(type(fault), fault, fault.__traceback__)
