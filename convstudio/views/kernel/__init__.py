"""The kernel editor: cells, fields, tools and presets."""

__all__ = ["cells", "panel"]
