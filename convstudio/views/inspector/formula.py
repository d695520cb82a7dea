"""The size of the output: the formula with the numbers of this layer, each in the colour of its field."""

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from convstudio.core.recipe.layers import Dense
from convstudio.core.recipe.plan import Step
from convstudio.core.wording import counted
from convstudio.views import theme
from convstudio.views.inspector.wording import AxisFormula, formula_name, formulas
from convstudio.views.measures import MEDIUM, Measures
from convstudio.views.refusal import RefusalLabel

ACROSS, DOWN = "↔", "↕"
GAP = 5  # pixels between the lines, where a second axis needs no room
THIN = "\u2009"  # a narrow space, where the formula would be too long


class SizeFormula(QWidget):
    """One line where both axes are alike, else one for each; what came out; and a refusal in the same place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = QLabel(self)
        self.label.setObjectName("size-formula")
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.refusal = RefusalLabel("layer-refusal", self)
        self.refusal.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self.label)
        self._layers.addWidget(self.refusal)
        self._step: Step | None = None
        self._has_title = True
        self.show_measures(MEDIUM)

    def show_measures(self, measures: Measures) -> None:
        """Take the sizes that go with the window: the title gives way first."""
        self._has_title = measures.has_second_line
        self.setFixedHeight(74 if self._has_title else 50)
        self._write()

    def show_step(self, step: Step) -> None:
        """Show what a layer makes of the size that arrives."""
        self._step = step
        self.refusal.show_sentence("")
        self._layers.setCurrentWidget(self.label)
        self._write()

    @property
    def is_refused(self) -> bool:
        """Whether a refusal stands in the place of the size."""
        return self._layers.currentWidget() is self.refusal

    def show_refusal(self, sentence: str) -> None:
        """Show why an edit cannot be, in the place of the size; where that is too small, not what to do about it."""
        is_high = (
            self.refusal.fontMetrics()
            .boundingRect(QRect(0, 0, self.width(), 0), Qt.TextFlag.TextWordWrap, sentence)
            .height()
            > self.height()
        )
        self.refusal.show_sentence(f"{sentence.partition('; ')[0].rstrip('.')}." if is_high else sentence)
        self.refusal.setToolTip(sentence)
        self._layers.setCurrentWidget(self.refusal)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._write()

    def _write(self) -> None:
        step = self._step
        if step is None:
            return
        colours = theme.tokens(self)
        axes = formulas(step)
        lines = [f'<span style="color:{colours.muted.name()}">Size of the output</span>'] if self._has_title else []
        spoken = []
        if axes and axes[0].terms == axes[1].terms:
            lines.append(self._line("", axes[0], colours))
            spoken.append(axes[0].text)
        elif axes:  # the width first, as in the size below
            lines += [self._line(ACROSS, axes[1], colours), self._line(DOWN, axes[0], colours)]
            spoken += [f"width {axes[1].text}", f"height {axes[0].text}"]
        size = self._size(step)
        lines.append(
            f'<span style="color:{colours.muted.name()}">= <span style="color:{colours.text.name()}; font-size:15px; '
            f'font-weight:600">{size}</span>{"" if self._has_title else " output"}</span>'
        )
        gap = GAP if len(spoken) < len(axes) or not axes else 0
        rows = (f'<p style="margin:{gap if place else 0}px 0 0 0">{line}</p>' for place, line in enumerate(lines))
        self.label.setText(f'<div style="font-size:12px">{"".join(rows)}</div>')
        note = next((axis.note for axis in axes if axis.note), "")
        words = "; ".join(spoken)
        self.label.setAccessibleName(
            f"Size of the output: {f'{words} ' if words else ''}= {size}{note}"
        )  # fmt: skip
        self.label.setToolTip(f"{formula_name(step.layer)}{note}" if axes else "The size stays")

    def _line(self, sign: str, axis: AxisFormula, colours: theme.Tokens) -> str:
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setWeight(QFont.Weight.DemiBold)  # as the terms are: no part of the line is wider
        metrics = QFontMetrics(font)
        gap = next(
            (
                gap
                for gap in (" ", THIN)
                if metrics.horizontalAdvance(f"{sign} {axis.text}".replace(" ", gap)) <= self.width()
            ),
            "",
        )
        parts = [f"{sign}&nbsp;"] if sign else []
        for text, role in axis.terms:
            words = text.replace(" ", gap)
            if not role:
                parts.append(words)
                continue
            colour = colours.text if role == "size" else getattr(colours, role)
            parts.append(f'<span style="color:{colour.name()}; font-weight:600">{words}</span>')
        return f'<span style="color:{colours.muted.name()}; white-space:pre">{"".join(parts)}</span>'

    @staticmethod
    def _size(step: Step) -> str:
        """Across and down, or how many numbers a dense layer gives."""
        if isinstance(step.layer, Dense):
            return counted(step.output.channels, "number")
        return f"{step.output.width} × {step.output.height}"
