"""The keys of the pictures, for the page that lists them; the canvas takes them."""

KEYS = (
    ("Arrows", "Look at another output"),
    ("Enter, Space", "Pin the output that is looked at"),
    ("Ctrl+Up, Ctrl+Down", "Look into another channel"),
    ("+  −", "Closer, or farther away"),
    ("F", "All of the picture"),
    ("Alt+Left, Alt+Right", "Move the divider of the wipe"),
)
