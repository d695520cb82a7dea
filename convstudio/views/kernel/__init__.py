"""The kernel editor: cells, fields, tools and presets."""

__all__ = ["board", "panel"]
