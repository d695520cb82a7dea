"""The keys of the flow of layers, for the page that lists them; the flow takes them."""

KEYS = (
    ("Left, Right", "Choose another layer"),
    ("Home, End", "The picture, or the last layer"),
    ("Alt+Left, Alt+Right", "Move the layer"),
    ("Space", "Switch the layer on or off"),
    ("F2", "Give it a name"),
    ("Delete", "Take it out"),
)
