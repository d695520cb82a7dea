"""Sessions: a recipe and its source as a `.convstudio` file."""

__all__ = ["session"]
