"""The kernel examined: what it does in a sentence, its facts, its frequency response and its impulse response."""

__all__ = ["panel", "text"]
