"""The weight matrix at true scale: its area is the dense layer, its bands the windows, and a dot the shared weights."""

from math import exp, log

import numpy as np
from PySide6.QtCore import QEasingCurve, QEvent, QPoint, QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from convstudio.core.display.colours import SignedScale, signed_colours
from convstudio.core.recipe.layers import Dense
from convstudio.insight.parameters.sparsity_pattern import STRONGEST, PatternAnswer, PatternQuestion, SparsityPattern
from convstudio.views import theme
from convstudio.views.explain.parameters.card import mosaic_image, paint_card, paint_mosaic, weights_word
from convstudio.views.explain.parameters.lines import ConnectionLines, lines_of, output_at, paint_lines
from convstudio.views.explain.parameters.places import Counted, ScaleLayout, places_for, share_of_zoom
from convstudio.views.explain.parameters.text import block_names, caption_sentences, input_names, place_sentence
from convstudio.views.explain.tooltips import TooltipPicture
from convstudio.views.painting import painting

NOTCH = 1.35  # how much larger by one notch of the wheel
ZOOM_DURATION = 700  # milliseconds of the way to the nearest view
VISIBLE_DOT = 14.0  # pixels; a smaller one has a ring around it


class ScalePicture(TooltipPicture):
    """What is counted, at a place between dense, local and shared, and as near as the wheel has come to the dot."""

    pattern_wanted = Signal(object)  # PatternQuestion

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("count-picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._counted: Counted | None = None
        self._sentence = ""
        self._position = 1.0
        self._zoom = 0.0  # of the way to the nearest view
        self._places: ScaleLayout | None = None
        self._lines: ConnectionLines | None = None
        self._patterns: PatternAnswer | None = None
        self._bands: list[tuple[QImage, QImage]] = []  # blue, and in the weights' colours, for each layer
        self._mosaic = QImage()
        self._hovered: int | None = None
        self._flight = QVariantAnimation(self)
        self._flight.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self._flight.valueChanged.connect(lambda value: self.show_zoom(float(value)))

    # what is shown

    @property
    def zoom(self) -> float:
        """How near: 0 all of it, 1 the weights as cells."""
        return self._zoom

    def show_counted(self, counted: Counted | None, sentence: str = "") -> None:
        """Draw other layers; None draws a sentence that says why there is nothing."""
        self._counted, self._sentence = counted, sentence
        self._lines = lines_of(counted.steps[0]) if counted is not None and counted.has_lines else None
        self._mosaic = mosaic_image(counted, theme.signed_scale(self)) if counted is not None else QImage()
        if counted is None:
            self.show_zoom(0.0)
        self._lay_out()

    def show_patterns(self, answer: PatternAnswer) -> None:
        """Draw the bands that were asked for."""
        self._patterns = answer
        self._colour_bands()
        self.update()

    def show_position(self, position: float) -> None:
        """Go to a place between dense (0), local (1) and shared (2)."""
        self._position = position
        self._describe()
        self.update()

    def show_zoom(self, zoom: float) -> None:
        """Come so near to the dot."""
        self._zoom = min(max(zoom, 0.0), 1.0)
        self._describe()
        self.update()

    def fly(self, zoom: float) -> None:
        """Go there in a moment, or at once where nothing shall move."""
        self._flight.stop()
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, self) == 0:
            self.show_zoom(zoom)
            return
        self._flight.setDuration(ZOOM_DURATION)
        self._flight.setStartValue(self._zoom)
        self._flight.setEndValue(zoom)
        self._flight.start()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(720, 480)

    def minimumSizeHint(self) -> QSize:
        """The matrix and the dot beside it."""
        return QSize(420, 240)

    def sentence_at(self, at: QPoint) -> str:
        """Which outputs and inputs the pixel under the mouse stands for."""
        if self._counted is None or self._places is None or self._zoom > 0 or self._lines is not None:
            return ""
        for step, block in zip(self._counted.steps, self._places.blocks, strict=True):
            if block.contains(QPointF(at)):
                across, down = (at.x() - block.left()) / block.width(), (at.y() - block.top()) / block.height()
                return place_sentence(step, across, down)
        return ""

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Come nearer to the dot, or go away from it."""
        if self._places is not None:
            self._flight.stop()
            share = share_of_zoom(self._places.magnified_most, NOTCH)
            self.show_zoom(self._zoom + share * event.angleDelta().y() / 120)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus do what the wheel does; 0 shows all of it."""
        share = share_of_zoom(self._places.magnified_most, NOTCH) if self._places is not None else 0.0
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.show_zoom(self._zoom + share)
            case Qt.Key.Key_Minus:
                self.show_zoom(self._zoom - share)
            case Qt.Key.Key_0:
                self.fly(0.0)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.fly(0.0 if self._zoom > 0.5 else 1.0)
            case Qt.Key.Key_Escape if self._zoom > 0:
                self.fly(0.0)
            case _:
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the dot or its card goes there, the next one comes back."""
        if event.button() is Qt.MouseButton.LeftButton and self._is_way_in(event.position()):
            self.fly(0.0 if self._zoom > 0 else 1.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up what an output reads, and offer the way to the dot."""
        is_way = self._is_way_in(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_way else Qt.CursorShape.ArrowCursor)
        hovered = None
        if self._lines is not None and self._places is not None and self._zoom == 0:
            hovered = output_at(self._places.matrix, self._lines, event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            self.update()

    def _is_way_in(self, place: QPointF) -> bool:
        if self._places is None:
            return False
        dot = self._places.dot.adjusted(-16, -16, 16, 16)
        is_card = self._lines is None and self._places.card.contains(place)
        return self._zoom > 0 or dot.contains(place) or is_card

    # what is drawn

    def _lay_out(self) -> None:
        counted = self._counted
        self._places = None if counted is None else places_for(counted, self.width(), self.height())
        if counted is not None and self._places is not None and self._lines is None:
            question = self._question(counted, self._places)
            if self._patterns is None or self._patterns.question.steps != question.steps:
                self._patterns, self._bands = None, []
            if self._patterns is None or self._patterns.question.sizes != question.sizes:
                self.pattern_wanted.emit(question)
        self._describe()
        self.update()

    def _question(self, counted: Counted, places: ScaleLayout) -> PatternQuestion:
        ratio = self.devicePixelRatioF()
        sizes = tuple(
            (max(round(block.width() * ratio), 1), max(round(block.height() * ratio), 1)) for block in places.blocks
        )
        return PatternQuestion(counted.steps, sizes)

    def _colour_bands(self) -> None:
        if self._patterns is None:
            self._bands = []
            return
        blue, scale = theme.tokens(self).local, theme.signed_scale(self)
        self._bands = [
            (QImage(), QImage()) if isinstance(step.layer, Dense) else (_flat(pattern, blue), _signed(pattern, scale))
            for step, pattern in zip(self._patterns.question.steps, self._patterns.patterns, strict=True)
        ]

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._colour_bands()
            if self._counted is not None:
                self._mosaic = mosaic_image(self._counted, theme.signed_scale(self))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all of it, or what is left of it near the dot."""
        with painting(self) as painter:
            if self._counted is None or self._places is None:
                self._paint_sentence(painter)
            else:
                self._paint(painter, self._counted, self._places)

    def _paint_sentence(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(round(18 * max(self.font().pixelSize(), 13) / 13))
        painter.setFont(font)
        painter.setPen(theme.tokens(self).text)
        area = QRectF(self.rect()).adjusted(64, 24, -64, -24)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._sentence)

    def _paint(self, painter: QPainter, counted: Counted, places: ScaleLayout) -> None:
        fading = max(0.0, 1.0 - 5 * self._zoom)  # of words and of what is not at scale
        if self._lines is not None and fading > 0:
            painter.setOpacity(fading)
            paint_lines(painter, self, places.matrix, self._lines, self._position, self._hovered)
            painter.setOpacity(1.0)
        if self._lines is not None:
            self._paint_area(painter, places.card, theme.tokens(self).dense, 0.35)
        else:
            self._paint_blocks(painter, counted, places)
        self._paint_local(painter, places)
        self._paint_ghost(painter, places)
        if fading > 0:  # over what gathers, which is on its way to the square and the dot
            painter.setOpacity(fading)
            self._paint_beside(painter, counted, places)
            painter.setOpacity(1.0)
        self._paint_dot(painter, counted, places)
        self._paint_words(painter, counted, places, fading)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.tokens(self).accent, 2))
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    def _paint_blocks(self, painter: QPainter, counted: Counted, places: ScaleLayout) -> None:
        colours = theme.tokens(self)
        whole, own = max(0.0, 1.0 - self._position), min(max(0.0, 2 * (self._position - 1.0)), 1.0)
        for number, (step, block) in enumerate(zip(counted.steps, places.blocks, strict=True)):
            is_dense = isinstance(step.layer, Dense)
            self._paint_area(painter, block, colours.dense, 1.0 if is_dense else 0.24 + 0.76 * whole)
            if number < len(self._bands) and not is_dense:
                for image, opacity in zip(self._bands[number], ((1 - own) * (1 - whole), own), strict=True):
                    self._draw_image(painter, block, image, opacity)
            if number:
                painter.fillRect(
                    self._zoomed(QRectF(block.left() - 0.5, block.top(), 1, block.height())), colours.stage
                )

    def _paint_local(self, painter: QPainter, places: ScaleLayout) -> None:
        """The locally connected weights as an area: a dashed place for them where they are not chosen."""
        colours, area = theme.tokens(self), self._zoomed(places.local)
        fill = 1.0 - abs(1.0 - self._position)
        colour = QColor(colours.local)
        colour.setAlphaF(max(fill, 0.0))
        painter.fillRect(area, colour)
        if fill < 1 and min(area.width(), area.height()) > 3:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.local, 1, Qt.PenStyle.DashLine))
            painter.drawRect(area)

    def _paint_beside(self, painter: QPainter, counted: Counted, places: ScaleLayout) -> None:
        """The card with a beam from the dot."""
        if self._lines is not None or places.card.isEmpty():
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        beam = QColor(theme.tokens(self).convolution)
        beam.setAlphaF(0.24)
        middle, bottom = places.dot.center(), places.card.bottom()
        half = min(28.0, places.card.right() - middle.x() - 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(beam)
        painter.drawPolygon(
            QPolygonF([QPointF(middle.x() - half, bottom), QPointF(middle.x() + half, bottom), places.dot.center()])
        )
        paint_card(painter, self, places.card, counted, places.scale)
        painter.restore()

    def _paint_ghost(self, painter: QPainter, places: ScaleLayout) -> None:
        """What is on its way: bands that gather into the square, and the square into the dot."""
        share = self._position % 1.0
        if share == 0 or self._zoom > 0:
            return
        is_sharing = self._position > 1
        if is_sharing:  # the first half of the way has painted them
            share = max(0.0, 2 * share - 1)
            if share == 0:
                return
        eased = share * share * (3 - 2 * share)
        has_bands = bool(self._bands) and self._lines is None
        start = places.local if is_sharing and not has_bands else places.matrix
        area = _between(start, places.dot if is_sharing else places.local, eased)
        if has_bands:
            painter.setOpacity(0.75)
            offset = 0.0
            for block, images in zip(places.blocks, self._bands, strict=True):
                width = area.width() * block.width() / places.matrix.width()
                image = images[int(is_sharing)]
                if not image.isNull():
                    painter.drawImage(QRectF(area.left() + offset, area.top(), width, area.height()), image)
                offset += width
            painter.setOpacity(1.0)
        colours = theme.tokens(self)
        colour = QColor(colours.convolution if is_sharing else colours.local)
        colour.setAlphaF(0.55 * eased**3 if is_sharing and has_bands else 0.15 + 0.55 * eased)
        painter.fillRect(area, colour)

    def _paint_dot(self, painter: QPainter, counted: Counted, places: ScaleLayout) -> None:
        colours = theme.tokens(self)
        area = self._zoomed(places.dot)
        if max(area.width(), area.height()) < VISIBLE_DOT:
            middle, side = area.center(), max(area.width(), area.height(), 1.5)
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            least = QRectF(middle.x() - max(area.width(), 1.5) / 2, middle.y() - max(area.height(), 1.5) / 2,
                           max(area.width(), 1.5), max(area.height(), 1.5))  # fmt: skip
            painter.fillRect(least, colours.convolution)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colours.convolution, 2))
            painter.drawEllipse(middle, max(10.0, side), max(10.0, side))
            painter.restore()
        else:
            paint_mosaic(painter, self, area, counted, self._mosaic, self.rect())

    def _paint_words(self, painter: QPainter, counted: Counted, places: ScaleLayout, fading: float) -> None:
        colours = theme.tokens(self)
        small = QFont(self.font())
        small.setPixelSize(round(12 * max(self.font().pixelSize(), 13) / 13))
        metrics = QFontMetrics(small)
        left = places.matrix.left() if self._zoom == 0 else 24.0
        room = (places.local.left() - 16 if self._zoom == 0 else self.width() - 24.0) - left
        sentences = caption_sentences(counted, places.scale, self._position, self._magnified())
        while len(sentences) > 1 and metrics.horizontalAdvance(" ".join(sentences)) > room:
            sentences = sentences[:-1]
        painter.setFont(small)
        painter.setPen(colours.muted)
        text = metrics.elidedText(" ".join(sentences), Qt.TextElideMode.ElideRight, int(room))
        place = QRectF(left, self.height() - 28, room, 24)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.setFont(self.font())
        if fading == 0:
            return
        painter.setOpacity(fading)
        if self._lines is None:
            self._paint_names(painter, counted, places)
        self._paint_labels(painter, counted, places)
        painter.setOpacity(1.0)

    def _paint_names(self, painter: QPainter, counted: Counted, places: ScaleLayout) -> None:
        """Which filters and channels the matrix consists of."""
        metrics = QFontMetrics(self.font())
        painter.setPen(theme.tokens(self).muted)
        names = block_names(counted)
        parts = [(block.left(), block.width()) for block in places.blocks]
        if counted.is_alone:
            width = places.matrix.width() / len(names)
            parts = [(places.matrix.left() + place * width, width) for place in range(len(names))]
        for name, (left, width) in zip(names, parts, strict=True):
            if metrics.horizontalAdvance(name) + 8 <= width:
                painter.drawText(QRectF(left, 0, width, 24), Qt.AlignmentFlag.AlignCenter, name)
        if not counted.is_alone:
            return
        inputs = input_names(counted)
        height = places.matrix.height() / len(inputs)
        for place, name in enumerate(inputs):
            if metrics.horizontalAdvance(name) + 8 <= height:
                painter.save()
                painter.translate(places.matrix.left() - 12, places.matrix.top() + (place + 0.5) * height)
                painter.rotate(-90)
                painter.drawText(QRectF(-height / 2, -12, height, 18), Qt.AlignmentFlag.AlignCenter, name)
                painter.restore()

    def _paint_labels(self, painter: QPainter, counted: Counted, places: ScaleLayout) -> None:
        """What the square and the dot are."""
        colours, metrics = theme.tokens(self), QFontMetrics(self.font())
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        word = weights_word(counted)
        width = QFontMetrics(strong).horizontalAdvance(word)
        if self._lines is not None:
            painter.setPen(colours.muted)
            painter.drawText(
                QPointF(places.card.left(), places.card.top() - 8), f"dense {counted.comparison.dense.weights}"
            )
            painter.setPen(colours.local)
            painter.drawText(
                QPointF(places.local.left() + 4, places.local.top() - 4), f"local {counted.comparison.local.weights}"
            )
            painter.setPen(colours.convolution)
            painter.setFont(strong)
            painter.drawText(QPointF(places.dot.left(), places.local.bottom() + 20), word)
            return
        is_here = self._position == 1.0
        painter.setFont(strong if is_here else self.font())
        painter.setPen(colours.local if is_here else colours.muted)
        baseline = places.local.bottom() + 20
        painter.drawText(QPointF(places.local.left(), baseline), "local")
        right = self.width() - 24.0
        x = min(
            max(places.dot.center().x() - width / 2, places.local.left() + metrics.horizontalAdvance("local") + 12),
            right - width,
        )
        is_above = places.dot.bottom() < places.local.bottom() - 1
        painter.setPen(colours.convolution)
        painter.setFont(strong)
        painter.drawText(
            QPointF(places.dot.left() - 16 - width, places.dot.center().y() + 5) if is_above else QPointF(x, baseline),
            word,
        )

    def _paint_area(self, painter: QPainter, area: QRectF, colour: QColor, opacity: float) -> None:
        tone = QColor(colour)
        tone.setAlphaF(opacity)
        painter.fillRect(self._zoomed(area).intersected(QRectF(self.rect())), tone)

    def _draw_image(self, painter: QPainter, area: QRectF, image: QImage, opacity: float) -> None:
        """The part of an image that is on the screen: a whole one would be too large near the dot."""
        target = self._zoomed(area)
        visible = target.intersected(QRectF(self.rect()))
        if image.isNull() or opacity <= 0 or visible.isEmpty():
            return
        across, down = image.width() / target.width(), image.height() / target.height()
        source = QRectF(
            (visible.left() - target.left()) * across,
            (visible.top() - target.top()) * down,
            visible.width() * across,
            visible.height() * down,
        )
        painter.setOpacity(opacity)
        painter.drawImage(visible, image, source)
        painter.setOpacity(1.0)

    # the way to the dot

    def _magnified(self) -> float:
        """How much longer everything is than at rest."""
        return 1.0 if self._places is None else exp(self._zoom * log(self._places.magnified_most))

    def _zoomed(self, area: QRectF) -> QRectF:
        if self._zoom == 0 or self._places is None:
            return area
        times, start = self._magnified(), self._places.dot.center()
        way = min(1.0, 2 * self._zoom)
        way = way * way * (3 - 2 * way)
        middle = start + (QRectF(self.rect()).center() - start) * way
        return QRectF(middle + (area.topLeft() - start) * times, area.size() * times)

    def _describe(self) -> None:
        if self._counted is None or self._places is None:
            self.setAccessibleName(self._sentence or "Nothing is counted")
            return
        sentences = caption_sentences(self._counted, self._places.scale, self._position, self._magnified())
        self.setAccessibleName(" ".join(sentences))


def _between(start: QRectF, end: QRectF, share: float) -> QRectF:
    parts = zip(start.getRect(), end.getRect(), strict=True)  # type: ignore[call-overload]
    return QRectF(*(a + (b - a) * share for a, b in parts))


def _flat(pattern: SparsityPattern, colour: QColor) -> QImage:
    pixels = np.zeros((*pattern.strengths.shape, 4), np.uint8)
    pixels[pattern.is_connected] = colour.red(), colour.green(), colour.blue(), 255
    return _image(pixels)


def _signed(pattern: SparsityPattern, scale: SignedScale) -> QImage:
    """The bands in the weights' own colours."""
    table = signed_colours(np.arange(-STRONGEST, STRONGEST + 1, dtype=np.float64), float(STRONGEST), scale)
    colours = table[pattern.levels + STRONGEST]
    return _image(np.dstack([colours, np.where(pattern.is_connected, 255, 0).astype(np.uint8)]))


def _image(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    straight = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
    return straight.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)  # what is painted without conversion
