"""A lesson beside the stage: its text, its question, what it covers and what it points at."""

__all__ = ["answer_cover", "panel", "spotlight"]
