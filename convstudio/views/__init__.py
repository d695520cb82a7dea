"""Widgets that show values and emit values. They read no files and evaluate nothing.

One package for each part of the window: `window`, `flow`, `pictures`, `inspector`, `kernel`, `explain`, `lessons`. The
modules beside them are shared: colours and fonts, icons, fields, painting, keys and scrolling.
"""
