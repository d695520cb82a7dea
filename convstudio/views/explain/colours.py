"""The colours of lines and bars in charts: Okabe and Ito's that keep their distance on light and on dark ground.

Lines also differ in their dashes, their marks or their names.
"""

from PySide6.QtGui import QColor

VERMILION, SKY_BLUE = QColor(213, 94, 0), QColor(86, 160, 220)
