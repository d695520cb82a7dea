"""Picture files in: headers checked, pixels decoded in a process of its own that can be killed."""

__all__ = ["decoder", "headers", "images"]
