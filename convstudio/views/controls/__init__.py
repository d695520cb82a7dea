"""Controls that Qt does not have: segments, switches, sliders with a number, fields under a label, buttons with a menu.

They take a parent and say what a person chose by signals with whole values; `show_…` never emits. Their shapes and
colours stand in `style_sheet`.
"""

__all__ = ["labelled", "menu_button", "segments", "slider_field", "switch", "word_button"]
