"""The form of the kernel editor: fields, buttons and tools in their places. What they do is the panel's business."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from convstudio.core.kernels.size import MOST_CELLS
from convstudio.views import icons, theme
from convstudio.views.elided_label import ElidedLabel
from convstudio.views.fields import NumberBox
from convstudio.views.kernel.grid import KernelGrid
from convstudio.views.kernel.presets import PresetGallery
from convstudio.views.kernel.tools import TOOLS

TOOLS_IN_A_ROW = 7
FILTER_DEEDS = (
    ("add", "plus", "Add a filter"),
    ("duplicate", "copy", "Put a copy of this filter behind it"),
    ("delete", "trash-2", "Take this filter out"),
)


class KernelForm(QWidget):
    """Everything that can be touched in the kernel editor."""

    filter_asked = Signal(str)  # the name of one of FILTER_DEEDS
    tool_used = Signal(object)  # Tool

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("kernel-panel")
        self.lead = self._label("kernel-lead")
        self.filters, self.planes = self._combo("kernel-filter", "Filter"), self._combo("kernel-plane", "Channel")
        self.grid = KernelGrid(self)
        self.value = self._line("kernel-value", "Value of the chosen cell")
        self.step_size = self._line("kernel-step", "How much one step of the wheel or the arrows changes")
        self.bias = self._line("kernel-bias", "Added to every output of this filter")
        self.rows, self.columns = self._size("kernel-height", "Height"), self._size("kernel-width", "Width")
        self.facts = ElidedLabel(self)
        self.facts.setObjectName("kernel-facts")
        self.method = self._label("kernel-method")
        self.note = self._label("kernel-note")
        self.presets = PresetGallery(self)
        self.presets.hide()
        self.open_presets = self._button("kernel-presets", "Presets", "images", "Well-known kernels, on this picture")
        self.open_presets.setCheckable(True)
        self.open_presets.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._lay_out()

    def _lay_out(self) -> None:
        title = self._label("kernel-title")
        title.setText("Kernel")
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        choose = QHBoxLayout()
        choose.addWidget(self.filters, 1)
        choose.addWidget(self.planes, 1)
        for what, icon, tip in FILTER_DEEDS:
            button = self._button(f"filter-{what}", f"{what.capitalize()} filter", icon, tip)
            button.clicked.connect(lambda _=False, what=what: self.filter_asked.emit(what))
            choose.addWidget(button)
        fields = QGridLayout()
        fields.setHorizontalSpacing(8)
        fields.setVerticalSpacing(4)
        boxes = {
            "Value": self.value,
            "Step": self.step_size,
            "Bias": self.bias,
            "Height": self.rows,
            "Width": self.columns,
        }
        for place, (caption, widget) in enumerate(boxes.items()):
            label = QLabel(caption, self)
            label.setBuddy(widget)
            fields.addWidget(label, place // 3 * 2, place % 3)
            fields.addWidget(widget, place // 3 * 2 + 1, place % 3)
        fields.addWidget(self.open_presets, 3, 2)
        tools = QGridLayout()
        tools.setSpacing(2)
        for place, tool in enumerate(TOOLS):
            button = self._button(f"tool-{tool.name}", tool.text, tool.icon, tool.tip)
            button.clicked.connect(lambda _=False, chosen=tool: self.tool_used.emit(chosen))
            tools.addWidget(button, place // TOOLS_IN_A_ROW, place % TOOLS_IN_A_ROW)
        tools.setColumnStretch(TOOLS_IN_A_ROW, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.SPACE, theme.SPACE, theme.SPACE, theme.SPACE)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(title)
        layout.addWidget(self.lead)
        layout.addLayout(choose)
        layout.addWidget(self.grid)
        layout.addWidget(self.facts)
        layout.addWidget(self.method)
        layout.addWidget(self.note)
        layout.addLayout(fields)
        layout.addLayout(tools)
        layout.addWidget(self.presets)

    def _label(self, name: str) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setWordWrap(True)
        return label

    def _combo(self, name: str, caption: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(caption)
        box.setMinimumContentsLength(5)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return box

    def _line(self, name: str, tip: str) -> QLineEdit:
        line = QLineEdit(self)
        line.setObjectName(name)
        line.setToolTip(tip)
        line.setAlignment(Qt.AlignmentFlag.AlignRight)
        line.setMinimumWidth(48)
        return line

    def _size(self, name: str, caption: str) -> NumberBox:
        box = NumberBox(1, MOST_CELLS, self)
        box.setObjectName(name)
        box.setAccessibleName(f"{caption} of the kernel")
        box.setToolTip(f"{caption} of every kernel of the layer, 1 to {MOST_CELLS}")
        return box

    def _button(self, name: str, text: str, icon: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setIcon(icons.icon(icon))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button
