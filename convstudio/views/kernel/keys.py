"""The keys of the kernel, for the page that lists them; the grid takes them."""

KEYS = (
    ("Arrows", "Choose another number"),
    ("Shift+Arrows", "Choose a range"),
    ("0 … 9  −", "Type a number over the chosen ones"),
    ("Enter, F2", "Edit the number"),
    ("Delete", "Set it to 0"),
    ("Ctrl+Up, Ctrl+Down", "A step up or down; with Shift ten steps, with Alt a tenth"),
    ("+", "A step up"),
    ("Ctrl+A", "Choose the whole kernel"),
    ("Ctrl+C, Ctrl+V", "Copy it as text, or paste one"),
    ("Wheel", "Change the number under the mouse"),
)
