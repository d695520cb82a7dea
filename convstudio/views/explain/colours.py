"""The colours of lines and bars in charts: Okabe and Ito's that keep their distance on light and on dark ground.

Lines also differ in their dashes, their marks or their names.
"""

from PySide6.QtGui import QColor

VERMILION, SKY_BLUE, GREEN = QColor(213, 94, 0), QColor(86, 160, 220), QColor(0, 158, 115)
DENSE, LOCAL, CONV = VERMILION, SKY_BLUE, GREEN
