"""Widgets that show values and emit values. They read no files and evaluate nothing.

One package for each part of the window: `window`, `search`, `flow`, `pictures`, `probe`, `presets`, `inspector`,
`kernel`, `explain`, `lessons`, `presenter`; and `controls`, which all of them use. The modules beside them are shared:
colours and fonts, the style sheet, icons, fields, painting, keys and scrolling.
"""
