"""What is shown of a network that is no chain of layers: its convolutions, of which one can be picked."""

__all__ = ["chooser"]
